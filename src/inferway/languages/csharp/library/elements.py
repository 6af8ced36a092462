"""LINQ that gives one element or a count."""

from __future__ import annotations

from collections.abc import Callable
from itertools import islice
from typing import Any, Final

from inferway.languages.csharp.json.convert import default_of
from inferway.languages.csharp.library.sequences import EMPTY, Types, counted, listed
from inferway.languages.csharp.values import invalid_operation, iterate, out_of_range

NO_MATCH: Final = "Sequence contains no matching element"


def first(source: Any, test: Callable[[Any], bool] | None = None) -> Any:
    """`First`. Raises ThrownError."""
    for each in counted(iterate(source)):
        if test is None or test(each):
            return each
    raise invalid_operation(EMPTY if test is None else NO_MATCH)


def first_or(types: Types, source: Any, test: Callable[[Any], bool] | None = None) -> Any:
    """`FirstOrDefault`."""
    for each in counted(iterate(source)):
        if test is None or test(each):
            return each
    return default_of(types[0])


def last(source: Any, test: Callable[[Any], bool] | None = None) -> Any:
    """`Last`. Raises ThrownError."""
    found = [each for each in listed(source) if test is None or test(each)]
    if not found:
        raise invalid_operation(EMPTY if test is None else NO_MATCH)
    return found[-1]


def last_or(types: Types, source: Any, test: Callable[[Any], bool] | None = None) -> Any:
    """`LastOrDefault`."""
    found = [each for each in listed(source) if test is None or test(each)]
    return found[-1] if found else default_of(types[0])


def single(types: Types | None, source: Any, test: Callable[[Any], bool] | None = None) -> Any:
    """`Single`, or with types `SingleOrDefault`. Raises ThrownError."""
    found = [each for each in listed(source) if test is None or test(each)]
    if len(found) > 1:
        raise invalid_operation(
            "Sequence contains more than one " + ("element" if test is None else "matching element")
        )
    if found:
        return found[0]
    if types is None:
        raise invalid_operation(EMPTY if test is None else NO_MATCH)
    return default_of(types[0])


def counting(source: Any, test: Callable[[Any], bool] | None = None) -> int:
    """`Count`."""
    if test is None and isinstance(source, list | dict):
        return len(source)
    return sum(1 for each in counted(iterate(source)) if test is None or test(each))


def any_of(source: Any, test: Callable[[Any], bool] | None = None) -> bool:
    """`Any`."""
    return any(test is None or test(each) for each in counted(iterate(source)))


def all_of(source: Any, test: Callable[[Any], bool]) -> bool:
    """`All`."""
    return all(test(each) for each in counted(iterate(source)))


def element_at(types: Types | None, source: Any, index: int) -> Any:
    """`ElementAt`, or with types `ElementAtOrDefault`. Raises ThrownError."""
    found = next(islice(iterate(source), index, None), EMPTY) if index >= 0 else EMPTY
    if found is not EMPTY:
        return found
    if types is not None:
        return default_of(types[0])
    message = "Index was out of range. Must be non-negative and less than the size of the collection."
    raise out_of_range("index", message)
