"""A real `inferway run` that streams, at either edge, in front of a server that does what a request's path says."""

import asyncio
import contextlib
import json
import os
import re
import signal
import socket
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any, Final

import pytest

COMMAND: Final = Path(sys.executable).with_name("inferway")
EDGES: Final = ("protocol", "asgi")
PATIENCE: Final = 30.0
CHUNKED: Final = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
END: Final = b"0\r\n\r\n"
MEGABYTE: Final = 1_048_576

Script = Callable[[asyncio.StreamReader, asyncio.StreamWriter, int], Awaitable[bool]]
"""What is done with a connection after a request, and a number from its path; True keeps the connection."""


def chunk(data: bytes) -> bytes:
    return b"%x\r\n%b\r\n" % (len(data), data)


def is_whole(data: bytes) -> bool:
    """Say whether a response with a length is there."""
    head, end, body = data.partition(b"\r\n\r\n")
    found = re.search(rb"\r\ncontent-length: (\d+)", head.lower())
    return bool(end) and found is not None and len(body) >= int(found[1])


async def _events(_: asyncio.StreamReader, writer: asyncio.StreamWriter, count: int) -> bool:
    writer.write(CHUNKED)
    for number in range(count):
        writer.write(chunk(b"data: %d\n\n" % number))
        await writer.drain()
        await asyncio.sleep(0.02)
    writer.write(END)
    return True


async def _bytes(_: asyncio.StreamReader, writer: asyncio.StreamWriter, megabytes: int) -> bool:
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % (megabytes * MEGABYTE))
    for number in range(megabytes):
        writer.write(bytes((number % 251,)) * MEGABYTE)
        await writer.drain()
    return True


async def _stall(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, _: int) -> bool:
    writer.write(CHUNKED + chunk(b"half"))
    await reader.read()
    return False


async def _silent(reader: asyncio.StreamReader, _: asyncio.StreamWriter, __: int) -> bool:
    await reader.read()
    return False


async def _die(_: asyncio.StreamReader, writer: asyncio.StreamWriter, __: int) -> bool:
    writer.write(CHUNKED + chunk(b"half"))
    await writer.drain()
    await asyncio.sleep(0.05)
    return False


async def _short(_: asyncio.StreamReader, writer: asyncio.StreamWriter, __: int) -> bool:
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")
    await writer.drain()
    await asyncio.sleep(0.05)
    return False


async def _reset(_: asyncio.StreamReader, writer: asyncio.StreamWriter, __: int) -> bool:
    writer.write(CHUNKED + chunk(b"half"))
    await writer.drain()
    await asyncio.sleep(0.05)
    writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()
    return False


async def _garbage(_: asyncio.StreamReader, writer: asyncio.StreamWriter, __: int) -> bool:
    writer.write(CHUNKED + chunk(b"half"))
    await writer.drain()
    await asyncio.sleep(0.05)
    writer.write(b"what is a chunk?\r\n")
    await writer.drain()
    await asyncio.sleep(0.05)
    return False


async def _trickle(_: asyncio.StreamReader, writer: asyncio.StreamWriter, count: int) -> bool:
    writer.write(CHUNKED)
    for _number in range(count):
        for byte in chunk(b"x"):
            writer.write(bytes((byte,)))
            await asyncio.sleep(0.002)
    writer.write(END)
    return True


async def _flood(_: asyncio.StreamReader, writer: asyncio.StreamWriter, __: int) -> bool:
    writer.write(CHUNKED)
    while True:
        writer.write(chunk(bytes(MEGABYTE)))
        await writer.drain()


async def _slivers(_: asyncio.StreamReader, writer: asyncio.StreamWriter, count: int) -> bool:
    writer.write(CHUNKED + chunk(b"x") * count + END)
    await writer.drain()
    return True


async def _whole(_: asyncio.StreamReader, writer: asyncio.StreamWriter, __: int) -> bool:
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
    return True


SCRIPTS: Final[dict[str, Script]] = {
    "events": _events,
    "bytes": _bytes,
    "stall": _stall,
    "silent": _silent,
    "die": _die,
    "short": _short,
    "reset": _reset,
    "garbage": _garbage,
    "trickle": _trickle,
    "flood": _flood,
    "slivers": _slivers,
    "whole": _whole,
}


class Upstream:
    """A server on a loop of its own in a thread; `busy` counts the requests at work on, `seen` has heads and bodies."""

    def __init__(self) -> None:
        self.busy = 0
        self.open = 0
        self._writers: set[asyncio.StreamWriter] = set()
        self.seen: list[tuple[bytes, bytes]] = []
        self.port = 0
        self._ready = threading.Event()
        self._loop: asyncio.AbstractEventLoop
        self._stopping: asyncio.Event
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        self._ready.wait(10)

    def _run(self) -> None:
        with asyncio.Runner() as runner:
            runner.run(self._main())

    async def _main(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._stopping = asyncio.Event()
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0, backlog=1024)
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        await self._stopping.wait()
        server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.open += 1
        self._writers.add(writer)
        try:
            goes_on = True
            while goes_on:
                head = await reader.readuntil(b"\r\n\r\n")
                length = re.search(rb"\r\ncontent-length: (\d+)", head.lower())
                self.seen.append((head, await reader.readexactly(int(length[1])) if length else b""))
                found = re.match(rb"[A-Z]+ /(\w+)(?:/(\d+))?", head)
                assert found is not None, head
                self.busy += 1
                try:
                    script = SCRIPTS[found[1].decode()]
                    goes_on = await script(reader, writer, int(found[2] or b"0"))
                finally:
                    self.busy -= 1
        except (asyncio.IncompleteReadError, OSError):
            pass
        finally:
            self.open -= 1
            self._writers.discard(writer)
            writer.close()

    def die(self) -> None:
        """Break every connection off, as a process that is killed does."""
        self._loop.call_soon_threadsafe(self._abort)

    def _abort(self) -> None:
        for writer in tuple(self._writers):
            writer.transport.abort()

    def stop(self) -> None:
        self._loop.call_soon_threadsafe(self._stopping.set)
        self._thread.join(10)


