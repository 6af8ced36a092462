"""Letters by their case, and what is white space."""

from __future__ import annotations

from typing import Final

SPACE: Final = (
    "\t\n\v\f\r \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007"
    "\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000"
)


def upper(text: str) -> str:
    """Upper case one character to one, as .NET has it (`ß` stays)."""
    found = text.upper()
    return found if len(found) == len(text) else "".join(c.upper() if len(c.upper()) == 1 else c for c in text)


def lower(text: str) -> str:
    """`ToLower()`: letter by letter."""
    found = text.lower()
    if len(found) == len(text) and "ς" not in found:
        return found
    return "".join(c.lower() if len(c.lower()) == 1 else c for c in text)
