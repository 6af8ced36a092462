"""The `inferway` command as people start it: a process, its output, its signals."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import IO, Any

import pytest

COMMAND = Path(sys.executable).with_name("inferway")
PATIENCE = 60.0  # seconds until a process that says nothing fails the test
PROGRESS = ("reading ", "compiling ", "checking ", "starting ")  # told where a step takes longer than a second

DEFINITION = """\
openapi: "3.0.1"
info: {title: greetings, version: "1.0"}
paths:
  /hello/{name}:
    get:
      parameters:
        - {name: name, in: path, required: true, schema: {type: string}, example: Ada Lovelace}
      security: [{api_key: []}]
      responses:
        "200": {description: A greeting.}
      x-amazon-apigateway-integration:
        type: mock
        requestTemplates:
          application/json: '{"statusCode": 200}'
        responses:
          default:
            statusCode: "200"
            responseTemplates:
              application/json: '{"message": "Hello $input.params("name")"}'
components:
  securitySchemes:
    api_key: {type: apiKey, name: x-api-key, in: header}
"""

BINDINGS = """\
[keys]
demo = "demo-key-for-the-greetings"

[usage_plans.demo]
stages = ["greetings:prod"]
keys = ["demo"]
"""

MODEL = """\
import json

print("the model is being loaded")


def model_fn(model_dir):
    return sum


def input_fn(body, content_type):
    return json.loads(body)


def predict_fn(data, model):
    return {"sum": model(data["numbers"])}
"""


class Process:
    """A command under way; both streams are read all the time, so that it never waits for a reader."""

    def __init__(self, arguments: tuple[object, ...], environment: dict[str, str]) -> None:
        self.process = subprocess.Popen(
            [str(COMMAND), *(str(argument) for argument in arguments)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=environment,
        )
        self.lines: dict[str, list[str]] = {"out": [], "err": []}
        self._heard = threading.Condition()
        self._readers = [
            threading.Thread(target=self._read, args=(name, stream))
            for name, stream in (("out", self.process.stdout), ("err", self.process.stderr))
        ]
        for reader in self._readers:
            reader.start()

    def _read(self, name: str, stream: IO[str]) -> None:
        for line in stream:
            with self._heard:
                self.lines[name].append(line.rstrip("\n"))
                self._heard.notify_all()
        stream.close()
        with self._heard:
            self.lines[f"{name} ended"] = []
            self._heard.notify_all()

    def line(self, name: str, wanted: Callable[[str], bool]) -> str:
        """Wait for a line of a stream."""

        def found() -> list[str]:
            return [line for line in self.lines[name] if wanted(line)]

        with self._heard:
            self._heard.wait_for(lambda: found() or f"{name} ended" in self.lines, PATIENCE)
            assert found(), self.lines
            return found()[0]

    def end(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Send a signal and give the exit status."""
        if self.process.poll() is None:
            self.process.send_signal(number)
        try:
            return self.process.wait(PATIENCE)
        finally:
            self.process.kill()
            for reader in self._readers:
                reader.join()


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    return {**os.environ, "XDG_STATE_HOME": str(tmp_path / "state")}


@pytest.fixture
def start(environment: dict[str, str]) -> Iterator[Callable[..., Process]]:
    started: list[Process] = []

    def start(*arguments: object) -> Process:
        started.append(Process(arguments, environment))
        return started[-1]

    yield start
    for process in started:
        process.end()


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "openapi.yaml").write_text(DEFINITION)
    (folder / "inferway.toml").write_text(BINDINGS)
    return folder


@pytest.fixture
def model(tmp_path: Path) -> Path:
    folder = tmp_path / "numbers"
    (folder / "code").mkdir(parents=True)
    (folder / "code" / "inference.py").write_text(MODEL)
    return folder


def is_json(line: str) -> bool:
    return line.startswith("{")


def is_call(line: str) -> bool:
    return line.startswith("curl ")


def ask(url: str, body: object = None, key: str = "") -> tuple[int, str, str]:
    """Give the status, the content type and the text of an answer."""
    data = None if body is None else json.dumps(body).encode()
    headers = {"content-type": "application/json", **({"x-api-key": key} if key else {})}
    try:
        with urllib.request.urlopen(urllib.request.Request(url, data, headers), timeout=PATIENCE) as answer:
            return answer.status, answer.headers["content-type"], answer.read().decode()
    except urllib.error.HTTPError as refusal:
        with refusal:
            return refusal.code, refusal.headers["content-type"], refusal.read().decode()


