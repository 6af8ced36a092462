"""TimeSpan."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from inferway.languages.csharp.date_parse import parse_span
from inferway.languages.csharp.date_text import span_text
from inferway.languages.csharp.dates import DAY, HOUR, MILLISECOND, MINUTE, SECOND, TimeSpan
from inferway.languages.csharp.errors import ThrownError
from inferway.languages.csharp.library.attempts import need_text, tried


def _span(value: float, unit: int) -> TimeSpan:
    ticks = round(value * unit) if unit >= MILLISECOND else int(value)
    if not -(2**63) <= ticks < 2**63:
        raise ThrownError("System.OverflowException", "TimeSpan overflowed because the duration is too long.")
    return TimeSpan(ticks)


_UNITS: Final = {"Days": DAY, "Hours": HOUR, "Minutes": MINUTE, "Seconds": SECOND, "Milliseconds": MILLISECOND}


_WRAPS: Final = {"Days": 10**9, "Hours": 24, "Minutes": 60, "Seconds": 60, "Milliseconds": 1000}


def _part(name: str) -> Callable[[TimeSpan], int]:
    def read(value: TimeSpan) -> int:
        found = abs(value.ticks) // _UNITS[name] % _WRAPS[name]
        return -found if value.ticks < 0 else found

    return read


def _total(name: str) -> Callable[[TimeSpan], float]:
    return lambda value: value.ticks / _UNITS[name]


def _from(name: str) -> Callable[[float], TimeSpan]:
    return lambda value: _span(value, _UNITS[name])


SPAN: Final[dict[str, Callable[..., Any]]] = {
    **{f"int {name}": _part(name) for name in _UNITS},
    **{f"double Total{name}": _total(name) for name in _UNITS},
    **{f"static TimeSpan From{name}(double value)": _from(name) for name in _UNITS},
    "static TimeSpan FromTicks(long value)": TimeSpan,
    "static TimeSpan Zero": lambda: TimeSpan(0),
    "static TimeSpan MaxValue": lambda: TimeSpan(2**63 - 1),
    "long Ticks": lambda value: value.ticks,
    "new(long ticks)": TimeSpan,
    "new(int hours, int minutes, int seconds)": lambda h, m, s: TimeSpan(h * HOUR + m * MINUTE + s * SECOND),
    "new(int days, int hours, int minutes, int seconds)": lambda d, h, m, s: TimeSpan(
        d * DAY + h * HOUR + m * MINUTE + s * SECOND
    ),
    "new(int days, int hours, int minutes, int seconds, int milliseconds)": lambda d, h, m, s, ms: TimeSpan(
        d * DAY + h * HOUR + m * MINUTE + s * SECOND + ms * MILLISECOND
    ),
    "TimeSpan Add(TimeSpan value)": lambda a, b: TimeSpan(a.ticks + b.ticks),
    "TimeSpan Subtract(TimeSpan value)": lambda a, b: TimeSpan(a.ticks - b.ticks),
    "TimeSpan Negate()": lambda value: TimeSpan(-value.ticks),
    "TimeSpan Duration()": lambda value: TimeSpan(abs(value.ticks)),
    "int CompareTo(TimeSpan value)": lambda a, b: (a > b) - (a < b),
    "string ToString()": span_text,
    "string ToString(string format)": lambda value, picture: span_text(value, picture or ""),
    "static TimeSpan Parse(string s)": lambda text: parse_span(need_text(text)),
    "static bool TryParse(string s, out TimeSpan result)": tried(
        lambda text: parse_span(need_text(text)), lambda: TimeSpan(0)
    ),
}
