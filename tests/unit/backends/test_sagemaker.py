"""A SageMaker endpoint by its URL: where it is called (SageMaker's containers answer `POST /invocations`)."""

import asyncio

import pytest

from inferway.backends.link import Link
from inferway.backends.sagemaker import connect, connect_url
from inferway.definition.identity import Identity
from inferway.definition.targets import SageMakerEndpoint
from inferway.exchange import Call, Reply
from inferway.faults import Fault, FaultKind, Place
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


def test_an_endpoint_that_nothing_binds_is_asked_for_at_the_runtime() -> None:
    """InvokeEndpoint: `POST /endpoints/NAME/invocations`, signed as `sagemaker`; its error is the reply."""
    heads: list[bytes] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heads.append(await reader.readuntil(b"\r\n\r\n"))
        error = b"x-amzn-errortype: ValidationError\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}"
        writer.write(b"HTTP/1.1 400 Bad Request\r\n" + error)
        await writer.drain()
        writer.close()

    async def main(identity: Identity | None) -> Reply | Fault:
        async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
            client = HttpClient()
            runtime = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/runtime/"
            link = Link(client=client, endpoints={}, urls={}, variables={}, identity=identity, runtime=runtime)
            backend = connect(SageMakerEndpoint(name="later", place=Place(file="f")), link, 5.0)
            headers = [(b"content-type", b"text/csv"), (b"x-other", b"1"), (b"x-amzn-sagemaker-target-variant", b"v")]
            given = backend.invoke(Call(method="GET", headers=headers, body=b"1"))
            reply = given if isinstance(given, Reply | Fault) else await given
            await client.aclose()
            return reply

    identity = Identity(name="me", access_key="AKIAIOSFODNN7EXAMPLE", secret="s", arn="arn:aws:iam::1:user/me")
    reply = asyncio.run(main(identity))
    assert isinstance(reply, Reply)
    assert (reply.status, reply.header(b"x-amzn-errortype")) == (400, b"ValidationError")
    (head,) = heads
    assert head.startswith(b"POST /runtime/endpoints/later/invocations HTTP/1.1\r\n")
    assert b"/us-east-1/sagemaker/aws4_request" in head
    assert b"x-amzn-sagemaker-target-variant: v" in head.lower()
    assert b"x-other" not in head
    unbound = asyncio.run(main(None))
    assert isinstance(unbound, Fault)
    assert unbound.kind is FaultKind.BACKEND_UNBOUND
