"""Sequences that are made when they are walked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final

from inferway.languages.csharp.budget import room, spend_steps
from inferway.languages.csharp.types import Type
from inferway.languages.csharp.values import Sequence, argument_null, iterate

Types = tuple[Type, ...]


EMPTY: Final = "Sequence contains no elements"


def lazy(source: Any, make: Callable[[], Iterable[Any]]) -> Sequence:
    """A sequence over a source. Raises ThrownError for null."""
    if source is None:
        raise argument_null("source")
    return Sequence(make)


def listed(source: Any) -> list[Any]:
    """All the elements, charged. Raises ThrownError and LimitError."""
    found = list(counted(iterate(source)))
    room(len(found))
    return found


def counted(items: Iterable[Any]) -> Iterator[Any]:
    """The elements, charged as they are walked. Raises LimitError."""
    for at, each in enumerate(items):
        if at % 256 == 255:
            spend_steps(256)
        yield each
