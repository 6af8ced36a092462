"""How strings compare, by ordinals and in the invariant culture."""

from __future__ import annotations

import unicodedata

from inferway.languages.csharp.library.letters import upper


def folded(text: str, comparison: int) -> str:
    """A text as a comparison looks at it."""
    return upper(text) if comparison % 2 else text


def equal(left: str | None, right: str | None, comparison: int = 4) -> bool:
    """`string.Equals`."""
    if left is None or right is None:
        return left is right
    return folded(left, comparison) == folded(right, comparison)


def compare(left: str | None, right: str | None, comparison: int = 4) -> int:
    """`string.Compare`: below, at or above 0."""
    """Ordinal, or by letters as the invariant culture sorts: letters before their case."""
    if left is None or right is None:
        return (left is not None) - (right is not None)
    if comparison >= 4:
        one, two = folded(left, comparison), folded(right, comparison)
        if one == two:
            return 0
        return next((ord(a) - ord(b) for a, b in zip(one, two, strict=False) if a != b), len(one) - len(two))
    keys = [(_collation(each), "" if comparison % 2 else each.swapcase()) for each in (left, right)]
    return (keys[0] > keys[1]) - (keys[0] < keys[1])


def _collation(text: str) -> list[tuple[int, str]]:
    plain = unicodedata.normalize("NFD", text.lower())
    return [(0 if not c.isalnum() else 1 if c.isdigit() else 2, c) for c in plain if c not in "-'"]


def compare_ordinal(left: str | None, right: str | None) -> int:
    """`string.CompareOrdinal`."""
    return compare(left, right, 4)


def compare_culture(left: str | None, right: str | None) -> int:
    """`string.Compare` in the invariant culture."""
    return compare(left, right, 2)
