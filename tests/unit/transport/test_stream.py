"""Streamed replies: the head at once, pieces as they come, a server that is held back, and every way to end."""

import asyncio
import ssl
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from inferway.exchange import Reply
from inferway.transport.client import HttpClient
from inferway.transport.errors import TransportError, TransportErrorKind, Wait
from inferway.transport.options import CallOptions, ClientOptions, TlsOptions

Run = Callable[[Any], Any]
Serve = Callable[..., Any]
Answer = Callable[..., Any]
ReadRequest = Callable[[asyncio.StreamReader], Awaitable[tuple[bytes, bytes]]]

CHUNKED = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
HALF = CHUNKED + b"4\r\nhalf\r\n"


async def rest(reply: Reply) -> bytes:
    assert reply.stream is not None
    return b"".join([piece async for piece in reply.stream])


async def failure(reply: Reply) -> tuple[bytes, TransportError]:
    """Give what came before a reply broke off, and what it broke off with."""
    assert reply.stream is not None
    came = b""
    try:
        async for piece in reply.stream:
            came += piece
    except TransportError as error:
        return came, error
    raise AssertionError("the reply ended in order")


def test_the_head_comes_before_the_body_and_pieces_as_they_are_sent(
    run: Run, serve: Serve, read_request: ReadRequest
) -> None:
    async def main() -> None:
        go_on = asyncio.Event()

        async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await read_request(reader)
            writer.write(CHUNKED)
            await go_on.wait()
            writer.write(b"3\r\none\r\n")
            go_on.clear()
            await go_on.wait()
            writer.write(b"3\r\ntwo\r\n0\r\n\r\n")
            await reader.read()

        async with serve(script) as server:
            client = HttpClient()
            origin = client.origin(server.url)
            reply = await origin.prepare(b"GET", b"/").streaming().send()
            assert (reply.status, reply.header(b"content-type"), reply.body) == (200, b"text/event-stream", b"")
            assert reply.stream is not None
            go_on.set()
            assert await anext(reply.stream) == b"one"
            assert (origin.open_connections, origin.idle_connections) == (1, 0)
            go_on.set()
            assert await rest(reply) == b"two"
            assert (origin.open_connections, origin.idle_connections) == (1, 1)
            await client.aclose()

    run(main())


@pytest.mark.parametrize(
    "reply",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nwhole",
        b"HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nwhole",
        CHUNKED + b"5\r\nwhole\r\n0\r\nTrailer: x\r\n\r\n",
    ],
)
def test_a_connection_is_used_again_for_any_kind_of_call(run: Run, serve: Serve, answer: Answer, reply: bytes) -> None:
    async def main() -> None:
        async with serve(answer(reply, reply, reply)) as server:
            client = HttpClient()
            call = client.origin(server.url).prepare(b"POST", b"/")
            assert await rest(await call.streaming().send(b"1")) == b"whole"
            assert (await call.send(b"2")).body == b"whole"
            assert await rest(await call.streaming().send(b"3")) == b"whole"
            assert server.accepted == 1
            await client.aclose()

    run(main())


def test_a_reply_may_end_with_its_connection(run: Run, serve: Serve, answer: Answer) -> None:
    async def main() -> None:
        async with serve(answer(b"HTTP/1.1 200 OK\r\n\r\nall of it", then_close=True)) as server:
            client = HttpClient()
            origin = client.origin(server.url)
            assert await rest(await origin.prepare(b"GET", b"/").streaming().send()) == b"all of it"
            await client.aclose()
            assert origin.open_connections == 0

    run(main())


