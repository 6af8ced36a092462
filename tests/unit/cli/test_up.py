from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result

Call = Callable[..., Result]


@pytest.fixture(autouse=True)
def _state(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))


def test_a_folder_that_is_no_model_is_refused_with_its_finding(call: Call, tmp_path: Path) -> None:
    folder = tmp_path / "empty"
    folder.mkdir()
    script = folder / "code" / "inference.py"
    result = call("up", folder, "--port", "0")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.splitlines() == [
        f"{script}: error: a model folder needs code/inference.py, with predict_fn [model-script-missing]",
        f"error: {folder} is not served, for the errors above",
    ]


@pytest.mark.parametrize("name", ["a b", "-a", "a/b", "x" * 64])
def test_a_name_that_cannot_be_one_is_refused_in_one_line(call: Call, model: Path, name: str) -> None:
    result = call("up", model, f"--name={name}")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith(f"error: {name!r} cannot be a name")
    assert result.stderr.count("\n") == 1


def test_a_key_that_was_spoilt_is_refused(call: Call, model: Path, tmp_path: Path) -> None:
    folder = tmp_path / "empty"
    folder.mkdir()
    call("up", folder)
    (file,) = (tmp_path / "state" / "inferway" / "keys").iterdir()
    file.write_text("short\n")
    result = call("up", folder)
    assert result.exit_code == 1
    assert result.stderr.startswith(f"error: {file} holds no API key")
