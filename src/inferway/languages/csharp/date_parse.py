"""Reads dates and times from text, in the invariant culture.

The forms of `Parse` are those that documents hold: ISO 8601, RFC 1123, month/day/year and month names; the rest of
what .NET guesses at is refused.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from inferway.languages.csharp.date_text import DAYS, ITEM, MONTHS, STANDARD
from inferway.languages.csharp.dates import DAY, HOUR, MINUTE, SECOND, TimeSpan, make_ticks, now_ticks
from inferway.languages.csharp.errors import ThrownError
from inferway.languages.csharp.values import format_error, overflow

_CLOCK: Final = (
    r"(?P<hour>\d{1,2}):(?P<minute>\d{1,2})(?::(?P<second>\d{1,2})(?:[.,](?P<fraction>\d{1,12}))?)?"
    r"(?: ?(?P<half>[AaPp][Mm]))?"
)
_OFFSET: Final = r"(?: ?(?P<zone>Z|z|GMT|UTC|[+-]\d{1,2}(?::?\d\d)?))?"
_NAMES: Final = "|".join([*MONTHS, *(each[:3] for each in MONTHS)])
_WEEKDAY: Final = rf"(?:(?:{'|'.join([*DAYS, *(each[:3] for each in DAYS)])}),? )?"
_FORMS: Final = tuple(
    re.compile(rf"\s*{each}\s*", re.IGNORECASE | re.ASCII)
    for each in (
        rf"(?P<year>\d{{4}})[-/.](?P<month>\d{{1,2}})(?:[-/.](?P<day>\d{{1,2}})(?:(?:T| +){_CLOCK}{_OFFSET})?)?",
        rf"(?P<month>\d{{1,2}})[-/.](?P<day>\d{{1,2}})[-/.](?P<year>\d{{4}}|\d\d)(?: +{_CLOCK}{_OFFSET})?",
        rf"{_WEEKDAY}(?P<day>\d{{1,2}})[ -](?P<name>{_NAMES}),?[ -](?P<year>\d{{4}})(?: +{_CLOCK}{_OFFSET})?",
        rf"{_WEEKDAY}(?P<name>{_NAMES}) (?P<day>\d{{1,2}}),? (?P<year>\d{{4}})(?: +{_CLOCK}{_OFFSET})?",
        rf"(?P<name>{_NAMES}) (?P<year>\d{{4}})",
        rf"{_CLOCK}{_OFFSET}",
    )
)
_WORD: Final = re.compile(r"[^\W\d_]+")
_WORDS: Final = frozenset(
    {
        *(name.lower() for name in (*MONTHS, *DAYS)),
        *(name[:3].lower() for name in (*MONTHS, *DAYS)),
        *("am", "pm", "a", "p", "t", "z", "gmt", "utc"),
    }
)
Moment = tuple[int, int | None]
"""Ticks of the clock, and the offset in ticks where the text has one."""


def unreadable(text: str) -> ThrownError:
    """What parsing a bad date throws, in the words of modern .NET."""
    return format_error(f"String '{text}' was not recognized as a valid DateTime.")


def parse_moment(text: str) -> Moment:
    """What `DateTime.Parse` reads. Raises ThrownError."""
    for form in _FORMS:
        found = form.fullmatch(text) if len(text) < 100 else None
        if found is not None:
            try:
                return _moment(found.groupdict())
            except ThrownError:
                raise unreadable(text) from None
    word = next((each for each in _WORD.finditer(text) if each[0].lower() not in _WORDS), None)
    if word is None:
        raise unreadable(text)
    raise format_error(
        f"The string '{text}' was not recognized as a valid DateTime. "
        f"There is an unknown word starting at index '{word.start()}'."
    )


def _moment(parts: dict[str, str | None]) -> Moment:
    name = (parts.get("name") or "")[:3].title()
    month = [each[:3] for each in MONTHS].index(name) + 1 if name else int(parts.get("month") or 1)
    year = int(parts.get("year") or 0)
    if len(parts.get("year") or "0000") == 2:
        year += 2000 if year < 50 else 1900
    hour = int(parts.get("hour") or 0)
    half = (parts.get("half") or "").upper()
    if half:
        if not 1 <= hour <= 12:
            raise format_error("")
        hour = hour % 12 + (12 if half == "PM" else 0)
    clock = (hour, int(parts.get("minute") or 0), int(parts.get("second") or 0))
    fraction = round(int((parts.get("fraction") or "0").ljust(8, "0")[:8]) / 10)
    if year:
        ticks = make_ticks(year, month, int(parts.get("day") or 1), clock, fraction)
    else:
        ticks = now_ticks() // DAY * DAY + make_ticks(1, 1, 1, clock, fraction)
    return ticks, parse_offset(parts.get("zone"))


def parse_offset(text: str | None) -> int | None:
    """`Z`, `+01:00` or nothing, in ticks."""
    if not text:
        return None
    if text[0] not in "+-":
        return 0
    digits = text[1:].replace(":", "")
    hours, minutes = (int(digits), 0) if len(digits) <= 2 else (int(digits[:-2]), int(digits[-2:]))
    if hours > 14 or minutes > 59:
        raise format_error("")
    return (hours * HOUR + minutes * MINUTE) * (-1 if text[0] == "-" else 1)


_PARTS: Final[dict[str, str]] = {
    "d": r"(?P<day>\d{1,2})",
    "dd": r"(?P<day>\d\d)",
    "ddd": f"(?:{'|'.join(each[:3] for each in DAYS)})",
    "dddd": f"(?:{'|'.join(DAYS)})",
    "M": r"(?P<month>\d{1,2})",
    "MM": r"(?P<month>\d\d)",
    "MMM": f"(?P<name>{'|'.join(each[:3] for each in MONTHS)})",
    "MMMM": f"(?P<name>{'|'.join(MONTHS)})",
    "yy": r"(?P<year>\d\d)",
    "yyyy": r"(?P<year>\d{4})",
    "H": r"(?P<hour>\d{1,2})",
    "HH": r"(?P<hour>\d\d)",
    "h": r"(?P<hour>\d{1,2})",
    "hh": r"(?P<hour>\d\d)",
    "m": r"(?P<minute>\d{1,2})",
    "mm": r"(?P<minute>\d\d)",
    "s": r"(?P<second>\d{1,2})",
    "ss": r"(?P<second>\d\d)",
    "tt": r"(?P<half>AM|PM)",
    "t": r"(?P<half>A|P)",
    "K": r"(?P<zone>Z|[+-]\d\d:\d\d)?",
    "z": r"(?P<zone>[+-]\d{1,2})",
    "zz": r"(?P<zone>[+-]\d\d)",
    "zzz": r"(?P<zone>[+-]\d\d:\d\d)",
}


@lru_cache(maxsize=256)
def _exact_form(format_: str) -> re.Pattern[str]:
    if len(format_) == 1:
        if format_ not in STANDARD:
            raise format_error("Input string was not in a correct format.")
        format_ = STANDARD[format_]
    out = []
    for found in ITEM.finditer(format_[:200]):
        token = found[4]
        if found[6] == "Z" and "(?P<zone>Z)" not in out:
            out.append("(?P<zone>Z)")  # recorded: a Z outside of quotes is read as the zone
        elif token is None:
            out.append(re.escape(found[1] or found[2] or found[3] or found[6] or ""))
        elif token[0] in "fF":
            digits = rf"\d{{{len(token)}}}" if token[0] == "f" else rf"\d{{0,{len(token)}}}"
            if token[0] == "F" and out and out[-1] == r"\.":
                out[-1] = r"(?:\."
                digits = rf"\d{{1,{len(token)}}}"
                out.append(f"(?P<fraction>{digits}))?")
            else:
                out.append(f"(?P<fraction>{digits})")
        elif token in _PARTS:
            out.append(_PARTS[token])
        else:
            raise format_error("Input string was not in a correct format.")
    try:
        return re.compile("".join(out), re.IGNORECASE | re.ASCII)
    except re.error:
        raise format_error("Input string was not in a correct format.") from None


def parse_exact(text: str, format_: str) -> Moment:
    """What `DateTime.ParseExact` reads. Raises ThrownError."""
    found = _exact_form(format_).fullmatch(text)
    if found is None:
        raise unreadable(text)
    try:
        parts = found.groupdict()
        if parts.get("half") in ("a", "A", "p", "P"):
            parts["half"] = f"{parts['half']}M"
        ticks, offset = _moment(parts)
    except ThrownError:
        raise unreadable(text) from None
    return ticks, offset


_SPAN: Final = re.compile(
    r"\s*(?P<sign>-)?(?:(?P<only>\d+)|(?:(?P<days>\d+)(?:\.|:(?=\d+:\d+:\d)))?(?P<hours>\d{1,2}):(?P<minutes>\d{1,2})"
    r"(?::(?P<seconds>\d{1,2})(?:\.(?P<fraction>\d{1,7}))?)?)\s*",
    re.ASCII,
)


def parse_span(text: str) -> TimeSpan:
    """What `TimeSpan.Parse` reads. Raises ThrownError."""
    found = _SPAN.fullmatch(text) if len(text) < 60 else None
    if found is None:
        raise format_error(f"String '{text}' was not recognized as a valid TimeSpan.")
    days = int(found["only"] or found["days"] or 0)
    hours, minutes, seconds = (int(found[each] or 0) for each in ("hours", "minutes", "seconds"))
    if hours > 23 or minutes > 59 or seconds > 59 or days > 10_675_199:
        raise ThrownError(
            "System.OverflowException",
            f"The TimeSpan string '{text}' could not be parsed because at least one of the numeric components "
            "is out of range or contains too many digits.",
        )
    ticks = (
        days * DAY + hours * HOUR + minutes * MINUTE + seconds * SECOND + int((found["fraction"] or "0").ljust(7, "0"))
    )
    if ticks >= 2**63:
        raise overflow("a TimeSpan")
    return TimeSpan(-ticks if found["sign"] else ticks)
