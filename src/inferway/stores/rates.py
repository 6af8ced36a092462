"""How many requests of a key came lately, over many keys, in bounded memory."""

from collections import deque
from collections.abc import Callable
from typing import Final

Clock = Callable[[], float]

SLICES: Final = 12
"""Parts of a window; the oldest goes as a whole, so that a count spans between 11 twelfths of the window and all."""

MOST_KEYS: Final = 16_384
"""Keys that a slice remembers; past it the one that came first is forgotten."""

Slices = deque[tuple[int, dict[str, int]]]


class SlicedRates:
    """Counts per key in slices of time."""

    __slots__ = ("_clock", "_length", "_most", "_slices")

    def __init__(self, seconds: float, slices: Slices, clock: Clock, most: int = MOST_KEYS) -> None:
        self._length = seconds / SLICES
        self._slices = slices
        self._clock = clock
        self._most = most

    def count(self, key: str) -> int:
        """Count a request of a key and give how many there were within the window, this one included."""
        number = int(self._clock() / self._length)
        slices = self._slices
        if not slices or slices[-1][0] != number:
            slices.append((number, {}))
            while slices[0][0] <= number - SLICES:
                slices.popleft()
        newest = slices[-1][1]
        if key not in newest and len(newest) >= self._most:
            del newest[next(iter(newest))]
        newest[key] = newest.get(key, 0) + 1
        total = 0
        for _, counts in slices:
            total += counts.get(key, 0)
        return total
