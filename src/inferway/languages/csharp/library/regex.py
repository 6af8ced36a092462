"""Regex, on the engine of `inferway.languages.regex`, which bounds its time; .NET's syntax where Java's is alike."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final

from inferway.languages.csharp.budget import reserve, room, spend_steps
from inferway.languages.csharp.errors import LimitError, ThrownError
from inferway.languages.csharp.types import STRING, Type
from inferway.languages.csharp.universe import Class
from inferway.languages.csharp.values import Array, argument_null
from inferway.languages.regex import Flags, JavaMatch, JavaPattern, RegexCostError, RegexError, compile_java

_STEPS: Final = 300_000


class Regex:
    """A System.Text.RegularExpressions.Regex."""

    type = Type("Regex")

    def __init__(self, pattern: str | None, options: int = 0, _timeout: object = None) -> None:
        if pattern is None:
            raise argument_null("pattern")
        flags = Flags(
            ignore_case=bool(options & 1),
            multiline=bool(options & 2),
            dot_all=bool(options & 16),
            comments=bool(options & 32),
            unicode_case=True,
        )
        try:
            self.pattern: JavaPattern = compile_java(pattern, flags, _STEPS)
        except RegexError as error:
            raise ThrownError(
                "System.Text.RegularExpressions.RegexParseException", f"Invalid pattern '{pattern}': {error}"
            ) from None

    def matches(self, text: str | None) -> list[Match]:
        """All matches. Raises ThrownError, LimitError."""
        if text is None:
            raise argument_null("input")
        spend_steps(len(text) // 16)
        try:
            found = [Match(self, each, text) for each in self.pattern.find_all(text)]
        except RegexCostError as error:
            raise LimitError(f"A regular expression takes too long: {error}") from None
        room(len(found))
        return found

    def first(self, text: str | None, start: int = 0) -> Match:
        """`Match`: the first match, or one without success."""
        if text is None:
            raise argument_null("input")
        spend_steps(len(text) // 16)
        try:
            found = self.pattern.search(text[start:] if start else text)
        except RegexCostError as error:
            raise LimitError(f"A regular expression takes too long: {error}") from None
        return Match(self, found, text[start:] if start else text)

    def replace(self, text: str | None, make: Callable[[Match], str | None]) -> str:
        """The text with its matches replaced."""
        parts: list[str] = []
        at = 0
        for each in self.matches(text):
            new = make(each) or ""
            reserve(len(new))
            parts.extend((each.subject[at : each.start], new))
            at = each.end
        return "".join((*parts, str(text)[at:]))

    def split(self, text: str | None) -> Array:
        """`Split`: what groups catch is among the parts."""
        parts: list[str] = []
        at = 0
        for each in self.matches(text):
            parts.append(each.subject[at : each.start])
            parts.extend(each.group(number) for number in range(1, self.pattern.groups + 1) if each.caught(number))
            at = each.end
        return Array([*parts, str(text)[at:]], STRING)


class Match:
    """A Match."""

    type = Type("Match")

    def __init__(self, regex: Regex, found: JavaMatch | None, subject: str) -> None:
        self.regex = regex
        self.found = found
        self.subject = subject
        self.start = found.start() if found is not None else 0
        self.end = found.end() if found is not None else 0

    def caught(self, number: int) -> bool:
        """Whether a group took part."""
        return self.found is not None and number <= self.regex.pattern.groups and self.found.group(number) is not None

    def group(self, number: int) -> str:
        """A group's text, "" for none."""
        return (self.found.group(number) or "") if self.found is not None and self.caught(number) else ""

    def number(self, name: str) -> int:
        """The number of a group, -1 where there is none of the name."""
        if name.isdigit():
            return int(name)
        return int(self.regex.pattern.names.get(name, -1))

    def csharp_text(self) -> str:
        """`ToString()`."""
        return self.group(0)


class Group:
    """A Group of a match."""

    type = Type("Group")

    def __init__(self, match: Match, number: int) -> None:
        self.success = number >= 0 and match.caught(number)
        self.value = match.group(number) if self.success else ""

    def csharp_text(self) -> str:
        """`ToString()`."""
        return self.value


