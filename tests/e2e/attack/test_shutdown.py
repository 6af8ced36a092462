"""Signals: what is under way completes, what is killed comes back, nothing is left behind."""

import contextlib
import os
import signal
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

EDGES = ("protocol", "asgi")

MODEL = """
import json, os, time

def transform_fn(model, body, content_type, accept):
    time.sleep(json.loads(body).get("wait", 0))
    return json.dumps({"pid": os.getpid()}), "application/json"
"""


def until(true: Callable[[], bool], seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.fixture
def folder(tmp_path: Path, upstream: Any, write: Callable[..., Path], method: Callable[..., dict[str, Any]]) -> Path:
    paths = {
        "/ok": {"post": method("model", timeoutInMillis=5000)},
        "/slow/{mark}": {"post": method("model", "slow", timeoutInMillis=20_000)},
    }
    return write(tmp_path, paths, {"model": f"http://127.0.0.1:{upstream.port}"})


@pytest.mark.parametrize("signals", [1, 2])
@pytest.mark.parametrize("edge", EDGES)
def test_requests_under_way_complete_when_it_is_told_to_stop(
    folder: Path, start: Callable[..., Any], upstream: Any, edge: str, signals: int
) -> None:
    gateway = start(folder, "--edge", edge)
    before = len(upstream.seen)
    with ThreadPoolExecutor(50) as pool:
        asked = [pool.submit(gateway.ask, f"/attack/prod/slow/{n}", b"x") for n in range(50)]
        until(lambda: len(upstream.seen) >= before + 50)
        for _ in range(signals):
            gateway.process.send_signal(signal.SIGTERM)
            time.sleep(0.05)
        assert [answer.result().status for answer in asked] == [200] * 50
    assert gateway.process.wait(20) == 0
    with pytest.raises(OSError, match="refused"):
        gateway.connect()


@pytest.mark.parametrize("edge", EDGES)
def test_idle_and_half_sent_connections_do_not_hold_up_the_end(
    folder: Path, start: Callable[..., Any], edge: str
) -> None:
    gateway = start(folder, "--edge", edge)
    idle = [gateway.connect() for _ in range(10)]
    for connection in idle[5:]:
        connection.sendall(b"POST /attack/prod/ok HTTP/1.1\r\nHost: a\r\nX: y")
    time.sleep(0.2)
    gateway.process.send_signal(signal.SIGTERM)
    assert gateway.process.wait(20) == 0
    for connection in idle:
        connection.close()


@pytest.fixture
def served(tmp_path: Path, write: Callable[..., Path], method: Callable[..., dict[str, Any]]) -> Path:
    """Give a project that serves its own model."""
    folder = write(tmp_path, {"/ask/{mark}": {"post": method("model", timeoutInMillis=10_000)}}, {})
    code = folder / "model" / "code"
    code.mkdir(parents=True)
    (code / "inference.py").write_text(MODEL)
    with (folder / "inferway.toml").open("a") as bindings:
        bindings.write('[endpoints.model]\nserve = "./model"\n')
    return folder


def ask(gateway: Any, body: bytes = b"{}") -> Any:
    return gateway.ask("/attack/prod/ask/x", body, "Content-Type: application/json")


def pid_of(answer: Any) -> int:
    return int(answer.body.partition(b":")[2].strip(b" }\n"))


def is_alive(pid: int) -> bool:
    """Say whether any thread of a process goes on: a process holds its sockets until its last one ended."""
    try:
        stats = [stat.read_text() for stat in Path(f"/proc/{pid}/task").glob("*/stat")]
    except OSError:
        return False
    return any(stat.rpartition(")")[2].split()[0] not in "ZX" for stat in stats)


def test_a_model_killed_in_a_call_is_a_504_and_comes_back(served: Path, start: Callable[..., Any]) -> None:
    gateway = start(served)
    model = pid_of(ask(gateway))
    answers: list[Any] = []
    thread = threading.Thread(target=lambda: answers.append(ask(gateway, b'{"wait": 5}')))
    thread.start()
    time.sleep(0.5)
    os.kill(model, signal.SIGKILL)
    thread.join(20)
    assert (answers[0].status, answers[0].body) == (504, b'{"message": "Network error communicating with endpoint"}')
    until(lambda: ask(gateway).status == 200)
    assert pid_of(ask(gateway)) != model


@pytest.mark.parametrize("workers", ["1", "2"])
def test_models_and_workers_go_when_the_gateway_is_killed(
    served: Path, start: Callable[..., Any], workers: str
) -> None:
    gateway = start(served, "--workers", workers)
    model = pid_of(ask(gateway))
    family = children(gateway.process.pid)
    gateway.process.kill()
    gateway.process.wait()
    until(lambda: not any(is_alive(pid) for pid in {model, *family}))


def children(pid: int) -> set[int]:
    found = set()
    for status in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            fields = status.read_text().rpartition(")")[2].split()
            if int(fields[1]) == pid:
                found.add(int(status.parent.name))
    return found


def command_of(pid: int) -> str:
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_text()
    return ""


def workers_of(gateway: Any) -> set[int]:
    grown: set[int] = set()
    new = {gateway.process.pid}
    while new:
        new = {child for pid in new for child in children(pid)} - grown
        grown |= new
    return {pid for pid in grown if "inferway.app.workers" in command_of(pid)}


def test_a_killed_worker_is_replaced_while_the_other_serves(folder: Path, start: Callable[..., Any]) -> None:
    gateway = start(folder, "--workers", "2")
    before = workers_of(gateway)
    victim = max(before)
    os.kill(victim, signal.SIGKILL)
    until(lambda: not is_alive(victim))
    for _ in range(20):
        assert gateway.ask("/attack/prod/ok", b"well").status == 200
    until(lambda: len(workers_of(gateway)) >= len(before) and victim not in workers_of(gateway))
    assert gateway.serves()
    assert gateway.stop() == 0
