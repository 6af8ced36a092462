"""The five doors as `inferway run` opens them, with a state of the test's own, and callers for each of them."""

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
from importlib import import_module
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

# botocore has no types.
AUTH: Any = import_module("botocore.auth")
AWSRequest: Any = import_module("botocore.awsrequest").AWSRequest
BotoCredentials: Any = import_module("botocore.credentials").Credentials

COMMAND = Path(sys.executable).with_name("inferway")
EXAMPLES = Path(__file__).parents[3] / "examples"
DOORS = EXAMPLES / "five-doors"
MOVIES_MODEL = EXAMPLES / "movies" / "model"
PATIENCE = 30.0

LABELS_KEY = "da2-fivedoorsexamplekey000000"
MODELS_KEY = "da2-modelmanagementexample000"
SUBSCRIPTION = "f1ed0025f1ed0025f1ed0025f1ed0025"
CALLER = ("AKIDFIVEDOORSCALLER", "a-secret-of-the-five-doors-caller")


class Answer:
    """What came back of one call."""

    def __init__(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.status = status
        self.headers = headers
        self.body = body

    @property
    def json(self) -> Any:
        return json.loads(self.body)


class Gateway:
    """A running gateway, and a caller for each door of it."""

    def __init__(self, path: Path, state: Path, *more: str) -> None:
        self.process = subprocess.Popen(
            [COMMAND, "run", path, "--port", "0", "--json", "--no-access-log", *more],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={**os.environ, "INFERWAY_STATE": str(state)},
        )
        self.errors: list[str] = []
        self._reader = threading.Thread(target=self._collect, daemon=True)
        self._reader.start()
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line:
            self.stop()
            raise AssertionError(f"the gateway did not start: {''.join(self.errors)}")
        ready = json.loads(line)
        self.url: str = ready["url"]
        self.apis: list[dict[str, Any]] = ready["apis"]
        self.outputs: dict[str, Any] = ready["outputs"]

    def _collect(self) -> None:
        assert self.process.stderr is not None
        for line in self.process.stderr:
            self.errors.append(line.decode("utf-8", "replace"))

    def said(self, text: str) -> None:
        """Wait until standard error has a text."""
        deadline = time.monotonic() + PATIENCE
        while not any(text in line for line in self.errors):
            assert time.monotonic() < deadline, f"{text!r} was not said: {''.join(self.errors[-30:])}"
            time.sleep(0.05)

    def served_again(self) -> None:
        """Wait until the last word of a reload is that what was edited is served."""
        deadline = time.monotonic() + PATIENCE
        while [line for line in self.errors if line.startswith("the edit is ")][-1:] != ["the edit is served\n"]:
            assert time.monotonic() < deadline, "".join(self.errors[-30:])
            time.sleep(0.05)

    def send(self, method: str, path: str, headers: dict[str, str] | None = None, body: str = "") -> Answer:
        parts = urlsplit(self.url)
        connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=60)
        try:
            connection.request(method, path, body.encode() or None, headers or {})
            reply = connection.getresponse()
            return Answer(reply.status, {name.lower(): value for name, value in reply.getheaders()}, reply.read())
        finally:
            connection.close()

    def post(self, path: str, headers: dict[str, str], document: Any) -> Answer:
        text = document if isinstance(document, str) else json.dumps(document)
        return self.send("POST", path, {"content-type": "application/json", **headers}, text)

    def graphql(self, api: str, key: str, query: str, **variables: Any) -> Any:
        """Ask a GraphQL API and give the whole response."""
        return self.post(f"/{api}/graphql", {"x-api-key": key}, {"query": query, "variables": variables}).json

    def labels(self, query: str, **variables: Any) -> Any:
        """Ask the door of image labels."""
        return self.graphql("example-api", LABELS_KEY, query, **variables)

    def models(self, query: str, **variables: Any) -> Any:
        """Ask the door of model management, and give the data; the response must have no errors."""
        response = self.graphql("graphql-api", MODELS_KEY, query, **variables)
        assert "errors" not in response, response
        return response["data"]

    def until(self, query: str, field: str, *wanted: str, **variables: Any) -> Any:
        """Ask the door of model management until a field's status is one of these, and give the field."""
        deadline = time.monotonic() + PATIENCE
        while True:
            found = self.models(query, **variables)[field]
            if found["status"] in wanted:
                return found
            assert time.monotonic() < deadline, found
            time.sleep(0.05)

    def apim(self, document: Any, key: str = SUBSCRIPTION) -> Answer:
        """Send a document to the API Management door."""
        return self.post("/ml-model/predict", {"Ocp-Apim-Subscription-Key": key} if key else {}, document)

    def article(self, user: int, items: list[int]) -> Any:
        path = f"/article/prod/predicted-ratings/{user}?items={','.join(map(str, items))}&"
        return self.send("GET", path).json["ratings"]

    def construct(self, user: int, items: list[int]) -> Any:
        path = f"/construct/prod/predicted-ratings/{user}?items={','.join(map(str, items))}"
        asked = AWSRequest("GET", self.url + path)
        AUTH.SigV4Auth(BotoCredentials(*CALLER), "execute-api", "us-east-1").add_auth(asked)
        return self.send("GET", path, dict(asked.headers.items())).json["ratings"]

    def appsync(self, user: int, items: list[int]) -> Any:
        query = "query ($user: Int!, $items: [Int!]!) { predictedRatings(user: $user, items: $items) }"
        return self.labels(query, user=user, items=items)["data"]["predictedRatings"]

    def management(self, user: int, items: list[int]) -> Any:
        query = """query ($user: Int!, $items: [Int!]!) {
            predict(endpoint: "movie-ratings", user: $user, items: $items)
        }"""
        return self.models(query, user=user, items=items)["predict"]

    def azure(self, user: int, items: list[int]) -> Any:
        return self.apim({"user_id": user, "items": items}).json["ratings"]

    @property
    def doors(self) -> dict[str, Callable[[int, list[int]], Any]]:
        """All five, by the names of their folders."""
        return {
            "article": self.article,
            "construct": self.construct,
            "appsync": self.appsync,
            "management": self.management,
            "apim": self.azure,
        }

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


