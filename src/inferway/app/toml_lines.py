"""The line of each key of a TOML file, which the standard library's reader does not tell."""

import re
import tomllib
from collections.abc import Iterator
from typing import Final

_KEY: Final = r"(?:[A-Za-z0-9_-]+|\"(?:\\.|[^\"\\\n])*+\"|'[^'\n]*+')"
_KEYS: Final = rf"{_KEY}(?:[ \t]*\.[ \t]*{_KEY})*+"
_HEADER: Final = re.compile(rf"[ \t]*\[\[?[ \t]*({_KEYS})[ \t]*\]")
_ASSIGNMENT: Final = re.compile(rf"[ \t]*({_KEYS})[ \t]*=")
_APART: Final = re.compile(
    r'"""(?:\\.|[^\\])*?"{3,5}' + r"|'''.*?'{3,5}" + r'|"(?:\\.|[^"\\\n])*+"' + r"|'[^'\n]*+'|\#[^\n]*+", re.DOTALL
)
"""Texts and comments, of which one may look like the start of another, and a line of a text like a key."""

_DEEPEST: Final = 32
"""Parts of a key that are told apart: none of ours has as many."""


def lines_of(text: str) -> dict[tuple[str, ...], int]:
    """Give the line, from 1, at which each table and each value of a document is first named.

    A table that is named by its parts only has the line of the first part. Values in an array or an inline table have
    none: they stand at the array's or the table's. What is no TOML has what could be made out.
    """
    found: dict[tuple[str, ...], int] = {}
    table: tuple[str, ...] = ()
    for number, line in enumerate(_APART.sub(_emptied, text).split("\n"), 1):
        if header := _HEADER.match(line):
            table = _path(header[1])
            named = table
        elif assignment := _ASSIGNMENT.match(line):
            named = (*table, *_path(assignment[1]))
        else:
            continue
        for path in _beginnings(named):
            found.setdefault(path, number)
    return found


def _emptied(text: re.Match[str]) -> str:
    """Keep a text of one line, which may be a key, and of another its line ends alone."""
    return "\n" * text[0].count("\n") or text[0]


def _path(keys: str) -> tuple[str, ...]:
    try:
        part: object = tomllib.loads(f"{keys} = 0")
    except tomllib.TOMLDecodeError:
        return ()
    path = []
    while isinstance(part, dict):
        ((key, part),) = part.items()
        path.append(key)
    return tuple(path)


def _beginnings(path: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    for depth in range(1, min(len(path), _DEEPEST) + 1):
        yield path[:depth]
