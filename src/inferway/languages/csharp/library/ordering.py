"""OrderBy, ThenBy, and the order of values."""

from __future__ import annotations

from collections.abc import Callable
from functools import cmp_to_key
from typing import Any, Final

from inferway.languages.csharp.budget import CURRENT
from inferway.languages.csharp.library.comparison import compare_culture
from inferway.languages.csharp.library.sequences import Types, listed
from inferway.languages.csharp.types import Type
from inferway.languages.csharp.values import Sequence, argument_error, argument_null


def _order(left: Any, right: Any) -> int:
    budget = CURRENT.budget
    budget.slice -= 1
    if budget.slice <= 0:
        budget.refill()
    if left is None or right is None:
        return (left is not None) - (right is not None)
    if isinstance(left, str):
        return compare_culture(left, right)
    try:
        return int(left > right) - int(left < right)
    except TypeError:
        raise argument_error("At least one object must implement IComparable.") from None


_KEY: Final = cmp_to_key(_order)


def sort_key(type_: Type) -> Callable[[Any], Any]:
    """How values of a type sort: characters by their codes, strings by the culture."""
    return (lambda value: value) if type_.name == "char" else _KEY


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
        items = listed(self.source)
        for key, order, descending in reversed(self.keys):
            items.sort(key=_composed(key, order), reverse=descending)
        return items


def sorted_by(*, descending: bool, then: bool = False) -> Callable[..., Any]:
    """`OrderBy`, `ThenBy` and their descending forms."""

    def call(types: Types, source: Any, key: Callable[[Any], Any]) -> Ordered:
        if source is None:
            raise argument_null("source")
        if then and isinstance(source, Ordered):
            return Ordered(source.source, (*source.keys, (key, sort_key(types[1]), descending)))
        return Ordered(source, ((key, sort_key(types[1]), descending),))

    return call
