"""Streamed bodies at both edges, in the access log and in a trace: every one is read to its end or closed."""

import asyncio
import io
import json
from collections.abc import Awaitable, Callable
from time import monotonic
from types import SimpleNamespace
from typing import Any

import pytest

from inferway.body_stream import BodyStream, BrokenStreamError
from inferway.exchange import Exchange, Request, Response
from inferway.faults import Fault, FaultKind
from inferway.gateway.access_log import AccessLog
from inferway.gateway.beginning import beginning
from inferway.gateway.core import CoreOptions
from inferway.gateway.protocol import HttpProtocol
from inferway.gateway.server import AsgiServer

GET = b"GET /a HTTP/1.1\r\nHost: a\r\n\r\n"
DIED = Fault(kind=FaultKind.BACKEND_UNREACHABLE, cause="it died")


class Stream(BodyStream):
    """Gives its pieces, then what `last` says: an end, a break, or nothing for ever."""

    def __init__(self, *pieces: bytes, last: str = "end") -> None:
        self.closed = 0
        self._pieces = list(pieces)
        self._last = last

    async def __anext__(self) -> bytes:
        if self._pieces:
            return self._pieces.pop(0)
        if self._last == "break":
            raise BrokenStreamError(DIED)
        if self._last == "stall":
            await asyncio.Event().wait()
        raise StopAsyncIteration

    def close(self) -> None:
        self.closed += 1


class Core:
    """Answers everything with one response."""

    def __init__(self, body: Any, status: int = 200) -> None:
        self.options = CoreOptions()
        self._response = Response(status=status, headers=[], body=body)

    async def handle(self, request: Request) -> Response:
        await asyncio.sleep(0)
        return self._response


class Wire:
    """A transport that keeps what is written."""

    def __init__(self) -> None:
        self.data = b""
        self.ends: list[str] = []
        self.lingers: list[Any] = []
        self.unsent = 0

    def write(self, data: bytes) -> None:
        self.data += data

    def close(self) -> None:
        self.ends.append("close")

    def abort(self) -> None:
        self.ends.append("abort")

    def can_write_eof(self) -> bool:
        return False

    def get_write_buffer_size(self) -> int:
        return self.unsent

    def get_extra_info(self, name: str) -> Any:
        if name == "socket":
            return SimpleNamespace(setsockopt=lambda *given: self.lingers.append(given))
        return ("127.0.0.1", 1) if name == "peername" else None


async def turn() -> None:
    for _ in range(10):
        await asyncio.sleep(0)


def speak(core: Core, script: Callable[[HttpProtocol, Wire], Awaitable[None]]) -> Wire:
    """Run a script on a connection of the protocol edge; it ends as if the client had left."""
    wire = Wire()

    async def main() -> None:
        options = SimpleNamespace(core=core, read_timeout=30.0, idle_timeout=75.0)
        state = SimpleNamespace(connections=set(), tasks=set(), total_requests=0)
        protocol = HttpProtocol(SimpleNamespace(app=options), state, {})
        protocol.connection_made(wire)  # type: ignore[arg-type]  # a stand-in
        await turn()
        await script(protocol, wire)
        protocol.connection_lost(None)
        await turn()
        assert asyncio.all_tasks() == {asyncio.current_task()}

    asyncio.run(main())
    return wire


def ask(core: Core, request: bytes = GET) -> Wire:
    async def script(protocol: HttpProtocol, _: Wire) -> None:
        protocol.data_received(request)
        await turn()

    return speak(core, script)


def test_a_break_ends_the_connection_behind_what_there_was() -> None:
    stream = Stream(b"half", last="break")
    wire = ask(Core(stream), GET * 2)
    assert wire.data.endswith(b"4\r\nhalf\r\n")
    assert wire.data.count(b"HTTP/1.1 200") == 1
    assert (wire.ends[0], wire.lingers, stream.closed) == ("close", [], 1)


def test_for_http_1_0_a_break_is_a_reset() -> None:
    wire = ask(Core(Stream(b"half", last="break")), b"GET /a HTTP/1.0\r\nHost: a\r\n\r\n")
    assert wire.data.endswith(b"\r\n\r\nhalf")
    assert wire.ends[0] == "abort"
    assert len(wire.lingers) == 1


@pytest.mark.parametrize(
    ("request_", "status"),
    [(b"HEAD /a HTTP/1.1\r\nHost: a\r\n\r\n", 200), (GET, 204), (GET, 304)],
)
def test_a_stream_that_nobody_is_sent_is_closed(request_: bytes, status: int) -> None:
    """RFC 9112, 6.3: neither HEAD nor 204 and 304 have a body; those two have no transfer coding either (6.1)."""
    stream = Stream(b"unread")
    wire = ask(Core(stream, status), request_)
    assert b"unread" not in wire.data
    assert (b"transfer-encoding" in wire.data, stream.closed) == (status == 200, 1)


def test_a_client_that_leaves_closes_the_stream() -> None:
    stream = Stream(b"half", last="stall")
    ask(Core(stream))
    assert stream.closed == 1


def test_a_client_that_left_before_the_head_closes_the_stream() -> None:
    stream = Stream(b"unread")

    async def script(protocol: HttpProtocol, _: Wire) -> None:
        protocol.data_received(GET)
        await asyncio.sleep(0)
        protocol._transport = None  # the connection has gone while the response was made
        await turn()

    speak(Core(stream), script)
    assert stream.closed == 1


