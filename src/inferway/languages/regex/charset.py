"""Sets of code points as sorted intervals, and the classes that Java's regular expressions name."""

import sys
import unicodedata
from collections.abc import Iterable
from functools import cache

Interval = tuple[int, int]
CharSet = tuple[Interval, ...]
"""Disjoint inclusive intervals of code points, ascending."""

TOP = sys.maxunicode
EVERYTHING: CharSet = ((0, TOP),)
NOTHING: CharSet = ()


def union(*sets: Iterable[Interval]) -> CharSet:
    """The code points that stand in any of the sets."""
    merged: list[Interval] = []
    for low, high in sorted(pair for one in sets for pair in one):
        if merged and low <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], max(merged[-1][1], high))
        else:
            merged.append((low, high))
    return tuple(merged)


def intersection(left: CharSet, right: CharSet) -> CharSet:
    """The code points that stand in both sets."""
    found: list[Interval] = []
    i = j = 0
    while i < len(left) and j < len(right):
        low, high = max(left[i][0], right[j][0]), min(left[i][1], right[j][1])
        if low <= high:
            found.append((low, high))
        if left[i][1] < right[j][1]:
            i += 1
        else:
            j += 1
    return tuple(found)


def negation(one: CharSet) -> CharSet:
    """The code points that do not stand in the set."""
    found: list[Interval] = []
    start = 0
    for low, high in one:
        if low > start:
            found.append((start, low - 1))
        start = high + 1
    if start <= TOP:
        found.append((start, TOP))
    return tuple(found)


def overlap(left: CharSet, right: CharSet) -> bool:
    """Whether some code point stands in both sets."""
    i = j = 0
    while i < len(left) and j < len(right):
        if left[i][1] < right[j][0]:
            i += 1
        elif right[j][1] < left[i][0]:
            j += 1
        else:
            return True
    return False


def of(text: str) -> CharSet:
    """The set of a text's characters."""
    return union((ord(char), ord(char)) for char in text)


def fold(one: CharSet, *, unicode_case: bool) -> CharSet:
    """The set with the other case of each letter: ASCII letters only, as in Java, unless `unicode_case` is set."""
    extra: list[Interval] = []
    for low, high in one:
        for first, last, shift in ((0x41, 0x5A, 32), (0x61, 0x7A, -32)):
            if max(low, first) <= min(high, last):
                extra.append((max(low, first) + shift, min(high, last) + shift))
        if unicode_case and high > 0x7F:
            cased = (other for code in range(max(low, 0x80), high + 1) for other in _other_cases().get(code, ()))
            extra.extend((code, code) for code in cased)
        elif unicode_case:
            extra.extend((other, other) for code in range(low, high + 1) for other in _other_cases().get(code, ()))
    return union(one, extra)


@cache
def _other_cases() -> dict[int, tuple[int, ...]]:
    table: dict[int, set[int]] = {}
    for code in range(0x20000):
        char = chr(code)
        for other in (char.upper(), char.lower()):
            if len(other) == 1 and other != char:
                table.setdefault(code, set()).add(ord(other))
                table.setdefault(ord(other), set()).add(code)
    return {code: tuple(others) for code, others in table.items()}


@cache
def _categories() -> dict[str, CharSet]:
    ranges: dict[str, list[Interval]] = {}
    previous = ""
    for code in range(TOP + 1):
        category = unicodedata.category(chr(code))
        if category == previous:
            held = ranges[category]
            held[-1] = (held[-1][0], code)
        else:
            ranges.setdefault(category, []).append((code, code))
            previous = category
    return {name: tuple(held) for name, held in ranges.items()}


def category(name: str) -> CharSet | None:
    """A Unicode general category (`Lu`), or a group of them (`L`, `LC`), None when there is none of the name."""
    table = _categories()
    if name == "LC":
        return union(table["Lu"], table["Ll"], table["Lt"])
    if name in table:
        return table[name]
    members = [held for key, held in table.items() if len(name) == 1 and key[0] == name]
    return union(*members) if members else None


DIGIT = of("0123456789")
LOWER: CharSet = ((0x61, 0x7A),)
UPPER: CharSet = ((0x41, 0x5A),)
ALPHA = union(LOWER, UPPER)
ALNUM = union(ALPHA, DIGIT)
WORD = union(ALNUM, of("_"))
SPACE = of(" \t\n\x0b\f\r")
HORIZONTAL = union(of(" \t\xa0\u1680\u180e\u202f\u205f\u3000"), ((0x2000, 0x200A),))
VERTICAL = of("\n\x0b\f\r\x85\u2028\u2029")
LINE_END = of("\n\r\x85\u2028\u2029")
PUNCT = of("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~")

