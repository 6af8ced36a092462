"""Guid."""

from __future__ import annotations

import re
from functools import total_ordering
from typing import Final

from inferway.languages.csharp.types import Type
from inferway.languages.csharp.values import format_error

_FORMS: Final = re.compile(
    r"\{?[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\}?"
    r"|\([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\)|[0-9a-f]{32}",
    re.IGNORECASE | re.ASCII,
)


@total_ordering
class Guid:
    """A GUID by its 128 bits."""

    __slots__ = ("number",)
    type: Type = Type("Guid")

    def __init__(self, number: int) -> None:
        self.number = number

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Guid) and self.number == other.number

    def __lt__(self, other: Guid) -> bool:
        return self.number < other.number

    def __hash__(self) -> int:
        return hash(self.number)

    def csharp_text(self) -> str:
        """`ToString()`."""
        return self.csharp_format("D")

    def csharp_format(self, format_: str) -> str:
        """`ToString(format)`: D, N, B or P. Raises ThrownError."""
        digits = f"{self.number:032x}"
        dashed = "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))
        found = {"D": dashed, "N": digits, "B": f"{{{dashed}}}", "P": f"({dashed})"}.get(format_.upper() or "D")
        if found is None:
            raise format_error('Format string can be only "D", "d", "N", "n", "P", "p", "B", "b", "X" or "x".')
        return found


def parse_guid(text: str) -> Guid:
    """`Guid.Parse`. Raises ThrownError."""
    found = _FORMS.fullmatch(text.strip())
    if found is None:
        raise format_error("Unrecognized Guid format.")
    return Guid(int(re.sub(r"[^0-9a-fA-F]", "", text), 16))
