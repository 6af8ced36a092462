"""Times formatted and read by patterns of java.time.format.DateTimeFormatter.

Source: AppSync, "Time helpers in $util.time" (https://docs.aws.amazon.com/appsync/latest/devguide/
time-helpers-in-util-time.html), which names that class; its pattern letters (https://docs.oracle.com/javase/8/docs/api/
java/time/format/DateTimeFormatter.html) in English, those of calendars other than ISO's and of text styles left out.
"""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

_PART: Final = re.compile(r"'((?:[^']|'')*)'|([A-Za-z])\2*|([^A-Za-z']+)")
_DAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS: Final = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)
_PATTERN_CHARACTERS: Final = 200


def zone(name: str) -> tzinfo:
    """Give a time zone by its name or offset; ValueError where there is none."""
    if name in ("UTC", "Z", "GMT"):
        return UTC
    offset = re.fullmatch(r"(?:UTC|GMT)?([+-])(\d{1,2})(?::?(\d{2}))?", name)
    if offset:
        minutes = int(offset[2]) * 60 + int(offset[3] or 0)
        return timezone(timedelta(minutes=minutes if offset[1] == "+" else -minutes))
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError(f"Unknown time-zone ID: {name[:60]}") from error


def format_time(moment: datetime, pattern: str) -> str:
    """Give a moment, in its own zone, as the pattern has it; ValueError for a pattern that is none."""
    made = []
    for literal, letters in _parts(pattern):
        if not letters:
            made.append(literal)
            continue
        write = _WRITERS.get(letters[0])
        if write is None:
            raise ValueError(f"Unknown pattern letter: {letters[0]}")
        made.append(write(moment, len(letters)))
    return "".join(made)


def parse_time(text: str, pattern: str, default: tzinfo | None) -> datetime:
    """Read a moment by a pattern; a zone in the text counts, else `default`. ValueError where it does not fit."""
    expression, fields = [], []
    for literal, letters in _parts(pattern):
        if not letters:
            expression.append(re.escape(literal))
            continue
        reader = _READERS.get(letters[0])
        if reader is None:
            raise ValueError(f"Unknown pattern letter: {letters[0]}")
        expression.append(f"({reader(len(letters))})")
        fields.append(letters)
    found = re.fullmatch("".join(expression), text[:_PATTERN_CHARACTERS], re.IGNORECASE)
    if found is None:
        raise ValueError(f"Text '{text[:100]}' could not be parsed")
    return _assemble(dict(zip(fields, found.groups(), strict=True)), text, default)


def iso_milliseconds(text: str) -> int:
    """Read an ISO 8601 moment with an offset; ValueError where it is none."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise ValueError(f"Text '{text[:100]}' could not be parsed") from error
    if moment.tzinfo is None:
        raise ValueError(f"Text '{text[:100]}' could not be parsed: it has no offset")
    return milliseconds(moment)


def milliseconds(moment: datetime) -> int:
    """Give a moment's milliseconds since 1970."""
    return int((moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1))


def moment_of(given: int, at: tzinfo = UTC) -> datetime:
    """Give the moment of milliseconds since 1970; ValueError outside of years 1 to 9999."""
    try:
        return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=given)).astimezone(at)
    except OverflowError as error:
        raise ValueError(f"{given} is no moment") from error


def iso_text(moment: datetime) -> str:
    """Give a moment in UTC as `2018-02-06T19:01:35.749Z`."""
    return format_time(moment.astimezone(UTC), "yyyy-MM-dd'T'HH:mm:ss.SSS'Z'")


def _parts(pattern: str) -> Iterator[tuple[str, str]]:
    """Give the literals and the runs of letters of a pattern."""
    if len(pattern) > _PATTERN_CHARACTERS:
        raise ValueError("the pattern is too long")
    at = 0
    while at < len(pattern):
        found = _PART.match(pattern, at)
        if found is None:
            raise ValueError(f"Pattern ends with an incomplete string literal: {pattern}")
        at = found.end()
        if found[1] is not None:
            yield found[1].replace("''", "'") or "'", ""
        elif found[2] is not None:
            yield "", found[0]
        else:
            yield found[3], ""


def _padded(value: Callable[[datetime], int]) -> Callable[[datetime, int], str]:
    return lambda moment, count: str(value(moment)).zfill(count)


def _year(moment: datetime, count: int) -> str:
    return f"{moment.year % 100:02}" if count == 2 else str(moment.year).zfill(count)


def _named(names: tuple[str, ...], index: Callable[[datetime], int]) -> Callable[[datetime, int], str]:
    def write(moment: datetime, count: int) -> str:
        name = names[index(moment)]
        return name[:3] if count < 4 else name if count == 4 else name[:1]

    return write


_MONTH_NAME: Final = _named(_MONTHS, lambda moment: moment.month - 1)


def _month(moment: datetime, count: int) -> str:
    return _MONTH_NAME(moment, count) if count > 2 else str(moment.month).zfill(count)


