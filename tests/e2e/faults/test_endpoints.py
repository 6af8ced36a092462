"""Endpoints whose instances, shadows or callers misbehave: what they took is given back, and others are served."""

import concurrent.futures
import contextlib
import http.client
import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Final

import pytest

COMMAND: Final = Path(sys.executable).with_name("inferway")
ENDPOINTS: Final = ("shadowed", "retried", "queued", "later")


class Model(ThreadingHTTPServer):
    """A model that says what `status` says after `delay` seconds, or with `silent` nothing at all."""

    daemon_threads = True
    request_queue_size = 1024

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.status = 200
        self.delay = 0.0
        self.silent = False
        self.calls = 0
        self.lock = threading.Lock()
        self.told: list[str] = []
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A gateway may leave while it is answered."""


class Handler(BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"
    wbufsize = 65_536  # a reply in one piece
    server: Model

    def do_GET(self) -> None:
        self._say(200)

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["content-length"]))
        model = self.server
        with model.lock:
            model.calls += 1
        if model.silent:
            with contextlib.suppress(OSError):
                self.connection.recv(1)
            model.told.append("left")
            self.close_connection = True
            return
        time.sleep(model.delay)
        self._say(model.status)
        model.told.append("answered")

    def _say(self, status: int) -> None:
        self.send_response(status)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"ok")

    def log_message(self, *_: Any) -> None:
        """Nothing."""


class Gateway:
    """One running gateway in front of two instances and a shadow that never answers."""

    def __init__(self, folder: Path, models: list[Model], shadow: Model) -> None:
        self.models, self.shadow = models, shadow
        write_project(folder, [model.url for model in models], shadow.url)
        command = [str(COMMAND), "run", str(folder), "--port", "0", "--json"]
        with (folder / "log").open("wb") as log:
            self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, env=os.environ)
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line, (folder / "log").read_text()
        self.port = int(json.loads(line)["url"].rpartition(":")[2])

    def calls(self, count: int, endpoint: str, at_once: int) -> Counter[int]:
        """Call an endpoint so many times, and count the statuses."""

        def some(_: int) -> Counter[int]:
            seen: Counter[int] = Counter()
            with contextlib.closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)) as connection:
                for _number in range(count // at_once):
                    connection.request("POST", f"/faults/prod/{endpoint}", b"{}", {"Content-Type": "application/json"})
                    response = connection.getresponse()
                    response.read()
                    seen[response.status] += 1
            return seen

        with concurrent.futures.ThreadPoolExecutor(at_once) as pool:
            return sum(pool.map(some, range(at_once)), Counter())

    def seen(self, endpoint: str) -> Any:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/_inferway/endpoints/{endpoint}", timeout=10) as page:
            return json.load(page)

    def descriptors(self) -> int:
        return len(list(Path(f"/proc/{self.process.pid}/fd").iterdir()))

    def resident(self) -> int:
        """Give the resident memory in MiB."""
        found = re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{self.process.pid}/status").read_text())
        assert found is not None
        return int(found[1]) // 1024

    def stop(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        try:
            assert self.process.wait(45) == 0
        finally:
            self.process.kill()
            assert self.process.stdout is not None
            self.process.stdout.close()


def write_project(folder: Path, urls: list[str], shadow: str) -> None:
    """Write an API with a method for each endpoint."""
    prefix = "arn:aws:apigateway:us-east-1:runtime.sagemaker:path/endpoints"
    paths = {}
    for name in ENDPOINTS:
        cases = {"default": {"statusCode": "200"}, r"4\d{2}": {"statusCode": "424"}, r"5\d{2}": {"statusCode": "503"}}
        made = {
            "type": "aws",
            "httpMethod": "POST",
            "uri": f"{prefix}/{name}/{'async-invocations' if name == 'later' else 'invocations'}",
            "credentials": "arn:aws:iam::123456789012:role/faults",
            "timeoutInMillis": 10_000,
            "responses": cases,
        }
        responses = {status: {"description": ""} for status in ("200", "424", "503")}
        paths[f"/{name}"] = {"post": {"responses": responses, "x-amazon-apigateway-integration": made}}
    document = {"openapi": "3.0.1", "info": {"title": "faults", "version": "1"}, "paths": paths}
    (folder / "openapi.json").write_text(json.dumps(document))
    (folder / "inferway.toml").write_text(f"""
