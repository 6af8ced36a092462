"""Upstreams that stall, reset, trickle, flood or die while they stream: the response breaks off, and nothing else."""

import concurrent.futures
import contextlib
import itertools
from typing import Any

import pytest

_marks = itertools.count(1)


def dechunked(body: bytes) -> tuple[bytes, bool]:
    """Give what chunks hold, and whether the last one is there."""
    data = b""
    while body:
        size, _, rest = body.partition(b"\r\n")
        length = int(size, 16)
        if length == 0:
            return data, True
        if len(rest) < length + 2:
            return data + rest[:length], False
        data += rest[:length]
        body = rest[length + 2 :]
    return data, False


def test_events_come_whole(gateway: Any) -> None:
    head, body, _ = gateway.get("/s/events/5")
    assert b"content-type: text/event-stream" in head.lower()
    assert dechunked(body) == (b"".join(b"data: %d\n\n" % number for number in range(5)), True)


def test_a_piece_goes_on_before_the_next_is_there(gateway: Any) -> None:
    """The upstream stalls behind its first piece, and the client has that."""
    with contextlib.closing(gateway.connect("/s/stall")) as connection:
        data = b""
        while b"half" not in data:
            data += connection.recv(65_536)
    assert data.startswith(b"HTTP/1.1 200")


@pytest.mark.parametrize(
    ("script", "fault"),
    [
        ("die", "backend unreachable"),
        ("short", "backend unreachable"),
        ("reset", "backend unreachable"),
        ("garbage", "backend broke protocol"),
    ],
)
def test_an_upstream_that_breaks_off_breaks_the_response_off(gateway: Any, script: str, fault: str) -> None:
    path = f"/s/{script}/{next(_marks)}"
    head, body, _ = gateway.get(path)
    assert head.startswith(b"HTTP/1.1 200")
    assert dechunked(body) == (b"half", False)
    entry = gateway.entry(path)
    assert (entry["status"], entry["bytes"], entry["fault"], entry["whose"]) == (200, 4, fault, "backend")
    assert "127.0.0.1" in entry["cause"]
    assert gateway.serves()


def test_for_a_client_of_http_1_0_a_break_is_a_reset(gateway: Any) -> None:
    """The connection's end is the body's there, so an orderly end would look whole (RFC 9112, 8)."""
    if gateway.edge == "asgi":
        return  # ASGI has no word for it: docs/parity-streaming.md says so
    _, body, was_reset = gateway.get("/s/die", version="1.0")
    assert was_reset
    assert body in (b"", b"half")


def test_an_upstream_that_stalls_is_cut_off_at_the_timeout(gateway: Any, upstream: Any, wait_until: Any) -> None:
    path = f"/short/stall/{next(_marks)}"
    _, body, _ = gateway.get(path)
    assert dechunked(body) == (b"half", False)
    assert gateway.entry(path)["fault"] == "backend timeout"
    wait_until(lambda: upstream.busy == 0)


def test_an_upstream_that_says_nothing_is_the_vendors_504(gateway: Any) -> None:
    head, body, _ = gateway.get("/short/silent")
    assert head.startswith(b"HTTP/1.1 504")
    assert b'{"message": "Endpoint request timed out"}' in body


def test_a_trickle_is_passed_on(gateway: Any) -> None:
    _, body, _ = gateway.get("/s/trickle/20")
    assert dechunked(body) == (b"x" * 20, True)


def test_many_small_chunks_are_passed_on(gateway: Any) -> None:
    _, body, _ = gateway.get("/s/slivers/50000")
    assert dechunked(body) == (b"x" * 50_000, True)


def test_a_buffered_route_keeps_its_limits(gateway: Any) -> None:
    head, body, _ = gateway.get("/buffered/bytes/11")
    assert head.startswith(b"HTTP/1.1 504"), body[:200]


def test_an_upstream_that_dies_under_load_breaks_every_stream_off(gateway: Any, upstream: Any, wait_until: Any) -> None:
    assert gateway.serves()
    before = gateway.descriptors()
    connections = [gateway.connect("/s/events/100000") for _ in range(100)]
    try:
        bodies = [b""] * len(connections)
        for number, connection in enumerate(connections):
            while b"data: " not in bodies[number]:
                bodies[number] += connection.recv(65_536)
        upstream.die()
        for number, connection in enumerate(connections):
            while piece := connection.recv(65_536):
                bodies[number] += piece
    finally:
        for connection in connections:
            connection.close()
    assert not [body for body in bodies if body.endswith(b"0\r\n\r\n")]
    assert gateway.serves()
    wait_until(lambda: upstream.busy == 0)
    wait_until(lambda: gateway.descriptors() <= before + 2)


def test_nothing_leaks_and_others_are_served_while_upstreams_misbehave(
    gateway: Any, upstream: Any, wait_until: Any
) -> None:
    """Two hundred streams that stall, die and are reset; connections are back to their level after."""
    assert gateway.serves()
    before = gateway.descriptors()
    scripts = ["/short/stall", "/s/die", "/s/reset", "/s/garbage", "/short/silent", "/s/trickle/3"] * 34
    with concurrent.futures.ThreadPoolExecutor(40) as pool:
        going = [pool.submit(gateway.get, path) for path in scripts]
        for _ in range(20):
            assert gateway.serves()
        heads = {future.result()[0].split(b" ")[1] for future in going}
    assert heads == {b"200", b"504"}
    wait_until(lambda: upstream.busy == 0)
    # What the pool keeps open between calls expires within seconds.
    wait_until(lambda: gateway.descriptors() <= before + 2)
    assert gateway.serves()
