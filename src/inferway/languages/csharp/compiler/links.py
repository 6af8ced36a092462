"""A chain's first node and its links."""

from __future__ import annotations

from dataclasses import dataclass

from tree_sitter import Node

from inferway.languages.csharp.compiler.compiler import Compiler
from inferway.languages.csharp.compiler.source import named, need, text
from inferway.languages.csharp.types import Type, parse_type


@dataclass(slots=True)
class Step:
    """One link: "member", "call", "index" or "?"."""

    kind: str
    node: Node
    name: str = ""
    types: tuple[Type, ...] = ()


def flatten(c: Compiler, node: Node) -> tuple[Node | None, list[Step]]:
    """A chain's first node, and the links behind it."""
    kind = node.type
    if kind == "member_access_expression":
        base, steps = flatten(c, need(node, "expression"))
        return base, [*steps, _member(c, need(node, "name"))]
    if kind == "invocation_expression":
        base, steps = flatten(c, need(node, "function"))
        return base, [*steps, Step("call", need(node, "arguments"))]
    if kind == "element_access_expression":
        base, steps = flatten(c, need(node, "expression"))
        return base, [*steps, Step("index", need(node, "subscript"))]
    if kind == "conditional_access_expression":
        base, steps = flatten(c, need(node, "condition"))
        inner, more = flatten(c, named(node)[-1])
        if inner is not None:
            raise c.error(node, "Syntax error near '?.'")
        return base, [*steps, Step("?", node), *more]
    if kind == "member_binding_expression":
        return None, [_member(c, need(node, "name"))]
    if kind == "element_binding_expression":
        return None, [Step("index", node)]
    if kind == "postfix_unary_expression" and text(node.children[-1]) == "!":
        return flatten(c, node.children[0])
    return node, []


def _member(c: Compiler, node: Node) -> Step:
    if node.type != "generic_name":
        return _named_member(c, node)
    lists = [each for each in named(node) if each.type == "type_argument_list"]
    types = tuple(c.type_of_node(each) for each in named(lists[0])) if lists else ()
    return Step("member", node, text(named(node)[0]), types)


def _named_member(c: Compiler, node: Node) -> Step:
    """A member by its name, or by the name that stands for a generic call's name and types (see grouping.py)."""
    name, listed = c.generics.get(text(node), (text(node), ""))
    if not listed:
        return Step("member", node, name)
    try:
        types = parse_type(f"Types<{listed}>").arguments
    except ValueError:
        raise c.unsupported(node, f"Not supported: the types '{listed}'") from None
    for each in types:
        if not c.universe.knows(each):
            raise c.unknown_type(node, str(each))
    return Step("member", node, name, types)