[account]
throttle = {{ rate = 1e6, burst = 1000000 }}

[endpoints.shadowed]
variants.blue = {{ url = "{urls[0]}", weight = 1.0 }}
shadows.next = {{ url = "{shadow}", sampling = 100.0, at_once = 16 }}

[endpoints.retried]
urls = {json.dumps(urls)}
retry = {{ attempts = 3, percent = 20.0, least = 1.0, idempotent = true }}

[endpoints.queued]
urls = {json.dumps(urls)}
queue = {{ outstanding = 4, waiting = 20, seconds = 5.0 }}

[endpoints.later]
url = "{urls[0]}"
asynchronous = {{ output = "s3://faults/out" }}
""")


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    """Give a gateway."""
    models, shadow = [Model(), Model()], Model()
    shadow.silent = True
    made = Gateway(tmp_path_factory.mktemp("endpoints"), models, shadow)
    yield made
    made.stop()
    for model in (*models, shadow):
        model.shutdown()
        model.server_close()


@pytest.fixture(autouse=True)
def well(gateway: Gateway) -> Iterator[None]:
    """Make every model well again."""
    yield
    for model in gateway.models:
        model.status, model.delay = 200, 0.0


def test_a_shadow_that_never_answers_costs_nothing(
    gateway: Gateway, wait_until: Callable[[Callable[[], object]], None]
) -> None:
    """Four thousand calls: sixteen copies are under way at most, and all that they took is given back."""
    gateway.calls(200, "shadowed", 4)
    before, memory = gateway.descriptors(), gateway.resident()
    assert gateway.calls(4_000, "shadowed", 4) == {200: 4_000}
    shadow = gateway.seen("shadowed")["shadows"]["next"]
    assert shadow["mirrored"] + shadow["dropped"] == 4_200
    assert 0 < gateway.shadow.calls <= shadow["mirrored"]
    assert shadow["mirrored"] - shadow["requests"] <= 16
    assert gateway.resident() - memory < 15
    wait_until(lambda: gateway.descriptors() <= before)


def test_retries_stay_within_their_budget(gateway: Gateway) -> None:
    """Each call may be sent four times, all of them together a fifth more often, and once a second besides."""
    for model in gateway.models:
        model.status = 503
    before = sum(model.calls for model in gateway.models)
    started = time.monotonic()
    assert gateway.calls(1_000, "retried", 4) == {424: 1_000}
    allowed = 1_200 + 10 * (time.monotonic() - started + 1)
    assert 1_000 < sum(model.calls for model in gateway.models) - before <= allowed


def test_who_finds_the_queue_full_is_refused_and_nothing_stays(
    gateway: Gateway, wait_until: Callable[[Callable[[], object]], None]
) -> None:
    gateway.calls(100, "queued", 8)
    before = gateway.descriptors()
    for model in gateway.models:
        model.delay = 0.3
    statuses = gateway.calls(200, "queued", 200)
    assert set(statuses) == {200, 503}
    assert statuses[200] >= 8
    for model in gateway.models:
        model.delay = 0.0
    assert gateway.calls(200, "queued", 8) == {200: 200}
    instances = gateway.seen("queued")["variants"]
    assert all(each["waiting"] == 0 for each in instances.values())
    assert all(host["outstanding"] == 0 for each in instances.values() for host in each["instances"])
    wait_until(lambda: gateway.descriptors() <= before + 8)


def test_the_end_waits_for_calls_and_for_no_copies(
    tmp_path: Path, wait_until: Callable[[Callable[[], object]], None]
) -> None:
    model, shadow = Model(), Model()
    shadow.silent, shadow.told = True, model.told
    gateway = Gateway(tmp_path, [model], shadow)
    assert gateway.calls(1, "shadowed", 1) == {200: 1}
    wait_until(lambda: shadow.calls == 1)
    model.told.clear()
    model.delay = 1.0
    assert gateway.calls(1, "later", 1) == {200: 1}
    wait_until(lambda: model.calls == 2)
    gateway.stop()
    assert model.told[:2] == ["left", "answered"]
    for each in (model, shadow):
        each.shutdown()
        each.server_close()
