"""An HTTP service by its base URL: where a call goes below it, and what is added."""

import asyncio

import pytest

from inferway.backends.http_service import connect
from inferway.backends.link import Link
from inferway.definition.targets import HttpService
from inferway.exchange import Call, Reply
from inferway.faults import Fault, FaultKind, Place
from inferway.transport.client import HttpClient

PLACE = Place(file="test")


def called(target: HttpService, call: Call, urls: dict[str, str]) -> tuple[bytes, Reply | Fault]:
    """Make a call to a server that keeps the head it was sent; `{}` in a URL is its address."""
    heads: list[bytes] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heads.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        await writer.drain()
        writer.close()

    async def main() -> Reply | Fault:
        async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
            address = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
            client = HttpClient()
            bound = {url: place.format(address) for url, place in urls.items()}
            backend = connect(target, Link(client=client, endpoints={}, urls=bound, variables={}), 5.0)
            given = backend.invoke(call)
            reply = given if isinstance(given, Fault) else await given
            await client.aclose()
            return reply

    reply = asyncio.run(main())
    return (heads[0] if heads else b""), reply


@pytest.mark.parametrize(
    ("url", "path", "urls", "target"),
    [
        ("http://api", "/predict", {"http://api": "{}"}, b"/predict"),
        ("http://api/", "/predict", {"http://api": "{}"}, b"/predict"),
        ("http://api/v1/", "/a%20b", {"http://api": "{}/x"}, b"/x/v1/a%20b"),
        ("http://api", "", {"http://api": "{}"}, b"/"),
        ("http://api", "/predict", {"http://api": "{}", "http://api/predict": "{}/invocations"}, b"/invocations"),
        ("http://api", "/predict/7", {"http://api": "{}", "http://api/predict": "{}/in"}, b"/in/7"),
        ("http://api", "/predictions", {"http://api": "{}", "http://api/predict": "{}/in"}, b"/predictions"),
    ],
)
def test_a_path_goes_below_the_base_or_below_where_it_is_bound(
    url: str, path: str, urls: dict[str, str], target: bytes
) -> None:
    head, reply = called(HttpService(url=url, place=PLACE), Call(path=path), urls)
    assert isinstance(reply, Reply)
    assert head.split(b" ")[1] == target


def test_the_services_own_headers_and_query_replace_and_join_the_calls() -> None:
    service = HttpService(url="http://api", place=PLACE, headers=(("X-Key", "secret"),), query=(("code", "c d"),))
    call = Call(method="POST", path="/p", query=[("a", "1&2")], headers=[(b"x-key", b"client"), (b"x", b"y")])
    head, _ = called(service, call, {"http://api": "{}"})
    assert head.startswith(b"POST /p?a=1%262&code=c%20d HTTP/1.1\r\n")
    assert b"x-key: secret" in head.lower()
    assert b"client" not in head
    assert b"x: y" in head


def test_a_host_that_a_step_set_is_sent() -> None:
    head, _ = called(
        HttpService(url="http://api", place=PLACE),
        Call(path="/", headers=[(b"host", b"own.example")]),
        {"http://api": "{}"},
    )
    assert b"host: own.example\r\n" in head.lower()


@pytest.mark.parametrize("path", ["/..", "/a/../b", "/%2e%2E/b", "/a/.", "/..%5cb", "/..;/b", "/%2e%2e%3bx/b"])
def test_a_path_cannot_climb(path: str) -> None:
    _, reply = called(HttpService(url="http://api", place=PLACE), Call(path=path), {"http://api": "{}"})
    assert isinstance(reply, Fault)
    assert reply.kind is FaultKind.MALFORMED_REQUEST


@pytest.mark.parametrize("url", ["ftp://x", "http://", "not a url", "http://x:port"])
def test_a_service_that_cannot_be_called_faults(url: str) -> None:
    _, reply = called(HttpService(url=url, place=PLACE), Call(path="/"), {})
    assert isinstance(reply, Fault)
    assert reply.kind is FaultKind.MISCONFIGURED
