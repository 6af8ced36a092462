"""LINQ's methods over sequences, lazy where .NET's are."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import islice
from typing import Any, Final

from inferway.languages.csharp.budget import room
from inferway.languages.csharp.library.collections import HashSet
from inferway.languages.csharp.library.elements import (
    all_of,
    any_of,
    counting,
    element_at,
    first,
    first_or,
    last,
    last_or,
    single,
)
from inferway.languages.csharp.library.ordering import sorted_by
from inferway.languages.csharp.library.sequences import EMPTY, Types, counted, lazy, listed
from inferway.languages.csharp.library.totals import average, extreme, total
from inferway.languages.csharp.types import Type
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


def _indexed(source: Any, function: Callable[..., Any]) -> Iterable[Any]:
    return (function(each, at) for at, each in enumerate(iterate(source)))


def _many(source: Any, function: Callable[[Any], Any]) -> Iterable[Any]:
    return (each for item in iterate(source) for each in iterate(function(item)))


def _grouped(types: Types, source: Any, key: Callable[[Any], Any], value: Callable[[Any], Any] | None = None) -> Any:
    del types

    def make() -> list[Grouping]:
        found: dict[Any, Grouping] = {}
        for each in listed(source):
            name = key(each)
            found.setdefault(name, Grouping(name, [])).items.append(each if value is None else value(each))
        return list(found.values())

    return lazy(source, make)


def _distinct(_: Types, source: Any) -> Sequence:
    return lazy(source, lambda: list(dict.fromkeys(listed(source))))


def _dictionary(
    types: Types, source: Any, key: Callable[[Any], Any], value: Callable[[Any], Any] | None = None
) -> Dictionary:
    made = Dictionary({}, (types[1], types[-1] if value is not None else types[0]))
    for each in listed(source):
        name = key(each)
        if name is None:
            raise argument_null("key")
        if name in made:
            raise argument_error(f"An item with the same key has already been added. Key: {name}")
        made[name] = each if value is None else value(each)
    return made


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
    items = iter(counted(iterate(source)))
    try:
        total = next(items)
    except StopIteration:
        raise invalid_operation(EMPTY) from None
    for each in items:
        total = function(total, each)
    return total


def _fold(source: Any, seed: Any, function: Callable[[Any, Any], Any]) -> Any:
    for each in counted(iterate(source)):
        seed = function(seed, each)
    return seed


def _joined_by(_: Types, outer: Any, inner: Any, *functions: Callable[..., Any]) -> Sequence:
    outer_key, inner_key, result = functions

    def make() -> Iterable[Any]:
        found: dict[Any, list[Any]] = {}
        for each in listed(inner):
            found.setdefault(inner_key(each), []).append(each)
        return [result(each, other) for each in listed(outer) for other in found.get(outer_key(each), ())]

    return lazy(outer, make)


def _range(start: int, count: int) -> Array:
    if count < 0:
        raise out_of_range("count", "Specified argument was out of the range of valid values.")
    room(count)
    return Array(range(start, start + count), Type("int"))


def _repeat(types: Types, value: Any, count: int) -> Array:
    room(count)
    return Array([value] * count, types[0])


def _without(source: Any, others: Any) -> list[Any]:
    left_out = set(listed(others))
    return [each for each in dict.fromkeys(listed(source)) if each not in left_out]


def _shared(source: Any, others: Any) -> list[Any]:
    wanted = set(listed(others))
    return [each for each in dict.fromkeys(listed(source)) if each in wanted]


def _same(source: Any, other: Any) -> bool:
    return listed(source) == listed(other)


def _over(function: Callable[..., Any]) -> Callable[[Any], Any]:
    return lambda source: function((), source)


_NUMBERS: Final = ("int", "long", "float", "double", "decimal")


_S: Final = "this IEnumerable<T> source"


_LINQ: Final[dict[str, Callable[..., Any]]] = {
    f"static IEnumerable<R> Select<T, R>({_S}, Func<T, R> f)": lambda _, s, f: lazy(
        s, lambda: map(f, counted(iterate(s)))
    ),
    f"static IEnumerable<R> Select<T, R>({_S}, Func<T, int, R> f)": lambda _, s, f: lazy(s, lambda: _indexed(s, f)),
    f"static IEnumerable<T> Where<T>({_S}, Func<T, bool> f)": lambda _, s, f: lazy(
        s, lambda: filter(f, counted(iterate(s)))
    ),
    f"static IEnumerable<T> Where<T>({_S}, Func<T, int, bool> f)": lambda _, s, f: lazy(
        s, lambda: (each for at, each in enumerate(iterate(s)) if f(each, at))
    ),
    f"static IEnumerable<R> SelectMany<T, R>({_S}, Func<T, IEnumerable<R>> f)": lambda _, s, f: lazy(
        s, lambda: _many(s, f)
    ),
    f"static bool Any<T>({_S})": lambda _, s: any_of(s),
    f"static bool Any<T>({_S}, Func<T, bool> f)": lambda _, s, f: any_of(s, f),
    f"static bool All<T>({_S}, Func<T, bool> f)": lambda _, s, f: all_of(s, f),
    f"static int Count<T>({_S})": lambda _, s: counting(s),
    f"static int Count<T>({_S}, Func<T, bool> f)": lambda _, s, f: counting(s, f),
    f"static long LongCount<T>({_S})": lambda _, s: counting(s),
    f"static T First<T>({_S})": lambda _, s: first(s),
    f"static T First<T>({_S}, Func<T, bool> f)": lambda _, s, f: first(s, f),
    f"static T FirstOrDefault<T>({_S})": first_or,
    f"static T FirstOrDefault<T>({_S}, Func<T, bool> f)": first_or,
    f"static T Last<T>({_S})": lambda _, s: last(s),
    f"static T Last<T>({_S}, Func<T, bool> f)": lambda _, s, f: last(s, f),
    f"static T LastOrDefault<T>({_S})": last_or,
    f"static T LastOrDefault<T>({_S}, Func<T, bool> f)": last_or,
    f"static T Single<T>({_S})": lambda _, s: single(None, s),
    f"static T Single<T>({_S}, Func<T, bool> f)": lambda _, s, f: single(None, s, f),
    f"static T SingleOrDefault<T>({_S})": single,
    f"static T SingleOrDefault<T>({_S}, Func<T, bool> f)": single,
    f"static T ElementAt<T>({_S}, int index)": lambda _, s, at: element_at(None, s, at),
    f"static T ElementAtOrDefault<T>({_S}, int index)": element_at,
    f"static bool Contains<T>({_S}, T value)": lambda _, s, value: any(each == value for each in iterate(s)),
    f"static bool Contains<T>({_S}, T value, StringComparer how)": lambda _, s, value, how: any(
        (each or "").upper() == (value or "").upper() if how % 2 else each == value for each in iterate(s)
    ),
    f"static List<T> ToList<T>({_S})": lambda types, s: List(listed(s), types[0]),
    f"static T[] ToArray<T>({_S})": lambda types, s: Array(listed(s), types[0]),
    f"static HashSet<T> ToHashSet<T>({_S})": lambda types, s: HashSet(types[0], listed(s)),
    f"static Dictionary<K, T> ToDictionary<T, K>({_S}, Func<T, K> key)": _dictionary,
    f"static Dictionary<K, V> ToDictionary<T, K, V>({_S}, Func<T, K> key, Func<T, V> value)": _dictionary,
    f"static IOrderedEnumerable<T> OrderBy<T, K>({_S}, Func<T, K> key)": sorted_by(descending=False),
    f"static IOrderedEnumerable<T> OrderByDescending<T, K>({_S}, Func<T, K> key)": sorted_by(descending=True),
    "static IOrderedEnumerable<T> ThenBy<T, K>(this IOrderedEnumerable<T> source, Func<T, K> key)": sorted_by(
        descending=False, then=True
    ),
    (
        "static IOrderedEnumerable<T> ThenByDescending<T, K>(this IOrderedEnumerable<T> source, Func<T, K> key)"
    ): sorted_by(descending=True, then=True),
    f"static IEnumerable<IGrouping<K, T>> GroupBy<T, K>({_S}, Func<T, K> key)": _grouped,
    f"static IEnumerable<IGrouping<K, V>> GroupBy<T, K, V>({_S}, Func<T, K> key, Func<T, V> value)": _grouped,
    f"static IEnumerable<T> Distinct<T>({_S})": _distinct,
    f"static IEnumerable<T> Reverse<T>({_S})": lambda _, s: lazy(s, lambda: listed(s)[::-1]),
    f"static IEnumerable<T> Skip<T>({_S}, int count)": lambda _, s, n: lazy(
        s, lambda: islice(iterate(s), max(n, 0), None)
    ),
    f"static IEnumerable<T> Take<T>({_S}, int count)": lambda _, s, n: lazy(s, lambda: islice(iterate(s), max(n, 0))),
    f"static IEnumerable<T> SkipWhile<T>({_S}, Func<T, bool> f)": lambda _, s, f: lazy(s, lambda: _skip_while(s, f)),
    f"static IEnumerable<T> TakeWhile<T>({_S}, Func<T, bool> f)": lambda _, s, f: lazy(s, lambda: _take_while(s, f)),
    f"static IEnumerable<T> Concat<T>({_S}, IEnumerable<T> other)": lambda _, s, o: lazy(
        s, lambda: [*listed(s), *listed(o)]
    ),
    f"static IEnumerable<T> Union<T>({_S}, IEnumerable<T> other)": lambda _, s, o: lazy(
        s, lambda: list(dict.fromkeys([*listed(s), *listed(o)]))
    ),
    f"static IEnumerable<T> Except<T>({_S}, IEnumerable<T> other)": lambda _, s, o: lazy(s, lambda: _without(s, o)),
    f"static IEnumerable<T> Intersect<T>({_S}, IEnumerable<T> other)": lambda _, s, o: lazy(s, lambda: _shared(s, o)),
    f"static bool SequenceEqual<T>({_S}, IEnumerable<T> other)": lambda _, s, o: _same(s, o),
    f"static IEnumerable<T> Append<T>({_S}, T item)": lambda _, s, item: lazy(s, lambda: [*listed(s), item]),
    f"static IEnumerable<T> Prepend<T>({_S}, T item)": lambda _, s, item: lazy(s, lambda: [item, *listed(s)]),
    f"static IEnumerable<R> Zip<T, U, R>({_S}, IEnumerable<U> other, Func<T, U, R> f)": lambda _, s, o, f: lazy(
        s, lambda: map(f, iterate(s), iterate(o))
    ),
    (
        f"static IEnumerable<R> Join<T, U, K, R>({_S}, IEnumerable<U> inner, Func<T, K> a, Func<U, "
        f"K> b, Func<T, U, R> f)"
    ): _joined_by,
    f"static T Aggregate<T>({_S}, Func<T, T, T> f)": lambda _, s, f: _aggregate(s, f),
    f"static A Aggregate<T, A>({_S}, A seed, Func<A, T, A> f)": lambda _, s, seed, f: _fold(s, seed, f),
    **{f"static {n} Sum<T>({_S}, Func<T, {n}> f)": total(n) for n in _NUMBERS},
    **{f"static {n}? Sum<T>({_S}, Func<T, {n}?> f)": total(n) for n in _NUMBERS},
    **{
        f"static {'double' if n in ('int', 'long') else n} Average<T>({_S}, Func<T, {n}> f)": average(n)
        for n in _NUMBERS
    },
    **{f"static {n} Sum(this IEnumerable<{n}> source)": _over(total(n)) for n in _NUMBERS},
    **{
        f"static {'double' if n in ('int', 'long') else n} Average(this IEnumerable<{n}> source)": _over(average(n))
        for n in _NUMBERS
    },
    f"static T Max<T>({_S})": extreme(largest=True),
    f"static T Min<T>({_S})": extreme(largest=False),
    f"static R Max<T, R>({_S}, Func<T, R> f)": extreme(largest=True),
    f"static R Min<T, R>({_S}, Func<T, R> f)": extreme(largest=False),
    f"static IEnumerable<T> DefaultIfEmpty<T>({_S}, T value)": lambda _, s, value: lazy(
        s, lambda: listed(s) or [value]
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
