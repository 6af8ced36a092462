"""A variant of an endpoint on trial: its rule gives it all of the calls, or none."""

import json
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

DEFINITION = """
openapi: "3.0.1"
info: {title: t, version: "1"}
paths:
  /a:
    post:
      responses: {"200": {description: ok}, "424": {description: no}}
      x-amazon-apigateway-integration:
        type: aws
        httpMethod: POST
        uri: arn:aws:apigateway:us-east-1:runtime.sagemaker:path/endpoints/e/invocations
        credentials: arn:aws:iam::123456789012:role/r
        responses: {default: {statusCode: "200"}, "424": {statusCode: "424"}}
"""
Start = Callable[..., Any]


class Model(BaseHTTPRequestHandler):
    """Answers with its name, or with a failure."""

    name, status = "", 200

    def do_GET(self) -> None:
        self._answer(200)

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("content-length", "0")))
        self._answer(self.status)

    def _answer(self, status: int) -> None:
        body = json.dumps({"model": self.name}).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@pytest.fixture
def model() -> Iterator[Callable[[str, int], str]]:
    """Run a model that answers with a status; gives its URL."""
    servers: list[ThreadingHTTPServer] = []

    def run(name: str, status: int) -> str:
        server = ThreadingHTTPServer(("127.0.0.1", 0), type("Named", (Model,), {"name": name, "status": status}))
        servers.append(server)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{server.server_address[1]}"

    yield run
    for server in servers:
        server.shutdown()
        server.server_close()


def project(folder: Path, blue: str, green: str, bake: float) -> Path:
    (folder / "openapi.yaml").write_text(DEFINITION)
    (folder / "inferway.toml").write_text(
        f"""
[endpoints.e.variants]
blue = {{ url = "{blue}", weight = 1 }}
green = {{ url = "{green}", weight = 1 }}
[endpoints.e.canary]
variant = "green"
rule = {{ errors = 5.0, requests = 20, bake = {bake} }}
"""
    )
    return folder / "openapi.yaml"


def ask(gateway: Any) -> str:
    """Give which model answered, or the status of a failure."""
    answer = gateway.send("POST", "/t/prod/a", {"content-type": "application/json"}, "{}")
    return str(answer.json.get("model") or answer.status)


def until_ended(gateway: Any) -> dict[str, Any]:
    deadline = time.monotonic() + 40
    while True:
        (shown,) = gateway.send("GET", "/_inferway/canaries").json["canaries"]
        if shown["state"] != "under way":
            assert isinstance(shown, dict)
            return shown
        assert time.monotonic() < deadline, shown
        time.sleep(0.1)


@pytest.mark.parametrize("workers", ["1", "2"])
def test_a_variant_that_fails_gets_no_more_calls(
    tmp_path: Path, start: Start, model: Callable[[str, int], str], workers: str
) -> None:
    path = project(tmp_path, model("blue", 200), model("green", 500), 3600)
    gateway = start(path, "--workers", workers)
    assert {ask(gateway) for _ in range(80)} == {"blue", "424"}
    ended = until_ended(gateway)
    assert (ended["name"], ended["state"], ended["by"]) == ("endpoint:e", "rolled back", "rule")
    assert ended["requests"] == ended["errors"] >= 20
    assert {ask(gateway) for _ in range(40)} == {"blue"}
    gateway.stop()
    again = start(path, "--workers", workers)
    assert {ask(again) for _ in range(40)} == {"blue"}


def test_a_variant_that_holds_gets_all(tmp_path: Path, start: Start, model: Callable[[str, int], str]) -> None:
    path = project(tmp_path, model("blue", 200), model("green", 200), 0)
    gateway = start(path)
    assert {ask(gateway) for _ in range(80)} >= {"green"}
    assert until_ended(gateway)["state"] == "promoted"
    assert {ask(gateway) for _ in range(40)} == {"green"}
    gateway.send(
        "POST",
        "/_inferway/canaries",
        {"content-type": "application/json"},
        json.dumps({"name": "endpoint:e", "outcome": "restarted"}),
    )
    assert {ask(gateway) for _ in range(60)} == {"blue", "green"}


def test_a_trial_of_a_variant_that_is_not_there_is_told(tmp_path: Path, command: Path) -> None:
    path = project(tmp_path, "http://127.0.0.1:9", "http://127.0.0.1:9", 0)
    text = (tmp_path / "inferway.toml").read_text().replace('variant = "green"', 'variant = "grene"')
    (tmp_path / "inferway.toml").write_text(text)
    done = subprocess.run([command, "check", path], capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, "endpoint 'e' has no variant 'grene'; did you mean 'green'?" in done.stdout) == (1, True)
