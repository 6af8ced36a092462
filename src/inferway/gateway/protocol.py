"""The protocol edge: HTTP/1.1 straight from uvicorn's sockets to the core, without ASGI's messages in between.

uvicorn keeps the listening, the signals and the shutdown (`Config(http=HttpProtocol)`); llhttp does the parsing.
"""

import asyncio
import socket
import struct
from collections import deque
from collections.abc import AsyncGenerator
from email.utils import formatdate
from http import HTTPStatus
from time import monotonic, time
from typing import Any, Final, Protocol

import httptools

from inferway.body_stream import BrokenStreamError
from inferway.caller import ClientCertificate
from inferway.exchange import Body, Headers, Request, Response
from inferway.faults import Fault, FaultKind
from inferway.gateway.certificates import client_certificate
from inferway.gateway.core import Core
from inferway.gateway.framing import coding_is_plain

MAX_UNREAD: Final = 327_680
"""Bytes of a head, or of chunk framing and trailers, that the edge takes in while a request is not whole: 64 KiB, and
what one read of the socket may bring at once. An API's own, smaller limit on a whole head is the core's."""

LINGER: Final = 5.0
"""Seconds for which a refused client may go on sending, so that it reads why before its sending fails."""

_MAX_PIPELINED: Final = 16
_NEVER: Final = float("inf")
_RESET: Final = struct.pack("ii", 1, 0)
_CONTINUE: Final = b"HTTP/1.1 100 Continue\r\n\r\n"
_METHODS: Final = {method.encode(): method for method in ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS")}
_BODILESS: Final = frozenset((204, 304))
_STATUS: Final = {status.value: b"HTTP/1.1 %d %b\r\n" % (status, status.phrase.encode()) for status in HTTPStatus}


class ServerState(Protocol):
    """What the protocol needs of uvicorn's server state."""

    connections: set[Any]
    tasks: set[asyncio.Task[None]]
    total_requests: int


class EdgeOptions(Protocol):
    """What the protocol needs of its server's application object."""

    core: Core
    read_timeout: float
    idle_timeout: float


class _Clock:
    """The Date header, made once a second."""

    __slots__ = ("_line", "_second")

    def __init__(self) -> None:
        self._second = 0
        self._line = b""

    def line(self) -> bytes:
        now = int(time())
        if now != self._second:
            self._second = now
            self._line = b"date: %b\r\n" % formatdate(now, usegmt=True).encode()
        return self._line


_CLOCK: Final = _Clock()


class HttpProtocol(asyncio.Protocol):
    """One client connection.

    Requests are served one after the other, by one task for the whole connection (a task per request costs more than
    parsing one does); pipelined ones wait, in a bounded queue.
    """

    def __init__(self, config: Any, server_state: ServerState, app_state: Any, _loop: Any = None) -> None:  # noqa: ARG002 - uvicorn's call
        options: EdgeOptions = config.app
        self._options = options
        self._core = options.core
        self._state = server_state
        self._loop: asyncio.AbstractEventLoop = _loop or asyncio.get_running_loop()
        self._parser = httptools.HttpRequestParser(self)
        self._transport: asyncio.Transport | None = None
        self._client = ""
        self._scheme = "http"
        self._certificate: ClientCertificate | None = None
        self._url = b""
        self._headers: Headers = []
        self._names: list[bytes] = []
        self._body: list[bytes] = []
        self._size = 0
        self._unread = 0
        self._in_chunks = False
        self._expects_continue = False
        self._waiting: deque[tuple[Request, Fault | None]] = deque()
        self._lingers = False
        self._unsent = 0
        self._task: asyncio.Task[None] | None = None
        self._idle: asyncio.Future[None] | None = None  # what the task waits for when there is nothing to serve
        self._closing = False
        self._writable = asyncio.Event()
        self._writable.set()
        self.deadline = monotonic() + options.read_timeout

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take the connection on."""
        assert isinstance(transport, asyncio.Transport) or hasattr(transport, "write")  # noqa: S101 - a stream transport
        self._transport = transport  # type: ignore[assignment]  # uvloop's transports are no subclasses of asyncio's
        peer = transport.get_extra_info("peername")
        self._client = peer[0] if isinstance(peer, tuple) else ""
        tls = transport.get_extra_info("ssl_object")
        if tls is not None:
            self._scheme = "https"
            self._certificate = client_certificate(tls)
        self._state.connections.add(self)
        self._task = self._loop.create_task(self._serve())

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - asyncio's call
        """Forget the connection; what was being served for it is cancelled."""
        self._transport = None
        self._writable.set()
        self._state.connections.discard(self)
        if self._task is not None:
            self._task.cancel()

    def pause_writing(self) -> None:
        """Hold a streamed body back while the client reads slowly."""
        self._writable.clear()

    def resume_writing(self) -> None:
        """Go on with a streamed body."""
        self._writable.set()

    def data_received(self, data: bytes) -> None:
        """Feed the parser; what it refuses ends the connection. After the last request, what comes is dropped."""
        if self._closing:
            return
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserUpgrade:
            self._closing = True
            if self._idle is not None and self._transport is not None:
                self._transport.close()
        except httptools.HttpParserError as error:
            cause = error.__context__ or error
            self._end(Fault(kind=FaultKind.MALFORMED_REQUEST, cause=f"the request cannot be parsed: {cause}"))
        else:
            if self._expects_continue:
                self._invite()
            if self._url:
                self._wait_for_more(len(data))

    def _invite(self) -> None:
        """Tell a client that waits for it to send its body, when its turn has come (RFC 9110, 10.1.1)."""
        if self._idle is None or self._transport is None:
            return
        self._expects_continue = False
        length = next((value for name, value in self._headers if name == b"content-length"), b"0")
        if length.isdigit() and int(length) > self._core.options.max_body_bytes:
            self._end(Fault(kind=FaultKind.BODY_TOO_LARGE, cause=f"a body of {int(length)} bytes is announced"))
        elif not self._body and self._parser.get_http_version() != "1.0":
            self._transport.write(_CONTINUE)

    def _wait_for_more(self, size: int) -> None:
        """Count what came of a request that is not whole yet, beside its body."""
        self._unread += size
        if self._unread <= MAX_UNREAD:
            return
        if self._in_chunks:
            self._end(Fault(kind=FaultKind.MALFORMED_REQUEST, cause="the request's chunks hold mostly framing"))
        else:
            self._end(Fault(kind=FaultKind.HEADERS_TOO_LARGE, cause=f"a head of more than {MAX_UNREAD} bytes"))

    def on_url(self, url: bytes) -> None:
        """Collect the request target; with its first bytes the time for the whole request begins to run."""
        if not self._url and self._idle is not None:
            self.deadline = monotonic() + self._options.read_timeout
        self._url += url

    def on_header(self, name: bytes, value: bytes) -> None:
        """Collect a header. A trailer is none, and is dropped (RFC 9110, 6.5.1)."""
        if self._in_chunks:
            return
        lowered = name.lower()
        self._headers.append((lowered, value))
        self._names.append(name)
        if lowered == b"expect" and value.lower() == b"100-continue":
            self._expects_continue = True

    def on_chunk_header(self) -> None:
        """Note that the headers are over."""
        self._in_chunks = True

    def on_body(self, body: bytes) -> None:
        """Collect the body, up to the largest that the core takes."""
        self._unread = 0
        self._size += len(body)
        if self._size <= self._core.options.max_body_bytes:
            self._body.append(body)
        else:
            self._body = []
            self._end(Fault(kind=FaultKind.BODY_TOO_LARGE, cause=f"a body of more than {self._size} bytes"))

    def on_message_complete(self) -> None:
        """Serve the request, after those that came before it on this connection."""
        if self._closing:
            return
        self._state.total_requests += 1
        request = self._request()
        self._url = b""
        self._headers = []
        self._names = []
        if self._size:
            self._body = []
            self._size = 0
        self._unread = 0
        is_plain = not self._in_chunks or coding_is_plain(request.headers)
        self._in_chunks = self._expects_continue = False
        if not (self._parser.should_keep_alive() and is_plain):
            self._closing = True
        self._queue(request, None)

    def _request(self) -> Request:
        target = self._url.decode("latin-1")
        if not target.startswith("/"):
            target = self._origin_form(target)
        path, _, query = target.partition("?")
        method = self._parser.get_method()
        return Request(
            method=_METHODS.get(method) or method.decode("ascii"),
            path=path,
            query=query,
            headers=self._headers,
            names=self._names,
            body=b"".join(self._body) if self._size else b"",
            client=self._client,
            scheme=self._scheme,
            version=self._parser.get_http_version(),
            certificate=self._certificate,
        )

    def _origin_form(self, target: str) -> str:
        """Give path and query of a target in absolute form, whose host replaces Host (RFC 9112, 3.2.2)."""
        scheme, _, rest = target.partition("://")
        if not rest or scheme.lower() not in ("http", "https"):
            return target
        authority, mark, path = rest, "", ""
        for at, character in enumerate(rest):
            if character in "/?":
                authority, mark, path = rest[:at], character, rest[at + 1 :]
                break
        host = authority.encode("latin-1")
        self._headers = [(name, host if name == b"host" else value) for name, value in self._headers]
        return f"/{path}" if mark == "/" else f"/{mark}{path}"

    def _queue(self, request: Request, fault: Fault | None) -> None:
        self._waiting.append((request, fault))
        idle = self._idle
        if idle is not None:
            self._idle = None
            idle.set_result(None)
        elif len(self._waiting) >= _MAX_PIPELINED and self._transport is not None:
            self._transport.pause_reading()

    def _end(self, fault: Fault) -> None:
        """Answer what could not be taken in whole, then close."""
        if self._closing:
            return
        self._closing = self._lingers = True
        method = self._parser.get_method().decode("ascii", "replace") if self._url else "GET"
        path, _, query = self._origin_form(self._url.decode("latin-1")).partition("?")
        request = Request(
            method=method, path=path or "/", query=query, headers=self._headers, names=self._names, client=self._client
        )
        self._queue(request, fault)

    async def _serve(self) -> None:
        waiting, handle, writable = self._waiting, self._core.handle, self._writable.is_set
        try:
            while True:
                if not waiting:
                    if self._closing:
                        self._close()
                        return
                    self.deadline = monotonic() + (
                        self._options.read_timeout if self._url else self._options.idle_timeout
                    )
                    idle = self._idle = self._loop.create_future()
                    if self._expects_continue:
                        self._invite()
                    await idle
                if not writable():
                    await self._until_writable()
                self.deadline = _NEVER
                request, fault = waiting.popleft()
                if len(waiting) == _MAX_PIPELINED - 1 and self._transport is not None:
                    self._transport.resume_reading()
                response = await handle(request) if fault is None else self._core.refuse(request, fault)
                transport = self._transport
                if transport is None:
                    await _end(response.body)
                    return
                await self._write(transport, request, response, last=self._closing and not waiting)
        except Exception:
            # A response that broke off must not look whole, and the connection must not wait for ever.
            if self._transport is not None:
                self._transport.abort()
            raise

    async def _until_writable(self) -> None:
        """Hold the next response, or piece of one, back until the client has read what was sent."""
        self.deadline = monotonic() + self._options.read_timeout
        await self._writable.wait()
        self.deadline = _NEVER

    def _close(self) -> None:
        """Close; a client that was cut short may go on sending for a while (RFC 9112, 9.6)."""
        transport = self._transport
        if transport is None:
            return
        if self._lingers and transport.can_write_eof():
            transport.resume_reading()
            transport.write_eof()
            self.deadline = monotonic() + LINGER
        else:
            transport.close()

    async def _write(self, transport: asyncio.Transport, request: Request, response: Response, *, last: bool) -> None:
        body, status = response.body, response.status
        parts = [_STATUS.get(status) or b"HTTP/1.1 %d Unknown\r\n" % status, _CLOCK.line()]
        parts += [b"%b: %b\r\n" % pair for pair in response.headers]
        if not isinstance(body, bytes):
            await self._stream(transport, request, response, parts)
            return
        if last:
            parts.append(b"connection: close\r\n")
        elif request.version == "1.0":
            parts.append(b"connection: keep-alive\r\n")
        if status in _BODILESS:
            parts.append(b"\r\n")
        else:
            parts.append(b"content-length: %d\r\n\r\n" % len(body))
            if request.method != "HEAD":
                parts.append(body)
        transport.write(b"".join(parts))

    async def _stream(
        self, transport: asyncio.Transport, request: Request, response: Response, parts: list[bytes]
    ) -> None:
        """Send a body as it is made: in chunks, and to a client of HTTP/1.0 until the connection's end."""
        body: Any = response.body
        response_has_body = response.status not in _BODILESS
        chunked = request.version != "1.0"
        if not chunked:
            self._closing = True
            self._waiting.clear()
        if response_has_body:
            parts.append(b"transfer-encoding: chunked\r\n" if chunked else b"")
        parts.append(b"connection: close\r\n\r\n" if self._closing and not self._waiting else b"\r\n")
        transport.write(b"".join(parts))
        if request.method == "HEAD" or not response_has_body:
            await _end(body)
            return
        try:
            async for piece in body:
                if piece:
                    if not self._writable.is_set():
                        await self._until_writable()
                    transport.write(b"%x\r\n%b\r\n" % (len(piece), piece) if chunked else piece)
        except BrokenStreamError:
            self._break_off(transport, ends_with_connection=not chunked)
            return
        finally:
            await _end(body)
        if chunked:
            transport.write(b"0\r\n\r\n")

    def _break_off(self, transport: asyncio.Transport, *, ends_with_connection: bool) -> None:
        """Close within a response, behind what there was of it; why, stands in the access log.

        Where the connection's end is the body's it has to be a reset, or the response would look whole.
        """
        self._closing = True
        self._waiting.clear()
        connection = transport.get_extra_info("socket")
        if not ends_with_connection:
            self.deadline = monotonic() + self._options.read_timeout
            transport.close()
        else:
            if connection is not None:
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
            transport.abort()

    def expire(self, now: float) -> None:
        """Close a connection past its deadline: idle, its request incomplete, or its client reading nothing more."""
        transport = self._transport
        if now < self.deadline or transport is None:
            return
        unsent, self._unsent = self._unsent, transport.get_write_buffer_size()
        if not self._unsent:
            transport.close()
        elif self._unsent == unsent:
            transport.abort()
        else:
            self.deadline = now + self._options.read_timeout

    def shutdown(self) -> None:
        """Finish the request under way, then close; an idle connection is closed now."""
        self._closing = True
        done = self._idle is not None or (self._task is not None and self._task.done())
        if done and self._transport is not None:
            self._transport.close()


async def _end(body: Body) -> None:
    """Let go of what a body comes from, if it is streamed and was not read to its end."""
    if isinstance(body, AsyncGenerator):
        await body.aclose()


async def reap(server_state: ServerState, interval: float = 1.0) -> None:
    """Close connections past their deadline, for as long as the server runs."""
    while True:
        await asyncio.sleep(interval)
        now = monotonic()
        for connection in list(server_state.connections):
            connection.expire(now)
