"""What string literals and escaped directives stand for."""

from __future__ import annotations

import re
from collections.abc import Set as AbstractSet
from typing import Final

_UNICODE: Final = re.compile(r"\\u([0-9a-fA-F]{4})")
_CONTROL: Final = frozenset({"if", "end", "set", "else", "elseif"})


def string_value(image: str) -> str:
    """The text of a literal: a doubled quote is one, `\\uXXXX` counts in double quotes; other backslashes stay."""
    quote, text = image[0], image[1:-1]
    if quote == '"' and "\\u" in text:
        text = _UNICODE.sub(lambda match: chr(int(match[1], 16)), text)
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text.replace(quote * 2, quote) if quote in "\"'" else text


def unescaped_directive(image: str, known: AbstractSet[str]) -> str:
    """`\\#name`: half of the backslashes before a directive that exists, all of them before any other word."""
    last = image.rindex("\\")
    directive = image[last + 1 :]
    name = directive[2:-1] if directive[1] == "{" else directive[1:]
    if name in known or name in _CONTROL:
        return image[: last // 2] + directive
    return image
