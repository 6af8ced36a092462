"""Every recorded case renders as Apache Velocity 1.7 does, and as API Gateway's model of it does.

`cases/*.jsonl` are results of the Java program itself; `make_cases.py` makes all but `given.jsonl`.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from inferway.languages.vtl import VtlError, compile_template

CASES = Path(__file__).parent / "cases"
CONTEXT = (CASES / "context.json").read_text(encoding="utf-8")
COLUMNS = {"expected": "velocity17", "expected_aws": "apigateway"}


def read(name: str) -> list[dict[str, Any]]:
    lines = (CASES / name).read_text(encoding="utf-8").split("\n")
    return [json.loads(line) for line in lines if line]


ALL = [case for name in ("given.jsonl", "constructs.jsonl", "random.jsonl") for case in read(name)]


def test_there_are_several_hundred_cases_of_each_kind() -> None:
    assert len(read("given.jsonl")) == 100
    assert len(read("constructs.jsonl")) > 500
    assert len(read("random.jsonl")) >= 300


@pytest.mark.parametrize("column", COLUMNS)
@pytest.mark.parametrize("case", ALL, ids=lambda case: case["name"])
def test_renders_as_velocity(case: dict[str, Any], column: str) -> None:
    context = case.get("context") or json.loads(CONTEXT)
    if "context" in case:
        context = json.loads(json.dumps(case["context"]))
    expected = case[column]
    if isinstance(expected, str):
        assert compile_template(case["template"], COLUMNS[column]).render(context) == expected
        return
    with pytest.raises(VtlError) as caught:
        compile_template(case["template"], COLUMNS[column]).render(context)
    if expected["line"] is not None:
        assert (caught.value.line, caught.value.column) == (expected["line"], expected["column"])
