"""Health checks: one instance that stalls delays no other, and nothing is left when they stop."""

import asyncio

from inferway.definition.balancing import Balancing, HealthCheck
from inferway.transport.cluster.cluster import Cluster
from inferway.transport.cluster.health import HealthChecker
from inferway.transport.cluster.host import Host


def test_a_check_that_fails_stalls_or_raises_is_a_failed_one() -> None:
    async def probe(host: Host) -> bool:
        if host.name == "stalls":
            await asyncio.sleep(60)
        if host.name == "raises":
            raise OSError("no")
        return host.name == "well"

    async def main() -> None:
        check = HealthCheck(interval=60, timeout=0.05, unhealthy=1)
        made = Cluster(["well", "sick", "raises", "stalls"], Balancing(health=check))
        checker = HealthChecker(made, check, probe)
        for host in made.hosts:
            await checker.check(host)
        assert [host.healthy for host in made.hosts] == [True, False, False, False]

    asyncio.run(main())


def test_a_stalled_instance_delays_no_other_and_nothing_is_left() -> None:
    seen: list[str] = []

    async def main() -> None:
        enough = asyncio.Event()

        async def probe(host: Host) -> bool:
            if host.name == "stalls":
                await asyncio.sleep(60)
            seen.append(host.name)
            if len(seen) >= 3:
                enough.set()
            return True

        check = HealthCheck(interval=0.05, timeout=60, unhealthy=1)
        made = Cluster(["stalls", "well"], Balancing(health=check))
        checker = HealthChecker(made, check, probe)
        checker.start()
        async with asyncio.timeout(20):
            await enough.wait()
        await checker.stop()
        await checker.stop()
        assert len(asyncio.all_tasks()) == 1

    asyncio.run(main())
    assert set(seen) == {"well"}
