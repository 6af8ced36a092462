"""The Java values that a template meets, where Python's own types do not say enough.

A `str` is a String, a `bool` a Boolean, a `float` a Double, a `Decimal` a BigDecimal, `None` null. An `int` is an
Integer, Long or BigInteger by its size; the subclasses below mark a wider type with a small value. A `dict` is a
LinkedHashMap and a `list` an ArrayList.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from _collections_abc import dict_items, dict_keys, dict_values

from inferway.languages.vtl.limits import COLLECTION_SIZE


class JavaFailure(Exception):  # noqa: N818 - it is a Java exception, carried to the place that reports it
    """A method threw; the text is the Java exception's."""


class JavaLong(int):
    """A Long whose value would fit an Integer."""

    __slots__ = ()


class JavaBigInteger(int):
    """A BigInteger whose value would fit a Long."""

    __slots__ = ()


class JavaCharacter(str):
    """A Character: prints like a string of one, but is none."""

    __slots__ = ()


class JavaHashMap(dict[Any, Any]):
    """A map that iterates in the order of a Java HashMap's buckets.

    `table_size` is the number of buckets (a power of two); it doubles as the map fills beyond three quarters, as Java's
    does. Keys of one bucket keep the order in which they came.
    """

    __slots__ = ("table_size",)

    def __init__(self, items: Mapping[Any, Any] | Iterable[tuple[Any, Any]] = (), *, table_size: int = 16) -> None:
        super().__init__(items)
        self.table_size = table_size

    def _ordered(self) -> list[Any]:
        size = self.table_size
        while len(self) * 4 > size * 3:
            size *= 2
        self.table_size = size
        mask = size - 1
        return sorted(dict.__iter__(self), key=lambda key: _spread(java_hash(key)) & mask)

    def __iter__(self) -> Iterator[Any]:
        return iter(self._ordered())

    def keys(self) -> dict_keys[Any, Any]:
        """The keys, in bucket order."""
        return dict.fromkeys(self._ordered()).keys()

    def values(self) -> dict_values[Any, Any]:
        """The values, in bucket order."""
        return {key: self[key] for key in self._ordered()}.values()

    def items(self) -> dict_items[Any, Any]:
        """The entries, in bucket order."""
        return {key: self[key] for key in self._ordered()}.items()


class JsonList(list[Any]):
    """A list that prints as JSON: json-smart's JSONArray, which Jayway's JSONPath gives."""

    __slots__ = ()


class JavaArray(list[Any]):
    """An array, such as `split` gives: read by index, of fixed size."""

    element = "java.lang.String"

    @classmethod
    def of(cls, element: str, items: Iterable[Any]) -> JavaArray:
        """An array of another element type."""
        array = cls(items)
        array.element = element
        return array


class JavaSet(list[Any]):
    """The elements of a set in their order (a map's keys or entries); has no index."""

    __slots__ = ("backing",)

    def __init__(self, items: Iterable[Any] = (), backing: dict[Any, Any] | None = None) -> None:
        super().__init__(items)
        self.backing = backing


class JavaCollection(JavaSet):
    """The values of a map; has no index either, and is equal only to itself."""

    __slots__ = ()


class MapEntry:
    """One entry of a map."""

    __slots__ = ("backing", "key")

    def __init__(self, backing: dict[Any, Any], key: Any) -> None:
        self.backing = backing
        self.key = key

    @property
    def value(self) -> Any:
        """The map's value at the key, now."""
        return self.backing.get(self.key)


class JavaIterator:
    """An iterator over a snapshot of a collection."""

    __slots__ = ("at", "items")

    def __init__(self, items: list[Any]) -> None:
        self.items = items
        self.at = 0


class JavaClass:
    """A value's class: its name, and through `kind` (the Python class) its static methods; nothing more."""

    __slots__ = ("kind", "name")

    def __init__(self, name: str, kind: type) -> None:
        self.name = name
        self.kind = kind


class ForeachScope(dict[Any, Any]):
    """`$foreach`: the state of one loop, and a map of whatever a template puts into it."""

    __slots__ = ("has_next", "index", "parent", "replaced")

    def __init__(self, replaced: Any) -> None:
        super().__init__()
        self.index = -1
        self.has_next = False
        self.replaced = replaced
        self.parent = replaced if isinstance(replaced, ForeachScope) else None


def java_hash(value: Any) -> int:
    """The value's `hashCode()`, a signed 32-bit number.

    Raises JavaFailure beyond 1,000,000 elements or 100 nested containers.
    """
    return _Hashing().of(value, 0)


class _Hashing:
    __slots__ = ("_room",)

    def __init__(self) -> None:
        self._room = COLLECTION_SIZE

    def of(self, value: Any, depth: int) -> int:
        if isinstance(value, str):
            return string_hash(value)
        if value is None:
            return 0
        if isinstance(value, bool):
            return 1231 if value else 1237
        if isinstance(value, int):
            return _integer_hash(value)
        if isinstance(value, float):
            return _double_hash(value)
        self._room -= 1
        if depth > 100 or self._room < 0:
            raise JavaFailure("java.lang.StackOverflowError")
        return _signed(self._container(value, depth + 1))

    def _container(self, value: Any, depth: int) -> int:
        if isinstance(value, dict):
            return sum(self.of(key, depth) ^ self.of(item, depth) for key, item in value.items())
        if isinstance(value, JavaSet):
            return sum(self.of(item, depth) for item in value)
        if isinstance(value, list):
            total = 1
            for item in value:
                total = (31 * total + self.of(item, depth)) & 0xFFFFFFFF
            return total
        if isinstance(value, MapEntry):
            return self.of(value.key, depth) ^ self.of(value.value, depth)
        return 0


def string_hash(text: str) -> int:
    """`String.hashCode()` over UTF-16 units."""
    total = 0
    if text.isascii():
        for byte in text.encode():
            total = (31 * total + byte) & 0xFFFFFFFF
        return _signed(total)
    units = text.encode("utf-16-le", "surrogatepass")
    for at in range(0, len(units), 2):
        total = (31 * total + units[at] + (units[at + 1] << 8)) & 0xFFFFFFFF
    return _signed(total)


def _integer_hash(value: int) -> int:
    if -0x80000000 <= value <= 0x7FFFFFFF and value.__class__ is not JavaBigInteger:
        if value.__class__ is JavaLong:
            unsigned = value & 0xFFFFFFFFFFFFFFFF
            return _signed(unsigned ^ (unsigned >> 32))
        return int(value)
    if -(2**63) <= value < 2**63 and value.__class__ is not JavaBigInteger:
        unsigned = value & 0xFFFFFFFFFFFFFFFF
        return _signed(unsigned ^ (unsigned >> 32))
    magnitude, total = abs(value), 0
    words = []
    while magnitude:
        words.append(magnitude & 0xFFFFFFFF)
        magnitude >>= 32
    for word in reversed(words):
        total = (31 * total + word) & 0xFFFFFFFF
    return _signed(total * (1 if value >= 0 else -1))


def _double_hash(value: float) -> int:
    bits: int = 0x7FF8 << 48 if math.isnan(value) else struct.unpack(">Q", struct.pack(">d", value))[0]
    return _signed(bits ^ (bits >> 32))


def _signed(value: int) -> int:
    value &= 0xFFFFFFFF
    return value - 0x100000000 if value & 0x80000000 else value


def _spread(value: int) -> int:
    unsigned = value & 0xFFFFFFFF
    return unsigned ^ (unsigned >> 16)
