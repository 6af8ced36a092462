"""string and StringBuilder."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any, Final

from inferway.languages.csharp.budget import made, reserve, room
from inferway.languages.csharp.library.characters import CHARACTER
from inferway.languages.csharp.library.comparison import compare, equal, folded
from inferway.languages.csharp.library.editing import (
    character_at,
    insert,
    need,
    pad,
    remove,
    repeated,
    replace,
    substring,
)
from inferway.languages.csharp.library.letters import SPACE, lower, upper
from inferway.languages.csharp.text import composite, text_of
from inferway.languages.csharp.types import STRING, Type
from inferway.languages.csharp.universe import Class
from inferway.languages.csharp.values import Array, iterate, out_of_range


def _find(text: str, value: str | None, start: int = 0, comparison: int = 4) -> int:
    need(value, "value")
    if not 0 <= start <= len(text):
        raise out_of_range(
            "startIndex",
            "Index was out of range. Must be non-negative and less than or equal to the size of the collection.",
        )
    return folded(text, comparison).find(folded(str(value), comparison), start)


def _find_last(text: str, value: str | None, comparison: int = 4) -> int:
    return folded(text, comparison).rfind(folded(need(value, "value"), comparison))


def _contains(text: str, value: str | None, comparison: int = 4) -> bool:
    return folded(need(value, "value"), comparison) in folded(text, comparison)


def _starts(text: str, value: str | None, comparison: int = 4) -> bool:
    return folded(text, comparison).startswith(folded(need(value, "value"), comparison))


def _ends(text: str, value: str | None, comparison: int = 4) -> bool:
    return folded(text, comparison).endswith(folded(need(value, "value"), comparison))


def _split(text: str, separators: Iterable[Any] | None, options: int = 0, count: int = 2**31 - 1) -> Array:
    marks = [each for each in separators or () if each]
    parts: list[str] = []
    if count > 1 or options:
        pattern = (
            "|".join(re.escape(each) for each in sorted(marks, key=lambda each: -len(each))) if marks else f"[{SPACE}]"
        )
        at = 0
        for found in re.finditer(pattern, text):
            part = text[at : found.start()]
            if len(parts) >= count - 1:
                break
            at = found.end()
            part = part.strip(SPACE) if options & 2 else part
            if part or not options & 1:
                parts.append(part)
        rest = text[at:]
    else:
        rest = text
    rest = rest.strip(SPACE) if options & 2 else rest
    if rest or not options & 1:
        parts.append(rest)
    room(len(parts))
    return Array(parts[: max(count, 0)], STRING)


def _chars(values: Iterable[str] | None) -> str:
    return "".join(values or ()) or SPACE


def _joined(separator: str | None, values: Iterable[Any] | None) -> str:
    texts = [text_of(each) for each in need(values, "value")]
    reserve(sum(map(len, texts)) + len(separator or "") * len(texts))
    return (separator or "").join(texts)


def _format(picture: str | None, values: Iterable[Any] | None) -> str:
    return composite(need(picture, "format"), list(need(values, "args")))


_STRING: Final[dict[str, Callable[..., Any]]] = {
    "int Length": len,
    "char this[int index]": character_at,
    "static string Empty": lambda: "",
    "string ToString()": str,
    "string Substring(int startIndex)": substring,
    "string Substring(int startIndex, int length)": substring,
    "string Replace(string oldValue, string newValue)": replace,
    "string Replace(char oldChar, char newChar)": lambda text, old, new: text.replace(old, new),
    "string ToLower()": lower,
    "string ToUpper()": upper,
    "string ToLowerInvariant()": lower,
    "string ToUpperInvariant()": upper,
    "string Trim()": lambda text: text.strip(SPACE),
    "string TrimStart()": lambda text: text.lstrip(SPACE),
    "string TrimEnd()": lambda text: text.rstrip(SPACE),
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
    "string PadLeft(int totalWidth)": lambda text, width: pad(text, width, left=True),
    "string PadLeft(int totalWidth, char paddingChar)": lambda text, width, mark: pad(
        text, width, left=True, mark=mark
    ),
    "string PadRight(int totalWidth)": lambda text, width: pad(text, width, left=False),
    "string PadRight(int totalWidth, char paddingChar)": lambda text, width, mark: pad(
        text, width, left=False, mark=mark
    ),
    "string Insert(int startIndex, string value)": insert,
    "string Remove(int startIndex)": remove,
    "string Remove(int startIndex, int count)": remove,
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
    "bool Equals(string other)": equal,
    "bool Equals(string other, StringComparison comparisonType)": equal,
    "int CompareTo(string other)": lambda left, right: compare(left, right, 2),
    "static bool IsNullOrEmpty(string value)": lambda value: not value,
    "static bool IsNullOrWhiteSpace(string value)": lambda value: not value or not value.strip(SPACE),
    "static bool Equals(string a, string b)": equal,
    "static bool Equals(string a, string b, StringComparison comparisonType)": equal,
    "static int Compare(string a, string b)": lambda a, b: compare(a, b, 2),
    "static int Compare(string a, string b, bool ignoreCase)": lambda a, b, ignore: compare(a, b, 3 if ignore else 2),
    "static int Compare(string a, string b, StringComparison comparisonType)": compare,
    "static int CompareOrdinal(string a, string b)": compare,
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
    "new(char c, int count)": repeated,
    "new(char[] value)": lambda value: "".join(value or ()),
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
    "StringBuilder Append(char value, int count)": lambda self, mark, count: self.append(repeated(mark, count)),
    "StringBuilder AppendLine()": lambda self: self.append("\r\n"),
    "StringBuilder AppendLine(string value)": lambda self, value: self.append((value or "") + "\r\n"),
    "StringBuilder AppendFormat(string format, params object[] args)": lambda self, *rest: self.append(_format(*rest)),
    "StringBuilder Replace(string oldValue, string newValue)": lambda self, *rest: self.set(
        replace(self.csharp_text(), *rest)
    ),
    "StringBuilder Insert(int index, string value)": lambda self, *rest: self.set(insert(self.csharp_text(), *rest)),
    "StringBuilder Remove(int startIndex, int length)": lambda self, *rest: self.set(remove(self.csharp_text(), *rest)),
    "StringBuilder Clear()": lambda self: self.set(""),
    "int Length": lambda self: self.size,
    "char this[int index]": lambda self, index: character_at(self.csharp_text(), index),
    "string ToString()": StringBuilder.csharp_text,
}


CLASSES: Final = (
    Class(name="string", members=_STRING, bases=("IEnumerable<char>", "IComparable"), python=str),
    Class(name="char", members=CHARACTER),
    Class(name="StringBuilder", members=_BUILDER, python=StringBuilder),
)
