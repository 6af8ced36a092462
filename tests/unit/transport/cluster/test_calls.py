"""Calls to a cluster: what is sent again, to whom, and how often."""

import asyncio
from collections.abc import AsyncGenerator

import pytest

from inferway.definition.balancing import Balancing, OutlierEjection, Retries
from inferway.exchange import Reply
from inferway.transport.cluster.calls import call
from inferway.transport.cluster.cluster import Cluster
from inferway.transport.cluster.host import Host
from inferway.transport.errors import TransportError, TransportErrorKind, Wait


def error(kind: TransportErrorKind, *, sent: bool, wait: Wait | None = None) -> TransportError:
    return TransportError(kind, "no", origin="http://h", request_sent=sent, wait=wait)


REFUSED = error(TransportErrorKind.CONNECT_FAILED, sent=False)
CUT = error(TransportErrorKind.CLOSED_EARLY, sent=True)
SLOW = error(TransportErrorKind.TIMED_OUT, sent=True, wait=Wait.TOTAL)
BUSY = Reply(503, [], b"busy")
WELL = Reply(200, [], b"{}")
FAILED = Reply(500, [], b"this input is none")


def outcome(first: TransportError | Reply, retry: Retries | None) -> tuple[list[str], TransportError | Reply]:
    asked: list[str] = []
    made = Cluster(["a", "b", "c"], Balancing(retry=retry), lambda: 0.0)

    async def send(host: Host) -> Reply:
        asked.append(host.name)
        answer = first if len(asked) == 1 else WELL
        if isinstance(answer, TransportError):
            raise answer
        return answer

    async def main() -> Reply:
        return (await call(made, send))[0]

    try:
        ended: TransportError | Reply = asyncio.run(main())
    except TransportError as raised:
        ended = raised
    assert [host.outstanding for host in made.hosts] == [0, 0, 0]
    return asked, ended


@pytest.mark.parametrize(
    ("first", "idempotent", "again"),
    [
        (REFUSED, False, True),  # nothing of it was sent
        (CUT, False, False),
        (CUT, True, True),
        (SLOW, True, False),  # the caller has waited long enough
        (BUSY, False, False),
        (BUSY, True, True),
        (FAILED, True, False),
        (error(TransportErrorKind.BAD_REQUEST, sent=False), True, False),
        (error(TransportErrorKind.CLIENT_CLOSED, sent=False), True, False),
    ],
)
def test_a_call_is_sent_again_only_where_that_is_safe(
    first: TransportError | Reply,
    idempotent: bool,
    again: bool,
) -> None:
    asked, ended = outcome(first, Retries(idempotent=idempotent))
    assert len(asked) == (2 if again else 1)
    assert len(set(asked)) == len(asked)
    assert ended is (WELL if again else first)


def test_without_retries_nothing_is_sent_again() -> None:
    asked, ended = outcome(REFUSED, None)
    assert len(asked) == 1
    assert ended is REFUSED


def test_the_budget_bounds_retries_however_many_calls_fail() -> None:
    sent = 0
    made = Cluster(["a", "b"], Balancing(retry=Retries(percent=10, least=0)), lambda: 0.0)

    async def send(host: Host) -> Reply:
        nonlocal sent
        sent += 1
        raise REFUSED

    async def main() -> None:
        for _ in range(1000):
            with pytest.raises(TransportError):
                await call(made, send)

    asyncio.run(main())
    assert 1090 <= sent <= 1100


def test_the_budget_s_least_comes_back_with_time() -> None:
    now = [0.0]
    made = Cluster(["a", "b"], Balancing(retry=Retries(percent=0, least=2)), lambda: now[0])
    assert [made.may_retry(0) for _ in range(3)] == [True, True, False]
    now[0] += 1
    assert [made.may_retry(0) for _ in range(3)] == [True, True, False]


def test_instances_that_refuse_connections_are_ejected_by_the_calls_that_meet_them() -> None:
    made = Cluster(["a", "b"], Balancing(ejection=OutlierEjection(failures=3), retry=Retries(percent=100)), lambda: 0.0)
    asked: list[str] = []

    async def send(host: Host) -> Reply:
        asked.append(host.name)
        if host.name == "a":
            raise REFUSED
        return WELL

    async def main() -> None:
        for _ in range(200):
            assert (await call(made, send))[0] is WELL

    asyncio.run(main())
    assert asked.count("a") == 3


def test_a_stream_holds_its_instance_until_it_ends_or_is_closed() -> None:
    made = Cluster(["a"], Balancing(), lambda: 0.0)

    async def pieces() -> AsyncGenerator[bytes, None]:
        yield b"1"
        yield b"2"

    async def send(host: Host) -> Reply:
        return Reply(200, [], b"", None, pieces())

    async def main() -> None:
        reply, host = await call(made, send)
        assert host.outstanding == 1
        assert reply.stream is not None
        assert [piece async for piece in reply.stream] == [b"1", b"2"]
        assert host.outstanding == 0
        reply, host = await call(made, send)
        assert reply.stream is not None
        await reply.stream.aclose()  # before its first piece
        assert host.outstanding == 0

    asyncio.run(main())
