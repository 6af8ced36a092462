"""`ToString()` of any value, `string.Format`, and what `+` makes of a value."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any, Final

from inferway.languages.csharp.budget import CURRENT, made
from inferway.languages.csharp.date_text import date_text, span_text
from inferway.languages.csharp.dates import DateTime, DateTimeOffset, TimeSpan
from inferway.languages.csharp.json.tokens import JToken, JValue
from inferway.languages.csharp.json.writer import write_json
from inferway.languages.csharp.number_text import decimal_text, double_text, format_number, padded
from inferway.languages.csharp.types import Type
from inferway.languages.csharp.values import (
    Anonymous,
    Array,
    Dictionary,
    EnumValue,
    ExceptionValue,
    KeyValuePair,
    List,
    format_error,
)

FULL: Final = {
    "int": "System.Int32",
    "long": "System.Int64",
    "bool": "System.Boolean",
    "float": "System.Single",
    "string": "System.String",
    "object": "System.Object",
    "double": "System.Double",
    "decimal": "System.Decimal",
    "char": "System.Char",
    "byte": "System.Byte",
    "sbyte": "System.SByte",
    "short": "System.Int16",
    "ushort": "System.UInt16",
    "uint": "System.UInt32",
    "ulong": "System.UInt64",
    **{f"J{each}": f"Newtonsoft.Json.Linq.J{each}" for each in ("Token", "Object", "Array", "Value", "Property")},
    "List": "System.Collections.Generic.List",
    "Dictionary": "System.Collections.Generic.Dictionary",
}
"""The full names of types."""


def full_name(type_: Type) -> str:
    """A type as `Type.ToString()` prints it."""
    if type_.name == "[]":
        return f"{full_name(type_.arguments[0])}[]"
    name = "System.Nullable" if type_.name == "?" else FULL.get(type_.name, f"System.{type_.name}")
    if not type_.arguments:
        return name
    return f"{name}`{len(type_.arguments)}[{','.join(map(full_name, type_.arguments))}]"


def text_of(value: Any) -> str:
    """`value.ToString()`; "" for null."""
    kind = value.__class__
    if kind is str:
        return str(value)
    if kind is int:
        return int.__repr__(value)
    if value is None:
        return ""
    if kind is bool:
        return "True" if value else "False"
    for known, shown in _TEXTS:
        if isinstance(value, known):
            return str(shown(value))
    text = getattr(value, "csharp_text", None)  # a constant name: ours, not the source's
    if text is not None:
        return str(text())
    shown = CURRENT.universe.host_text(value) if CURRENT.universe is not None else None
    return str(shown) if shown is not None else full_name(getattr(value, "type", Type("object")))


def _token_text(token: JToken) -> str:
    return text_of(token.value) if isinstance(token, JValue) else write_json(token)


def _anonymous_text(value: Anonymous) -> str:
    pairs = zip(value.names, value.values, strict=True)
    return "{ " + ", ".join(f"{name} = {text_of(each)}" for name, each in pairs) + " }"


def exception_text(value: ExceptionValue) -> str:
    """What an exception's `ToString()` begins with; the stack trace is left out."""
    return f"{value.kind}: {value.message}"


_TEXTS: Final[tuple[tuple[type, Any], ...]] = (
    (EnumValue, lambda value: value.label),
    (int, int.__repr__),
    (float, double_text),
    (str, str.__str__),
    (Decimal, decimal_text),
    (JToken, _token_text),
    (DateTime, date_text),
    (DateTimeOffset, date_text),
    (TimeSpan, span_text),
    (KeyValuePair, lambda pair: f"[{text_of(pair.key)}, {text_of(pair.value)}]"),
    (Anonymous, _anonymous_text),
    (Array, lambda value: full_name(Type("[]", (value.element,)))),
    (List, lambda value: full_name(Type("List", (value.element,)))),
    (Dictionary, lambda value: full_name(Type("Dictionary", value.arguments))),
    (ExceptionValue, exception_text),
)


def formatted(value: Any, format_: str) -> str:
    """`value.ToString(format)` where the value has one, else `ToString()`. Raises ThrownError for a bad format."""
    if value is None:
        return ""
    if isinstance(value, JValue):
        return formatted(value.value, format_)
    if isinstance(value, EnumValue):
        return enum_text(value, format_)
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        return format_number(value, format_)
    if isinstance(value, DateTime | DateTimeOffset):
        return date_text(value, format_)
    if isinstance(value, TimeSpan):
        return span_text(value, format_)
    text = getattr(value, "csharp_format", None)  # a constant name: ours, not the source's
    return str(text(format_)) if text is not None and format_ else text_of(value)


def enum_text(value: EnumValue, format_: str) -> str:
    """A member of an enumeration: its name, or its number by "d" and "x"."""
    if format_ in ("", "g", "G", "f", "F"):
        return value.label
    if format_ in ("d", "D"):
        return int.__repr__(value)
    raise format_error("Format string can be only 'G', 'g', 'X', 'x', 'F', 'f', 'D' or 'd'.")


_HOLE: Final = re.compile(r"\{\{|\}\}|\{ *(\d{1,6}) *(?:, *(-?\d{1,6}) *)?(?::((?:[^{}]|\{\{|\}\})*))?\}|([{}])")


def composite(format_: str, values: list[Any]) -> str:
    """`string.Format(format, values)`. Raises ThrownError."""
    out: list[str] = []
    at = 0
    for found in _HOLE.finditer(format_):
        out.append(format_[at : found.start()])
        at = found.end()
        if found[4] is not None:
            raise format_error("Input string was not in a correct format.")
        if found[1] is None:
            out.append(found[0][0])
            continue
        if int(found[1]) >= len(values):
            raise format_error(
                "Index (zero based) must be greater than or equal to zero and less than the size of the argument list."
            )
        text = formatted(values[int(found[1])], (found[3] or "").replace("{{", "{").replace("}}", "}"))
        out.append(padded(text, int(found[2])) if found[2] else text)
    out.append(format_[at:])
    return made("".join(out))
