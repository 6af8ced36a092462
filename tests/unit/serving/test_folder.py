"""What check_model_folder finds, with file and line, without running the script."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inferway.faults import Findings, Severity
from inferway.serving.folder import ModelFolderError, check_model_folder, script_of

WriteModel = Callable[..., Path]

GOOD = """
def model_fn(model_dir): return None
def predict_fn(data, model): return data
"""


def codes(findings: Findings) -> list[tuple[str, int]]:
    return [(finding.code, finding.place.line) for finding in findings]


def test_a_good_folder_has_no_findings(write_model: WriteModel) -> None:
    assert check_model_folder(write_model(GOOD)) == ()


def test_the_script_is_not_run(write_model: WriteModel) -> None:
    assert check_model_folder(write_model("raise SystemExit('ran')\n" + GOOD)) == ()


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    (finding,) = check_model_folder(tmp_path / "absent")
    assert (finding.severity, finding.code) == (Severity.ERROR, "model-folder-missing")
    assert finding.place.file == str(tmp_path / "absent")


def test_a_folder_without_a_script_names_the_file_it_needs(tmp_path: Path) -> None:
    (finding,) = check_model_folder(tmp_path)
    assert finding.code == "model-script-missing"
    assert finding.place.file == str(tmp_path / "code" / "inference.py")


def test_a_syntax_error_has_its_line_and_column(write_model: WriteModel) -> None:
    folder = write_model("def model_fn(model_dir):\n    return (1\n\nx = = 2\n")
    (finding,) = check_model_folder(folder)
    assert finding.code == "model-script-syntax"
    assert (finding.place.line, finding.place.column) == (2, 12)
    assert str(finding).startswith(f"{folder}/code/inference.py:2:12: error: ")


@pytest.mark.parametrize(
    "content",
    [b"\xff\xfe nonsense", b"x = 1\x00", b"# -*- coding: no-such -*-\n", b"(" * 100_000, b"-" * 100_000 + b"1"],
)
def test_a_file_that_is_no_python_is_one_finding(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "code").mkdir()
    (tmp_path / "code" / "inference.py").write_bytes(content)
    (finding,) = check_model_folder(tmp_path)
    assert finding.severity is Severity.ERROR


@given(st.binary(max_size=60))
def test_any_bytes_give_findings_and_nothing_else(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    folder = tmp_path_factory.mktemp("model")
    (folder / "code").mkdir()
    (folder / "code" / "inference.py").write_bytes(content)
    assert check_model_folder(folder)


def test_no_predict_fn_is_an_error(write_model: WriteModel) -> None:
    assert codes(check_model_folder(write_model("def model_fn(d): ..."))) == [("predict-fn-missing", 1)]


def test_model_fn_is_optional(write_model: WriteModel) -> None:
    assert codes(check_model_folder(write_model("def predict_fn(d, m): ..."))) == []


def test_transform_fn_takes_the_place_of_predict_fn(write_model: WriteModel) -> None:
    folder = write_model("def model_fn(d): ...\ndef transform_fn(model, body, content_type, accept): ...\n")
    assert check_model_folder(folder) == ()


def test_transform_fn_beside_the_others_is_an_error_at_its_line(write_model: WriteModel) -> None:
    # sagemaker-inference-toolkit, transformer.py: "Cannot use transform_fn implementation in conjunction with ..."
    folder = write_model(GOOD + "\n\ndef transform_fn(model, body, content_type, accept): ...\n")
    assert codes(check_model_folder(folder)) == [("transform-fn-conflict", 6)]


@pytest.mark.parametrize(
    "definition",
    [
        "from elsewhere import predict_fn",
        "from elsewhere import run as predict_fn",
        "predict_fn = lambda data, model: data",
        "predict_fn: object = print",
        "other, predict_fn = 1, 2",
        "try:\n    from fast import predict_fn\nexcept ImportError:\n    pass",
        "try:\n    pass\nexcept ImportError:\n    def predict_fn(d, m): ...",
        "if True:\n    pass\nelse:\n    def predict_fn(d, m): ...",
        "class predict_fn: ...",
        "from elsewhere import *",
    ],
)
def test_every_way_to_bind_the_name_counts(write_model: WriteModel, definition: str) -> None:
    assert check_model_folder(write_model(f"def model_fn(d): ...\n{definition}\n")) == ()


def test_a_function_inside_another_does_not_count(write_model: WriteModel) -> None:
    folder = write_model("def model_fn(d):\n    def predict_fn(d, m): ...\n")
    assert codes(check_model_folder(folder)) == [("predict-fn-missing", 1)]


def test_another_program_can_be_named(write_model: WriteModel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = write_model("", serve=GOOD)
    assert check_model_folder(folder, "serve.py") == ()
    assert script_of(folder, "serve") == folder / "code" / "serve.py"
    monkeypatch.setenv("SAGEMAKER_PROGRAM", "serve.py")
    assert script_of(folder) == folder / "code" / "serve.py"


def test_the_error_shows_every_finding(tmp_path: Path) -> None:
    findings = check_model_folder(tmp_path / "absent")
    assert str(ModelFolderError(findings)) == str(findings[0])
    assert ModelFolderError(findings).findings == findings