class Gateway:
    """One running gateway."""

    def __init__(self, folder: Path, edge: str) -> None:
        self.edge = edge
        self.process = subprocess.Popen(
            [COMMAND, "run", folder, "--edge", edge, "--port", "0", "--json"],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=os.environ,
        )
        self.lines: list[str] = []
        self._reader = threading.Thread(target=self._collect, daemon=True)
        self._reader.start()
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line:
            self.process.wait(10)
            raise AssertionError(f"the gateway did not start: {''.join(self.lines)}")
        self.port = int(json.loads(line)["url"].rpartition(":")[2])
        self.url = f"http://127.0.0.1:{self.port}/faults/prod"

    def _collect(self) -> None:
        assert self.process.stderr is not None
        for line in self.process.stderr:
            self.lines.append(line.decode("utf-8", "replace"))

    def connect(self, path: str, version: str = "1.1", receive: int = 0) -> socket.socket:
        """Send a GET and give the connection; `receive` bounds its receive buffer, in bytes."""
        connection = socket.socket()
        if receive:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive)
        connection.settimeout(PATIENCE)
        connection.connect(("127.0.0.1", self.port))
        connection.sendall(f"GET /faults/prod{path} HTTP/{version}\r\nHost: x\r\n\r\n".encode())
        return connection

    def get(self, path: str, version: str = "1.1") -> tuple[bytes, bytes, bool]:
        """Give head and raw body of a response, up to the connection's end, and whether that was a reset."""
        data = b""
        was_reset = False
        with contextlib.closing(self.connect(path, version)) as connection:
            try:
                while piece := connection.recv(MEGABYTE):
                    data += piece
                    if data.endswith(END) or is_whole(data):
                        break
            except ConnectionResetError:
                was_reset = True
        head, _, body = data.partition(b"\r\n\r\n")
        return head, body, was_reset

    def serves(self) -> bool:
        """Say whether it answers a whole call."""
        head, body, _ = self.get("/whole")
        return head.startswith(b"HTTP/1.1 200") and b"ok" in body

    def entry(self, mark: str) -> dict[str, Any]:
        """Give the access log's entry for a path that holds a mark, once it is there."""
        found: list[dict[str, Any]] = []

        def look() -> bool:
            entries = [json.loads(line) for line in list(self.lines) if line.startswith('{"time"')]
            found[:] = [entry for entry in entries if mark in entry["path"]]
            return bool(found)

        until(look)
        assert len(found) == 1
        return found[0]

    def descriptors(self) -> int:
        return len(list(Path(f"/proc/{self.process.pid}/fd").iterdir()))

    def resident(self) -> int:
        """Give the resident memory in bytes."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return 1024 * int(next(line for line in status.splitlines() if line.startswith("VmRSS")).split()[1])

    def stop(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        try:
            assert self.process.wait(45) == 0
        finally:
            self.process.kill()
            self._reader.join(5)
            for stream in (self.process.stdout, self.process.stderr):
                assert stream is not None
                stream.close()


def until(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.02)


@pytest.fixture(scope="session")
def wait_until() -> Callable[[Callable[[], object]], None]:
    """Wait until a condition holds."""
    return until


@pytest.fixture(scope="session")
def upstream() -> Iterator[Upstream]:
    """Give the server."""
    server = Upstream()
    yield server
    server.stop()


def write_project(folder: Path, port: int) -> Path:
    """Write an API whose `/s/…` streams what the server has at `…`; `/short/…` does so for a second at most."""

    def method(uri: str, **more: Any) -> dict[str, Any]:
        made = {
            "type": "http_proxy",
            "httpMethod": "GET",
            "uri": f"http://127.0.0.1:{port}/{uri}",
            "requestParameters": {"integration.request.path.proxy": "method.request.path.proxy"},
            **more,
        }
        parameters = [{"name": "proxy", "in": "path", "required": True, "schema": {"type": "string"}}]
        responses = {"200": {"description": ""}}
        get = {"parameters": parameters, "responses": responses, "x-amazon-apigateway-integration": made}
        return {"get": get}

    stream = {"responseTransferMode": "STREAM"}
    paths = {
        "/s/{proxy+}": method("{proxy}", **stream, timeoutInMillis=60_000),
        "/short/{proxy+}": method("{proxy}", **stream, timeoutInMillis=700),
        "/buffered/{proxy+}": method("{proxy}", timeoutInMillis=700),
    }
    ok = {"type": "http_proxy", "httpMethod": "GET", "uri": f"http://127.0.0.1:{port}/whole"}
    whole = {"get": {"responses": {"200": {"description": ""}}, "x-amazon-apigateway-integration": ok}}
    document = {"openapi": "3.0.1", "info": {"title": "faults", "version": "1"}, "paths": paths | {"/whole": whole}}
    (folder / "openapi.json").write_text(json.dumps(document))
    (folder / "inferway.toml").write_text("[account]\nthrottle = { rate = 1e6, burst = 1000000 }\n")
    return folder


@pytest.fixture(scope="session", params=EDGES)
def gateway(
    request: pytest.FixtureRequest, upstream: Upstream, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Gateway]:
    """Give a gateway at each edge."""
    made = Gateway(write_project(tmp_path_factory.mktemp("faults"), upstream.port), request.param)
    yield made
    made.stop()
