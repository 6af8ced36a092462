"""What functions are given, resolved, and what they give, measured and counted."""

from collections.abc import Callable
from typing import Protocol

from inferway.formats.cloudformation.scope import MOST_TEXT, PLACEHOLDER, UNRESOLVED, Scope
from inferway.formats.cloudformation.template import text_of
from inferway.formats.cloudformation.unresolved import Unresolved
from inferway.formats.nodes import Leaf, Node, Sequence, Table, node_of


class Resolver(Protocol):
    """Resolves what a function is given."""

    scope: Scope

    def resolve(self, node: Node) -> Node | None:
        """Give a value with all functions in it replaced; None for AWS::NoValue."""
        ...


Function = Callable[[Resolver, Node], Node | None]
"""Makes a value of an argument that is not yet resolved; None for AWS::NoValue. Raises Unresolved."""


def given(resolver: Resolver, value: object, at: Node) -> Node:
    """Give plain data as what a function gave at a place."""
    if isinstance(value, str):
        _check_length(len(value), at)
        resolver.scope.spend(len(value), at)
        return Leaf(value=value, line=at.line, column=at.column, file=at.file)
    node = node_of(value, at.line, at.column, at.file)
    if not isinstance(node, Leaf):
        resolver.scope.budget.make(at, node.values)
    return node


def joined(resolver: Resolver, texts: list[str], delimiter: str, at: Node) -> str:
    """Join texts, unless they would be too long; raises Unresolved."""
    length = sum(map(len, texts)) + len(delimiter) * max(len(texts) - 1, 0)
    _check_length(length, at)
    resolver.scope.spend(length, at)
    return delimiter.join(texts)


def text_in(resolver: Resolver, node: Node, where: str) -> str:
    """Resolve an argument that has to be a text; raises Unresolved."""
    value = resolver.resolve(node)
    text = text_of(value)
    if text is None:
        raise Unresolved("bad-intrinsic", f"{where} needs a text here", node)
    if text == UNRESOLVED:
        raise Unresolved("", "", node)  # what made it so is reported already
    return text


def items_in(resolver: Resolver, node: Node, where: str) -> tuple[Node, ...]:
    """Resolve an argument that has to be a list; a placeholder stands for one of one item. Raises Unresolved."""
    value = resolver.resolve(node)
    if isinstance(value, Sequence):
        return value.items
    if isinstance(value, Leaf) and value.value == UNRESOLVED:
        raise Unresolved("", "", node)
    if isinstance(value, Leaf) and is_placeholder(value):
        return (value,)
    raise Unresolved("bad-intrinsic", f"{where} needs a list here", node)


def texts_in(resolver: Resolver, node: Node, where: str) -> list[str]:
    """Resolve an argument that has to be a list of texts; raises Unresolved."""
    return [text_in(resolver, item, where) for item in items_in(resolver, node, where)]


def operands(argument: Node, function: str, wanted: str, *counts: int) -> tuple[Node, ...]:
    """Give the arguments that stand in a list of one of so many items; raises Unresolved."""
    if not isinstance(argument, Sequence) or len(argument.items) not in counts:
        raise Unresolved("bad-intrinsic", f"{function} takes {wanted}", argument)
    return argument.items


def only_entry(node: Table) -> tuple[str, Node]:
    """Give the key and the value of a mapping that has one of each, ("", itself) for another."""
    if len(node.entries) != 1:
        return "", node
    ((name, entry),) = node.entries.items()
    return name, entry.value


def is_placeholder(node: Node) -> bool:
    """Whether a value stands for one that nobody here knows."""
    return isinstance(node, Leaf) and isinstance(node.value, str) and node.value.startswith(PLACEHOLDER)


def _check_length(length: int, at: Node) -> None:
    if length > MOST_TEXT:
        raise Unresolved("too-large", f"the value would have more than {MOST_TEXT:,} characters", at)
