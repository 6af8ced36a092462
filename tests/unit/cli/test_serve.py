from collections.abc import Callable
from pathlib import Path

from typer.testing import Result

Call = Callable[..., Result]


def test_a_folder_that_is_no_model_is_refused_with_its_finding(call: Call, tmp_path: Path) -> None:
    result = call("serve", tmp_path, "--port", "0")
    assert (result.exit_code, result.stdout) == (1, "")
    finding, error = result.stderr.splitlines()
    assert finding.startswith(f"{tmp_path / 'code' / 'inference.py'}: error: ")
    assert error == f"error: {tmp_path} is not served, for the errors above"


def test_an_example_that_is_no_json_is_refused(call: Call, model: Path) -> None:
    (model / "example.json").write_text("{")
    result = call("serve", model)
    assert result.exit_code == 1
    assert result.stderr.startswith(f"error: {model / 'example.json'}: no JSON: ")
