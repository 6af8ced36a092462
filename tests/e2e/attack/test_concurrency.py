"""Many at once: slow calls, exact throttles, clients that give up; nothing may leak."""

import contextlib
import itertools
import socket
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

_marks = itertools.count()
EDGES = ("protocol", "asgi")


def mark() -> str:
    return f"many-{next(_marks)}"


@pytest.fixture(params=EDGES)
def running(
    request: pytest.FixtureRequest,
    tmp_path: Path,
    upstream: Any,
    write: Callable[..., Path],
    method: Callable[..., dict[str, Any]],
    start: Callable[..., Any],
) -> Any:
    paths = {
        "/ok": {"post": method("model", timeoutInMillis=5000)},
        "/slow/{mark}": {"post": method("model", "slow", timeoutInMillis=20_000)},
        "/stall/{mark}": {"post": method("model", "stall", timeoutInMillis=20_000)},
        "/few/{mark}": {"post": method("model", "slow", timeoutInMillis=20_000)},
    }
    folder = write(tmp_path, paths, {"model": f"http://127.0.0.1:{upstream.port}"})
    with (folder / "inferway.toml").open("a") as bindings:
        bindings.write(
            '\n[apis.attack.stages.prod.routes]\n"/few/{mark}/POST" = { throttle = { rate = 0.001, burst = 20 } }\n'
        )
    gateway = start(folder, "--edge", request.param)
    gateway.edge = request.param
    return gateway


def test_500_slow_calls_at_once_all_end_well(running: Any) -> None:
    with ThreadPoolExecutor(500) as pool:
        statuses = list(pool.map(lambda n: running.ask(f"/attack/prod/slow/{n}", b"x", timeout=60).status, range(500)))
    assert statuses == [200] * 500
    assert running.serves()


def test_a_throttle_is_exact_however_many_ask_at_once(running: Any) -> None:
    """A bucket of 20 that is all but never refilled lets 20 through."""
    with ThreadPoolExecutor(100) as pool:
        statuses = list(pool.map(lambda n: running.ask(f"/attack/prod/few/{n}", b"x", timeout=60).status, range(200)))
    assert sorted(statuses) == [200] * 20 + [429] * 180


@pytest.mark.parametrize("running", ["protocol"], indirect=True)  # uvicorn lets the application run on to its timeout
def test_calls_of_clients_that_left_are_given_up(running: Any, upstream: Any) -> None:
    name = mark()
    idle = upstream.open
    connections = [running.connect() for _ in range(50)]
    for connection in connections:
        connection.sendall(
            b"POST /attack/prod/stall/%b HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n" % name.encode()
        )
    until(lambda: upstream.open >= idle + 50)
    for connection in connections:
        connection.close()
    until(lambda: upstream.open <= idle + 1)
    entries = running.entries_of(name, 50)
    assert [(entry["status"], entry["fault"]) for entry in entries] == [(499, "client left")] * 50
    assert running.serves()


def until(true: Callable[[], bool], seconds: float = 10) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def give_up(running: Any, path: str, times: int) -> None:
    for n in range(times):
        with contextlib.closing(running.connect()) as connection:
            connection.sendall(b"POST %b HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nwell" % path.encode())
            if n % 2:
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")


def test_aborted_requests_leave_neither_sockets_nor_memory(running: Any) -> None:
    def abort(times: int) -> None:
        threads = [
            threading.Thread(target=give_up, args=(running, f"/attack/prod/{route}", times // 4))
            for route in ("ok", "nothing", "ok", "slow/x")
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert running.serves()

    abort(400)
    until(lambda: running.ask("/attack/prod/ok", b"well").status == 200)
    time.sleep(1.5)
    files, memory = running.descriptors(), running.resident()
    abort(2000)
    # The pool keeps up to 256 connections to a model for some seconds.
    until(lambda: running.descriptors() <= files + 10, seconds=20)
    assert running.resident() - memory < 15_000


def test_requests_dribbled_byte_by_byte_do_not_hold_others_up(running: Any) -> None:
    stop = threading.Event()

    def dribble() -> None:
        with contextlib.closing(running.connect()) as connection, contextlib.suppress(OSError):
            for byte in itertools.cycle(b"GET /attack/prod/ok HTTP/1.1\r\nHost: a\r\nX: "):
                connection.send(bytes((byte,)))
                if stop.wait(0.05):
                    return

    threads = [threading.Thread(target=dribble) for _ in range(100)]
    for thread in threads:
        thread.start()
    try:
        assert all(running.serves() for _ in range(10))
    finally:
        stop.set()
        for thread in threads:
            thread.join()
