"""Statements. A compiled statement returns None, BREAK, CONTINUE, or a tuple that holds the value returned."""

from __future__ import annotations

from typing import Final

from tree_sitter import Node

from inferway.languages.csharp.compiler.blocks import BREAK, CONTINUE, block, embedded
from inferway.languages.csharp.compiler.compiler import Compiler
from inferway.languages.csharp.compiler.declarations import declaration, using_statement
from inferway.languages.csharp.compiler.loops import do_statement, for_statement, foreach, while_statement
from inferway.languages.csharp.compiler.scope import FrameData, Run
from inferway.languages.csharp.compiler.source import named, need
from inferway.languages.csharp.compiler.switches import switch_statement
from inferway.languages.csharp.compiler.trying import throw_statement, try_statement
from inferway.languages.csharp.types import BOOL, VOID

_EFFECTS: Final = frozenset(
    {
        *("assignment_expression", "postfix_unary_expression", "prefix_unary_expression", "invocation_expression"),
        *("object_creation_expression", "conditional_access_expression", "await_expression"),
    }
)


def expression_statement(c: Compiler, node: Node) -> Run:
    """`a.B();`."""
    inner = named(node)[0]
    if inner.type not in _EFFECTS:
        raise c.error(node, "Only assignment, call, increment, decrement and new can be used as a statement")
    run = c.expression(inner).run

    def statement(f: FrameData) -> None:
        run(f)

    return statement


def if_statement(c: Compiler, node: Node) -> Run:
    """`if (a) … else …`."""
    test = c.convert(c.expression(need(node, "condition")), BOOL, need(node, "condition")).run
    yes = embedded(c, need(node, "consequence"))
    other = node.child_by_field_name("alternative")
    if other is None:
        return lambda f: yes(f) if test(f) else None
    no = embedded(c, other)
    return lambda f: yes(f) if test(f) else no(f)


def empty(_c: Compiler, _node: Node) -> Run:
    """`;`."""
    return lambda _: None


def return_statement(c: Compiler, node: Node) -> Run:
    """`return a;`."""
    inner = named(node)
    if not inner:
        return lambda _: (None,)
    value = c.expression(inner[0])
    if value.type == VOID:
        raise c.error(node, "A call without a value cannot be returned")
    c.returns.append(value)
    return lambda f: (value.run(f),)


def break_statement(_c: Compiler, _node: Node) -> Run:
    """`break;`."""
    return lambda _: BREAK


def continue_statement(_c: Compiler, _node: Node) -> Run:
    """`continue;`."""
    return lambda _: CONTINUE


RULES: Final = {
    "block": block,
    "expression_statement": expression_statement,
    "local_declaration_statement": declaration,
    "if_statement": if_statement,
    "empty_statement": empty,
    "return_statement": return_statement,
    "throw_statement": throw_statement,
    "break_statement": break_statement,
    "continue_statement": continue_statement,
    "foreach_statement": foreach,
    "while_statement": while_statement,
    "do_statement": do_statement,
    "for_statement": for_statement,
    "try_statement": try_statement,
    "switch_statement": switch_statement,
    "using_statement": using_statement,
}
