"""Clients that stop reading, or leave, within a stream: the upstream is held back or let go, and nothing leaks."""

import concurrent.futures
import contextlib
import socket
import struct
import time
from typing import Any

import pytest

MEGABYTE = 1_048_576


def read_some(connection: socket.socket, size: int) -> bytes:
    data = b""
    while len(data) < size:
        piece = connection.recv(65_536)
        assert piece, data
        data += piece
    return data


@pytest.mark.parametrize("how", ["close", "reset"])
def test_a_client_that_leaves_ends_the_call(gateway: Any, upstream: Any, wait_until: Any, how: str) -> None:
    path = f"/s/stall/{time.monotonic_ns()}"
    connection = gateway.connect(path)
    with contextlib.closing(connection):
        data = b""
        while b"half" not in data:
            data += connection.recv(65_536)
        assert upstream.busy >= 1
        if how == "reset":
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    wait_until(lambda: upstream.busy == 0)
    entry = gateway.entry(path)
    assert (entry["status"], entry["fault"], entry["whose"], entry["bytes"]) == (200, "client left", "client", 4)


def test_a_client_that_leaves_before_the_head_ends_the_call(gateway: Any, upstream: Any, wait_until: Any) -> None:
    """At once at the protocol edge; at the other, which hears of it only where it asks, at the timeout."""
    wait_until(lambda: upstream.busy == 0)
    connection = gateway.connect("/s/silent" if gateway.edge == "protocol" else "/short/silent")
    wait_until(lambda: upstream.busy == 1)
    connection.close()
    wait_until(lambda: upstream.busy == 0)


def test_a_client_that_stops_reading_holds_the_upstream_back(gateway: Any, upstream: Any, wait_until: Any) -> None:
    """An endless flood to a client that reads nothing: memory stays, others are served, and the flood ends with it."""
    wait_until(lambda: upstream.busy == 0)
    assert gateway.serves()
    before = gateway.resident()
    clients = [gateway.connect("/s/flood", receive=4096) for _ in range(10)]
    for client in clients:
        read_some(client, 100)
    highest = 0
    for _ in range(20):
        assert gateway.serves()
        highest = max(highest, gateway.resident())
        time.sleep(0.05)
    # Half a megabyte of each stream waits, and what the loop reads at once; a flood of a second would be gigabytes.
    assert highest - before < 40 * MEGABYTE
    assert upstream.busy == 10
    for client in clients:
        client.close()
    wait_until(lambda: upstream.busy == 0)
    assert gateway.serves()


def test_clients_that_come_and_go_leave_nothing_behind(gateway: Any, upstream: Any, wait_until: Any) -> None:
    def come_and_go(_: int) -> None:
        with contextlib.closing(gateway.connect("/s/flood")) as connection:
            read_some(connection, 200_000)

    assert gateway.serves()
    before = gateway.descriptors()
    with concurrent.futures.ThreadPoolExecutor(10) as pool:
        list(pool.map(come_and_go, range(50)))
        settled = gateway.resident()
        list(pool.map(come_and_go, range(150)))
    wait_until(lambda: upstream.busy == 0)
    wait_until(lambda: gateway.descriptors() <= before + 2)
    assert gateway.resident() - settled < 15 * MEGABYTE
    assert gateway.serves()


def test_a_large_reply_needs_little_memory(gateway: Any) -> None:
    """A hundred megabytes in at most twenty above idle."""
    assert gateway.serves()
    before = gateway.resident()
    highest = received = 0
    with contextlib.closing(gateway.connect("/s/bytes/100")) as connection:
        while received < 100 * MEGABYTE:
            piece = connection.recv(MEGABYTE)
            assert piece
            received += len(piece)
            highest = max(highest, gateway.resident())
    assert highest - before < 20 * MEGABYTE
