"""Windows that say how much is left: one that slides, and one of a fixed length; exact, in this process's memory."""

from collections import deque
from collections.abc import Callable
from typing import Final, Generic, TypeVar

from inferway.stores.protocols import Allowance

Clock = Callable[[], float]

_SWEPT: Final = 1024
"""Keys from which on the idle ones are looked for, whenever their number has doubled."""

K = TypeVar("K")


class _Kept(Generic[K]):
    """What is kept by key; forgets keys that hold nothing any more, so that many clients do not fill the memory."""

    def __init__(self) -> None:
        self.by_key: dict[str, K] = {}
        self._limit = _SWEPT

    def add(self, key: str, value: K, idle: Callable[[K], bool]) -> K:
        if len(self.by_key) >= self._limit:
            self.by_key = {known: kept for known, kept in self.by_key.items() if not idle(kept)}
            self._limit = max(_SWEPT, 2 * len(self.by_key))
        self.by_key[key] = value
        return value


Times = _Kept[deque[float]]


class SlidingWindows:
    """At most `calls` within any `seconds`, one window per key. A refused call does not count."""

    __slots__ = ("_calls", "_clock", "_kept", "_seconds")

    def __init__(self, calls: int, seconds: float, kept: Times, clock: Clock) -> None:
        self._calls = calls
        self._seconds = seconds
        self._kept = kept
        self._clock = clock

    def take(self, key: str, count: int = 1) -> Allowance:
        """Count calls where they are allowed; a count of 0 asks whether one would be."""
        now = self._clock()
        first = now - self._seconds
        times = self._kept.by_key.get(key)
        if times is None:
            times = self._kept.add(key, deque(), lambda kept: not kept or kept[-1] <= first)
        while times and times[0] <= first:
            times.popleft()
        left = self._calls - len(times)
        if left < max(count, 1):
            wait = times[min(max(count, 1) - left, len(times)) - 1] - first if times else self._seconds
            return Allowance(allowed=False, left=max(left, 0), wait=wait)
        times.extend([now] * count)
        return Allowance(allowed=True, left=left - count, wait=0.0)


class _Period:
    __slots__ = ("start", "used")

    def __init__(self, start: float) -> None:
        self.start = start
        self.used = 0


Periods = _Kept[_Period]


class PeriodWindows:
    """At most `calls` per window of `seconds`, 0 for one without end.

    It begins at `start`, or with a key's first call.
    """

    __slots__ = ("_calls", "_clock", "_kept", "_seconds", "_start")

    def __init__(self, calls: int, seconds: float, start: float | None, kept: Periods, clock: Clock) -> None:
        self._calls = calls
        self._seconds = seconds
        self._start = start
        self._kept = kept
        self._clock = clock

    def take(self, key: str, count: int = 1) -> Allowance:
        """Count calls where they are allowed; a count of 0 asks whether one would be. No end gives a wait of -1."""
        now = self._clock()
        period = self._kept.by_key.get(key)
        if period is None:
            period = self._kept.add(key, _Period(now if self._start is None else self._start), self._over(now))
        if self._seconds > 0 and now >= period.start + self._seconds:
            period.start += (now - period.start) // self._seconds * self._seconds
            period.used = 0
        left = self._calls - period.used
        if left < max(count, 1):
            wait = period.start + self._seconds - now if self._seconds > 0 else -1.0
            return Allowance(allowed=False, left=max(left, 0), wait=wait)
        period.used += count
        return Allowance(allowed=True, left=left - count, wait=0.0)

    def _over(self, now: float) -> Callable[[_Period], bool]:
        seconds = self._seconds
        return lambda period: period.used == 0 or (seconds > 0 and now >= period.start + seconds)
