"""Canary releases of a running gateway: a rule ends them, an operator does, and it holds after a restart."""

import json
import re
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

DEFINITION = """
openapi: "3.0.1"
info: {title: t, version: "1"}
paths:
  /a:
    get:
      responses: {"200": {description: ok}, "500": {description: no}}
      x-amazon-apigateway-integration:
        type: mock
        requestTemplates: {application/json: '{"statusCode": STATUS}'}
        responses:
          default: {statusCode: "200", responseTemplates: {application/json: REVISION}}
          "500": {statusCode: "500", responseTemplates: {application/json: REVISION}}
"""
BINDINGS = """
[apis.t.stages.prod.canary]
percent = 50
definition = "next.yaml"
rule = { errors = 5.0, requests = 20, bake = BAKE }
"""
Start = Callable[..., Any]


def project(folder: Path, status: int, bake: float) -> Path:
    """Write a stage that is well, and a release that answers with a status."""
    for name, text in (("openapi", "200 one"), ("next", f"{status} two")):
        code, revision = text.split()
        (folder / f"{name}.yaml").write_text(DEFINITION.replace("STATUS", code).replace("REVISION", revision))
    (folder / "inferway.toml").write_text(BINDINGS.replace("BAKE", str(bake)))
    return folder / "openapi.yaml"


def bodies(gateway: Any, count: int) -> list[str]:
    return [gateway.send("GET", "/t/prod/a").body.decode() for _ in range(count)]


def canaries(gateway: Any) -> list[dict[str, Any]]:
    shown: list[dict[str, Any]] = gateway.send("GET", "/_inferway/canaries").json["canaries"]
    return shown


def until(gateway: Any, condition: Callable[[list[dict[str, Any]]], bool]) -> list[dict[str, Any]]:
    deadline = time.monotonic() + 40
    while not condition(shown := canaries(gateway)):
        assert time.monotonic() < deadline, shown
        time.sleep(0.1)
    return shown


def call(command: Path, gateway: Any, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [command, "canary", *arguments, "--url", gateway.url], capture_output=True, text=True, timeout=60, check=False
    )


@pytest.mark.parametrize("workers", ["1", "2"])
def test_a_release_that_fails_is_rolled_back_and_stays_so(
    tmp_path: Path, start: Start, command: Path, workers: str
) -> None:
    path = project(tmp_path, 500, 3600)
    gateway = start(path, "--workers", workers)
    assert set(bodies(gateway, 100)) == {"one", "two"}
    ended = until(gateway, lambda shown: [each["state"] for each in shown] == ["rolled back"])[0]
    assert (ended["name"], ended["by"]) == ("t:prod", "rule")
    assert ended["requests"] == ended["errors"] >= 20
    assert ended["reason"].endswith("100.0 %: more than 5 %")
    deadline = time.monotonic() + 40
    while set(bodies(gateway, 60)) != {"one"}:  # a worker hears of it a moment later
        assert time.monotonic() < deadline
    assert set(bodies(gateway, 60)) == {"one"}
    gateway.said("canary t:prod is rolled back by rule")
    assert "t:prod  rolled back by rule" in call(command, gateway).stdout
    gateway.stop()
    again = start(path, "--workers", workers)
    assert set(bodies(again, 60)) == {"one"}
    assert [each["state"] for each in canaries(again)] == ["rolled back"]
    journal = (tmp_path / "state" / "releases.jsonl").read_text().splitlines()
    assert [json.loads(line)["outcome"] for line in journal] == ["rolled back"]


def test_a_release_whose_bounds_hold_is_promoted(tmp_path: Path, start: Start) -> None:
    path = project(tmp_path, 200, 0)
    gateway = start(path)
    assert set(bodies(gateway, 80)) >= {"two"}
    ended = until(gateway, lambda shown: [each["state"] for each in shown] == ["promoted"])[0]
    assert (ended["by"], ended["errors"]) == ("rule", 0)
    assert set(bodies(gateway, 40)) == {"two"}
    gateway.stop()
    again = start(path)
    assert set(bodies(again, 40)) == {"two"}
    again.stop()
    (tmp_path / "next.yaml").write_text(
        DEFINITION.replace("STATUS", "200").replace("REVISION", "three")
    )  # another release, which has not ended
    third = start(path)
    assert set(bodies(third, 60)) == {"one", "three"}


def test_an_operator_ends_a_release(tmp_path: Path, start: Start, command: Path) -> None:
    gateway = start(project(tmp_path, 200, 3600))
    bodies(gateway, 10)
    shown = until(gateway, lambda shown: sum(shown[0][side]["requests"] for side in ("stage", "canary")) == 10)
    assert (shown[0]["state"], shown[0]["percent"]) == ("under way", 50)
    told = call(command, gateway)
    assert (told.returncode, "t:prod" in told.stdout, "errors ≤ 5 %" in told.stdout) == (0, True, True)
    none = call(command, gateway, "promote", "u:prod")
    assert (none.returncode, "no canary release of 'u:prod' is under way; under way are: t:prod" in none.stderr) == (
        1,
        True,
    )
    assert call(command, gateway, "promote").returncode == 2
    done = call(command, gateway, "rollback", "t:prod", "--reason", "a [feeling]")
    assert (done.returncode, done.stdout) == (0, "t:prod is rolled back\n")
    assert set(bodies(gateway, 30)) == {"one"}
    assert "rolled back by operator: a [feeling]" in call(command, gateway).stdout
    assert call(command, gateway, "promote", "t:prod").returncode == 1
    assert call(command, gateway, "restart", "t:prod").stdout == "t:prod is restarted\n"
    assert set(bodies(gateway, 60)) == {"one", "two"}
    assert call(command, gateway, "restart", "t:prod").returncode == 1


def test_the_page_is_for_this_machine_alone(tmp_path: Path, start: Start) -> None:
    gateway = start(project(tmp_path, 200, 3600))
    evil = {"host": "evil.example"}
    assert gateway.send("GET", "/_inferway/canaries", evil).status == 403
    document = json.dumps({"name": "t:prod", "outcome": "promoted"})
    kind = {"content-type": "application/json"}
    assert (
        gateway.send("POST", "/_inferway/canaries", {**kind, "origin": "http://evil.example"}, document).status == 403
    )
    assert gateway.send("POST", "/_inferway/canaries", {"content-type": "text/plain"}, document).status == 415
    for bad in ("", "[]", "{}", '{"name": "t:prod", "outcome": "blown up"}', '{"name": 1, "outcome": "promoted"}'):
        assert gateway.send("POST", "/_inferway/canaries", kind, bad).status == 400, bad
    assert [each["state"] for each in canaries(gateway)] == ["under way"]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("percent = 101", "a canary's percent is 0 to 100"),
        ('definition = "none.yaml"', "there is no none.yaml"),
        ("rule = { bake = 5 }", "a rule needs errors or latency"),
        ("rule = { errors = 1, colour = 5 }", "unknown key 'colour'"),
        ("share = 5", "unknown key 'share'"),
    ],
)
def test_bad_bindings_are_told_with_their_place(tmp_path: Path, command: Path, line: str, said: str) -> None:
    path = project(tmp_path, 200, 3600)
    (tmp_path / "inferway.toml").write_text(f"[apis.t.stages.prod.canary]\n{line}\n")
    done = subprocess.run([command, "check", path], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 1
    (told,) = [each for each in done.stdout.splitlines() if said in each]
    assert re.search(r"\binferway\.toml:[12]: error: ", told)
