"""A production variant, or an inference component: its instances, and what was seen of it."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Final

from inferway.backends.endpoints.container import Container, Outgoing
from inferway.backends.endpoints.counts import Counts
from inferway.definition.balancing import Balancing
from inferway.exchange import Reply
from inferway.transport.client import HttpClient
from inferway.transport.cluster.calls import call, call_instance
from inferway.transport.cluster.cluster import Cluster
from inferway.transport.cluster.health import HealthChecker
from inferway.transport.cluster.host import Host

_GRACE: Final = 0.25
"""Seconds."""

Sending = Callable[[Container], Awaitable[Reply]]
"""Sends a call to one instance; raises TransportError."""


class Variant:
    """Calls are spread over its instances. Raises ValueError for a URL that cannot be called."""

    def __init__(self, name: str, urls: tuple[str, ...], balancing: Balancing, client: HttpClient) -> None:
        self.name = name
        self.counts = Counts()
        self.cluster = Cluster(urls, balancing)
        self.containers = tuple(Container(url, client) for url in urls)
        # Alone and with nothing to heed, an instance needs no choosing.
        self._only = (
            self.containers[0] if len(urls) == 1 and balancing == Balancing(routing=balancing.routing) else None
        )
        self._checker: HealthChecker | None = None
        check = balancing.health
        if check is not None and urls:
            path, seconds = check.path, check.timeout
            self._checker = HealthChecker(
                self.cluster, check, lambda host: self.containers[host.index].is_well(path, seconds)
            )

    def start(self) -> None:
        """Begin to check its instances' health."""
        if self._checker is not None:
            self._checker.start()

    async def stop(self) -> None:
        """Check no more; calls go on."""
        if self._checker is not None:
            await self._checker.stop()

    async def send_within(self, seconds: float, sending: Sending, pinned: Host | None = None) -> tuple[Reply, Host]:
        """Send a call as `send` does, and end it where waiting and sending it again take longer than so many seconds.

        Raises TimeoutError then.
        """
        balancing = self.cluster.options
        if pinned is not None or (balancing.queue is None and balancing.retry is None):
            return await self.send(sending, pinned)
        # An attempt's own time ends first, so that its instance is known to have failed.
        async with asyncio.timeout(seconds + _GRACE):
            return await self.send(sending)

    async def send(self, sending: Sending, pinned: Host | None = None) -> tuple[Reply, Host]:
        """Send a call to an instance, the pinned one where there is one; raises TransportError, ClusterRefusedError."""
        if pinned is not None:
            return await call_instance(self.cluster, pinned, lambda host: sending(self.containers[host.index])), pinned
        if self._only is not None:
            return await sending(self._only), self.cluster.hosts[0]
        return await call(self.cluster, lambda host: sending(self.containers[host.index]))

    def count(self, started: float, *, status: int) -> float:
        """Count a call that began at `started` (time.perf_counter) and ended now, and give its milliseconds.

        `status` is the container's, 0 where there was none.
        """
        took = (time.perf_counter() - started) * 1000
        self.counts.add(time.time(), took, failed=not status or status >= 500, refused=400 <= status < 500)
        return took


def invocation(outgoing: Outgoing, seconds: float) -> Sending:
    """Give a call that brings its reply whole."""
    return lambda container: container.calls(seconds, outgoing.target).send(outgoing.headers, outgoing.body)


async def stop_all(variants: tuple[Variant, ...]) -> None:
    """Stop several."""
    await asyncio.gather(*(variant.stop() for variant in variants))
