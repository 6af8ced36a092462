"""Offsets in a template to lines and columns, counted like Velocity 1.7's character stream."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator

_LINE_END = re.compile(r"\r\n|\r|\n")


class Positions:
    """Line and column (1-based) of offsets in one source.

    Columns follow JavaCC's character stream: a tab's own column is the last one it covers (stops every eight), a
    character outside the BMP is two UTF-16 units and stands at its first.
    """

    def __init__(self, source: str) -> None:
        self._source = source
        self._starts = [0, *(match.end() for match in _LINE_END.finditer(source))]
        self._plain = "\t" not in source and source.isascii()
        self._line = 0
        self._columns: list[int] = []

    def locate(self, offset: int) -> tuple[int, int]:
        """Line and column of the character at `offset`; past the end, of the place after the last character."""
        if offset >= len(self._source):
            return self.end()
        line = bisect_right(self._starts, offset)
        start = self._starts[line - 1]
        if self._plain:
            return line, offset - start + 1
        if line != self._line:
            end = self._starts[line] if line < len(self._starts) else len(self._source)
            self._line, self._columns = line, list(_columns(self._source[start:end]))
        return line, self._columns[offset - start]

    def end(self) -> tuple[int, int]:
        """Where a lexical error at the end of the source is reported."""
        if not self._source:
            return 1, 1
        last = len(self._source) - 1
        line, column = self.locate(last)
        if self._source[last] in "\n\r":
            return line + 1, 0
        return line, column + (2 if self._source[last] > "\uffff" else 1)


def index_of(line: str, column: int) -> int:
    """Index of the first character of a line that stands at `column` or behind it, else the line's length."""
    return next((index for index, begin in enumerate(_columns(line)) if begin >= column), len(line))


def _columns(line: str) -> Iterator[int]:
    """The column of each character."""
    column = 0
    for character in line:
        if character == "\t":
            column += 8 - (column & 7)
            yield column
        else:
            yield column + 1
            column += 2 if character > "\uffff" else 1
