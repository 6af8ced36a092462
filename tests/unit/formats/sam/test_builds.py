"""Which code runs where `sam build` has been: its folder while it is up to date, since dependencies are in it."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

FUNCTION = """\
  Predict:
    Type: AWS::Serverless::Function
    Properties: {Runtime: python3.12, Handler: app.handler, CodeUri: src/}
"""
BUILT = ".aws-sam/build"
FILES = {f"{BUILT}/template.yaml": "", f"{BUILT}/Predict/app.py": "", "src/app.py": "", "src/node_modules/x.js": ""}


@pytest.fixture
def build(tmp_path: Path) -> Callable[[int], None]:
    """Set the time of the last build; the source changed at 1,000."""

    def at(seconds: int) -> None:
        for name in FILES:
            file = tmp_path / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text("", "utf-8")
        for name, time in {
            "src/app.py": 1_000,
            f"{BUILT}/template.yaml": seconds,
            "src/node_modules/x.js": 9_000,
        }.items():
            os.utime(tmp_path / name, (time, time))

    return at


def test_what_was_built_runs(sam: Callable[..., Any], build: Callable[[int], None], tmp_path: Path) -> None:
    build(2_000)
    made = sam(FUNCTION)
    assert [(finding.code, finding.severity) for finding in made.findings] == [("built-code", "note")]
    assert made.one("Lambda::Function").properties["Code"]["LocalPath"] == str(tmp_path / BUILT / "Predict")


def test_a_change_after_the_build_counts(sam: Callable[..., Any], build: Callable[[int], None], tmp_path: Path) -> None:
    build(500)
    made = sam(FUNCTION)
    assert [(finding.code, finding.severity) for finding in made.findings] == [("stale-build", "warning")]
    assert made.one("Lambda::Function").properties["Code"]["LocalPath"] == str(tmp_path / "src")


def test_code_that_must_be_built_runs_as_built(
    sam: Callable[..., Any], build: Callable[[int], None], tmp_path: Path
) -> None:
    build(500)
    made = sam(f"{FUNCTION}    Metadata: {{BuildMethod: esbuild}}\n")
    assert sorted(made.codes) == ["built-code", "stale-build"]
    assert made.one("Lambda::Function").properties["Code"]["LocalPath"] == str(tmp_path / BUILT / "Predict")


def test_a_template_that_sam_built_is_read_as_it_is(sam: Callable[..., Any], build: Callable[[int], None]) -> None:
    build(2_000)
    made = sam(FUNCTION.replace("Predict:", "Other:"))
    assert made.findings == []
