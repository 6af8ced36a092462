"""A real `inferway run` in front of a server that misbehaves on purpose, and clients that do."""

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
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import pytest

COMMAND: Final = Path(sys.executable).with_name("inferway")
EDGES: Final = ("protocol", "asgi")
RESET: Final = struct.pack("ii", 1, 0)
SAGEMAKER: Final = "arn:aws:apigateway:us-east-1:runtime.sagemaker:path/endpoints"

Operation = dict[str, Any]


def integration(endpoint: str, template: str = "$input.body", **more: Any) -> Operation:
    """Give a method that sends a template's text to an endpoint and its reply back."""
    success = more.pop("success", None)
    return {
        "responses": {"200": {"description": "what the model says"}, "500": {"description": "it failed"}},
        **more.pop("operation", {}),
        "x-amazon-apigateway-integration": {
            "type": "aws",
            "httpMethod": "POST",
            "uri": f"{SAGEMAKER}/{endpoint}/invocations",
            "credentials": "arn:aws:iam::123456789012:role/attack",
            "requestTemplates": {"application/json": template},
            "timeoutInMillis": 300,
            "responses": {
                "default": {
                    "statusCode": "500",
                    "responseTemplates": {
                        "application/json": '{"message":"The model failed","was":$input.json("$.OriginalStatusCode")}'
                    },
                },
                r"2\d{2}": {
                    "statusCode": "200",
                    **({"responseTemplates": {"application/json": success}} if success is not None else {}),
                },
            },
            **more,
        },
    }


def read_body(connection: socket.socket) -> tuple[bytes, bytes]:
    """Read one request: its head, and its body by its Content-Length; (b"", b"") where the peer has gone."""
    data = b""
    while b"\r\n\r\n" not in data:
        piece = connection.recv(65_536)
        if not piece:
            return b"", b""
        data += piece
    head, _, body = data.partition(b"\r\n\r\n")
    found = re.search(rb"content-length: (\d+)", head, re.IGNORECASE)
    length = int(found[1]) if found else 0
    while len(body) < length:
        piece = connection.recv(65_536)
        if not piece:
            break
        body += piece
    return head, body


def http(status: str, body: bytes, *headers: str, length: int | None = None) -> bytes:
    """Give a whole reply."""
    lines = [f"HTTP/1.1 {status}", "Content-Type: application/json", *headers]
    lines.append(f"Content-Length: {len(body) if length is None else length}")
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def _trickle(connection: socket.socket) -> None:
    for byte in http("200 OK", b'{"n": 1}'):
        connection.sendall(bytes((byte,)))
        time.sleep(0.05)


def _reset(connection: socket.socket) -> None:
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)


def _stall(connection: socket.socket) -> None:
    connection.settimeout(10)
    with contextlib.suppress(OSError):
        connection.recv(1)


def _half_then_stall(connection: socket.socket) -> None:
    connection.sendall(http("200 OK", b'{"half":', length=100))
    _stall(connection)


def _slow(connection: socket.socket) -> None:
    time.sleep(0.5)
    connection.sendall(http("200 OK", b'{"n": 1}'))


BEHAVIOURS: Final[dict[str, Callable[[socket.socket], None]]] = {
    "well": lambda connection: connection.sendall(http("200 OK", b'{"n": 1}')),
    "close": lambda connection: None,
    "reset": _reset,
    "stall": _stall,
    "stall-in-body": _half_then_stall,
    "trickle": _trickle,
    "garbage": lambda connection: connection.sendall(b"\x16\x03\x01 what is HTTP?\r\n\r\n"),
    "half": lambda connection: connection.sendall(http("200 OK", b'{"half":', length=100)),
    "half-head": lambda connection: connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Le"),
    "half-chunk": lambda connection: connection.sendall(
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n20\r\nhalf"
    ),
    "long": lambda connection: connection.sendall(http("200 OK", b'{"n": 1}and more', length=8)),
    "two-lengths": lambda connection: connection.sendall(http("200 OK", b'{"n": 1}', "Content-Length: 3")),
    "huge": lambda connection: connection.sendall(http("200 OK", b'"' + b"x" * 20_000_000 + b'"')),
    "huge-head": lambda connection: connection.sendall(http("200 OK", b"{}", "X: " + "y" * 200_000)),
    "switch": lambda connection: connection.sendall(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n"),
    "failing": lambda connection: connection.sendall(http("500 Internal Server Error", b'{"detail": "boom"}')),
    "refusing": lambda connection: connection.sendall(http("422 Unprocessable Entity", b'{"detail": "no"}')),
    "nothing": lambda connection: connection.sendall(http("200 OK", b"")),
    "no-json": lambda connection: connection.sendall(http("200 OK", b"<html>\xff\xfe</html>")),
    "slow": _slow,
}
"""What the server does with a request whose body starts with the name."""


KEPT_ALIVE: Final = frozenset(("well", "failing", "refusing", "nothing", "no-json", "slow"))
"""After these the connection carries more; the others close it without having said so."""


class Upstream:
    """A threaded raw server; the request's body names what it does. Keeps what it was sent."""

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=1024)
        self.port: int = self._listener.getsockname()[1]
        self.seen: list[tuple[bytes, bytes]] = []
        self.open = 0
        self._lock = threading.Lock()
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with self._lock:
            self.open += 1
        with contextlib.suppress(OSError), contextlib.closing(connection):
            goes_on = True
            while goes_on:
                head, body = read_body(connection)
                if not head:
                    break
                self.seen.append((head, body))
                name = body.decode("latin-1").partition(" ")[0]
                BEHAVIOURS.get(name, BEHAVIOURS["well"])(connection)
                goes_on = name not in BEHAVIOURS or name in KEPT_ALIVE
        with self._lock:
            self.open -= 1

    def close(self) -> None:
        """Take no more."""
        self._listener.close()


