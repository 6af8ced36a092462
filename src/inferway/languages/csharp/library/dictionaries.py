"""Dictionary."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from inferway.languages.csharp.budget import room, spend_steps
from inferway.languages.csharp.errors import ThrownError
from inferway.languages.csharp.text import text_of
from inferway.languages.csharp.types import Type
from inferway.languages.csharp.values import Dictionary, argument_error, argument_null


def _key(self: Dictionary, key: Any) -> Any:
    if key is None:
        raise argument_null("key")
    return key.upper() if self.ignore_case and isinstance(key, str) else key


def _get(self: Dictionary, key: Any) -> Any:
    found = _find_key(self, key)
    if found is None:
        raise ThrownError(
            "System.Collections.Generic.KeyNotFoundException",
            f"The given key '{text_of(key)}' was not present in the dictionary.",
        )
    return self[found[0]]


def _find_key(self: Dictionary, key: Any) -> tuple[Any] | None:
    """The key as it stands in the dictionary."""
    wanted = _key(self, key)
    if not self.ignore_case:
        return (wanted,) if wanted in self else None
    spend_steps(len(self))
    return next(((each,) for each in self if _key(self, each) == wanted), None)


def _put(self: Dictionary, key: Any, value: Any) -> None:
    found = _find_key(self, key)
    room(len(self) + 1)
    self[found[0] if found else key] = value


def _add(self: Dictionary, key: Any, value: Any) -> None:
    if _find_key(self, key) is not None:
        raise argument_error(f"An item with the same key has already been added. Key: {text_of(key)}")
    _put(self, key, value)


def _drop(self: Dictionary, key: Any) -> bool:
    found = _find_key(self, key)
    if found is not None:
        del self[found[0]]
    return found is not None


def _try_get(types: Type) -> Callable[..., Any]:
    del types

    def attempt(self: Dictionary, key: Any) -> tuple[bool, Any]:
        found = _find_key(self, key)
        return (False, None) if found is None else (True, self[found[0]])

    return attempt


def ignoring(types: tuple[Type, ...], comparer: int, items: Any = ()) -> Dictionary:
    """A dictionary whose keys compare by a comparer of strings."""
    made = Dictionary({}, types)
    made.ignore_case = bool(comparer % 2)
    for key, value in dict(items).items():
        _put(made, key, value)
    return made


def clear(self: Any) -> None:
    """`Clear()`."""
    self.clear()


DICTIONARY: Final[dict[str, Callable[..., Any]]] = {
    "new()": lambda types: Dictionary({}, types),
    "new(int capacity)": lambda types, _: Dictionary({}, types),
    "new(StringComparer comparer)": ignoring,
    "new(IReadOnlyDictionary<K, V> dictionary)": lambda types, items: Dictionary(items, types),
    "new(IReadOnlyDictionary<K, V> dictionary, StringComparer comparer)": lambda types, items, how: ignoring(
        types, how, items
    ),
    "int Count": len,
    "V this[K key]": _get,
    "set V this[K key]": _put,
    "void Add(K key, V value)": _add,
    "bool Remove(K key)": _drop,
    "bool ContainsKey(K key)": lambda self, key: _find_key(self, key) is not None,
    "bool ContainsValue(V value)": lambda self, value: value in self.values(),
    "bool TryGetValue(K key, out V value)": _try_get(Type("object")),
    "IEnumerable<K> Keys": list,
    "IEnumerable<V> Values": lambda self: list(self.values()),
    "void Clear()": clear,
}
