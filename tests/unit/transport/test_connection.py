"""A call whose server is broken, slow, lying or gone; each fault has a typed error and leaves nothing behind."""

import asyncio
import hashlib
import socket
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from inferway.exchange import Reply
from inferway.transport.client import HttpClient
from inferway.transport.errors import TransportError, TransportErrorKind, Wait
from inferway.transport.options import CallOptions
from inferway.transport.origin import Origin

Run = Callable[[Any], Any]
Serve = Callable[..., Any]
Answer = Callable[..., Any]
ReadRequest = Callable[[asyncio.StreamReader], Awaitable[tuple[bytes, bytes]]]

OK = b"HTTP/1.1 200 OK\r\n"
WHOLE = OK + b"Content-Length: 2\r\n\r\nok"
HURRIED = CallOptions(connect_timeout=5, read_timeout=0.05, total_timeout=20)


async def predict(origin: Origin, options: CallOptions = CallOptions(), body: bytes = b"{}") -> Reply:  # noqa: B008
    return await origin.request(b"POST", b"/predict", (), body, options)


def fault_of(run: Run, serve: Serve, script: Any, options: CallOptions, body: bytes = b"{}") -> TransportError:
    """The error of one call, after which neither end may hold a connection."""

    async def main() -> TransportError:
        async with serve(script) as server:
            client = HttpClient()
            origin = client.origin(server.url)
            with pytest.raises(TransportError) as caught:
                await predict(origin, options, body)
            await server.until_idle()
            assert (origin.open_connections, origin.idle_connections, origin.waiting_calls) == (0, 0, 0)
            assert caught.value.origin == server.url
            await client.aclose()
            return caught.value

    error = run(main())
    assert isinstance(error, TransportError)
    return error


STALLS = {
    "before the head": b"",
    "within the head": OK + b"Content-",
    "within the body": OK + b"Content-Length: 9\r\n\r\nabc",
}


@pytest.mark.parametrize("name", STALLS)
def test_a_stall_ends_with_the_read_timeout(run: Run, serve: Serve, answer: Answer, name: str) -> None:
    error = fault_of(run, serve, answer(STALLS[name]), HURRIED)
    assert (error.kind, error.wait) == (TransportErrorKind.TIMED_OUT, Wait.READ)
    assert error.request_sent


def trickle(read_request: ReadRequest, data: bytes) -> Any:
    async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await read_request(reader)
        for at in range(len(data)):
            if writer.transport.is_closing():
                return
            writer.write(data[at : at + 1])
            await asyncio.sleep(0.01)
        await reader.read()

    return script


def test_a_trickle_without_end_ends_with_the_total_timeout(run: Run, serve: Serve, read_request: ReadRequest) -> None:
    options = CallOptions(read_timeout=5, total_timeout=0.2)
    error = fault_of(run, serve, trickle(read_request, OK + b"X: " + b"a" * 10_000), options)
    assert (error.kind, error.wait) == (TransportErrorKind.TIMED_OUT, Wait.TOTAL)


def test_a_trickle_within_the_timeouts_is_a_reply(run: Run, serve: Serve, read_request: ReadRequest) -> None:
    async def main() -> None:
        async with serve(trickle(read_request, WHOLE)) as server:
            client = HttpClient()
            # Shorter than the whole takes, longer than any silence within it.
            reply = await predict(client.origin(server.url), CallOptions(read_timeout=0.3, total_timeout=30))
            assert reply.body == b"ok"
            await client.aclose()

    run(main())


CUTS = {
    "before the head": (b"", "before it replied"),
    "within the status line": (b"HTTP/1.", "head"),
    "within the head": (OK + b"Content-Le", "head"),
    "after the head": (OK + b"Content-Length: 5\r\n\r\n", "after 0 bytes"),
    "within the body": (OK + b"Content-Length: 5\r\n\r\nabc", "after 3 bytes"),
    "within a chunk": (OK + b"Transfer-Encoding: chunked\r\n\r\n5\r\nabc", "after 3 bytes"),
    "before the last chunk": (OK + b"Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n", "after 3 bytes"),
}


@pytest.mark.parametrize("name", CUTS)
def test_a_connection_closed_early(run: Run, serve: Serve, answer: Answer, name: str) -> None:
    sent, text = CUTS[name]
    error = fault_of(run, serve, answer(sent, then_close=True), CallOptions())
    assert error.kind is TransportErrorKind.CLOSED_EARLY
    assert text in error.text
    assert error.request_sent


