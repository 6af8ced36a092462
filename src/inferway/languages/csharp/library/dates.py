"""DateTime, DateTimeOffset and Guid."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any, Final

from inferway.languages.csharp.change_type import local_date, offset_date
from inferway.languages.csharp.date_parse import parse_exact, parse_moment, unreadable
from inferway.languages.csharp.date_text import date_text
from inferway.languages.csharp.dates import (
    DAY,
    EPOCH,
    HOUR,
    LAST,
    MILLISECOND,
    MINUTE,
    SECOND,
    DateTime,
    DateTimeOffset,
    TimeSpan,
    add_months,
    days_in_month,
    is_leap,
    make_ticks,
    now_ticks,
)
from inferway.languages.csharp.errors import ThrownError
from inferway.languages.csharp.guid import Guid, parse_guid
from inferway.languages.csharp.library.attempts import need_text, tried
from inferway.languages.csharp.library.spans import SPAN
from inferway.languages.csharp.types import Type
from inferway.languages.csharp.universe import Class
from inferway.languages.csharp.values import Array, EnumValue, argument_error

_WEEK: Final = ("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")


def _styled(moment: tuple[int, int | None], style: int) -> DateTime:
    """The date for a DateTimeStyles."""
    ticks, offset = moment
    if style & 128 and offset is not None:
        return DateTime(ticks - offset, 1 if offset == 0 else 2)
    if offset is None:
        return DateTime(ticks, 1 if style & 64 else 2 if style & 32 else 0)
    return DateTime(ticks - offset, 1 if style & 16 else 2)


def _with_styles(moment: tuple[int, int | None], style: int) -> DateTime:
    found = _styled(moment, style)
    if moment[1] is None and style & 64 and not style & 16:
        return DateTime(found.ticks, 2)
    return found


def _exact_of(text: str | None, pictures: list[str]) -> tuple[int, int | None]:
    for each in pictures:
        try:
            return parse_exact(need_text(text), each)
        except ThrownError:
            continue
    raise unreadable(need_text(text))


def _exact(text: str | None, picture: str | None, _: Any = None, style: int = 0) -> DateTime:
    return _with_styles(parse_exact(need_text(text), need_text(picture)), style)


def _exact_offset(text: str | None, picture: str | None, _: Any = None, _style: int = 0) -> DateTimeOffset:
    ticks, offset = parse_exact(need_text(text), need_text(picture))
    return DateTimeOffset(ticks, offset or 0)


def _parse(text: str | None, _: Any = None, style: int = 0) -> DateTime:
    return _with_styles(parse_moment(need_text(text)), style) if style else local_date(need_text(text))


def _parse_offset(text: str | None, *_: Any) -> DateTimeOffset:
    return offset_date(need_text(text))


def _moved(value: Any, ticks: float) -> Any:
    if isinstance(value, DateTime):
        return DateTime(value.ticks + int(ticks), value.kind)
    return DateTimeOffset(value.ticks + int(ticks), value.offset)


def _months(value: Any, count: int) -> Any:
    return _moved(value, add_months(value.ticks, count) - value.ticks)


def _shared(name: str) -> dict[str, Callable[..., Any]]:
    """What dates with and without an offset have alike."""
    return {
        "int Year": lambda value: int(date_text(value, "yyyy")),
        "int Month": lambda value: int(date_text(value, "%M")),
        "int Day": lambda value: int(date_text(value, "%d")),
        "int Hour": lambda value: value.ticks // HOUR % 24,
        "int Minute": lambda value: value.ticks // MINUTE % 60,
        "int Second": lambda value: value.ticks // SECOND % 60,
        "int Millisecond": lambda value: value.ticks // MILLISECOND % 1000,
        "long Ticks": lambda value: value.ticks,
        "int DayOfYear": lambda value: (
            value.ticks // DAY + 2 - make_ticks(int(date_text(value, "yyyy")), 1, 1) // DAY - 1
        ),
        "DayOfWeek DayOfWeek": lambda value: _weekday(value.ticks),
        "DateTime Date": lambda value: DateTime(value.ticks // DAY * DAY, getattr(value, "kind", 0)),
        "TimeSpan TimeOfDay": lambda value: TimeSpan(value.ticks % DAY),
        f"{name} AddYears(int value)": lambda value, count: _months(value, count * 12),
        f"{name} AddMonths(int value)": _months,
        f"{name} AddDays(double value)": lambda value, count: _moved(value, count * DAY),
        f"{name} AddHours(double value)": lambda value, count: _moved(value, count * HOUR),
        f"{name} AddMinutes(double value)": lambda value, count: _moved(value, count * MINUTE),
        f"{name} AddSeconds(double value)": lambda value, count: _moved(value, count * SECOND),
        f"{name} AddMilliseconds(double value)": lambda value, count: _moved(value, count * MILLISECOND),
        f"{name} AddTicks(long value)": _moved,
        f"{name} Add(TimeSpan value)": lambda value, span: _moved(value, span.ticks),
        f"{name} Subtract(TimeSpan value)": lambda value, span: _moved(value, -span.ticks),
        f"TimeSpan Subtract({name} value)": lambda a, b: TimeSpan(_utc(a) - _utc(b)),
        f"int CompareTo({name} value)": lambda a, b: (a > b) - (a < b),
        f"static int Compare({name} a, {name} b)": lambda a, b: (a > b) - (a < b),
        f"bool Equals({name} value)": lambda a, b: a == b,
        "string ToString()": date_text,
        "string ToString(string format)": lambda value, picture: date_text(value, picture or ""),
        "string ToString(IFormatProvider provider)": lambda value, _: date_text(value),
        "string ToString(string format, IFormatProvider provider)": lambda value, picture, _: date_text(
            value, picture or ""
        ),
    }


def _utc(value: Any) -> int:
    return int(value.utc) if isinstance(value, DateTimeOffset) else int(value.ticks)


def _weekday(ticks: int) -> EnumValue:
    number = (ticks // DAY + 1) % 7
    return EnumValue(number, "DayOfWeek", _WEEK[number])


_KINDS: Final = ("Unspecified", "Utc", "Local")


_DATE: Final[dict[str, Callable[..., Any]]] = {
    **_shared("DateTime"),
    "static DateTime Now": lambda: DateTime(now_ticks(), 2),
    "static DateTime UtcNow": lambda: DateTime(now_ticks(), 1),
    "static DateTime Today": lambda: DateTime(now_ticks() // DAY * DAY, 2),
    "static DateTime MinValue": lambda: DateTime(0),
    "static DateTime MaxValue": lambda: DateTime(LAST),
    "static DateTime UnixEpoch": lambda: DateTime(EPOCH, 1),
    "new(int year, int month, int day)": lambda *parts: DateTime(make_ticks(*parts)),
    "new(int year, int month, int day, int hour, int minute, int second)": lambda y, m, d, *clock: DateTime(
        make_ticks(y, m, d, clock)
    ),
    (
        "new(int year, int month, int day, int hour, int minute, int second, int millisecond)"
    ): lambda y, m, d, hh, mm, ss, ms: DateTime(make_ticks(y, m, d, (hh, mm, ss), ms * MILLISECOND)),
    (
        "new(int year, int month, int day, int hour, int minute, int second, DateTimeKind kind)"
    ): lambda y, m, d, hh, mm, ss, kind: DateTime(make_ticks(y, m, d, (hh, mm, ss)), int(kind)),
    (
        "new(int year, int month, int day, int hour, int minute, int second, int millisecond, DateTimeKind kind)"
    ): lambda y, m, d, hh, mm, ss, ms, kind: DateTime(make_ticks(y, m, d, (hh, mm, ss), ms * MILLISECOND), int(kind)),
    "new(long ticks)": DateTime,
    "new(long ticks, DateTimeKind kind)": lambda ticks, kind: DateTime(ticks, int(kind)),
    "DateTimeKind Kind": lambda value: EnumValue(value.kind, "DateTimeKind", _KINDS[value.kind]),
    "DateTime ToUniversalTime()": lambda value: DateTime(value.ticks, 1),
    "DateTime ToLocalTime()": lambda value: DateTime(value.ticks, 2),
    "string ToShortDateString()": lambda value: date_text(value, "d"),
    "string ToLongDateString()": lambda value: date_text(value, "D"),
    "string ToShortTimeString()": lambda value: date_text(value, "t"),
    "string ToLongTimeString()": lambda value: date_text(value, "T"),
    "long ToFileTimeUtc()": lambda value: value.ticks - make_ticks(1601, 1, 1),
    "static DateTime SpecifyKind(DateTime value, DateTimeKind kind)": lambda value, kind: DateTime(
        value.ticks, int(kind)
    ),
    "static int DaysInMonth(int year, int month)": days_in_month,
    "static bool IsLeapYear(int year)": is_leap,
    "static DateTime Parse(string s)": _parse,
    "static DateTime Parse(string s, IFormatProvider provider)": _parse,
    "static DateTime Parse(string s, IFormatProvider provider, DateTimeStyles styles)": _parse,
    "static DateTime ParseExact(string s, string format, IFormatProvider provider)": _exact,
    "static DateTime ParseExact(string s, string format, IFormatProvider provider, DateTimeStyles style)": _exact,
    (
        "static DateTime ParseExact(string s, string[] formats, IFormatProvider provider, DateTimeStyles style)"
    ): lambda text, pictures, _, style: _with_styles(_exact_of(text, pictures), style),
    "static bool TryParse(string s, out DateTime result)": tried(_parse, lambda: DateTime(0)),
    "static bool TryParse(string s, IFormatProvider provider, DateTimeStyles styles, out DateTime result)": tried(
        _parse, lambda: DateTime(0)
    ),
    (
        "static bool TryParseExact(string s, string format, IFormatProvider provider, "
        "DateTimeStyles style, out DateTime result)"
    ): tried(_exact, lambda: DateTime(0)),
}


def _offset_of(value: DateTime, span: TimeSpan) -> DateTimeOffset:
    if span.ticks % MINUTE:
        raise argument_error("Offset must be specified in whole minutes. (Parameter 'offset')")
    return DateTimeOffset(value.ticks, span.ticks)


_OFFSET: Final[dict[str, Callable[..., Any]]] = {
    **_shared("DateTimeOffset"),
    "static DateTimeOffset Now": lambda: DateTimeOffset(now_ticks()),
    "static DateTimeOffset UtcNow": lambda: DateTimeOffset(now_ticks()),
    "static DateTimeOffset MinValue": lambda: DateTimeOffset(0),
    "static DateTimeOffset MaxValue": lambda: DateTimeOffset(LAST),
    "static DateTimeOffset FromUnixTimeSeconds(long seconds)": lambda value: DateTimeOffset(EPOCH + value * SECOND),
    "static DateTimeOffset FromUnixTimeMilliseconds(long milliseconds)": lambda value: DateTimeOffset(
        EPOCH + value * MILLISECOND
    ),
    "new(DateTime dateTime)": lambda value: DateTimeOffset(value.ticks),
    "new(DateTime dateTime, TimeSpan offset)": _offset_of,
    (
        "new(int year, int month, int day, int hour, int minute, int second, TimeSpan offset)"
    ): lambda y, m, d, hh, mm, ss, span: DateTimeOffset(make_ticks(y, m, d, (hh, mm, ss)), span.ticks),
    "long ToUnixTimeSeconds()": lambda value: (value.utc - EPOCH) // SECOND,
    "long ToUnixTimeMilliseconds()": lambda value: (value.utc - EPOCH) // MILLISECOND,
    "TimeSpan Offset": lambda value: TimeSpan(value.offset),
    "DateTime DateTime": lambda value: DateTime(value.ticks),
    "DateTime UtcDateTime": lambda value: DateTime(value.utc, 1),
    "DateTime LocalDateTime": lambda value: DateTime(value.utc, 2),
    "long UtcTicks": lambda value: value.utc,
    "DateTimeOffset ToUniversalTime()": lambda value: DateTimeOffset(value.utc),
    "DateTimeOffset ToLocalTime()": lambda value: DateTimeOffset(value.utc),
    "DateTimeOffset ToOffset(TimeSpan offset)": lambda value, span: DateTimeOffset(value.utc + span.ticks, span.ticks),
    "static DateTimeOffset Parse(string s)": _parse_offset,
    "static DateTimeOffset Parse(string s, IFormatProvider provider)": _parse_offset,
    "static DateTimeOffset Parse(string s, IFormatProvider provider, DateTimeStyles styles)": _parse_offset,
    "static DateTimeOffset ParseExact(string s, string format, IFormatProvider provider)": _exact_offset,
    (
        "static DateTimeOffset ParseExact(string s, string format, IFormatProvider provider, DateTimeStyles style)"
    ): _exact_offset,
    "static bool TryParse(string s, out DateTimeOffset result)": tried(_parse_offset, lambda: DateTimeOffset(0)),
}


_GUID: Final[dict[str, Callable[..., Any]]] = {
    "static Guid NewGuid()": lambda: Guid(uuid.uuid4().int),
    "static Guid Parse(string input)": lambda text: parse_guid(need_text(text)),
    "static bool TryParse(string input, out Guid result)": tried(
        lambda text: parse_guid(need_text(text)), lambda: Guid(0)
    ),
    "static Guid Empty": lambda: Guid(0),
    "new(string g)": lambda text: parse_guid(need_text(text)),
    "new()": lambda: Guid(0),
    "string ToString()": Guid.csharp_text,
    "string ToString(string format)": lambda value, picture: value.csharp_format(picture or "D"),
    "byte[] ToByteArray()": lambda value: Array(uuid.UUID(int=value.number).bytes_le, Type("byte")),
    "bool Equals(Guid other)": lambda a, b: a == b,
}


CLASSES: Final = (
    Class(name="DateTime", members=_DATE, bases=("IComparable", "IFormattable"), python=DateTime),
    Class(name="DateTimeOffset", members=_OFFSET, bases=("IComparable", "IFormattable"), python=DateTimeOffset),
    Class(name="TimeSpan", members=SPAN, bases=("IComparable", "IFormattable"), python=TimeSpan),
    Class(name="Guid", members=_GUID, bases=("IComparable", "IFormattable"), python=Guid),
)
