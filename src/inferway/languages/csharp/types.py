"""C# types as data, and reading them from text."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache
from typing import Final


@dataclass(frozen=True, slots=True)
class Type:
    """A C# type: its short name in C#'s own spelling ("int", "List", "JObject") and its type arguments.

    `T[]` is `Type("[]", (T,))`, `T?` of a value type `Type("?", (T,))`. An anonymous type is named by its members:
    `Type("{a,b}", (int, string))`.
    """

    name: str
    arguments: tuple[Type, ...] = ()

    def __str__(self) -> str:
        if self.name in ("[]", "?"):
            return f"{self.arguments[0]}{self.name}"
        if self.arguments and self.name.startswith("{"):
            return f"anonymous type {self.name}"
        return f"{self.name}<{', '.join(map(str, self.arguments))}>" if self.arguments else self.name


_KEYWORDS: Final = {
    "Object": "object",
    "String": "string",
    "Boolean": "bool",
    "Char": "char",
    "SByte": "sbyte",
    "Byte": "byte",
    "Int16": "short",
    "UInt16": "ushort",
    "Int32": "int",
    "UInt32": "uint",
    "Int64": "long",
    "UInt64": "ulong",
    "Single": "float",
    "Double": "double",
    "Decimal": "decimal",
    "Void": "void",
}
_TOKEN: Final = re.compile(r"\s*([A-Za-z_][\w.]*|::|[<>,?]|\[\s*\])")


def simple_name(name: str) -> str:
    """A type's short name: without its namespace, `Int32` as `int`."""
    short = name.rpartition("::")[2].rpartition(".")[2]
    return _KEYWORDS.get(short, short)


class _Reader:
    def __init__(self, text: str) -> None:
        self.tokens: list[str] = []
        at = 0
        text = text.strip()
        while at < len(text):
            found = _TOKEN.match(text, at)
            if found is None:
                raise ValueError(f"not a type: {text!r}")
            self.tokens.append(found.group(1).replace(" ", ""))
            at = found.end()
        self.at = 0

    def peek(self) -> str:
        return self.tokens[self.at] if self.at < len(self.tokens) else ""

    def take(self) -> str:
        token = self.peek()
        self.at += 1
        return token

    def type(self) -> Type:
        name = simple_name(self.take())
        arguments: list[Type] = []
        if self.peek() == "<":
            while self.take() in ("<", ","):
                arguments.append(self.type())
        if name == "Nullable" and len(arguments) == 1:
            found = Type("?", tuple(arguments))
        else:
            found = Type(name, tuple(arguments))
        while self.peek() in ("?", "[]"):
            found = Type("[]", (found,)) if self.take() == "[]" else nullable(found)
        return found


@lru_cache(maxsize=4_096)
def parse_type(text: str) -> Type:
    """The type that C# text names, e.g. "IEnumerable<KeyValuePair<string, string[]>>".

    Raises ValueError when it is not the text of a type.
    """
    reader = _Reader(text)
    found = reader.type()
    if reader.at != len(reader.tokens):
        raise ValueError(f"not a type: {text!r}")
    return found


OBJECT: Final = Type("object")
STRING: Final = Type("string")
BOOL: Final = Type("bool")
CHAR: Final = Type("char")
INT: Final = Type("int")
LONG: Final = Type("long")
DOUBLE: Final = Type("double")
FLOAT: Final = Type("float")
DECIMAL: Final = Type("decimal")
VOID: Final = Type("void")
NULL: Final = Type("null")
"""The type of the literal `null`."""

INTEGRAL: Final[dict[str, tuple[int, int]]] = {
    "sbyte": (-128, 127),
    "byte": (0, 255),
    "short": (-32_768, 32_767),
    "ushort": (0, 65_535),
    "int": (-(2**31), 2**31 - 1),
    "uint": (0, 2**32 - 1),
    "long": (-(2**63), 2**63 - 1),
    "ulong": (0, 2**64 - 1),
}
"""The integral types with their ranges."""
NUMERIC: Final = frozenset({*INTEGRAL, "float", "double", "decimal"})
ENUMS: Final = frozenset(
    {
        *("StringComparison", "StringSplitOptions", "Formatting", "DateTimeKind", "DayOfWeek", "DateTimeStyles"),
        *("NumberStyles", "JTokenType", "RegexOptions", "MidpointRounding", "UriKind", "NullValueHandling"),
        *("UriComponents", "UriFormat", "DateFormatHandling", "DateParseHandling", "Base64FormattingOptions"),
        *("UriPartial", "MergeArrayHandling", "NormalizationForm", "HttpStatusCode"),
    }
)
VALUE_TYPES: Final = frozenset(
    {*NUMERIC, *ENUMS, "bool", "char", "DateTime", "DateTimeOffset", "TimeSpan", "Guid", "KeyValuePair", "?"}
)
"""The types that are no references: null is none of theirs."""


def is_value_type(type_: Type) -> bool:
    """Whether the type is a struct, an enumeration or a nullable one of them."""
    return type_.name in VALUE_TYPES


def nullable(type_: Type) -> Type:
    """`T?`: the type itself when it is a reference."""
    return Type("?", (type_,)) if is_value_type(type_) and type_.name != "?" else type_


def underlying(type_: Type) -> Type:
    """`T` of `T?`, else the type itself."""
    return type_.arguments[0] if type_.name == "?" else type_


def substitute(type_: Type, bound: dict[str, Type]) -> Type:
    """The type with its type parameters replaced."""
    if not type_.arguments:
        return bound.get(type_.name, type_)
    if type_.name == "?":
        return nullable(substitute(type_.arguments[0], bound))
    return Type(type_.name, tuple(substitute(each, bound) for each in type_.arguments))


def mentions(type_: Type, names: Collection[str]) -> bool:
    """Whether one of the names occurs in the type."""
    return type_.name in names or any(mentions(each, names) for each in type_.arguments)
