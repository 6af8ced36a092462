"""Decides whether a text is SQL that was put into a statement: its contexts, and what is tried in each."""

import re
from dataclasses import dataclass
from typing import Final

from inferway.languages.sqli.folding import fold
from inferway.languages.sqli.grammar import (
    ANYWHERE_HIGH,
    ANYWHERE_LOW,
    BROKEN_OUT_HIGH,
    BROKEN_OUT_LOW,
    START_HIGH,
    START_LOW,
    Patterns,
)
from inferway.languages.sqli.precheck import may_be_sqli
from inferway.languages.sqli.tokens import ANSI, MYSQL, read_kinds

LOW: Final = "LOW"
HIGH: Final = "HIGH"

_AS_IT_IS: Final = {LOW: ANYWHERE_LOW + START_LOW, HIGH: ANYWHERE_LOW + START_LOW + ANYWHERE_HIGH + START_HIGH}
_AFTER_A_QUOTE: Final = {
    LOW: BROKEN_OUT_LOW + _AS_IT_IS[LOW],
    HIGH: BROKEN_OUT_LOW + BROKEN_OUT_HIGH + _AS_IT_IS[HIGH],
}
_QUOTES: Final = {LOW: "'\"", HIGH: "'\"`"}
_READ_OTHERWISE: Final = re.compile(r"\\|#|--[^\s]")
_FIELD: Final = re.compile(r"[a-z_][\w.\[\]-]{0,63}=(?!=)")
_APOSTROPHES: Final = {0x02BC: "'", 0xFF07: "'"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Injection:
    """Why a text was taken for an injection.

    `technique` is a name of `grammar`'s, `quote` the quote whose string was broken out of ("" for none), `kinds` the
    folded letters of the text's tokens.
    """

    technique: str
    quote: str
    kinds: str


def find_sqli(text: str, sensitivity: str = LOW) -> Injection | None:
    """As `is_sqli`, with the reason; None where the text is none. Raises KeyError where the sensitivity is neither."""
    anywhere, broken_out = _AS_IT_IS[sensitivity], _AFTER_A_QUOTE[sensitivity]
    lower = text.lower() if text.isascii() else text.lower().translate(_APOSTROPHES)
    if not may_be_sqli(lower, sensitivity == LOW):
        return None
    field = _FIELD.match(lower)
    value = lower[field.end() :] if field else lower
    for family in (ANSI, MYSQL) if _READ_OTHERWISE.search(lower) else (ANSI,):
        if found := _match(read_kinds(value, family), "", anywhere):
            return found
        for quote in _QUOTES[sensitivity]:
            if quote in lower:
                kinds = read_kinds(quote + lower, family)
                if found := _match("s" + kinds[1:], quote, broken_out):
                    return found
    return None


def _match(kinds: str, quote: str, patterns: Patterns) -> Injection | None:
    folded = fold(kinds)
    for technique, find in patterns:
        if find(folded):
            return Injection(technique=technique, quote=quote, kinds=folded)
    return None