def test_a_client_that_reads_nothing_is_let_go() -> None:
    stream = Stream(*[b"x"] * 100, last="stall")

    async def script(protocol: HttpProtocol, wire: Wire) -> None:
        protocol.pause_writing()
        protocol.data_received(GET)
        protocol.resume_writing()
        await asyncio.sleep(0)
        protocol.pause_writing()
        await turn()
        wire.unsent = 50_000
        protocol.expire(monotonic() + 31)
        assert wire.ends == []  # the first look: something is unsent
        protocol.expire(monotonic() + 62)
        assert wire.ends == ["abort"]

    speak(Core(stream), script)
    assert stream.closed == 1


def asgi(core: Core, method: str = "GET", leaves: bool = False) -> list[Any]:
    sent: list[Any] = []

    async def main() -> None:
        going = asyncio.Event()

        async def receive() -> Any:
            if not leaves:
                await asyncio.Event().wait()
            await going.wait()
            return {"type": "http.disconnect"}

        async def send(message: Any) -> None:
            sent.append(message)
            if message.get("body"):
                going.set()

        scope = {
            "type": "http",
            "method": method,
            "path": "/a",
            "raw_path": b"/a",
            "query_string": b"",
            "headers": [(b"host", b"a")],
            "client": ("127.0.0.1", 1),
            "scheme": "http",
            "http_version": "1.1",
        }

        async def nothing() -> None:
            """Do nothing."""

        server = AsgiServer(core, nothing, nothing)  # type: ignore[arg-type]  # a stand-in
        try:
            async with asyncio.timeout(5):
                await server(scope, receive, send)
        finally:
            await asyncio.sleep(0)
            assert asyncio.all_tasks() == {asyncio.current_task()}

    asyncio.run(main())
    return sent


def test_asgi_sends_pieces_and_an_end() -> None:
    stream = Stream(b"one", b"two")
    sent = asgi(Core(stream))
    assert [message.get("body") for message in sent] == [None, b"one", b"two", b""]
    assert [message.get("more_body", False) for message in sent] == [False, True, True, False]
    assert stream.closed == 1


def test_asgi_tells_its_server_of_a_break() -> None:
    stream = Stream(b"half", last="break")
    with pytest.raises(BrokenStreamError):
        asgi(Core(stream))
    assert stream.closed == 1


def test_asgi_closes_the_stream_of_a_client_that_leaves() -> None:
    stream = Stream(b"half", last="stall")
    assert [message.get("body") for message in asgi(Core(stream), leaves=True)] == [None, b"half"]
    assert stream.closed == 1


@pytest.mark.parametrize(("method", "status"), [("HEAD", 200), ("GET", 204)])
def test_asgi_closes_a_stream_that_nobody_is_sent(method: str, status: int) -> None:
    stream = Stream(b"unread")
    assert [message.get("body") for message in asgi(Core(stream, status), method)] == [None, b""]
    assert stream.closed == 1


def logged(stream: Stream, read: int | None, method: str = "GET") -> dict[str, Any]:
    """Log a response, read so many of its pieces (None: to its end), close it, and give its entry."""
    sink = io.BytesIO()
    log = AccessLog(sink)
    exchange = Exchange(request=Request(method=method, path="/a"), parameters={}, route="r", id="1", started=0.0)
    response = Response(status=200, headers=[], body=stream)

    async def main() -> None:
        log.record(exchange, response, "api", "prod", 1.5)
        body: Any = response.body
        try:
            if read is None:
                async for _ in body:
                    pass
            for _ in range(read or 0):
                await anext(body)
        except BrokenStreamError:
            pass
        await body.aclose()
        await body.aclose()

    asyncio.run(main())
    log.close()
    (line,) = sink.getvalue().splitlines()
    made: dict[str, Any] = json.loads(line)
    return made


def test_a_stream_s_entry_is_made_at_its_end() -> None:
    entry = logged(Stream(b"one", b"two"), None)
    assert (entry["bytes"], entry["status"], entry.get("fault")) == (6, 200, None)
    assert entry["ms"] > 1.5  # until the end, not until the head


def test_a_broken_stream_s_entry_has_its_fault() -> None:
    entry = logged(Stream(b"half", last="break"), None)
    assert (entry["bytes"], entry["fault"], entry["cause"]) == (4, "backend unreachable", "it died")


@pytest.mark.parametrize(("method", "fault"), [("GET", "client left"), ("HEAD", None)])
def test_a_stream_that_is_closed_is_a_client_that_left(method: str, fault: str | None) -> None:
    entry = logged(Stream(b"one", b"two"), 1 if method == "GET" else 0, method)
    assert (entry["bytes"], entry.get("fault")) == (3 if method == "GET" else 0, fault)


@pytest.mark.parametrize(
    ("stream", "body", "breaks"),
    [
        (Stream(b"one", b"two"), b"onetwo", False),
        (Stream(b"half", last="break"), b"half", True),
        (Stream(b"half", last="stall"), b"half", False),
        (Stream(*[b"x" * 600_000] * 9), b"x" * 1_200_000, False),
    ],
)
def test_a_trace_shows_the_beginning_of_a_stream(stream: Stream, body: bytes, breaks: bool) -> None:
    """Documented: until it is complete, time is up, or more than 1 MB is there."""
    came, broke = asyncio.run(beginning(stream, seconds=0.05))
    assert (came, broke is not None, stream.closed) == (body, breaks, 1)
