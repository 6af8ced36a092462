"""Constraints on a request's members, and the service's words for what breaks them.

The words are those of the services that speak AWS JSON, as their users published them: `1 validation error detected:
Value 'x' at 'trainingJobName' failed to satisfy constraint: Member must …`. A value of the wrong JSON type is another
error, a SerializationException.
"""

import math
from collections.abc import Iterator, Mapping
from typing import Any, Final, Union

import msgspec

from inferway.languages.regex import compile_java

_LONGEST_SHOWN: Final = 500  # characters of a value that an error repeats


class SerializationError(Exception):
    """A value of a JSON type that its member cannot have."""


class Text(msgspec.Struct, frozen=True, kw_only=True):
    """A string; lengths in characters, `pattern` in Java's syntax and for the whole of it."""

    shortest: int = 0
    longest: int = 0
    pattern: str = ""
    values: tuple[str, ...] = ()


class Whole(msgspec.Struct, frozen=True, kw_only=True):
    """A whole number."""

    least: int | None = None
    most: int | None = None


class Decimal(msgspec.Struct, frozen=True, kw_only=True):
    """A number."""

    least: float | None = None


class Moment(msgspec.Struct, frozen=True):
    """A time, in seconds (epoch)."""


class Flag(msgspec.Struct, frozen=True):
    """True or false."""


class Anything(msgspec.Struct, frozen=True):
    """A member that is kept and shown as it came."""


class ListOf(msgspec.Struct, frozen=True, kw_only=True):
    """A list."""

    member: "Shape"
    fewest: int = 0
    most: int = 0


class MapOf(msgspec.Struct, frozen=True, kw_only=True):
    """A map from texts to texts."""

    key: Text
    value: Text
    fewest: int = 0
    most: int = 0


class Structure(msgspec.Struct, frozen=True, kw_only=True):
    """Members by name. What `unserved` names is refused where it is given; members of no name here are left out."""

    members: "Mapping[str, Shape]"
    required: tuple[str, ...] = ()
    unserved: frozenset[str] = frozenset()


Shape = Union[Text, Whole, Decimal, Moment, Flag, Anything, ListOf, MapOf, Structure]  # noqa: UP007 - it names itself


def read(value: Any, shape: Structure) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Give what a request's document says, and the constraints that it breaks, in words; raises SerializationError."""
    broken: list[str] = []
    return _structure(value, shape, "", broken), tuple(broken)


def _read(value: Any, shape: Shape, path: str, broken: list[str]) -> Any:
    match shape:
        case Text():
            text = _typed(value, str, "String")
            broken += [_failed(text, path, member) for member in _text_constraints(text, shape)]
            return text
        case Whole():
            return _whole(value, shape, path, broken)
        case Decimal():
            number = _number(value, "Float")
            if shape.least is not None and number < shape.least:
                broken.append(_failed(value, path, f"Member must have value greater than or equal to {shape.least:g}"))
            return number
        case Moment():
            return _number(value, "Timestamp")
        case Flag():
            return _typed(value, bool, "Boolean")
        case Anything():
            return value
        case ListOf():
            return _list(value, shape, path, broken)
        case MapOf():
            return _map(value, shape, path, broken)
        case Structure():
            return _structure(value, shape, path, broken)


def _structure(value: Any, shape: Structure, path: str, broken: list[str]) -> dict[str, Any]:
    given = _typed(value, dict, "Structure")
    result: dict[str, Any] = {}
    for name, member in shape.members.items():
        below = f"{path}.{_camel(name)}" if path else _camel(name)
        if given.get(name) is not None:
            result[name] = _read(given[name], member, below, broken)
        elif name in shape.required:
            broken.append(f"Value null at '{below}' failed to satisfy constraint: Member must not be null")
    for name in sorted(shape.unserved):
        if given.get(name):
            below = f"{path}.{_camel(name)}" if path else _camel(name)
            broken.append(_failed(given[name], below, "Member is not served by Inferway"))
    return result


