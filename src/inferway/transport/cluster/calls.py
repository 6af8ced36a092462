"""Sends a call to an instance of a cluster, and again to another where that is safe and within the budget."""

from collections.abc import AsyncGenerator, Awaitable, Callable
from types import TracebackType
from typing import Any, Final

import msgspec

from inferway.exchange import Reply
from inferway.transport.cluster.cluster import Cluster
from inferway.transport.cluster.host import Host
from inferway.transport.errors import TransportError, TransportErrorKind

Send = Callable[[Host], Awaitable[Reply]]
"""Sends the call to one instance; raises TransportError."""

_GATEWAY_ERRORS: Final = frozenset((502, 503, 504))
"""Statuses that speak of the instance (Envoy's "gateway failure"); a 500 may be this one input's, on any instance."""

_OURS: Final = frozenset((TransportErrorKind.BAD_REQUEST, TransportErrorKind.CLIENT_CLOSED))
"""Errors that say nothing of the instance."""


async def call(cluster: Cluster, send: Send) -> tuple[Reply, Host]:
    """Give the reply and who gave it; raises TransportError, ClusterRefusedError."""
    if cluster.budget is not None:
        cluster.budget.called()
    tried: list[Host] = []
    while True:
        host = await cluster.acquire(tried)
        try:
            reply = await call_instance(cluster, host, send)
        except TransportError as error:
            if not _may_be_sent_again(error, cluster) or not cluster.may_retry(len(tried)):
                raise
        else:
            if reply.status not in _GATEWAY_ERRORS or not _is_idempotent(cluster) or not cluster.may_retry(len(tried)):
                return reply, host
            if reply.stream is not None:
                await reply.stream.aclose()
        tried.append(host)


async def call_instance(cluster: Cluster, host: Host, send: Send) -> Reply:
    """Send the call to an instance that was taken, and give the instance back; raises TransportError.

    A reply's stream holds the instance until it ends.
    """
    try:
        reply = await send(host)
    except TransportError as error:
        cluster.release(host, failed=None if error.kind in _OURS else True)
        raise
    except BaseException:
        cluster.release(host, failed=None)
        raise
    failed = reply.status in _GATEWAY_ERRORS
    if reply.stream is None:
        cluster.release(host, failed=failed)
        return reply
    return msgspec.structs.replace(reply, stream=_Held(reply.stream, cluster, host, failed=failed))


def _is_idempotent(cluster: Cluster) -> bool:
    return cluster.options.retry is not None and cluster.options.retry.idempotent


def _may_be_sent_again(error: TransportError, cluster: Cluster) -> bool:
    """Say whether a call that brought no reply is safe to send again; one that took all its time is not worth it."""
    if error.kind in _OURS:
        return False
    if not error.request_sent:
        return True
    return _is_idempotent(cluster) and error.kind is not TransportErrorKind.TIMED_OUT


class _Held(AsyncGenerator[bytes, None]):
    """A reply's stream that holds its instance until it ends or is closed, begun or not."""

    def __init__(self, stream: AsyncGenerator[bytes, None], cluster: Cluster, host: Host, *, failed: bool) -> None:
        self._stream = stream
        self._cluster = cluster
        self._host = host
        self._failed: bool | None = failed
        self._is_held = True

    def _release(self, *, failed: bool | None) -> None:
        if self._is_held:
            self._is_held = False
            self._cluster.release(self._host, failed=failed)

    async def asend(self, value: Any) -> bytes:
        """Give the next piece."""
        try:
            return await self._stream.asend(value)
        except StopAsyncIteration:
            self._release(failed=self._failed)
            raise
        except TransportError as error:
            self._release(failed=None if error.kind in _OURS else True)
            raise
        except BaseException:
            self._release(failed=None)
            raise

    async def athrow(
        self,
        typ: Any,
        val: Any = None,
        tb: TracebackType | None = None,
    ) -> bytes:
        """Raise where the stream stands."""
        try:
            return await self._stream.athrow(typ, val, tb)
        except BaseException:
            self._release(failed=None)
            raise

    async def aclose(self) -> None:
        """Read no more."""
        try:
            await self._stream.aclose()
        finally:
            self._release(failed=self._failed)