@pytest.mark.parametrize("name", CUTS)
def test_a_connection_reset(run: Run, serve: Serve, read_request: ReadRequest, reset: Any, name: str) -> None:
    async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await read_request(reader)
        writer.write(CUTS[name][0])
        await asyncio.sleep(0.02)
        reset(writer)

    error = fault_of(run, serve, script, CallOptions())
    assert error.kind is TransportErrorKind.CLOSED_EARLY


def test_a_body_longer_than_announced_is_refused(run: Run, serve: Serve, answer: Answer) -> None:
    error = fault_of(run, serve, answer(OK + b"Content-Length: 1\r\n\r\nab"), CallOptions())
    assert error.kind is TransportErrorKind.MALFORMED_REPLY


@pytest.mark.parametrize("garbage", [b"\x16\x03\x01\x02\x00", b"SSH-2.0-x\r\n", b"\0" * 50, b"<html>", WHOLE.lower()])
def test_garbage_is_refused(run: Run, serve: Serve, answer: Answer, garbage: bytes) -> None:
    assert fault_of(run, serve, answer(garbage), CallOptions()).kind is TransportErrorKind.MALFORMED_REPLY


def flood(read_request: ReadRequest, start: bytes, repeated: bytes) -> Any:
    async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await read_request(reader)
        writer.write(start)
        while True:
            writer.write(repeated)
            await writer.drain()

    return script


CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"
FLOODS = {
    "of headers": (OK, b"X: y\r\n" * 1000, TransportErrorKind.REPLY_HEADERS_TOO_LARGE),
    "of one header": (OK + b"X: ", b"y" * 6000, TransportErrorKind.REPLY_HEADERS_TOO_LARGE),
    "of chunks": (CHUNKED, b"4\r\nabcd\r\n" * 1000, TransportErrorKind.REPLY_BODY_TOO_LARGE),
    "without framing": (OK + b"\r\n", b"abcd" * 1000, TransportErrorKind.REPLY_BODY_TOO_LARGE),
    "of trailers": (CHUNKED + b"0\r\n", b"X: y\r\n" * 1000, TransportErrorKind.MALFORMED_REPLY),
    "of one chunk extension": (CHUNKED + b"1;", b"y" * 6000, TransportErrorKind.MALFORMED_REPLY),
    "of interim replies": (b"", b"HTTP/1.1 102 Processing\r\n\r\n", TransportErrorKind.MALFORMED_REPLY),
}


@pytest.mark.parametrize("name", FLOODS)
def test_a_flood_is_cut_off(run: Run, serve: Serve, read_request: ReadRequest, name: str) -> None:
    start, repeated, kind = FLOODS[name]
    options = CallOptions(max_header_bytes=8000, max_body_bytes=100_000)
    assert fault_of(run, serve, flood(read_request, start, repeated), options).kind is kind


def test_an_unread_upload_ends_with_the_read_timeout(run: Run, serve: Serve) -> None:
    async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.transport.pause_reading()  # type: ignore[attr-defined]  # a transport that reads and writes
        await asyncio.sleep(1)

    error = fault_of(run, serve, script, HURRIED, b"a" * 20_000_000)
    assert (error.kind, error.wait) == (TransportErrorKind.TIMED_OUT, Wait.READ)


def test_a_large_body_arrives_whole_under_back_pressure(run: Run, serve: Serve) -> None:
    body = bytes(range(256)) * 40_960

    async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        received = b""
        digest, count = hashlib.sha256(), 0
        while count < len(body):
            received = await reader.read(65536)
            digest.update(received)
            count += len(received)
        writer.write(OK + b"Content-Length: 64\r\n\r\n" + digest.hexdigest().encode())
        await reader.read()

    async def main() -> None:
        async with serve(script) as server:
            client = HttpClient()
            origin = client.origin(server.url)
            reply = await predict(origin, body=body)
            assert reply.body.decode() == hashlib.sha256(body).hexdigest()
            assert origin.idle_connections == 1
            await client.aclose()

    run(main())


def test_a_reply_that_comes_before_the_whole_request_is_delivered(run: Run, serve: Serve) -> None:
    refusal = b"HTTP/1.1 413 Content Too Large\r\nConnection: close\r\nContent-Length: 3\r\n\r\nbig"

    async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(refusal)
        await writer.drain()
        # Closed with the rest of the request unread: the kernel resets the connection.

    async def main() -> None:
        async with serve(script) as server:
            client = HttpClient()
            origin = client.origin(server.url)
            for _ in range(20):
                reply = await predict(origin, body=b"a" * 10_000_000)
                assert (reply.status, reply.body) == (413, b"big")
            assert origin.idle_connections == 0
            await client.aclose()

    run(main())


