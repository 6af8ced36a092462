"""Measures what streamed responses cost the gateway: memory for a large one, lateness of events for many small ones.

    python benchmarks/streaming/run.py [--streams 200] [--rate 20] [--seconds 8] [--megabytes 100]

One worker of `inferway run` stands between an upstream and a client, each a process of its own. Events carry the time
at which the upstream sent them, by a clock that all processes of a machine share; their lateness is how much later the
client has them. `direct` is the same without the gateway. Memory is the resident set of the gateway's process.
"""

import argparse
import asyncio
import contextlib
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import uvloop

COMMAND: Final = Path(sys.executable).with_name("inferway")
MEGABYTE: Final = 1_048_576
CHUNKED: Final = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
TICK: Final = os.sysconf("SC_CLK_TCK")


async def _answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Serve `/bytes/MEGABYTES` and `/events/COUNT/RATE`."""
    with contextlib.suppress(asyncio.IncompleteReadError, OSError):
        while True:
            head = await reader.readuntil(b"\r\n\r\n")
            _, kind, *numbers = head.split(b" ")[1].split(b"/")
            if kind == b"bytes":
                count = int(numbers[0])
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % (count * MEGABYTE))
                for _ in range(count):
                    writer.write(bytes(MEGABYTE))
                    await writer.drain()
                continue
            writer.write(CHUNKED)
            began = time.monotonic()
            count, rate = int(numbers[0]), int(numbers[1])
            for number in range(count):
                await asyncio.sleep(max(0.0, began + number / rate - time.monotonic()))
                event = b"data: %.6f %b\n\n" % (time.monotonic(), b"x" * 80)
                writer.write(b"%x\r\n%b\r\n" % (len(event), event))
            writer.write(b"0\r\n\r\n")
            await writer.drain()
            if b"Connection: close" in head:
                break
    writer.close()


async def _upstream() -> None:
    server = await asyncio.start_server(_answer, "127.0.0.1", 0, backlog=1024)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


async def _read_events(port: int, target: str, late: list[float], delay: float) -> None:
    await asyncio.sleep(delay)
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(f"GET {target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
    while line := await reader.readline():
        if line.startswith(b"data: "):
            late.append(time.monotonic() - float(line.split(b" ")[1]))
    writer.close()


async def _client(port: int, target: str, streams: int) -> None:
    late: list[float] = []
    await asyncio.gather(*[_read_events(port, target, late, number / streams) for number in range(streams)])
    late.sort()
    marks = {f"p{mark}": round(late[min(len(late) - 1, len(late) * mark // 100)] * 1000, 2) for mark in (50, 90, 99)}
    print(json.dumps({"events": len(late), **marks, "max": round(late[-1] * 1000, 2)}))


def _project(folder: Path, port: int) -> None:
    integration = {
        "type": "http_proxy",
        "httpMethod": "GET",
        "uri": f"http://127.0.0.1:{port}/{{proxy}}",
        "responseTransferMode": "STREAM",
        "timeoutInMillis": 900_000,
        "requestParameters": {"integration.request.path.proxy": "method.request.path.proxy"},
    }
    parameters = [{"name": "proxy", "in": "path", "required": True, "schema": {"type": "string"}}]
    method = {"parameters": parameters, "responses": {}, "x-amazon-apigateway-integration": integration}
    paths = {"/{proxy+}": {"get": method}}
    document = {"openapi": "3.0.1", "info": {"title": "streaming", "version": "1"}, "paths": paths}
    (folder / "openapi.json").write_text(json.dumps(document))


@contextlib.contextmanager
def _running(*command: str | Path) -> Iterator[tuple[int, str]]:
    """Run a process; give its id and its first line."""
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        assert process.stdout is not None
        try:
            yield process.pid, process.stdout.readline()
        finally:
            process.terminate()


def _resident(pid: int) -> float:
    """Give the resident memory in MB."""
    line = next(line for line in Path(f"/proc/{pid}/status").read_text().splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1024


def _cpu(pid: int) -> float:
    """Give the CPU seconds used so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICK


def _fetch(pid: int, port: int, target: str, size: int) -> tuple[float, float]:
    """Read a large response; give the seconds, and the highest memory above what it was before, in MB."""
    idle = highest = _resident(pid)
    began = time.monotonic()
    with contextlib.closing(socket.create_connection(("127.0.0.1", port))) as connection:
        connection.sendall(f"GET {target} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        received = 0
        while received < size:
            piece = connection.recv(MEGABYTE)
            assert piece, "the response broke off"
            received += len(piece)
            highest = max(highest, _resident(pid))
    return time.monotonic() - began, highest - idle


def _events(port: int, target: str, streams: int) -> dict[str, float]:
    command = [sys.executable, __file__, "--client", f"{port} {target} {streams}"]
    made: dict[str, float] = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    return made


def main() -> None:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--streams", type=int, default=200)
    parser.add_argument("--rate", type=int, default=20)
    parser.add_argument("--seconds", type=int, default=8)
    parser.add_argument("--megabytes", type=int, default=100)
    parser.add_argument("--upstream", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--client", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.upstream:
        uvloop.run(_upstream())
        return
    if asked.client:
        port, target, streams = asked.client.split(" ")
        uvloop.run(_client(int(port), target, int(streams)))
        return
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        upstream = int(stack.enter_context(_running(sys.executable, __file__, "--upstream"))[1])
        _project(folder, upstream)
        pid, line = stack.enter_context(_running(COMMAND, "run", folder, "--port", "0", "--json"))
        port = int(json.loads(line)["url"].rpartition(":")[2])
        base = "/streaming/prod"
        idle = _resident(pid)
        seconds, above = _fetch(pid, port, f"{base}/bytes/{asked.megabytes}", asked.megabytes * MEGABYTE)
        rate = asked.megabytes / seconds
        print(f"idle {idle:.1f} MB; {asked.megabytes} MB streamed: {above:.1f} MB above idle, {rate:.0f} MB/s")
        target = f"/events/{asked.rate * asked.seconds}/{asked.rate}"
        print(f"{asked.streams} streams of {asked.rate} events/s for {asked.seconds} s; lateness in ms")
        print(f"{'':10}{'events':>8}{'p50':>8}{'p90':>8}{'p99':>8}{'max':>8}{'CPU %':>8}{'MB':>8}")
        before, began = _cpu(pid), time.monotonic()
        for name, at, path in (("gateway", port, base + target), ("direct", upstream, target)):
            made = _events(at, path, asked.streams)
            numbers = "".join(f"{made[key]:>8}" for key in ("events", "p50", "p90", "p99", "max"))
            more = ""
            if name == "gateway":
                share = (_cpu(pid) - before) / (time.monotonic() - began) * 100
                more = f"{share:>8.0f}{_resident(pid):>8.1f}"
            print(f"{name:10}{numbers}{more}")


if __name__ == "__main__":
    main()
