"""Whatever callers do, a cluster loses no place, hands none out twice, and leaves nobody waiting for a free one."""

import asyncio

from hypothesis import given
from hypothesis import strategies as st

from inferway.definition.balancing import Balancing, OutlierEjection, Queue, Routing
from inferway.transport.cluster.cluster import Cluster, ClusterRefusedError
from inferway.transport.cluster.host import Host

LIMIT = 2
STEPS = st.lists(
    st.tuples(st.sampled_from(["come", "leave", "end well", "end badly", "give up", "pass"]), st.integers(0, 20)),
    max_size=60,
)


class Callers:
    """Those who wait for an instance of a cluster, and those who have one."""

    def __init__(self, hosts: int) -> None:
        self.now = 0.0
        balancing = Balancing(
            routing=Routing.LEAST_OUTSTANDING_REQUESTS,
            queue=Queue(outstanding=LIMIT, waiting=4, seconds=1000),
            ejection=OutlierEjection(failures=2, seconds=5, longest=5, percent=50),
        )
        self.cluster = Cluster([str(number) for number in range(hosts)], balancing, lambda: self.now)
        self.waiting: list[asyncio.Task[Host]] = []
        self.held: list[Host] = []

    def take(self, step: str, number: int) -> None:
        if step == "come":
            self.waiting.append(asyncio.create_task(self.cluster.acquire()))
        elif step == "pass":
            self.now += number
        elif step == "leave":
            for caller in self.waiting[number % 5 : number % 5 + 1]:
                caller.cancel()
        elif self.held:
            failed = {"end well": False, "end badly": True}.get(step)
            self.cluster.release(self.held.pop(number % len(self.held)), failed=failed)

    async def settle(self) -> None:
        for _ in range(3):
            await asyncio.sleep(0)
        for caller in [each for each in self.waiting if each.done()]:
            self.waiting.remove(caller)
            if caller.cancelled():
                continue
            if caller.exception() is None:
                self.held.append(caller.result())
            else:
                assert isinstance(caller.exception(), ClusterRefusedError)

    def check(self) -> None:
        assert sum(host.outstanding for host in self.cluster.hosts) == len(self.held)
        assert all(0 <= host.outstanding <= LIMIT for host in self.cluster.hosts)
        assert self.cluster.waiting == len(self.waiting)


@given(steps=STEPS, hosts=st.integers(1, 3))
def test_places_are_neither_lost_nor_given_twice(steps: list[tuple[str, int]], hosts: int) -> None:
    async def main() -> None:
        callers = Callers(hosts)
        for step, number in steps:
            callers.take(step, number)
            await callers.settle()
            callers.check()
        callers.now += 1000  # whoever is ejected comes back
        while callers.held or callers.waiting:
            assert callers.held, "somebody waits though all is free"
            callers.take("end well", 0)
            await callers.settle()
        callers.check()

    asyncio.run(main())
