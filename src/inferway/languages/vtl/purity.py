"""What can be said of an expression before it runs."""

from __future__ import annotations

from typing import Any, Final

from inferway.languages.vtl import nodes


def is_arithmetic(node: nodes.Expression) -> bool:
    """Whether the node is a sum, product and the like."""
    return isinstance(node, nodes.Binary) and node.operator in "+-*/%"


def never_null(node: nodes.Expression) -> bool:
    """Whether the node always has a value."""
    literal = (nodes.Constant, nodes.Interpolation, nodes.ListLiteral, nodes.MapLiteral, nodes.Not)
    if isinstance(node, literal):
        return True
    return isinstance(node, nodes.Binary) and node.operator not in "+-*/%"


def is_text(node: nodes.Expression) -> bool:
    """Whether the node is a constant string."""
    return isinstance(node, nodes.Constant) and isinstance(node.value, str)


def is_simple(node: nodes.Expression) -> bool:
    """Whether evaluating the node cannot do anything."""
    return isinstance(node, nodes.Constant) or (isinstance(node, nodes.Reference) and not node.steps)


def only_text(block: nodes.Block) -> bool:
    """Whether a block is nothing but text."""
    return all(isinstance(each, nodes.Text) for each in block.statements)


_PURE: Final = frozenset(
    {
        *("get", "size", "length", "isEmpty", "contains", "containsKey", "equals", "equalsIgnoreCase", "indexOf"),
        *("startsWith", "endsWith", "getKey", "getValue", "getOrDefault", "keySet", "substring", "toString", "trim"),
    }
)


def is_pure(node: nodes.Expression) -> bool:
    """Whether evaluating the node changes nothing, so that it may be done before the text in front is written."""
    if isinstance(node, nodes.Constant):
        return True
    if isinstance(node, nodes.Not):
        return is_pure(node.operand)
    if isinstance(node, nodes.Binary):
        return is_pure(node.left) and is_pure(node.right)
    if not isinstance(node, nodes.Reference):
        return False
    for step in node.steps:
        if isinstance(step, nodes.Index) and not is_simple(step.argument):
            return False
        if isinstance(step, nodes.Call) and not (step.name in _PURE and all(map(is_simple, step.arguments))):
            return False
    return True


_CHANGING: Final = frozenset(
    {"add", "addAll", "remove", "removeAll", "retainAll", "clear", "put", "putAll", "putIfAbsent", "appendElement"}
)


def may_change(body: Any) -> bool:
    """Whether a loop's body has anything that can add to or remove from a collection."""
    pending = [body]
    while pending:
        node = pending.pop()
        if isinstance(node, tuple):
            pending.extend(node)
        elif (
            isinstance(node, nodes.MacroCall | nodes.Evaluate | nodes.Define)
            or (isinstance(node, nodes.Set) and node.target.steps)
            or (isinstance(node, nodes.Call) and node.name in _CHANGING)
        ):
            return True
        elif hasattr(node, "__dataclass_fields__") and not isinstance(node, nodes.Place):
            pending.extend(getattr(node, name) for name in node.__dataclass_fields__)
    return False
