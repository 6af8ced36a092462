"""Programs that fail end the command with their own words and their own exit status."""

import json
import subprocess
from pathlib import Path

import pytest

PORT = {"run": ["--port", "0"], "check": []}


@pytest.mark.parametrize("verb", ["run", "check"])
@pytest.mark.parametrize(
    ("text", "status", "said"),
    [
        ('{}["model"]', 1, "KeyError: 'model'"),
        ("raise SystemExit(7)", 7, "sys.exit(7)"),
        ("raise SystemExit('no model is here')", 1, "no model is here"),
        ("__import__('os')._exit(300 & 0xff)", 44, "exit code 44"),
        ("__import__('os').kill(__import__('os').getpid(), 9)", 137, "SIGKILL"),
        ("raise SystemExit()", 1, "sys.exit(None)"),
    ],
)
def test_a_failing_program_has_its_own_exit_status(
    tmp_path: Path, command: Path, verb: str, text: str, status: int, said: str
) -> None:
    (tmp_path / "Pulumi.yaml").write_text("name: p\nruntime: python\n")
    (tmp_path / "__main__.py").write_text(f"import pulumi\n{text}\n")
    ended = subprocess.run(
        [command, verb, tmp_path, *PORT[verb]], capture_output=True, text=True, check=False, timeout=120
    )
    assert ended.returncode == status, ended.stderr
    assert said in ended.stdout + ended.stderr


def test_a_failing_program_shows_its_own_traceback(tmp_path: Path, command: Path) -> None:
    (tmp_path / "Pulumi.yaml").write_text("name: p\nruntime: python\n")
    (tmp_path / "__main__.py").write_text('import pulumi\n{}["model"]\n')
    ended = subprocess.run(
        [command, "run", tmp_path, *PORT["run"]], capture_output=True, text=True, check=False, timeout=120
    )
    lines = [line.removeprefix("p | ").strip() for line in ended.stderr.splitlines() if line.startswith("p | ")]
    assert lines[0] == "Traceback (most recent call last):"
    assert lines[1] == f'File "{tmp_path}/__main__.py", line 2, in <module>'
    assert lines[-1] == "KeyError: 'model'"


@pytest.mark.parametrize(("command_of_app", "status"), [("exit 9", 9), ("kill -TERM $$", 143), ("false", 1)])
def test_a_failing_cdk_app_has_its_own_exit_status(
    tmp_path: Path, command: Path, command_of_app: str, status: int
) -> None:
    (tmp_path / "cdk.json").write_text(json.dumps({"app": command_of_app}))
    ended = subprocess.run([command, "check", tmp_path], capture_output=True, text=True, check=False, timeout=120)
    assert ended.returncode == status, ended.stdout + ended.stderr
