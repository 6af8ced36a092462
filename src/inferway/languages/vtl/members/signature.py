"""Which arguments a Java method takes: one letter a parameter.

`s` String, `q` CharSequence, `c` char, `i` int, `j` long, `d` double, `b` boolean, `n` Number, `o` Object,
`C` Collection, `L` List, `M` Map, `a` an array, `I` any integer, `0` null alone. A primitive refuses null, the rest
take it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from inferway.languages.vtl.arithmetic import is_number, width
from inferway.languages.vtl.values import JavaArray, JavaCharacter, JavaSet


@dataclass(frozen=True, kw_only=True, slots=True)
class Method:
    """One overload: its name, its parameters and what it does to `(receiver, *arguments)`."""

    name: str
    parameters: str
    apply: Callable[..., Any]


def method(name: str, parameters: str, apply: Callable[..., Any]) -> Method:
    """A row of a method table."""
    return Method(name=name, parameters=parameters, apply=apply)


def _is_string(value: Any) -> bool:
    return value is None or (isinstance(value, str) and not isinstance(value, JavaCharacter))


def _is_int(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and width(value) == 0


def _is_long(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and width(value) < 2


def _is_double(value: Any) -> bool:
    return isinstance(value, float) or _is_long(value)


def _is_collection(value: Any) -> bool:
    return value is None or (isinstance(value, list) and not isinstance(value, JavaArray))


_FITS: Final[dict[str, Callable[[Any], bool]]] = {
    "s": _is_string,
    "q": _is_string,
    "c": lambda value: isinstance(value, JavaCharacter),
    "i": _is_int,
    "j": _is_long,
    "d": _is_double,
    "b": lambda value: isinstance(value, bool),
    "n": lambda value: value is None or is_number(value),
    "o": lambda _: True,
    "C": _is_collection,
    "L": lambda value: _is_collection(value) and not isinstance(value, JavaSet),
    "M": lambda value: value is None or isinstance(value, dict),
    "I": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "D": lambda value: isinstance(value, float),
    "B": lambda value: isinstance(value, Decimal),
    "0": lambda value: value is None,
    "a": lambda value: isinstance(value, JavaArray),
}


def fits(parameters: str, arguments: tuple[Any, ...]) -> bool:
    """Whether the arguments can be passed to a method with these parameters."""
    return all(_FITS[letter](value) for letter, value in zip(parameters, arguments, strict=True))
