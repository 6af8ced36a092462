"""Documents of issuers, fetched from real servers that behave badly in every way."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from inferway.backends.published import fetcher
from inferway.credentials.tokens.key_sets import LARGEST, FetchError
from inferway.transport.client import HttpClient

Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


def fetched(serve: Serve, path: str = "/keys?a=1") -> bytes:
    async def scenario() -> bytes:
        async def served(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            try:
                await serve(reader, writer)
            finally:
                writer.close()

        server = await asyncio.start_server(served, "127.0.0.1", 0)
        client = HttpClient()
        try:
            origin = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
            try:
                return await fetcher(client)(f"{origin}{path}")
            finally:
                left = client.origin(origin)
                assert (left.open_connections - left.idle_connections, left.waiting_calls) == (0, 0)
        finally:
            await client.aclose(0)
            server.close()

    return asyncio.run(scenario())


def replying(reply: bytes) -> Serve:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(reply)
        await writer.drain()

    return serve


def test_a_document_is_fetched_from_the_path_that_is_named() -> None:
    heads = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heads.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}")

    assert fetched(serve) == b"{}"
    assert heads[0].startswith(b"GET /keys?a=1 HTTP/1.1\r\n")


@pytest.mark.parametrize(
    "reply",
    [
        b"HTTP/1.1 302 Found\r\nlocation: https://elsewhere.example/keys\r\ncontent-length: 2\r\n\r\n{}",
        b"HTTP/1.1 500 X\r\ncontent-length: 2\r\n\r\n{}",
        b"HTTP/1.1 404 X\r\ncontent-length: 0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\ncontent-length: 100000000\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * (LARGEST + 1),
        b"HTTP/1.1 200 OK\r\ncontent-length: 20\r\n\r\n{}",
        b"no HTTP at all\r\n\r\n",
        b"",
    ],
    ids=["redirects", "fails", "has none", "announces much", "floods", "breaks off", "speaks otherwise", "resets"],
)
def test_a_server_that_does_anything_else_is_an_error(reply: bytes) -> None:
    with pytest.raises(FetchError):
        fetched(replying(reply))


@pytest.mark.parametrize(
    "url",
    [
        "",
        "ftp://x/",
        "http://",
        "http://[::1",
        "http://u:p@x/",
        "http://x y/",
        "http://127.0.0.1:1/ü",
        "https://127.0.0.1:1/",
    ],
)
def test_a_url_that_cannot_be_called_is_an_error(url: str) -> None:
    async def scenario() -> None:
        client = HttpClient()
        try:
            with pytest.raises(FetchError):
                await fetcher(client)(url)
        finally:
            await client.aclose(0)

    asyncio.run(scenario())