@pytest.mark.parametrize(
    ("method", "reply"),
    [
        (b"HEAD", b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n"),
        (b"GET", b"HTTP/1.1 204 No Content\r\n\r\n"),
        (b"GET", b"HTTP/1.1 304 Not Modified\r\n\r\n"),
    ],
)
def test_a_reply_without_a_body_ends_at_once(
    run: Run, serve: Serve, answer: Answer, method: bytes, reply: bytes
) -> None:
    async def main() -> None:
        async with serve(answer(reply)) as server:
            client = HttpClient()
            origin = client.origin(server.url)
            assert await rest(await origin.prepare(method, b"/").streaming().send()) == b""
            assert origin.idle_connections == 1
            await client.aclose()

    run(main())


def test_a_server_is_held_back_while_nobody_reads(run: Run, serve: Serve, read_request: ReadRequest) -> None:
    """What a socket's buffers hold is the kernel's; a hundred megabytes is beyond them."""
    sent = 0
    size, pieces = 1 << 20, 100

    async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal sent
        await read_request(reader)
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % (size * pieces))
        for _ in range(pieces):
            writer.write(bytes(size))
            await writer.drain()
            sent += 1
        await reader.read()

    async def main() -> None:
        async with serve(script) as server:
            client = HttpClient()
            options = CallOptions(read_timeout=0.05, total_timeout=60.0)
            reply = await client.origin(server.url).prepare(b"GET", b"/", (), options).streaming().send()
            before = -1
            while before != sent:
                before = sent
                await asyncio.sleep(0.2)  # four times the longest silence: being held back is none
            assert sent < pieces // 2
            assert reply.stream is not None
            total = 0
            async for piece in reply.stream:
                assert len(piece) <= size
                total += len(piece)
            assert total == size * pieces
            await client.aclose()

    run(main())


@pytest.mark.parametrize(
    ("options", "wait"),
    [
        (CallOptions(read_timeout=0.05, total_timeout=60.0), Wait.READ),
        (CallOptions(read_timeout=60.0, total_timeout=0.1), Wait.TOTAL),
    ],
)
def test_a_stream_is_held_to_its_silence_and_its_whole_time(
    run: Run, serve: Serve, answer: Answer, options: CallOptions, wait: Wait
) -> None:
    async def main() -> None:
        async with serve(answer(HALF)) as server:
            client = HttpClient()
            origin = client.origin(server.url)
            came, error = await failure(await origin.prepare(b"GET", b"/", (), options).streaming().send())
            assert (came, error.kind, error.wait) == (b"half", TransportErrorKind.TIMED_OUT, wait)
            await server.until_idle()
            await client.aclose()
            assert origin.open_connections == 0

    run(main())


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        (HALF, TransportErrorKind.CLOSED_EARLY),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf", TransportErrorKind.CLOSED_EARLY),
        (HALF + b"zz\r\n", TransportErrorKind.MALFORMED_REPLY),
        (HALF + b"0\r\n\r\nHTTP/1.1 200 OK\r\n\r\n", TransportErrorKind.MALFORMED_REPLY),
    ],
)
def test_what_breaks_a_reply_off_is_raised_behind_what_had_come(
    run: Run, serve: Serve, answer: Answer, reply: bytes, kind: TransportErrorKind
) -> None:
    async def main() -> None:
        async with serve(answer(reply, then_close=True)) as server:
            client = HttpClient()
            origin = client.origin(server.url)
            try:
                came, error = await failure(await origin.prepare(b"GET", b"/").streaming().send())
            except TransportError as at_once:
                came, error = b"half", at_once
            assert (came, error.kind) == (b"half", kind)
            await client.aclose()
            assert origin.open_connections == 0

    run(main())


def test_a_reset_breaks_a_stream_off(run: Run, serve: Serve, read_request: ReadRequest, reset: Any) -> None:
    async def main() -> None:
        read = asyncio.Event()

        async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await read_request(reader)
            writer.write(HALF)
            await read.wait()
            reset(writer)

        async with serve(script) as server:
            client = HttpClient()
            reply = await client.origin(server.url).prepare(b"GET", b"/").streaming().send()
            assert reply.stream is not None
            assert await anext(reply.stream) == b"half"
            read.set()
            came, error = await failure(reply)
            assert (came, error.kind, error.request_sent) == (b"", TransportErrorKind.CLOSED_EARLY, True)
            await client.aclose()

    run(main())


