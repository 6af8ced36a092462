"""A backtracking matcher that counts its steps, for patterns that Python's could take forever with."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final

from inferway.languages.vtl.limits import PATTERN_STEPS
from inferway.languages.vtl.pattern.syntax import (
    Alternatives,
    Anchor,
    Atomic,
    Back,
    Character,
    Group,
    Look,
    Node,
    Pattern,
    Repeat,
    Sequence,
)
from inferway.languages.vtl.values import JavaFailure

Continue = Callable[[int], int]
"""Goes on from a place: the end of the match, or -1."""

_LINES: Final = "\n\r\x85\u2028\u2029"


class BoundedMatcher:
    """Matches one pattern against one text, within a number of steps."""

    def __init__(self, pattern: Pattern, text: str) -> None:
        self._pattern = pattern
        self._text = text
        self._steps = PATTERN_STEPS
        self._spans: list[tuple[int, int]] = []
        self._origin = 0

    def match(self, start: int, *, whole: bool = False) -> list[tuple[int, int]] | None:
        """The spans of the match that begins at `start` (0 is all of it); None without one."""
        self._spans = [(-1, -1)] * (self._pattern.groups + 1)
        size = len(self._text)
        self._origin = start
        accept: Continue = (lambda at: at if at == size else -1) if whole else (lambda at: at)
        end = self._run(self._pattern.node, start, accept)
        return None if end < 0 else [(start, end), *self._spans[1:]]

    def search(self, start: int) -> list[tuple[int, int]] | None:
        """The first match at or after `start`."""
        for at in range(start, len(self._text) + 1):
            found = self.match(at)
            if found is not None:
                return found
        return None

    def _step(self) -> None:
        self._steps -= 1
        if self._steps < 0:
            raise JavaFailure(f"The regular expression takes more than {PATTERN_STEPS} steps")

    def _run(self, node: Node, at: int, go_on: Continue) -> int:
        self._step()
        if isinstance(node, Character):
            if at < len(self._text) and self._text[at] in node.characters:
                return go_on(at + 1)
            return -1
        if isinstance(node, Sequence):
            return self._sequence(node.items, 0, at, go_on)
        if isinstance(node, Alternatives):
            for choice in node.choices:
                end = self._run(choice, at, go_on)
                if end >= 0:
                    return end
            return -1
        if isinstance(node, Repeat):
            return self._repeat(node, at, go_on)
        if isinstance(node, Group):
            return self._group(node, at, go_on)
        return self._other(node, at, go_on)

    def _other(self, node: Atomic | Look | Back | Anchor, at: int, go_on: Continue) -> int:
        if isinstance(node, Anchor):
            return go_on(at) if self._anchored(node.kind, at) else -1
        if isinstance(node, Atomic):
            end = self._run(node.node, at, lambda place: place)
            return go_on(end) if end >= 0 else -1
        if isinstance(node, Look):
            return go_on(at) if self._looks(node, at) is not node.negative else -1
        if node.number >= len(self._spans) or self._spans[node.number][0] < 0:
            return -1
        begin, end = self._spans[node.number]
        before, now = self._text[begin:end], self._text[at : at + end - begin]
        same = before.lower() == now.lower() if node.fold else before == now
        return go_on(at + end - begin) if same else -1

    def _continue(self, items: tuple[Node, ...], index: int, go_on: Continue, at: int) -> int:
        return self._sequence(items, index, at, go_on)

    def _sequence(self, items: tuple[Node, ...], index: int, at: int, go_on: Continue) -> int:
        while index < len(items):
            item = items[index]
            if not isinstance(item, Character):
                return self._run(item, at, partial(self._continue, items, index + 1, go_on))
            self._step()
            if at >= len(self._text) or self._text[at] not in item.characters:
                return -1
            at += 1
            index += 1
        return go_on(at)

    def _group(self, node: Group, at: int, go_on: Continue) -> int:
        before = self._spans[node.number]

        def close(end: int) -> int:
            inner = self._spans[node.number]
            self._spans[node.number] = (at, end)
            found = go_on(end)
            if found < 0:
                self._spans[node.number] = inner
            return found

        found = self._run(node.node, at, close)
        if found < 0:
            self._spans[node.number] = before
        return found

    def _repeat(self, node: Repeat, at: int, go_on: Continue) -> int:
        if node.mode == "possessive":
            greedy = Repeat(node=node.node, least=node.least, most=node.most, mode="greedy")
            end = self._run(greedy, at, lambda place: place)
            return go_on(end) if end >= 0 else -1
        if isinstance(node.node, Character):
            return self._repeat_character(node, node.node, at, go_on)
        return self._repeat_node(node, 0, at, go_on)

    def _repeat_character(self, node: Repeat, one: Character, at: int, go_on: Continue) -> int:
        most = len(self._text) - at if node.most is None else min(node.most, len(self._text) - at)
        count = 0
        limit = most if node.mode == "greedy" else node.least
        while count < min(limit, most) and self._text[at + count] in one.characters:
            self._step()
            count += 1
        if count < node.least:
            return -1
        while True:
            self._step()
            end = go_on(at + count)
            if end >= 0:
                return end
            if node.mode == "greedy":
                count -= 1
                if count < node.least:
                    return -1
            else:
                if count >= most or self._text[at + count] not in one.characters:
                    return -1
                count += 1

    def _repeat_node(self, node: Repeat, done: int, at: int, go_on: Continue) -> int:
        self._step()

        def again(place: int) -> int:
            if place == at and done >= node.least:
                return -1
            return self._repeat_node(node, done + 1, place, go_on)

        if done < node.least:
            return self._run(node.node, at, again)
        more = node.most is None or done < node.most
        if node.mode == "lazy":
            end = go_on(at)
            return self._run(node.node, at, again) if end < 0 and more else end
        if more:
            end = self._run(node.node, at, again)
            if end >= 0:
                return end
        return go_on(at)

    def _looks(self, node: Look, at: int) -> bool:
        if node.ahead:
            return self._run(node.node, at, lambda place: place) >= 0
        return any(
            self._run(node.node, begin, lambda place: place if place == at else -1) >= 0 for begin in range(at, -1, -1)
        )

    def _anchored(self, kind: str, at: int) -> bool:
        text, size = self._text, len(self._text)
        if kind in ("^", "\\A"):
            return at == 0
        if kind == "\\z":
            return at == size
        if kind in ("$", "\\Z"):
            if at == size or text[at:] == "\r\n":
                return True
            return at == size - 1 and text[at] in _LINES and not (text[at] == "\n" and at > 0 and text[at - 1] == "\r")
        if kind == "\\G":
            return at == self._origin
        if kind == "m^":
            return at == 0 or (at < size and text[at - 1] in _LINES and text[at - 1 : at + 1] != "\r\n")
        if kind == "m$":
            return at == size or (text[at] in _LINES and not (text[at] == "\n" and at > 0 and text[at - 1] == "\r"))
        word = (at > 0 and _is_word(text[at - 1])) is not (at < size and _is_word(text[at]))
        return word if kind == "\\b" else not word


def _is_word(character: str) -> bool:
    return character.isalnum() or character == "_"
