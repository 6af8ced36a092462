"""How C# values look in Python, and which C# type a value has when its static type is `object`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any, Final, Self

from inferway.languages.csharp.errors import ThrownError
from inferway.languages.csharp.types import BOOL, DECIMAL, DOUBLE, INT, OBJECT, STRING, Type


class Long(int):
    """A `long` where the type is not known from the source; a plain int is an `int` there."""

    __slots__ = ()
    type: Type = Type("long")


class UInt(int):
    """A boxed `uint`."""

    __slots__ = ()
    type: Type = Type("uint")


class ULong(int):
    """A boxed `ulong`."""

    __slots__ = ()
    type: Type = Type("ulong")


class Short(int):
    """A boxed `short`."""

    __slots__ = ()
    type: Type = Type("short")


class UShort(int):
    """A boxed `ushort`."""

    __slots__ = ()
    type: Type = Type("ushort")


class Byte(int):
    """A boxed `byte`."""

    __slots__ = ()
    type: Type = Type("byte")


class SByte(int):
    """A boxed `sbyte`."""

    __slots__ = ()
    type: Type = Type("sbyte")


class Single(float):
    """A boxed `float`."""

    __slots__ = ()
    type: Type = Type("float")


class Char(str):
    """A boxed `char`."""

    __slots__ = ()
    type: Type = Type("char")


class EnumValue(int):
    """A member of an enumeration."""

    type: Type
    label: str

    def __new__(cls, value: int, type_: str, label: str) -> Self:
        """One member: its number, its enumeration's name and its own."""
        made = super().__new__(cls, value)
        made.type = Type(type_)
        made.label = label
        return made


class Array(list[Any]):
    """A C# array; `element` is the type of its elements."""

    __slots__ = ("element",)

    def __init__(self, items: Iterable[Any] = (), element: Type = OBJECT) -> None:
        super().__init__(items)
        self.element = element


class List(list[Any]):
    """A `List<T>`; `element` is T."""

    __slots__ = ("element",)

    def __init__(self, items: Iterable[Any] = (), element: Type = OBJECT) -> None:
        super().__init__(items)
        self.element = element


class Dictionary(dict[Any, Any]):
    """A `Dictionary<K, V>` in the order of insertion; `arguments` are K and V."""

    __slots__ = ("arguments", "ignore_case")

    def __init__(self, items: Any = (), arguments: tuple[Type, ...] = (STRING, OBJECT)) -> None:
        super().__init__(items)
        self.arguments = arguments
        self.ignore_case = False


class Sequence:
    """A lazy `IEnumerable<T>`: walks its source anew each time."""

    __slots__ = ("start",)

    def __init__(self, start: Any) -> None:
        self.start = start

    def __iter__(self) -> Iterator[Any]:
        return iter(self.start())


class KeyValuePair:
    """A `KeyValuePair<K, V>`."""

    __slots__ = ("key", "value")

    def __init__(self, key: Any, value: Any) -> None:
        self.key = key
        self.value = value

    def __eq__(self, other: object) -> bool:
        return isinstance(other, KeyValuePair) and (self.key, self.value) == (other.key, other.value)

    def __hash__(self) -> int:
        return hash((self.key, self.value))


class Grouping:
    """An `IGrouping<K, T>`."""

    __slots__ = ("items", "key")

    def __init__(self, key: Any, items: list[Any]) -> None:
        self.key = key
        self.items = items

    def __iter__(self) -> Iterator[Any]:
        return iter(self.items)


class Anonymous:
    """An object of an anonymous type: its members' names and (boxed) values."""

    __slots__ = ("names", "type", "values")

    def __init__(self, type_: Type, names: tuple[str, ...], values: tuple[Any, ...]) -> None:
        self.type = type_
        self.names = names
        self.values = values

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Anonymous) and (self.type, self.values) == (other.type, other.values)

    def __hash__(self) -> int:
        return hash((self.names, self.values))


class ExceptionValue:
    """A C# exception object."""

    __slots__ = ("inner", "kind", "message")

    def __init__(self, kind: str, message: str, inner: ExceptionValue | None = None) -> None:
        self.kind = kind
        self.message = message
        self.inner = inner


BOXES: Final[dict[str, type]] = {
    "long": Long,
    "uint": UInt,
    "ulong": ULong,
    "short": Short,
    "ushort": UShort,
    "byte": Byte,
    "sbyte": SByte,
    "float": Single,
    "char": Char,
}
"""The classes of values whose type the Python value alone does not tell."""

_EXACT: Final[dict[type, Type]] = {str: STRING, bool: BOOL, int: INT, float: DOUBLE, Decimal: DECIMAL}


def type_of(value: Any) -> Type:
    """The C# type of a value other than null."""
    found = _EXACT.get(value.__class__)
    if found is not None:
        return found
    if isinstance(value, Array | List):
        return Type("[]" if isinstance(value, Array) else "List", (value.element,))
    if isinstance(value, Dictionary):
        return Type("Dictionary", value.arguments)
    if isinstance(value, ExceptionValue):
        return Type(value.kind.rpartition(".")[2])
    type_ = getattr(value, "type", None)  # a constant name: ours, not the source's
    return type_ if isinstance(type_, Type) else OBJECT


def null_reference() -> ThrownError:
    """What using null throws."""
    return ThrownError("System.NullReferenceException", "Object reference not set to an instance of an object.")


def argument_null(name: str) -> ThrownError:
    """What passing null throws, in the words of modern .NET."""
    return ThrownError("System.ArgumentNullException", f"Value cannot be null. (Parameter '{name}')")


def out_of_range(name: str, message: str) -> ThrownError:
    """An argument is out of range."""
    return ThrownError("System.ArgumentOutOfRangeException", f"{message} (Parameter '{name}')")


def index_range() -> ThrownError:
    """A list's index is out of range."""
    message = "Index was out of range. Must be non-negative and less than the size of the collection."
    return out_of_range("index", message)


def invalid_operation(message: str) -> ThrownError:
    """A System.InvalidOperationException."""
    return ThrownError("System.InvalidOperationException", message)


def argument_error(message: str) -> ThrownError:
    """A System.ArgumentException."""
    return ThrownError("System.ArgumentException", message)


def format_error(message: str) -> ThrownError:
    """A System.FormatException."""
    return ThrownError("System.FormatException", message)


def overflow(name: str) -> ThrownError:
    """A value does not fit its type."""
    return ThrownError("System.OverflowException", f"Value was either too large or too small for {name}.")


def iterate(value: Any) -> Iterable[Any]:
    """What walking a value as an `IEnumerable<T>` gives. Raises ThrownError for null."""
    if value is None:
        raise argument_null("source")
    if isinstance(value, Mapping):
        return [KeyValuePair(key, each) for key, each in value.items()]
    found: Iterable[Any] = value
    return found
