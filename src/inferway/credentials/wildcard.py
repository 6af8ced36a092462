"""Patterns with `*` and `?`, matched in a time that grows with their length times the text's, whatever they are."""

import re
from collections.abc import Callable
from typing import Final

Matches = Callable[[str], bool]

_HIDDEN: Final = {"*": "\ue000", "?": "\ue001"}
_HIDE: Final = str.maketrans(_HIDDEN)
_REVEAL: Final = str.maketrans({hidden: shown for shown, hidden in _HIDDEN.items()})
_REVEAL_ESCAPED: Final = str.maketrans({hidden: re.escape(shown) for shown, hidden in _HIDDEN.items()})


def literal(text: str) -> str:
    """Give a pattern's part in which `*` and `?` stand for themselves, for values that come from elsewhere."""
    return text.translate(_HIDE)


def compile_wildcard(pattern: str, *, ignore_case: bool = False) -> Matches:
    """Give what tells whether a whole text matches: `*` stands for any characters, `?` for any one."""
    if ignore_case:
        folded = compile_wildcard(pattern.lower())
        return lambda text: folded(text.lower())
    if pattern == "*":
        return lambda _: True
    if "*" not in pattern and "?" not in pattern:
        return pattern.translate(_REVEAL).__eq__
    if "?" not in pattern:
        return _between(*(piece.translate(_REVEAL) for piece in pattern.split("*")))
    first, *middle = (_piece(piece) for piece in pattern.split("*"))
    if not middle:
        return lambda text: first.fullmatch(text) is not None
    last = middle.pop()
    length = len(pattern.rpartition("*")[2])

    def matches(text: str) -> bool:
        found = first.match(text)
        for piece in middle:  # the leftmost match of each piece leaves the most for those behind it
            if found is None:
                return False
            found = piece.search(text, found.end())
        end = len(text) - length
        return found is not None and end >= found.end() and last.match(text, end) is not None

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


def _piece(piece: str) -> re.Pattern[str]:
    return re.compile(re.escape(piece).replace(r"\?", ".").translate(_REVEAL_ESCAPED), re.DOTALL)
