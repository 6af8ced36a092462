"""Java's regular expressions in Python, with bounded time.

`compile_java` reads the syntax of java.util.regex.Pattern (JDK 17, https://docs.oracle.com/en/java/javase/17/docs/api/
java.base/java/util/regex/Pattern.html), translates it for Python's `re` and bounds its time before it runs: a pattern
that can take exponential time is refused, and one of polynomial time gets a longest subject (see `cost`).
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from inferway.languages.regex.cost import SHORTEST, bound, bound_search
from inferway.languages.regex.emit import nullable, python
from inferway.languages.regex.escapes import Flags
from inferway.languages.regex.nodes import RegexCostError, RegexError
from inferway.languages.regex.replacement import Piece, parse_replacement
from inferway.languages.regex.syntax import parse

__all__ = ["Flags", "JavaPattern", "RegexCostError", "RegexError", "compile_java"]


class JavaPattern:
    """A compiled pattern with the methods of Java's Matcher and String that templates reach.

    Each raises RegexCostError when the subject is longer than the pattern's time allows: `longest` characters for
    `matches`, `longest_search` for the rest.
    """

    __slots__ = ("cost", "groups", "longest", "longest_search", "names", "nullable", "pattern", "regex")

    def __init__(self, pattern: str, flags: Flags) -> None:
        tree, self.names = parse(pattern, flags)
        self.pattern = pattern
        self.nullable = nullable(tree)
        self.cost = bound(tree)
        self.longest = self.cost.longest()
        self.longest_search = bound_search(tree).longest()
        if self.longest < SHORTEST:
            raise RegexCostError("the pattern can take too long on short subjects already")
        try:
            self.regex = re.compile(python(tree), re.ASCII)
        except (re.error, OverflowError, RecursionError) as error:
            raise RegexError(f"not translated: {error}") from None
        self.groups = self.regex.groups

    def steps(self, length: int) -> int:
        """The steps that `matches` may take for a subject of the length, at most."""
        return self.cost.steps(length)

    def matches(self, subject: str) -> bool:
        """Whether the pattern matches the whole subject: `String.matches`, `Matcher.matches`."""
        if len(subject) > self.longest:
            raise _too_long(subject, self.longest)
        return self.regex.fullmatch(subject) is not None

    def fullmatch(self, subject: str) -> re.Match[str] | None:
        """The match of the whole subject, with its groups."""
        if len(subject) > self.longest:
            raise _too_long(subject, self.longest)
        return self.regex.fullmatch(subject)

    def search(self, subject: str) -> re.Match[str] | None:
        """The first match anywhere: `Matcher.find`."""
        if len(subject) > self.longest_search:
            raise _too_long(subject, self.longest_search)
        return self.regex.search(subject)

    def find_all(self, subject: str) -> Iterator[re.Match[str]]:
        """The matches one after the other, as `Matcher.find` gives them."""
        if len(subject) > self.longest_search:
            raise _too_long(subject, self.longest_search)
        return self._found(subject) if self.nullable else self.regex.finditer(subject)

    def _found(self, subject: str) -> Iterator[re.Match[str]]:
        """Java goes one on after an empty match, where `re` first tries for a longer match at the same place."""
        start = 0
        while start <= len(subject) and (match := self.regex.search(subject, start)) is not None:
            yield match
            start = match.end() + (match.start() == match.end())

    def replace_all(self, subject: str, replacement: str) -> str:
        """`String.replaceAll`, with `$1`, `${name}` and `\\$`; raises RegexError for a bad replacement."""
        return self._replace(subject, replacement, first_only=False)

    def replace_first(self, subject: str, replacement: str) -> str:
        """`String.replaceFirst`."""
        return self._replace(subject, replacement, first_only=True)

    def _replace(self, subject: str, replacement: str, *, first_only: bool) -> str:
        parts: list[str] = []
        start = 0
        pieces: tuple[Piece, ...] | None = None
        for match in self.find_all(subject):
            if pieces is None:  # Java reads the replacement at the first match only
                pieces = parse_replacement(replacement, self.groups, self.names)
            parts.append(subject[start : match.start()])
            parts.extend(piece if isinstance(piece, str) else match.group(piece) or "" for piece in pieces)
            start = match.end()
            if first_only:
                break
        parts.append(subject[start:])
        return "".join(parts)

    def split(self, subject: str, limit: int = 0) -> list[str]:
        """`String.split`: at most `limit` parts when positive; 0 drops empty parts at the end, below 0 keeps them."""
        parts: list[str] = []
        start = 0
        for match in self.find_all(subject):
            if limit > 0 and len(parts) == limit - 1:
                break
            if match.end() == 0:
                continue  # no empty part in front of an empty match, since Java 8
            parts.append(subject[start : match.start()])
            start = match.end()
        if not parts:
            return [subject]
        parts.append(subject[start:])
        while limit == 0 and parts and parts[-1] == "":
            parts.pop()
        return parts


def _too_long(subject: str, longest: int) -> RegexCostError:
    return RegexCostError(f"a subject of {len(subject)} characters, and the pattern's time allows {longest}")


@lru_cache(maxsize=512)
def compile_java(pattern: str, flags: Flags = Flags()) -> JavaPattern:  # noqa: B008 - frozen
    """Compiles a pattern in Java's syntax; the last 512 are kept.

    Raises RegexError with the 0-based index when it is not Java's or not translated (`\\G`, `\\X`, `\\b{g}`, canonical
    equivalence, scripts and blocks outside of `charset`'s tables), RegexCostError when its time cannot be bounded.
    """
    return JavaPattern(pattern, flags)
