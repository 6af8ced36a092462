"""Lists, maps, their views, entries, iterators and arrays."""

from __future__ import annotations

from functools import cmp_to_key
from typing import Any, Final

from inferway.languages.vtl.arithmetic import is_number
from inferway.languages.vtl.equality import java_equals
from inferway.languages.vtl.limits import COLLECTION_SIZE
from inferway.languages.vtl.members.signature import Method, method
from inferway.languages.vtl.text import java_text
from inferway.languages.vtl.values import (
    JavaArray,
    JavaCollection,
    JavaFailure,
    JavaIterator,
    JavaSet,
    MapEntry,
)

_Items = list[Any]
_Map = dict[Any, Any]


def _room(size: int) -> None:
    if size > COLLECTION_SIZE:
        raise JavaFailure("java.lang.OutOfMemoryError: the collection is too large")


def _outside(index: int, size: int) -> JavaFailure:
    return JavaFailure(f"java.lang.IndexOutOfBoundsException: Index {index} out of bounds for length {size}")


def list_get(items: _Items, index: int) -> Any:
    """`items.get(index)`."""
    if not 0 <= index < len(items):
        raise _outside(index, len(items))
    return items[index]


def list_set(items: _Items, index: int, value: Any) -> Any:
    """`items.set(index, value)`: the old element."""
    if not 0 <= index < len(items):
        raise _outside(index, len(items))
    old, items[index] = items[index], value
    return old


def _add(items: _Items, value: Any) -> bool:
    _room(len(items) + 1)
    items.append(value)
    return True


def _insert(items: _Items, index: int, value: Any) -> str:
    if not 0 <= index <= len(items):
        raise JavaFailure(f"java.lang.IndexOutOfBoundsException: Index: {index}, Size: {len(items)}")
    _room(len(items) + 1)
    items.insert(index, value)
    return ""


def _elements(items: _Items | None) -> _Items:
    if items is None:
        raise JavaFailure("java.lang.NullPointerException")
    return items


def _add_all(items: _Items, others: _Items) -> bool:
    _room(len(items) + len(_elements(others)))
    items.extend(list(others))
    return bool(others)


def _insert_all(items: _Items, index: int, others: _Items) -> bool:
    if not 0 <= index <= len(items):
        raise JavaFailure(f"java.lang.IndexOutOfBoundsException: Index: {index}, Size: {len(items)}")
    _room(len(items) + len(_elements(others)))
    items[index:index] = list(others)
    return bool(others)


def _remove_at(items: _Items, index: int) -> Any:
    if not 0 <= index < len(items):
        raise _outside(index, len(items))
    return items.pop(index)


def _index(items: _Items, value: Any) -> int:
    return next((at for at, item in enumerate(items) if java_equals(value, item)), -1)


def _last_index(items: _Items, value: Any) -> int:
    return next((at for at in range(len(items) - 1, -1, -1) if java_equals(value, items[at])), -1)


def _remove(items: _Items, value: Any) -> bool:
    at = _index(items, value)
    if at < 0:
        return False
    del items[at]
    return True


def _contains(items: _Items, value: Any) -> bool:
    return _index(items, value) >= 0


def _bounded_product(left: _Items, right: _Items) -> None:
    if len(left) * len(right) > COLLECTION_SIZE:
        raise JavaFailure("java.lang.OutOfMemoryError: the collections are too large")


def _contains_all(items: _Items, others: _Items) -> bool:
    _bounded_product(items, _elements(others))
    return all(_contains(items, other) for other in others)


def _keep(items: _Items, others: _Items, *, present: bool) -> bool:
    _bounded_product(items, _elements(others))
    kept = [item for item in items if _contains(others, item) is present]
    changed = len(kept) != len(items)
    items[:] = kept
    return changed


def _clear(items: _Items | _Map) -> str:
    items.clear()
    return ""


