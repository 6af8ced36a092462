"""Balancing with a clock of its own: who gets a call, who gets none, who waits, who is refused."""

import asyncio
from collections import Counter

import pytest

from inferway.definition.balancing import Balancing, CircuitBreaker, HealthCheck, OutlierEjection, Queue, Routing
from inferway.transport.cluster.breaker import State
from inferway.transport.cluster.cluster import Cluster, ClusterRefusedError, Refusal


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def cluster(count: int, clock: Clock | None = None, **options: object) -> Cluster:
    made = Balancing(**options)  # type: ignore[arg-type]  # a test's own options
    return Cluster([f"i{n}" for n in range(count)], made, clock or Clock())


def run(work: object) -> object:
    async def main() -> object:
        async with asyncio.timeout(10):
            return await work  # type: ignore[misc]  # whatever a test awaits

    return asyncio.run(main())


def test_the_instance_with_the_fewest_calls_is_chosen() -> None:
    async def main() -> None:
        made = cluster(3, routing=Routing.LEAST_OUTSTANDING_REQUESTS)
        taken = [await made.acquire() for _ in range(6)]
        assert Counter(host.name for host in taken) == {"i0": 2, "i1": 2, "i2": 2}
        made.release(taken[0], failed=False)
        assert await made.acquire() is taken[0]

    run(main())


def test_random_routing_looks_at_no_load() -> None:
    async def main() -> None:
        made = Cluster(["a", "b"], Balancing(), Clock(), lambda count: count - 1)
        assert {(await made.acquire()).name for _ in range(5)} == {"b"}

    run(main())


def test_an_instance_that_keeps_failing_is_ejected_and_comes_back_later_each_time() -> None:
    async def main() -> None:
        clock = Clock()
        made = cluster(2, clock, ejection=OutlierEjection(failures=3, seconds=10, longest=25))
        bad, good = made.hosts

        def fail(times: int) -> None:
            for _ in range(times):
                bad.outstanding += 1
                made.release(bad, failed=True)

        fail(2)
        bad.outstanding += 1
        made.release(bad, failed=False)  # not in a row
        fail(2)
        assert made.is_usable(bad)
        for seconds in (10, 20, 25, 25):
            fail(3)
            assert not made.is_usable(bad)
            assert {(await made.acquire()).name for _ in range(20)} == {good.name}
            clock.now += seconds - 0.1
            assert not made.is_usable(bad)
            clock.now += 0.1
            assert made.is_usable(bad)

    run(main())


@pytest.mark.parametrize(("count", "out"), [(1, 0), (2, 1), (3, 1), (4, 2)])
def test_no_more_than_a_share_of_the_instances_is_ejected(count: int, out: int) -> None:
    made = cluster(count, ejection=OutlierEjection(failures=1, percent=50))
    for host in made.hosts:
        host.outstanding += 1
        made.release(host, failed=True)
    assert sum(not made.is_usable(host) for host in made.hosts) == out


def test_health_checks_take_an_instance_out_and_bring_it_back() -> None:
    async def main() -> None:
        made = cluster(2, health=HealthCheck(unhealthy=2, healthy=2))
        sick = made.hosts[0]
        made.checked(sick, well=False)
        assert made.is_usable(sick)
        made.checked(sick, well=False)
        assert {(await made.acquire()).name for _ in range(10)} == {"i1"}
        made.checked(sick, well=True)
        assert not made.is_usable(sick)
        made.checked(sick, well=True)
        assert made.is_usable(sick)

    run(main())


def test_without_a_healthy_instance_calls_are_refused_and_said_why() -> None:
    async def refusal(made: Cluster) -> Refusal:
        with pytest.raises(ClusterRefusedError) as caught:
            await made.acquire()
        return caught.value.refusal

    async def main() -> None:
        made = cluster(1, health=HealthCheck(unhealthy=1))
        made.checked(made.hosts[0], well=False)
        assert await refusal(made) is Refusal.NOT_READY
        made.checked(made.hosts[0], well=True)
        made.checked(made.hosts[0], well=False)
        assert await refusal(made) is Refusal.NO_INSTANCE

    run(main())


def test_calls_beyond_the_limit_wait_in_their_order_up_to_a_bound() -> None:
    async def main() -> None:
        made = cluster(1, queue=Queue(outstanding=1, waiting=2, seconds=5))
        first = await made.acquire()
        order: list[int] = []

        async def wait(number: int) -> None:
            host = await made.acquire()
            order.append(number)
            made.release(host, failed=False)

        waiting = [asyncio.create_task(wait(number)) for number in (1, 2)]
        await asyncio.sleep(0)
        assert made.waiting == 2
        with pytest.raises(ClusterRefusedError) as caught:
            await made.acquire()
        assert caught.value.refusal is Refusal.QUEUE_FULL
        made.release(first, failed=False)
        await asyncio.gather(*waiting)
        assert order == [1, 2]
        assert made.hosts[0].outstanding == 0

    run(main())