def refuse_at_once(listener: socket.socket, calls: int) -> None:
    for _ in range(calls):
        try:
            connection, _ = listener.accept()
        except TimeoutError:
            return
        connection.recv(1000)
        connection.sendall(b"HTTP/1.1 413 Content Too Large\r\nConnection: close\r\nContent-Length: 3\r\n\r\nbig")
        connection.close()


def test_a_reply_is_delivered_though_the_upload_broke_first(run: Run) -> None:
    # A server in its own thread resets the connection while this loop still writes.
    async def main() -> None:
        with socket.create_server(("127.0.0.1", 0)) as listener:
            listener.settimeout(10)  # so that the thread ends when a call fails
            serving = asyncio.to_thread(refuse_at_once, listener, 40)
            client = HttpClient()
            origin = client.origin(f"http://127.0.0.1:{listener.getsockname()[1]}")

            async def call_on() -> None:
                for _ in range(40):
                    reply = await predict(origin, body=b"a" * 3_000_000)
                    assert (reply.status, reply.body) == (413, b"big")

            await asyncio.gather(serving, call_on())
            assert origin.open_connections == 0
            await client.aclose()

    run(main())


def test_a_kept_connection_is_not_reused_with_a_request_unfinished(run: Run, serve: Serve) -> None:
    async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(WHOLE)
        writer.transport.pause_reading()  # type: ignore[attr-defined]  # a transport that reads and writes
        await asyncio.sleep(0.2)

    async def main() -> None:
        async with serve(script) as server:
            client = HttpClient()
            origin = client.origin(server.url)
            assert (await predict(origin, body=b"a" * 20_000_000)).body == b"ok"
            assert origin.idle_connections == 0
            await client.aclose()

    run(main())


def test_a_body_that_ends_with_the_connection(run: Run, serve: Serve, answer: Answer) -> None:
    async def main() -> None:
        async with serve(answer(OK + b"\r\nabc", then_close=True)) as server:
            client = HttpClient()
            origin = client.origin(server.url)
            assert (await predict(origin)).body == b"abc"
            await server.until_idle()
            assert origin.idle_connections == 0
            await client.aclose()

    run(main())


@pytest.mark.parametrize("extra", [b"\r\n", b"H", WHOLE, b"HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\n\r\n"])
def test_bytes_on_an_idle_connection_drop_it(run: Run, serve: Serve, read_request: ReadRequest, extra: bytes) -> None:
    async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await read_request(reader)
        writer.write(WHOLE)
        await asyncio.sleep(0.03)
        writer.write(extra)
        await reader.read()

    async def main() -> None:
        async with serve(script) as server:
            client = HttpClient()
            origin = client.origin(server.url)
            assert (await predict(origin)).body == b"ok"
            assert origin.idle_connections == 1
            await server.until_idle()
            assert (origin.idle_connections, origin.open_connections) == (0, 0)
            assert (await predict(origin)).body == b"ok"
            assert server.accepted == 2
            await client.aclose()

    run(main())


def test_cancelling_the_caller_closes_the_connection(run: Run, serve: Serve, answer: Answer) -> None:
    async def main() -> None:
        async with serve(answer(OK)) as server:
            client = HttpClient()
            origin = client.origin(server.url)
            task = asyncio.get_running_loop().create_task(predict(origin))
            await server.connected.wait()
            await asyncio.sleep(0.02)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            assert origin.idle_connections == 0
            await server.until_idle()
            assert origin.open_connections == 0
            await client.aclose()

    run(main())


def test_a_reply_that_comes_as_the_caller_is_cancelled_does_not_keep_the_connection(run: Run, serve: Serve) -> None:
    async def main() -> None:
        task: asyncio.Task[Reply]

        async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.readuntil(b"\r\n\r\n{}")
            writer.write(WHOLE)
            task.cancel()
            await reader.read()

        async with serve(script) as server:
            client = HttpClient()
            origin = client.origin(server.url)
            task = asyncio.get_running_loop().create_task(predict(origin))
            with pytest.raises(asyncio.CancelledError):
                await task
            await server.until_idle()
            assert (origin.open_connections, origin.idle_connections) == (0, 0)
            await client.aclose()

    run(main())


def test_a_reply_in_many_pieces(run: Run, serve: Serve, read_request: ReadRequest) -> None:
    async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await read_request(reader)
        writer.write(OK + b"Content-Length: 3000000\r\n\r\n")
        for _ in range(300):
            writer.write(b"a" * 10_000)
            await writer.drain()
        await reader.read()

    async def main() -> None:
        async with serve(script) as server:
            client = HttpClient()
            origin = client.origin(server.url)
            assert (await predict(origin)).body == b"a" * 3_000_000
            assert origin.idle_connections == 1
            await client.aclose()

    run(main())
