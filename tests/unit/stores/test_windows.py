"""Windows that say how much is left, in memory and over the node's socket."""

import asyncio
from pathlib import Path
from typing import Any

from inferway.stores.memory import MemoryCache, MemoryCounters
from inferway.stores.protocols import Allowance
from inferway.stores.shared import SharedStore, StoreOwner


class Clock:
    def __init__(self, now: float = 0.0) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now


def allowed(left: int) -> Allowance:
    return Allowance(allowed=True, left=left, wait=0.0)


def refused(wait: float, left: int = 0) -> Allowance:
    return Allowance(allowed=False, left=left, wait=wait)


def test_a_sliding_window_lets_no_more_through_within_any_stretch() -> None:
    clock = Clock()
    window = MemoryCounters(monotonic=clock).sliding_window("w", 2, 10.0)
    assert window.take("a") == allowed(1)
    clock.now = 6.0
    assert window.take("a") == allowed(0)
    assert window.take("a") == refused(4.0)
    clock.now = 10.0
    assert window.take("a") == allowed(0)
    assert window.take("a") == refused(6.0)


def test_a_sliding_window_counts_each_key_apart_and_asks_without_counting() -> None:
    window = MemoryCounters(monotonic=Clock()).sliding_window("w", 1, 10.0)
    assert window.take("a", 0) == allowed(1)
    assert window.take("a") == allowed(0)
    assert window.take("a", 0) == refused(10.0)
    assert window.take("b") == allowed(0)


def test_a_sliding_window_takes_several_at_once_or_none() -> None:
    window = MemoryCounters(monotonic=Clock()).sliding_window("w", 3, 10.0)
    assert window.take("a", 2) == allowed(1)
    assert window.take("a", 2) == refused(10.0, left=1)
    assert window.take("a", 1) == allowed(0)


def test_a_window_of_no_calls_refuses_all() -> None:
    assert MemoryCounters(monotonic=Clock()).sliding_window("w", 0, 10.0).take("a") == refused(10.0)


def test_windows_of_one_name_share_their_counts() -> None:
    counters = MemoryCounters(monotonic=Clock(), wall=Clock())
    assert counters.sliding_window("w", 1, 10.0).take("a") == allowed(0)
    assert counters.sliding_window("w", 1, 10.0).take("a") == refused(10.0)
    assert counters.period_window("w", 1, 10.0, None).take("a") == allowed(0)
    assert counters.period_window("w", 1, 10.0, None).take("a") == refused(10.0)


def test_idle_keys_are_forgotten() -> None:
    clock = Clock()
    counters = MemoryCounters(monotonic=clock)
    window = counters.sliding_window("w", 1, 10.0)
    for number in range(1_024):
        window.take(f"k{number}")
    clock.now = 100.0
    window.take("one more")
    assert len(counters._times["w"].by_key) == 1


def test_a_period_begins_with_a_keys_first_call() -> None:
    clock = Clock(5.0)
    window = MemoryCounters(wall=clock).period_window("w", 1, 10.0, None)
    assert window.take("a") == allowed(0)
    clock.now = 12.0
    assert window.take("a") == refused(3.0)
    clock.now = 15.0
    assert window.take("a") == allowed(0)


def test_a_period_begins_at_its_start_and_every_length_after() -> None:
    clock = Clock(25.0)
    window = MemoryCounters(wall=clock).period_window("w", 1, 10.0, -1_000.0)
    assert window.take("a") == allowed(0)
    assert window.take("a") == refused(5.0)
    clock.now = 30.0
    assert window.take("a") == allowed(0)


def test_a_period_without_end_says_so() -> None:
    window = MemoryCounters(wall=Clock()).period_window("w", 1, 0.0, None)
    assert window.take("a") == allowed(0)
    assert window.take("a") == refused(-1.0)


def test_workers_share_exact_windows(tmp_path: Path) -> None:
    async def main() -> tuple[int, int, Any]:
        owner = StoreOwner(MemoryCounters(), MemoryCache(), lambda topic, value: None)
        await owner.listen(tmp_path / "s")
        stores = [await SharedStore.connect(tmp_path / "s", lambda topic, value: None) for _ in range(3)]
        slides = [store.sliding_window("w", 100, 300.0) for store in stores]
        periods = [store.period_window("w", 70, 300.0, None) for store in stores]
        taken = await asyncio.gather(*(slide.take("k") for slide in slides for _ in range(100)))  # type: ignore[arg-type]  # a shared window is awaited
        counted = await asyncio.gather(*(period.take("k") for period in periods for _ in range(100)))  # type: ignore[arg-type]  # as above
        await owner.close()
        for store in stores:
            await store.lost()
        after: Any = slides[0].take("k")
        return sum(one.allowed for one in taken), sum(one.allowed for one in counted), await after

    assert asyncio.run(main()) == (100, 70, allowed(0))
