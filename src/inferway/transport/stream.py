"""A reply that is passed on while it arrives."""

import asyncio
from collections import deque
from typing import Final, Protocol

from inferway.body_stream import BodyStream
from inferway.exchange import Headers, Reply
from inferway.transport.errors import TransportError

# Bytes that wait for a slow reader before the server is held back, and below which it may go on.
_MOST_WAITING: Final = 256 * 1024
_FEW_WAITING: Final = 64 * 1024
_MOST_PIECES: Final = 16
"""Pieces that came at once and are passed on one by one; of more, each would cost what all of them together do."""


class Source(Protocol):
    """The connection that a stream comes from."""

    def resume(self, stream: "ReplyStream") -> None:
        """Let the server send on."""

    def drop(self, stream: "ReplyStream") -> None:
        """End the connection, if the stream is still on it."""


class ReplyStream(BodyStream):
    """The body of one reply, in pieces as they come; `head` brings the Reply that has this as its `stream`.

    At most about half a megabyte waits here for whoever reads: beyond that the server's socket is not read. Reading
    raises the TransportError that ended the call, after all that had come before. `close`, and a reader that is
    cancelled, end the connection unless the reply is whole.
    """

    __slots__ = ("_error", "_is_whole", "_pieces", "_source", "_waiting", "_wanted", "head", "is_held")

    def __init__(self, loop: asyncio.AbstractEventLoop, source: Source) -> None:
        self.head: asyncio.Future[Reply] = loop.create_future()
        self.is_held = False
        self._source = source
        self._pieces: deque[bytes] = deque()
        self._waiting = 0
        self._wanted: asyncio.Future[None] | None = None
        self._error: TransportError | None = None
        self._is_whole = False

    def begin(self, status: int, headers: Headers) -> None:
        """Give the head, once it is there."""
        if not self.head.done():
            self.head.set_result(Reply(status, headers, b"", None, self))

    def put(self, pieces: list[bytes]) -> bool:
        """Take what has come of the body; False says that the server is to be held back."""
        if len(pieces) > _MOST_PIECES:
            pieces = [b"".join(pieces)]
        self._pieces += pieces
        self._waiting += sum(map(len, pieces))
        self._wake()
        self.is_held = self._waiting > _MOST_WAITING
        return not self.is_held

    def end(self, error: TransportError | None = None) -> None:
        """Note that the reply is whole, or what broke it off."""
        if self._is_whole or self._error is not None:
            return
        if error is None:
            self._is_whole = True
        else:
            self._error = error
            if not self.head.done():
                self.head.set_exception(error)
        self._wake()

    async def __anext__(self) -> bytes:
        """Give what has come since the last piece."""
        while not self._pieces:
            if self._error is not None:
                raise self._error
            if self._is_whole:
                raise StopAsyncIteration
            self._wanted = self.head.get_loop().create_future()
            try:
                await self._wanted
            except asyncio.CancelledError:
                self.close()
                raise
        piece = self._pieces.popleft()
        self._waiting -= len(piece)
        if self.is_held and self._waiting < _FEW_WAITING:
            self.is_held = False
            self._source.resume(self)
        return piece

    def close(self) -> None:
        """Read no more; ends the connection unless the reply is whole."""
        self._pieces.clear()
        self._waiting = 0
        if not self._is_whole and self._error is None:
            self._is_whole = True
            self._source.drop(self)

    def _wake(self) -> None:
        wanted, self._wanted = self._wanted, None
        if wanted is not None and not wanted.done():
            wanted.set_result(None)
