"""Sets of characters, as Java's character classes describe them."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from typing import Final

_END: Final = 0x110000
_Ranges = tuple[tuple[int, int], ...]


def _merged(ranges: list[tuple[int, int]]) -> _Ranges:
    found: list[tuple[int, int]] = []
    for low, high in sorted(ranges):
        if found and low <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], high))
        else:
            found.append((low, high))
    return tuple(found)


class Characters:
    """A set of code points: half-open ranges."""

    __slots__ = ("ranges",)

    def __init__(self, ranges: _Ranges) -> None:
        self.ranges = ranges

    @classmethod
    def none(cls) -> Characters:
        """No character."""
        return cls(())

    @classmethod
    def of(cls, characters: str) -> Characters:
        """These characters."""
        return cls(_merged([(ord(each), ord(each) + 1) for each in characters]))

    @classmethod
    def range(cls, low: int, high: int) -> Characters:
        """All from `low` to `high`, both included."""
        return cls(((low, high + 1),))

    def __len__(self) -> int:
        return sum(high - low for low, high in self.ranges)

    def __contains__(self, character: str) -> bool:
        code = ord(character)
        return any(low <= code < high for low, high in self.ranges)

    def first(self) -> int:
        """The lowest code point."""
        return self.ranges[0][0]

    def union(self, other: Characters) -> Characters:
        """What is in either."""
        return Characters(_merged([*self.ranges, *other.ranges]))

    def complement(self) -> Characters:
        """What is not in it."""
        found, at = [], 0
        for low, high in self.ranges:
            if at < low:
                found.append((at, low))
            at = high
        if at < _END:
            found.append((at, _END))
        return Characters(tuple(found))

    def intersection(self, other: Characters) -> Characters:
        """What is in both."""
        return self.complement().union(other.complement()).complement()

    def folded(self, fold: bool) -> Characters:
        """With the other case of each ASCII letter, if `fold`."""
        if not fold:
            return self
        swapped = [
            (code ^ 32, (code ^ 32) + 1)
            for code in (*range(65, 91), *range(97, 123))
            if any(low <= code < high for low, high in self.ranges)
        ]
        return Characters(_merged([*self.ranges, *swapped]))

    def python(self) -> str:
        """The set as a class in Python's syntax."""
        if not self.ranges:
            return "(?!)"
        if self.ranges == ((0, _END),):
            return "(?s:.)"
        parts = (_code(low) if high == low + 1 else f"{_code(low)}-{_code(high - 1)}" for low, high in self.ranges)
        return f"[{''.join(parts)}]"


def _code(code: int) -> str:
    return f"\\U{code:08x}"


def _where(test: Callable[[str], bool]) -> Characters:
    ranges: list[tuple[int, int]] = []
    start = -1
    for code in range(_END):
        if test(chr(code)):
            start = code if start < 0 else start
        elif start >= 0:
            ranges.append((start, code))
            start = -1
    if start >= 0:
        ranges.append((start, _END))
    return Characters(tuple(ranges))


_UPPER: Final = Characters.range(65, 90)
_LOWER: Final = Characters.range(97, 122)
_DIGIT: Final = Characters.range(48, 57)
_ALPHA: Final = _UPPER.union(_LOWER)
_LINE: Final = Characters.of("\n\r\x85\u2028\u2029")

NAMED: Final[dict[str, Characters]] = {
    "any": Characters(((0, _END),)),
    "dot": _LINE.complement(),
    "d": _DIGIT,
    "w": _ALPHA.union(_DIGIT).union(Characters.of("_")),
    "s": Characters.of(" \t\n\x0b\f\r"),
    "h": Characters.of(" \t\xa0\u1680\u180e\u202f\u205f\u3000").union(Characters.range(0x2000, 0x200A)),
    "v": Characters.of("\n\x0b\f\r\x85\u2028\u2029"),
}

_PUNCTUATION: Final = Characters.of("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~")
_POSIX: Final[dict[str, Characters]] = {
    "Lower": _LOWER,
    "Upper": _UPPER,
    "ASCII": Characters.range(0, 127),
    "Alpha": _ALPHA,
    "Digit": _DIGIT,
    "Alnum": _ALPHA.union(_DIGIT),
    "Punct": _PUNCTUATION,
    "Graph": _ALPHA.union(_DIGIT).union(_PUNCTUATION),
    "Print": _ALPHA.union(_DIGIT).union(_PUNCTUATION).union(Characters.of(" ")),
    "Blank": Characters.of(" \t"),
    "Cntrl": Characters.range(0, 31).union(Characters.of("\x7f")),
    "XDigit": _DIGIT.union(Characters.range(65, 70)).union(Characters.range(97, 102)),
    "Space": NAMED["s"],
}
_TESTS: Final[dict[str, Callable[[str], bool]]] = {
    "javaLowerCase": str.islower,
    "javaUpperCase": str.isupper,
    "javaWhitespace": lambda each: each.isspace() and each not in "\xa0\u2007\u202f",
    "javaLetter": str.isalpha,
    "javaDigit": str.isdecimal,
    "javaLetterOrDigit": lambda each: each.isalpha() or each.isdecimal(),
    "IsAlphabetic": str.isalpha,
    "IsLetter": str.isalpha,
    "IsDigit": str.isdecimal,
    "IsUppercase": str.isupper,
    "IsLowercase": str.islower,
    "IsWhite_Space": str.isspace,
    "IsPunctuation": lambda each: unicodedata.category(each).startswith("P"),
}
_CATEGORIES: Final = frozenset(
    {unicodedata.category(chr(code)) for code in range(0x3000)} | {"L", "M", "N", "P", "S", "Z", "C"}
)
_found: dict[str, Characters] = {}


def property_class(name: str) -> Characters | None:
    """`\\p{name}`; None for a name we do not know."""
    if name in _POSIX:
        return _POSIX[name]
    if name not in _found:
        test = _TESTS.get(name)
        category = name.removeprefix("Is")
        if test is None and category in _CATEGORIES:
            test = lambda each: unicodedata.category(each).startswith(category)  # noqa: E731 - one of two tests
        if test is None:
            return None
        _found[name] = _where(test)
    return _found[name]
