"""Where a resource's properties stand in a program in TypeScript or JavaScript, as far as its text shows them."""

import re
from collections.abc import Iterator
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Final

import msgspec

from inferway.faults import Place

_LARGEST: Final = 1024 * 1024
_MOST_TOKENS: Final = 20_000
_TOKEN: Final = re.compile(
    r"""(?P<skip>\s+|//[^\n]*|/\*.*?\*/)|(?P<text>"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`)"""
    r"|(?P<name>[A-Za-z_$][\w$]*)|(?P<mark>.)",
    re.DOTALL,
)
_OPEN: Final = "([{"
_CLOSE: Final = ")]}"


class Token(msgspec.Struct, frozen=True):
    """A word, a text without its quotes, or a mark; `at` is its offset in the file."""

    kind: str
    text: str
    at: int


class ScriptPlaces:
    """Places within the expression that makes a resource; the text is read only when someone asks.

    A property stands where its value does, in objects and lists that the expression itself holds.
    """

    def __init__(self, place: Place) -> None:
        self._place = place

    def find(self, *path: str | int) -> Place:
        """Give the place of the value at a path, of its nearest parent where the text does not show it."""
        tokens = self._tokens
        at = _arguments(tokens)
        found: Token | None = None
        for step in path:
            inner = None if at is None else _step(tokens, at, step)
            if inner is None:
                break
            found = tokens[inner]
            at = inner
        return self._place if found is None else self._at(found.at)

    def _at(self, offset: int) -> Place:
        before = _text(self._place.file)[:offset]
        return Place(file=self._place.file, line=before.count("\n") + 1, column=offset - (before.rfind("\n") + 1) + 1)

    @cached_property
    def _tokens(self) -> list[Token]:
        """The words of the expression, from its first bracket to the one that closes it."""
        lines = _text(self._place.file).splitlines(keepends=True)
        if not 0 < self._place.line <= len(lines):
            return []
        start = sum(map(len, lines[: self._place.line - 1]))
        return list(_expression(_text(self._place.file), start))


@lru_cache(maxsize=16)
def _text(file: str) -> str:
    path = Path(file)
    try:
        return path.read_text("utf-8", "replace") if path.stat().st_size <= _LARGEST else ""
    except OSError:
        return ""


def _expression(text: str, start: int) -> Iterator[Token]:
    begin = re.compile(r"\bnew\s+[\w$.]+\s*(?:<[^>\n]*>\s*)?\(").search(text, start)
    if begin is None or text.count("\n", start, begin.start()) > 0:
        return
    depth, at = 0, begin.end() - 1
    for _ in range(_MOST_TOKENS):
        found = _TOKEN.match(text, at)
        if found is None:
            return
        at = found.end()
        kind = found.lastgroup or "mark"
        if kind == "skip":
            continue
        word = found[0][1:-1] if kind == "text" else found[0]
        yield Token(kind, word, found.start())
        if kind == "mark":
            depth += (word in _OPEN) - (word in _CLOSE)
            if depth == 0:
                return


def _arguments(tokens: list[Token]) -> int | None:
    """Give where the first object among the arguments opens."""
    depth = 0
    for position, token in enumerate(tokens):
        if token.kind == "mark":
            if depth == 1 and token.text == "{":
                return position
            depth += (token.text in _OPEN) - (token.text in _CLOSE)
    return None


def _step(tokens: list[Token], opening: int, step: str | int) -> int | None:
    """Give where the value of a key or an index starts, in the object or list that opens at `opening`."""
    bracket = tokens[opening]
    wanted = "{" if isinstance(step, str) else "["
    if bracket.kind != "mark" or bracket.text != wanted:
        return None
    depth, index, fresh = 0, 0, True
    for position in range(opening + 1, len(tokens)):
        token = tokens[position]
        is_mark = token.kind == "mark"
        if depth == 0 and is_mark and token.text in _CLOSE:
            return None
        if depth == 0 and fresh:
            if isinstance(step, int) and index == step:
                return position
            if isinstance(step, str) and token.text == step and not is_mark:
                named = position + 1 < len(tokens) and tokens[position + 1].text == ":"
                return position + 2 if named and position + 2 < len(tokens) else position
        fresh = depth == 0 and is_mark and token.text == ","
        index += fresh
        if is_mark:
            depth += (token.text in _OPEN) - (token.text in _CLOSE)
    return None
