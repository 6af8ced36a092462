"""What the gateway asks of a store: token buckets, windows, and cached responses."""

from collections.abc import Awaitable
from typing import Protocol

import msgspec

from inferway.definition.stage import Quota, Throttle


class Limiter(Protocol):
    """One limit over many keys."""

    def take(self, key: str) -> bool | Awaitable[bool]:
        """Take one request from the key's allowance: False where it is used up. A local store answers at once."""
        ...


class Allowance(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a call: whether it may go on, how many more may, else the seconds until one may again.

    A wait of -1 has no end.
    """

    allowed: bool
    left: int
    wait: float


class Window(Protocol):
    """One limit over many keys that says how much is left."""

    def take(self, key: str, count: int = 1) -> Allowance | Awaitable[Allowance]:
        """Count calls of a key where they are allowed; a count of 0 only asks whether one would be."""
        ...


class Rate(Protocol):
    """Counts the requests of many keys over the last seconds, and refuses none."""

    def count(self, key: str) -> int | Awaitable[int]:
        """Count a request of a key and give how many there were, this one included."""
        ...


class Counters(Protocol):
    """Gives limiters by name; the same name keeps its counts when a deployment is replaced."""

    def token_bucket(self, name: str, throttle: Throttle) -> Limiter:
        """Give the token buckets of a throttle, one per key."""
        ...

    def fixed_window(self, name: str, quota: Quota) -> Limiter:
        """Give the calendar windows of a quota, one per key."""
        ...

    def sliding_window(self, name: str, calls: int, seconds: float) -> Window:
        """Give windows that always span the last `seconds`, one per key."""
        ...

    def period_window(self, name: str, calls: int, seconds: float, start: float | None) -> Window:
        """Give windows that begin at `start` (Unix time; None: a key's first call) and again every `seconds`.

        0 seconds give a window without end.
        """
        ...

    def rate(self, name: str, seconds: float) -> Rate:
        """Give counts of the requests within the last `seconds`, to a twelfth of them, one per key."""
        ...


class CachedResponse(msgspec.Struct, frozen=True, kw_only=True):
    """A response as the cache keeps it."""

    status: int
    headers: tuple[tuple[bytes, bytes], ...]
    body: bytes


class ResponseCache(Protocol):
    """Keeps whole responses for a time to live in seconds, within a bound on its size."""

    def get(self, key: bytes) -> CachedResponse | Awaitable[CachedResponse | None] | None:
        """Give what is kept under a key and not expired."""
        ...

    def put(self, key: bytes, response: CachedResponse, ttl: float) -> Awaitable[None] | None:
        """Keep a response; one too large for the store is left out."""
        ...
