"""Chooses the instance for each call, keeps count, and lets calls wait or refuses them where there is no room."""

import asyncio
import random
import time
from collections import deque
from collections.abc import Callable, Collection, Sequence
from enum import StrEnum
from typing import Final

from inferway.definition.balancing import Balancing, Routing
from inferway.transport.cluster.breaker import Breaker, State
from inferway.transport.cluster.host import Host
from inferway.transport.cluster.retry_budget import RetryBudget


class Refusal(StrEnum):
    """Why a cluster takes a call from nobody."""

    NO_INSTANCE = "no instance is healthy"
    NOT_READY = "no instance is ready yet"
    CIRCUIT_OPEN = "the circuit is open: too many calls failed"
    QUEUE_FULL = "too many calls wait"
    QUEUE_TIMEOUT = "no instance came free in time"


class ClusterRefusedError(Exception):
    """A call that was sent to no instance."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(str(refusal))
        self.refusal = refusal


_NONE: Final[tuple[Host, ...]] = ()


class Cluster:
    """Some instances, spread over by `acquire` and `release`; belongs to one event loop. `clock` is in seconds."""

    def __init__(
        self,
        names: Sequence[str],
        options: Balancing,
        clock: Callable[[], float] = time.monotonic,
        chance: Callable[[int], int] = random.randrange,
    ) -> None:
        self.hosts = tuple(Host(name, index) for index, name in enumerate(names))
        self.options = options
        self._clock = clock
        self._chance = chance
        self._limit = options.queue.outstanding if options.queue is not None else 0
        self._waiters: deque[asyncio.Future[Host]] = deque()
        self.breaker = Breaker(options.breaker) if options.breaker is not None else None
        self.budget = RetryBudget(options.retry, clock()) if options.retry is not None else None

    @property
    def waiting(self) -> int:
        """How many callers wait for an instance."""
        return sum(not waiter.done() for waiter in self._waiters)

    def is_usable(self, host: Host) -> bool:
        """Say whether an instance gets calls: it is healthy and not ejected."""
        return host.healthy and host.ejected_until <= self._clock()

    async def acquire(self, tried: Collection[Host] = _NONE) -> Host:
        """Take an instance, or wait for one in the order of callers; one of `tried` only for want of others.

        Raises ClusterRefusedError. Whoever takes one gives it back by `release`.
        """
        breaker = None if tried else self.breaker
        if breaker is not None and not breaker.lets_through(self._clock()):
            raise ClusterRefusedError(Refusal.CIRCUIT_OPEN)
        try:
            host = self._take(tried)
            return host if host is not None else await self._wait()
        except BaseException:
            if breaker is not None:
                breaker.ended(self._clock(), failed=None)
            raise

    def acquire_this(self, host: Host) -> bool:
        """Take one instance and no other (a session's); False where it is not usable, or too busy."""
        if not self.is_usable(host) or (self._limit and host.outstanding >= self._limit):
            return False
        host.outstanding += 1
        return True

    def _take(self, tried: Collection[Host] = _NONE) -> Host | None:
        """Take an instance at once; None where all are busy. Raises ClusterRefusedError where none is usable."""
        now = self._clock()
        usable = [host for host in self.hosts if host.healthy and host.ejected_until <= now]
        if not usable:
            met = any(host.met for host in self.hosts)
            raise ClusterRefusedError(Refusal.NO_INSTANCE if met else Refusal.NOT_READY)
        if self._waiters:
            self._hand_over()  # an ejection ends without a word
        if tried:
            usable = [host for host in usable if host not in tried] or usable
        if self._limit:
            usable = [host for host in usable if host.outstanding < self._limit]
            if not usable or self._waiters:
                return None
        host = self._best(usable)
        host.outstanding += 1
        return host

    def release(self, host: Host, *, failed: bool | None) -> None:
        """Give an instance back, with how the call ended: None where nobody knows, since its caller left."""
        host.outstanding -= 1
        if failed is not None:
            host.calls += 1
            if failed:
                self._failed(host)
            else:
                host.met = True
                host.failures_in_a_row = 0
        if self.breaker is not None:
            self.breaker.ended(self._clock(), failed=failed)
        if self._waiters:
            self._hand_over()

    def checked(self, host: Host, *, well: bool) -> None:
        """Take in a health check's result."""
        check = self.options.health
        if check is None:
            return
        if well:
            host.met = True
            host.failed_checks = 0
            host.good_checks += 1
            if not host.healthy and host.good_checks >= check.healthy:
                host.healthy = True
                host.failures_in_a_row = 0
                self._hand_over()
        else:
            host.good_checks = 0
            host.failed_checks += 1
            if host.failed_checks >= check.unhealthy:
                host.healthy = False

    def may_retry(self, attempts: int) -> bool:
        """Say whether a call that failed may be sent again after so many retries, and take it from the budget."""
        options = self.options.retry
        if options is None or self.budget is None or attempts >= options.attempts:
            return False
        if self.breaker is not None and self.breaker.state is not State.CLOSED:
            return False
        return self.budget.take(self._clock())

    def _best(self, usable: list[Host]) -> Host:
        if len(usable) == 1:
            return usable[0]
        if self.options.routing is Routing.LEAST_OUTSTANDING_REQUESTS:
            least = min([host.outstanding for host in usable])
            usable = [host for host in usable if host.outstanding == least]
        return usable[self._chance(len(usable))]

    def _failed(self, host: Host) -> None:
        host.failures += 1
        host.failures_in_a_row += 1
        ejection = self.options.ejection
        if ejection is None or host.failures_in_a_row < ejection.failures:
            return
        now = self._clock()
        out = sum(other.ejected_until > now for other in self.hosts)
        if host.ejected_until > now or out + 1 > len(self.hosts) * ejection.percent / 100:
            return
        if now - host.ejected_until > ejection.longest:
            host.ejections = 0
        host.ejections += 1
        host.failures_in_a_row = 0
        host.ejected_until = now + min(ejection.seconds * host.ejections, ejection.longest)

    async def _wait(self) -> Host:
        queue = self.options.queue
        if queue is None or self.waiting >= queue.waiting:
            raise ClusterRefusedError(Refusal.QUEUE_FULL)
        waiter: asyncio.Future[Host] = asyncio.get_running_loop().create_future()
        self._waiters.append(waiter)
        try:
            async with asyncio.timeout(queue.seconds):
                return await waiter
        except (TimeoutError, asyncio.CancelledError) as error:
            if waiter.done() and not waiter.cancelled():
                # It was handed over in the moment in which the caller gave up.
                self._return(waiter.result())
            elif waiter in self._waiters:
                self._waiters.remove(waiter)
            if isinstance(error, TimeoutError):
                raise ClusterRefusedError(Refusal.QUEUE_TIMEOUT) from None
            raise

    def _return(self, host: Host) -> None:
        host.outstanding -= 1
        self._hand_over()

    def _hand_over(self) -> None:
        """Give free places to those who wait, in their order."""
        now = self._clock()
        while self._waiters:
            free = [
                host
                for host in self.hosts
                if host.healthy and host.ejected_until <= now and host.outstanding < self._limit
            ]
            if not free:
                return
            waiter = self._waiters.popleft()
            if not waiter.done():
                host = self._best(free)
                host.outstanding += 1
                waiter.set_result(host)
