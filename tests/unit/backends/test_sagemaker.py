"""A SageMaker endpoint by its URL: where it is called (SageMaker's containers answer `POST /invocations`)."""

import asyncio

import pytest

from inferway.backends.sagemaker import connect_url
from inferway.exchange import Call, Reply
from inferway.faults import Fault, FaultKind
from inferway.transport.client import HttpClient


@pytest.mark.parametrize("path", ["", "/", "/invocations", "/invocations/"])
def test_a_url_is_called_at_its_invocations(path: str) -> None:
    heads: list[bytes] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heads.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}")
        await writer.drain()
        writer.close()

    async def main() -> Reply | Fault:
        async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
            client = HttpClient()
            url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}{path}"
            reply = await connect_url("movies", url, client).invoke(Call(headers=[(b"x-other", b"1")]))
            await client.aclose()
            return reply

    reply = asyncio.run(main())
    assert isinstance(reply, Reply)
    assert (reply.status, reply.body) == (200, b"{}")
    assert heads[0].startswith(b"POST /invocations HTTP/1.1\r\n")
    assert b"x-other" not in heads[0]


def test_a_fault_names_the_endpoint() -> None:
    async def main() -> Reply | Fault:
        async with await asyncio.start_server(lambda _, writer: writer.close(), "127.0.0.1", 0) as server:
            url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        client = HttpClient()  # nothing listens there any more
        fault = await connect_url("movies", url, client).invoke(Call())
        await client.aclose()
        return fault

    fault = asyncio.run(main())
    assert isinstance(fault, Fault)
    assert fault.kind is FaultKind.BACKEND_UNREACHABLE
    assert "'movies'" in fault.cause


def test_a_url_that_cannot_be_called_is_refused() -> None:
    async def main() -> None:
        with pytest.raises(ValueError, match="ftp"):
            connect_url("movies", "ftp://a.example", HttpClient())

    asyncio.run(main())