def paste(call: str) -> Any:
    """Run a printed call in a shell, as a reader would, and give the JSON that comes back."""
    ended = subprocess.run(["sh", "-c", call], capture_output=True, timeout=PATIENCE, check=True)
    return json.loads(ended.stdout)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_run_prints_one_json_object_and_ends_in_order(
    start: Callable[..., Process], project: Path, number: signal.Signals
) -> None:
    process = start("run", project, "--port", "0", "--json")
    ready = json.loads(process.line("out", is_json))
    port = int(ready["url"].rpartition(":")[2])
    assert port > 0
    assert ready == {
        "url": f"http://127.0.0.1:{port}",
        "apis": [
            {
                "name": "greetings",
                "url": f"http://127.0.0.1:{port}/greetings/prod",
                "keys": ["demo-key-for-the-greetings"],
            }
        ],
        "outputs": {},
    }
    api = ready["apis"][0]
    assert ask(f"{api['url']}/hello/you", key=api["keys"][0]) == (200, "application/json", '{"message": "Hello you"}')
    assert ask(f"{api['url']}/hello/you")[0] == 403
    assert process.end(number) == 0
    assert len(process.lines["out"]) == 1
    assert not any("Traceback" in line for line in process.lines["err"])


@pytest.mark.parametrize("edge", ["protocol", "asgi"])
def test_the_call_that_run_prints_can_be_pasted(start: Callable[..., Process], project: Path, edge: str) -> None:
    process = start("run", project, "--port", "0", "--edge", edge)
    assert paste(process.line("out", is_call)) == {"message": "Hello Ada Lovelace"}


def test_the_access_log_is_on_standard_error_and_can_be_off(start: Callable[..., Process], project: Path) -> None:
    logged, silent = (start("run", project, "--port", "0", *more) for more in ((), ("--no-access-log",)))
    for process in (logged, silent):
        paste(process.line("out", is_call))
    assert json.loads(logged.line("err", is_json))["status"] == 200
    assert silent.end() == 0
    assert [line for line in silent.lines["err"] if not line.startswith(PROGRESS)] == []


def test_a_taken_port_is_one_line(start: Callable[..., Process], project: Path) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        port = taken.getsockname()[1]
        process = start("run", project, "--port", port)
        assert process.process.wait(PATIENCE) == 1
        process.end()
    assert process.lines["out"] == []
    (line,) = process.lines["err"]
    assert line.startswith(f"error: port {port} of 127.0.0.1 is taken by another program")


def test_a_broken_definition_is_refused(start: Callable[..., Process], project: Path) -> None:
    (project / "openapi.yaml").write_text(DEFINITION.replace("type: mock", "type: teapot"))
    process = start("run", project, "--port", "0", "--json")
    assert process.process.wait(PATIENCE) == 1
    process.end()
    assert process.lines["out"] == []
    line = DEFINITION.partition("type: mock")[0].count("\n") + 1
    found = next(said for said in process.lines["err"] if not said.startswith(PROGRESS))
    assert found.startswith(f"{project / 'openapi.yaml'}:{line}:15: error: 'teapot' is no type of")


def test_workers_serve_behind_one_port(start: Callable[..., Process], project: Path) -> None:
    process = start("run", project, "--port", "0", "--workers", "2")
    assert paste(process.line("out", is_call)) == {"message": "Hello Ada Lovelace"}
    assert process.end() == 0


def test_an_edit_is_served(start: Callable[..., Process], project: Path) -> None:
    process = start("run", project, "--port", "0", "--reload")
    call = process.line("out", is_call)
    (project / "openapi.yaml").write_text(DEFINITION.replace("Hello $", "Bye $"))
    process.line("err", lambda line: line == "the edit is served")
    assert paste(call) == {"message": "Bye Ada Lovelace"}


def test_serve(start: Callable[..., Process], model: Path) -> None:
    process = start("serve", model, "--port", "0", "--json")
    ready = json.loads(process.line("out", is_json))
    assert ready == {"name": "numbers", "url": ready["url"], "invocations": f"{ready['url']}/invocations"}
    assert ask(f"{ready['url']}/ping")[0] == 200
    status, content_type, text = ask(ready["invocations"], {"numbers": [1, 2, 3]})
    assert (status, content_type, json.loads(text)) == (200, "application/json", {"sum": 6})
    assert process.end(signal.SIGINT) == 0
    assert "numbers | the model is being loaded" in process.lines["err"]
    assert len(process.lines["out"]) == 1


