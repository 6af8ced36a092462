"""Java's flags, and what a backslash means in a pattern."""

import unicodedata
from dataclasses import dataclass, replace
from typing import ClassVar, Protocol

from inferway.languages.regex import charset
from inferway.languages.regex.nodes import Alternatives, Assertion, Atomic, Chars, Node, RegexError, Sequence


@dataclass(frozen=True, slots=True, kw_only=True)
class Flags:
    """The flags of java.util.regex.Pattern that change what a pattern means."""

    LETTERS: ClassVar[str] = "idmsuxU"
    ignore_case: bool = False
    unix_lines: bool = False
    multiline: bool = False
    dot_all: bool = False
    unicode_case: bool = False
    comments: bool = False
    unicode_classes: bool = False

    def change(self, letter: str, *, enabled: bool) -> "Flags":
        """These flags with the one of an inline letter on or off; `U` carries `u` with it."""
        match letter:
            case "i":
                return replace(self, ignore_case=enabled)
            case "d":
                return replace(self, unix_lines=enabled)
            case "m":
                return replace(self, multiline=enabled)
            case "s":
                return replace(self, dot_all=enabled)
            case "u":
                return replace(self, unicode_case=enabled)
            case "x":
                return replace(self, comments=enabled)
            case _:
                return replace(self, unicode_classes=enabled, unicode_case=enabled)


class Cursor(Protocol):
    """What reading an escape needs of the parser."""

    text: str
    position: int
    flags: Flags

    def fail(self, message: str) -> RegexError:
        """The error for the present position."""

    def chars(self, held: charset.CharSet) -> charset.CharSet:
        """The set under the flags for case."""


_CR_LF = "(?:\\r\\n|(?<!\\r)\\n|[\\r\\x85\\u2028\\u2029])"
_AFTER_LINE = "(?:(?<=[\\n\\x85\\u2028\\u2029])|(?<=\\r)(?!\\n))"
ASSERTIONS: dict[str, Assertion] = {
    "^": Assertion("\\A", anchored=True),
    "A": Assertion("\\A", anchored=True),
    "^m": Assertion(f"(?:\\A|{_AFTER_LINE})(?!\\Z)"),
    "^md": Assertion("(?:\\A|(?<=\\n))(?!\\Z)"),
    "$": Assertion(f"(?={_CR_LF}?\\Z)"),
    "$d": Assertion("(?=\\n?\\Z)"),
    "$m": Assertion(f"(?=\\Z|{_CR_LF})"),
    "$md": Assertion("(?=\\Z|\\n)"),
    "z": Assertion("\\Z"),
    "b": Assertion("(?u:\\b)"),
    "B": Assertion("(?u:\\B)"),
    "bu": Assertion("(?u:\\b)"),
    "Bu": Assertion("(?u:\\B)"),
}
"""`^`, `$` and the lettered assertions by flags; `\\b` knows all letters without the flag `U`, as up to JDK 18."""

LINE_BREAK: Node = Atomic(
    Alternatives((Sequence((Chars(charset.of("\r")), Chars(charset.of("\n")))), Chars(charset.VERTICAL)))
)
"""`\\R`: Java writes it as `\\u000D\\u000A|[\\u000A\\u000B\\u000C\\u000D\\u0085\\u2028\\u2029]`."""

_CLASSES = {
    "d": charset.DIGIT,
    "h": charset.HORIZONTAL,
    "s": charset.SPACE,
    "v": charset.VERTICAL,
    "w": charset.WORD,
}
_CONTROLS = {"t": 9, "n": 10, "r": 13, "f": 12, "a": 7, "e": 27}
_HEX = frozenset("0123456789abcdefABCDEF")


def _unicode_class(letter: str) -> charset.CharSet | None:
    categories = {"d": ("Nd",), "w": ("L", "M", "Nd", "Nl", "Pc")}.get(letter)
    if categories:
        return charset.union(*(charset.category(name) or () for name in categories))
    return charset.named("IsWhite_Space") if letter == "s" else None


