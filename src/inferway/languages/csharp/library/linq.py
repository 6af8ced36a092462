"""LINQ's methods over sequences, lazy where .NET's are."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from functools import cmp_to_key
from itertools import islice
from typing import Any, Final

from inferway.languages.csharp.arithmetic import arithmetic_overflow, fit_decimal
from inferway.languages.csharp.budget import room, spend_steps
from inferway.languages.csharp.json.convert import default_of
from inferway.languages.csharp.library.collections import HashSet
from inferway.languages.csharp.library.strings import compare_culture
from inferway.languages.csharp.types import INTEGRAL, Type, is_value_type
from inferway.languages.csharp.universe import Class
from inferway.languages.csharp.values import (
    Array,
    Dictionary,
    Grouping,
    List,
    Sequence,
    argument_error,
    argument_null,
    invalid_operation,
    iterate,
    out_of_range,
)

Types = tuple[Type, ...]
_EMPTY: Final = "Sequence contains no elements"
_NO_MATCH: Final = "Sequence contains no matching element"


def _lazy(source: Any, make: Callable[[], Iterable[Any]]) -> Sequence:
    if source is None:
        raise argument_null("source")
    return Sequence(make)


def _list(source: Any) -> list[Any]:
    found = list(_counted(iterate(source)))
    room(len(found))
    return found


def _counted(items: Iterable[Any]) -> Iterator[Any]:
    for at, each in enumerate(items):
        if at % 256 == 255:
            spend_steps(256)
        yield each


def _indexed(source: Any, function: Callable[..., Any]) -> Iterable[Any]:
    return (function(each, at) for at, each in enumerate(iterate(source)))


def _many(source: Any, function: Callable[[Any], Any]) -> Iterable[Any]:
    return (each for item in iterate(source) for each in iterate(function(item)))


def _first(source: Any, test: Callable[[Any], bool] | None = None) -> Any:
    for each in _counted(iterate(source)):
        if test is None or test(each):
            return each
    raise invalid_operation(_EMPTY if test is None else _NO_MATCH)


def _first_or(types: Types, source: Any, test: Callable[[Any], bool] | None = None) -> Any:
    for each in _counted(iterate(source)):
        if test is None or test(each):
            return each
    return default_of(types[0])


def _last(source: Any, test: Callable[[Any], bool] | None = None) -> Any:
    found = [each for each in _list(source) if test is None or test(each)]
    if not found:
        raise invalid_operation(_EMPTY if test is None else _NO_MATCH)
    return found[-1]


def _last_or(types: Types, source: Any, test: Callable[[Any], bool] | None = None) -> Any:
    found = [each for each in _list(source) if test is None or test(each)]
    return found[-1] if found else default_of(types[0])


def _single(types: Types | None, source: Any, test: Callable[[Any], bool] | None = None) -> Any:
    found = [each for each in _list(source) if test is None or test(each)]
    if len(found) > 1:
        raise invalid_operation(
            "Sequence contains more than one " + ("element" if test is None else "matching element")
        )
    if found:
        return found[0]
    if types is None:
        raise invalid_operation(_EMPTY if test is None else _NO_MATCH)
    return default_of(types[0])


def _count(source: Any, test: Callable[[Any], bool] | None = None) -> int:
    if test is None and isinstance(source, list | dict):
        return len(source)
    return sum(1 for each in _counted(iterate(source)) if test is None or test(each))


def _any(source: Any, test: Callable[[Any], bool] | None = None) -> bool:
    return any(test is None or test(each) for each in _counted(iterate(source)))


def _all(source: Any, test: Callable[[Any], bool]) -> bool:
    return all(test(each) for each in _counted(iterate(source)))


def _total(name: str) -> Callable[..., Any]:
    zero: Any = {"double": 0.0, "float": 0.0, "decimal": Decimal(0)}.get(name, 0)

    def call(_: Types, source: Any, value: Callable[[Any], Any] | None = None) -> Any:
        total = zero
        for each in _counted(iterate(source)):
            found = each if value is None else value(each)
            total += 0 if found is None else found
        if name in INTEGRAL and not INTEGRAL[name][0] <= total <= INTEGRAL[name][1]:
            raise arithmetic_overflow()
        return fit_decimal(total) if name == "decimal" else total

    return call


def _average(name: str) -> Callable[..., Any]:
    def call(_: Types, source: Any, value: Callable[[Any], Any] | None = None) -> Any:
        items = [each if value is None else value(each) for each in _list(source)]
        if not items:
            raise invalid_operation(_EMPTY)
        return fit_decimal(sum(items, Decimal(0)) / len(items)) if name == "decimal" else sum(items) / len(items)

    return call


def _order(left: Any, right: Any) -> int:
    if left is None or right is None:
        return (left is not None) - (right is not None)
    if isinstance(left, str):
        return compare_culture(left, right)
    try:
        return int(left > right) - int(left < right)
    except TypeError:
        raise argument_error("At least one object must implement IComparable.") from None


_KEY: Final = cmp_to_key(_order)


def _sort_key(type_: Type) -> Callable[[Any], Any]:
    """How values of a type sort: characters by their codes, strings by the culture."""
    return (lambda value: value) if type_.name == "char" else _KEY


def _extreme(*, largest: bool) -> Callable[..., Any]:
    def call(types: Types, source: Any, value: Callable[[Any], Any] | None = None) -> Any:
        items = [each if value is None else value(each) for each in _list(source)]
        items = [each for each in items if each is not None]
        if not items:
            if not is_value_type(types[-1]) or types[-1].name == "?":
                return None
            raise invalid_operation(_EMPTY)
        return max(items, key=_sort_key(types[-1])) if largest else min(items, key=_sort_key(types[-1]))

    return call


def _composed(key: Callable[[Any], Any], order: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda each: order(key(each))


class Ordered(Sequence):
    """An IOrderedEnumerable: its source with the keys to sort by, the most important first."""

    __slots__ = ("keys", "source")

    def __init__(self, source: Any, keys: tuple[tuple[Callable[[Any], Any], Any, bool], ...]) -> None:
        super().__init__(self._sorted)
        self.source = source
        self.keys = keys

    def _sorted(self) -> list[Any]:
        items = _list(self.source)
        for key, order, descending in reversed(self.keys):
            items.sort(key=_composed(key, order), reverse=descending)
        return items


def _sorted_by(*, descending: bool, then: bool = False) -> Callable[..., Any]:
    def call(types: Types, source: Any, key: Callable[[Any], Any]) -> Ordered:
        if source is None:
            raise argument_null("source")
        if then and isinstance(source, Ordered):
            return Ordered(source.source, (*source.keys, (key, _sort_key(types[1]), descending)))
        return Ordered(source, ((key, _sort_key(types[1]), descending),))

    return call


def _grouped(types: Types, source: Any, key: Callable[[Any], Any], value: Callable[[Any], Any] | None = None) -> Any:
    del types

    def make() -> list[Grouping]:
        found: dict[Any, Grouping] = {}
        for each in _list(source):
            name = key(each)
            found.setdefault(name, Grouping(name, [])).items.append(each if value is None else value(each))
        return list(found.values())

    return _lazy(source, make)


def _distinct(_: Types, source: Any) -> Sequence:
    return _lazy(source, lambda: list(dict.fromkeys(_list(source))))


def _dictionary(
    types: Types, source: Any, key: Callable[[Any], Any], value: Callable[[Any], Any] | None = None
) -> Dictionary:
    made = Dictionary({}, (types[1], types[-1] if value is not None else types[0]))
    for each in _list(source):
        name = key(each)
        if name is None:
            raise argument_null("key")
        if name in made:
            raise argument_error(f"An item with the same key has already been added. Key: {name}")
        made[name] = each if value is None else value(each)
    return made


def _at(types: Types | None, source: Any, index: int) -> Any:
    found = next(islice(iterate(source), index, None), _EMPTY) if index >= 0 else _EMPTY
    if found is not _EMPTY:
        return found
    if types is not None:
        return default_of(types[0])
    message = "Index was out of range. Must be non-negative and less than the size of the collection."
    raise out_of_range("index", message)


def _skip_while(source: Any, test: Callable[[Any], bool]) -> Iterable[Any]:
    skipping = True
    for each in iterate(source):
        skipping = skipping and test(each)
        if not skipping:
            yield each


def _take_while(source: Any, test: Callable[[Any], bool]) -> Iterable[Any]:
    for each in iterate(source):
        if not test(each):
            return
        yield each


def _aggregate(source: Any, function: Callable[[Any, Any], Any]) -> Any:
    items = iter(_counted(iterate(source)))
    try:
        total = next(items)
    except StopIteration:
        raise invalid_operation(_EMPTY) from None
    for each in items:
        total = function(total, each)
    return total


def _fold(source: Any, seed: Any, function: Callable[[Any, Any], Any]) -> Any:
    for each in _counted(iterate(source)):
        seed = function(seed, each)
    return seed


def _joined_by(_: Types, outer: Any, inner: Any, *functions: Callable[..., Any]) -> Sequence:
    outer_key, inner_key, result = functions

    def make() -> Iterable[Any]:
        found: dict[Any, list[Any]] = {}
        for each in _list(inner):
            found.setdefault(inner_key(each), []).append(each)
        return [result(each, other) for each in _list(outer) for other in found.get(outer_key(each), ())]

    return _lazy(outer, make)


def _range(start: int, count: int) -> Array:
    if count < 0:
        raise out_of_range("count", "Specified argument was out of the range of valid values.")
    room(count)
    return Array(range(start, start + count), Type("int"))


def _repeat(types: Types, value: Any, count: int) -> Array:
    room(count)
    return Array([value] * count, types[0])


def _without(source: Any, others: Any) -> list[Any]:
    left_out = set(_list(others))
    return [each for each in dict.fromkeys(_list(source)) if each not in left_out]


def _shared(source: Any, others: Any) -> list[Any]:
    wanted = set(_list(others))
    return [each for each in dict.fromkeys(_list(source)) if each in wanted]


def _same(source: Any, other: Any) -> bool:
    return _list(source) == _list(other)


def _over(function: Callable[..., Any]) -> Callable[[Any], Any]:
    return lambda source: function((), source)


_NUMBERS: Final = ("int", "long", "float", "double", "decimal")
_S: Final = "this IEnumerable<T> source"
_LINQ: Final[dict[str, Callable[..., Any]]] = {
    f"static IEnumerable<R> Select<T, R>({_S}, Func<T, R> f)": lambda _, s, f: _lazy(
        s, lambda: map(f, _counted(iterate(s)))
    ),
    f"static IEnumerable<R> Select<T, R>({_S}, Func<T, int, R> f)": lambda _, s, f: _lazy(s, lambda: _indexed(s, f)),
    f"static IEnumerable<T> Where<T>({_S}, Func<T, bool> f)": lambda _, s, f: _lazy(
        s, lambda: filter(f, _counted(iterate(s)))
    ),
    f"static IEnumerable<T> Where<T>({_S}, Func<T, int, bool> f)": lambda _, s, f: _lazy(
        s, lambda: (each for at, each in enumerate(iterate(s)) if f(each, at))
    ),
    f"static IEnumerable<R> SelectMany<T, R>({_S}, Func<T, IEnumerable<R>> f)": lambda _, s, f: _lazy(
        s, lambda: _many(s, f)
    ),
    f"static bool Any<T>({_S})": lambda _, s: _any(s),
    f"static bool Any<T>({_S}, Func<T, bool> f)": lambda _, s, f: _any(s, f),
    f"static bool All<T>({_S}, Func<T, bool> f)": lambda _, s, f: _all(s, f),
    f"static int Count<T>({_S})": lambda _, s: _count(s),
    f"static int Count<T>({_S}, Func<T, bool> f)": lambda _, s, f: _count(s, f),
    f"static long LongCount<T>({_S})": lambda _, s: _count(s),
    f"static T First<T>({_S})": lambda _, s: _first(s),
    f"static T First<T>({_S}, Func<T, bool> f)": lambda _, s, f: _first(s, f),
    f"static T FirstOrDefault<T>({_S})": _first_or,
    f"static T FirstOrDefault<T>({_S}, Func<T, bool> f)": _first_or,
    f"static T Last<T>({_S})": lambda _, s: _last(s),
    f"static T Last<T>({_S}, Func<T, bool> f)": lambda _, s, f: _last(s, f),
    f"static T LastOrDefault<T>({_S})": _last_or,
    f"static T LastOrDefault<T>({_S}, Func<T, bool> f)": _last_or,
    f"static T Single<T>({_S})": lambda _, s: _single(None, s),
    f"static T Single<T>({_S}, Func<T, bool> f)": lambda _, s, f: _single(None, s, f),
    f"static T SingleOrDefault<T>({_S})": _single,
    f"static T SingleOrDefault<T>({_S}, Func<T, bool> f)": _single,
    f"static T ElementAt<T>({_S}, int index)": lambda _, s, at: _at(None, s, at),
    f"static T ElementAtOrDefault<T>({_S}, int index)": _at,
    f"static bool Contains<T>({_S}, T value)": lambda _, s, value: any(each == value for each in iterate(s)),
    f"static bool Contains<T>({_S}, T value, StringComparer how)": lambda _, s, value, how: any(
        (each or "").upper() == (value or "").upper() if how % 2 else each == value for each in iterate(s)
    ),
    f"static List<T> ToList<T>({_S})": lambda types, s: List(_list(s), types[0]),
    f"static T[] ToArray<T>({_S})": lambda types, s: Array(_list(s), types[0]),
    f"static HashSet<T> ToHashSet<T>({_S})": lambda types, s: HashSet(types[0], _list(s)),
    f"static Dictionary<K, T> ToDictionary<T, K>({_S}, Func<T, K> key)": _dictionary,
    f"static Dictionary<K, V> ToDictionary<T, K, V>({_S}, Func<T, K> key, Func<T, V> value)": _dictionary,
    f"static IOrderedEnumerable<T> OrderBy<T, K>({_S}, Func<T, K> key)": _sorted_by(descending=False),
    f"static IOrderedEnumerable<T> OrderByDescending<T, K>({_S}, Func<T, K> key)": _sorted_by(descending=True),
    "static IOrderedEnumerable<T> ThenBy<T, K>(this IOrderedEnumerable<T> source, Func<T, K> key)": _sorted_by(
        descending=False, then=True
    ),
    (
        "static IOrderedEnumerable<T> ThenByDescending<T, K>(this IOrderedEnumerable<T> source, Func<T, K> key)"
    ): _sorted_by(descending=True, then=True),
    f"static IEnumerable<IGrouping<K, T>> GroupBy<T, K>({_S}, Func<T, K> key)": _grouped,
    f"static IEnumerable<IGrouping<K, V>> GroupBy<T, K, V>({_S}, Func<T, K> key, Func<T, V> value)": _grouped,
    f"static IEnumerable<T> Distinct<T>({_S})": _distinct,
    f"static IEnumerable<T> Reverse<T>({_S})": lambda _, s: _lazy(s, lambda: _list(s)[::-1]),
    f"static IEnumerable<T> Skip<T>({_S}, int count)": lambda _, s, n: _lazy(
        s, lambda: islice(iterate(s), max(n, 0), None)
    ),
    f"static IEnumerable<T> Take<T>({_S}, int count)": lambda _, s, n: _lazy(s, lambda: islice(iterate(s), max(n, 0))),
    f"static IEnumerable<T> SkipWhile<T>({_S}, Func<T, bool> f)": lambda _, s, f: _lazy(s, lambda: _skip_while(s, f)),
    f"static IEnumerable<T> TakeWhile<T>({_S}, Func<T, bool> f)": lambda _, s, f: _lazy(s, lambda: _take_while(s, f)),
    f"static IEnumerable<T> Concat<T>({_S}, IEnumerable<T> other)": lambda _, s, o: _lazy(
        s, lambda: [*_list(s), *_list(o)]
    ),
    f"static IEnumerable<T> Union<T>({_S}, IEnumerable<T> other)": lambda _, s, o: _lazy(
        s, lambda: list(dict.fromkeys([*_list(s), *_list(o)]))
    ),
    f"static IEnumerable<T> Except<T>({_S}, IEnumerable<T> other)": lambda _, s, o: _lazy(s, lambda: _without(s, o)),
    f"static IEnumerable<T> Intersect<T>({_S}, IEnumerable<T> other)": lambda _, s, o: _lazy(s, lambda: _shared(s, o)),
    f"static bool SequenceEqual<T>({_S}, IEnumerable<T> other)": lambda _, s, o: _same(s, o),
    f"static IEnumerable<T> Append<T>({_S}, T item)": lambda _, s, item: _lazy(s, lambda: [*_list(s), item]),
    f"static IEnumerable<T> Prepend<T>({_S}, T item)": lambda _, s, item: _lazy(s, lambda: [item, *_list(s)]),
    f"static IEnumerable<R> Zip<T, U, R>({_S}, IEnumerable<U> other, Func<T, U, R> f)": lambda _, s, o, f: _lazy(
        s, lambda: map(f, iterate(s), iterate(o))
    ),
    (
        f"static IEnumerable<R> Join<T, U, K, R>({_S}, IEnumerable<U> inner, Func<T, K> a, Func<U, "
        f"K> b, Func<T, U, R> f)"
    ): _joined_by,
    f"static T Aggregate<T>({_S}, Func<T, T, T> f)": lambda _, s, f: _aggregate(s, f),
    f"static A Aggregate<T, A>({_S}, A seed, Func<A, T, A> f)": lambda _, s, seed, f: _fold(s, seed, f),
    **{f"static {n} Sum<T>({_S}, Func<T, {n}> f)": _total(n) for n in _NUMBERS},
    **{f"static {n}? Sum<T>({_S}, Func<T, {n}?> f)": _total(n) for n in _NUMBERS},
    **{
        f"static {'double' if n in ('int', 'long') else n} Average<T>({_S}, Func<T, {n}> f)": _average(n)
        for n in _NUMBERS
    },
    **{f"static {n} Sum(this IEnumerable<{n}> source)": _over(_total(n)) for n in _NUMBERS},
    **{
        f"static {'double' if n in ('int', 'long') else n} Average(this IEnumerable<{n}> source)": _over(_average(n))
        for n in _NUMBERS
    },
    f"static T Max<T>({_S})": _extreme(largest=True),
    f"static T Min<T>({_S})": _extreme(largest=False),
    f"static R Max<T, R>({_S}, Func<T, R> f)": _extreme(largest=True),
    f"static R Min<T, R>({_S}, Func<T, R> f)": _extreme(largest=False),
    f"static IEnumerable<T> DefaultIfEmpty<T>({_S}, T value)": lambda _, s, value: _lazy(
        s, lambda: _list(s) or [value]
    ),
    f"static IEnumerable<T> AsEnumerable<T>({_S})": lambda _, s: s,
}
EXTENSIONS: Final = (Class(name="Enumerable", members=_LINQ),)
CLASSES: Final = (
    Class(
        name="Enumerable",
        members={
            **_LINQ,
            "static IEnumerable<int> Range(int start, int count)": _range,
            "static IEnumerable<T> Repeat<T>(T element, int count)": _repeat,
            "static IEnumerable<T> Empty<T>()": lambda types: Array((), types[0]),
        },
    ),
)
