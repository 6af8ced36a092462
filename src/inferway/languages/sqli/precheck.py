"""Lets go of what cannot be SQL, at the price of two searches: most values end here."""

import re
from typing import Final

from inferway.languages.sqli.words import LOGIC, TELLING

_WORD: Final = re.compile("[a-z_]{2,}")
_BREAK: Final = re.compile(r"['\"][\s)\x00]*+(?:[&|=<>!;#.+*]|--|/\*|x?or(?![a-z])|and(?![a-z]))")
_COMPARED: Final = re.compile(
    r"[\d'\")]\s*+(?=[bgilnrs])(?:not\s*+)?(?:i(?:like|n|s)|like|between|r(?:like|egexp)|glob|similar)(?![a-z])"
)
_ALIASED: Final = re.compile(r"\)\s*+(?:as(?![a-z])|/\*)")
_COMPARING: Final = r"(?:i?like|in|is|between|rlike|regexp|glob|similar)"
_BREAK_HIGH: Final = re.compile(
    rf"['\"`][\s)\x00]*+(?:[&|=<>!;#.*+^%/~-]|[:@][=>]|(?:x?or|and|not|{_COMPARING})(?![a-z]))"
)
_SIGNS_HIGH: Final = re.compile(
    r"^[^=<>]{0,80}[\d'\"]\s*[=<>!]"  # a comparison at the start
    rf"|--|#|/\*|;\s*(?:$|-)|{_COMPARING}\s*+\(|like\s*+['\"]|(?<![a-z])as(?![a-z])"
)
_COMPARED_HIGH: Final = re.compile(rf"(?<![a-z]){_COMPARING}(?![a-z])")
# Apart from the words above: a search for one of some characters is many times as fast as one that has alternatives.
_SIGNS: Final = re.compile("[=<>~#]")


def may_be_sqli(text: str, low: bool) -> bool:
    """Whether a pattern of `grammar` could hold for `text`, which is in lower case; `low` tells the sensitivity.

    It may err to one side only: True for what no pattern holds for.
    """
    words = _WORD.findall(text)
    if not TELLING.isdisjoint(words):
        return True
    if (_BREAK if low else _BREAK_HIGH).search(text) or (_ALIASED if low else _SIGNS_HIGH).search(text):
        return True
    either = not LOGIC.isdisjoint(words) or "||" in text or "&&" in text
    return either and _may_compare(text, low)


def _may_compare(text: str, low: bool) -> bool:
    if _SIGNS.search(text) or "--" in text or "/*" in text or (not low and ";" in text):
        return True
    return (_COMPARED if low else _COMPARED_HIGH).search(text) is not None
