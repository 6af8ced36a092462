"""One server to call."""

import asyncio
from typing import Final

from inferway.exchange import Reply
from inferway.transport.address import Address
from inferway.transport.deadlines import Deadlines
from inferway.transport.dialer import Dialer
from inferway.transport.errors import TransportError, TransportErrorKind
from inferway.transport.options import CallOptions, ClientOptions
from inferway.transport.pool import Pool
from inferway.transport.prepared import Headers, PreparedCall, RequestHead
from inferway.transport.tls import Tls

_DEFAULT_CALL: Final = CallOptions()


class Origin:
    """A server and the pool of connections to it; `HttpClient.origin` makes it."""

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        deadlines: Deadlines,
        options: ClientOptions,
        address: Address,
        tls: Tls | None,
    ) -> None:
        self._time = loop.time
        self._authority = address.authority.encode("ascii")
        self._pool = Pool(loop, deadlines, options, Dialer(loop, address, tls), address.text)
        self.text = address.text

    @property
    def open_connections(self) -> int:
        """How many sockets are open."""
        return self._pool.counts[0]

    @property
    def idle_connections(self) -> int:
        """How many of them carry no call."""
        return self._pool.counts[1]

    @property
    def waiting_calls(self) -> int:
        """How many callers wait for a connection."""
        return self._pool.counts[2]

    def prepare(
        self, method: bytes, target: bytes, headers: Headers = (), options: CallOptions = _DEFAULT_CALL
    ) -> PreparedCall:
        """Settle what does not change from call to call, once at deployment.

        Raises ValueError for a method, target or header that HTTP does not allow or that is the transport's own.
        """
        head = RequestHead(method, target, headers, self._authority)
        return PreparedCall(self._exchange, head, options, self.text, self._stream)

    async def request(
        self,
        method: bytes,
        target: bytes,
        headers: Headers = (),
        body: bytes = b"",
        options: CallOptions = _DEFAULT_CALL,
    ) -> Reply:
        """Make one call that was not prepared. Raises TransportError, BAD_REQUEST for what `prepare` would refuse."""
        try:
            call = self.prepare(method, target, headers, options)
        except ValueError as error:
            raise TransportError(TransportErrorKind.BAD_REQUEST, str(error), origin=self.text) from error
        return await call.send(body)

    def refuse_calls(self) -> None:
        """Take no new calls; those under way, and those that wait for a connection, go on."""
        self._pool.refuse_calls()

    async def aclose(self, grace: float = 0.0) -> None:
        """Refuse new calls, wait `grace` seconds for those under way, then break them off with CLIENT_CLOSED."""
        await self._pool.close(grace)

    async def _exchange(self, head: bytes, body: bytes, options: CallOptions, is_head: bool) -> Reply:
        now = self._time()
        deadline = now + options.total_timeout
        connection = self._pool.take_warm(now)
        if connection is None:
            connection = await self._pool.take(options, deadline)
            now = self._time()
        future = connection.begin(head, body, options, is_head, now, deadline)
        try:
            return await future
        except asyncio.CancelledError:
            connection.abandon(future)
            raise
        except TransportError as error:
            # RFC 9110, section 9.2.2: only what is idempotent may be sent again when it may have been received.
            if not (options.idempotent and connection.is_stale and error.kind is TransportErrorKind.CLOSED_EARLY):
                raise
        connection = await self._pool.take(options, deadline, fresh=True)
        future = connection.begin(head, body, options, is_head, self._time(), deadline)
        try:
            return await future
        except asyncio.CancelledError:
            connection.abandon(future)
            raise

    async def _stream(self, head: bytes, body: bytes, options: CallOptions, is_head: bool) -> Reply:
        now = self._time()
        deadline = now + options.total_timeout
        for attempt in range(2):
            connection = None if attempt else self._pool.take_warm(now)
            if connection is None:
                connection = await self._pool.take(options, deadline, fresh=attempt > 0)
                now = self._time()
            stream = connection.begin_stream(head, body, options, is_head, now, deadline)
            try:
                return await stream.head
            except asyncio.CancelledError:
                connection.drop(stream)
                raise
            except TransportError as error:
                # As in `_exchange`; nothing of a reply has been passed on yet.
                stale = connection.is_stale and error.kind is TransportErrorKind.CLOSED_EARLY
                if attempt or not (options.idempotent and stale):
                    raise
        raise AssertionError("the second attempt returns or raises")