class Answer:
    """One response as it came."""

    def __init__(self, head: bytes, body: bytes) -> None:
        lines = head.decode("latin-1").split("\r\n")
        self.status = int(lines[0].split(" ")[1])
        self.headers = [(name.lower(), value.strip()) for name, _, value in (line.partition(":") for line in lines[1:])]
        self.body = body

    def all(self, name: str) -> list[str]:
        """Give every value of a header."""
        return [value for key, value in self.headers if key == name]

    def __repr__(self) -> str:
        return f"{self.status} {self.body[:200]!r}"


def answers(data: bytes) -> list[Answer]:
    """Split what a server sent into responses; what is left over fails."""
    found = []
    while data:
        head, end, data = data.partition(b"\r\n\r\n")
        assert end, f"half a head: {head[:200]!r}"
        answer = Answer(head, b"")
        if answer.status == 100:
            continue
        lengths = answer.all("content-length")
        if answer.all("transfer-encoding") == ["chunked"]:
            body = b""
            while True:
                size, _, data = data.partition(b"\r\n")
                piece, data = data[: int(size, 16)], data[int(size, 16) + 2 :]
                body += piece
                if not piece:
                    break
            found.append(Answer(head, body))
            continue
        assert len(lengths) == 1 or answer.status in (204, 304), head
        length = int(lengths[0]) if lengths else 0
        assert len(data) >= length, f"half a body: {data[:200]!r}"
        found.append(Answer(head, data[:length]))
        data = data[length:]
    return found


