"""char."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from typing import Any, Final

from inferway.languages.csharp.change_type import parse_char
from inferway.languages.csharp.library.letters import SPACE, lower, upper


def _is_symbol(mark: str, *kinds: str) -> bool:
    return unicodedata.category(mark).startswith(kinds)


CHARACTER: Final[dict[str, Callable[..., Any]]] = {
    "static bool IsDigit(char c)": lambda c: _is_symbol(c, "Nd"),
    "static bool IsLetter(char c)": lambda c: _is_symbol(c, "L"),
    "static bool IsLetterOrDigit(char c)": lambda c: _is_symbol(c, "L", "Nd"),
    "static bool IsUpper(char c)": lambda c: _is_symbol(c, "Lu"),
    "static bool IsLower(char c)": lambda c: _is_symbol(c, "Ll"),
    "static bool IsWhiteSpace(char c)": lambda c: c in SPACE,
    "static bool IsNumber(char c)": lambda c: _is_symbol(c, "N"),
    "static bool IsPunctuation(char c)": lambda c: _is_symbol(c, "P"),
    "static bool IsSymbol(char c)": lambda c: _is_symbol(c, "S"),
    "static bool IsControl(char c)": lambda c: _is_symbol(c, "Cc"),
    "static char ToUpper(char c)": upper,
    "static char ToLower(char c)": lower,
    "static char ToUpperInvariant(char c)": upper,
    "static char ToLowerInvariant(char c)": lower,
    "static char Parse(string s)": parse_char,
    "static double GetNumericValue(char c)": lambda c: float(unicodedata.numeric(c, -1.0)),
    "string ToString()": str,
    "int CompareTo(char other)": lambda a, b: ord(a) - ord(b),
    "bool Equals(char other)": lambda a, b: a == b,
}
