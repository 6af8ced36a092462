"""Counters and cache of one node, owned by one process and shared by its workers over a Unix socket.

Every message is a length of four bytes and MessagePack: `[number, operation, arguments…]` to the owner and
`[number, result]` back; the owner also tells all workers things, as `[0, topic, value]`.
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, Final

import msgspec

from inferway.definition.stage import Quota, Throttle
from inferway.stores.protocols import Allowance, CachedResponse, Counters, Limiter, Rate, ResponseCache, Window

_LENGTH: Final = 4
_MAX_MESSAGE: Final = 4_194_304
_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder().decode

Told = Callable[[str, Any], None]


class _Frames(asyncio.Protocol):
    """Splits the stream into messages."""

    def __init__(self) -> None:
        self.transport: asyncio.WriteTransport | None = None
        self._buffer = bytearray()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport  # type: ignore[assignment]  # uvloop's transports are no subclasses of asyncio's

    def data_received(self, data: bytes) -> None:
        buffer = self._buffer
        buffer += data
        while len(buffer) >= _LENGTH:
            end = _LENGTH + int.from_bytes(buffer[:_LENGTH], "big")
            if end > _MAX_MESSAGE and self.transport is not None:
                self.transport.close()
                return
            if len(buffer) < end:
                return
            message = _decode(bytes(buffer[_LENGTH:end]))
            del buffer[:end]
            self.received(message)

    def send(self, message: list[Any]) -> None:
        if self.transport is not None:
            encoded = _encode(message)
            self.transport.write(len(encoded).to_bytes(_LENGTH, "big") + encoded)

    def received(self, message: Any) -> None:
        raise NotImplementedError


class _Worker(_Frames):
    """The owner's end of one worker's connection."""

    def __init__(self, owner: "StoreOwner") -> None:
        super().__init__()
        self._owner = owner

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        self._owner.workers.add(self)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - asyncio's call
        self.transport = None
        self._owner.workers.discard(self)

    def received(self, message: Any) -> None:
        number, operation, *arguments = message
        self.send([number, self._owner.answer(operation, arguments)])


class StoreOwner:
    """Answers workers from a store of this process, which must answer at once."""

    def __init__(self, counters: Counters, cache: ResponseCache, told: Told) -> None:
        self._counters = counters
        self._cache = cache
        self._told = told
        self._limiters: dict[tuple[Any, ...], Limiter] = {}
        self._spans: dict[tuple[Any, ...], Window] = {}
        self._rates: dict[tuple[str, float], Rate] = {}
        self._server: asyncio.AbstractServer | None = None
        self.workers: set[_Worker] = set()
        self._operations: dict[str, Callable[..., Any]] = {
            "bucket": self._bucket,
            "window": self._window,
            "sliding": self._sliding,
            "period": self._period,
            "rate": self._rate,
            "get": self._get,
            "put": self._put,
            "tell": self._tell,
        }

    async def listen(self, path: Path) -> None:
        """Listen on a socket that only this user can reach: it stands in a folder of the user's own."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_unix_server(lambda: _Worker(self), str(path))

    async def close(self) -> None:
        """Stop listening and end the connections."""
        if self._server is not None:
            self._server.close()
        for worker in list(self.workers):
            if worker.transport is not None:
                worker.transport.close()

    def tell(self, topic: str, value: Any) -> None:
        """Tell every worker something."""
        for worker in self.workers:
            worker.send([0, topic, value])

    def answer(self, operation: str, arguments: list[Any]) -> Any:
        """Carry out one worker's operation."""
        return self._operations[operation](*arguments)

    def _bucket(self, name: str, rate: float, burst: int, key: str) -> Any:
        limiter = self._limiters.get(("bucket", name, rate, burst))
        if limiter is None:
            limiter = self._counters.token_bucket(name, Throttle(rate=rate, burst=burst))
            self._limiters["bucket", name, rate, burst] = limiter
        return limiter.take(key)

    def _window(self, name: str, quota: dict[str, Any], key: str) -> Any:
        identity = ("window", name, *quota.values())
        limiter = self._limiters.get(identity)
        if limiter is None:
            limiter = self._limiters[identity] = self._counters.fixed_window(name, msgspec.convert(quota, Quota))
        return limiter.take(key)

    def _sliding(self, name: str, calls: int, seconds: float, key: str, count: int) -> Any:
        identity = ("sliding", name, calls, seconds)
        window = self._spans.get(identity)
        if window is None:
            window = self._spans[identity] = self._counters.sliding_window(name, calls, seconds)
        return msgspec.to_builtins(window.take(key, count))

    def _period(self, name: str, limit: list[Any], key: str, count: int) -> Any:
        identity = ("period", name, *limit)
        window = self._spans.get(identity)
        if window is None:
            window = self._spans[identity] = self._counters.period_window(name, *limit)
        return msgspec.to_builtins(window.take(key, count))

    def _rate(self, name: str, seconds: float, key: str) -> Any:
        rate = self._rates.get((name, seconds))
        if rate is None:
            rate = self._rates[name, seconds] = self._counters.rate(name, seconds)
        return rate.count(key)

    def _get(self, key: bytes) -> Any:
        return self._cache.get(key)

    def _put(self, key: bytes, response: dict[str, Any], ttl: float) -> None:
        self._cache.put(key, msgspec.convert(response, CachedResponse), ttl)

    def _tell(self, topic: str, value: Any) -> None:
        self._told(topic, value)


