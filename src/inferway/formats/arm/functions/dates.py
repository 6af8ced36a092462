"""Functions on dates.

Source: Azure Resource Manager, "Date functions for ARM templates" (https://learn.microsoft.com/azure/
azure-resource-manager/templates/template-functions-date); .NET, "Custom date and time format strings".
"""

import re
from datetime import UTC, datetime, timedelta
from typing import Final

from inferway.formats.arm.functions.arguments import a_text, an_integer
from inferway.formats.arm.values import Unresolved, Value

_DEFAULT: Final = "yyyyMMddTHHmmssZ"
_STANDARD: Final = {
    "d": "MM/dd/yyyy",
    "u": "yyyy-MM-dd HH:mm:ssZ",
    "s": "yyyy-MM-ddTHH:mm:ss",
    "o": "yyyy-MM-ddTHH:mm:ss.fffffffZ",
    "O": "yyyy-MM-ddTHH:mm:ss.fffffffZ",
    "r": "ddd, dd MMM yyyy HH:mm:ss 'GMT'",
    "R": "ddd, dd MMM yyyy HH:mm:ss 'GMT'",
}
_PART: Final = re.compile(
    r"'([^']*)'|\\(.)|yyyy|yy|MMMM|MMM|MM|M|dddd|ddd|dd|d|HH|H|hh|h|mm|m|ss|s|f{1,7}|tt|.", re.DOTALL
)
_DIRECTIVES: Final = {
    "yyyy": "%Y", "yy": "%y", "MMMM": "%B", "MMM": "%b", "MM": "%m", "dddd": "%A", "ddd": "%a", "dd": "%d",
    "HH": "%H", "hh": "%I", "mm": "%M", "ss": "%S", "tt": "%p",
}  # fmt: skip
_SHORT: Final = {"M": "%m", "d": "%d", "H": "%H", "h": "%I", "m": "%M", "s": "%S"}
_DURATION: Final = re.compile(
    r"([-+]?)P(?:(\d{1,4})Y)?(?:(\d{1,4})M)?(?:(\d{1,5})W)?(?:(\d{1,5})D)?"
    r"(?:T(?:(\d{1,7})H)?(?:(\d{1,7})M)?(?:(\d{1,9})S)?)?"
)
_MONTHS: Final = 12


def _written(moment: datetime, pattern: str) -> str:
    def part(found: re.Match[str]) -> str:
        token = found[0]
        if found[1] is not None or found[2] is not None:
            return found[1] if found[1] is not None else found[2]
        if token[0] == "f":
            return f"{moment.microsecond:06d}0"[: len(token)]
        if token in _DIRECTIVES:
            return moment.strftime(_DIRECTIVES[token])
        return str(int(moment.strftime(_SHORT[token]))) if token in _SHORT else token

    return _PART.sub(part, _STANDARD.get(pattern, pattern))


def _read(value: Value) -> datetime:
    written = a_text(value).strip()
    try:
        for pattern in ("%Y%m%dT%H%M%SZ", "%Y-%m-%d %H:%M:%SZ"):
            if re.fullmatch(re.sub(r"%\w", r"\\d+", pattern), written):
                return datetime.strptime(written, pattern).replace(tzinfo=UTC)
        moment = datetime.fromisoformat(written)
    except ValueError:
        raise Unresolved("bad-argument", f"{written[:40]!r} is no date") from None
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)


def utc_now(pattern: Value = _DEFAULT) -> Value:
    """`utcNow`."""
    return _written(datetime.now(UTC), a_text(pattern))


def date_time_add(base: Value, duration: Value, pattern: Value = _STANDARD["s"] + "Z") -> Value:
    """`dateTimeAdd` with an ISO 8601 duration."""
    found = _DURATION.fullmatch(a_text(duration).strip())
    if found is None:
        raise Unresolved("bad-argument", f"{duration[:40]!r} is no duration")
    sign = -1 if found[1] == "-" else 1
    years, months, weeks, days, hours, minutes, seconds = (sign * int(part or 0) for part in found.groups()[1:])
    try:
        moment = _later(_read(base), years * _MONTHS + months)
        moment += timedelta(days=7 * weeks + days, hours=hours, minutes=minutes, seconds=seconds)
    except (OverflowError, ValueError):
        raise Unresolved("bad-argument", "a date that no calendar has") from None
    return _written(moment, a_text(pattern))


def _later(moment: datetime, months: int) -> datetime:
    """Give a moment so many months later, in the month's last day where it has no such day."""
    year, month = divmod(moment.year * _MONTHS + moment.month - 1 + months, _MONTHS)
    for day in range(moment.day, moment.day - 4, -1):
        try:
            return moment.replace(year=year, month=month + 1, day=day)
        except ValueError:
            continue
    raise ValueError


def date_time_from_epoch(seconds: Value) -> Value:
    """`dateTimeFromEpoch`."""
    try:
        return _written(datetime.fromtimestamp(an_integer(seconds), UTC), _STANDARD["s"] + "Z")
    except (OverflowError, ValueError, OSError):
        raise Unresolved("bad-argument", "a date that no calendar has") from None


def date_time_to_epoch(value: Value) -> Value:
    """`dateTimeToEpoch`."""
    return int(_read(value).timestamp())
