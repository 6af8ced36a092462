"""One timer for every deadline of a client."""

import asyncio
import math
from collections.abc import Callable
from typing import Final

# Deadlines within this many seconds of one another are met by one scan, so that many stalled calls cost few scans.
_SCAN_GAP: Final = 0.01


class Deadlines:
    """Wakes at the earliest deadline that it was told of, and then asks each watched pool what has expired.

    A call that ends in time costs nothing here but one comparison with `next_scan`: deadlines are never taken back,
    a scan finds that theirs have passed unused. `next_scan` is in the loop's own time, seconds.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._scans: list[Callable[[float], float]] = []
        self._timer: asyncio.TimerHandle | None = None
        self._earliest = 0.0
        self.next_scan = math.inf

    def watch(self, scan: Callable[[float], float]) -> None:
        """Add `scan(now)`, which ends what has expired and returns the next deadline (infinity for none)."""
        self._scans.append(scan)

    def hasten(self, deadline: float) -> None:
        """Scan at `deadline` at the latest, give or take the scan gap."""
        if deadline >= self.next_scan:
            return
        self._cancel()
        self.next_scan = max(deadline, self._earliest)
        self._timer = self._loop.call_at(self.next_scan, self._scan)

    def stop(self) -> None:
        """Forget every deadline."""
        self._scans.clear()
        self._cancel()

    def _cancel(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self.next_scan = math.inf

    def _scan(self) -> None:
        self._timer = None
        self.next_scan = math.inf
        now = self._loop.time()
        self._earliest = now + _SCAN_GAP
        nearest = min([scan(now) for scan in self._scans], default=math.inf)
        if nearest < math.inf:
            self.hasten(nearest)
