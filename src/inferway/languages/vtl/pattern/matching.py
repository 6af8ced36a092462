"""`matches`, `replaceAll`, `replaceFirst` and `split` with Java patterns, in bounded time.

Python's own engine runs a pattern only where its time is bounded for the text at hand: at most three repetitions
without nesting, and a text short enough for the power that they could take. Every other pattern runs on a matcher that
counts its steps and gives up after `limits.PATTERN_STEPS`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from inferway.languages.vtl.limits import COLLECTION_SIZE, STRING_CHARACTERS
from inferway.languages.vtl.pattern.matcher import BoundedMatcher
from inferway.languages.vtl.pattern.syntax import (
    Alternatives,
    Anchor,
    Character,
    Group,
    Node,
    Pattern,
    Repeat,
    Sequence,
    parse,
)
from inferway.languages.vtl.values import JavaFailure

_WORK: Final = 100_000_000
"""Character steps that Python's engine may take, about a fifth of a second."""

Spans = list[tuple[int, int]]


class Matching:
    """One Java pattern, ready to be used on any text."""

    __slots__ = ("_compiled", "_pattern", "_repeats")

    def __init__(self, source: str) -> None:
        self._pattern = parse(source)
        self._repeats = _repeats(self._pattern.node, nested=False)
        self._compiled = _compiled(self._pattern) if self._repeats is not None else None

    def _quick(self, text: str) -> re.Pattern[str] | None:
        """Python's pattern, if it cannot take too long on this text."""
        if self._compiled is None or self._repeats is None:
            return None
        return self._compiled if (len(text) + 1) ** (self._repeats + 1) <= _WORK or self._repeats == 0 else None

    def matches(self, text: str) -> bool:
        """Whether the pattern matches the whole text."""
        quick = self._quick(text)
        if quick is not None:
            return quick.fullmatch(text) is not None
        return BoundedMatcher(self._pattern, text).match(0, whole=True) is not None

    def _find(self, text: str) -> Iterator[Spans]:
        """The matches from left to right, as `Matcher.find` gives them."""
        quick = self._quick(text)
        if quick is not None:
            for match in quick.finditer(text):
                yield list(match.regs)
            return
        matcher = BoundedMatcher(self._pattern, text)
        at = 0
        while at <= len(text):
            spans = matcher.search(at)
            if spans is None:
                return
            yield spans
            end = spans[0][1]
            at = end if end > spans[0][0] else end + 1

    def replace(self, text: str, replacement: str, *, every: bool) -> str:
        """`text.replaceAll(pattern, replacement)`, or the first match alone."""
        parts: list[str] = []
        done = size = 0
        for spans in self._find(text):
            if spans[0][0] < done:
                continue
            parts += [text[done : spans[0][0]], self._expanded(text, replacement, spans)]
            size += len(parts[-1])
            if size > STRING_CHARACTERS:
                raise JavaFailure("java.lang.OutOfMemoryError: the string is too long")
            done = spans[0][1]
            if not every:
                break
        parts.append(text[done:])
        return "".join(parts)

    def _expanded(self, text: str, replacement: str, spans: Spans) -> str:
        if "$" not in replacement and "\\" not in replacement:
            return replacement
        parts: list[str] = []
        at = 0
        while at < len(replacement):
            character = replacement[at]
            at += 1
            if character == "\\":
                if at >= len(replacement):
                    raise JavaFailure("java.lang.IllegalArgumentException: character to be escaped is missing")
                parts.append(replacement[at])
                at += 1
            elif character == "$":
                number, at = self._reference(replacement, at)
                begin, end = spans[number]
                parts.append(text[begin:end] if begin >= 0 else "")
            else:
                parts.append(character)
        return "".join(parts)

    def _reference(self, replacement: str, at: int) -> tuple[int, int]:
        """The group that `$1` or `${name}` names, and where the text goes on."""
        if replacement.startswith("{", at):
            end = replacement.find("}", at)
            name = replacement[at + 1 : max(end, at)]
            if name not in self._pattern.names:
                raise JavaFailure(f"java.lang.IllegalArgumentException: No group with name {{{name}}}")
            return self._pattern.names[name], end + 1
        if at >= len(replacement) or replacement[at] not in "0123456789":
            raise JavaFailure("java.lang.IllegalArgumentException: Illegal group reference")
        number = int(replacement[at])
        at += 1
        if number > self._pattern.groups:
            raise JavaFailure(f"java.lang.IndexOutOfBoundsException: No group {number}")
        while at < len(replacement) and replacement[at] in "0123456789":
            longer = number * 10 + int(replacement[at])
            if longer > self._pattern.groups:
                break
            number = longer
            at += 1
        return number, at

    def split(self, text: str, limit: int) -> list[str]:
        """`text.split(pattern, limit)`."""
        parts: list[str] = []
        done = 0
        for spans in self._find(text):
            begin, end = spans[0]
            if limit > 0 and len(parts) == limit - 1:
                break
            if done == 0 and begin == 0 and end == 0:
                continue
            if begin == end and begin >= len(text):
                continue
            parts.append(text[done:begin])
            if len(parts) > COLLECTION_SIZE:
                raise JavaFailure("java.lang.OutOfMemoryError: too many parts")
            done = end
        if not parts and done == 0:
            return [text]
        parts.append(text[done:])
        if limit == 0:
            while parts and not parts[-1]:
                parts.pop()
        return parts


