"""The two loads: as many requests as possible (wrk), and a fixed rate (an open loop of our own)."""

import re
import select
import socket
import statistics
import subprocess
import time
from dataclasses import dataclass

from benchmarks.gateway.candidates import KEY, TARGET


@dataclass(frozen=True, kw_only=True, slots=True)
class Saturation:
    """What wrk counted."""

    requests: int
    failed: int
    """Replies outside 2xx and 3xx, and socket errors."""


def saturate(port: int, seconds: int, connections: int = 32) -> Saturation:
    """Ask for the movie request as fast as it is answered."""
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "-H", f"x-api-key: {KEY}"]
    done = subprocess.run([*command, f"http://127.0.0.1:{port}{TARGET}"], capture_output=True, text=True, check=True)
    requests = re.search(r"(\d+) requests in", done.stdout)
    if requests is None:
        raise ValueError(f"wrk printed no count: {done.stdout}{done.stderr}")
    refused = re.search(r"Non-2xx or 3xx responses: (\d+)", done.stdout)
    errors = re.search(r"Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)", done.stdout)
    failed = (int(refused[1]) if refused else 0) + (sum(map(int, errors.groups())) if errors else 0)
    return Saturation(requests=int(requests[1]), failed=failed)


@dataclass(frozen=True, kw_only=True, slots=True)
class Latency:
    """Microseconds from the moment a request was due to the last byte of its answer."""

    p50: float
    p99: float


def measure_latency(port: int, seconds: int, rate: int = 1000, connections: int = 16) -> Latency:
    """Send at a fixed rate, whatever the answers do: a request that finds no free connection waits, and that counts."""
    request = f"GET {TARGET} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nx-api-key: {KEY}\r\n\r\n".encode()
    free = [socket.create_connection(("127.0.0.1", port)) for _ in range(connections)]
    opened = list(free)
    due_of: dict[socket.socket, float] = {}
    taken: list[float] = []
    start = time.perf_counter()
    sent, count = 0, rate * seconds
    while len(taken) < count:
        due = start + sent / rate
        if sent < count and free and time.perf_counter() >= due:
            connection = free.pop()
            connection.sendall(request)
            due_of[connection] = due
            sent += 1
            continue
        timeout = max(due - time.perf_counter(), 0) if sent < count and free else 5
        ready = select.select(list(due_of), (), (), timeout)[0]
        if not ready and timeout == 5:
            raise TimeoutError(f"port {port} left {len(due_of)} requests unanswered")
        for connection in ready:
            if _answered(connection):
                taken.append((time.perf_counter() - due_of.pop(connection)) * 1e6)
                free.append(connection)
    for connection in opened:
        connection.close()
    cuts = statistics.quantiles(taken, n=100)
    return Latency(p50=cuts[49], p99=cuts[98])


def _answered(connection: socket.socket) -> bool:
    """Take what has come. Answers are small: the last byte of one is its JSON's closing brace."""
    reply = connection.recv(65536)
    if not reply:
        raise ConnectionError("the connection was closed between two requests")
    return reply.rstrip().endswith((b"}", b"}\r\n0"))