class Gateway:
    """One running gateway, spoken to in raw bytes."""

    def __init__(self, folder: Path, *arguments: str) -> None:
        self.process = subprocess.Popen(
            [COMMAND, "run", folder, *arguments, "--port", "0", "--json"],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=os.environ,
        )
        self.errors: list[str] = []
        self._reader = threading.Thread(target=self._collect, daemon=True)
        self._reader.start()
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line:
            self.process.wait(10)
            raise AssertionError(f"the gateway did not start: {''.join(self.errors)}")
        self.port = int(json.loads(line)["url"].rpartition(":")[2])

    def _collect(self) -> None:
        assert self.process.stderr is not None
        for line in self.process.stderr:
            self.errors.append(line.decode("utf-8", "replace"))

    def connect(self, timeout: float = 20) -> socket.socket:
        """Open a connection."""
        return socket.create_connection(("127.0.0.1", self.port), timeout)

    def send(self, data: bytes, timeout: float = 20) -> bytes:
        """Send bytes and give all that comes back until the gateway closes."""
        with contextlib.closing(self.connect(timeout)) as connection:
            sender = threading.Thread(target=_send_all, args=(connection, data), daemon=True)
            sender.start()
            received = b""
            with contextlib.suppress(ConnectionResetError):
                while piece := connection.recv(65_536):
                    received += piece
            sender.join(5)
            return received

    def ask(self, path: str, body: bytes = b"", *headers: str, method: str = "POST", timeout: float = 20) -> Answer:
        """Make one whole request on a connection of its own."""
        lines = [f"{method} {path} HTTP/1.1", "Host: gateway", "Connection: close", *headers]
        if body or method == "POST":
            lines.append(f"Content-Length: {len(body)}")
        data = self.send("\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body, timeout)
        if method == "HEAD":
            head, _, rest = data.partition(b"\r\n\r\n")
            assert not rest
            return Answer(head, b"")
        (answer,) = answers(data)
        return answer

    def entries(self) -> list[dict[str, Any]]:
        """Give the access log so far."""
        return [json.loads(line) for line in list(self.errors) if line.startswith('{"time"')]

    def entries_of(self, mark: str, count: int = 1) -> list[dict[str, Any]]:
        """Give the entries whose path holds a mark, once there are so many, and a moment in which more may come."""
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline:
            found = [entry for entry in self.entries() if mark in entry["path"]]
            if len(found) >= count:
                break
            time.sleep(0.02)
        time.sleep(0.15)
        return [entry for entry in self.entries() if mark in entry["path"]]

    def serves(self) -> bool:
        """Say whether it still serves, and nothing has been said of an exception or a lost task."""
        said = "".join(line for line in list(self.errors) if not line.startswith('{"time"'))
        assert "Traceback" not in said, said[said.index("Traceback") :]
        assert "never retrieved" not in said, said
        answer = self.ask("/attack/prod/ok", b"well")
        return answer.status == 200 and answer.body == b'{"n": 1}'

    def descriptors(self) -> int:
        """Count the process's open files."""
        return len(list(Path(f"/proc/{self.process.pid}/fd").iterdir()))

    def resident(self) -> int:
        """Give the process's resident memory in kB."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(next(line for line in status.splitlines() if line.startswith("VmRSS")).split()[1])

    def close(self) -> None:
        """Stop it."""
        assert self.stop() == 0

    def stop(self, number: int = signal.SIGTERM) -> int:
        """Send a signal and give the exit status."""
        if self.process.poll() is None:
            self.process.send_signal(number)
        try:
            return self.process.wait(45)
        finally:
            self.process.kill()
            self._reader.join(5)
            for stream in (self.process.stdout, self.process.stderr):
                assert stream is not None
                with contextlib.suppress(ValueError):
                    stream.close()


def _send_all(connection: socket.socket, data: bytes) -> None:
    with contextlib.suppress(OSError):
        connection.sendall(data)


def write_project(folder: Path, paths: dict[str, Operation], endpoints: dict[str, str], **top: Any) -> Path:
    """Write a definition named `attack` with these paths, and bindings of these endpoints' URLs."""
    document = {"openapi": "3.0.1", "info": {"title": "attack", "version": "1"}, "paths": paths, **top}
    (folder / "openapi.json").write_text(json.dumps(document))
    bindings = [f'[endpoints.{name}]\nurl = "{url}"\n' for name, url in endpoints.items()]
    (folder / "inferway.toml").write_text(
        "[account]\nthrottle = { rate = 1e6, burst = 1000000 }\n" + "\n".join(bindings)
    )
    return folder


Write = Callable[..., Path]
Start = Callable[..., Gateway]


@pytest.fixture(scope="session")
def write() -> Write:
    """Give the writer of projects."""
    return write_project


@pytest.fixture(scope="session")
def method() -> Callable[..., Operation]:
    """Give the maker of methods."""
    return integration


@pytest.fixture(scope="session")
def split() -> Callable[[bytes], list[Answer]]:
    """Give what splits a connection's bytes into responses."""
    return answers


@pytest.fixture(scope="session")
def upstream() -> Iterator[Upstream]:
    """Give the server that misbehaves."""
    server = Upstream()
    yield server
    server.close()


@pytest.fixture(scope="session")
def open_gateway() -> Start:
    """Give what starts a gateway that its user closes."""
    return Gateway


@pytest.fixture
def start() -> Iterator[Start]:
    """Start gateways that are stopped when the test ends."""
    started: list[Gateway] = []

    def begin(folder: Path, *arguments: str) -> Gateway:
        gateway = Gateway(folder, *arguments)
        started.append(gateway)
        return gateway

    yield begin
    for gateway in started:
        gateway.stop()


@pytest.fixture(scope="session", params=EDGES)
def gateway(
    request: pytest.FixtureRequest, upstream: Upstream, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Gateway]:
    """Give a gateway with a healthy route, routes to what misbehaves, and one to a port where nothing listens."""
    with contextlib.closing(socket.socket()) as unused:
        unused.bind(("127.0.0.1", 0))
        bad, gone = f"http://127.0.0.1:{upstream.port}", f"http://127.0.0.1:{unused.getsockname()[1]}"
        paths = {
            "/ok": {
                "post": integration("model", timeoutInMillis=5000),
                "get": integration("model", "well", timeoutInMillis=5000),
                "head": integration("model", "well", timeoutInMillis=5000),
            },
            "/bad/{mark}": {"post": integration("model")},
            "/path/{mark}": {"post": integration("model", success='{"n":$input.path("$.n")}')},
            "/gone/{mark}": {"post": integration("gone")},
            "/echo/{mark}": {
                "post": integration(
                    "model",
                    '#set($context.responseOverride.header.X-Got = $input.params("got"))'
                    '#set($context.requestOverride.header.X-Amzn-SageMaker-Custom-Attributes = $input.params("got"))'
                    "well",
                )
            },
            "/named/{mark}": {
                "post": integration(
                    "model",
                    "#set($name = $input.params('name'))#set($context.responseOverride.header[$name] = 'value')well",
                )
            },
            "/status/{mark}": {
                "post": integration("model", "#set($context.responseOverride.status = $input.params('status'))well")
            },
            "/big/{mark}": {
                "post": integration("model", "well", success="#foreach($i in [1..1000])" + "x" * 1000 + "#end")
            },
            "/all/{proxy+}": {"x-amazon-apigateway-any-method": integration("model", "well $input.params('proxy')")},
        }
        folder = write_project(tmp_path_factory.mktemp("attack"), paths, {"model": bad, "gone": gone})
        running = Gateway(folder, "--edge", request.param)
        running.edge = request.param  # type: ignore[attr-defined]  # which edge, for what differs
        yield running
        assert running.stop() == 0
