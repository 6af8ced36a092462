"""Finds what `.name`, `.name(…)` and `[…]` mean on a value, in tables by type, name and argument count.

**Host objects.** A context may hold objects of its maker's own classes. Such a class carries literal tables, and
nothing else of it can be reached:

- `vtl_methods: Mapping[tuple[str, int], Callable[..., object]]`: (name, argument count) → function of
  `(self, *arguments)`. Return None for null, `""` for Java's void.
- `vtl_properties: Mapping[str, Callable[[Self], object]]`: name → function of `(self)`, called at each use, so a
  property may be computed late.
- `vtl_assign: Mapping[str, Callable[[Self, object], None]]`: what `#set($host.name = …)` does.
- `vtl_text(self) -> str`: how it prints.

All are optional. An exception raised by one of these functions becomes a VtlError at the place of the call.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final

from inferway.languages.vtl.arithmetic import width
from inferway.languages.vtl.members import collection_methods, number_methods, object_methods, string_methods
from inferway.languages.vtl.members.scope_methods import SCOPE, SCOPE_PROPERTIES
from inferway.languages.vtl.members.signature import Method, fits
from inferway.languages.vtl.values import (
    ForeachScope,
    JavaArray,
    JavaBigInteger,
    JavaCharacter,
    JavaClass,
    JavaCollection,
    JavaFailure,
    JavaHashMap,
    JavaIterator,
    JavaLong,
    JavaSet,
    JsonList,
    MapEntry,
)

Applied = Callable[..., Any]

_INTEGERS: Final[tuple[tuple[Method, ...], ...]] = (
    (*number_methods.INTEGER, *object_methods.METHODS),
    (*number_methods.LONG, *object_methods.METHODS),
    (*number_methods.BIG_INTEGER, *object_methods.METHODS),
)

_FAMILIES: Final[dict[type, tuple[Method, ...]]] = {
    str: (*string_methods.STRING, *object_methods.METHODS),
    JavaCharacter: (*string_methods.CHARACTER, *object_methods.METHODS),
    JavaLong: _INTEGERS[1],
    JavaBigInteger: _INTEGERS[2],
    float: (*number_methods.DOUBLE, *object_methods.METHODS),
    Decimal: (*number_methods.DECIMAL, *object_methods.METHODS),
    bool: (*number_methods.BOOLEAN, *object_methods.METHODS),
    dict: (*collection_methods.MAP, *object_methods.METHODS),
    JavaHashMap: (*collection_methods.MAP, *object_methods.METHODS),
    ForeachScope: (*SCOPE, *collection_methods.MAP, *object_methods.METHODS),
    list: (*collection_methods.LIST, *object_methods.METHODS),
    JsonList: (*collection_methods.JSON_LIST, *object_methods.METHODS),
    JavaArray: (*collection_methods.ARRAY, *object_methods.METHODS),
    JavaSet: (*collection_methods.SET, *object_methods.METHODS),
    JavaCollection: (*collection_methods.SET, *object_methods.METHODS),
    MapEntry: (*collection_methods.ENTRY, *object_methods.METHODS),
    JavaIterator: (*collection_methods.ITERATOR, *object_methods.METHODS),
}
_STATIC: Final = frozenset(
    {
        *(
            "valueOf",
            "join",
            "copyValueOf",
            "parseInt",
            "parseLong",
            "parseDouble",
            "parseBoolean",
            "compare",
            "decode",
        ),
        *("max", "min", "sum", "bitCount", "signum", "toBinaryString", "toHexString", "toOctalString", "toString"),
        *("highestOneBit", "lowestOneBit", "numberOfLeadingZeros", "numberOfTrailingZeros", "reverse", "reverseBytes"),
        *("rotateLeft", "rotateRight"),
        *("isFinite", "isInfinite", "isNaN", "logicalAnd", "logicalOr", "logicalXor", "getNumericValue", "isDigit"),
        *("isLetter", "isLetterOrDigit", "isLowerCase", "isUpperCase", "isWhitespace", "toLowerCase", "toUpperCase"),
    }
)
_VARIADIC: Final[dict[type, tuple[Method, ...]]] = {str: string_methods.STRING_VARIADIC}


def _nothing(*_: Any) -> None:
    """No such method: null."""


# Their form without arguments is another one's empty array.
_WITHOUT: Final = frozenset({"toArray", "valueOf"})


def _too_many(*_: Any) -> Any:
    raise JavaFailure("java.lang.IllegalArgumentException: wrong number of arguments")


def _overloads(table: tuple[Method, ...], name: str, count: int) -> Applied:
    found = [each for each in table if each.name == name and len(each.parameters) == count]
    if count and name not in _WITHOUT and any(each.name == name and not each.parameters for each in table):
        # Velocity 1.7 takes a method without parameters for applicable to any arguments, and then fails to call it.
        return _chosen((*found, Method(name=name, parameters="", apply=_too_many)))
    if not found:
        return _nothing
    if len(found) == 1 and set(found[0].parameters) <= {"o"}:
        return found[0].apply
    if len(found) == 1:
        return _checked(found[0])
    return _chosen(tuple(found))


def _checked(only: Method) -> Applied:
    apply, parameters = only.apply, only.parameters

    def call(receiver: Any, *arguments: Any) -> Any:
        return apply(receiver, *arguments) if fits(parameters, arguments) else None

    def call_with_string(receiver: Any, argument: Any) -> Any:
        if argument.__class__ is str or fits(parameters, (argument,)):
            return apply(receiver, argument)
        return None

    return call_with_string if parameters in ("s", "q") else call


def _chosen(overloads: tuple[Method, ...]) -> Applied:
    def call(receiver: Any, *arguments: Any) -> Any:
        for each in overloads:
            if each.apply is _too_many or fits(each.parameters, arguments):
                return each.apply(receiver, *arguments)
        return None

    return call


def _variadic(table: tuple[Method, ...], name: str, count: int) -> Applied:
    for each in table:
        if each.name == name and count >= len(each.parameters):
            fixed = len(each.parameters)

            def call(receiver: Any, *arguments: Any, found: Method = each, fixed: int = fixed) -> Any:
                return found.apply(receiver, *arguments) if fits(found.parameters, arguments[:fixed]) else None

            return call
    return _nothing


class CallSite(dict[type, Applied]):
    """What calling one name with one number of arguments does, by the receiver's class; filled as classes come."""

    def __init__(self, name: str, count: int) -> None:
        super().__init__()
        self._name = name
        self._count = count

    def __missing__(self, receiver: type) -> Applied:
        found = self._resolve(receiver)
        self[receiver] = found
        return found

    def _resolve(self, receiver: type) -> Applied:
        if receiver is type(None):
            return _nothing
        if receiver is int:
            return self._integer()
        if receiver is JavaClass:
            return self._static
        for kind in receiver.__mro__:
            if kind in _FAMILIES:
                found = _overloads(_FAMILIES[kind], self._name, self._count)
                if found is _nothing or (kind is str and self._name == "join"):
                    variadic = _variadic(_VARIADIC.get(kind, ()), self._name, self._count)
                    return _either(found, variadic) if variadic is not _nothing else found
                return found
        table: Mapping[tuple[str, int], Applied] = getattr(receiver, "vtl_methods", {})
        wrong = _too_many if self._count and (self._name, 0) in table else _nothing
        return table.get((self._name, self._count), wrong)

    def _static(self, receiver: JavaClass, *arguments: Any) -> Any:
        """On a class: its name, or a static method of the class that it stands for; an instance's method fails."""
        if self._name == "getName" and not arguments:
            return receiver.name
        table = _INTEGERS[0] if receiver.kind is int else _FAMILIES.get(receiver.kind, ())
        if receiver.kind is JavaClass:
            return None
        if receiver.kind is str and self._name in ("format", "join"):
            return _variadic(string_methods.STRING_VARIADIC, self._name, self._count)("", *arguments)
        known = [each.parameters for each in table if each.name == self._name]
        if not any(not each or (len(each) == self._count and fits(each, arguments)) for each in known):
            return None
        if not (self._name in _STATIC and self._count):
            raise JavaFailure("java.lang.IllegalArgumentException: object is not an instance of declaring class")
        return _overloads(table, self._name, self._count)(None, *arguments)

    def _integer(self) -> Applied:
        by_width = tuple(_overloads(table, self._name, self._count) for table in _INTEGERS)

        def call(receiver: int, *arguments: Any) -> Any:
            return by_width[width(receiver)](receiver, *arguments)

        return call


