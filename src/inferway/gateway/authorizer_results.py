"""What an authorizer has said, kept for a while: bounded in size, and asked for once at a time for each caller."""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import Final

from inferway.caller import Authorized
from inferway.faults import Fault

MOST_RESULTS: Final = 20_000
MOST_CHARACTERS: Final = 16_000_000
"""Of keys, policies and values together; a caller can make up as many identities as they like."""

_OWN: Final = 500
"""About what a result takes besides its texts."""

Key = tuple[tuple[str, ...], ...]
"""The values of each part of an identity, one by one: joined, two callers could have the same."""

Found = Authorized | Fault


class _Flight:
    """A question under way, and how many wait for its answer."""

    __slots__ = ("task", "waiting")

    task: "asyncio.Task[Found]"

    def __init__(self) -> None:
        self.waiting = 0


class AuthorizerResults:
    """What one authorizer of one deployment has said."""

    __slots__ = ("_clock", "_flights", "_kept", "_size", "_ttl")

    def __init__(self, ttl: float, clock: Callable[[], float] = time.monotonic) -> None:
        """Keep results for `ttl` seconds of the clock."""
        self._ttl = ttl
        self._clock = clock
        self._kept: OrderedDict[Key, tuple[float, int, Authorized]] = OrderedDict()
        self._flights: dict[Key, _Flight] = {}
        self._size = 0

    def __len__(self) -> int:
        """Give how many are kept, those included that have expired since."""
        return len(self._kept)

    def get(self, key: Key) -> Authorized | None:
        """Give what is kept under a key and not expired."""
        kept = self._kept.get(key)
        if kept is None:
            return None
        if kept[0] <= self._clock():
            self._drop(key)
            return None
        return kept[2]

    async def ask(self, key: Key, question: Callable[[], Awaitable[Found]]) -> Found:
        """Ask, or wait for the answer where the same is being asked; a fault is told, and not kept.

        Who stops waiting does not stop the others; the question ends with the last of them.
        """
        flight = self._flights.get(key)
        if flight is None:
            flight = self._flights[key] = _Flight()
            flight.task = asyncio.ensure_future(self._answer(key, question, flight))
        flight.waiting += 1
        try:
            return await asyncio.shield(flight.task)
        finally:
            flight.waiting -= 1
            if not flight.waiting and not flight.task.done():
                self._land(key, flight)  # at once, so that nobody joins what is being given up
                flight.task.cancel()

    async def _answer(self, key: Key, question: Callable[[], Awaitable[Found]], flight: _Flight) -> Found:
        try:
            found = await question()
            if isinstance(found, Authorized):
                self._keep(key, found)
            return found
        finally:
            self._land(key, flight)

    def _land(self, key: Key, flight: _Flight) -> None:
        if self._flights.get(key) is flight:
            del self._flights[key]

    def _keep(self, key: Key, found: Authorized) -> None:
        size = _size(key, found)
        if size > MOST_CHARACTERS:
            return
        now = self._clock()
        self._drop(key)
        self._kept[key] = (now + self._ttl, size, found)
        self._size += size
        while len(self._kept) > MOST_RESULTS or self._size > MOST_CHARACTERS or self._oldest() <= now:
            self._drop(next(iter(self._kept)))

    def _oldest(self) -> float:
        """Give when the oldest result expires: they come in order, since all are kept for as long."""
        return next(iter(self._kept.values()))[0]

    def _drop(self, key: Key) -> None:
        dropped = self._kept.pop(key, None)
        if dropped is not None:
            self._size -= dropped[1]


def _size(key: Key, found: Authorized) -> int:
    texts = (
        *(value for part in key for value in part),
        found.principal,
        found.usage_key or "",
        *(found.policies or ()),
        *found.context.values(),
    )
    return _OWN + sum(map(len, texts)) + sum(map(len, found.context))
