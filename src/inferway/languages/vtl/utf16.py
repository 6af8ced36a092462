"""Java's view of a string: UTF-16 units, which differ from Python's characters outside the BMP."""

from __future__ import annotations

import re
from typing import Final

_ASTRAL: Final = re.compile("[\U00010000-\U0010ffff]")
_SURROGATES: Final = re.compile("[\ud800-\udfff]")


def units(text: str) -> str:
    """The text with each character outside the BMP as two surrogates, so that indexes are Java's."""
    if text.isascii() or not _ASTRAL.search(text):
        return text
    return _ASTRAL.sub(_pair, text)


def _pair(match: re.Match[str]) -> str:
    code = ord(match[0]) - 0x10000
    return chr(0xD800 + (code >> 10)) + chr(0xDC00 + (code & 0x3FF))


def characters(text: str) -> str:
    """The text with pairs of surrogates joined again; a lone one stays."""
    if text.isascii() or not _SURROGATES.search(text):
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")


def well_formed(text: str) -> str:
    """The text as Java would encode it: lone surrogates become `?`."""
    if text.isascii() or not _SURROGATES.search(text):
        return text
    return _SURROGATES.sub("?", characters(text))
