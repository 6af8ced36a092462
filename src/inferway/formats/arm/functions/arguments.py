"""Takes the arguments of functions by their types."""

from collections.abc import Mapping

from inferway.formats.arm.frame import Lambda
from inferway.formats.arm.values import Unknown, Unresolved, Value, kind


def wrong(wanted: str, value: Value) -> Unresolved:
    """Give the error of an argument of another type."""
    return Unresolved("bad-argument", f"{wanted} expected, a value of the type {kind(value)} found")


def a_text(value: Value) -> str:
    """Give a text; raises Unresolved."""
    if not isinstance(value, str):
        raise wrong("a string", value)
    return value


def an_integer(value: Value) -> int:
    """Give a whole number; raises Unresolved."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise wrong("an int", value)
    return value


def a_truth(value: Value) -> bool:
    """Give a truth value; raises Unresolved."""
    if not isinstance(value, bool):
        raise wrong("a bool", value)
    return value


def a_list(value: Value) -> list[Value]:
    """Give a list; raises Unresolved."""
    if isinstance(value, Unknown):
        return [value.of(0)]
    if not isinstance(value, list):
        raise wrong("an array", value)
    return value


def a_mapping(value: Value) -> Mapping[str, Value]:
    """Give a mapping; raises Unresolved."""
    if not isinstance(value, Mapping):
        raise wrong("an object", value)
    return value


def a_function(value: Value) -> Lambda:
    """Give a lambda; raises Unresolved."""
    if not isinstance(value, Lambda):
        raise wrong("a lambda", value)
    return value
