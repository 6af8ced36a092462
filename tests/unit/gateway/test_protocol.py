"""The protocol edge: deadlines, slow readers, streams and ends that a real client would take long to bring about."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from time import monotonic
from types import SimpleNamespace
from typing import Any

import pytest

from inferway.exchange import Body, Request, Response
from inferway.faults import Fault
from inferway.gateway.core import CoreOptions
from inferway.gateway.protocol import HttpProtocol

GET = b"GET /a HTTP/1.1\r\nHost: a\r\n\r\n"


class Wire:
    """A transport that keeps what is written; `unsent` is what its client has not read."""

    def __init__(self) -> None:
        self.data = b""
        self.ends: list[str] = []
        self.paused: list[bool] = []
        self.unsent = 0

    def write(self, data: bytes) -> None:
        self.data += data

    def close(self) -> None:
        self.ends.append("close")

    def abort(self) -> None:
        self.ends.append("abort")

    def write_eof(self) -> None:
        self.ends.append("eof")

    def can_write_eof(self) -> bool:
        return True

    def pause_reading(self) -> None:
        self.paused.append(True)

    def resume_reading(self) -> None:
        self.paused.append(False)

    def get_write_buffer_size(self) -> int:
        return self.unsent

    def get_extra_info(self, name: str) -> Any:
        return ("127.0.0.1", 1) if name == "peername" else None


class ScriptedCore:
    """Answers with the request's path, after `gate` where there is one."""

    def __init__(self, body: Callable[[Request], Body] | None = None) -> None:
        self.options = CoreOptions(max_body_bytes=10)
        self.gate: asyncio.Event | None = None
        self.seen: list[Request] = []
        self.faults: list[Fault] = []
        self._body = body or (lambda request: request.path.encode())

    async def handle(self, request: Request) -> Response:
        self.seen.append(request)
        if self.gate is not None:
            await self.gate.wait()
        return Response(status=200, headers=[], body=self._body(request))

    def refuse(self, request: Request, fault: Fault) -> Response:
        self.seen.append(request)
        self.faults.append(fault)
        return Response(status=400, headers=[], body=fault.kind.encode())


def run(core: ScriptedCore, script: Callable[[HttpProtocol, Wire], Awaitable[None]]) -> Wire:
    """Run a script against a new connection."""
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

    asyncio.run(main())
    return wire


async def turn() -> None:
    for _ in range(10):
        await asyncio.sleep(0)


def test_a_head_that_does_not_end_is_closed_at_the_read_deadline() -> None:
    async def script(protocol: HttpProtocol, wire: Wire) -> None:
        protocol.data_received(b"GET /a HTTP/1.1\r\nHo")
        for _ in range(5):  # more bytes buy no more time
            await turn()
            protocol.data_received(b"s")
        protocol.expire(monotonic() + 29)
        assert wire.ends == []
        protocol.expire(monotonic() + 31)
        assert wire.ends == ["close"]

    run(ScriptedCore(), script)


def test_a_body_that_does_not_end_is_closed_at_the_read_deadline() -> None:
    async def script(protocol: HttpProtocol, wire: Wire) -> None:
        protocol.data_received(b"POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nhalf")
        protocol.expire(monotonic() + 31)
        assert wire.ends == ["close"]

    run(ScriptedCore(), script)


def test_an_idle_connection_is_closed_at_the_idle_deadline() -> None:
    async def script(protocol: HttpProtocol, wire: Wire) -> None:
        protocol.data_received(GET)
        await turn()
        assert wire.data.endswith(b"/a")
        protocol.expire(monotonic() + 74)
        assert wire.ends == []
        protocol.expire(monotonic() + 76)
        assert wire.ends == ["close"]

    run(ScriptedCore(), script)


def test_a_request_in_service_has_no_deadline_of_the_edge() -> None:
    core = ScriptedCore()

    async def script(protocol: HttpProtocol, wire: Wire) -> None:
        core.gate = asyncio.Event()
        protocol.data_received(GET + GET[:10])
        await turn()
        protocol.expire(monotonic() + 1000)
        assert wire.ends == []
        core.gate.set()
        await turn()
        protocol.expire(monotonic() + 31)  # the second request has begun and is not whole
        assert wire.ends == ["close"]

    run(core, script)


def test_a_client_that_reads_nothing_is_cut_off_and_one_that_reads_slowly_is_not() -> None:
    async def script(protocol: HttpProtocol, wire: Wire) -> None:
        protocol.pause_writing()
        protocol.data_received(GET)
        await turn()
        assert wire.data == b""  # nothing more is made while nothing is read
        for unsent in (300, 200, 100):
            wire.unsent = unsent
            protocol.expire(protocol.deadline + 1)
            assert wire.ends == []
        protocol.expire(protocol.deadline + 1)
        assert wire.ends == ["abort"]

    run(ScriptedCore(), script)


