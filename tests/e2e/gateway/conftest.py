"""A real `inferway run`, started as a user starts it, and told to stop as an operator stops it."""

import contextlib
import json
import os
import queue
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

COMMAND = Path(sys.executable).with_name("inferway")
EXAMPLE = Path(__file__).parents[3] / "examples" / "movies"


class Gateway:
    """One running gateway: `url`, `apis` and what it wrote to standard error."""

    def __init__(self, *arguments: str | Path, environment: dict[str, str] | None = None) -> None:
        self.process = subprocess.Popen(
            [COMMAND, "run", *arguments, "--port", "0", "--json"],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={**os.environ, **(environment or {})},
        )
        self.errors: list[str] = []
        self._new: queue.Queue[str] = queue.Queue()
        threading.Thread(target=self._collect, daemon=True).start()
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line:
            self.process.wait(10)
            raise AssertionError(f"the gateway did not start: {''.join(self.errors)}")
        ready = json.loads(line)
        self.url: str = ready["url"]
        self.apis: list[dict[str, Any]] = ready["apis"]

    def _collect(self) -> None:
        assert self.process.stderr is not None
        for line in self.process.stderr:
            text = line.decode("utf-8", "replace")
            self.errors.append(text)
            self._new.put(text)

    def wait_for(self, wanted: str, seconds: float = 20) -> str:
        """Give the next line of standard error that holds a text."""
        deadline = time.monotonic() + seconds
        with contextlib.suppress(queue.Empty):
            while (left := deadline - time.monotonic()) > 0:
                line = self._new.get(timeout=left)
                if wanted in line:
                    return line
        raise AssertionError(f"{wanted!r} was not said: {''.join(self.errors[-20:])}")

    def entries(self) -> list[dict[str, Any]]:
        """Give the access log's entries so far."""
        return [json.loads(line) for line in self.errors if line.startswith('{"time"')]

    def stop(self) -> int:
        """Send SIGTERM and give the exit status."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(45)
        finally:
            self.process.kill()
            for stream in (self.process.stdout, self.process.stderr):
                assert stream is not None
                with contextlib.suppress(ValueError):
                    stream.close()


Start = Callable[..., Gateway]


@pytest.fixture
def start() -> Iterator[Start]:
    """Start gateways that are stopped when the test ends."""
    started: list[Gateway] = []

    def begin(*arguments: str | Path, environment: dict[str, str] | None = None) -> Gateway:
        gateway = Gateway(*arguments, environment=environment)
        started.append(gateway)
        return gateway

    yield begin
    for gateway in started:
        gateway.stop()


@pytest.fixture(scope="module")
def begin() -> Iterator[Start]:
    """Start gateways that are stopped when the module ends."""
    started: list[Gateway] = []

    def one(*arguments: str | Path) -> Gateway:
        gateway = Gateway(*arguments)
        started.append(gateway)
        return gateway

    yield one
    for gateway in started:
        gateway.stop()


@pytest.fixture(scope="session")
def trained() -> Path:
    """Give the movies example with its model."""
    if not (EXAMPLE / "model" / "model.npz").is_file():
        pytest.fail("the movies model is not trained: run `make setup`")
    return EXAMPLE


@pytest.fixture(scope="module")
def movies(trained: Path) -> Iterator[Gateway]:
    """Give the movies example as it is, with limits out of the way."""
    gateway = Gateway(
        trained, "--bindings", Path(__file__).with_name("unlimited.toml"), environment={"MODEL": str(trained / "model")}
    )
    yield gateway
    gateway.stop()


@pytest.fixture
def project(tmp_path: Path, trained: Path) -> Path:
    """Give a copy of the example to edit; the model stays where it is."""
    copy = tmp_path / "movies"
    copy.mkdir()
    shutil.copy(trained / "openapi.yaml", copy)
    shutil.copytree(trained / "shelf", copy / "shelf")
    bindings = (trained / "inferway.toml").read_text().replace('"./model"', json.dumps(str(trained / "model")))
    (copy / "inferway.toml").write_text(bindings)
    return copy
