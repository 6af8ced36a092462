"""DateTime, DateTimeOffset and TimeSpan, in ticks of 100 ns as .NET counts them. The local time zone is UTC."""

from __future__ import annotations

from datetime import date
from functools import total_ordering
from time import time_ns
from typing import Final

from inferway.languages.csharp.types import Type
from inferway.languages.csharp.values import out_of_range

MICROSECOND: Final = 10
MILLISECOND: Final = 10_000
SECOND: Final = 10_000_000
MINUTE: Final = 60 * SECOND
HOUR: Final = 60 * MINUTE
DAY: Final = 24 * HOUR
EPOCH: Final = 719_162 * DAY
"""1970-01-01."""
LAST: Final = 3_652_059 * DAY - 1
"""9999-12-31T23:59:59.9999999."""
_DATE_RANGE: Final = "The added or subtracted value results in an un-representable DateTime."


@total_ordering
class TimeSpan:
    """A length of time."""

    __slots__ = ("ticks",)
    type: Type = Type("TimeSpan")

    def __init__(self, ticks: int) -> None:
        self.ticks = ticks

    def __eq__(self, other: object) -> bool:
        return isinstance(other, TimeSpan) and self.ticks == other.ticks

    def __lt__(self, other: TimeSpan) -> bool:
        return self.ticks < other.ticks

    def __hash__(self) -> int:
        return hash(self.ticks)


def checked_ticks(ticks: int) -> int:
    """The ticks of a date, if there is such a date. Raises ThrownError."""
    if not 0 <= ticks <= LAST:
        raise out_of_range("value", _DATE_RANGE)
    return ticks


@total_ordering
class DateTime:
    """A date and time; `kind` is 0 unspecified, 1 UTC, 2 local."""

    __slots__ = ("kind", "ticks")
    type: Type = Type("DateTime")

    def __init__(self, ticks: int, kind: int = 0) -> None:
        self.ticks = checked_ticks(ticks)
        self.kind = kind

    def __eq__(self, other: object) -> bool:
        return isinstance(other, DateTime) and self.ticks == other.ticks

    def __lt__(self, other: DateTime) -> bool:
        return self.ticks < other.ticks

    def __hash__(self) -> int:
        return hash(self.ticks)

    def date(self) -> date:
        """The calendar's day."""
        return date.fromordinal(self.ticks // DAY + 1)


@total_ordering
class DateTimeOffset:
    """A date and time with its offset from UTC; `ticks` are the clock's, `offset` is in ticks too."""

    __slots__ = ("offset", "ticks")
    type: Type = Type("DateTimeOffset")

    def __init__(self, ticks: int, offset: int = 0) -> None:
        self.ticks = checked_ticks(ticks)
        self.offset = offset

    @property
    def utc(self) -> int:
        """The ticks of the same moment in UTC."""
        return self.ticks - self.offset

    def __eq__(self, other: object) -> bool:
        return isinstance(other, DateTimeOffset) and self.utc == other.utc

    def __lt__(self, other: DateTimeOffset) -> bool:
        return self.utc < other.utc

    def __hash__(self) -> int:
        return hash(self.utc)


def make_ticks(year: int, month: int, day: int, clock: tuple[int, int, int] = (0, 0, 0), ticks: int = 0) -> int:
    """The ticks of a date and clock. Raises ThrownError when there is no such day or time."""
    try:
        days = date(year, month, day).toordinal() - 1
    except (ValueError, OverflowError):
        raise out_of_range("", "Year, Month, and Day parameters describe an un-representable DateTime.") from None
    hour, minute, second = clock
    if not (0 <= hour < 24 and 0 <= minute < 60 and 0 <= second < 60):
        raise out_of_range("", "Hour, Minute, and Second parameters describe an un-representable DateTime.")
    return days * DAY + hour * HOUR + minute * MINUTE + second * SECOND + ticks


def now_ticks() -> int:
    """The ticks of the present moment in UTC."""
    return EPOCH + time_ns() // 100


def add_months(ticks: int, months: int) -> int:
    """The same day some months on, the month's last where it has no such day. Raises ThrownError."""
    day = date.fromordinal(ticks // DAY + 1)
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not 1 <= year <= 9_999:
        raise out_of_range("months", _DATE_RANGE)
    last = days_in_month(year, month + 1)
    return (date(year, month + 1, min(day.day, last)).toordinal() - 1) * DAY + ticks % DAY


def days_in_month(year: int, month: int) -> int:
    """How many days a month has. Raises ThrownError when there is no such month."""
    if not (1 <= month <= 12 and 1 <= year <= 9_999):
        raise out_of_range("month", "Month must be between one and twelve.")
    return 31 if month in (1, 3, 5, 7, 8, 10, 12) else 30 if month != 2 else 29 if is_leap(year) else 28


def is_leap(year: int) -> bool:
    """Whether a year has 366 days."""
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