def test_responses_go_on_when_the_client_reads_again() -> None:
    async def script(protocol: HttpProtocol, wire: Wire) -> None:
        protocol.pause_writing()
        protocol.data_received(GET)
        await turn()
        protocol.resume_writing()
        await turn()
        assert wire.data.endswith(b"/a")

    run(ScriptedCore(), script)


def test_reading_pauses_at_16_waiting_requests() -> None:
    core = ScriptedCore()

    async def script(protocol: HttpProtocol, wire: Wire) -> None:
        core.gate = asyncio.Event()
        protocol.data_received(GET * 17)
        await turn()
        assert set(wire.paused) == {True}
        core.gate.set()
        await turn()
        assert wire.paused[-1] is False
        assert wire.data.count(b"HTTP/1.1 200 OK") == 17

    run(core, script)


def test_a_refused_client_may_send_on_for_a_moment() -> None:
    """RFC 9112, 9.6: closing with bytes unread would reset the connection, and the response with it."""

    async def script(protocol: HttpProtocol, wire: Wire) -> None:
        protocol.data_received(b"POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 99\r\n\r\n" + b"x" * 11)
        await turn()
        assert wire.data.endswith(b"body too large")
        assert b"connection: close\r\n" in wire.data
        assert wire.ends == ["eof"]
        written = wire.data
        protocol.data_received(b"x" * 88 + GET)
        await turn()
        assert wire.data == written
        protocol.expire(monotonic() + 6)
        assert wire.ends == ["eof", "close"]

    run(ScriptedCore(), script)


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"GET /a HTTP/1.1\r\nX: ", "headers too large"),
        (b"POST /a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1;x=", "headers too large"),
        (b"POST /a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\nX: ", "malformed request"),
    ],
)
def test_what_is_no_body_is_bounded(head: bytes, kind: str) -> None:
    core = ScriptedCore()

    async def script(protocol: HttpProtocol, wire: Wire) -> None:
        protocol.data_received(head)
        for _ in range(6):
            protocol.data_received(b"x" * 65_536)
        await turn()
        assert [fault.kind for fault in core.faults] == [kind]
        assert wire.data.startswith(b"HTTP/1.1 400 ")

    run(core, script)


def test_tiny_chunks_are_no_attack() -> None:
    core = ScriptedCore()
    core.options = CoreOptions(max_body_bytes=1_000_000)

    async def script(protocol: HttpProtocol, wire: Wire) -> None:
        protocol.data_received(b"POST /a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n")
        for _ in range(100):
            protocol.data_received(b"1\r\nx\r\n" * 1000)
        protocol.data_received(b"0\r\n\r\n")
        await turn()
        assert core.seen[0].body == b"x" * 100_000

    run(core, script)


def test_trailers_are_no_headers() -> None:
    core = ScriptedCore()

    async def script(protocol: HttpProtocol, wire: Wire) -> None:
        for size in (b"", b"1\r\nx\r\n"):
            protocol.data_received(b"POST /a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" + size)
            protocol.data_received(b"0\r\nHost: b\r\n\r\n")
        await turn()
        assert [request.headers for request in core.seen] == [[(b"host", b"a"), (b"transfer-encoding", b"chunked")]] * 2
        assert [request.names for request in core.seen] == [[b"Host", b"Transfer-Encoding"]] * 2

    run(core, script)


@pytest.mark.parametrize(
    ("target", "path", "query", "host"),
    [
        (b"http://other:80/b?c", "/b", "c", b"other:80"),
        (b"http://other", "/", "", b"other"),
        (b"http://other?c", "/", "c", b"other"),
        (b"HTTPS://other/b?d=http://e/", "/b", "d=http://e/", b"other"),
        (b"/b?d=http://e/", "/b", "d=http://e/", b"a"),
    ],
)
def test_the_host_of_an_absolute_target_replaces_host(target: bytes, path: str, query: str, host: bytes) -> None:
    """RFC 9112, 3.2.2."""
    core = ScriptedCore()

    async def script(protocol: HttpProtocol, wire: Wire) -> None:
        protocol.data_received(b"GET %b HTTP/1.1\r\nHost: a\r\n\r\n" % target)
        await turn()
        request = core.seen[0]
        assert (request.path, request.query, request.header(b"host")) == (path, query, host)

    run(core, script)


