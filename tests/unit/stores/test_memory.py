"""Counters and cache in memory."""

from datetime import UTC, datetime

import pytest

from inferway.definition.stage import Period, Quota, Throttle
from inferway.stores.memory import MemoryCache, MemoryCounters, window_start
from inferway.stores.protocols import CachedResponse


class Clock:
    def __init__(self, now: float = 0.0) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now


def test_a_bucket_gives_its_burst_then_its_rate() -> None:
    clock = Clock()
    bucket = MemoryCounters(monotonic=clock).token_bucket("plan", Throttle(rate=2, burst=3))
    assert [bucket.take("a") for _ in range(4)] == [True, True, True, False]
    clock.now = 0.5
    assert [bucket.take("a") for _ in range(2)] == [True, False]
    clock.now = 60
    assert [bucket.take("a") for _ in range(4)] == [True, True, True, False]


def test_a_bucket_counts_each_key_apart() -> None:
    bucket = MemoryCounters(monotonic=Clock()).token_bucket("plan", Throttle(rate=0, burst=1))
    assert bucket.take("a")
    assert bucket.take("b")
    assert not bucket.take("a")


def test_a_bucket_of_the_same_name_keeps_what_was_taken() -> None:
    counters = MemoryCounters(monotonic=Clock())
    assert counters.token_bucket("plan", Throttle(rate=0, burst=1)).take("a")
    assert not counters.token_bucket("plan", Throttle(rate=0, burst=1)).take("a")


def test_a_refused_take_does_not_push_the_bucket_back() -> None:
    clock = Clock()
    bucket = MemoryCounters(monotonic=clock).token_bucket("plan", Throttle(rate=1, burst=1))
    assert bucket.take("a")
    for tenth in range(1, 10):
        clock.now = tenth / 10
        assert not bucket.take("a")
    clock.now = 1.05
    assert bucket.take("a")


@pytest.mark.parametrize(
    ("period", "start"),
    [
        (Period.DAY, datetime(2026, 11, 21, tzinfo=UTC)),
        (Period.WEEK, datetime(2026, 11, 15, tzinfo=UTC)),
        (Period.MONTH, datetime(2026, 11, 1, tzinfo=UTC)),
    ],
)
def test_windows_start_at_midnight_on_sunday_or_on_the_first(period: Period, start: datetime) -> None:
    assert window_start(period, datetime(2026, 11, 21, 13, 5, tzinfo=UTC)) == start


def test_a_quota_begins_again_with_the_next_window() -> None:
    clock = Clock(datetime(2026, 11, 21, 23, 59, tzinfo=UTC).timestamp())
    quota = MemoryCounters(wall=clock).fixed_window("plan", Quota(limit=2, period=Period.DAY))
    assert [quota.take("a") for _ in range(3)] == [True, True, False]
    clock.now += 120
    assert [quota.take("a") for _ in range(3)] == [True, True, False]


def test_the_offset_shortens_the_first_window_only() -> None:
    """UsagePlan quota `offset`: requests subtracted from the limit in the initial time period (API reference)."""
    clock = Clock(datetime(2026, 11, 21, tzinfo=UTC).timestamp())
    quota = MemoryCounters(wall=clock).fixed_window("plan", Quota(limit=3, period=Period.DAY, offset=2))
    assert [quota.take("a") for _ in range(2)] == [True, False]
    clock.now += 86_400
    assert [quota.take("a") for _ in range(4)] == [True, True, True, False]


def response(body: bytes) -> CachedResponse:
    return CachedResponse(status=200, headers=((b"a", b"b"),), body=body)


def test_an_entry_lives_for_its_time() -> None:
    clock = Clock()
    cache = MemoryCache(clock=clock)
    cache.put(b"k", response(b"x"), 10)
    clock.now = 9.9
    assert cache.get(b"k") == response(b"x")
    clock.now = 10
    assert cache.get(b"k") is None


def test_the_least_recently_used_goes_first() -> None:
    cache = MemoryCache(max_bytes=300, clock=Clock())
    for name in (b"a", b"b"):
        cache.put(name, response(b"x" * 100), 10)
    cache.get(b"a")
    cache.put(b"c", response(b"x" * 100), 10)
    assert [cache.get(name) is not None for name in (b"a", b"b", b"c")] == [True, False, True]


def test_an_entry_over_the_vendors_largest_is_left_out_and_drops_the_old_one() -> None:
    cache = MemoryCache(clock=Clock())
    cache.put(b"k", response(b"x"), 10)
    cache.put(b"k", response(b"x" * 1_048_577), 10)
    assert cache.get(b"k") is None
