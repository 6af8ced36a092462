"""A real `inferway run`, and raw requests to it: what is sent is what the test says, byte for byte where it matters."""

import contextlib
import http.client
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

COMMAND = Path(sys.executable).with_name("inferway")
EXAMPLES = Path(__file__).parents[3] / "examples"
PATIENCE = 40.0


class Answer:
    """What came back of one call."""

    def __init__(self, reply: http.client.HTTPResponse) -> None:
        self.status = reply.status
        self.headers = {name.lower(): value for name, value in reply.getheaders()}
        self.body = reply.read()

    @property
    def json(self) -> Any:
        return json.loads(self.body)


class Gateway:
    """One running gateway, with a state folder of its own unless the environment says otherwise."""

    def __init__(self, path: Path, state: Path | None, *more: str) -> None:
        given = {} if state is None else {"INFERWAY_STATE": str(state)}
        kept = {name: value for name, value in os.environ.items() if name != "INFERWAY_STATE"}
        self.process = subprocess.Popen(
            [COMMAND, "run", path, "--port", "0", "--json", "--no-access-log", *more],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={**kept, **given},
        )
        self.errors: list[str] = []
        self._reader = threading.Thread(target=self._collect, daemon=True)
        self._reader.start()
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line:
            self.process.wait(10)
            raise AssertionError(f"the gateway did not start: {''.join(self.errors)}")
        self.ready: dict[str, Any] = json.loads(line)
        self.url: str = self.ready["url"]

    def _collect(self) -> None:
        assert self.process.stderr is not None
        for line in self.process.stderr:
            self.errors.append(line.decode("utf-8", "replace"))

    def said(self, text: str, times: int = 1) -> None:
        """Wait until standard error has a text."""
        deadline = time.monotonic() + PATIENCE
        while sum(text in line for line in self.errors) < times:
            assert time.monotonic() < deadline, f"{text!r} was not said: {''.join(self.errors[-30:])}"
            time.sleep(0.05)

    def send(
        self, method: str, path: str, headers: dict[str, str] | None = None, body: str = "", host: str = ""
    ) -> Answer:
        """Send a request on a connection of its own, to another address of this machine if one is given."""
        parts = urlsplit(self.url)
        connection = http.client.HTTPConnection(host or parts.hostname or "", parts.port, timeout=60)
        try:
            connection.request(method, path, body.encode() or None, headers or {})
            return Answer(connection.getresponse())
        finally:
            connection.close()

    def ask_trace(self, document: Any, headers: dict[str, str] | None = None) -> Answer:
        """Ask for a trace, as the page does."""
        text = document if isinstance(document, str) else json.dumps(document)
        return self.send(
            "POST", "/_inferway/trace/request", {"content-type": "application/json", **(headers or {})}, text
        )

    def trace(self, method: str, path: str, headers: dict[str, str], body: Any = "", **edits: str) -> Any:
        """Give the trace of a request; the names of edits have an `e` before the identifier."""
        asked = {
            "method": method,
            "path": path,
            "headers": list(headers.items()),
            "body": body if isinstance(body, str) else json.dumps(body),
            "edits": {name[1:]: text for name, text in edits.items()},
        }
        answer = self.ask_trace(asked)
        assert answer.status == 200, answer.body
        return answer.json

    def stop(self) -> int:
        """End the gateway and give its exit status."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(45)
        finally:
            self.process.kill()
            self.process.wait()
            self._reader.join(10)
            for stream in (self.process.stdout, self.process.stderr):
                assert stream is not None
                with contextlib.suppress(ValueError):
                    stream.close()


Start = Callable[..., Gateway]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Start gateways, with one state unless another is named; they are stopped when the test ends."""
    started: list[Gateway] = []

    def begin(path: Path, *more: str, state: Path | None = tmp_path / "state") -> Gateway:
        gateway = Gateway(path, state, *more)
        started.append(gateway)
        return gateway

    yield begin
    for gateway in started:
        gateway.stop()


@pytest.fixture(scope="session")
def command() -> Path:
    """Give the command's program."""
    return COMMAND


@pytest.fixture(scope="session")
def examples() -> Path:
    """Give the examples, with their models."""
    for model in (EXAMPLES / "movies" / "model", EXAMPLES / "five-doors" / "appsync" / "digits"):
        if not (model / "model.npz").is_file():
            pytest.fail(f"{model} is not trained: make setup")
    return EXAMPLES


@pytest.fixture(scope="session")
def movies(examples: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    """Give the movies example as it is, open once for all tests, without its limits."""
    folder = tmp_path_factory.mktemp("movies")
    bindings = folder / "inferway.toml"
    bindings.write_text(
        f'site = "{examples}/movies/shelf"\n'
        f'[endpoints.movie-ratings]\nserve = "{examples}/movies/model"\n'
        '[keys]\ndemo = "demo-key-for-the-movies-api"\n'
    )
    gateway = Gateway(examples / "movies", folder / "state", "--bindings", str(bindings))
    yield gateway
    assert gateway.stop() == 0


@pytest.fixture(scope="module")
def keep(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Start]:
    """Start gateways that serve a module's tests."""
    started: list[Gateway] = []

    def begin(path: Path, *more: str) -> Gateway:
        gateway = Gateway(path, tmp_path_factory.mktemp("kept"), *more)
        started.append(gateway)
        return gateway

    yield begin
    for gateway in started:
        assert gateway.stop() == 0


@pytest.fixture(scope="session")
def azure(examples: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    gateway = Gateway(examples / "five-doors" / "apim", tmp_path_factory.mktemp("azure"))
    yield gateway
    assert gateway.stop() == 0


@pytest.fixture(scope="session")
def labels(examples: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    gateway = Gateway(examples / "five-doors" / "appsync", tmp_path_factory.mktemp("labels"))
    yield gateway
    assert gateway.stop() == 0


@pytest.fixture
def copied(examples: Path, tmp_path: Path) -> Path:
    """Give a copy of the five doors to edit; the movies example stays where it is."""
    copy = tmp_path / "five-doors"
    ignored = shutil.ignore_patterns(".inferway", "__pycache__", "cdk.out")
    shutil.copytree(examples / "five-doors", copy, ignore=ignored)
    for file in copy.glob("*/inferway.toml"):
        file.write_text(file.read_text().replace('"../../movies', f'"{examples}/movies'))
    return copy
