"""Which types turn into which, and how their values do.

Sources: C# language specification, "Conversions"
(https://learn.microsoft.com/dotnet/csharp/language-reference/language-specification/conversions); the operators of
Newtonsoft.Json.Linq.JToken.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any, Final

from inferway.languages.csharp import arithmetic
from inferway.languages.csharp.dates import DateTime, DateTimeOffset
from inferway.languages.csharp.errors import ThrownError
from inferway.languages.csharp.json.convert import token_as
from inferway.languages.csharp.json.tokens import JToken, JValue
from inferway.languages.csharp.text import full_name
from inferway.languages.csharp.types import (
    BOOL,
    ENUMS,
    INTEGRAL,
    NULL,
    NUMERIC,
    OBJECT,
    STRING,
    Type,
    is_value_type,
    underlying,
)
from inferway.languages.csharp.universe import Universe
from inferway.languages.csharp.values import BOXES, EnumValue, Long, type_of

Convert = Callable[[Any], Any]


def identity(value: Any) -> Any:
    """No change."""
    return value


_WIDENING: Final[dict[str, tuple[str, ...]]] = {
    "sbyte": ("short", "int", "long", "float", "double", "decimal"),
    "byte": ("short", "ushort", "int", "uint", "long", "ulong", "float", "double", "decimal"),
    "short": ("int", "long", "float", "double", "decimal"),
    "ushort": ("int", "uint", "long", "ulong", "float", "double", "decimal"),
    "int": ("long", "float", "double", "decimal"),
    "uint": ("long", "ulong", "float", "double", "decimal"),
    "long": ("float", "double", "decimal"),
    "ulong": ("float", "double", "decimal"),
    "char": ("ushort", "int", "uint", "long", "ulong", "float", "double", "decimal"),
    "float": ("double",),
}
TOKEN_SOURCES: Final = frozenset(
    {*NUMERIC, "bool", "string", "DateTime", "DateTimeOffset", "TimeSpan", "Guid", "Uri", "[]"}
)
"""What converts to a JToken by itself."""


def box(type_: Type) -> Convert:
    """How a value of a type becomes an `object`."""
    found: Convert = BOXES.get(type_.name, identity)
    if type_.name == "?" and type_.arguments[0].name in BOXES:
        inner = BOXES[type_.arguments[0].name]
        return lambda value: None if value is None else inner(value)
    return found


def numeric(source: str, target: str) -> Convert:
    """How one number becomes another: unchecked where it does not fit."""
    if source == "char":
        inner = numeric("ushort", target) if target != "char" else None
        return (lambda value: inner(ord(value))) if inner else identity
    if target == "char":
        to_ushort = numeric(source, "ushort")
        return lambda value: chr(to_ushort(value))
    if target in INTEGRAL:
        return _to_integer(source, target)
    if target == "decimal":
        return _to_decimal(source)
    if target == "float":
        return lambda value: arithmetic.as_single(float(value))
    return float


def _to_integer(source: str, target: str) -> Convert:
    if source in INTEGRAL:
        low, high = INTEGRAL[target]
        if target in _WIDENING.get(source, ()) or source == target:
            return int
        return lambda value: int(value) if low <= value <= high else arithmetic.wrap(value, target)
    if source == "decimal":
        return lambda value: arithmetic.decimal_to(value, target)
    return lambda value: arithmetic.truncate_to(value, target)


def _to_decimal(source: str) -> Convert:
    if source == "decimal":
        return identity
    return Decimal if source in INTEGRAL else arithmetic.decimal_of


def invalid_cast(source: Type, target: Type) -> ThrownError:
    """What a wrong cast throws."""
    message = f"Unable to cast object of type '{full_name(source)}' to type '{full_name(target)}'."
    return ThrownError("System.InvalidCastException", message)


class Conversions:
    """The conversions of one universe."""

    def __init__(self, universe: Universe) -> None:
        self.universe = universe

    def implicit(self, source: Type, target: Type) -> tuple[Convert, int] | None:
        """How a value of one type stands for another by itself, and how far apart they are (0 the same); or None."""
        if source == target:
            return identity, 0
        if source == NULL:
            return None if is_value_type(target) and target.name != "?" else (identity, 1)
        if source.name in _WIDENING and target.name in _WIDENING[source.name]:
            distance = _WIDENING[source.name].index(target.name)
            return numeric(source.name, target.name), 1 + distance
        if target.name == "?":
            return self._to_nullable(source, target)
        if target == OBJECT:
            return box(source), 20
        if target.name in ("JToken", "JValue") and underlying(source).name in TOKEN_SOURCES and target.name == "JToken":
            if source.name == "[]" and source.arguments[0].name != "byte":
                return None
            return self._to_token(source), 8
        if source.name == "DateTime" and target.name == "DateTimeOffset":
            return lambda value: DateTimeOffset(value.ticks, 0), 4
        return self._reference(source, target)

    def _reference(self, source: Type, target: Type) -> tuple[Convert, int] | None:
        if is_value_type(source) and source.name != "KeyValuePair":
            return (box(source), 12) if target.name in ("IComparable", "IFormattable", "IConvertible") else None
        if not self.universe.derives(source, target):
            return None
        if source.name == "JObject" and target.name == "IEnumerable" and target.arguments[0].name == "KeyValuePair":
            return lambda value: value.pairs(), 3
        return identity, 2 + self._distance(source, target)

    def _distance(self, source: Type, target: Type) -> int:
        level, seen = [source], 0
        while level and seen < 8:
            if target in level:
                return seen
            level = [base for each in level for base in self.universe.bases(each)]
            seen += 1
        return seen

    def _to_nullable(self, source: Type, target: Type) -> tuple[Convert, int] | None:
        inner = self.implicit(underlying(source), target.arguments[0])
        if inner is None:
            return None
        convert, distance = inner
        if source.name != "?" or convert is identity:
            return convert, distance + 2
        return lambda value: None if value is None else convert(value), distance + 2

    def _to_token(self, source: Type) -> Convert:
        boxed = box(source)
        if underlying(source).name in INTEGRAL:
            return lambda value: JValue(None, "Null") if value is None else JValue(Long(value), "Integer")
        if source == STRING:
            return lambda value: JValue(value, "String")
        return lambda value: JValue(boxed(value))

    def explicit(self, source: Type, target: Type) -> Convert | None:
        """How a cast turns a value of one type into another; None where there is no such cast."""
        found = self.implicit(source, target)
        if found is not None:
            return found[0]
        if source.name == "?":
            inner = self.explicit(source.arguments[0], underlying(target))
            return None if inner is None else self._lifted(inner, null_stays=target.name == "?")
        if target.name == "?" and source != OBJECT and not self._is_token(source):
            return self.explicit(source, target.arguments[0])
        if self._number(source) and self._number(target):
            return self._between_numbers(source, target)
        if self._is_token(source) and target.name in ("string", *_TOKEN_TARGETS, "?", "[]"):
            return lambda value: token_as(value, target)
        return self._unboxing(source, target)

    def _is_token(self, type_: Type) -> bool:
        return self.universe.as_base(type_, "JToken") is not None

    def _number(self, type_: Type) -> bool:
        return type_.name in NUMERIC or type_.name == "char" or type_.name in ENUMS

    def _between_numbers(self, source: Type, target: Type) -> Convert:
        if target.name in ENUMS:
            return lambda value: EnumValue(int(value), target.name, str(int(value)))
        return numeric("int" if source.name in ENUMS else source.name, target.name)

    def _lifted(self, inner: Convert, *, null_stays: bool) -> Convert:
        def convert(value: Any) -> Any:
            if value is not None:
                return inner(value)
            if null_stays:
                return None
            raise ThrownError("System.InvalidOperationException", "Nullable object must have a value.")

        return convert

    def _unboxing(self, source: Type, target: Type) -> Convert | None:
        universe = self.universe
        interface = source == OBJECT or _is_interface(source)
        if is_value_type(target):
            return self.unbox(target) if interface else None
        down = universe.derives(target, source) or interface or _is_interface(target)
        if not down or is_value_type(source):
            return None

        def convert(value: Any) -> Any:
            if value is None or universe.is_instance(value, target):
                return value
            raise invalid_cast(type_of(value), target)

        return convert

    def unbox(self, target: Type) -> Convert:
        """`(target)value` of an `object`: exactly that type. The function raises ThrownError."""
        universe = self.universe
        may_be_null = not is_value_type(target) or target.name == "?"

        def convert(value: Any) -> Any:
            if value is None:
                if may_be_null:
                    return None
                raise ThrownError(
                    "System.NullReferenceException", "Object reference not set to an instance of an object."
                )
            if universe.is_instance(value, target):
                return value
            raise invalid_cast(type_of(value), target)

        return convert


_TOKEN_TARGETS: Final = frozenset({*NUMERIC, "bool", "char", "DateTime", "DateTimeOffset", "TimeSpan", "Guid", "Uri"})


def _is_interface(type_: Type) -> bool:
    return type_.name[:1] == "I" and type_.name[1:2].isupper()


__all__ = ["BOOL", "Conversions", "Convert", "DateTime", "JToken", "box", "identity", "invalid_cast", "numeric"]
