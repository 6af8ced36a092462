"""Every case does what real C# did (see record.py), or what modern .NET documents (modern.json, with its source)."""

import json
from pathlib import Path

import pytest

from inferway.languages.csharp import CSharpError, Host, compile_expression
from inferway.languages.csharp.text import full_name, text_of
from inferway.languages.csharp.values import type_of

HERE = Path(__file__).parent
HOST = Host(roots={})
CASES = [json.loads(line) for line in (HERE / "recorded.jsonl").read_text().splitlines()]
MODERN = {each["source"]: each["result"] for each in json.loads((HERE / "modern.json").read_text())}


def outcome(source: str) -> str:
    compiled = compile_expression(source, HOST)
    try:
        value = compiled.evaluate({})
    except CSharpError as error:
        return f"throws {error.kind}"
    if value is None:
        return "null"
    if value.__class__ is float:
        return f"double {text_of(value)}"
    name = full_name(type_of(value)).partition("`")[0].partition("[")[0].rpartition(".")[2]
    return f"{name} {text_of(value)}"


@pytest.mark.parametrize("case", CASES, ids=[each["source"][:80] for each in CASES])
def test_a_case_does_what_csharp_does(case: dict[str, str]) -> None:
    expected = MODERN.get(case["source"], case["result"])
    found = outcome(case["source"]).replace("\r\n", "\n")
    if expected.startswith("Anonymous "):
        assert found.endswith("{" + expected.partition("{")[2])
    else:
        assert found == expected


def test_every_modern_difference_is_of_a_recorded_case() -> None:
    assert MODERN.keys() <= {each["source"] for each in CASES}


def test_every_modern_difference_names_its_source() -> None:
    assert all(
        each["why"].startswith("https://") or each["why"] for each in json.loads((HERE / "modern.json").read_text())
    )
