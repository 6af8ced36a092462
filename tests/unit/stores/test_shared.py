"""Counters and cache shared by the workers of a node, over a real Unix socket."""

import asyncio
from pathlib import Path
from typing import Any

from inferway.definition.stage import Period, Quota, Throttle
from inferway.stores.memory import MemoryCache, MemoryCounters
from inferway.stores.protocols import CachedResponse
from inferway.stores.shared import SharedStore, StoreOwner


def ignore(topic: str, value: Any) -> None:
    del topic, value


def test_workers_draw_from_one_bucket_and_one_window(tmp_path: Path) -> None:
    async def main() -> tuple[int, int]:
        owner = StoreOwner(MemoryCounters(), MemoryCache(), ignore)
        await owner.listen(tmp_path / "s")
        stores = [await SharedStore.connect(tmp_path / "s", ignore) for _ in range(3)]
        buckets = [store.token_bucket("plan", Throttle(rate=0, burst=100)) for store in stores]
        windows = [store.fixed_window("plan", Quota(limit=70, period=Period.MONTH)) for store in stores]
        taken = await asyncio.gather(*(bucket.take("k") for bucket in buckets for _ in range(100)))  # type: ignore[arg-type]  # a shared limiter is awaited
        counted = await asyncio.gather(*(window.take("k") for window in windows for _ in range(100)))  # type: ignore[arg-type]  # as above
        await owner.close()
        return sum(taken), sum(counted)

    assert asyncio.run(main()) == (100, 70)


def test_a_response_kept_by_one_worker_is_found_by_another(tmp_path: Path) -> None:
    kept = CachedResponse(status=200, headers=((b"content-type", b"text/plain"),), body=b"\x00\xff")

    async def main() -> tuple[CachedResponse | None, CachedResponse | None]:
        owner = StoreOwner(MemoryCounters(), MemoryCache(), ignore)
        await owner.listen(tmp_path / "s")
        one, other = [await SharedStore.connect(tmp_path / "s", ignore) for _ in range(2)]
        await one.put(b"key", kept, 60)
        found = await other.get(b"key"), await other.get(b"another")
        await owner.close()
        return found

    assert asyncio.run(main()) == (kept, None)


def test_a_limit_fails_open_when_the_owner_is_gone(tmp_path: Path) -> None:
    async def main() -> tuple[bool, CachedResponse | None]:
        owner = StoreOwner(MemoryCounters(), MemoryCache(), ignore)
        await owner.listen(tmp_path / "s")
        store = await SharedStore.connect(tmp_path / "s", ignore)
        bucket = store.token_bucket("plan", Throttle(rate=0, burst=0))
        assert await bucket.take("k") is False  # type: ignore[misc]  # a shared limiter is awaited
        await owner.close()
        await store.lost()
        return await bucket.take("k"), await store.get(b"key")  # type: ignore[misc]  # as above

    assert asyncio.run(main()) == (True, None)


def test_the_owner_tells_its_workers_and_they_tell_it(tmp_path: Path) -> None:
    async def main() -> tuple[list[Any], list[Any]]:
        heard: list[Any] = []
        told: list[Any] = []
        owner = StoreOwner(MemoryCounters(), MemoryCache(), lambda *message: heard.append(message))
        await owner.listen(tmp_path / "s")
        store = await SharedStore.connect(tmp_path / "s", lambda *message: told.append(message))
        await store.tell("ready", 42)
        owner.tell("deploy", {"ratings": "http://127.0.0.1:1"})
        await store.get(b"key")
        await owner.close()
        return heard, told

    assert asyncio.run(main()) == ([("ready", 42)], [("deploy", {"ratings": "http://127.0.0.1:1"})])