@lru_cache(maxsize=512)
def matching(source: str) -> Matching:
    """The pattern, parsed. Raises JavaFailure where Java throws PatternSyntaxException."""
    return Matching(source)


def _repeats(node: Node, *, nested: bool) -> int | None:
    """How many repetitions of variable length there are; None where they nest or Python's engine would differ."""
    if isinstance(node, Character | Anchor):
        return 0
    if isinstance(node, Sequence | Alternatives):
        parts = node.items if isinstance(node, Sequence) else node.choices
        if isinstance(node, Alternatives) and nested:
            return None
        total = 0
        for part in parts:
            inner = _repeats(part, nested=nested)
            if inner is None:
                return None
            total += inner
        return total if total <= 3 else None
    if isinstance(node, Repeat):
        if nested or node.mode == "possessive":
            return None
        inner = _repeats(node.node, nested=True)
        if inner is None:
            return None
        return inner + (0 if node.least == node.most else 1)
    if isinstance(node, Group):
        return _repeats(node.node, nested=nested)
    return None


def _compiled(pattern: Pattern) -> re.Pattern[str] | None:
    try:
        return re.compile(_python(pattern.node))
    except (re.error, RecursionError, OverflowError):
        return None


_ANCHORS: Final = {
    "^": r"\A",
    "\\A": r"\A",
    "\\z": r"\Z",
    "$": "(?=(?:\r\n|[\r\x85\u2028\u2029]|(?<!\r)\n)?\\Z)",
    "\\Z": "(?=(?:\r\n|[\r\x85\u2028\u2029]|(?<!\r)\n)?\\Z)",
    "\\b": r"\b",
    "\\B": r"\B",
    "m^": "(?:\\A|(?<=[\n\x85\u2028\u2029])(?!\\Z)|(?<=\r)(?!\n)(?!\\Z))",
    "m$": "(?=\\Z|[\r\x85\u2028\u2029]|(?<!\r)\n)",
}
_MODES: Final = {"greedy": "", "lazy": "?"}


def _python(node: Node) -> str:
    if isinstance(node, Character):
        return node.characters.python()
    if isinstance(node, Sequence):
        return "".join(map(_python, node.items))
    if isinstance(node, Alternatives):
        return f"(?:{'|'.join(map(_python, node.choices))})"
    if isinstance(node, Repeat):
        most = "" if node.most is None else str(node.most)
        return f"(?:{_python(node.node)}){{{node.least},{most}}}{_MODES[node.mode]}"
    if isinstance(node, Group):
        return f"({_python(node.node)})"
    if isinstance(node, Anchor) and node.kind in _ANCHORS:
        return _ANCHORS[node.kind]
    raise re.error(f"{type(node).__name__} is matched by the bounded matcher")
