"""string, char and StringBuilder."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from typing import Any, Final

from inferway.languages.csharp.budget import made, reserve, room
from inferway.languages.csharp.change_type import parse_char
from inferway.languages.csharp.errors import ThrownError
from inferway.languages.csharp.text import composite, text_of
from inferway.languages.csharp.types import STRING, Type
from inferway.languages.csharp.universe import Class
from inferway.languages.csharp.values import Array, argument_error, argument_null, iterate, out_of_range

_SPACE: Final = (
    "\t\n\v\f\r \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007"
    "\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000"
)


def _folded(text: str, comparison: int) -> str:
    return _upper(text) if comparison % 2 else text


def _upper(text: str) -> str:
    """Upper case one character to one, as .NET has it (`ß` stays)."""
    upper = text.upper()
    return upper if len(upper) == len(text) else "".join(c.upper() if len(c.upper()) == 1 else c for c in text)


def _lower(text: str) -> str:
    lower = text.lower()
    if len(lower) == len(text) and "ς" not in lower:
        return lower
    return "".join(c.lower() if len(c.lower()) == 1 else c for c in text)


def _need(value: Any, name: str) -> Any:
    if value is None:
        raise argument_null(name)
    return value


def _substring(text: str, start: int, length: int | None = None) -> str:
    size = len(text)
    if start < 0:
        raise out_of_range("startIndex", "StartIndex cannot be less than zero.")
    if start > size:
        raise out_of_range("startIndex", "startIndex cannot be larger than length of string.")
    if length is None:
        return text[start:]
    if length < 0:
        raise out_of_range("length", "Length cannot be less than zero.")
    if start + length > size:
        raise out_of_range("length", "Index and length must refer to a location within the string.")
    return text[start : start + length]


def _at(text: str, index: int) -> str:
    if not 0 <= index < len(text):
        raise ThrownError("System.IndexOutOfRangeException", "Index was outside the bounds of the array.")
    return text[index]


def _replace(text: str, old: str | None, new: str | None) -> str:
    if not old:
        raise (
            argument_null("oldValue")
            if old is None
            else argument_error("String cannot be of zero length. (Parameter 'oldValue')")
        )
    count = text.count(old)
    reserve(len(text) + count * max(0, len(new or "") - len(old)))
    return text.replace(old, new or "")


def _find(text: str, value: str | None, start: int = 0, comparison: int = 4) -> int:
    _need(value, "value")
    if not 0 <= start <= len(text):
        raise out_of_range(
            "startIndex",
            "Index was out of range. Must be non-negative and less than or equal to the size of the collection.",
        )
    return _folded(text, comparison).find(_folded(str(value), comparison), start)


def _find_last(text: str, value: str | None, comparison: int = 4) -> int:
    return _folded(text, comparison).rfind(_folded(_need(value, "value"), comparison))


def _contains(text: str, value: str | None, comparison: int = 4) -> bool:
    return _folded(_need(value, "value"), comparison) in _folded(text, comparison)


def _starts(text: str, value: str | None, comparison: int = 4) -> bool:
    return _folded(text, comparison).startswith(_folded(_need(value, "value"), comparison))


def _ends(text: str, value: str | None, comparison: int = 4) -> bool:
    return _folded(text, comparison).endswith(_folded(_need(value, "value"), comparison))


def _equal(left: str | None, right: str | None, comparison: int = 4) -> bool:
    if left is None or right is None:
        return left is right
    return _folded(left, comparison) == _folded(right, comparison)


def _split(text: str, separators: Iterable[Any] | None, options: int = 0, count: int = 2**31 - 1) -> Array:
    marks = [each for each in separators or () if each]
    parts: list[str] = []
    if count > 1 or options:
        pattern = (
            "|".join(re.escape(each) for each in sorted(marks, key=lambda each: -len(each))) if marks else f"[{_SPACE}]"
        )
        at = 0
        for found in re.finditer(pattern, text):
            part = text[at : found.start()]
            if len(parts) >= count - 1:
                break
            at = found.end()
            part = part.strip(_SPACE) if options & 2 else part
            if part or not options & 1:
                parts.append(part)
        rest = text[at:]
    else:
        rest = text
    rest = rest.strip(_SPACE) if options & 2 else rest
    if rest or not options & 1:
        parts.append(rest)
    room(len(parts))
    return Array(parts[: max(count, 0)], STRING)


def _chars(values: Iterable[str] | None) -> str:
    return "".join(values or ()) or _SPACE


def _pad(text: str, width: int, *, left: bool, mark: str = " ") -> str:
    if width < 0:
        raise out_of_range("totalWidth", "Non-negative number required.")
    reserve(max(width, len(text)))
    return text.rjust(width, mark) if left else text.ljust(width, mark)


def _insert(text: str, index: int, value: str | None) -> str:
    _need(value, "value")
    if not 0 <= index <= len(text):
        raise out_of_range("startIndex", "Index was out of range.")
    return f"{text[:index]}{value}{text[index:]}"


def _remove(text: str, start: int, count: int | None = None) -> str:
    head = _substring(text, start, count)
    return text[:start] + text[start + len(head) :]


def _joined(separator: str | None, values: Iterable[Any] | None) -> str:
    texts = [text_of(each) for each in _need(values, "value")]
    reserve(sum(map(len, texts)) + len(separator or "") * len(texts))
    return (separator or "").join(texts)


def _compare(left: str | None, right: str | None, comparison: int = 4) -> int:
    """Ordinal, or by letters as the invariant culture sorts: letters before their case."""
    if left is None or right is None:
        return (left is not None) - (right is not None)
    if comparison >= 4:
        one, two = _folded(left, comparison), _folded(right, comparison)
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
    return _compare(left, right, 4)


def compare_culture(left: str | None, right: str | None) -> int:
    """`string.Compare` in the invariant culture."""
    return _compare(left, right, 2)


def _repeated(mark: str, count: int) -> str:
    if count < 0:
        raise out_of_range("count", "'count' must be non-negative.")
    reserve(count)
    return mark * count


def _format(picture: str | None, values: Iterable[Any] | None) -> str:
    return composite(_need(picture, "format"), list(_need(values, "args")))


_STRING: Final[dict[str, Callable[..., Any]]] = {
    "int Length": len,
    "char this[int index]": _at,
    "static string Empty": lambda: "",
    "string ToString()": str,
    "string Substring(int startIndex)": _substring,
    "string Substring(int startIndex, int length)": _substring,
    "string Replace(string oldValue, string newValue)": _replace,
    "string Replace(char oldChar, char newChar)": lambda text, old, new: text.replace(old, new),
    "string ToLower()": _lower,
    "string ToUpper()": _upper,
    "string ToLowerInvariant()": _lower,
    "string ToUpperInvariant()": _upper,
    "string Trim()": lambda text: text.strip(_SPACE),
    "string TrimStart()": lambda text: text.lstrip(_SPACE),
    "string TrimEnd()": lambda text: text.rstrip(_SPACE),
    "string Trim(params char[] trimChars)": lambda text, chars: text.strip(_chars(chars)),
    "string TrimStart(params char[] trimChars)": lambda text, chars: text.lstrip(_chars(chars)),
    "string TrimEnd(params char[] trimChars)": lambda text, chars: text.rstrip(_chars(chars)),
    "bool StartsWith(string value)": _starts,
    "bool StartsWith(string value, StringComparison comparisonType)": _starts,
    "bool StartsWith(char value)": lambda text, value: text.startswith(value),
    "bool EndsWith(string value)": _ends,
    "bool EndsWith(string value, StringComparison comparisonType)": _ends,
    "bool EndsWith(char value)": lambda text, value: text.endswith(value),
    "bool Contains(string value)": _contains,
    "bool Contains(string value, StringComparison comparisonType)": _contains,
    "bool Contains(char value)": lambda text, value: value in text,
    "int IndexOf(string value)": _find,
    "int IndexOf(char value)": lambda text, value: text.find(value),
    "int IndexOf(string value, int startIndex)": _find,
    "int IndexOf(char value, int startIndex)": _find,
    "int IndexOf(string value, StringComparison comparisonType)": lambda text, value, how: _find(text, value, 0, how),
    "int IndexOf(string value, int startIndex, StringComparison comparisonType)": _find,
    "int IndexOfAny(char[] anyOf)": lambda text, chars: next((at for at, c in enumerate(text) if c in chars), -1),
    "int LastIndexOf(string value)": _find_last,
    "int LastIndexOf(char value)": lambda text, value: text.rfind(value),
    "int LastIndexOf(string value, StringComparison comparisonType)": _find_last,
    "string PadLeft(int totalWidth)": lambda text, width: _pad(text, width, left=True),
    "string PadLeft(int totalWidth, char paddingChar)": lambda text, width, mark: _pad(
        text, width, left=True, mark=mark
    ),
    "string PadRight(int totalWidth)": lambda text, width: _pad(text, width, left=False),
    "string PadRight(int totalWidth, char paddingChar)": lambda text, width, mark: _pad(
        text, width, left=False, mark=mark
    ),
    "string Insert(int startIndex, string value)": _insert,
    "string Remove(int startIndex)": _remove,
    "string Remove(int startIndex, int count)": _remove,
    "string[] Split(params char[] separator)": _split,
    "string[] Split(char[] separator, StringSplitOptions options)": _split,
    "string[] Split(char[] separator, int count)": lambda text, marks, count: _split(text, marks, 0, count),
    "string[] Split(char[] separator, int count, StringSplitOptions options)": lambda text, marks, count, options: (
        _split(text, marks, options, count)
    ),
    "string[] Split(string[] separator, StringSplitOptions options)": _split,
    "string[] Split(char separator, StringSplitOptions options)": _split,
    "string[] Split(char separator, int count)": lambda text, mark, count: _split(text, [mark], 0, count),
    "string[] Split(string separator, StringSplitOptions options = 0)": lambda text, mark, options: _split(
        text, [mark], options
    ),
    "string[] Split(string[] separator, int count, StringSplitOptions options)": lambda text, marks, count, options: (
        _split(text, marks, options, count)
    ),
    "char[] ToCharArray()": lambda text: Array(text, Type("char")),
    "bool Equals(string other)": _equal,
    "bool Equals(string other, StringComparison comparisonType)": _equal,
    "int CompareTo(string other)": lambda left, right: _compare(left, right, 2),
    "static bool IsNullOrEmpty(string value)": lambda value: not value,
    "static bool IsNullOrWhiteSpace(string value)": lambda value: not value or not value.strip(_SPACE),
    "static bool Equals(string a, string b)": _equal,
    "static bool Equals(string a, string b, StringComparison comparisonType)": _equal,
    "static int Compare(string a, string b)": lambda a, b: _compare(a, b, 2),
    "static int Compare(string a, string b, bool ignoreCase)": lambda a, b, ignore: _compare(a, b, 3 if ignore else 2),
    "static int Compare(string a, string b, StringComparison comparisonType)": _compare,
    "static int CompareOrdinal(string a, string b)": _compare,
    "static string Join(string separator, params string[] values)": _joined,
    "static string Join(string separator, IEnumerable<string> values)": lambda mark, values: _joined(
        mark, iterate(values)
    ),
    "static string Join(string separator, params object[] values)": _joined,
    "static string Join<T>(string separator, IEnumerable<T> values)": lambda _, mark, values: _joined(
        mark, iterate(values)
    ),
    "static string Concat(params string[] values)": lambda values: _joined("", values),
    "static string Concat(params object[] values)": lambda values: _joined("", values),
    "static string Concat(IEnumerable<string> values)": lambda values: _joined("", iterate(values)),
    "static string Format(string format, params object[] args)": _format,
    "static string Format(IFormatProvider provider, string format, params object[] args)": lambda _, *rest: _format(
        *rest
    ),
    "static string Copy(string value)": lambda value: value,
    "new(char c, int count)": _repeated,
    "new(char[] value)": lambda value: "".join(value or ()),
}


def _is_symbol(mark: str, *kinds: str) -> bool:
    return unicodedata.category(mark).startswith(kinds)


_CHAR: Final[dict[str, Callable[..., Any]]] = {
    "static bool IsDigit(char c)": lambda c: _is_symbol(c, "Nd"),
    "static bool IsLetter(char c)": lambda c: _is_symbol(c, "L"),
    "static bool IsLetterOrDigit(char c)": lambda c: _is_symbol(c, "L", "Nd"),
    "static bool IsUpper(char c)": lambda c: _is_symbol(c, "Lu"),
    "static bool IsLower(char c)": lambda c: _is_symbol(c, "Ll"),
    "static bool IsWhiteSpace(char c)": lambda c: c in _SPACE,
    "static bool IsNumber(char c)": lambda c: _is_symbol(c, "N"),
    "static bool IsPunctuation(char c)": lambda c: _is_symbol(c, "P"),
    "static bool IsSymbol(char c)": lambda c: _is_symbol(c, "S"),
    "static bool IsControl(char c)": lambda c: _is_symbol(c, "Cc"),
    "static char ToUpper(char c)": _upper,
    "static char ToLower(char c)": _lower,
    "static char ToUpperInvariant(char c)": _upper,
    "static char ToLowerInvariant(char c)": _lower,
    "static char Parse(string s)": parse_char,
    "static double GetNumericValue(char c)": lambda c: float(unicodedata.numeric(c, -1.0)),
    "string ToString()": str,
    "int CompareTo(char other)": lambda a, b: ord(a) - ord(b),
    "bool Equals(char other)": lambda a, b: a == b,
}


class StringBuilder:
    """A System.Text.StringBuilder."""

    type = Type("StringBuilder")

    def __init__(self, text: str | None = "") -> None:
        self.parts = [text or ""]
        self.size = len(text or "")

    def append(self, text: str | None) -> StringBuilder:
        """`Append`."""
        if text:
            self.size += len(text)
            reserve(0 if self.size < 256 else len(text))
            room(len(self.parts))
            if self.size > 10_000_000:
                reserve(self.size)
            self.parts.append(text)
        return self

    def csharp_text(self) -> str:
        """`ToString()`."""
        if len(self.parts) > 1:
            self.parts = [made("".join(self.parts))]
        return self.parts[0]

    def set(self, text: str) -> StringBuilder:
        """Another text."""
        self.parts, self.size = [text], len(text)
        return self


_BUILDER: Final[dict[str, Callable[..., Any]]] = {
    "new()": StringBuilder,
    "new(string value)": StringBuilder,
    "new(int capacity)": lambda _: StringBuilder(),
    "StringBuilder Append(string value)": StringBuilder.append,
    "StringBuilder Append(char value)": StringBuilder.append,
    "StringBuilder Append(object value)": lambda self, value: self.append(text_of(value)),
    "StringBuilder Append(char value, int count)": lambda self, mark, count: self.append(_repeated(mark, count)),
    "StringBuilder AppendLine()": lambda self: self.append("\r\n"),
    "StringBuilder AppendLine(string value)": lambda self, value: self.append((value or "") + "\r\n"),
    "StringBuilder AppendFormat(string format, params object[] args)": lambda self, *rest: self.append(_format(*rest)),
    "StringBuilder Replace(string oldValue, string newValue)": lambda self, *rest: self.set(
        _replace(self.csharp_text(), *rest)
    ),
    "StringBuilder Insert(int index, string value)": lambda self, *rest: self.set(_insert(self.csharp_text(), *rest)),
    "StringBuilder Remove(int startIndex, int length)": lambda self, *rest: self.set(
        _remove(self.csharp_text(), *rest)
    ),
    "StringBuilder Clear()": lambda self: self.set(""),
    "int Length": lambda self: self.size,
    "char this[int index]": lambda self, index: _at(self.csharp_text(), index),
    "string ToString()": StringBuilder.csharp_text,
}
CLASSES: Final = (
    Class(name="string", members=_STRING, bases=("IEnumerable<char>", "IComparable"), python=str),
    Class(name="char", members=_CHAR),
    Class(name="StringBuilder", members=_BUILDER, python=StringBuilder),
)
