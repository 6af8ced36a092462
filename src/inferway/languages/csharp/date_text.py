"""Dates and times as .NET prints them in the invariant culture.

Source: "Standard date and time format strings" and "Custom date and time format strings"
(https://learn.microsoft.com/dotnet/standard/base-types/standard-date-and-time-format-strings).
"""

from __future__ import annotations

import re
from datetime import date
from typing import Final

from inferway.languages.csharp.dates import DAY, HOUR, MINUTE, SECOND, DateTime, DateTimeOffset, TimeSpan
from inferway.languages.csharp.values import format_error

DAYS: Final = ("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")
MONTHS: Final = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
STANDARD: Final[dict[str, str]] = {
    "d": "MM/dd/yyyy",
    "D": "dddd, dd MMMM yyyy",
    "f": "dddd, dd MMMM yyyy HH:mm",
    "F": "dddd, dd MMMM yyyy HH:mm:ss",
    "g": "MM/dd/yyyy HH:mm",
    "G": "MM/dd/yyyy HH:mm:ss",
    "m": "MMMM dd",
    "M": "MMMM dd",
    "o": "yyyy'-'MM'-'dd'T'HH':'mm':'ss'.'fffffffK",
    "O": "yyyy'-'MM'-'dd'T'HH':'mm':'ss'.'fffffffK",
    "r": "ddd, dd MMM yyyy HH':'mm':'ss 'GMT'",
    "R": "ddd, dd MMM yyyy HH':'mm':'ss 'GMT'",
    "s": "yyyy'-'MM'-'dd'T'HH':'mm':'ss",
    "t": "HH:mm",
    "T": "HH:mm:ss",
    "u": "yyyy'-'MM'-'dd HH':'mm':'ss'Z'",
    "y": "yyyy MMMM",
    "Y": "yyyy MMMM",
}
ITEM: Final = re.compile(r"\\(.)|'([^']*)'|\"([^\"]*)\"|%(?=.)|(([dfFghHKmMstyz])\5*)|(.)", re.DOTALL)


def date_text(value: DateTime | DateTimeOffset, format_: str = "") -> str:
    """`value.ToString(format)`. Raises ThrownError for a bad format."""
    offset = value.offset if isinstance(value, DateTimeOffset) else None
    kind = value.kind if isinstance(value, DateTime) else 2
    ticks = value.ticks
    if not format_:
        format_ = "MM/dd/yyyy HH:mm:ss" if offset is None else "MM/dd/yyyy HH:mm:ss zzz"
    elif len(format_) == 1:
        if format_ in "rRu" and offset is not None:
            ticks, offset = ticks - offset, 0
        if format_ == "U" and offset is None:
            format_ = "F"
        if format_ not in STANDARD:
            raise format_error("Input string was not in a correct format.")
        format_ = STANDARD[format_]
    return _custom(ticks, kind, offset, format_)


def _custom(ticks: int, kind: int, offset: int | None, format_: str) -> str:
    day = date.fromordinal(ticks // DAY + 1)
    out: list[str] = []
    for found in ITEM.finditer(format_):
        if found[4] is None:
            out.append(found[1] or found[2] or found[3] or found[6] or "")
            continue
        letter, count = found[5], len(found[4])
        if letter in "fF":
            out.append(_fraction(letter, count, ticks, out))
        elif letter in "Kz":
            out.append(_zone(letter, count, kind, offset))
        elif letter in "dMyg":
            out.append(_day_part(letter, count, day))
        else:
            out.append(_clock_part(letter, count, ticks % DAY))
    return "".join(out)


def _fraction(letter: str, count: int, ticks: int, out: list[str]) -> str:
    if count > 7:
        raise format_error("Input string was not in a correct format.")
    text = f"{ticks % SECOND:07d}"[:count]
    if letter == "F":
        text = text.rstrip("0")
        if not text and out and out[-1] == ".":
            out.pop()
    return text


def _zone(letter: str, count: int, kind: int, offset: int | None) -> str:
    if letter == "K" and offset is None:
        return ("", "Z", "+00:00")[kind]
    minutes = (offset or 0) // MINUTE
    sign, minutes = ("-" if minutes < 0 else "+"), abs(minutes)
    if letter == "K" or count >= 3:
        return f"{sign}{minutes // 60:02d}:{minutes % 60:02d}"
    return f"{sign}{minutes // 60:0{count}d}"


def _day_part(letter: str, count: int, day: date) -> str:
    if letter == "g":
        return "A.D."
    if letter == "y":
        return str(day.year % 100).rjust(count, "0") if count <= 2 else str(day.year).rjust(count, "0")
    if count <= 2:
        return str(day.day if letter == "d" else day.month).rjust(count, "0")
    name = DAYS[day.isoweekday() % 7] if letter == "d" else MONTHS[day.month - 1]
    return name[:3] if count == 3 else name


def _clock_part(letter: str, count: int, clock: int) -> str:
    hour = clock // HOUR
    if letter == "t":
        return ("AM" if hour < 12 else "PM")[:count]
    number = {"H": hour, "h": (hour + 11) % 12 + 1, "m": clock // MINUTE % 60, "s": clock // SECOND % 60}[letter]
    return str(number).rjust(min(count, 2), "0")


def span_text(value: TimeSpan, format_: str = "") -> str:
    """`value.ToString(format)`. Raises ThrownError for a bad format."""
    if format_ in ("", "c", "t", "T"):
        return _span(value.ticks, short=False)
    if format_ in ("g", "G"):
        return _span_general(value.ticks, long=format_ == "G")
    if len(format_) == 1:
        raise format_error("Input string was not in a correct format.")
    ticks, out = abs(value.ticks), []
    for found in re.finditer(r"\\(.)|'([^']*)'|\"([^\"]*)\"|%(?=.)|(([dhmsfF])\5*)|(.)", format_, re.DOTALL):
        if found[4] is not None:
            out.append(_span_part(found[5], len(found[4]), ticks))
        elif found[6] is not None:
            raise format_error("Input string was not in a correct format.")
        else:
            out.append(found[1] or found[2] or found[3] or "")
    return "".join(out)


def _span_part(letter: str, count: int, ticks: int) -> str:
    if letter in "fF":
        text = f"{ticks % SECOND:07d}"[:count]
        return text if letter == "f" else text.rstrip("0")
    number = {"d": ticks // DAY, "h": ticks // HOUR % 24, "m": ticks // MINUTE % 60, "s": ticks // SECOND % 60}[letter]
    return str(number).rjust(count, "0")


def _span(ticks: int, *, short: bool) -> str:
    sign, ticks = ("-" if ticks < 0 else ""), abs(ticks)
    days, fraction = ticks // DAY, ticks % SECOND
    hours = ticks // HOUR % 24
    text = f"{hours:{'' if short else '02'}}:{ticks // MINUTE % 60:02d}:{ticks // SECOND % 60:02d}"
    return f"{sign}{f'{days}.' if days else ''}{text}{f'.{fraction:07d}' if fraction else ''}"


def _span_general(ticks: int, *, long: bool) -> str:
    sign, ticks = ("-" if ticks < 0 else ""), abs(ticks)
    days, fraction = ticks // DAY, f"{ticks % SECOND:07d}"
    hours = ticks // HOUR % 24
    clock = f"{ticks // MINUTE % 60:02d}:{ticks // SECOND % 60:02d}"
    if long:
        return f"{sign}{days}:{hours:02d}:{clock}.{fraction}"
    fraction = fraction.rstrip("0")
    return f"{sign}{f'{days}:' if days else ''}{hours}:{clock}{f'.{fraction}' if fraction else ''}"
