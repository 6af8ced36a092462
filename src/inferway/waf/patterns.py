"""Regular expressions of web ACLs: how each is searched for, so that none takes a time that its text does not bound.

Source: AWS WAF Developer Guide, "Regex match rule statement".
"""

import re
from collections.abc import Callable
from typing import Final

from inferway.languages.regex import Flags, RegexCostError, compile_java
from inferway.languages.regex.cost import bound_search
from inferway.languages.regex.syntax import parse
from inferway.waf.scanner import Scanner, UnscannableError

_MOST_STEPS: Final = 500_000
"""Steps of Python's `re`, some milliseconds, that a search may take at most."""

_LONGEST_BODY: Final = 65_536

STEPS: Final = 20_000
"""Counted steps that one search may take, some 20 ms, where a pattern's time cannot be bounded by itself."""

_POSIX: Final = re.compile(r"\[:(\^?)([a-z]+):\]")
_POSIX_NAMES: Final = {
    **{name.lower(): name for name in ("Alpha", "Digit", "Alnum", "Upper", "Lower", "Punct", "Graph", "Print")},
    "space": "Space",
    "blank": "Blank",
    "cntrl": "Cntrl",
    "xdigit": "XDigit",
}
_PLAIN: Final = re.compile(r"[\w /=:;,@%&-]+|\([\w /=:;,@%&-]+(?:\|[\w /=:;,@%&-]+)*\)", re.ASCII)


def regular(pattern: str) -> str:
    """Give a pattern of PCRE's as Java writes it: the classes of POSIX by name (`[[:alpha:]]`)."""

    def named(found: re.Match[str]) -> str:
        if found[2] == "word":
            return r"\W" if found[1] else r"\w"
        name = _POSIX_NAMES.get(found[2])
        return found[0] if name is None else f"\\{'P' if found[1] else 'p'}{{{name}}}"

    return _POSIX.sub(named, pattern)


def compile_pattern(pattern: str) -> Callable[[str], object]:
    """Give what says whether a text holds a match; RegexError where the pattern cannot be used.

    Python's `re` where what it may take for the text is bounded; else an automaton, which needs time in proportion; and
    for what that cannot do, counted steps, past which RegexCostError is raised.
    """
    text = regular(pattern)
    backtracking = compile_java(text, Flags(), STEPS)
    tree = parse(text, Flags())[0]
    try:
        scanner = Scanner(tree)
    except UnscannableError:
        return backtracking.search
    try:
        cost = bound_search(tree)
    except RegexCostError:
        return scanner.search

    def search(subject: str) -> object:
        if cost.steps(len(subject)) > _MOST_STEPS:
            return scanner.search(subject)
        return backtracking.search(subject)

    return search


def is_bounded(pattern: str) -> bool:
    """Say whether a pattern's time is bounded by the text's length; RegexError where it cannot be used."""
    try:
        Scanner(parse(regular(pattern), Flags())[0])
    except UnscannableError:
        return compile_java(regular(pattern), Flags(), STEPS).longest_search >= _LONGEST_BODY
    return True


def plain_texts(patterns: tuple[str, ...]) -> tuple[str, ...]:
    """Give the texts that patterns look for where that is all they do, which takes no regular expression."""
    if all(map(_PLAIN.fullmatch, patterns)):
        return tuple(text for pattern in patterns for text in pattern.strip("()").split("|"))
    return ()
