"""Asks each instance of a cluster how it is, in a task of its own, so that one that stalls delays no other."""

import asyncio
import contextlib
import random
from collections.abc import Awaitable, Callable

from inferway.definition.balancing import HealthCheck
from inferway.transport.cluster.cluster import Cluster
from inferway.transport.cluster.host import Host

Probe = Callable[[Host], Awaitable[bool]]
"""Asks one instance and says whether it is well; may raise anything, which means that it is not."""


class HealthChecker:
    """Checks a cluster's instances while it runs; belongs to one event loop."""

    def __init__(self, cluster: Cluster, check: HealthCheck, probe: Probe) -> None:
        self._cluster = cluster
        self._check = check
        self._probe = probe
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        """Begin to check, each instance at a moment of its own."""
        self._tasks = [
            asyncio.create_task(self._watch(host), name=f"health of {host.name}") for host in self._cluster.hosts
        ]

    async def stop(self) -> None:
        """Check no more; harmless twice."""
        tasks, self._tasks = self._tasks, []
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def check(self, host: Host) -> None:
        """Check one instance once."""
        well = False
        # Whatever goes wrong with a check, the instance did not show that it is well.
        with contextlib.suppress(Exception):
            async with asyncio.timeout(self._check.timeout):
                well = await self._probe(host)
        self._cluster.checked(host, well=well)

    async def _watch(self, host: Host) -> None:
        while True:
            await self.check(host)
            await asyncio.sleep(self._check.interval * random.uniform(0.9, 1.1))