def _sub_list(items: _Items, begin: int, end: int) -> _Items:
    if begin < 0:
        raise JavaFailure(f"java.lang.IndexOutOfBoundsException: fromIndex = {begin}")
    if end > len(items):
        raise JavaFailure(f"java.lang.IndexOutOfBoundsException: toIndex = {end}")
    if begin > end:
        raise JavaFailure(f"java.lang.IllegalArgumentException: fromIndex({begin}) > toIndex({end})")
    return items[begin:end]


def _order(left: Any, right: Any) -> int:
    comparable = (is_number(left) and is_number(right)) or (isinstance(left, str) and isinstance(right, str))
    if not comparable:
        raise JavaFailure("java.lang.ClassCastException: the elements cannot be compared")
    return -1 if left < right else int(left > right)


def _sort(items: _Items, _: None) -> str:
    items.sort(key=cmp_to_key(_order))
    return ""


def _to_array(items: _Items) -> JavaArray:
    return JavaArray.of("java.lang.Object", items)


def _unsupported(*_: Any) -> Any:
    raise JavaFailure("java.lang.UnsupportedOperationException")


_READING: Final[tuple[Method, ...]] = (
    method("size", "", len),
    method("isEmpty", "", lambda items: not items),
    method("contains", "o", _contains),
    method("containsAll", "C", _contains_all),
    method("iterator", "", lambda items: JavaIterator(list(items))),
    method("toArray", "", _to_array),
)

LIST: Final[tuple[Method, ...]] = (
    *_READING,
    method("get", "i", list_get),
    method("set", "io", list_set),
    method("add", "o", _add),
    method("add", "io", _insert),
    method("addAll", "C", _add_all),
    method("addAll", "iC", _insert_all),
    method("remove", "i", _remove_at),
    method("remove", "o", _remove),
    method("removeAll", "C", lambda items, others: _keep(items, others, present=False)),
    method("retainAll", "C", lambda items, others: _keep(items, others, present=True)),
    method("clear", "", _clear),
    method("indexOf", "o", _index),
    method("lastIndexOf", "o", _last_index),
    method("listIterator", "", lambda items: JavaIterator(list(items))),
    method("sort", "0", _sort),
    method("subList", "ii", _sub_list),
)

JSON_LIST: Final[tuple[Method, ...]] = (
    *LIST,
    method("toJSONString", "", java_text),
    method("appendElement", "o", lambda items, value: [_add(items, value), items][1]),
)

ARRAY: Final[tuple[Method, ...]] = (
    *_READING,
    method("get", "i", list_get),
    method("set", "io", list_set),
    method("indexOf", "o", _index),
    method("lastIndexOf", "o", _last_index),
    method("subList", "ii", lambda items, begin, end: list(_sub_list(list(items), begin, end))),
    method("add", "o", _unsupported),
    method("add", "io", _unsupported),
    method("clear", "", lambda items: _unsupported() if items else ""),
    method("remove", "i", _unsupported),
)


def _view_remove(items: JavaSet, value: Any) -> bool:
    at = _index(items, value)
    if at < 0 or items.backing is None:
        return False
    key = items[at]
    if isinstance(key, MapEntry):
        key = key.key
    elif isinstance(items, JavaCollection):
        key = list(items.backing)[at]
    del items[at]
    items.backing.pop(key, None)
    return True


def _view_clear(items: JavaSet) -> str:
    items.clear()
    if items.backing is not None:
        items.backing.clear()
    return ""


def _view_keep(items: JavaSet, others: _Items, present: bool) -> bool:
    _bounded_product(items, _elements(others))
    gone = [item for item in items if _contains(others, item) is not present]
    for item in gone:
        _view_remove(items, item)
    return bool(gone)


