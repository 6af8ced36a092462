"""What was seen of one variant, by slices of time, so that it can be told for the time since any moment."""

from collections import deque
from typing import Final

import msgspec

from inferway.rollout.tally import Tally

SLICE: Final = 5.0
"""Seconds that are counted as one."""

KEPT: Final = 3600.0
"""Seconds that are told apart; what is older is in the totals only."""


class Seen(msgspec.Struct, frozen=True, kw_only=True):
    """What was seen of a variant: `refused` are calls that its model answered with 4xx, `errors` those that failed."""

    requests: int
    errors: int
    refused: int
    p50: float
    p90: float
    p99: float


class Counts:
    """Counts of one variant; times are Unix times in seconds, latencies milliseconds."""

    __slots__ = ("_slices", "refused", "total")

    def __init__(self) -> None:
        self.total = Tally()
        self.refused = 0
        self._slices: deque[tuple[float, Tally, list[int]]] = deque()

    def add(self, now: float, milliseconds: float, *, failed: bool, refused: bool = False) -> None:
        """Count one call that ended now."""
        slices = self._slices
        if not slices or now - slices[-1][0] >= SLICE:
            slices.append((now, Tally(), [0]))
            while now - slices[0][0] > KEPT:
                slices.popleft()
        self.total.add(milliseconds, failed=failed)
        slices[-1][1].add(milliseconds, failed=failed)
        if refused:
            self.refused += 1
            slices[-1][2][0] += 1

    def since(self, moment: float) -> Tally:
        """Give what was seen since a moment, to within a slice; since 0: all."""
        return self._since(moment)[0]

    def seen(self, moment: float = 0.0) -> Seen:
        """Give the same in numbers."""
        tally, refused = self._since(moment)
        return Seen(
            requests=tally.requests,
            errors=tally.errors,
            refused=refused,
            p50=round(tally.percentile(50), 3),
            p90=round(tally.percentile(90), 3),
            p99=round(tally.percentile(99), 3),
        )

    def _since(self, moment: float) -> tuple[Tally, int]:
        if moment <= 0:
            return self.total, self.refused
        made, refused = Tally(), 0
        for began, tally, turned_away in self._slices:
            if began >= moment:
                made.merge(tally)
                refused += turned_away[0]
        return made, refused
