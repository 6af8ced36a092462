"""What one process hands to another arrives unchanged, and an other that is gone is a 503."""

import asyncio
from collections.abc import Awaitable

from inferway.app.forwarding import forwarded
from inferway.exchange import Request, Response
from inferway.serving.ports import bind
from inferway.transport.client import HttpClient

ASKED = Request(
    method="POST",
    path="/_inferway/aws/sagemaker/a%20b",
    query="x=1&y=%2F",
    headers=[
        (b"host", b"127.0.0.1:8080"),
        (b"authorization", b"AWS4-HMAC-SHA256 x"),
        (b"x-amz-date", b"20261121T000000Z"),
        (b"connection", b"keep-alive"),
        (b"content-length", b"2"),
    ],
    body=b"{}",
)


async def given(url: str) -> Response:
    client = HttpClient()
    answer = forwarded(client, url)(ASKED, "")
    assert isinstance(answer, Awaitable)
    response = await answer
    await client.aclose()
    assert response is not None
    return response


def served(reply: bytes) -> tuple[bytes, Response]:
    """Give what the other process was sent, and what became of its reply."""
    got: list[bytes] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        got.append(await reader.readuntil(b"\r\n\r\n") + await reader.readexactly(2))
        writer.write(reply)
        await writer.drain()
        writer.close()

    async def main() -> Response:
        async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
            return await given(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}")

    response = asyncio.run(main())
    return got[0], response


def test_what_is_signed_arrives_as_it_was_sent() -> None:
    """SigV4 covers method, path, query, host, headers and body; one octet more or less and it does not hold."""
    head = served(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n")[0]
    first, *rest = head.partition(b"\r\n\r\n")[0].split(b"\r\n")
    sent = [(name.strip().lower(), value.strip()) for name, _, value in (line.partition(b":") for line in rest)]
    assert first == b"POST /_inferway/aws/sagemaker/a%20b?x=1&y=%2F HTTP/1.1"
    assert [value for name, value in sent if name == b"host"] == [b"127.0.0.1:8080"]
    assert (b"authorization", b"AWS4-HMAC-SHA256 x") in sent
    assert (b"x-amz-date", b"20261121T000000Z") in sent
    assert [value for name, value in sent if name == b"content-length"] == [b"2"]
    assert head.endswith(b"{}")


def test_the_reply_is_the_other_s_but_for_what_is_the_connection_s() -> None:
    headers = b"x-amzn-requestid: r\r\ndate: then\r\nconnection: close\r\ncontent-length: 3\r\n"
    _, response = served(b"HTTP/1.1 400 Bad Request\r\n" + headers + b"\r\nabc")
    assert (response.status, response.body) == (400, b"abc")
    assert (b"x-amzn-requestid", b"r") in response.headers
    assert not {b"date", b"connection"} & {name for name, _ in response.headers}


def test_an_other_that_is_gone_is_a_503() -> None:
    with bind("127.0.0.1", 0, shared=False) as nobody:
        response = asyncio.run(given(f"http://127.0.0.1:{nobody.getsockname()[1]}"))
    assert response.status == 503
    assert isinstance(response.body, bytes)
    assert b"control plane does not answer" in response.body
