"""examples/formats holds one API in every format: all of them give the same answers, in front of the same model."""

import http.client
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

ROOT = Path(__file__).parents[2]
FORMATS = ROOT / "examples" / "formats"
COMMAND = Path(sys.executable).with_name("inferway")
CDK = ROOT / ".venv-cdk" / "bin"
KEY = "demo-key-for-the-movies-api"

API_GATEWAY = (
    "openapi",
    "cloudformation",
    "sam",
    "cdk",
    "pulumi-python",
    "pulumi-typescript",
    "pulumi-yaml",
    "patterns",
)
API_MANAGEMENT = ("arm", "apiops")
NOT_DEFINITIONS = ("function", "templates")


class Gateway:
    """What `inferway run` serves of one folder."""

    def __init__(self, folder: Path, state: Path, vendor_header: str) -> None:
        environment = {**os.environ, "INFERWAY_STATE": str(state)}
        if folder.name == "cdk":  # as where its environment is active
            environment["VIRTUAL_ENV"] = str(CDK.parent)
            environment["PATH"] = os.pathsep.join((str(CDK), os.environ["PATH"]))
        self._process = subprocess.Popen(
            [COMMAND, "run", folder, "--port", "0", "--json", "--no-access-log"],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=environment,
        )
        said: list[bytes] = []
        assert self._process.stderr is not None
        errors = self._process.stderr
        self._reader = threading.Thread(target=lambda: said.extend(errors), daemon=True)
        self._reader.start()
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            self.stop()
            raise AssertionError(b"".join(said).decode())
        ready = json.loads(line)
        self.said = said
        self._header = vendor_header
        (api,) = ready["apis"]
        self._url = urlsplit(api["url"])
        self.outputs = ready["outputs"]

    def get(self, path: str, key: str = KEY) -> tuple[int, Any]:
        """Ask for a path below the API's address; give the status and the JSON."""
        connection = http.client.HTTPConnection(self._url.netloc, timeout=30)
        try:
            connection.request("GET", self._url.path + path, headers={self._header: key} if key else {})
            reply = connection.getresponse()
            return reply.status, json.loads(reply.read())
        finally:
            connection.close()

    def stop(self) -> None:
        self._process.send_signal(signal.SIGTERM)
        self._process.wait(30)
        self._reader.join(10)
        for stream in (self._process.stdout, self._process.stderr):
            assert stream is not None
            stream.close()


@pytest.fixture(scope="module", params=API_GATEWAY + API_MANAGEMENT)
def served(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Gateway]]:
    header = "x-api-key" if request.param in API_GATEWAY else "ocp-apim-subscription-key"
    gateway = Gateway(FORMATS / request.param, tmp_path_factory.mktemp("state"), header)
    yield request.param, gateway
    gateway.stop()


@pytest.fixture(scope="module")
def predicted() -> dict[tuple[int, int], float]:
    """Ratings as the model itself gives them, without any server."""
    code = (
        "import importlib.util, json, sys\n"
        "folder = sys.argv[1]\n"
        "spec = importlib.util.spec_from_file_location('inference', folder + '/code/inference.py')\n"
        "module = importlib.util.module_from_spec(spec); spec.loader.exec_module(module)\n"
        "pairs = [[321, 101], [321, 131], [321, 162], [7, 50]]\n"
        "body = json.dumps({'instances': [{'in0': [user], 'in1': [item]} for user, item in pairs]})\n"
        "made = module.predict_fn(module.input_fn(body, 'application/json'), module.model_fn(folder))\n"
        "text = module.output_fn(made, 'application/json')\n"
        "text = text[0] if isinstance(text, tuple) else text\n"
        "print(json.dumps([pairs, json.loads(text)]))\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", code, str(ROOT / "examples" / "movies" / "model")],
        capture_output=True,
        text=True,
        check=True,
    )
    pairs, answer = json.loads(ended.stdout)
    scores = [prediction["scores"][0] for prediction in answer["predictions"]]
    return {(user, item): score for (user, item), score in zip(pairs, scores, strict=True)}


def test_every_folder_of_the_examples_is_tested() -> None:
    folders = {folder.name for folder in FORMATS.iterdir() if folder.is_dir()}
    assert folders == {*API_GATEWAY, *API_MANAGEMENT, *NOT_DEFINITIONS}


def test_ratings_are_the_models(served: tuple[str, Gateway], predicted: dict[tuple[int, int], float]) -> None:
    _, gateway = served
    ratings = {"ratings": [predicted[321, item] for item in (101, 131, 162)]}
    assert gateway.get("/predicted-ratings/321?items=101,131,162") == (200, ratings)
    assert gateway.get("/predicted-ratings/7?items=50") == (200, {"ratings": [predicted[7, 50]]})


def test_what_the_model_refuses(served: tuple[str, Gateway]) -> None:
    _, gateway = served
    status, answer = gateway.get("/predicted-ratings/321?items=one")
    assert (status, answer["message"]) == (400, "The model cannot read the request")
    assert answer["reason"]


def test_the_scale(served: tuple[str, Gateway]) -> None:
    assert served[1].get("/scale") == (200, {"lowest": 1, "highest": 5})


def test_without_a_key_as_the_vendor_says(served: tuple[str, Gateway]) -> None:
    name, gateway = served
    if name in API_GATEWAY:
        expected: tuple[int, Any] = (403, {"message": "Forbidden"})
    else:
        text = (
            "Access denied due to missing subscription key. Make sure to include subscription key when making requests "
            "to an API."
        )
        expected = (401, {"statusCode": 401, "message": text})
    assert gateway.get("/scale", key="") == expected


def test_without_items(served: tuple[str, Gateway]) -> None:
    name, gateway = served
    status, answer = gateway.get("/predicted-ratings/321")
    assert status == 400
    if name in API_GATEWAY:
        assert answer == {"message": "Missing required request parameters: [items]"}


def test_what_is_exported_works(served: tuple[str, Gateway]) -> None:
    name, gateway = served
    urls = [value for key, value in gateway.outputs.items() if "url" in key.lower() or "endpoint" in key.lower()]
    for url in urls:
        parts = urlsplit(url)
        connection = http.client.HTTPConnection(parts.netloc, timeout=30)
        header = "x-api-key" if name in API_GATEWAY else "ocp-apim-subscription-key"
        key = gateway.outputs.get("key", KEY)
        connection.request("GET", f"{parts.path.rstrip('/')}/scale", headers={header: key})
        reply = connection.getresponse()
        assert (reply.status, json.loads(reply.read())) == (200, {"lowest": 1, "highest": 5})
        connection.close()
    assert urls or name in ("openapi", "patterns", "apiops")
