"""Real model servers in an environment of their own, and a gateway in front of what a test says."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import pytest

ROOT: Final = Path(__file__).parents[3]
PEERS: Final = ROOT / ".venv-peers" / "bin"
COMMAND: Final = Path(sys.executable).with_name("inferway")
PATIENCE: Final = 60.0

SUM_FOR_MLSERVER: Final = """
import numpy
from mlserver import MLModel
from mlserver.codecs import NumpyCodec
from mlserver.types import InferenceRequest, InferenceResponse

class Sum(MLModel):
    async def load(self) -> bool:
        return True

    async def predict(self, payload: InferenceRequest) -> InferenceResponse:
        rows = self.decode(payload.inputs[0], default_codec=NumpyCodec)
        sums = NumpyCodec.encode_output("sums", numpy.asarray(rows).sum(axis=1))
        return InferenceResponse(model_name=self.name, outputs=[sums])
"""

SUM_FOR_MLFLOW: Final = """
import mlflow.models
import mlflow.pyfunc

class Sum(mlflow.pyfunc.PythonModel):
    def predict(self, context, model_input, params=None):
        rows = model_input.values.tolist() if hasattr(model_input, "values") else list(model_input)
        return [float(sum(row)) for row in rows]

mlflow.models.set_model(Sum())
"""


def free_port() -> int:
    with contextlib.closing(socket.socket()) as unused:
        unused.bind(("127.0.0.1", 0))
        port: int = unused.getsockname()[1]
        return port


@contextlib.contextmanager
def running(command: list[str | Path], ready: str, **options: Any) -> Iterator[None]:
    """Run a server until it answers, and end it after."""
    environment = {
        **os.environ,
        "PATH": f"{PEERS}{os.pathsep}{os.environ['PATH']}",
        "MLFLOW_DISABLE_TELEMETRY": "true",
        "PYTHONPATH": "",
    }
    process = subprocess.Popen(
        command,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
        **options,
    )
    try:
        deadline = time.monotonic() + PATIENCE
        while True:
            assert process.poll() is None, process.stdout.read().decode() if process.stdout else ""
            assert time.monotonic() < deadline, "the server did not start"
            with contextlib.suppress(OSError), urllib.request.urlopen(ready, timeout=5):
                break
            time.sleep(0.1)
        yield
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(10)
        assert process.stdout is not None
        process.stdout.close()


@pytest.fixture(scope="session")
def peers() -> Path:
    """Give the folder of the peers' commands."""
    if not (PEERS / "mlserver").exists():
        pytest.fail("the model servers are not installed: make .venv-peers/.installed")
    return PEERS