def class_escape(cursor: Cursor) -> charset.CharSet | None:
    """The set of `\\d`, `\\p{L}` and their like, with the cursor behind it; None, unmoved, for anything else."""
    letter = cursor.text[cursor.position + 1 : cursor.position + 2]
    if letter and letter in "pP":
        held = _property(cursor)
        return charset.negation(held) if letter == "P" else held
    if letter.lower() not in _CLASSES:
        return None
    cursor.position += 2
    found = _unicode_class(letter.lower()) if cursor.flags.unicode_classes else None
    held = _CLASSES[letter.lower()] if found is None else found
    return charset.negation(held) if letter.isupper() else held


def _property(cursor: Cursor) -> charset.CharSet:
    start = cursor.position + 2
    if cursor.text[start : start + 1] == "{":
        end = cursor.text.find("}", start)
        if end < 0:
            raise cursor.fail("Unclosed character family")
        name = cursor.text[start + 1 : end]
        cursor.position = end + 1
    else:
        name = cursor.text[start : start + 1]
        cursor.position = start + 1
    held = charset.named(name) if name else None
    if held is None:
        raise cursor.fail(f"Unknown character property name {{{name}}}")
    return cursor.chars(held)


def code_point(cursor: Cursor) -> int:
    """Reads one code point, escaped or plain, a pair of `\\u` surrogates as the one they make."""
    if cursor.position >= len(cursor.text):
        raise cursor.fail("Unexpected end of the pattern")
    char = cursor.text[cursor.position]
    cursor.position += 1
    if char != "\\":
        return ord(char)
    letter = cursor.text[cursor.position : cursor.position + 1]
    cursor.position += 1
    if letter in _CONTROLS:
        return _CONTROLS[letter]
    match letter:
        case "0":
            return _octal(cursor)
        case "x" if cursor.text[cursor.position : cursor.position + 1] == "{":
            return _braced(cursor, charset.TOP)
        case "x":
            return _hexadecimal(cursor, 2)
        case "u":
            return _utf16(cursor)
        case "c" if cursor.position < len(cursor.text):
            cursor.position += 1
            return ord(cursor.text[cursor.position - 1]) ^ 64
        case "N":
            return _by_name(cursor)
        case _ if letter == "" or (letter.isascii() and letter.isalnum()):
            raise cursor.fail("Illegal/unsupported escape sequence")
        case _:
            return ord(letter)


def _octal(cursor: Cursor) -> int:
    digits = ""
    while len(digits) < 3 and (digit := cursor.text[cursor.position : cursor.position + 1]) and digit in "01234567":
        if len(digits) == 2 and digits[0] > "3":
            break
        digits += digit
        cursor.position += 1
    if not digits:
        raise cursor.fail("Illegal octal escape sequence")
    return int(digits, 8)


def _hexadecimal(cursor: Cursor, width: int) -> int:
    digits = cursor.text[cursor.position : cursor.position + width]
    if len(digits) < width or not _HEX.issuperset(digits):
        raise cursor.fail("Illegal hexadecimal escape sequence")
    cursor.position += width
    return int(digits, 16)


def _braced(cursor: Cursor, top: int) -> int:
    end = cursor.text.find("}", cursor.position)
    digits = cursor.text[cursor.position + 1 : max(end, 0)]
    if not digits or not _HEX.issuperset(digits) or int(digits, 16) > top:
        raise cursor.fail("Illegal or unclosed hexadecimal escape sequence")
    cursor.position = end + 1
    return int(digits, 16)


def _utf16(cursor: Cursor) -> int:
    high = _hexadecimal(cursor, 4)
    if 0xD800 <= high < 0xDC00 and cursor.text.startswith("\\u", cursor.position):
        before = cursor.position
        cursor.position += 2
        low = _hexadecimal(cursor, 4)
        if 0xDC00 <= low < 0xE000:
            return 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00)
        cursor.position = before
    return high


def _by_name(cursor: Cursor) -> int:
    end = cursor.text.find("}", cursor.position)
    name = cursor.text[cursor.position + 1 : max(end, 0)]
    if not cursor.text.startswith("{", cursor.position) or not name:
        raise cursor.fail("Illegal character name escape sequence")
    try:
        char = unicodedata.lookup(name)
    except KeyError:
        raise cursor.fail(f"Unknown character name [{name}]") from None
    cursor.position = end + 1
    return ord(char[0])
