"""An app that loops, prints without end, forks or wants the network: bounded, and nothing of it stays."""

import json
import shlex
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from inferway.formats.cdk.program import App, Ending, synthesize


def run(folder: Path, text: str, seconds: float = 60.0) -> Ending:
    main = folder / "app.py"
    main.write_text(text, "utf-8")
    command = f"{shlex.quote(sys.executable)} app.py"
    return synthesize(App(command=command, folder=folder, out=folder / "out", seconds=seconds))


def test_an_app_that_loops_is_ended_with_what_it_started(tmp_path: Path) -> None:
    text = """\
import subprocess, sys, pathlib
sleep = [sys.executable, "-c", "import time; time.sleep(1000)"]
children = [subprocess.Popen(sleep), subprocess.Popen(sleep, start_new_session=True)]
pathlib.Path("children").write_text(" ".join(str(child.pid) for child in children))
while True: pass
"""
    ending = run(tmp_path, text, seconds=3.0)
    assert ending.timed_out
    children = (tmp_path / "children").read_text("utf-8").split()
    assert [(Path("/proc") / child).exists() for child in children] == [False, False]


def test_what_an_app_prints_is_kept_in_part(tmp_path: Path) -> None:
    ending = run(
        tmp_path, "for n in range(200_000): print('line', n)\nprint('x' * 10_000_000)\nraise ValueError('end')"
    )
    assert (ending.code, ending.lines[-1]) == (1, "ValueError: end")
    assert sum(map(len, ending.lines)) < 1_000_000


def test_an_app_has_no_network(tmp_path: Path) -> None:
    text = "import urllib.request\nurllib.request.urlopen('http://example.com', timeout=5)"
    ending = run(tmp_path, text)
    assert ending.code == 1
    assert "refused" in "\n".join(ending.lines)


def test_an_app_that_reads_its_input_gets_none(tmp_path: Path) -> None:
    assert run(tmp_path, "import sys\nsys.exit(len(sys.stdin.read()))").code == 0


TOLD = "import json, os, sys\nprint(json.dumps(dict(os.environ)))"


def environment(folder: Path, context: Mapping[str, Any] | None = None) -> dict[str, str]:
    (folder / "app.py").write_text(TOLD, "utf-8")
    command = f"{shlex.quote(sys.executable)} app.py > told.json"
    app = App(
        command=command, folder=folder, out=folder / "out", context=context or {}, account="1", region="eu-west-1"
    )
    assert synthesize(app).code == 0
    told: dict[str, str] = json.loads((folder / "told.json").read_text("utf-8"))
    return told


def test_an_app_is_told_what_the_command_line_tells(tmp_path: Path) -> None:
    told = environment(tmp_path, {"colour": "blue"})
    assert (told["CDK_OUTDIR"], told["CDK_DEFAULT_ACCOUNT"], told["CDK_DEFAULT_REGION"]) == (
        str(tmp_path / "out"),
        "1",
        "eu-west-1",
    )
    assert json.loads(told["CDK_CONTEXT_JSON"])["colour"] == "blue"
    assert "CONTEXT_OVERFLOW_LOCATION_ENV" not in told


def test_an_app_gets_no_credentials(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hidden = ("AWS_ACCESS_KEY_ID", "AWS_PROFILE", "AZURE_CLIENT_SECRET", "GOOGLE_APPLICATION_CREDENTIALS")
    for name in (*hidden, "CDK_DEPLOY_ACCOUNT"):
        monkeypatch.setenv(name, "secret")
    told = environment(tmp_path)
    assert [name for name in hidden if name in told] == []
    assert told["AWS_SHARED_CREDENTIALS_FILE"] == "/dev/null"
    assert told["CDK_DEPLOY_ACCOUNT"] == "secret"


def test_a_context_that_no_variable_holds_is_in_a_file(tmp_path: Path) -> None:
    told = environment(tmp_path, {"large": "x" * 200_000})
    assert "large" not in json.loads(told["CDK_CONTEXT_JSON"])
    content = json.loads(Path(told["CONTEXT_OVERFLOW_LOCATION_ENV"]).read_text("utf-8"))
    assert len(content["large"]) == 200_000


def test_what_a_project_has_installed_comes_first(tmp_path: Path) -> None:
    (tmp_path / "node_modules" / ".bin").mkdir(parents=True)
    assert environment(tmp_path)["PATH"].startswith(f"{tmp_path}/node_modules/.bin:")