SET: Final[tuple[Method, ...]] = (
    *_READING,
    method("add", "o", _unsupported),
    method("addAll", "C", _unsupported),
    method("remove", "o", _view_remove),
    method("removeAll", "C", lambda items, others: _view_keep(items, others, present=False)),
    method("retainAll", "C", lambda items, others: _view_keep(items, others, present=True)),
    method("clear", "", _view_clear),
)


def _usable(key: Any) -> bool:
    return key.__hash__ is not None


def map_get(entries: _Map, key: Any) -> Any:
    """`entries.get(key)`; nothing is found under a list or map."""
    try:
        return entries.get(key)
    except TypeError:
        return None


def map_put(entries: _Map, key: Any, value: Any) -> Any:
    """`entries.put(key, value)`: the old value."""
    if not _usable(key):
        raise JavaFailure("java.lang.UnsupportedOperationException: a list or map cannot be a key")
    old = entries.get(key)
    entries[key] = value
    _room(len(entries))
    return old


def _put_all(entries: _Map, others: _Map | None) -> str:
    if others is None:
        raise JavaFailure("java.lang.NullPointerException")
    for key, value in list(others.items()):
        map_put(entries, key, value)
    return ""


def _put_if_absent(entries: _Map, key: Any, value: Any) -> Any:
    old = map_get(entries, key)
    if old is None:
        map_put(entries, key, value)
    return old


def _get_or_default(entries: _Map, key: Any, value: Any) -> Any:
    return entries[key] if _usable(key) and key in entries else value


def _has_key(entries: _Map, key: Any) -> bool:
    return _usable(key) and key in entries


def _delete(entries: _Map, key: Any) -> Any:
    return entries.pop(key, None) if _usable(key) else None


def _delete_entry(entries: _Map, key: Any, value: Any) -> bool:
    if not _has_key(entries, key) or not java_equals(entries[key], value):
        return False
    del entries[key]
    return True


def _replace(entries: _Map, key: Any, value: Any) -> Any:
    return map_put(entries, key, value) if _has_key(entries, key) else None


def _replace_equal(entries: _Map, key: Any, old: Any, value: Any) -> bool:
    if not _has_key(entries, key) or not java_equals(entries[key], old):
        return False
    entries[key] = value
    return True


def entry_set(entries: _Map) -> JavaSet:
    """`entries.entrySet()`."""
    return JavaSet([MapEntry(entries, key) for key in entries], entries)


MAP: Final[tuple[Method, ...]] = (
    method("get", "o", map_get),
    method("put", "oo", map_put),
    method("putAll", "M", _put_all),
    method("putIfAbsent", "oo", _put_if_absent),
    method("getOrDefault", "oo", _get_or_default),
    method("containsKey", "o", _has_key),
    method("containsValue", "o", lambda entries, value: _contains(list(entries.values()), value)),
    method("remove", "o", _delete),
    method("remove", "oo", _delete_entry),
    method("replace", "oo", _replace),
    method("replace", "ooo", _replace_equal),
    method("size", "", len),
    method("isEmpty", "", lambda entries: not entries),
    method("clear", "", _clear),
    method("keySet", "", lambda entries: JavaSet(entries, entries)),
    method("values", "", lambda entries: JavaCollection(entries.values(), entries)),
    method("entrySet", "", entry_set),
)


def _set_value(entry: MapEntry, value: Any) -> Any:
    old = entry.value
    entry.backing[entry.key] = value
    return old


ENTRY: Final[tuple[Method, ...]] = (
    method("getKey", "", lambda entry: entry.key),
    method("getValue", "", lambda entry: entry.value),
    method("setValue", "o", _set_value),
)


def _next(iterator: JavaIterator) -> Any:
    if iterator.at >= len(iterator.items):
        raise JavaFailure("java.util.NoSuchElementException")
    iterator.at += 1
    return iterator.items[iterator.at - 1]


ITERATOR: Final[tuple[Method, ...]] = (
    method("hasNext", "", lambda iterator: iterator.at < len(iterator.items)),
    method("next", "", _next),
)
