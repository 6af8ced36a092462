"""What was seen of one side of a release: requests, errors, latencies."""

import math
from typing import Final

import msgspec

_PER_E: Final = 20
"""Buckets per factor of e: each is 5 % wide, so that a percentile is told to within that."""

_SHORTEST: Final = 1e-3


class Tally(msgspec.Struct, kw_only=True):
    """Counts since a release began; `buckets` counts latencies by the logarithm of their milliseconds."""

    requests: int = 0
    errors: int = 0
    buckets: dict[int, int] = {}

    def add(self, milliseconds: float, *, failed: bool) -> None:
        """Count one request."""
        self.requests += 1
        if failed:
            self.errors += 1
        bucket = math.floor(math.log(max(milliseconds, _SHORTEST)) * _PER_E)
        self.buckets[bucket] = self.buckets.get(bucket, 0) + 1

    def merge(self, other: "Tally") -> None:
        """Count all that another one has seen."""
        self.requests += other.requests
        self.errors += other.errors
        for bucket, count in other.buckets.items():
            self.buckets[bucket] = self.buckets.get(bucket, 0) + count

    def percentile(self, percent: float) -> float:
        """Give the milliseconds that this percentage of requests did not exceed, within 5 %; 0 for no requests."""
        left = math.ceil(self.requests * percent / 100)
        reached = 0.0
        for bucket in sorted(self.buckets):
            reached = math.exp((bucket + 1) / _PER_E)
            left -= self.buckets[bucket]
            if left <= 0:
                break
        return reached

    @property
    def error_rate(self) -> float:
        """The percentage of requests that failed."""
        return 100 * self.errors / self.requests if self.requests else 0.0
