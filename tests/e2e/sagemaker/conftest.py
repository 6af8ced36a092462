"""A real `inferway run` over endpoints, boto3's clients for it, and model servers that do as they are told."""

import contextlib
import importlib
import json
import os
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

BOTO3: Any = importlib.import_module("boto3")
CONFIG: Any = importlib.import_module("botocore.config")

COMMAND = Path(sys.executable).with_name("inferway")
PATIENCE = 60.0
POLICY = '{ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "*", Resource = "*" }] }'
OWNER = f"""
[identities.owner]
access_key = "AKIAOWNER"
secret_key = "owner-secret"
policies = [{POLICY}]
"""
API = """
openapi: 3.0.1
info: {title: models, version: "1"}
x-amazon-apigateway-binary-media-types: [application/vnd.amazon.eventstream]
paths:
  /{endpoint}:
    post:
      parameters:
        - {name: endpoint, in: path, required: true, schema: {type: string}}
        - {name: variant, in: header, schema: {type: string}}
      responses: {"200": {description: ok}, "400": {description: refused}}
      x-amazon-apigateway-integration:
        type: aws
        httpMethod: POST
        uri: "arn:aws:apigateway:us-east-1:runtime.sagemaker:path/endpoints/{endpoint}/invocations"
        credentials: arn:aws:iam::123456789012:role/api
        requestParameters:
          integration.request.path.endpoint: method.request.path.endpoint
          integration.request.header.X-Amzn-SageMaker-Target-Variant: method.request.header.variant
        responses: {default: {statusCode: "200"}, "4\\\\d\\\\d": {statusCode: "400"}}
"""
OPERATION = """
  /{endpoint}/OPERATION:
    post:
      parameters:
        - {name: endpoint, in: path, required: true, schema: {type: string}}
      responses: {"200": {description: ok}}
      x-amazon-apigateway-integration:
        type: aws
        httpMethod: POST
        uri: "arn:aws:apigateway:us-east-1:runtime.sagemaker:path/endpoints/{endpoint}/OPERATION"
        credentials: arn:aws:iam::123456789012:role/api
        requestParameters: {integration.request.path.endpoint: method.request.path.endpoint}
        responses: {default: {statusCode: "200"}}
"""
OPERATIONS = ("async-invocations", "invocations-response-stream")
SCRIPT = """
import os, pathlib
def model_fn(model_dir): return pathlib.Path(model_dir).name
def predict_fn(data, model): return {"model": model, "pid": os.getpid()}
"""


class Gateway:
    """A running gateway."""

    def __init__(self, folder: Path, *more: str) -> None:
        self.folder = folder
        kept = {name: value for name, value in os.environ.items() if name != "INFERWAY_STATE"}
        self.process = subprocess.Popen(
            [COMMAND, "run", folder, "--port", "0", "--json", "--no-access-log", *more],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=kept,
        )
        self.errors: list[str] = []
        self._reader = threading.Thread(target=self._collect, daemon=True)
        self._reader.start()
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line:
            self.stop(signal.SIGKILL)
            raise AssertionError(f"the gateway did not start: {''.join(self.errors)}")
        self.url: str = json.loads(line)["url"]
        self.runtime = self.client("sagemaker-runtime")

    def client(self, service: str, **config: Any) -> Any:
        options = {"retries": {"total_max_attempts": 1}, "proxies": {}, "read_timeout": 30, **config}
        return BOTO3.client(
            service,
            endpoint_url=f"{self.url}/_inferway/aws/{service}/",
            region_name="us-east-1",
            aws_access_key_id="AKIAOWNER",
            aws_secret_access_key="owner-secret",
            config=CONFIG.Config(**options),
        )

    def invoke(self, name: str, body: bytes = b"{}", **more: Any) -> Any:
        return self.runtime.invoke_endpoint(EndpointName=name, Body=body, ContentType="application/json", **more)

    def page(self, path: str, body: Any = None) -> Any:
        """Ask the page of endpoints, or post to it."""
        data = None if body is None else json.dumps(body).encode()
        headers = {"Content-Type": "application/json"} if data else {}
        request = urllib.request.Request(f"{self.url}/_inferway/endpoints{path}", data, headers)
        with urllib.request.urlopen(request, timeout=30) as reply:
            return json.loads(reply.read())

    def post(self, path: str, body: bytes = b"{}", **headers: str) -> tuple[int, bytes]:
        """Call the project's own API, or, with a path from the root, another."""
        whole = path if path.startswith("/") else f"/models/prod/{path}"
        given = {"Content-Type": "application/json", **headers}
        request = urllib.request.Request(f"{self.url}{whole}", body, given)
        try:
            with urllib.request.urlopen(request, timeout=30) as reply:
                return reply.status, reply.read()
        except urllib.error.HTTPError as error:
            return error.code, error.read()

    def _collect(self) -> None:
        assert self.process.stderr is not None
        for line in self.process.stderr:
            self.errors.append(line.decode("utf-8", "replace"))

    def stop(self, number: int = signal.SIGTERM) -> None:
        if self.process.poll() is None:
            self.process.send_signal(number)
        try:
            self.process.wait(40)
        finally:
            self.process.kill()
            self.process.wait()
            self._reader.join(10)
            for stream in (self.process.stdout, self.process.stderr):
                assert stream is not None
                with contextlib.suppress(ValueError):
                    stream.close()


def wait_for(check: Callable[[], Any]) -> Any:
    """Give what a check gives once it is something."""
    deadline = time.monotonic() + PATIENCE
    while True:
        found = check()
        if found:
            return found
        assert time.monotonic() < deadline, "it did not come about"
        time.sleep(0.05)


@pytest.fixture(name="wait_for")
def _wait_for() -> Callable[[Callable[[], Any]], Any]:
    return wait_for


Start = Callable[..., Gateway]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A folder with an API whose path names the endpoint, and the models blue, green and next."""
    for name in ("blue", "green", "next"):
        (tmp_path / name / "code").mkdir(parents=True)
        (tmp_path / name / "code" / "inference.py").write_text(SCRIPT)
    operations = "".join(OPERATION.replace("OPERATION", name) for name in OPERATIONS)
    (tmp_path / "openapi.yaml").write_text(API + operations.removeprefix("\n"))
    return tmp_path


@pytest.fixture
def start(project: Path) -> Iterator[Start]:
    """Run the project with these bindings, besides its owner."""
    started: list[Gateway] = []

    def run(bindings: str, *more: str) -> Gateway:
        (project / "inferway.toml").write_text(bindings + OWNER)
        gateway = Gateway(project, *more)
        started.append(gateway)
        return gateway

    try:
        yield run
    finally:
        for gateway in started:
            gateway.stop()


class Elsewhere:
    """A model server in a thread: `answer` takes the handler and the body, and writes whatever it likes."""

    def __init__(self) -> None:
        self.asked: list[tuple[dict[str, str], bytes]] = []
        self.answer: Callable[[Any, bytes], None] = self.well
        elsewhere = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                self.send_response(200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                elsewhere.asked.append(({name.lower(): value for name, value in self.headers.items()}, body))
                elsewhere.answer(self, body)

            def log_message(self, *arguments: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def well(self, handler: Any, body: bytes) -> None:
        self.reply(handler, 200, body, {"Content-Type": "application/json"})

    def reply(self, handler: Any, status: int, body: bytes, headers: dict[str, str]) -> None:
        handler.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(body)

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(10)


@pytest.fixture
def elsewhere() -> Iterator[Elsewhere]:
    """A model server that the bindings can name."""
    made = Elsewhere()
    try:
        yield made
    finally:
        made.stop()