_PIECE: Final = re.compile(r"\$(?:(\d+)|\{(\w+)\}|([$&]))")


def _replacement(text: str) -> Callable[[Match], str]:
    def make(match: Match) -> str:
        def piece(found: re.Match[str]) -> str:
            if found[3]:
                return "$" if found[3] == "$" else match.group(0)
            number = match.number(found[1] or found[2])
            known = 0 <= number <= match.regex.pattern.groups
            return match.group(number) if known else found[0]

        return _PIECE.sub(piece, text)

    return make


def _replace(regex: Regex, text: str | None, new: str | None) -> str:
    if new is None:
        raise argument_null("replacement")
    return regex.replace(text, _replacement(new))


_SPECIAL: Final = {"\n": r"\n", "\r": r"\r", "\t": r"\t", "\f": r"\f"}


def _escape(text: str) -> str:
    return "".join(_SPECIAL.get(c, f"\\{c}" if c in "\\*+?|{[()^$.# " else c) for c in text)


_E: Final = "Func<Match, string> evaluator"
_O: Final = "RegexOptions options"
_REGEX: Final[dict[str, Callable[..., Any]]] = {
    "new(string pattern)": Regex,
    f"new(string pattern, {_O})": Regex,
    f"new(string pattern, {_O}, TimeSpan matchTimeout)": Regex,
    "bool IsMatch(string input)": lambda self, text: self.first(text).found is not None,
    "Match Match(string input)": Regex.first,
    "IList<Match> Matches(string input)": Regex.matches,
    "string Replace(string input, string replacement)": _replace,
    f"string Replace(string input, {_E})": Regex.replace,
    "string[] Split(string input)": Regex.split,
    "static bool IsMatch(string input, string pattern)": lambda text, p: Regex(p).first(text).found is not None,
    f"static bool IsMatch(string input, string pattern, {_O})": lambda text, p, o: (
        Regex(p, o).first(text).found is not None
    ),
    f"static bool IsMatch(string input, string pattern, {_O}, TimeSpan t)": lambda text, p, o, _: (
        Regex(p, o).first(text).found is not None
    ),
    "static Match Match(string input, string pattern)": lambda text, p: Regex(p).first(text),
    f"static Match Match(string input, string pattern, {_O})": lambda text, p, o: Regex(p, o).first(text),
    "static IList<Match> Matches(string input, string pattern)": lambda text, p: Regex(p).matches(text),
    f"static IList<Match> Matches(string input, string pattern, {_O})": lambda text, p, o: Regex(p, o).matches(text),
    "static string Replace(string input, string pattern, string replacement)": lambda text, p, new: _replace(
        Regex(p), text, new
    ),
    f"static string Replace(string input, string pattern, string replacement, {_O})": lambda text, p, new, o: _replace(
        Regex(p, o), text, new
    ),
    f"static string Replace(string input, string pattern, {_E})": lambda text, p, make: Regex(p).replace(text, make),
    f"static string Replace(string input, string pattern, {_E}, {_O})": lambda text, p, make, o: Regex(p, o).replace(
        text, make
    ),
    "static string[] Split(string input, string pattern)": lambda text, p: Regex(p).split(text),
    f"static string[] Split(string input, string pattern, {_O})": lambda text, p, o: Regex(p, o).split(text),
    "static string Escape(string str)": _escape,
}
_MATCH: Final[dict[str, Callable[..., Any]]] = {
    "bool Success": lambda match: match.found is not None,
    "string Value": lambda match: match.group(0),
    "int Index": lambda match: match.start,
    "int Length": lambda match: match.end - match.start,
    "GroupCollection Groups": lambda match: match,
}
_GROUPS: Final[dict[str, Callable[..., Any]]] = {
    "Group this[int number]": Group,
    "Group this[string name]": lambda match, name: Group(match, match.number(name)),
    "int Count": lambda match: match.regex.pattern.groups + 1,
}
CLASSES: Final = (
    Class(name="Regex", members=_REGEX, python=Regex),
    Class(name="Match", members=_MATCH, python=Match),
    Class(name="GroupCollection", members=_GROUPS),
    Class(
        name="Group",
        python=Group,
        members={"bool Success": lambda group: group.success, "string Value": lambda group: group.value},
    ),
)
