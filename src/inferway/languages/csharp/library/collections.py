"""Lists, arrays, sets, and the interfaces of collections."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Final

from inferway.languages.csharp.budget import room
from inferway.languages.csharp.errors import ThrownError
from inferway.languages.csharp.library.dictionaries import DICTIONARY, clear
from inferway.languages.csharp.types import Type
from inferway.languages.csharp.universe import Class
from inferway.languages.csharp.values import Array, Grouping, KeyValuePair, List, Sequence, index_range, iterate


def _array_at(self: list[Any], index: int) -> Any:
    if not 0 <= index < len(self):
        raise ThrownError("System.IndexOutOfRangeException", "Index was outside the bounds of the array.")
    return self[index]


def _array_put(self: list[Any], index: int, value: Any) -> None:
    _array_at(self, index)
    self[index] = value


def list_at(self: list[Any], index: int) -> Any:
    """An element of a list. Raises ThrownError."""
    if not 0 <= index < len(self):
        raise index_range()
    return self[index]


def _list_put(self: list[Any], index: int, value: Any) -> None:
    list_at(self, index)
    self[index] = value


def _list_add(self: list[Any], value: Any) -> None:
    room(len(self) + 1)
    self.append(value)


def _list_extend(self: list[Any], values: Iterable[Any]) -> None:
    for each in list(iterate(values)):
        _list_add(self, each)


def _list_remove(self: list[Any], value: Any) -> bool:
    if value in self:
        self.remove(value)
        return True
    return False


def _list_delete(self: list[Any], index: int) -> None:
    list_at(self, index)
    del self[index]


def _list_insert(self: list[Any], index: int, value: Any) -> None:
    if not 0 <= index <= len(self):
        raise index_range()
    room(len(self) + 1)
    self.insert(index, value)


def _remove_all(self: list[Any], match: Callable[[Any], bool]) -> int:
    kept = [each for each in self if not match(each)]
    count = len(self) - len(kept)
    self[:] = kept
    return count


def _index(self: list[Any], value: Any) -> int:
    return self.index(value) if value in self else -1


def _find(self: list[Any], match: Callable[[Any], bool]) -> Any:
    return next((each for each in self if match(each)), None)


def _each(self: list[Any], action: Callable[[Any], Any]) -> None:
    for item in list(self):
        action(item)


def _reverse(self: list[Any]) -> None:
    self.reverse()


class HashSet(dict[Any, None]):
    """A HashSet in the order of insertion."""

    def __init__(self, element: Type, items: Iterable[Any] = ()) -> None:
        super().__init__(dict.fromkeys(items))
        self.type = Type("HashSet", (element,))

    def include(self, value: Any) -> bool:
        """`Add`."""
        room(len(self) + 1)
        new = value not in self
        self[value] = None
        return new


def _discard(self: HashSet, value: Any) -> bool:
    return self.pop(value, self) is None


_LIST_MEMBERS: Final[dict[str, Callable[..., Any]]] = {
    "new()": lambda types: List((), types[0]),
    "new(int capacity)": lambda types, _: List((), types[0]),
    "new(IEnumerable<T> collection)": lambda types, items: List(iterate(items), types[0]),
    "int Count": len,
    "T this[int index]": list_at,
    "set T this[int index]": _list_put,
    "void Add(T item)": _list_add,
    "void AddRange(IEnumerable<T> collection)": _list_extend,
    "void Insert(int index, T item)": _list_insert,
    "bool Remove(T item)": _list_remove,
    "void RemoveAt(int index)": _list_delete,
    "int RemoveAll(Predicate<T> match)": _remove_all,
    "void Clear()": clear,
    "bool Contains(T item)": lambda self, value: value in self,
    "int IndexOf(T item)": _index,
    "T Find(Predicate<T> match)": _find,
    "List<T> FindAll(Predicate<T> match)": lambda self, match: List(
        [each for each in self if match(each)], self.element
    ),
    "bool Exists(Predicate<T> match)": lambda self, match: any(match(each) for each in self),
    "bool TrueForAll(Predicate<T> match)": lambda self, match: all(match(each) for each in self),
    "void ForEach(Action<T> action)": _each,
    "T[] ToArray()": lambda self: Array(self, self.element),
    "void Sort()": lambda self: self.sort(),
    "void Reverse()": _reverse,
    "List<T> GetRange(int index, int count)": lambda self, at, count: List(self[at : at + count], self.element),
}


_ARRAY_MEMBERS: Final[dict[str, Callable[..., Any]]] = {
    "int Length": len,
    "int Count": len,
    "T this[int index]": _array_at,
    "set T this[int index]": _array_put,
}


_SET: Final[dict[str, Callable[..., Any]]] = {
    "new()": lambda types: HashSet(types[0]),
    "new(IEnumerable<T> collection)": lambda types, items: HashSet(types[0], iterate(items)),
    "bool Add(T item)": HashSet.include,
    "bool Remove(T item)": _discard,
    "bool Contains(T item)": lambda self, value: value in self,
    "int Count": len,
}


_ARRAY_STATIC: Final[dict[str, Callable[..., Any]]] = {
    "static int IndexOf<T>(T[] array, T value)": lambda _, items, value: _index(items, value),
    "static bool Exists<T>(T[] array, Predicate<T> match)": lambda _, items, match: any(map(match, items)),
    "static T Find<T>(T[] array, Predicate<T> match)": lambda _, items, match: _find(items, match),
    "static T[] FindAll<T>(T[] array, Predicate<T> match)": lambda types, items, match: Array(
        filter(match, items), types[0]
    ),
    "static void Reverse<T>(T[] array)": lambda _, items: items.reverse(),
    "static void Sort<T>(T[] array)": lambda _, items: items.sort(),
    "static T[] Empty<T>()": lambda types: Array((), types[0]),
}


CLASSES: Final = (
    Class(name="[]", parameters=("T",), bases=("IReadOnlyList<T>", "IList<T>"), members=_ARRAY_MEMBERS),
    Class(name="List", parameters=("T",), bases=("IList<T>", "IReadOnlyList<T>"), members=_LIST_MEMBERS),
    Class(name="Array", members=_ARRAY_STATIC),
    Class(name="Dictionary", parameters=("K", "V"), bases=("IDictionary<K, V>",), members=DICTIONARY),
    Class(name="HashSet", parameters=("T",), bases=("ICollection<T>",), members=_SET, python=HashSet),
    Class(
        name="KeyValuePair",
        parameters=("K", "V"),
        python=KeyValuePair,
        members={
            "K Key": lambda self: self.key,
            "V Value": lambda self: self.value,
            "new(K key, V value)": lambda _, key, value: KeyValuePair(key, value),
        },
    ),
    Class(name="IEnumerable", parameters=("T",), python=(list, Sequence, Grouping)),
    Class(name="IReadOnlyCollection", parameters=("T",), bases=("IEnumerable<T>",), members={"int Count": len}),
    Class(
        name="ICollection",
        parameters=("T",),
        bases=("IEnumerable<T>",),
        members={
            "int Count": len,
            "bool Contains(T item)": lambda self, value: value in self,
            "void Add(T item)": _list_add,
        },
    ),
    Class(
        name="IReadOnlyList",
        parameters=("T",),
        bases=("IReadOnlyCollection<T>",),
        members={"T this[int index]": list_at},
    ),
    Class(
        name="IList",
        parameters=("T",),
        bases=("ICollection<T>",),
        members={"T this[int index]": list_at, "set T this[int index]": _list_put},
    ),
    Class(
        name="IDictionary",
        parameters=("K", "V"),
        bases=("IReadOnlyDictionary<K, V>",),
        members={
            each: DICTIONARY[each] for each in ("set V this[K key]", "void Add(K key, V value)", "bool Remove(K key)")
        },
    ),
    Class(name="IOrderedEnumerable", parameters=("T",), bases=("IEnumerable<T>",)),
    Class(
        name="IGrouping",
        parameters=("K", "T"),
        bases=("IEnumerable<T>",),
        python=Grouping,
        members={"K Key": lambda self: self.key},
    ),
)