@pytest.mark.parametrize(
    ("head", "said"),
    [
        (
            b"POST /a HTTP/1.1\r\nHost: a\r\nExpect: 100-Continue\r\nContent-Length: 3\r\n\r\n",
            b"HTTP/1.1 100 Continue\r\n\r\n",
        ),
        (b"POST /a HTTP/1.0\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n", b""),
        (b"POST /a HTTP/1.1\r\nHost: a\r\nExpect: else\r\nContent-Length: 3\r\n\r\n", b""),
        (b"POST /a HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\nx", b""),
    ],
)
def test_only_a_client_that_waits_is_told_to_continue(head: bytes, said: bytes) -> None:
    """RFC 9110, 10.1.1."""

    async def script(protocol: HttpProtocol, wire: Wire) -> None:
        protocol.data_received(head)
        await turn()
        assert wire.data == said

    run(ScriptedCore(), script)


def test_a_pipelined_client_is_told_to_continue_when_its_turn_has_come() -> None:
    core = ScriptedCore()

    async def script(protocol: HttpProtocol, wire: Wire) -> None:
        core.gate = asyncio.Event()
        protocol.data_received(
            GET + b"POST /b HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\n"
        )
        await turn()
        assert wire.data == b""
        core.gate.set()
        await turn()
        assert wire.data.endswith(b"/aHTTP/1.1 100 Continue\r\n\r\n")

    run(core, script)


async def _pieces() -> AsyncIterator[bytes]:
    for piece in (b"one", b"", b"two"):
        yield piece


async def _breaking() -> AsyncIterator[bytes]:
    yield b"one"
    raise OSError("the model broke off")


def test_a_stream_is_sent_in_chunks() -> None:
    async def script(protocol: HttpProtocol, wire: Wire) -> None:
        protocol.data_received(GET * 2)
        await turn()
        assert wire.data.count(b"transfer-encoding: chunked\r\n\r\n3\r\none\r\n3\r\ntwo\r\n0\r\n\r\n") == 2

    run(ScriptedCore(lambda request: _pieces()), script)


def test_a_stream_to_http_1_0_ends_with_the_connection() -> None:
    """RFC 9112, 6.1: no transfer coding is sent to a client of HTTP/1.0."""

    async def script(protocol: HttpProtocol, wire: Wire) -> None:
        protocol.data_received(b"GET /a HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
        await turn()
        assert wire.data.endswith(b"connection: close\r\n\r\nonetwo")
        assert b"chunked" not in wire.data
        assert wire.ends == ["close"]

    run(ScriptedCore(lambda request: _pieces()), script)


def test_a_stream_for_head_has_no_body() -> None:
    async def script(protocol: HttpProtocol, wire: Wire) -> None:
        protocol.data_received(b"HEAD /a HTTP/1.1\r\nHost: a\r\n\r\n")
        await turn()
        assert wire.data.endswith(b"\r\n\r\n")

    run(ScriptedCore(lambda request: _pieces()), script)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_stream_that_breaks_off_does_not_look_whole() -> None:
    async def script(protocol: HttpProtocol, wire: Wire) -> None:
        protocol.data_received(GET)
        await turn()
        assert wire.data.endswith(b"3\r\none\r\n")
        assert wire.ends == ["abort"]
        assert protocol._task is not None
        assert isinstance(protocol._task.exception(), OSError)

    run(ScriptedCore(lambda request: _breaking()), script)


def test_a_client_that_leaves_cancels_what_it_asked_for() -> None:
    core = ScriptedCore()

    async def script(protocol: HttpProtocol, wire: Wire) -> None:
        core.gate = asyncio.Event()
        protocol.data_received(GET)
        await turn()
        protocol.connection_lost(None)
        await turn()
        assert protocol._task is not None
        assert protocol._task.cancelled()

    run(core, script)


def test_shutdown_finishes_what_is_under_way_and_closes() -> None:
    core = ScriptedCore()

    async def script(protocol: HttpProtocol, wire: Wire) -> None:
        core.gate = asyncio.Event()
        protocol.data_received(GET * 2)
        await turn()
        protocol.shutdown()
        assert wire.ends == []
        core.gate.set()
        await turn()
        assert wire.data.count(b"HTTP/1.1 200 OK") == 2
        assert wire.data.count(b"connection: close") == 1
        assert wire.ends == ["close"]

    run(core, script)


def test_shutdown_closes_an_idle_connection_at_once() -> None:
    async def script(protocol: HttpProtocol, wire: Wire) -> None:
        protocol.shutdown()
        assert wire.ends == ["close"]

    run(ScriptedCore(), script)