def test_who_waits_too_long_is_refused_and_leaves_no_trace() -> None:
    async def main() -> None:
        made = cluster(1, queue=Queue(outstanding=1, waiting=5, seconds=0.01))
        first = await made.acquire()
        with pytest.raises(ClusterRefusedError) as caught:
            await made.acquire()
        assert caught.value.refusal is Refusal.QUEUE_TIMEOUT
        assert made.waiting == 0
        made.release(first, failed=False)
        assert made.hosts[0].outstanding == 0

    run(main())


def test_who_waits_is_served_when_an_ejection_has_ended() -> None:
    """Nobody else would be: later calls wait behind those who wait, while every instance is free."""

    async def main() -> None:
        clock, order = Clock(), list[int]()
        queue, ejection = (
            Queue(outstanding=1, waiting=5, seconds=2),
            OutlierEjection(failures=1, seconds=10, percent=100),
        )
        made = cluster(1, clock, queue=queue, ejection=ejection)

        async def wait(number: int) -> None:
            host = await made.acquire()
            order.append(number)
            made.release(host, failed=False)

        first = await made.acquire()
        before = asyncio.create_task(wait(1))
        await asyncio.sleep(0)
        made.release(first, failed=True)
        assert not made.is_usable(first)
        clock.now += 10
        await asyncio.gather(before, wait(2))
        assert order == [1, 2]

    run(main())


def test_a_caller_who_leaves_as_it_is_served_gives_the_instance_on() -> None:
    async def main() -> None:
        made = cluster(1, queue=Queue(outstanding=1, waiting=5, seconds=5))
        first = await made.acquire()
        leaving, next_one = asyncio.create_task(made.acquire()), asyncio.create_task(made.acquire())
        await asyncio.sleep(0)
        made.release(first, failed=None)  # hands over to the one who leaves in the same moment
        leaving.cancel()
        host = await next_one
        assert leaving.cancelled()
        made.release(host, failed=False)
        assert made.hosts[0].outstanding == 0

    run(main())


def test_the_circuit_opens_tries_once_and_closes() -> None:
    async def main() -> None:
        clock = Clock()
        made = cluster(1, clock, breaker=CircuitBreaker(percent=50, requests=4, window=10, seconds=5))
        assert made.breaker is not None
        for failed in (False, False, True, True):
            made.release(await made.acquire(), failed=failed)
        assert made.breaker.state is State.OPEN
        with pytest.raises(ClusterRefusedError) as caught:
            await made.acquire()
        assert caught.value.refusal is Refusal.CIRCUIT_OPEN
        clock.now += 5
        probe = await made.acquire()
        with pytest.raises(ClusterRefusedError):
            await made.acquire()
        made.release(probe, failed=True)
        with pytest.raises(ClusterRefusedError):
            await made.acquire()
        clock.now += 5
        made.release(await made.acquire(), failed=None)  # its caller left: nothing is known
        made.release(await made.acquire(), failed=False)
        assert made.breaker.state.value == "closed"

    run(main())


def test_the_circuit_forgets_what_is_older_than_its_window() -> None:
    async def main() -> None:
        clock = Clock()
        made = cluster(1, clock, breaker=CircuitBreaker(percent=50, requests=4, window=10, seconds=5))
        for _ in range(3):
            made.release(await made.acquire(), failed=True)
        clock.now += 11
        for _ in range(3):
            made.release(await made.acquire(), failed=True)
        assert made.breaker is not None
        assert made.breaker.state.value == "closed"

    run(main())


def test_a_probe_that_finds_no_instance_does_not_keep_the_circuit_half_open() -> None:
    async def main() -> None:
        clock = Clock()
        made = cluster(
            1, clock, breaker=CircuitBreaker(percent=50, requests=1, seconds=5), health=HealthCheck(unhealthy=1)
        )
        made.release(await made.acquire(), failed=True)
        made.checked(made.hosts[0], well=False)
        clock.now += 5
        for _ in range(2):
            with pytest.raises(ClusterRefusedError) as caught:
                await made.acquire()
            assert caught.value.refusal is Refusal.NOT_READY
        made.checked(made.hosts[0], well=True)
        made.release(await made.acquire(), failed=False)

    run(main())
