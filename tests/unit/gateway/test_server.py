"""The ASGI edge: what a server may leave out, send twice or break off."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from inferway.exchange import Request, Response
from inferway.faults import Fault
from inferway.gateway.core import CoreOptions
from inferway.gateway.server import AsgiServer

Send = Callable[[Any], Awaitable[None]]


class EchoCore:
    def __init__(self) -> None:
        self.options = CoreOptions(max_body_bytes=10)
        self.seen: list[Request] = []
        self.faults: list[Fault] = []

    async def handle(self, request: Request) -> Response:
        self.seen.append(request)
        return Response(status=200, headers=[(b"x-a", b"1")], body=b"hello")

    def refuse(self, request: Request, fault: Fault) -> Response:
        self.faults.append(fault)
        return Response(status=400, headers=[], body=b"no")


async def nothing() -> None:
    """Do nothing."""


def serve(core: EchoCore, *messages: dict[str, Any], send: Send | None = None, **scope: Any) -> list[Any]:
    sent: list[Any] = []
    waiting = list(messages)

    async def receive() -> Any:
        return waiting.pop(0)

    async def keep(message: Any) -> None:
        sent.append(message)

    whole = {
        "type": "http",
        "method": "POST",
        "path": "/a",
        "raw_path": b"/a",
        "query_string": b"",
        "headers": [(b"host", b"a"), (b"content-length", b"5")],
        "client": ("127.0.0.1", 1),
        "scheme": "http",
        "http_version": "1.1",
    }
    server = AsgiServer(core, nothing, nothing)  # type: ignore[arg-type]  # a stand-in
    asyncio.run(server(whole | scope, receive, send or keep))
    return sent


def test_a_body_in_pieces_is_one() -> None:
    core = EchoCore()
    serve(
        core,
        {"type": "http.request", "body": b"he", "more_body": True},
        {"type": "http.request", "more_body": True},
        {"type": "http.request", "body": b"llo"},
    )
    assert core.seen[0].body == b"hello"


def test_a_client_that_leaves_within_its_body_is_refused_and_never_served() -> None:
    core = EchoCore()
    serve(core, {"type": "http.request", "body": b"he", "more_body": True}, {"type": "http.disconnect"})
    assert core.seen == []
    assert core.faults[0].cause == "the client left before its request was whole"


def test_a_body_that_is_too_large_is_read_no_further() -> None:
    core = EchoCore()
    serve(core, {"type": "http.request", "body": b"x" * 11, "more_body": True})
    assert [fault.kind for fault in core.faults] == ["body too large"]


@pytest.mark.parametrize("error", [OSError, RuntimeError])
def test_a_client_that_leaves_before_its_response_is_no_error(error: type[Exception]) -> None:
    async def gone(message: Any) -> None:
        raise error

    core = EchoCore()
    serve(core, {"type": "http.request", "body": b"hello"}, send=gone)
    assert len(core.seen) == 1


def test_a_server_without_a_raw_path_or_a_client_will_do() -> None:
    core = EchoCore()
    serve(core, {"type": "http.request"}, path="/a b/\u00e9", raw_path=None, client=None)
    assert (core.seen[0].path, core.seen[0].client) == ("/a%20b/%C3%A9", "")


def test_head_has_a_length_and_no_body() -> None:
    start, body = serve(EchoCore(), {"type": "http.request"}, method="HEAD")
    assert (b"content-length", b"5") in start["headers"]
    assert body["body"] == b""


def test_a_websocket_is_refused() -> None:
    assert serve(EchoCore(), type="websocket") == [{"type": "websocket.close", "code": 1000}]
