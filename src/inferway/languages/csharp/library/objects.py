"""object, bool, Nullable, delegates and interfaces."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, Final

from inferway.languages.csharp.change_type import parse_bool
from inferway.languages.csharp.errors import ThrownError
from inferway.languages.csharp.json.tokens import JToken
from inferway.languages.csharp.text import full_name, text_of
from inferway.languages.csharp.types import Type
from inferway.languages.csharp.universe import Class
from inferway.languages.csharp.values import type_of


def equals(left: Any, right: Any) -> bool:
    """`left.Equals(right)`: the same type and value; tokens and collections by reference."""
    if left is None or right is None or isinstance(left, JToken | list | dict):
        return left is right
    return type_of(left) == type_of(right) and bool(left == right)


def hash_of(value: Any) -> int:
    """`GetHashCode()`: the number itself, else one that differs from run to run as in .NET."""
    if isinstance(value, int):
        return int(value)
    return (hash(value) if isinstance(value, str | float | Decimal) else id(value)) % 2**31


class TypeValue:
    """A System.Type."""

    type = Type("Type")

    def __init__(self, value: Type) -> None:
        self.value = value

    def csharp_text(self) -> str:
        """`ToString()`."""
        return full_name(self.value)


def _try_bool(text: str | None) -> tuple[bool, bool]:
    try:
        return True, parse_bool(text)
    except ThrownError:
        return False, False


_OBJECT: Final[dict[str, Callable[..., Any]]] = {
    "string ToString()": text_of,
    "bool Equals(object other)": equals,
    "int GetHashCode()": hash_of,
    "Type GetType()": lambda value: TypeValue(type_of(value)),
    "static bool Equals(object a, object b)": equals,
    "static bool ReferenceEquals(object a, object b)": lambda a, b: a is b,
}
_BOOL: Final[dict[str, Callable[..., Any]]] = {
    "static bool Parse(string value)": parse_bool,
    "static bool TryParse(string value, out bool result)": _try_bool,
    "static string TrueString": lambda: "True",
    "static string FalseString": lambda: "False",
    "bool Equals(bool other)": lambda a, b: a == b,
    "int CompareTo(bool other)": lambda a, b: int(a) - int(b),
}


def _item(self: Mapping[Any, Any], key: Any) -> Any:
    try:
        return self[key]
    except KeyError:
        raise ThrownError(
            "System.Collections.Generic.KeyNotFoundException",
            f"The given key '{text_of(key)}' was not present in the dictionary.",
        ) from None


CLASSES: Final[tuple[Class, ...]] = (
    Class(name="object", members=_OBJECT),
    Class(name="bool", members=_BOOL, python=bool),
    Class(name="enum", members={"bool HasFlag(object flag)": lambda value, flag: value & flag == flag}),
    Class(
        name="Type",
        python=TypeValue,
        members={
            "string Name": lambda value: full_name(value.value).rpartition(".")[2],
            "string FullName": lambda value: full_name(value.value),
        },
    ),
    Class(name="Func", parameters=("A", "B", "C", "D", "E")),
    Class(name="Action", parameters=("A", "B", "C", "D")),
    Class(name="Predicate", parameters=("T",)),
    Class(name="Comparison", parameters=("T",)),
    Class(name="IComparable"),
    Class(name="IFormattable"),
    Class(name="IFormatProvider"),
    Class(
        name="CultureInfo",
        bases=("IFormatProvider",),
        members={
            "static CultureInfo InvariantCulture": lambda: None,
            "static CultureInfo CurrentCulture": lambda: None,
            "new(string name)": lambda _: None,
        },
    ),
    Class(
        name="NumberFormatInfo",
        bases=("IFormatProvider",),
        members={
            "static NumberFormatInfo InvariantInfo": lambda: None,
        },
    ),
    Class(
        name="IReadOnlyDictionary",
        parameters=("K", "V"),
        bases=("IEnumerable<KeyValuePair<K, V>>",),
        python=Mapping,
        members={
            "V this[K key]": _item,
            "bool ContainsKey(K key)": lambda self, key: key in self,
            "int Count": len,
            "IEnumerable<K> Keys": list,
            "IEnumerable<V> Values": lambda self: list(self.values()),
            "bool TryGetValue(K key, out V value)": lambda self, key: (key in self, self.get(key)),
        },
    ),
)
