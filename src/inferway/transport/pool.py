"""The connections to one server: which are idle, how many there may be, and who waits for one."""

import asyncio
import math
from collections import deque
from typing import Final

from inferway.transport.connection import Connection
from inferway.transport.deadlines import Deadlines
from inferway.transport.dialer import Dialer
from inferway.transport.errors import TransportError, TransportErrorKind, Wait
from inferway.transport.options import CallOptions, ClientOptions

# After so many idle seconds it pays to ask the kernel, for a microsecond, if the server has hung up.
_TRUSTED_IDLE: Final = 0.5
# What a server's announced keep-alive time is cut by, for the request's way to it.
_KEEP_ALIVE_MARGIN: Final = 1.0
_ABORT_SECONDS: Final = 2.0


class Pool:
    """Keeps connections open between calls; at most `max_connections`, beyond which callers wait in their order.

    The connection used last is used next, so that the others can expire. A place is taken from before a connection is
    opened until it can carry no more calls; a freed place goes to the first caller who waits.
    """

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        deadlines: Deadlines,
        options: ClientOptions,
        dialer: Dialer,
        origin: str,
    ) -> None:
        self._loop = loop
        self._time = loop.time
        self._deadlines = deadlines
        self._options = options
        self._dialer = dialer
        self._origin = origin
        self._idle_expiry = options.idle_expiry
        self._max_calls = options.max_requests_per_connection
        self._trusted_idle = min(_TRUSTED_IDLE, options.idle_expiry)
        self._idle: list[Connection] = []
        self._waiters: deque[tuple[float, asyncio.Future[Connection | None]]] = deque()
        self._places_taken = 0
        self._alive: set[Connection] = set()
        self._is_closing = False
        self._settled = asyncio.Event()
        deadlines.watch(self._scan)

    @property
    def counts(self) -> tuple[int, int, int]:
        """How many sockets are open, how many of them are idle, and how many callers wait."""
        return len(self._alive), len(self._idle), len(self._waiters)

    def take_warm(self, now: float) -> Connection | None:
        """Take the connection used last, if it was used so lately that nothing need be checked."""
        idle = self._idle
        if idle and now - idle[-1].idle_since < self._trusted_idle:
            return idle.pop()
        return None

    async def take(self, options: CallOptions, deadline: float, *, fresh: bool = False) -> Connection:
        """Take an idle connection, or open one, or wait for one; `fresh` leaves idle ones alone.

        Raises TransportError: CLIENT_CLOSED, TIMED_OUT, CONNECT_FAILED, TLS_FAILED.
        """
        if self._is_closing:
            raise self._closed()
        while self._idle and not fresh:
            connection = self._idle.pop()
            if self._expiry(connection) > self._time() and not connection.has_hung_up():
                return connection
            connection.close()
        if self._places_taken < self._options.max_connections:
            self._places_taken += 1
        else:
            # Some are idle here only where a fresh one is asked for: it replaces the one idle for longest.
            used = self._idle.pop(0) if self._idle else await self._wait(options, deadline)
            if used is not None:
                if not fresh:
                    return used
                used.is_pooled = False
                used.close()
        return await self._open(options, deadline)

    def refuse_calls(self) -> None:
        """Take no new calls, and keep no connection idle; those under way go on."""
        self._is_closing = True
        for connection in self._idle[:]:
            connection.close()
        self._check_settled()

    async def close(self, grace: float) -> None:
        """Refuse new calls, wait `grace` seconds for those under way, then break them off with CLIENT_CLOSED."""
        self.refuse_calls()
        try:
            await asyncio.wait_for(self._settled.wait(), grace)
        except TimeoutError:
            await self._break_off()

    def release(self, connection: Connection) -> None:
        """Take back a connection whose call has ended well (Keeper)."""
        seconds = connection.reader.keep_alive_seconds
        if connection.calls >= self._max_calls or (seconds is not None and seconds <= _KEEP_ALIVE_MARGIN):
            connection.close()
        elif self._waiters:
            self._hand_over(connection)
        elif self._is_closing:
            connection.close()
        else:
            now = connection.idle_since = self._time()
            self._idle.append(connection)
            expiry = now + self._idle_expiry
            if expiry < self._deadlines.next_scan:
                self._deadlines.hasten(expiry)

    def forget(self, connection: Connection) -> None:
        """Free the place of a connection that can carry no more calls (Keeper)."""
        if connection in self._idle:
            self._idle.remove(connection)
        self._free_place()

    def gone(self, connection: Connection) -> None:
        """Note that the socket is closed (Keeper)."""
        self._alive.discard(connection)
        self._check_settled()

    async def _open(self, options: CallOptions, deadline: float) -> Connection:
        connection = Connection(self._loop, self, self._deadlines, self._origin)
        try:
            await self._dialer.dial(lambda: connection, options, deadline)
        except BaseException as error:
            connection.is_pooled = False
            self._free_place()
            if self._is_closing and isinstance(error, TransportError):
                raise self._closed() from error
            raise
        self._alive.add(connection)
        return connection

    async def _wait(self, options: CallOptions, deadline: float) -> Connection | None:
        """Wait for a connection, or for None: a place to open one in."""
        future: asyncio.Future[Connection | None] = self._loop.create_future()
        waiter = (deadline, future)
        self._waiters.append(waiter)
        self._deadlines.hasten(deadline)
        try:
            return await future
        except asyncio.CancelledError:
            if future.done() and not future.cancelled():
                # It was handed over in the moment in which the caller gave up.
                self._return(future.result())
            raise
        except TimeoutError as error:
            text = f"none of {self._options.max_connections} connections came free within {options.total_timeout:g} s"
            raise self._error(TransportErrorKind.TIMED_OUT, text, Wait.POOL) from error

    def _return(self, handed_over: Connection | None) -> None:
        if handed_over is None:
            self._free_place()
        else:
            self.release(handed_over)

    def _hand_over(self, connection: Connection | None) -> None:
        waiters = self._waiters
        while waiters:
            _, future = waiters.popleft()
            if not future.done():
                future.set_result(connection)
                return
        self._return(connection)

    def _free_place(self) -> None:
        if self._waiters:
            self._hand_over(None)
            return
        self._places_taken -= 1
        self._check_settled()

    def _expiry(self, connection: Connection) -> float:
        seconds = connection.reader.keep_alive_seconds
        if seconds is None:
            return connection.idle_since + self._idle_expiry
        return connection.idle_since + min(self._idle_expiry, seconds - _KEEP_ALIVE_MARGIN)

    def _scan(self, now: float) -> float:
        nearest = math.inf
        for connection in self._idle[:]:
            expiry = self._expiry(connection)
            if expiry <= now:
                connection.close()
            else:
                nearest = min(nearest, expiry)
        for connection in list(self._alive):
            nearest = min(nearest, connection.expire(now))
        for deadline, future in self._waiters:
            if future.done():
                continue
            if deadline <= now:
                future.set_exception(TimeoutError())
            else:
                nearest = min(nearest, deadline)
        while self._waiters and self._waiters[0][1].done():
            self._waiters.popleft()
        return nearest

    async def _break_off(self) -> None:
        while self._waiters:
            _, future = self._waiters.popleft()
            if not future.done():
                future.set_exception(self._closed())
        self._dialer.give_up()
        for connection in list(self._alive):
            connection.fail(TransportErrorKind.CLIENT_CLOSED, "the client was closed")
        # The attempts to connect end in their callers' tasks, the sockets in the loop's next round.
        await asyncio.wait_for(self._settled.wait(), _ABORT_SECONDS)

    def _check_settled(self) -> None:
        if self._is_closing and not self._places_taken and not self._alive:
            self._settled.set()

    def _closed(self) -> TransportError:
        return self._error(TransportErrorKind.CLIENT_CLOSED, "the client was closed")

    def _error(self, kind: TransportErrorKind, text: str, wait: Wait | None = None) -> TransportError:
        return TransportError(kind, text, origin=self._origin, wait=wait)