POSIX: dict[str, CharSet] = {
    "Lower": LOWER,
    "Upper": UPPER,
    "ASCII": ((0, 0x7F),),
    "Alpha": ALPHA,
    "Digit": DIGIT,
    "Alnum": ALNUM,
    "Punct": PUNCT,
    "Graph": union(ALNUM, PUNCT),
    "Print": union(ALNUM, PUNCT, of(" ")),
    "Blank": of(" \t"),
    "Cntrl": ((0, 0x1F), (0x7F, 0x7F)),
    "XDigit": union(DIGIT, of("abcdefABCDEF")),
    "Space": SPACE,
    "L1": ((0, 0xFF),),
    "all": EVERYTHING,
}
"""`\\p{...}` by the names of java.util.regex.Pattern's table "POSIX character classes (US-ASCII only)"."""

BLOCKS: dict[str, CharSet] = {
    "basiclatin": ((0, 0x7F),),
    "latin1supplement": ((0x80, 0xFF),),
    "latinextendeda": ((0x100, 0x17F),),
    "latinextendedb": ((0x180, 0x24F),),
    "greek": ((0x370, 0x3FF),),
    "greekandcoptic": ((0x370, 0x3FF),),
    "cyrillic": ((0x400, 0x4FF),),
    "hebrew": ((0x590, 0x5FF),),
    "arabic": ((0x600, 0x6FF),),
    "devanagari": ((0x900, 0x97F),),
    "thai": ((0xE00, 0xE7F),),
    "generalpunctuation": ((0x2000, 0x206F),),
    "hiragana": ((0x3040, 0x309F),),
    "katakana": ((0x30A0, 0x30FF),),
    "cjkunifiedideographs": ((0x4E00, 0x9FFF),),
    "hangulsyllables": ((0xAC00, 0xD7AF),),
}
"""`\\p{In...}`: Unicode's Blocks.txt, the blocks people ask for."""

SCRIPTS: dict[str, tuple[str, ...]] = {
    "latin": ("LATIN ", "FEMININE ORDINAL", "MASCULINE ORDINAL", "FULLWIDTH LATIN "),
    "greek": ("GREEK ",),
    "cyrillic": ("CYRILLIC ",),
    "hebrew": ("HEBREW ",),
    "arabic": ("ARABIC ",),
    "devanagari": ("DEVANAGARI ",),
    "thai": ("THAI ",),
    "hiragana": ("HIRAGANA ",),
    "katakana": ("KATAKANA ", "HALFWIDTH KATAKANA "),
    "han": ("CJK UNIFIED IDEOGRAPH", "CJK COMPATIBILITY IDEOGRAPH"),
    "hangul": ("HANGUL ",),
}
"""`\\p{IsLatin}`: letters and marks by the first words of their names; the standard library has no script table."""


@cache
def script(name: str) -> CharSet | None:
    """The letters and marks of a script, by its lower-case name; None when the script is not in the table."""
    prefixes = SCRIPTS.get(name)
    if prefixes is None:
        return None
    lettered = union(category("L") or (), category("M") or ())
    codes = (code for low, high in lettered for code in range(low, high + 1))
    return union((code, code) for code in codes if unicodedata.name(chr(code), "").startswith(prefixes))


def alphabetic() -> CharSet:
    """Unicode's letters and letter numbers: Java's `\\p{IsAlphabetic}` without its few combining marks."""
    return union(category("L") or (), category("Nl") or ())


def named(name: str) -> CharSet | None:
    """The set of `\\p{name}`, None when Java or this translation does not know it."""
    if name in POSIX:
        return POSIX[name]
    if "=" in name:
        kind, _, value = name.partition("=")
        if kind.lower() in {"sc", "script"}:
            return script(value.lower())
        if kind.lower() in {"blk", "block"}:
            return block(value)
        return category(value) if kind.lower() in {"gc", "general_category"} else None
    if name.startswith("java"):
        return _java(name)
    if name.startswith("In"):
        return block(name[2:])
    if name.startswith("Is"):
        return _binary(name[2:].lower()) or category(name[2:]) or script(name[2:].lower())
    return category(name)


def block(name: str) -> CharSet | None:
    """A Unicode block by any of its spellings."""
    return BLOCKS.get(name.lower().replace("_", "").replace(" ", "").replace("-", ""))


def _binary(name: str) -> CharSet | None:
    plain = {"letter": "L", "digit": "Nd", "uppercase": "Lu", "lowercase": "Ll", "titlecase": "Lt", "control": "Cc"}
    if name in plain:
        return category(plain[name])
    if name == "alphabetic":
        return alphabetic()
    if name in {"whitespace", "white_space"}:
        return union(category("Z") or (), of("\t\n\x0b\f\r\x85"))
    if name == "punctuation":
        return category("P")
    return None


def _java(name: str) -> CharSet | None:
    spaces = union(category("Z") or (), of("\t\n\x0b\f\r\x1c\x1d\x1e\x1f"))
    table: dict[str, CharSet | None] = {
        "javaLowerCase": category("Ll"),
        "javaUpperCase": category("Lu"),
        "javaLetter": category("L"),
        "javaDigit": category("Nd"),
        "javaLetterOrDigit": union(category("L") or (), category("Nd") or ()),
        "javaWhitespace": intersection(spaces, negation(of("\xa0\u2007\u202f"))),
        "javaAlphabetic": alphabetic(),
    }
    return table.get(name)
