"""An edit below a project of projects is served, and one that cannot be leaves what was there."""

import json
import shutil
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest

SERVED = "the edit is served"
NOT_SERVED = "the edit is not served"
MODELS = {"x-api-key": "da2-modelmanagementexample000", "content-type": "application/json"}
AZURE = {"Ocp-Apim-Subscription-Key": "f1ed0025f1ed0025f1ed0025f1ed0025", "content-type": "application/json"}
BODY = '{"user_id": 321, "items": [101, 131]}'


@pytest.fixture
def two(copied: Path) -> Path:
    (copied / "inferway.toml").write_text('projects = ["management", "apim"]\n')
    return copied


def change(file: Path, before: str, after: str) -> None:
    """Edit a file as editors do: a new file in the place of the old one."""
    text = file.read_text()
    assert before in text
    new = file.with_suffix(".new")
    new.write_text(text.replace(before, after))
    new.replace(file)


def query(gateway: Any, key: str, text: str = "{ listModels { name } }") -> Any:
    return gateway.send("POST", "/graphql-api/graphql", {**MODELS, "x-api-key": key}, json.dumps({"query": text}))


def predict(gateway: Any, key: str = AZURE["Ocp-Apim-Subscription-Key"]) -> Any:
    return gateway.send("POST", "/ml-model/predict", {**AZURE, "Ocp-Apim-Subscription-Key": key}, BODY)


def until(gateway: Any, ask: Any, status: int) -> Any:
    """Ask until an answer has a status: with several workers each swaps in its own time."""
    deadline = time.monotonic() + 30
    while (answer := ask(gateway)).status != status:
        assert time.monotonic() < deadline, answer.body
        time.sleep(0.05)
    return answer


@pytest.mark.parametrize("workers", [(), ("--workers", "2")])
def test_bindings_of_a_project_below(start: Any, two: Path, workers: tuple[str, ...]) -> None:
    gateway = start(two, "--reload", *workers)
    old, new = MODELS["x-api-key"], "da2-anotherkeythatisboundnow0"
    assert (query(gateway, old).status, query(gateway, new).status) == (200, 401)
    change(two / "management" / "inferway.toml", old, new)
    gateway.said(SERVED)
    until(gateway, lambda node: query(node, new), 200)
    until(gateway, lambda node: query(node, old), 401)
    assert predict(gateway).status == 200

    change(two / "apim" / "inferway.toml", "[endpoints.", "[endpoint.")
    gateway.said(NOT_SERVED)
    assert predict(gateway).status == 200
    change(two / "apim" / "inferway.toml", "[endpoint.", "[endpoints.")
    gateway.said(SERVED, times=2)
    assert predict(gateway).status == 200
    assert gateway.stop() == 0


def test_files_that_a_program_reads(start: Any, two: Path) -> None:
    gateway = start(two, "--reload")
    assert predict(gateway).headers["x-model"].startswith("movies;")
    change(two / "apim" / "api-policy.xml", "movies; operation", "films; operation")
    gateway.said(SERVED)
    assert predict(gateway).headers["x-model"].startswith("films;")


def test_a_model_of_before_an_edit_is_stopped(start: Any, two: Path, examples: Path) -> None:
    """With two workers too: its servers go when the last worker has swapped, and no call is lost on the way."""
    model = two / "model"
    shutil.copytree(examples / "movies" / "model", model)
    for name in ("management", "apim"):
        change(two / name / "inferway.toml", f"{examples}/movies/model", str(model))
    gateway = start(two, "--reload", "--workers", "2")
    assert predict(gateway).status == 200
    before = processes(gateway)
    script = model / "code" / "inference.py"
    for n in range(2):
        script.write_text(f"{script.read_text()}\n# {n}\n")
        gateway.said(SERVED, times=n + 1)
        assert predict(gateway).status == 200
    deadline = time.monotonic() + 20
    while len(after := processes(gateway)) > len(before):
        assert time.monotonic() < deadline, after
        time.sleep(0.1)
    assert gateway.stop() == 0


def processes(gateway: Any) -> list[str]:
    """Give what the gateway's process has started."""
    listed = subprocess.run(["ps", "-o", "args=", "--ppid", str(gateway.process.pid)], capture_output=True, check=False)
    return listed.stdout.decode().splitlines()


def test_training_that_is_bound_while_two_workers_serve(start: Any, two: Path, examples: Path) -> None:
    """The control plane lives in the workers' parent; an edit of what it trains must reach it."""
    bindings = two / "management" / "inferway.toml"
    text = bindings.read_text()
    cut = text.index("[training."), text.index("[endpoints.")
    bindings.write_text(text[: cut[0]] + text[cut[1] :])
    gateway = start(two, "--reload", "--workers", "2")
    train = 'mutation { startTraining(name: "NAME") { status } }'
    refused = query(gateway, MODELS["x-api-key"], train.replace("NAME", "early")).json
    assert "errors" in refused
    bindings.write_text(text)
    gateway.said(SERVED)
    deadline = time.monotonic() + 30
    while "errors" in (given := query(gateway, MODELS["x-api-key"], train.replace("NAME", "late")).json):
        assert time.monotonic() < deadline, given
        time.sleep(0.1)
    assert given["data"] == {"startTraining": {"status": "InProgress"}}
    assert gateway.stop() == 0


def test_a_control_plane_that_comes_while_two_workers_serve(start: Any, two: Path) -> None:
    """Without tables and training there is none at first; then each worker must find the one of their parent."""
    (two / "inferway.toml").write_text('projects = ["apim"]\n')
    gateway = start(two, "--reload", "--workers", "2")
    assert predict(gateway).status == 200
    (two / "inferway.toml").write_text('projects = ["apim", "management"]\n')
    gateway.said(SERVED)
    add = 'mutation { addModel(name: "NAME") { name } }'
    until(gateway, lambda node: query(node, MODELS["x-api-key"]), 200)
    for n in range(12):  # of twelve connections some go to each worker
        until(gateway, lambda node: query(node, MODELS["x-api-key"]), 200)
        made = query(gateway, MODELS["x-api-key"], add.replace("NAME", f"m{n}")).json
        assert made == {"data": {"addModel": {"name": f"m{n}"}}}
        group = f'mutation {{ createGroup(name: "g{n}") }}'
        assert "errors" not in query(gateway, MODELS["x-api-key"], group).json
    assert not any("Traceback" in line or "belongs to another" in line for line in gateway.errors)
    assert gateway.stop() == 0
