"""Pool: reuse, limits, order of waiting, expiry, the one retry, and an orderly end."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from inferway.exchange import Reply
from inferway.transport.client import HttpClient
from inferway.transport.errors import TransportError, TransportErrorKind, Wait
from inferway.transport.options import CallOptions, ClientOptions
from inferway.transport.origin import Origin

Run = Callable[[Any], Any]
Serve = Callable[..., Any]
Answer = Callable[..., Any]
ReadRequest = Callable[[asyncio.StreamReader], Awaitable[tuple[bytes, bytes]]]

WHOLE = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
IDEMPOTENT = CallOptions(idempotent=True)
IMPATIENT = CallOptions(total_timeout=0.05)


def get(origin: Origin, options: CallOptions = IDEMPOTENT) -> Awaitable[Reply]:
    return origin.request(b"GET", b"/", options=options)


def start(call: Awaitable[Reply]) -> asyncio.Task[Reply]:
    async def main() -> Reply:
        return await call

    return asyncio.get_running_loop().create_task(main())


@pytest.fixture
def echo(read_request: ReadRequest) -> Any:
    """Answers each request with its body."""

    async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            _, body = await read_request(reader)
            await asyncio.sleep(0.001)
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body))

    return script


def test_one_connection_serves_call_after_call(run: Run, serve: Serve, echo: Any) -> None:
    async def main() -> None:
        async with serve(echo) as server:
            client = HttpClient()
            call = client.origin(server.url).prepare(b"POST", b"/")
            for number in range(20):
                assert (await call.send(b"%d" % number)).body == b"%d" % number
            assert server.accepted == 1
            await client.aclose()
            await server.until_idle()

    run(main())


def test_two_hundred_calls_share_ten_connections(run: Run, serve: Serve, echo: Any) -> None:
    async def main() -> None:
        async with serve(echo) as server:
            client = HttpClient(ClientOptions(max_connections=10))
            origin = client.origin(server.url)
            call = origin.prepare(b"POST", b"/")
            replies = await asyncio.gather(*[call.send(b"%d" % number) for number in range(200)])
            assert [reply.body for reply in replies] == [b"%d" % number for number in range(200)]
            assert server.accepted == 10
            assert (origin.open_connections, origin.idle_connections, origin.waiting_calls) == (10, 10, 0)
            await client.aclose()
            assert origin.open_connections == 0

    run(main())


def test_callers_are_served_in_the_order_in_which_they_came(run: Run, serve: Serve, echo: Any) -> None:
    async def main() -> None:
        served = []
        async with serve(echo) as server:
            client = HttpClient(ClientOptions(max_connections=1))
            call = client.origin(server.url).prepare(b"POST", b"/")

            async def one(number: int) -> None:
                await call.send(b"%d" % number)
                served.append(number)

            await asyncio.gather(*[one(number) for number in range(10)])
            assert served == list(range(10))
            await client.aclose()

    run(main())


def test_a_caller_waits_for_a_connection_no_longer_than_its_total_timeout(
    run: Run, serve: Serve, answer: Answer
) -> None:
    async def main() -> None:
        async with serve(answer(b"")) as server:
            client = HttpClient(ClientOptions(max_connections=1))
            origin = client.origin(server.url)
            stuck = start(get(origin))
            await asyncio.sleep(0)
            with pytest.raises(TransportError) as caught:
                await get(origin, IMPATIENT)
            assert (caught.value.kind, caught.value.wait) == (TransportErrorKind.TIMED_OUT, Wait.POOL)
            assert not caught.value.request_sent
            assert origin.waiting_calls == 0
            await client.aclose(grace=0)
            with pytest.raises(TransportError, match="closed"):
                await stuck

    run(main())


def test_a_cancelled_waiter_leaves_its_place_to_the_next(run: Run, serve: Serve, echo: Any) -> None:
    async def main() -> None:
        async with serve(echo) as server:
            client = HttpClient(ClientOptions(max_connections=1))
            origin = client.origin(server.url)
            tasks = [start(get(origin)) for _ in range(10)]
            await asyncio.sleep(0)
            for task in tasks[1:9]:
                task.cancel()
            done = await asyncio.gather(*tasks, return_exceptions=True)
            assert isinstance(done[0], Reply)
            assert isinstance(done[9], Reply)
            assert all(isinstance(one, asyncio.CancelledError) for one in done[1:9])
            assert (await get(origin)).status == 200
            assert (server.accepted, origin.waiting_calls) == (1, 0)
            await client.aclose()

    run(main())


@pytest.mark.parametrize("steps", range(1, 12))
def test_no_place_is_lost_whenever_a_waiter_is_cancelled(run: Run, serve: Serve, echo: Any, steps: int) -> None:
    async def main() -> None:
        async with serve(echo) as server:
            client = HttpClient(ClientOptions(max_connections=1))
            origin = client.origin(server.url)
            first, second = start(get(origin)), start(get(origin))
            await first
            for _ in range(steps):
                await asyncio.sleep(0)
            second.cancel()
            await asyncio.gather(first, second, return_exceptions=True)
            assert (await get(origin)).status == 200
            await client.aclose()

    run(main())


def test_a_place_freed_by_a_broken_connection_goes_to_a_waiter(run: Run, serve: Serve, answer: Answer) -> None:
    async def main() -> None:
        async with serve(answer(b"garbage")) as server:
            client = HttpClient(ClientOptions(max_connections=2))
            origin = client.origin(server.url)
            done = await asyncio.gather(*[get(origin) for _ in range(20)], return_exceptions=True)
            assert {type(one) for one in done} == {TransportError}
            assert server.accepted == 20
            await server.until_idle()
            assert origin.open_connections == 0
            await client.aclose()

    run(main())


# RFC 9112, section 9.3.1, and RFC 9110, section 9.2.2: only an idempotent request may be sent again.
def test_a_stale_connection_is_retried_when_the_call_is_idempotent(run: Run, serve: Serve, read_request: Any) -> None:
    bodies = []

    async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await read_request(reader)
        writer.write(WHOLE)
        # The second request on a connection is read, and answered with an end.
        bodies.append((await read_request(reader))[1])

    async def main() -> None:
        async with serve(script) as server:
            client = HttpClient()
            origin = client.origin(server.url)
            safe = origin.prepare(b"PUT", b"/", (), IDEMPOTENT)
            unsafe = origin.prepare(b"POST", b"/")
            assert (await safe.send(b"1")).body == b"ok"
            assert (await safe.send(b"2")).body == b"ok"
            assert server.accepted == 2
            with pytest.raises(TransportError) as caught:
                await unsafe.send(b"3")
            assert caught.value.kind is TransportErrorKind.CLOSED_EARLY
            assert caught.value.request_sent
            assert server.accepted == 2
            assert bodies == [b"2", b"3"]
            await client.aclose()

    run(main())


def test_a_large_request_is_retried_whole(run: Run, serve: Serve, read_request: ReadRequest) -> None:
    body = b"abc" * 1_000_000
    served = []

    async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        served.append((await read_request(reader))[1] == body)
        writer.write(WHOLE)
        await reader.readuntil(b"\r\n\r\n")

    async def main() -> None:
        async with serve(script) as server:
            client = HttpClient()
            call = client.origin(server.url).prepare(b"PUT", b"/", (), IDEMPOTENT)
            await call.send(body)
            await call.send(body)
            assert served == [True, True]
            await client.aclose()

    run(main())


def test_a_fresh_connection_that_fails_is_not_retried(run: Run, serve: Serve, answer: Answer) -> None:
    async def main() -> None:
        async with serve(answer(b"", then_close=True)) as server:
            client = HttpClient()
            with pytest.raises(TransportError) as caught:
                await get(client.origin(server.url))
            assert caught.value.kind is TransportErrorKind.CLOSED_EARLY
            assert server.accepted == 1
            await client.aclose()

    run(main())


def test_a_kept_connection_that_began_to_reply_is_not_retried(run: Run, serve: Serve, answer: Answer) -> None:
    async def main() -> None:
        async with serve(answer(WHOLE, b"HTTP/1.1 200", then_close=True)) as server:
            client = HttpClient()
            origin = client.origin(server.url)
            await get(origin)
            with pytest.raises(TransportError, match="head"):
                await get(origin)
            assert server.accepted == 1
            await client.aclose()

    run(main())


def test_the_retry_takes_the_place_of_an_idle_connection_when_the_pool_is_full(
    run: Run, serve: Serve, read_request: ReadRequest
) -> None:
    async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await read_request(reader)
        await asyncio.sleep(0.02)
        writer.write(WHOLE)
        await read_request(reader)

    async def main() -> None:
        async with serve(script) as server:
            client = HttpClient(ClientOptions(max_connections=3))
            origin = client.origin(server.url)
            await asyncio.gather(*[get(origin) for _ in range(3)])
            assert origin.idle_connections == 3
            done = await asyncio.gather(*[get(origin) for _ in range(6)])
            assert [one.status for one in done] == [200] * 6
            assert origin.open_connections <= 3
            await client.aclose()

    run(main())


def test_a_server_that_hung_up_while_idle_costs_no_call(run: Run, serve: Serve, read_request: ReadRequest) -> None:
    async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await read_request(reader)
        writer.write(WHOLE)

    async def main() -> None:
        async with serve(script) as server:
            client = HttpClient()
            origin = client.origin(server.url)
            for _ in range(3):
                assert (await get(origin, CallOptions())).body == b"ok"
                await server.until_idle()
                await asyncio.sleep(0.01)
            assert server.accepted == 3
            await client.aclose()

    run(main())


def test_an_idle_connection_expires(run: Run, serve: Serve, echo: Any) -> None:
    async def main() -> None:
        async with serve(echo) as server:
            client = HttpClient(ClientOptions(idle_expiry=0.05))
            origin = client.origin(server.url)
            await get(origin)
            assert origin.idle_connections == 1
            await server.until_idle()
            assert origin.open_connections == 0
            await client.aclose()

    run(main())


@pytest.mark.parametrize(("seconds", "connections"), [(0, 2), (1, 2), (60, 1)])
def test_a_connection_is_kept_shorter_than_the_server_says(
    run: Run, serve: Serve, answer: Answer, seconds: int, connections: int
) -> None:
    reply = b"HTTP/1.1 200 OK\r\nKeep-Alive: timeout=%d\r\nContent-Length: 0\r\n\r\n" % seconds

    async def main() -> None:
        async with serve(answer(reply, reply)) as server:
            client = HttpClient()
            origin = client.origin(server.url)
            await get(origin)
            await get(origin)
            assert server.accepted == connections
            await client.aclose()

    run(main())


def test_a_connection_carries_so_many_requests_at_most(run: Run, serve: Serve, echo: Any) -> None:
    async def main() -> None:
        async with serve(echo) as server:
            client = HttpClient(ClientOptions(max_requests_per_connection=3))
            origin = client.origin(server.url)
            for _ in range(7):
                await get(origin)
            assert server.accepted == 3
            await client.aclose()

    run(main())


@pytest.mark.parametrize("head", [b"HTTP/1.1 200 OK\r\nConnection: close", b"HTTP/1.0 200 OK"])
def test_a_reply_that_ends_the_connection_ends_it(run: Run, serve: Serve, answer: Answer, head: bytes) -> None:
    async def main() -> None:
        async with serve(answer(head + b"\r\nContent-Length: 2\r\n\r\nok")) as server:
            client = HttpClient()
            origin = client.origin(server.url)
            for _ in range(2):
                assert (await get(origin)).body == b"ok"
                assert origin.idle_connections == 0
            assert server.accepted == 2
            await client.aclose()

    run(main())


def test_replies_without_bodies_keep_the_connection(run: Run, serve: Serve, answer: Answer) -> None:
    script = answer(
        b"HTTP/1.1 204 No Content\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n",
        b"HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n",
        b"HTTP/1.1 100 Continue\r\n\r\n" + WHOLE,
    )

    async def main() -> None:
        async with serve(script) as server:
            client = HttpClient()
            origin = client.origin(server.url)
            replies = [await origin.request(method, b"/") for method in (b"GET", b"HEAD", b"GET", b"GET")]
            assert [(one.status, one.body) for one in replies] == [(204, b""), (200, b""), (304, b""), (200, b"ok")]
            assert server.accepted == 1
            await client.aclose()

    run(main())


def test_closing_waits_for_calls_under_way_and_refuses_new_ones(run: Run, serve: Serve, echo: Any) -> None:
    async def main() -> None:
        async with serve(echo) as server:
            client = HttpClient(ClientOptions(max_connections=2))
            origin = client.origin(server.url)
            calls = [start(get(origin)) for _ in range(6)]
            await asyncio.sleep(0)
            closing = asyncio.get_running_loop().create_task(client.aclose(grace=30))
            await asyncio.sleep(0)
            with pytest.raises(TransportError) as caught:
                await get(origin)
            assert caught.value.kind is TransportErrorKind.CLIENT_CLOSED
            assert [(await call).status for call in calls] == [200] * 6
            await closing
            assert origin.open_connections == 0
            await server.until_idle()

    run(main())


def test_closing_breaks_off_calls_after_the_grace(run: Run, serve: Serve, answer: Answer, blackhole: str) -> None:
    async def main() -> None:
        async with serve(answer(b"HTTP/1.1 200 OK\r\n")) as server:
            client = HttpClient(ClientOptions(max_connections=1))
            sent, waiting = start(get(client.origin(server.url))), start(get(client.origin(server.url)))
            connecting = start(get(client.origin(blackhole)))
            await server.connected.wait()
            await asyncio.sleep(0.01)
            await client.aclose(grace=0.02)
            for call, request_sent in ((sent, True), (waiting, False), (connecting, False)):
                with pytest.raises(TransportError) as caught:
                    await call
                assert caught.value.kind is TransportErrorKind.CLIENT_CLOSED
                assert caught.value.request_sent == request_sent
            assert client.origin(server.url).open_connections == 0
            await server.until_idle()

    run(main())


def test_no_timeout_is_missed_among_many(run: Run, serve: Serve, answer: Answer) -> None:
    async def main() -> None:
        async with serve(answer(b"")) as server:
            client = HttpClient(ClientOptions(max_connections=30))
            origin = client.origin(server.url)
            calls = [get(origin, CallOptions(total_timeout=0.01 * (60 - number))) for number in range(60)]
            done = await asyncio.gather(*calls, return_exceptions=True)
            kinds = {one.kind for one in done if isinstance(one, TransportError)}
            assert kinds == {TransportErrorKind.TIMED_OUT}
            assert len(done) == 60
            await server.until_idle()
            assert (origin.open_connections, origin.waiting_calls) == (0, 0)
            await client.aclose()

    run(main())


@pytest.mark.parametrize(
    "bad", [{"max_connections": 0}, {"idle_expiry": 0.0}, {"max_requests_per_connection": 0}, {"max_connections": -1}]
)
def test_a_pool_without_room_is_refused(bad: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="positive"):
        ClientOptions(**bad)


@pytest.mark.parametrize(
    "bad", [{"read_timeout": 0}, {"total_timeout": -1}, {"connect_timeout": 0}, {"max_body_bytes": -1}]
)
def test_a_call_without_time_or_room_is_refused(bad: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="must"):
        CallOptions(**bad)