def _either(first: Applied, second: Applied) -> Applied:
    def call(receiver: Any, *arguments: Any) -> Any:
        found = first(receiver, *arguments)
        return second(receiver, *arguments) if found is None else found

    return call


@lru_cache(maxsize=4_096)
def call_site(name: str, count: int) -> CallSite:
    """The table for calls of `name` with `count` arguments."""
    return CallSite(name, count)


def _is_empty(value: Any) -> bool:
    return not value


_PROPERTIES: Final[dict[tuple[type, str], Callable[[Any], Any]]] = {
    (str, "empty"): _is_empty,
    (str, "blank"): lambda text: not text.strip(),
    (str, "bytes"): string_methods.to_bytes,
    (list, "empty"): _is_empty,
    (JsonList, "empty"): _is_empty,
    (JavaSet, "empty"): _is_empty,
    (JavaCollection, "empty"): _is_empty,
    (float, "infinite"): math.isinf,
    (float, "naN"): math.isnan,
    (MapEntry, "key"): lambda entry: entry.key,
    (MapEntry, "value"): lambda entry: entry.value,
    (JavaClass, "name"): lambda value: value.name,
    **{(ForeachScope, name): function for name, function in SCOPE_PROPERTIES.items()},
}


def get_property(value: Any, name: str) -> Any:
    """`value.name`: a getter, then a map's key."""
    if value is None:
        return None
    kind = value.__class__
    if name == "class" and kind in _KNOWN and kind is not JavaClass:
        return object_methods.class_of(value)
    getter = _PROPERTIES.get((kind, name))
    if getter is not None:
        return getter(value)
    if isinstance(value, dict):
        return value.get(name)
    if kind in _KNOWN:
        return None
    getter = getattr(kind, "vtl_properties", {}).get(name)
    return getter(value) if getter is not None else None