@pytest.fixture(scope="session")
def mlserver(peers: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Give the URL of an MLServer with the model `sum`."""
    folder = tmp_path_factory.mktemp("mlserver")
    port = free_port()
    settings = {"http_port": port, "grpc_port": free_port(), "metrics_port": free_port(), "parallel_workers": 0}
    (folder / "settings.json").write_text(json.dumps({"host": "127.0.0.1", **settings}))
    (folder / "model.py").write_text(SUM_FOR_MLSERVER)
    (folder / "model-settings.json").write_text('{"name": "sum", "implementation": "model.Sum"}')
    url = f"http://127.0.0.1:{port}"
    with running([peers / "mlserver", "start", folder], f"{url}/v2/models/sum/ready"):
        yield url


@pytest.fixture(scope="session")
def mlflow(peers: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Give the URL of an MLflow scoring server."""
    folder = tmp_path_factory.mktemp("mlflow")
    (folder / "sum.py").write_text(SUM_FOR_MLFLOW)
    save = 'import mlflow.pyfunc; mlflow.pyfunc.save_model("model", python_model="sum.py", pip_requirements=[])'
    environment = {**os.environ, "PYTHONPATH": "", "MLFLOW_DISABLE_TELEMETRY": "true"}
    subprocess.run([peers / "python", "-c", save], cwd=folder, check=True, capture_output=True, env=environment)
    port = free_port()
    command: list[str | Path] = [peers / "mlflow", "models", "serve", "-m", folder / "model", "--env-manager", "local"]
    with running([*command, "-h", "127.0.0.1", "-p", str(port)], f"http://127.0.0.1:{port}/ping"):
        yield f"http://127.0.0.1:{port}"


def proxy(url: str, **more: Any) -> dict[str, Any]:
    """Give the path item of a proxy resource that sends everything below it to a server."""
    made = {
        "type": "http_proxy",
        "httpMethod": "ANY",
        "uri": f"{url}/{{proxy}}",
        "requestParameters": {"integration.request.path.proxy": "method.request.path.proxy"},
        **more,
    }
    parameters = [{"name": "proxy", "in": "path", "required": True, "schema": {"type": "string"}}]
    operation = {"parameters": parameters, "responses": {"200": {"description": ""}}}
    return {"x-amazon-apigateway-any-method": {**operation, "x-amazon-apigateway-integration": made}}


def endpoint(name: str) -> dict[str, Any]:
    """Give the path item of a method that sends a SageMaker endpoint what it gets, and its reply back."""
    made = {
        "type": "aws",
        "httpMethod": "POST",
        "uri": f"arn:aws:apigateway:us-east-1:runtime.sagemaker:path/endpoints/{name}/invocations",
        "credentials": "arn:aws:iam::123456789012:role/peers",
        "passthroughBehavior": "when_no_templates",
        "responses": {"default": {"statusCode": "200"}, "4\\d{2}": {"statusCode": "424"}},
    }
    responses = {"200": {"description": ""}, "424": {"description": ""}}
    return {"post": {"responses": responses, "x-amazon-apigateway-integration": made}}


Open = Callable[..., Any]


@pytest.fixture
def gateway(tmp_path: Path) -> Iterator[Open]:
    """Start a gateway for paths, by path item, with bindings as TOML; give its URL."""
    with contextlib.ExitStack() as stack:

        def start(paths: dict[str, Any], bindings: str = "", **top: Any) -> str:
            document = {"openapi": "3.0.1", "info": {"title": "peers", "version": "1"}, "paths": paths, **top}
            (tmp_path / "openapi.json").write_text(json.dumps(document))
            (tmp_path / "inferway.toml").write_text(bindings)
            process = stack.enter_context(
                subprocess.Popen(
                    [COMMAND, "run", tmp_path, "--port", "0", "--json"],
                    stdout=subprocess.PIPE,
                    stderr=subprocess.DEVNULL,
                )
            )
            stack.callback(process.terminate)
            assert process.stdout is not None
            line = process.stdout.readline()
            assert line, "the gateway did not start"
            url: str = json.loads(line)["url"]
            return f"{url}/peers/prod"

        yield start


@pytest.fixture(name="proxy", scope="session")
def proxy_fixture() -> Callable[..., dict[str, Any]]:
    """Give the maker of proxy resources."""
    return proxy


@pytest.fixture(name="endpoint", scope="session")
def endpoint_fixture() -> Callable[..., dict[str, Any]]:
    """Give the maker of methods for endpoints."""
    return endpoint


def post(url: str, body: bytes, content_type: str = "application/json") -> tuple[int, dict[str, str], bytes]:
    """Send a body; give status, headers by lower-case name, and what came back."""
    request = urllib.request.Request(url, body, {"Content-Type": content_type}, method="POST")
    try:
        with urllib.request.urlopen(request, timeout=PATIENCE) as response:
            return response.status, {k.lower(): v for k, v in response.headers.items()}, response.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, {k.lower(): v for k, v in error.headers.items()}, error.read()


@pytest.fixture(name="post", scope="session")
def post_fixture() -> Callable[..., tuple[int, dict[str, str], bytes]]:
    """Give what sends a body."""
    return post
