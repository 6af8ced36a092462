"""The HTTP backend: what a request's parameters can and cannot do to the URL that is called."""

import asyncio
from collections.abc import Awaitable

import pytest

from inferway.backends.http import HttpBackend, connect
from inferway.backends.link import Link
from inferway.definition.targets import HttpUrl
from inferway.exchange import Call, Reply
from inferway.faults import Fault, FaultKind, Place
from inferway.transport.client import HttpClient


async def invoke(url: str, call: Call, port: int) -> Reply | Fault:
    client = HttpClient()
    link = Link(client=client, endpoints={}, urls={"http://api": f"http://127.0.0.1:{port}"}, variables={})
    backend = connect(HttpUrl(url=url, place=Place(file="test")), link, 5.0)
    given = backend.invoke(call)
    reply = await given if isinstance(given, Awaitable) else given
    await client.aclose()
    return reply


def called(url: str, call: Call) -> tuple[bytes, Reply | Fault]:
    """Make a call to a server that keeps the head it was sent."""
    heads: list[bytes] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heads.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        await writer.drain()
        writer.close()

    async def main() -> Reply | Fault:
        async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
            return await invoke(url, call, server.sockets[0].getsockname()[1])

    reply = asyncio.run(main())
    return (heads[0] if heads else b""), reply


@pytest.mark.parametrize(
    ("value", "target"),
    [
        ("a", b"/users/a/x"),
        ("a b", b"/users/a%20b/x"),
        ("a?b#c", b"/users/a%3Fb%23c/x"),
        ("a\r\nX: y", b"/users/a%0D%0AX:%20y/x"),
        ("\u00e9", b"/users/%C3%A9/x"),
        ("\ufffd", b"/users/%EF%BF%BD/x"),
        ("...", b"/users/.../x"),
        ("a..b", b"/users/a..b/x"),
        ("%2e%2e", b"/users/%252e%252e/x"),
    ],
)
def test_a_parameter_stays_in_its_place_in_the_path(value: str, target: bytes) -> None:
    head, reply = called("http://api/users/{id}/x", Call(parameters={"id": value}))
    assert isinstance(reply, Reply)
    assert head.partition(b"\r\n")[0] == b"GET %b HTTP/1.1" % target


@pytest.mark.parametrize("value", ["..", ".", "../admin", "a/../../b", "a/..", "..\\admin", "./a", "a/..;/b", ".;x=1"])
def test_dot_segments_in_a_parameter_are_refused(value: str) -> None:
    """RFC 3986, 6.2.2: a server may decode %2E before it removes dot segments, so quoting them is no defence."""
    head, reply = called("http://api/users/{id}/x", Call(parameters={"id": value}))
    assert isinstance(reply, Fault)
    assert (reply.kind, head) == (FaultKind.MALFORMED_REQUEST, b"")


def test_a_query_value_adds_no_parameter() -> None:
    head, _ = called("http://api/a?fixed=1", Call(query=[("q", "1&fixed=2"), ("r=", "#\r\n")]))
    assert head.startswith(b"GET /a?fixed=1&q=1%26fixed%3D2&r%3D=%23%0D%0A HTTP/1.1\r\n")


def test_headers_of_the_connection_are_not_sent_on() -> None:
    headers = [(b"host", b"evil"), (b"connection", b"close"), (b"transfer-encoding", b"chunked"), (b"x-a", b"1")]
    head, _ = called("http://api/a", Call(headers=headers))
    assert b"evil" not in head
    assert b"transfer-encoding" not in head.lower()
    assert b"x-a: 1\r\n" in head


def test_a_header_that_would_break_the_request_is_the_definitions_fault() -> None:
    head, reply = called("http://api/a", Call(headers=[(b"x-a", b"1\r\nX-B: 2")]))
    assert isinstance(reply, Fault)
    assert (reply.kind, head) == (FaultKind.MISCONFIGURED, b"")


@pytest.mark.parametrize("url", ["http://", "http://a:b/", "http://[::1/", "ftp://a/"])
def test_a_url_that_cannot_be_called_faults_on_every_call(url: str) -> None:
    async def main() -> None:
        link = Link(client=HttpClient(), endpoints={}, urls={}, variables={})
        backend = connect(HttpUrl(url=url, place=Place(file="test")), link, 5.0)
        assert not isinstance(backend, HttpBackend)
        fault = backend.invoke(Call())
        assert fault.kind is FaultKind.MISCONFIGURED

    asyncio.run(main())
