"""Enumerations, and StringComparer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from inferway.languages.csharp.text import enum_text, text_of
from inferway.languages.csharp.universe import Class
from inferway.languages.csharp.values import EnumValue

_VALUES: Final[dict[str, dict[str, int]]] = {
    "StringComparison": {
        "CurrentCulture": 0,
        "CurrentCultureIgnoreCase": 1,
        "InvariantCulture": 2,
        "InvariantCultureIgnoreCase": 3,
        "Ordinal": 4,
        "OrdinalIgnoreCase": 5,
    },
    "StringSplitOptions": {"None": 0, "RemoveEmptyEntries": 1, "TrimEntries": 2},
    "Formatting": {"None": 0, "Indented": 1},
    "DateTimeKind": {"Unspecified": 0, "Utc": 1, "Local": 2},
    "DayOfWeek": {
        "Sunday": 0,
        "Monday": 1,
        "Tuesday": 2,
        "Wednesday": 3,
        "Thursday": 4,
        "Friday": 5,
        "Saturday": 6,
    },
    "DateTimeStyles": {
        "None": 0,
        "AllowLeadingWhite": 1,
        "AllowTrailingWhite": 2,
        "AllowWhiteSpaces": 7,
        "AdjustToUniversal": 16,
        "AssumeLocal": 32,
        "AssumeUniversal": 64,
        "RoundtripKind": 128,
    },
    "NumberStyles": {
        "None": 0,
        "Integer": 7,
        "Number": 111,
        "Float": 167,
        "Any": 511,
        "HexNumber": 515,
        "AllowDecimalPoint": 32,
        "AllowThousands": 64,
        "AllowHexSpecifier": 512,
    },
    "JTokenType": {
        name: at
        for at, name in enumerate(
            [
                "None",
                "Object",
                "Array",
                "Constructor",
                "Property",
                "Comment",
                "Integer",
                "Float",
                "String",
                "Boolean",
                "Null",
                "Undefined",
                "Date",
                "Raw",
                "Bytes",
                "Guid",
                "Uri",
                "TimeSpan",
            ]
        )
    },
    "RegexOptions": {
        "None": 0,
        "IgnoreCase": 1,
        "Multiline": 2,
        "ExplicitCapture": 4,
        "Compiled": 8,
        "Singleline": 16,
        "IgnorePatternWhitespace": 32,
        "CultureInvariant": 512,
    },
    "MidpointRounding": {"ToEven": 0, "AwayFromZero": 1},
    "UriKind": {"RelativeOrAbsolute": 0, "Absolute": 1, "Relative": 2},
    "NullValueHandling": {"Include": 0, "Ignore": 1},
    "Base64FormattingOptions": {"None": 0, "InsertLineBreaks": 1},
    "UriPartial": {"Scheme": 0, "Authority": 1, "Path": 2, "Query": 3},
}


def token_type(name: str) -> EnumValue:
    """A JTokenType."""
    return EnumValue(_VALUES["JTokenType"][name], "JTokenType", name)


def _member(value: EnumValue) -> Callable[[], EnumValue]:
    return lambda: value


def _enum(name: str, values: dict[str, int]) -> Class:
    members: dict[str, Callable[..., Any]] = {
        f"static {name} {label}": _member(EnumValue(number, name, label)) for label, number in values.items()
    }
    members["bool HasFlag(object flag)"] = lambda value, flag: value & flag == flag
    members["string ToString()"] = text_of
    members["string ToString(string format)"] = enum_text
    return Class(name=name, members=members)


_COMPARERS: Final = {"Ordinal": 4, "OrdinalIgnoreCase": 5, "InvariantCulture": 4, "InvariantCultureIgnoreCase": 5}


def _comparer(number: int) -> Callable[[], int]:
    return lambda: number


CLASSES: Final = (
    *(_enum(name, values) for name, values in _VALUES.items()),
    Class(
        name="StringComparer",
        members={f"static StringComparer {name}": _comparer(number) for name, number in _COMPARERS.items()},
    ),
)
