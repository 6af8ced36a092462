"""A circuit breaker: closed, open, half open (M. Nygard, "Release It!", "Circuit Breaker")."""

from collections import deque
from enum import StrEnum
from typing import Final

from inferway.definition.balancing import CircuitBreaker

_PARTS: Final = 10
"""Parts of the window that are counted, and forgotten, as one."""


class State(StrEnum):
    """What a breaker does with calls."""

    CLOSED = "closed"
    OPEN = "open"
    HALF_OPEN = "half open"


class Breaker:
    """Counts how calls end, and refuses them for a while once too many failed; `now` is always in seconds."""

    __slots__ = ("_options", "_parts", "_probing", "_until", "state")

    def __init__(self, options: CircuitBreaker) -> None:
        self._options = options
        self._parts: deque[list[float]] = deque()  # each: when it began, calls, failures
        self._until = 0.0
        self._probing = False
        self.state = State.CLOSED

    def lets_through(self, now: float) -> bool:
        """Say whether a call may be made; one that may has to be told the end of."""
        if self.state is State.CLOSED:
            return True
        if self.state is State.OPEN:
            if now < self._until:
                return False
            self.state = State.HALF_OPEN
            self._probing = False
        if self._probing:
            return False
        self._probing = True
        return True

    def ended(self, now: float, *, failed: bool | None) -> None:
        """Take in how a call ended; None where nothing is known of it, since its caller left."""
        if self.state is State.HALF_OPEN:
            self._probed(now, failed=failed)
        elif self.state is State.CLOSED and failed is not None:
            self._count(now, failed=failed)

    def _probed(self, now: float, *, failed: bool | None) -> None:
        self._probing = False
        if failed:
            self._open(now)
        elif failed is not None:
            self.state = State.CLOSED
            self._parts.clear()

    def _count(self, now: float, *, failed: bool) -> None:
        parts, options = self._parts, self._options
        if not parts or now - parts[-1][0] >= options.window / _PARTS:
            parts.append([now, 0, 0])
        while now - parts[0][0] > options.window:
            parts.popleft()
        parts[-1][1] += 1
        if not failed:
            return
        parts[-1][2] += 1
        calls = sum([part[1] for part in parts])
        failures = sum([part[2] for part in parts])
        if calls >= options.requests and failures * 100 >= calls * options.percent:
            self._open(now)

    def _open(self, now: float) -> None:
        self.state = State.OPEN
        self._until = now + self._options.seconds
        self._parts.clear()