def _offset(moment: datetime, count: int, zero: str) -> str:
    total = int((moment.utcoffset() or timedelta()).total_seconds()) // 60
    if total == 0 and zero:
        return zero
    sign, hours, minutes = "+" if total >= 0 else "-", abs(total) // 60, abs(total) % 60
    if count == 1:
        return f"{sign}{hours:02}" + (f"{minutes:02}" if minutes else "")
    return f"{sign}{hours:02}{':' if count in (3, 5) else ''}{minutes:02}"


def _zone_offset(moment: datetime, count: int) -> str:
    if count == 4:
        text = _offset(moment, 3, "")
        return "GMT" if text == "+00:00" else f"GMT{text}"
    return _offset(moment, 5, "Z") if count == 5 else _offset(moment, 2, "")


_WRITERS: Final[dict[str, Callable[[datetime, int], str]]] = {
    "y": _year,
    "u": _year,
    "M": _month,
    "L": _month,
    "d": _padded(lambda moment: moment.day),
    "D": _padded(lambda moment: moment.timetuple().tm_yday),
    "H": _padded(lambda moment: moment.hour),
    "k": _padded(lambda moment: moment.hour or 24),
    "h": _padded(lambda moment: moment.hour % 12 or 12),
    "K": _padded(lambda moment: moment.hour % 12),
    "m": _padded(lambda moment: moment.minute),
    "s": _padded(lambda moment: moment.second),
    "S": lambda moment, count: f"{moment.microsecond:06}000"[:count].ljust(count, "0"),
    "n": _padded(lambda moment: moment.microsecond * 1000),
    "A": _padded(lambda moment: (moment.hour * 3600 + moment.minute * 60 + moment.second) * 1000),
    "a": lambda moment, _: "AM" if moment.hour < 12 else "PM",
    "E": _named(_DAYS, datetime.weekday),
    "e": _padded(lambda moment: moment.isoweekday() % 7 + 1),
    "w": _padded(lambda moment: moment.isocalendar().week),
    "X": lambda moment, count: _offset(moment, count, "Z"),
    "x": lambda moment, count: _offset(moment, count, ""),
    "Z": _zone_offset,
    "z": lambda moment, _: moment.tzname() or "UTC",
    "V": lambda moment, _: getattr(moment.tzinfo, "key", "") or moment.tzname() or "Z",
    "O": lambda moment, _: _zone_offset(moment, 4),
}

_OFFSET: Final = r"Z|[+-]\d{2}(?::?\d{2})?|GMT(?:[+-]\d{2}:\d{2})?"


def _digits(count: int) -> str:
    return rf"\d{{{count}}}" if count > 1 else r"\d{1,2}"


_READERS: Final[dict[str, Callable[[int], str]]] = {
    "y": lambda count: r"\d{2}" if count == 2 else r"\d{4}",
    "u": lambda count: r"\d{2}" if count == 2 else r"\d{4}",
    "M": lambda count: _digits(count) if count < 3 else r"[A-Za-z]{3,9}",
    "d": _digits,
    "H": _digits,
    "h": _digits,
    "m": _digits,
    "s": _digits,
    "S": lambda count: rf"\d{{{count}}}",
    "a": lambda _: "AM|PM",
    "E": lambda _: r"[A-Za-z]{3,9}",
    "X": lambda _: _OFFSET,
    "x": lambda _: _OFFSET,
    "Z": lambda _: _OFFSET,
    "z": lambda _: r"[A-Za-z_/+:\d-]{1,40}",
    "V": lambda _: r"[A-Za-z_/+:\d-]{1,40}",
}


def _assemble(fields: dict[str, str], text: str, default: tzinfo | None) -> datetime:
    first = {letters[0]: value for letters, value in fields.items()}
    at = next((zone(first[letter]) for letter in "XxZzV" if letter in first), default)
    if at is None:
        raise ValueError(f"Text '{text[:100]}' could not be parsed: it has no time zone")
    hour = int(first.get("H", first.get("h", "0")))
    if "h" in first and "H" not in first:
        hour = hour % 12 + (12 if first.get("a", "AM").upper() == "PM" else 0)
    year = first.get("y", first.get("u", "1970"))
    try:
        return datetime(
            int(year) if len(year) > 2 else 2000 + int(year),
            _month_number(first.get("M", "1")),
            int(first.get("d", "1")),
            hour,
            int(first.get("m", "0")),
            int(first.get("s", "0")),
            int(first.get("S", "0").ljust(6, "0")[:6]),
            tzinfo=at,
        )
    except ValueError as error:
        raise ValueError(f"Text '{text[:100]}' could not be parsed: {error}") from error


def _month_number(text: str) -> int:
    if text.isdigit():
        return int(text)
    for at, name in enumerate(_MONTHS):
        if name.lower().startswith(text.lower()[:3]):
            return at + 1
    raise ValueError(f"{text!r} is no month")