@pytest.mark.parametrize("reads", [False, True])
def test_closing_a_stream_ends_its_connection(run: Run, serve: Serve, answer: Answer, reads: bool) -> None:
    async def main() -> None:
        async with serve(answer(HALF)) as server:
            client = HttpClient()
            origin = client.origin(server.url)
            reply = await origin.prepare(b"GET", b"/").streaming().send()
            assert reply.stream is not None
            if reads:
                await anext(reply.stream)
            await reply.stream.aclose()
            await server.until_idle()
            assert await rest(reply) == b""
            await asyncio.sleep(0)
            assert origin.open_connections == 0
            await client.aclose()

    run(main())


@pytest.mark.parametrize("has_head", [False, True])
def test_a_reader_who_is_cancelled_ends_the_connection(run: Run, serve: Serve, answer: Answer, has_head: bool) -> None:
    async def main() -> None:
        async with serve(answer(HALF if has_head else b"")) as server:
            client = HttpClient()
            origin = client.origin(server.url)

            async def call() -> None:
                await rest(await origin.prepare(b"GET", b"/").streaming().send())

            task = asyncio.get_running_loop().create_task(call())
            await server.connected.wait()
            await asyncio.sleep(0.05)
            task.cancel()
            assert isinstance((await asyncio.gather(task, return_exceptions=True))[0], asyncio.CancelledError)
            await server.until_idle()
            await client.aclose()
            assert origin.open_connections == 0

    run(main())


def test_a_stream_takes_a_place_in_its_pool_until_it_has_ended(run: Run, serve: Serve, answer: Answer) -> None:
    async def main() -> None:
        async with serve(answer(HALF)) as server:
            client = HttpClient(ClientOptions(max_connections=1))
            origin = client.origin(server.url)
            reply = await origin.prepare(b"GET", b"/").streaming().send()
            impatient = origin.prepare(b"GET", b"/", (), CallOptions(total_timeout=0.05))
            with pytest.raises(TransportError) as caught:
                await impatient.send()
            assert caught.value.wait is Wait.POOL
            assert reply.stream is not None
            await reply.stream.aclose()
            other = await origin.prepare(b"GET", b"/").streaming().send()
            assert other.status == 200
            await client.aclose(grace=0.0)
            _, error = await failure(other)
            assert error.kind is TransportErrorKind.CLIENT_CLOSED

    run(main())


def test_a_kept_connection_that_was_let_go_is_tried_once_more(
    run: Run, serve: Serve, read_request: ReadRequest
) -> None:
    async def main() -> None:
        first = True

        async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            nonlocal first
            await read_request(reader)
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
            if first:
                first = False
                await read_request(reader)
                return
            await reader.read()

        async with serve(script) as server:
            client = HttpClient()
            call = client.origin(server.url).prepare(b"GET", b"/", (), CallOptions(idempotent=True)).streaming()
            assert await rest(await call.send()) == b"ok"
            assert await rest(await call.send()) == b"ok"
            assert server.accepted == 2
            await client.aclose()

    run(main())


