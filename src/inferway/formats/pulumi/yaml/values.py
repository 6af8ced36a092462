"""What an expression evaluates to."""

import json
from typing import Final

import msgspec

from inferway.formats.nodes import Leaf, Node, Scalar, Sequence, SyntaxFault, Table, plain
from inferway.formats.report import Standing

LARGEST: Final = 16 * 1024 * 1024
"""Characters in all texts of one value."""


class Value(msgspec.Struct, frozen=True, kw_only=True):
    """A tree with the places of its parts; `size` counts the characters of its texts.

    A `secret` one was made of a secret. One that `failed` was reported already; what is made of it fails in silence.
    One of `unknown`, a name, is the result of a function that nothing here answers: what it does not hold is a
    stand-in of that name.
    """

    node: Node
    size: int = 0
    secret: bool = False
    failed: bool = False
    unknown: str = ""


def failed(at: Standing) -> Value:
    """Give the value of what has been reported."""
    return Value(node=Leaf(value=None, line=at.line, column=at.column), failed=True)


def scalar(value: Scalar, at: Standing, *, secret: bool = False, block: bool = False) -> Value:
    """Give a value that is no container, at a place; raises SyntaxFault for a text that is too large."""
    size = len(value) if isinstance(value, str) else 0
    bounded(size, at)
    return Value(node=Leaf(value=value, line=at.line, column=at.column, block=block), size=size, secret=secret)


def bounded(size: int, at: Standing) -> int:
    """Give a size; raises SyntaxFault where it is too large."""
    if size > LARGEST:
        raise SyntaxFault("too-large", f"a value of more than {LARGEST >> 20} MB of text", at.line, at.column)
    return size


def measured(node: Node) -> int:
    """Give the characters of all texts of a tree."""
    waiting, size = [node], 0
    while waiting:
        one = waiting.pop()
        if isinstance(one, Leaf):
            size += len(one.value) if isinstance(one.value, str) else 0
        elif isinstance(one, Sequence):
            waiting += one.items
        else:
            waiting += (entry.value for entry in one.entries.values())
    return size


def spelt(node: Node) -> str | None:
    """Give a scalar as a text holds it, None for a container; null is no text at all."""
    if not isinstance(node, Leaf):
        return None
    value = node.value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    return "" if value is None else str(value)


def as_json(node: Node) -> str:
    """Give a tree as Go writes JSON: compact, with sorted keys (https://pkg.go.dev/encoding/json#Marshal)."""
    return json.dumps(_whole(plain(node)), sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def _whole(value: object) -> object:
    """Give JSON data with whole numbers written without a fraction."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, dict):
        return {key: _whole(held) for key, held in value.items()}
    return [_whole(held) for held in value] if isinstance(value, list) else value


def keyed(node: Node, name: str) -> Node | None:
    """Give a mapping's value; None where there is none, or the node is no mapping."""
    entry = node.entries.get(name) if isinstance(node, Table) else None
    return entry.value if entry else None