class _OwnerConnection(_Frames):
    """A worker's end of the connection. What waits when it breaks is let through: a limit fails open."""

    def __init__(self, told: Told) -> None:
        super().__init__()
        self._told = told
        self._number = 0
        self._waiting: dict[int, tuple[asyncio.Future[Any], Any]] = {}
        self.lost = asyncio.Event()

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - asyncio's call
        self.transport = None
        self.lost.set()
        waiting, self._waiting = self._waiting, {}
        for future, otherwise in waiting.values():
            if not future.done():
                future.set_result(otherwise)

    def received(self, message: Any) -> None:
        number, *rest = message
        if number == 0:
            self._told(rest[0], rest[1])
            return
        future, _ = self._waiting.pop(number, (None, None))
        if future is not None and not future.done():
            future.set_result(rest[0])

    def ask(self, otherwise: Any, operation: str, *arguments: Any) -> asyncio.Future[Any]:
        future: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        if self.transport is None:
            future.set_result(otherwise)
            return future
        self._number += 1
        self._waiting[self._number] = (future, otherwise)
        self.send([self._number, operation, *arguments])
        return future


class _SharedBuckets:
    def __init__(self, connection: _OwnerConnection, name: str, throttle: Throttle) -> None:
        self._connection = connection
        self._arguments = (name, throttle.rate, throttle.burst)

    def take(self, key: str) -> Awaitable[bool]:
        return self._connection.ask(True, "bucket", *self._arguments, key)  # noqa: FBT003 - the answer when there is none


class _SharedWindows:
    def __init__(self, connection: _OwnerConnection, name: str, quota: Quota) -> None:
        self._connection = connection
        self._arguments = (name, msgspec.to_builtins(quota))

    def take(self, key: str) -> Awaitable[bool]:
        return self._connection.ask(True, "window", *self._arguments, key)  # noqa: FBT003 - as above


_LET_THROUGH: Final = msgspec.to_builtins(Allowance(allowed=True, left=0, wait=0.0))
"""The answer of a window when its owner is gone: a limit fails open."""


class _SharedSpan:
    """A window of the owner's, by the name of its operation and what it is made with."""

    def __init__(self, connection: _OwnerConnection, operation: str, *arguments: Any) -> None:
        self._connection = connection
        self._operation = operation
        self._arguments = arguments

    def take(self, key: str, count: int = 1) -> Awaitable[Allowance]:
        # Asked at once, before anything awaits the answer: what is counted after a response is not waited for.
        asked = self._connection.ask(_LET_THROUGH, self._operation, *self._arguments, key, count)
        return _allowance(asked)


class _SharedRate:
    """Counts of the owner's; a request that it is not there to count is the first of its key."""

    def __init__(self, connection: _OwnerConnection, name: str, seconds: float) -> None:
        self._connection = connection
        self._arguments = (name, seconds)

    def count(self, key: str) -> Awaitable[int]:
        return self._connection.ask(1, "rate", *self._arguments, key)


def _allowance(asked: asyncio.Future[Any]) -> asyncio.Future[Allowance]:
    made: asyncio.Future[Allowance] = asyncio.get_running_loop().create_future()

    def answer(future: asyncio.Future[Any]) -> None:
        if not made.done():
            made.set_result(msgspec.convert(future.result(), Allowance))

    asked.add_done_callback(answer)
    return made


class SharedStore:
    """Counters and cache of the node, from a worker. Exact: every take is the owner's."""

    def __init__(self, connection: _OwnerConnection) -> None:
        self._connection = connection

    @classmethod
    async def connect(cls, path: Path, told: Told) -> "SharedStore":
        """Connect to the owner; `told` gets what the owner tells all workers. Raises OSError."""
        loop = asyncio.get_running_loop()
        _, connection = await loop.create_unix_connection(lambda: _OwnerConnection(told), str(path))
        return cls(connection)

    async def lost(self) -> None:
        """Return when the owner is gone."""
        await self._connection.lost.wait()

    async def tell(self, topic: str, value: Any) -> None:
        """Tell the owner something."""
        with contextlib.suppress(asyncio.CancelledError):
            await self._connection.ask(None, "tell", topic, value)

    def token_bucket(self, name: str, throttle: Throttle) -> Limiter:
        """Give the node's token buckets of a throttle."""
        return _SharedBuckets(self._connection, name, throttle)

    def fixed_window(self, name: str, quota: Quota) -> Limiter:
        """Give the node's windows of a quota."""
        return _SharedWindows(self._connection, name, quota)

    def sliding_window(self, name: str, calls: int, seconds: float) -> Window:
        """Give the node's sliding windows."""
        return _SharedSpan(self._connection, "sliding", name, calls, seconds)

    def period_window(self, name: str, calls: int, seconds: float, start: float | None) -> Window:
        """Give the node's windows of a fixed length."""
        return _SharedSpan(self._connection, "period", name, [calls, seconds, start])

    def rate(self, name: str, seconds: float) -> Rate:
        """Give the node's counts of late requests."""
        return _SharedRate(self._connection, name, seconds)

    async def get(self, key: bytes) -> CachedResponse | None:
        """Give what the node keeps under a key."""
        found = await self._connection.ask(None, "get", key)
        return None if found is None else msgspec.convert(found, CachedResponse)

    async def put(self, key: bytes, response: CachedResponse, ttl: float) -> None:
        """Keep a response for the whole node; one too large for a message is left out."""
        if len(response.body) < _MAX_MESSAGE // 2:
            await self._connection.ask(None, "put", key, msgspec.to_builtins(response, builtin_types=(bytes,)), ttl)
