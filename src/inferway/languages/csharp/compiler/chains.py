"""Chains: names, members, calls, indexers, and `?.` which skips the rest of its chain when it meets null."""

from __future__ import annotations

from typing import Any, Final

from tree_sitter import Node

from inferway.languages.csharp.compiler.calls import call_or_delegate, index, invoke
from inferway.languages.csharp.compiler.compiler import Compiler
from inferway.languages.csharp.compiler.links import Step, flatten
from inferway.languages.csharp.compiler.members import member
from inferway.languages.csharp.compiler.scope import Expr, FrameData, TypeName, reader
from inferway.languages.csharp.compiler.source import named, text
from inferway.languages.csharp.errors import Missing
from inferway.languages.csharp.types import STRING, VOID, is_value_type, nullable, underlying

_CHAIN: Final = frozenset(
    {
        *("member_access_expression", "invocation_expression", "element_access_expression"),
        *("conditional_access_expression", "postfix_unary_expression", "member_binding_expression"),
        "element_binding_expression",
    }
)


_OPERATORS: Final = frozenset(
    {"binary_expression", "prefix_unary_expression", "conditional_expression", "cast_expression", "as_expression"}
)
"""What no link follows without brackets: where one does, the grammar took the source otherwise than C#."""


def chain(c: Compiler, node: Node) -> Expr:
    """Compiles a chain. Raises CompileError."""
    base, steps = flatten(c, node)
    if base is None:
        raise c.error(node, "Syntax error near '?.'")
    if base.type == "identifier" and text(base) == "nameof" and steps and steps[0].kind == "call":
        return _nameof(steps[0])
    return _chain(c, node, base, steps)


def _chain(c: Compiler, node: Node, base: Node, steps: list[Step]) -> Expr:
    """A chain from its first node."""
    if steps and base.type in _OPERATORS:
        raise c.unsupported(base, "Not supported without brackets: the operand of '?.' or '?[' here")
    value, at = _start(c, base, steps)
    return _finish(c, node, _links(c, value, steps[at:]))


def _nameof(step: Step) -> Expr:
    names = text(named(step.node)[0]).rpartition(".")[2]
    return Expr(STRING, lambda _: names, names)


def identifier(c: Compiler, node: Node) -> Expr:
    """A name by itself: a variable."""
    return _finish(c, node, _start(c, node, [])[0])


def _finish(c: Compiler, node: Node, value: Expr | TypeName) -> Expr:
    if isinstance(value, TypeName):
        raise c.error(node, f"'{value.type}' is a type, which is not valid here")
    return value


def _start(c: Compiler, base: Node, steps: list[Step]) -> tuple[Expr | TypeName, int]:
    """What a chain begins with, and how many of its links (of a namespace) belong to that."""
    if base.type in ("predefined_type", "generic_name", "nullable_type", "array_type", "alias_qualified_name"):
        return TypeName(c.type_of_node(base)), 0
    if base.type != "identifier":
        return c.expression(base), 0
    name = text(base)
    variable = c.scope.find(name)
    if variable is not None:
        return Expr(variable.type, reader(variable, c.level)), 0
    type_ = c.find_type(base)
    if type_ is not None:
        return TypeName(type_), 0
    if name in ("System", "Newtonsoft", "Microsoft"):
        for at, step in enumerate(steps):
            found = c.find_type(step.node) if step.kind == "member" else None
            if found is not None:
                return TypeName(found), at + 1
    path = ".".join([name, *(step.name for step in steps if step.kind == "member")])
    raise c.error(base, f"The name '{name}' does not exist in the current context", Missing(type=path))


def _links(c: Compiler, value: Expr | TypeName, steps: list[Step]) -> Expr | TypeName:
    at = 0
    while at < len(steps):
        step = steps[at]
        if step.kind == "?":
            return _conditional(c, value, steps[at + 1 :], step.node)
        if step.kind == "member" and at + 1 < len(steps) and steps[at + 1].kind == "call":
            called = call_or_delegate(c, value, step, steps[at + 1])
            value, at = called, at + 2
        elif step.kind == "member":
            value, at = member(c, value, step), at + 1
        elif isinstance(value, TypeName):
            raise c.error(step.node, f"'{value.type}' is a type, which is not valid here")
        else:
            value, at = index(c, value, step) if step.kind == "index" else invoke(c, value, step), at + 1
    return value


def _conditional(c: Compiler, value: Expr | TypeName, steps: list[Step], node: Node) -> Expr:
    if isinstance(value, TypeName):
        raise c.error(node, f"'{value.type}' is a type, which is not valid here")
    if is_value_type(value.type) and value.type.name != "?":
        raise c.error(node, f"Operator '?' cannot be applied to an operand of type '{value.type}'")
    slot, receiver = c.scope.frame.slot(), value.run
    inner = _finish(c, node, _links(c, Expr(underlying(value.type), lambda f: f[slot]), steps))
    rest = inner.run

    def run(f: FrameData) -> Any:
        found = receiver(f)
        if found is None:
            return None
        f[slot] = found
        return rest(f)

    return Expr(VOID if inner.type == VOID else nullable(inner.type), run)


RULES: Final = {**dict.fromkeys(_CHAIN, chain), "identifier": identifier}
