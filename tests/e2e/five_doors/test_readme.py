"""Every `curl` line of the example's READMEs, pasted into a shell, gives the answer that stands below it."""

import json
import re
import shlex
import subprocess
import time
from pathlib import Path
from typing import Any, NamedTuple

import pytest

DOORS = Path(__file__).parents[3] / "examples" / "five-doors"
README, WALK = DOORS / "README.md", DOORS / "management" / "README.md"
CALL = re.compile(r"^```sh\n(curl .*)\n```\n\n```json\n(.*)\n```$", re.MULTILINE)
ADDRESS = "http://127.0.0.1:8080"
VOLATILE = frozenset(("id", "storedAt"))
"""What is another each time."""

FINAL = ("Completed", "InService")
PATIENCE = 30.0


class Call(NamedTuple):
    """A line and what it is said to answer."""

    line: str
    answer: Any


def calls(document: Path) -> list[Call]:
    return [Call(line, json.loads(answer)) for line, answer in CALL.findall(document.read_text("utf-8"))]


def paste(line: str, url: str) -> Any:
    ended = subprocess.run(line.replace(ADDRESS, url), shell=True, capture_output=True, text=True, timeout=60)
    assert ended.returncode == 0, ended.stderr
    return json.loads(ended.stdout)


def differences(given: Any, wanted: Any, path: str = "") -> list[str]:
    """Tell where two documents differ; numbers may by a millionth, since a model's arithmetic is the machine's."""
    if isinstance(wanted, dict) and isinstance(given, dict) and given.keys() == wanted.keys():
        return [text for name in wanted for text in differences(given[name], wanted[name], f"{path}.{name}")]
    if isinstance(wanted, list) and isinstance(given, list) and len(given) == len(wanted):
        pairs = enumerate(zip(given, wanted, strict=True))
        return [text for number, pair in pairs for text in differences(*pair, f"{path}[{number}]")]
    if path.rpartition(".")[2] in VOLATILE:
        return [] if given and isinstance(given, str) else [f"{path}: {given!r}"]
    same = given == pytest.approx(wanted, rel=1e-6) if isinstance(wanted, float) else given == wanted
    return [] if same else [f"{path}: {given!r} is not {wanted!r}"]


@pytest.mark.parametrize("document", [README, WALK], ids=["doors", "walk"])
def test_every_call_has_its_answer_and_the_default_address(document: Path) -> None:
    text = document.read_text("utf-8")
    lines = [line for line in text.splitlines() if "curl " in line and not line.startswith(("|", "`"))]
    assert [call.line for call in calls(document)] == lines
    assert all(line.count(ADDRESS) == 1 for line in lines)


def test_each_seed_has_its_sample_call() -> None:
    first, second, *_ = (call.line for call in calls(README))
    assert first == f'curl "{ADDRESS}/article/prod/predicted-ratings/321?items=101,131,162&"'
    assert "--aws-sigv4" in shlex.split(second)
    text = " ".join(call.line for call in calls(README))
    for name in ("predictImageLabel", "addModel", "getModel", "/ml-model/predict"):
        assert name in text


def test_the_lines_answer_as_they_are_said_to(five: Any) -> None:
    found = {line: told for line, wanted in calls(README) if (told := differences(paste(line, five.url), wanted))}
    assert found == {}


def test_the_walk_goes_as_it_is_said_to(five: Any) -> None:
    """What is still under way is asked again, and the prediction that was stored is the one that is read."""
    found: dict[str, list[str]] = {}
    stored = ""
    for line, wanted in calls(WALK):
        if "getPrediction" in line:
            line = re.sub(r'id: \\"[^\\]+', f'id: \\\\"{stored}', line)
        answer = paste(line, five.url)
        deadline = time.monotonic() + PATIENCE
        under_way = any(status in json.dumps(wanted) for status in FINAL)
        while under_way and differences(answer, wanted) and time.monotonic() < deadline:
            time.sleep(0.2)
            answer = paste(line, five.url)
        if "storePrediction" in line:
            stored = answer["data"]["storePrediction"]["id"]
        if "getPrediction" in line:
            assert answer["data"]["getPrediction"]["id"] == stored
        if told := differences(answer, wanted):
            found[line] = told
    assert found == {}
