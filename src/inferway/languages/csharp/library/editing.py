"""What makes a string from a part of another."""

from __future__ import annotations

from typing import Any

from inferway.languages.csharp.budget import reserve
from inferway.languages.csharp.errors import ThrownError
from inferway.languages.csharp.values import argument_error, argument_null, out_of_range


def need(value: Any, name: str) -> Any:
    """A value that is not null. Raises ThrownError."""
    if value is None:
        raise argument_null(name)
    return value


def substring(text: str, start: int, length: int | None = None) -> str:
    """`Substring`. Raises ThrownError."""
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


def character_at(text: str, index: int) -> str:
    """`text[index]`. Raises ThrownError."""
    if not 0 <= index < len(text):
        raise ThrownError("System.IndexOutOfRangeException", "Index was outside the bounds of the array.")
    return text[index]


def replace(text: str, old: str | None, new: str | None) -> str:
    """`Replace`. Raises ThrownError and LimitError."""
    if not old:
        raise (
            argument_null("oldValue")
            if old is None
            else argument_error("String cannot be of zero length. (Parameter 'oldValue')")
        )
    count = text.count(old)
    reserve(len(text) + count * max(0, len(new or "") - len(old)))
    return text.replace(old, new or "")


def pad(text: str, width: int, *, left: bool, mark: str = " ") -> str:
    """`PadLeft` or `PadRight`. Raises ThrownError and LimitError."""
    if width < 0:
        raise out_of_range("totalWidth", "Non-negative number required.")
    reserve(max(width, len(text)))
    return text.rjust(width, mark) if left else text.ljust(width, mark)


def insert(text: str, index: int, value: str | None) -> str:
    """`Insert`. Raises ThrownError."""
    need(value, "value")
    if not 0 <= index <= len(text):
        raise out_of_range("startIndex", "Index was out of range.")
    return f"{text[:index]}{value}{text[index:]}"


def remove(text: str, start: int, count: int | None = None) -> str:
    """`Remove`. Raises ThrownError."""
    head = substring(text, start, count)
    return text[:start] + text[start + len(head) :]


def repeated(mark: str, count: int) -> str:
    """`new string(c, count)`. Raises ThrownError and LimitError."""
    if count < 0:
        raise out_of_range("count", "'count' must be non-negative.")
    reserve(count)
    return mark * count
