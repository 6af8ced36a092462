"""What the examples' READMEs show: every `curl` line of theirs gives the answer that stands below it."""

import json
import re
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

EXAMPLES = Path(__file__).parents[3] / "examples"
CALL = re.compile(r"^```sh\n(curl .*)\n```\n\n```json\n(.*)\n```$", re.MULTILINE)
ADDRESS = "http://127.0.0.1:8080"
ASKED = "-H 'content-type: application/json' -d '{\"text\": \"pfff, what a lovely day\"}'"
Run = Callable[[str], str]


def calls(name: str) -> list[tuple[str, Any]]:
    text = (EXAMPLES / name / "README.md").read_text("utf-8")
    return [(line, json.loads(answer)) for line, answer in CALL.findall(text)]


def paste(line: str, url: str) -> Any:
    text = line.replace(ADDRESS, url).replace("$(python examples", f"$({sys.executable} {EXAMPLES}")
    ended = subprocess.run(text, shell=True, capture_output=True, text=True, timeout=60, check=False)
    assert ended.returncode == 0, ended.stderr
    return json.loads(ended.stdout)


@pytest.mark.parametrize(("name", "count"), [("iam", 3), ("jwt", 2)])
def test_every_call_gives_its_answer(run: Run, name: str, count: int) -> None:
    lines = calls(name)
    assert len(lines) == count
    url = run(name)
    for line, answer in lines:
        given = json.dumps(paste(line, url))
        # The API's identifier is made anew for each definition's place.
        assert json.loads(re.sub(r":[a-z0-9]{10}/prod/", ":API/prod/", given)) == answer


def status(url: str) -> str:
    line = f"curl -s -o /dev/null -w '%{{http_code}}' {ASKED} {url}/reading/prod/seconds"
    return subprocess.run(line, shell=True, capture_output=True, text=True, timeout=60, check=True).stdout


def test_the_canary_rolls_itself_back(run: Run) -> None:
    ((line, answer),) = calls("canary")
    url = run("canary")
    deadline = time.monotonic() + 90
    seen: list[str] = []
    while "rolled back" not in told(url):
        assert time.monotonic() < deadline, seen
        seen += [status(url) for _ in range(20)]
    assert set(seen) == {"200", "502"}
    assert "reading:prod  rolled back by rule" in told(url)
    assert {status(url) for _ in range(30)} == {"200"}
    assert paste(line, url) == answer


def told(url: str) -> str:
    command = [str(Path(sys.executable).with_name("inferway")), "canary", "--url", url]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=True).stdout


def test_the_web_acl_decides_as_its_readme_says(run: Run) -> None:
    text = (EXAMPLES / "waf" / "README.md").read_text("utf-8")
    calls = re.findall(r"^(curl .*localhost:8080/shop.*?) +# (\d{3})", text, re.MULTILINE)
    assert len(calls) == 4
    url = run("waf").removeprefix("http://")
    for line, wanted in calls:
        text = line.replace("localhost:8080", url).replace("curl ", "curl -s -o /dev/null -w '%{http_code}' ", 1)
        given = subprocess.run(text, shell=True, capture_output=True, text=True, timeout=60, check=True).stdout
        assert (line, given) == (line, wanted)
