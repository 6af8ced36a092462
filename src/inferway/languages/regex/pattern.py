"""A compiled pattern and what can be done with it."""

import re
from collections.abc import Iterator
from functools import cached_property
from typing import Final

from inferway.languages.regex.cost import MOST_STEPS, SHORTEST, Cost, bound, bound_search
from inferway.languages.regex.emit import Untranslatable, python
from inferway.languages.regex.escapes import Flags
from inferway.languages.regex.matcher import Found, Matcher
from inferway.languages.regex.nodes import Node, RegexCostError, width
from inferway.languages.regex.program import Program, program
from inferway.languages.regex.replacement import Piece, parse_replacement
from inferway.languages.regex.syntax import parse

STEPS: Final = 1_000_000
"""Steps of one operation on the matcher that counts them: about a second."""
MOST_CHARACTERS: Final = 20_000_000
MOST_PARTS: Final = 1_000_000
MOST_TRANSLATED: Final = 100_000
"""Characters of a pattern for Python's `re`, which takes long to compile many large classes."""
_WEIGHT: Final = 100
"""About how many steps Python's `re` takes in the time of one of the counting matcher."""


JavaMatch = re.Match[str] | Found
"""One match in a subject, with `start()`, `end()`, `group(number)` and `groups()`."""


class JavaPattern:
    """A compiled pattern with the methods of Java's Matcher and String that templates reach.

    Python's `re` runs subjects of up to `longest` characters for a whole match, and of up to `longest_search` for the
    rest, -1 for none; others run in at most `budget` counted steps. Each method raises RegexCostError beyond those.
    """

    def __init__(self, pattern: str, flags: Flags, budget: int) -> None:
        self._tree, self.names, self.groups = parse(pattern, flags)
        self.pattern = pattern
        self.budget = budget
        self.nullable = width(self._tree)[0] == 0
        self.cost = _bounded(self._tree)
        self._regex = _translated(self._tree) if self.cost is not None else None
        if self._regex is None:
            self.cost = None
        self.longest = -1 if self.cost is None else self.cost.longest()

    @cached_property
    def longest_search(self) -> int:
        """The longest subject, in characters, that Python's `re` searches."""
        if self.cost is None:
            return -1
        try:
            return bound_search(self._tree).longest()
        except RegexCostError:
            return -1

    @cached_property
    def _program(self) -> Program:
        return program(self._tree, self.groups)

    def _matcher(self, subject: str) -> Matcher:
        return Matcher(self._program, self.groups, subject, self.budget)

    def steps(self, length: int) -> int:
        """What `matches` may cost at most for a subject of the length, in steps of Python's `re`."""
        if self.cost is not None and length <= self.longest:
            return self.cost.steps(length)
        return min(self.budget * _WEIGHT, MOST_STEPS)

    def matches(self, subject: str) -> bool:
        """Whether the pattern matches the whole subject: `String.matches`, `Matcher.matches`."""
        return self.fullmatch(subject) is not None

    def fullmatch(self, subject: str) -> JavaMatch | None:
        """The match of the whole subject, with its groups."""
        if self._regex is not None and len(subject) <= self.longest:
            return self._regex.fullmatch(subject)
        return self._matcher(subject).fullmatch()

    def search(self, subject: str) -> JavaMatch | None:
        """The first match anywhere: `Matcher.find`."""
        if self._regex is not None and len(subject) <= self.longest_search:
            return self._regex.search(subject)
        return self._matcher(subject).search(0)

    def find_all(self, subject: str) -> Iterator[JavaMatch]:
        """The matches one after the other, as `Matcher.find` gives them."""
        if self._regex is None or len(subject) > self.longest_search:
            return self._counted(subject)
        return self._found(self._regex, subject) if self.nullable else self._regex.finditer(subject)

    def _counted(self, subject: str) -> Iterator[JavaMatch]:
        matcher, start = self._matcher(subject), 0
        while start <= len(subject) and (match := matcher.search(start)) is not None:
            yield match
            start = match.end() + (match.start() == match.end())

    def _found(self, regex: re.Pattern[str], subject: str) -> Iterator[JavaMatch]:
        """Java goes one on after an empty match, where `re` first tries for a longer match at the same place."""
        start = 0
        while start <= len(subject) and (match := regex.search(subject, start)) is not None:
            yield match
            start = match.end() + (match.start() == match.end())

    def replace_all(self, subject: str, replacement: str, most: int = MOST_CHARACTERS) -> str:
        """`String.replaceAll`, with `$1`, `${name}` and `\\$`; at most `most` characters long.

        Raises RegexError for a bad replacement.
        """
        return self._replace(subject, replacement, most, first_only=False)

    def replace_first(self, subject: str, replacement: str, most: int = MOST_CHARACTERS) -> str:
        """`String.replaceFirst`."""
        return self._replace(subject, replacement, most, first_only=True)

    def _replace(self, subject: str, replacement: str, most: int, *, first_only: bool) -> str:
        parts: list[str] = []
        start = 0
        room = most - len(subject)
        pieces: tuple[Piece, ...] | None = None
        for match in self.find_all(subject):
            if pieces is None:  # Java reads the replacement at the first match only
                pieces = parse_replacement(replacement, self.groups, self.names)
            parts.append(subject[start : match.start()])
            parts.append("".join(piece if isinstance(piece, str) else match.group(piece) or "" for piece in pieces))
            start = match.end()
            room += start - match.start() - len(parts[-1])
            if room < 0:
                raise RegexCostError(f"the result is longer than {most} characters")
            if first_only:
                break
        parts.append(subject[start:])
        return "".join(parts)

    def split(self, subject: str, limit: int = 0, most: int = MOST_PARTS) -> list[str]:
        """`String.split`: at most `limit` parts when positive; 0 drops empty parts at the end, below 0 keeps them.

        `most` is how many parts there may be at all.
        """
        parts: list[str] = []
        start = 0
        for match in self.find_all(subject):
            if limit > 0 and len(parts) == limit - 1:
                break
            if match.end() == 0:
                continue  # no empty part in front of an empty match, since Java 8
            parts.append(subject[start : match.start()])
            if len(parts) >= most:
                raise RegexCostError(f"more than {most} parts")
            start = match.end()
        if not parts:
            return [subject]
        parts.append(subject[start:])
        while limit == 0 and parts and parts[-1] == "":
            parts.pop()
        return parts


def _translated(tree: Node) -> re.Pattern[str] | None:
    try:
        text = python(tree)
        return re.compile(text, re.ASCII) if len(text) <= MOST_TRANSLATED else None
    except (Untranslatable, re.error, OverflowError, RecursionError):
        return None


def _bounded(tree: Node) -> Cost | None:
    try:
        cost = bound(tree)
    except RegexCostError:
        return None
    return cost if cost.longest() >= SHORTEST else None
