"""Counters and cache in this process's memory: exact, and gone with it."""

import time
from collections import OrderedDict
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from inferway.definition.stage import Period, Quota, Throttle
from inferway.stores.protocols import CachedResponse
from inferway.stores.rates import SlicedRates, Slices
from inferway.stores.windows import Periods, PeriodWindows, SlidingWindows, Times

Clock = Callable[[], float]


class _Bucket:
    __slots__ = ("at", "tokens")

    def __init__(self, tokens: float, at: float) -> None:
        self.tokens = tokens
        self.at = at


class TokenBuckets:
    """Token buckets, one per key, that fill at `rate` a second up to `burst`."""

    __slots__ = ("_buckets", "_burst", "_clock", "_rate")

    def __init__(self, throttle: Throttle, buckets: dict[str, _Bucket], clock: Clock) -> None:
        self._rate = throttle.rate
        self._burst = float(throttle.burst)
        self._buckets = buckets
        self._clock = clock

    def take(self, key: str) -> bool:
        """Take a token; False where less than one is left."""
        now = self._clock()
        bucket = self._buckets.get(key)
        if bucket is None:
            bucket = self._buckets[key] = _Bucket(self._burst, now)
        tokens = bucket.tokens + (now - bucket.at) * self._rate
        tokens = min(tokens, self._burst)
        bucket.at = now
        if tokens < 1.0:
            bucket.tokens = tokens
            return False
        bucket.tokens = tokens - 1.0
        return True


class _Window:
    __slots__ = ("first", "start", "used")

    def __init__(self, start: float) -> None:
        self.first = start
        self.start = start
        self.used = 0


def window_start(period: Period, now: datetime) -> datetime:
    """Give the start, in UTC, of the calendar window that holds `now`: midnight, Sunday's, or the month's first."""
    day = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    if period is Period.DAY:
        return day
    if period is Period.WEEK:
        return day - timedelta(days=(day.weekday() + 1) % 7)
    return day.replace(day=1)


def _window_end(period: Period, start: datetime) -> datetime:
    if period is Period.MONTH:
        return (start + timedelta(days=31)).replace(day=1)
    return start + timedelta(days=7 if period is Period.WEEK else 1)


class FixedWindows:
    """Calendar windows, one per key; the first window of a key is shorter by the quota's offset."""

    __slots__ = ("_clock", "_end", "_quota", "_start", "_windows")

    def __init__(self, quota: Quota, windows: dict[str, _Window], clock: Clock) -> None:
        self._quota = quota
        self._windows = windows
        self._clock = clock
        self._start = self._end = 0.0

    def take(self, key: str) -> bool:
        """Count a request; False where the window's limit is reached."""
        now = self._clock()
        if not self._start <= now < self._end:
            self._turn(now)
        start = self._start
        window = self._windows.get(key)
        if window is None:
            window = self._windows[key] = _Window(start)
        elif window.start != start:
            window.start = start
            window.used = 0
        limit = self._quota.limit - (self._quota.offset if window.start == window.first else 0)
        if window.used >= limit:
            return False
        window.used += 1
        return True

    def _turn(self, now: float) -> None:
        """Settle the bounds of the calendar window that holds `now`, in seconds since the epoch."""
        start = window_start(self._quota.period, datetime.fromtimestamp(now, UTC))
        self._start = start.timestamp()
        self._end = _window_end(self._quota.period, start).timestamp()


class MemoryCounters:
    """Counters of one process."""

    def __init__(self, *, monotonic: Clock = time.monotonic, wall: Clock = time.time) -> None:
        self._monotonic = monotonic
        self._wall = wall
        self._buckets: dict[str, dict[str, _Bucket]] = {}
        self._windows: dict[str, dict[str, _Window]] = {}
        self._times: dict[str, Times] = {}
        self._periods: dict[str, Periods] = {}
        self._slices: dict[str, Slices] = {}

    def token_bucket(self, name: str, throttle: Throttle) -> TokenBuckets:
        """Give the token buckets of a throttle; tokens taken before under this name stay taken."""
        return TokenBuckets(throttle, self._buckets.setdefault(name, {}), self._monotonic)

    def fixed_window(self, name: str, quota: Quota) -> FixedWindows:
        """Give the windows of a quota; requests counted before under this name stay counted."""
        return FixedWindows(quota, self._windows.setdefault(f"{name}:{quota.period}", {}), self._wall)

    def sliding_window(self, name: str, calls: int, seconds: float) -> SlidingWindows:
        """Give sliding windows; calls counted before under this name stay counted."""
        return SlidingWindows(calls, seconds, self._times.setdefault(name, Times()), self._monotonic)

    def period_window(self, name: str, calls: int, seconds: float, start: float | None) -> PeriodWindows:
        """Give windows of a fixed length; calls counted before under this name stay counted."""
        return PeriodWindows(calls, seconds, start, self._periods.setdefault(name, Periods()), self._wall)

    def rate(self, name: str, seconds: float) -> SlicedRates:
        """Give counts of late requests; those counted before under this name stay counted."""
        return SlicedRates(seconds, self._slices.setdefault(f"{name}:{seconds}", Slices()), self._monotonic)


class MemoryCache:
    """A cache of responses bounded in bytes; the least recently used go first.

    `max_entry` is the vendor's largest cacheable response, 1,048,576 bytes.
    """

    def __init__(
        self, *, max_bytes: int = 67_108_864, max_entry: int = 1_048_576, clock: Clock = time.monotonic
    ) -> None:
        self._max_bytes = max_bytes
        self._max_entry = max_entry
        self._clock = clock
        self._bytes = 0
        self._entries: OrderedDict[bytes, tuple[float, int, CachedResponse]] = OrderedDict()

    def get(self, key: bytes) -> CachedResponse | None:
        """Give what is kept under a key and not expired."""
        entry = self._entries.get(key)
        if entry is None:
            return None
        if entry[0] <= self._clock():
            self._drop(key)
            return None
        self._entries.move_to_end(key)
        return entry[2]

    def put(self, key: bytes, response: CachedResponse, ttl: float) -> None:
        """Keep a response for `ttl` seconds; one larger than the largest entry is left out."""
        size = len(key) + len(response.body) + sum(len(name) + len(value) for name, value in response.headers)
        if key in self._entries:
            self._drop(key)
        if size > self._max_entry or ttl <= 0:
            return
        self._entries[key] = (self._clock() + ttl, size, response)
        self._bytes += size
        while self._bytes > self._max_bytes:
            self._drop(next(iter(self._entries)))

    def _drop(self, key: bytes) -> None:
        self._bytes -= self._entries.pop(key)[1]