def test_a_reply_that_comes_before_the_whole_request_costs_the_connection(
    run: Run, serve: Serve, answer: Answer
) -> None:
    async def early(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 413 Too Large\r\nContent-Length: 2\r\n\r\nno")
        await asyncio.sleep(60)

    async def main() -> None:
        async with serve(early) as server:
            client = HttpClient()
            origin = client.origin(server.url)
            reply = await origin.prepare(b"POST", b"/").streaming().send(bytes(64 << 20))
            assert (reply.status, await rest(reply)) == (413, b"no")
            await asyncio.sleep(0)
            await client.aclose()
            assert origin.open_connections == 0

    run(main())


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        (
            b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\nContent-Length: 5\r\n\r\nhalf",
            TransportErrorKind.MALFORMED_REPLY,
        ),
        (
            b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n",
            TransportErrorKind.MALFORMED_REPLY,
        ),
        (b"HTTP/1.1 200 OK\r\nX: " + b"y" * 70_000 + b"\r\n\r\n", TransportErrorKind.REPLY_HEADERS_TOO_LARGE),
        (b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n", TransportErrorKind.MALFORMED_REPLY),
        (b"HTTP/1.1 100 Continue\r\n\r\n" * 20, TransportErrorKind.MALFORMED_REPLY),
        (b"\x16\x03\x01 hello", TransportErrorKind.MALFORMED_REPLY),
        (b"HTTP/1.1 200 OK\r\nContent-", TransportErrorKind.CLOSED_EARLY),
        (b"", TransportErrorKind.CLOSED_EARLY),
    ],
    ids=["two lengths", "length and coding", "huge head", "upgrade", "interim", "TLS", "half a head", "nothing"],
)
def test_a_head_that_is_none_is_the_call_s_failure(
    run: Run, serve: Serve, answer: Answer, reply: bytes, kind: TransportErrorKind
) -> None:
    async def main() -> None:
        async with serve(answer(reply, then_close=True)) as server:
            client = HttpClient()
            origin = client.origin(server.url)
            with pytest.raises(TransportError) as caught:
                await origin.prepare(b"GET", b"/").streaming().send()
            assert caught.value.kind is kind
            await client.aclose()
            assert origin.open_connections == 0

    run(main())


def test_chunks_that_are_mostly_framing_are_refused(run: Run, serve: Serve, answer: Answer) -> None:
    """Chunk extensions cost a server nothing, and would cost whoever reads them for ever."""
    chunk = b"1;" + b"e" * 8_000 + b"\r\nx\r\n"

    async def main() -> None:
        async with serve(answer(CHUNKED + chunk * 100)) as server:
            client = HttpClient()
            with pytest.raises(TransportError) as caught:
                await rest(await client.origin(server.url).prepare(b"GET", b"/").streaming().send())
            assert caught.value.kind is TransportErrorKind.MALFORMED_REPLY
            await client.aclose()

    run(main())


def test_a_stream_over_tls_must_end_in_order(run: Run, serve: Serve, answer: Answer, certificates: Any) -> None:
    """RFC 9112, 9.8: without the closing alert, an attacker may have cut the reply."""

    async def main() -> None:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(certificates.good)
        whole = b"HTTP/1.1 200 OK\r\n\r\nall"
        async with serve(answer(whole, then_close=True), tls=context) as server:
            client = HttpClient()
            origin = client.origin(server.url, TlsOptions(ca_file=certificates.ca))
            assert await rest(await origin.prepare(b"GET", b"/").streaming().send()) == b"all"
            await client.aclose()

        async def cut(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.readuntil(b"\r\n\r\n")
            writer.write(whole)
            await writer.drain()
            await asyncio.sleep(0.05)
            writer.transport.abort()

        async with serve(cut, tls=context) as server:
            client = HttpClient()
            origin = client.origin(server.url, TlsOptions(ca_file=certificates.ca))
            came, error = await failure(await origin.prepare(b"GET", b"/").streaming().send())
            assert (came, error.kind) == (b"all", TransportErrorKind.CLOSED_EARLY)
            await client.aclose()

    run(main())


def test_a_flood_of_small_chunks_is_passed_on_in_few_pieces(run: Run, serve: Serve, read_request: ReadRequest) -> None:
    """Each piece is a turn that nobody else gets: a hundred thousand of them starved everyone for seconds."""

    async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await read_request(reader)
        writer.write(CHUNKED + b"1\r\nx\r\n" * 100_000 + b"0\r\n\r\n")
        await reader.read()

    async def main() -> None:
        async with serve(script) as server:
            client = HttpClient()
            reply = await client.origin(server.url).prepare(b"GET", b"/").streaming().send()
            assert reply.stream is not None
            pieces = [piece async for piece in reply.stream]
            assert b"".join(pieces) == b"x" * 100_000
            assert len(pieces) < 1_000
            await client.aclose()

    run(main())
