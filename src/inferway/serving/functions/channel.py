"""The function server's end of a handler process's socket."""

import asyncio
import struct
from typing import Any, Final

import msgspec

_LENGTHS: Final = struct.Struct("!II")
_MAX_HEAD: Final = 65_536
_MAX_BODY: Final = 8_388_608  # more than any message that bootstrap.py sends
_encode: Final = msgspec.json.Encoder().encode


class Message(msgspec.Struct, frozen=True, kw_only=True):
    """What a handler process says: "ready", "failed", "result", "error" or "too large"; `body` is set apart."""

    kind: str
    size: int = 0
    body: bytes = b""


_decode: Final = msgspec.json.Decoder(Message).decode


class Channel(asyncio.Protocol):
    """One message is awaited at a time. Raises ConnectionError when the process is gone or speaks nonsense."""

    def __init__(self) -> None:
        self._transport: asyncio.Transport | None = None
        self._buffer = bytearray()
        self._awaited: asyncio.Future[Message] | None = None
        self._early: Message | None = None
        self._lost = False

    def send(self, head: dict[str, Any], body: bytes) -> None:
        """Send a message."""
        encoded = _encode(head)
        if self._transport is not None:
            self._transport.write(b"%b%b%b" % (_LENGTHS.pack(len(encoded), len(body)), encoded, body))

    def receive(self) -> asyncio.Future[Message]:
        """Give the future of the next message."""
        future: asyncio.Future[Message] = asyncio.get_running_loop().create_future()
        if self._early is not None:
            future.set_result(self._early)
            self._early = None
        elif self._lost:
            future.set_exception(ConnectionResetError("the handler process is gone"))
        else:
            self._awaited = future
        return future

    def close(self) -> None:
        """Close the socket."""
        if self._transport is not None:
            self._transport.close()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport (asyncio.Protocol)."""
        self._transport = transport  # type: ignore[assignment]  # uvloop's transports are no subclasses of asyncio's

    def data_received(self, data: bytes) -> None:
        """Read on (asyncio.Protocol)."""
        buffer = self._buffer
        buffer += data
        while len(buffer) >= _LENGTHS.size:
            head_length, body_length = _LENGTHS.unpack_from(buffer)
            if head_length > _MAX_HEAD or body_length > _MAX_BODY:
                self._break()
                return
            start = _LENGTHS.size + head_length
            if len(buffer) < start + body_length:
                return
            head, body = bytes(buffer[_LENGTHS.size : start]), bytes(buffer[start : start + body_length])
            del buffer[: start + body_length]
            try:
                message = _decode(head)
            except msgspec.MsgspecError:
                self._break()
                return
            self._deliver(msgspec.structs.replace(message, body=body))

    def connection_lost(self, exc: Exception | None) -> None:
        """End the wait (asyncio.Protocol)."""
        del exc
        self._lost = True
        awaited, self._awaited = self._awaited, None
        if awaited is not None and not awaited.done():
            awaited.set_exception(ConnectionResetError("the handler process is gone"))

    def _deliver(self, message: Message) -> None:
        awaited, self._awaited = self._awaited, None
        if awaited is None:
            self._early = message
        elif not awaited.done():
            awaited.set_result(message)

    def _break(self) -> None:
        self._buffer.clear()
        if self._transport is not None:
            self._transport.abort()