_KNOWN: Final = frozenset({*_FAMILIES, JavaClass, int, type(None)})


def set_property(value: Any, name: str, new: Any) -> None:
    """`#set(value.name = new)`: a setter, or a map's key; else nothing happens."""
    if isinstance(value, dict):
        collection_methods.map_put(value, name, new)
    elif isinstance(value, MapEntry):
        if name == "value":
            value.backing[value.key] = new
    elif value.__class__ not in _KNOWN:
        assign = getattr(value.__class__, "vtl_assign", {}).get(name)
        if assign is not None:
            assign(value, new)


_get: Final = call_site("get", 1)


def _from_end(value: Any, index: Any) -> Any:
    if index.__class__ is int and index < 0:
        size = call_site("size", 0)[value.__class__](value)
        if size is None:
            raise JavaFailure("A 'size()' method is required for a negative index")
        return size + index
    return index


_INDEXED: Final = frozenset({list, JsonList})


def get_index(value: Any, index: Any) -> Any:
    """`value[index]`: `value.get(index)`; a negative index counts from the end."""
    if index.__class__ is int and value.__class__ in _INDEXED and 0 <= index < len(value):
        return value[index]
    if index.__class__ is int and index < 0 and value is not None:
        index = _from_end(value, index)
    return _get[value.__class__](value, index)


def set_index(value: Any, index: Any, new: Any) -> None:
    """`#set(value[index] = new)`: `set` or `put`; else nothing happens."""
    index = _from_end(value, index)
    if isinstance(value, dict):
        collection_methods.map_put(value, index, new)
    elif isinstance(value, list) and not isinstance(value, JavaSet):
        if index.__class__ is int:
            collection_methods.list_set(value, index, new)
    elif value.__class__ not in _KNOWN:
        table = getattr(value.__class__, "vtl_methods", {})
        found = table.get(("set", 2)) or table.get(("put", 2))
        if found is not None:
            found(value, index, new)


def iterate(value: Any) -> list[Any] | None:
    """What `#foreach` runs over: a list's elements, a map's values, the rest of an iterator; None for anything else."""
    if isinstance(value, list):
        return value
    if isinstance(value, dict):
        return list(value.values())
    if isinstance(value, JavaIterator):
        rest = value.items[value.at :]
        value.at = len(value.items)
        return rest
    return None
