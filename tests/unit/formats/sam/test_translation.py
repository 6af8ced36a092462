"""The translator's process: nothing of it in this one, no cloud to be reached from it, an end to it."""

import sys
from pathlib import Path

import pytest

from inferway.formats.sam import translation
from inferway.formats.sam.translation import translate

TABLE = {"Type": "AWS::Serverless::SimpleTable"}


def test_a_template_is_translated_in_another_process() -> None:
    made = translate({"Transform": "AWS::Serverless-2016-10-31", "Resources": {"T": TABLE}}, {}, "eu-west-1")
    assert made.template is not None
    assert made.template["Resources"]["T"]["Type"] == "AWS::DynamoDB::Table"
    assert "samtranslator" not in sys.modules


def test_mistakes_are_given_one_by_one() -> None:
    function = {"Type": "AWS::Serverless::Function", "Properties": {"CodeUri": "s3://b/k"}}
    made = translate({"Resources": {"A": function, "B": function}}, {}, "us-east-1")
    assert made.template is None
    assert sorted(text.split("]")[0] for text in made.mistakes) == ["Resource with id [A", "Resource with id [B"]


def test_a_missing_library_is_said_with_what_installs_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "samtranslator").mkdir()
    (tmp_path / "samtranslator" / "__init__.py").write_text(
        "raise ModuleNotFoundError('no', name='samtranslator')", "utf-8"
    )
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    code, text = translate({"Resources": {"T": TABLE}}, {}, "us-east-1").problem
    assert code == "missing-library"
    assert "pip install 'inferway[sam]'" in text


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("import time\ntime.sleep(100)", "longer than 1 seconds for 0 resources"),
        ("''.get('x')", "cannot read this template: a text stands in it where a mapping belongs"),
        ("[].get('x')", "a list stands in it where a mapping belongs"),
        ("raise KeyError('x' * 10_000)", "xx…"),
        ("while True: pass", "longer than 1 seconds for 0 resources"),
        ("import os\nos.kill(os.getpid(), 24)", "longer than 1 seconds for 0 resources"),  # SIGXCPU, RLIMIT_CPU's
        ("import os\nos._exit(3)", "code 3"),
        ("print('x' * 100)", "TypeError"),
        ("list(range(1 << 40))", "MemoryError"),
        ("raise KeyError('x')", "KeyError"),
    ],
)
def test_a_library_that_goes_wrong(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, body: str, said: str) -> None:
    package = tmp_path / "samtranslator"
    for folder in ("", "translator", "model"):
        (package / folder).mkdir(exist_ok=True)
        (package / folder / "__init__.py").write_text("", "utf-8")
    (package / "model" / "exceptions.py").write_text("class InvalidDocumentException(Exception): causes = ()", "utf-8")
    lines = "".join(f"    {line}\n" for line in body.splitlines())
    (package / "translator" / "transform.py").write_text(f"def transform():\n{lines}", "utf-8")
    text = (package / "translator" / "transform.py").read_text("utf-8")
    if "TypeError" not in said:
        text = text.replace("transform()", "transform(*given)")
    (package / "translator" / "transform.py").write_text(text, "utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    code, problem = translate({"Resources": {}}, {}, "us-east-1", seconds=1).problem
    assert code == "untranslatable"
    assert said in problem


def test_no_credentials_are_handed_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_PROFILE", "mine")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    made = translation._environment("eu-west-1")
    assert "AWS_PROFILE" not in made
    assert "AWS_SECRET_ACCESS_KEY" not in made
    assert made["AWS_DEFAULT_REGION"] == "eu-west-1"
