"""Patterns with `*` and `?`, matched in a time that grows with their length times the text's, whatever they are."""

import re
from collections.abc import Callable
from typing import Final

Matches = Callable[[str], bool]

_HIDDEN: Final = {"*": "\ue000", "?": "\ue001"}
_HIDE: Final = str.maketrans(_HIDDEN)
_REVEAL: Final = str.maketrans({hidden: shown for shown, hidden in _HIDDEN.items()})
_REVEAL_ESCAPED: Final = str.maketrans({hidden: re.escape(shown) for shown, hidden in _HIDDEN.items()})
_MOST_TEXTS: Final = 32


def literal(text: str) -> str:
    """Give a pattern's part in which `*` and `?` stand for themselves, for values that come from elsewhere."""
    return text.translate(_HIDE)


def compile_wildcard(pattern: str, *, ignore_case: bool = False) -> Matches:
    """Give what tells whether a whole text matches: `*` stands for any characters, `?` for any one.

    Patterns may hold what a caller sends, so compiling one is cheap as well: a regular expression for each of some
    hundred pieces would take 50 ms.
    """
    if ignore_case:
        folded = compile_wildcard(pattern.lower())
        return lambda text: folded(text.lower())
    if pattern == "*":
        return lambda _: True
    if "*" not in pattern and "?" not in pattern:
        return pattern.translate(_REVEAL).__eq__
    if "?" not in pattern:
        return _between(*(piece.translate(_REVEAL) for piece in pattern.split("*")))
    first, *middle = (_Piece(piece) for piece in pattern.split("*"))
    if not middle:
        return lambda text: len(text) == first.length and first.at(text, 0)
    last = middle.pop()
    least = first.length + last.length + sum(piece.length for piece in middle)

    def matches(text: str) -> bool:
        end = len(text) - last.length
        if len(text) < least or not first.at(text, 0) or not last.at(text, end):
            return False
        at = first.length
        for piece in middle:  # the leftmost match of each piece leaves the most for those behind it
            at = piece.find(text, at, end)
            if at < 0:
                return False
        return True

    return matches


def _between(first: str, *others: str) -> Matches:
    """Give what tells whether a text consists of these pieces in their order, with anything between them."""
    *middle, last = others
    least = sum(map(len, (first, *others)))

    def matches(text: str) -> bool:
        if len(text) < least or not text.startswith(first) or not text.endswith(last):
            return False
        at = len(first)
        end = len(text) - len(last)
        for piece in middle:  # as above
            at = text.find(piece, at, end)
            if at < 0:
                return False
            at += len(piece)
        return True

    return matches


class _Piece:
    """A pattern without `*`: texts at their places, and anything between them."""

    __slots__ = ("_anchor", "_expression", "_texts", "length")

    def __init__(self, piece: str) -> None:
        self.length = len(piece)
        texts, place = [], 0
        for text in piece.split("?"):
            if text:
                texts.append((place, text.translate(_REVEAL)))
            place += len(text) + 1
        self._texts = tuple(texts)
        self._anchor = max(texts, key=lambda one: len(one[1]), default=(0, ""))
        # So many texts are compared faster by an expression, and of such pieces a pattern holds few.
        self._expression = _expression(piece) if len(texts) > _MOST_TEXTS else None

    def at(self, text: str, start: int) -> bool:
        """Say whether a text has the piece at a place."""
        return all(text.startswith(one, start + place) for place, one in self._texts)

    def find(self, text: str, start: int, end: int) -> int:
        """Give where the first such piece ends between two places of a text, -1 where there is none."""
        if self._expression is not None:
            found = self._expression.search(text, start, end)
            return -1 if found is None else found.end()
        place, anchor = self._anchor
        last = end - self.length
        while start <= last:
            found_at = text.find(anchor, start + place, end)
            if found_at < 0 or found_at - place > last:
                return -1
            start = found_at - place
            if self.at(text, start):
                return start + self.length
            start += 1
        return -1


def _expression(piece: str) -> re.Pattern[str]:
    return re.compile(re.escape(piece).replace(r"\?", ".").translate(_REVEAL_ESCAPED), re.DOTALL)
