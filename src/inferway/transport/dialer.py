"""Opens connections to one address."""

import asyncio
import ssl
from collections.abc import Callable
from typing import Final, Protocol

from inferway.transport.address import Address
from inferway.transport.connection import Connection
from inferway.transport.errors import TransportError, TransportErrorKind, Wait
from inferway.transport.options import CallOptions
from inferway.transport.tls import Tls

_TLS_SHUTDOWN_SECONDS: Final = 1.0


class Dial(Protocol):
    """The part of asyncio's timeouts by which an attempt to connect is cut short."""

    def reschedule(self, when: float | None) -> None:
        """Move the attempt's last moment, in the loop's time."""


class Dialer:
    """Connects to an address, over TLS where that is given.

    Names are looked up by the loop, and all addresses found are tried in turn.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop, address: Address, tls: Tls | None) -> None:
        self._loop = loop
        self._address = address
        self._tls = tls
        self._attempts: set[Dial] = set()

    async def dial(self, make: Callable[[], Connection], options: CallOptions, deadline: float) -> Connection:
        """Connect, within the connect timeout and before the call's deadline (in the loop's time).

        Raises TransportError: CONNECT_FAILED, TLS_FAILED or TIMED_OUT.
        """
        limit = self._loop.time() + options.connect_timeout
        try:
            async with asyncio.timeout_at(min(limit, deadline)) as attempt:
                self._attempts.add(attempt)
                try:
                    return await self._connect(make)
                finally:
                    self._attempts.discard(attempt)
        except (OSError, ValueError) as error:
            if isinstance(error, TimeoutError) and attempt.expired():
                raise self._too_late(options, total=deadline < limit) from error
            raise self._failure(error) from error

    def give_up(self) -> None:
        """Make every attempt under way time out now."""
        for attempt in list(self._attempts):
            attempt.reschedule(self._loop.time())

    async def _connect(self, make: Callable[[], Connection]) -> Connection:
        address = self._address
        if address.socket_path:
            return (await self._loop.create_unix_connection(make, address.socket_path))[1]
        if self._tls is None:
            return (await self._loop.create_connection(make, address.host, address.port))[1]
        tls = self._tls
        transport, connection = await self._loop.create_connection(
            make,
            address.host,
            address.port,
            ssl=tls.context,
            server_hostname=tls.name,
            ssl_shutdown_timeout=_TLS_SHUTDOWN_SECONDS,
        )
        if tls.check is not None:
            try:
                tls.check(transport.get_extra_info("ssl_object").getpeercert(binary_form=True) or b"", tls.name)
            except BaseException:
                transport.abort()
                raise
        return connection

    def _too_late(self, options: CallOptions, *, total: bool) -> TransportError:
        seconds, wait = (options.total_timeout, Wait.TOTAL) if total else (options.connect_timeout, Wait.CONNECT)
        text = f"not connected within {seconds:g} s"
        return TransportError(TransportErrorKind.TIMED_OUT, text, origin=self._address.text, wait=wait)

    def _failure(self, error: Exception) -> TransportError:
        # A TCP connection that is refused or unreachable fails with other classes; a reset comes while TLS begins.
        broke_off = isinstance(error, ConnectionResetError | ConnectionAbortedError | BrokenPipeError)
        if isinstance(error, ssl.SSLError) or (self._tls is not None and broke_off):
            kind, text = TransportErrorKind.TLS_FAILED, f"TLS could not be set up: {error}"
        else:
            kind, text = TransportErrorKind.CONNECT_FAILED, f"cannot connect: {error}"
        return TransportError(kind, text, origin=self._address.text)