def test_serve_says_why_a_model_does_not_come_up(start: Callable[..., Process], model: Path) -> None:
    (model / "code" / "inference.py").write_text(MODEL.replace("return sum", "raise RuntimeError('no weights')"))
    process = start("serve", model, "--port", "0")
    assert process.process.wait(PATIENCE) == 1
    process.end()
    assert process.lines["out"] == []
    assert process.lines["err"][-1] == "error: numbers exited with code 1 before it was ready"
    assert "numbers | RuntimeError: no weights" in process.lines["err"]


def test_up_is_a_managed_api(start: Callable[..., Process], model: Path) -> None:
    process = start("up", model, "--port", "0", "--json")
    ready = json.loads(process.line("out", is_json))
    assert ready["predict"] == f"{ready['url']}/models/numbers/predict"
    assert ready["apis"] == [
        {"name": "models", "url": f"{ready['url']}/models/numbers", "keys": [ready["key"]]},
    ]
    status, content_type, text = ask(ready["predict"], {"numbers": [1, 2, 3]}, ready["key"])
    assert (status, content_type, json.loads(text)) == (200, "application/json", {"sum": 6})
    assert ask(ready["predict"], {"numbers": [1]})[0] == 403
    assert ask(ready["predict"], {"numbers": [1]}, "x" * 40)[0] == 403
    status, content_type, text = ask(ready["predict"], {"letters": "abc"}, ready["key"])
    assert (status, content_type) == (500, "application/json")
    assert "KeyError" in json.loads(text)["error"]
    assert Path(ready["key_file"]).stat().st_mode & 0o777 == 0o600


def test_up_describes_itself(start: Callable[..., Process], model: Path) -> None:
    (model / "example.json").write_text('{"numbers": [1, 2], "mark": "]]# $input.body <b>"}')
    process = start("up", model, "--port", "0", "--name", "totals")
    call = process.line("out", is_call)
    base = call.rpartition(" ")[2].removesuffix("/predict")
    assert base.endswith("/models/totals")
    assert paste(call) == {"sum": 3}
    status, content_type, text = ask(f"{base}/openapi.json")
    document = json.loads(text)
    assert (status, content_type) == (200, "application/json")
    assert document["servers"] == [{"url": "/models/totals"}]
    operation = document["paths"]["/predict"]["post"]
    assert operation["requestBody"]["content"]["application/json"]["example"] == {
        "numbers": [1, 2],
        "mark": "]]# $input.body <b>",
    }
    for address in (base, f"{base}/"):
        status, content_type, text = ask(address)
        assert (status, content_type) == (200, "text/html; charset=utf-8")
        assert "/models/totals/predict</code>" in text
        assert "$input.body &lt;b&gt;" in text
        assert text.endswith("</html>\n")


def test_up_limits_each_key(start: Callable[..., Process], model: Path) -> None:
    # A bucket of two that is as good as never filled up again.
    process = start("up", model, "--port", "0", "--json", "--rate", "0.001", "--burst", "2")
    ready = json.loads(process.line("out", is_json))
    statuses = [ask(ready["predict"], {"numbers": []}, ready["key"])[0] for _ in range(3)]
    assert statuses == [200, 200, 429]


def test_up_keeps_its_key(start: Callable[..., Process], model: Path) -> None:
    keys = []
    for _ in range(2):
        process = start("up", model, "--port", "0", "--json")
        keys.append(json.loads(process.line("out", is_json))["key"])
        assert process.end() == 0
    assert keys[0] == keys[1]


def test_a_reader_that_goes_away_is_no_traceback(project: Path, environment: dict[str, str]) -> None:
    ended = subprocess.run(
        ["sh", "-c", f"'{COMMAND}' routes '{project}' | true"],
        capture_output=True,
        text=True,
        env=environment,
        timeout=PATIENCE,
        check=False,
    )
    assert [line for line in ended.stderr.splitlines() if not line.startswith(PROGRESS)] == []


def test_check_is_a_command_that_ends(project: Path, environment: dict[str, str]) -> None:
    ended = subprocess.run(
        [str(COMMAND), "check", str(project)],
        capture_output=True,
        text=True,
        env=environment,
        timeout=PATIENCE,
        check=False,
    )
    assert ended.returncode == 0
    assert ended.stdout.endswith("1 served, 0 differ, 0 ignored\n")