def _list(value: Any, shape: ListOf, path: str, broken: list[str]) -> list[Any]:
    items = _typed(value, list, "List")
    broken += [_failed(items, path, constraint) for constraint in _lengths(len(items), shape.fewest, shape.most)]
    given: list[Any] = []
    for number, item in enumerate(items, 1):
        below = f"{path}.{number}.member"
        if item is None:
            broken.append(f"Value null at '{below}' failed to satisfy constraint: Member must not be null")
        else:
            given.append(_read(item, shape.member, below, broken))
    return given


def _map(value: Any, shape: MapOf, path: str, broken: list[str]) -> dict[str, str]:
    """Read a map; the service says of a key or a value that breaks one constraint all that hold for it."""
    given = {key: _typed(item, str, "String") for key, item in _typed(value, dict, "Map").items() if item is not None}
    broken += [_failed(given, path, constraint) for constraint in _lengths(len(given), shape.fewest, shape.most)]
    for what, part, texts in (("keys", shape.key, given), ("value", shape.value, given.values())):
        if any(_text_constraints(text, part) for text in texts):
            constraints = ", ".join(_all_constraints(part))
            broken.append(_failed(given, path, f"Map {what} must satisfy constraint: [{constraints}]"))
    return given


def _whole(value: Any, shape: Whole, path: str, broken: list[str]) -> int:
    whole = int(_number(value, "Integer"))
    if shape.least is not None and whole < shape.least:
        broken.append(_failed(whole, path, f"Member must have value greater than or equal to {shape.least}"))
    if shape.most is not None and whole > shape.most:
        broken.append(_failed(whole, path, f"Member must have value less than or equal to {shape.most}"))
    return whole


def _text_constraints(text: str, shape: Text) -> list[str]:
    """Give the constraints that a text breaks."""
    broken = list(_lengths(len(text), shape.shortest, shape.longest))
    if shape.values and text not in shape.values:
        broken.append(_enumeration(shape))
    too_long = shape.longest and len(text) > shape.longest
    if shape.pattern and not too_long and not compile_java(shape.pattern).fullmatch(text):
        broken.append(f"Member must satisfy regular expression pattern: {shape.pattern}")
    return broken


def _all_constraints(shape: Text) -> Iterator[str]:
    yield f"Member must have length less than or equal to {shape.longest}"
    yield f"Member must have length greater than or equal to {shape.shortest}"
    if shape.pattern:
        yield f"Member must satisfy regular expression pattern: {shape.pattern}"


def _lengths(length: int, least: int, most: int) -> Iterator[str]:
    if most and length > most:
        yield f"Member must have length less than or equal to {most}"
    if length < least:
        yield f"Member must have length greater than or equal to {least}"


def _enumeration(shape: Text) -> str:
    return f"Member must satisfy enum value set: [{', '.join(shape.values)}]"


def _failed(value: Any, path: str, constraint: str) -> str:
    shown = _shown(value)
    shown = shown if len(shown) <= _LONGEST_SHOWN else f"{shown[:_LONGEST_SHOWN]}…"
    return f"Value '{shown}' at '{path}' failed to satisfy constraint: {constraint}"


def _shown(value: Any) -> str:
    """Write a value as the service's language would."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}={_shown(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_shown(item) for item in value) + "]"
    return str(value).lower() if isinstance(value, bool) else str(value)


def _camel(name: str) -> str:
    return name[:1].lower() + name[1:]


def _number(value: Any, name: str) -> float:
    """Give a finite number; raises SerializationError."""
    try:
        number = float(_typed(value, float, name))
    except OverflowError:
        number = math.inf
    if not math.isfinite(number):
        raise SerializationError(f"NUMBER_VALUE cannot be converted to {name}")
    return number


_TOKENS: Final = {
    type(None): "NULL_VALUE",
    str: "STRING_VALUE",
    bool: "BOOLEAN_VALUE",
    int: "NUMBER_VALUE",
    float: "NUMBER_VALUE",
}


def _typed(value: Any, kind: type, name: str) -> Any:
    """Give a value that is of its member's JSON type; raises SerializationError."""
    given = type(value)
    if given is kind or (kind is float and given is int):
        return value
    if given is dict:
        raise SerializationError("Start of structure or map found where not expected.")
    if given is list:
        raise SerializationError("Start of list found where not expected")
    if kind in (dict, list):
        raise SerializationError("Unexpected field type")
    raise SerializationError(f"{_TOKENS[given]} cannot be converted to {name}")