@pytest.fixture(scope="session")
def example() -> Path:
    """Give the example, with its models."""
    if not (MOVIES_MODEL / "model.npz").is_file():
        pytest.fail("the movies model is not trained: python examples/movies/train.py")
    if not (DOORS / "appsync" / "digits" / "model.npz").is_file():
        pytest.fail("the digit classifier is not trained: python examples/five-doors/appsync/train_digits.py")
    return DOORS


@pytest.fixture(scope="session")
def five(example: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    """Give all five doors, open once for all tests."""
    gateway = Gateway(example, tmp_path_factory.mktemp("five") / "state")
    yield gateway
    assert gateway.stop() == 0


Begin = Callable[..., Gateway]


@pytest.fixture(scope="session")
def begin() -> Begin:
    """Start a gateway that the caller stops: its path, its state, more arguments."""
    return Gateway


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Start gateways with one state; they are stopped when the test ends."""
    started: list[Gateway] = []

    def begin_one(path: Path, *more: str) -> Gateway:
        gateway = Gateway(path, tmp_path / "state", *more)
        started.append(gateway)
        return gateway

    yield begin_one
    for gateway in started:
        gateway.stop()


@pytest.fixture(scope="session")
def copy(example: Path) -> Callable[[Path], Path]:
    """Copy the example to a folder, to be edited; the movies example stays where it is."""

    def copied_to(folder: Path) -> Path:
        shutil.copytree(example, folder, ignore=shutil.ignore_patterns(".inferway", "__pycache__", "cdk"))
        for file in folder.glob("*/inferway.toml"):
            file.write_text(file.read_text().replace('"../../movies', f'"{EXAMPLES}/movies'))
        return folder

    return copied_to


@pytest.fixture
def copied(copy: Callable[[Path], Path], tmp_path: Path) -> Path:
    """Give a copy of the example to edit."""
    return copy(tmp_path / "five-doors")
