"""Which Python runs an app, and which command a script is: as the CDK's command line runs them."""

import json
import os
import sys
from pathlib import Path

import pytest

from inferway.formats.cdk.project import read_project
from inferway.formats.cdk.synthesis import run
from inferway.formats.resources import Environment

WRITE = """\
#!/bin/sh
mkdir -p "$CDK_OUTDIR" && echo '{"version": "%s"}' > "$CDK_OUTDIR/manifest.json"
"""


def script(path: Path, says: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(WRITE % says, "utf-8")
    path.chmod(0o755)
    return path


def ran(folder: Path, app: str, environment: Environment | None = None) -> str:
    """Run an app, and give what the interpreter that ran it says of itself."""
    path = folder / "cdk.json"
    path.write_text(json.dumps({"app": app}), "utf-8")
    made = run(read_project(path, []), environment or Environment(), path)
    assert made.out is not None, made.findings
    version: str = json.loads((made.out / "manifest.json").read_text("utf-8"))["version"]
    return version


@pytest.fixture(autouse=True)
def inactive(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("VIRTUAL_ENV", raising=False)


@pytest.mark.parametrize("name", ["python", "python3"])
def test_a_project_has_its_own_python(tmp_path: Path, name: str) -> None:
    script(tmp_path / ".venv" / "bin" / name, "own")
    assert ran(tmp_path, f"{name} app.py") == "own"


def test_an_active_environment_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = script(tmp_path / "active" / "bin" / "python", "active").parent
    monkeypatch.setenv("VIRTUAL_ENV", str(folder.parent))
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
    assert ran(tmp_path, "python app.py") == "active"


def test_a_bound_python_is_taken_before_both(tmp_path: Path) -> None:
    script(tmp_path / ".venv" / "bin" / "python", "own")
    bound = script(tmp_path / "a folder" / "python", "bound")
    assert ran(tmp_path, "python app.py", Environment(python=str(bound))) == "bound"


def test_without_any_it_is_ours(tmp_path: Path) -> None:
    text = "import os, pathlib, sys\n(out := pathlib.Path(os.environ['CDK_OUTDIR'])).mkdir()\n"
    text += "(out / 'manifest.json').write_text('{\"version\": \"%s\"}' % sys.prefix)"
    (tmp_path / "app.py").write_text(text, "utf-8")
    assert ran(tmp_path, "python3 app.py") == sys.prefix


def test_a_script_of_node_needs_no_word_before_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = script(tmp_path / "bin" / "node", "node").parent
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
    (tmp_path / "app.js").write_text("", "utf-8")
    assert ran(tmp_path, "app.js") == "node"


def test_a_command_may_be_a_list(tmp_path: Path) -> None:
    script(tmp_path / "node_modules" / ".bin" / "synthesizer", "installed")
    (tmp_path / "cdk.json").write_text('{"app": ["synthesizer", "--all"]}', "utf-8")
    made = run(read_project(tmp_path / "cdk.json", []), Environment(), tmp_path / "cdk.json")
    assert made.out is not None
