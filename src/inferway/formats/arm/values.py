"""Values of expressions: plain JSON data, texts that stand for what nobody knows, and how both become text."""

from collections.abc import Mapping
from typing import Any, Final

import msgspec

from inferway.formats.nodes import DEPTH

Value = Any
"""A text, a number, a truth value, null, a list or a mapping of such; within an expression also a Lambda."""

TYPES: Final = "string, int, bool, object, array"
PLACEHOLDER: Final = "local::"
"""What a text begins with that stands for a value which only the cloud knows."""


class Unresolved(Exception):  # noqa: N818 - it becomes a Finding
    """A value that cannot be made; `code` is "" where it was reported already."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code = code
        self.text = text


class Unknown(str):
    """A text that stands for a value that only the cloud knows; it says where it comes from."""

    __slots__ = ()

    def of(self, key: object) -> "Unknown":
        """Give what stands for a part of the value."""
        return Unknown(f"{self}::{key}")


def is_placeholder(value: Value) -> bool:
    """Whether a value stands for one that only the cloud knows, also where it came through another deployment."""
    return isinstance(value, str) and value.startswith(PLACEHOLDER)


def unknown(*names: str) -> Unknown:
    """Give a text that stands for what is made of these names."""
    return Unknown(PLACEHOLDER + "::".join(names))


def kind(value: Value) -> str:
    """Give the name of a value's type, as templates call it."""
    if isinstance(value, bool):
        return "bool"
    if isinstance(value, str):
        return "string"
    if isinstance(value, int | float):
        return "int"
    if isinstance(value, Mapping):
        return "object"
    if isinstance(value, list):
        return "array"
    return "null" if value is None else "lambda"


def text(value: Value) -> str:
    """Give the text of a value: a text itself, anything else as JSON."""
    if isinstance(value, str):
        return str(value)
    if isinstance(value, bool):
        return "True" if value else "False"
    return json_text(value)


def json_text(value: Value) -> str:
    """Give a value as JSON; raises Unresolved for a function."""
    try:
        return msgspec.json.encode(value, enc_hook=_written).decode()
    except (TypeError, RecursionError):
        raise Unresolved("bad-argument", "this value cannot be written as JSON") from None


def _written(value: object) -> str:
    if isinstance(value, Unknown):
        return str(value)
    raise TypeError


def settled(value: Value) -> Value:
    """Give a value as plain JSON data, whose texts are texts and no more."""
    if isinstance(value, str):
        return str(value)
    if isinstance(value, Mapping):
        return {str(key): settled(part) for key, part in value.items()}
    return [settled(part) for part in value] if isinstance(value, list) else value


def weight(value: Value, level: int = 0) -> int:
    """Give the characters and values in it, a shared part wherever it is used; raises Unresolved where it is deep."""
    if isinstance(value, str):
        return len(value)
    if level > DEPTH:
        raise Unresolved("too-deep", f"a value of more than {DEPTH} levels")
    if isinstance(value, Mapping):
        return 1 + sum(len(key) + 1 + weight(part, level + 1) for key, part in value.items())
    if isinstance(value, list):
        return 1 + sum(1 + weight(part, level + 1) for part in value)
    return 1


def find_key(holder: Mapping[str, Value], name: str) -> str | None:
    """Give the key of a mapping that is meant: keys are told apart without their case."""
    if name in holder:
        return name
    folded = name.lower()
    return next((key for key in holder if key.lower() == folded), None)


def access(target: Value, key: Value, safe: bool = False) -> Value:
    """Give a part of a value; raises Unresolved where there is none, but for a `safe` access, which gives null."""
    if is_placeholder(target):
        return Unknown(target).of(key)
    if isinstance(target, Mapping) and isinstance(key, str):
        found = find_key(target, key)
        if found is not None:
            return target[found]
    if isinstance(target, list) and isinstance(key, int) and not isinstance(key, bool) and 0 <= key < len(target):
        return target[key]
    if safe:
        return None
    if isinstance(target, Mapping):
        known = ", ".join(list(target)[:20]) or "none"
        raise Unresolved("undefined-property", f"there is no property {text(key)[:80]!r}; there are: {known}")
    if isinstance(target, list):
        raise Unresolved("undefined-property", f"there is no item {text(key)[:80]} in a list of {len(target)}")
    raise Unresolved("undefined-property", f"a value of the type {kind(target)} has no part {text(key)[:80]!r}")
