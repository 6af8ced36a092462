"""Paths, filters and JSON text against what Jayway json-path made of them; make_cases.py makes the cases."""

import json
from pathlib import Path
from typing import Any

import pytest

from inferway.languages.jsonpath import JsonPathError, PathNotFound, compile_path, json_text, parse_json

HERE = Path(__file__).parent
DOCUMENTS = json.loads((HERE / "documents.json").read_text(encoding="utf-8"))


def _rows(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (HERE / name).read_text(encoding="utf-8").split("\n") if line]


DEVIATIONS = {(row["document"], row["path"]): row for row in _rows("deviations.jsonl")}
"""Where the package's README says that it does not follow 2.10.0."""

CASES = [row for row in _rows("cases.jsonl") if (row["document"], row["path"]) not in DEVIATIONS]
UNREAD = {"{a:1}", "{'a':'b'}", "[1,]", '{"a":1,}', "[01]", "[1 2]", "abc", "", "[1.]", "[.5]", "[+1]", "[-]"}
UNREAD |= {'{"a":tru}', "[1]x", '"a\nb"', '{"a":"\\x"}'}
"""Texts that are no JSON; json-smart reads most of them."""

ROUNDED = {"[Infinity]", '{"a":NaN}', "12345678901234567890.5", "[0.1234567890123456789]", "[100000000000000000000.0]"}
"""Numbers that json-smart keeps as words or as BigDecimal."""


def _named(cases: list[dict[str, Any]]) -> list[Any]:
    return [pytest.param(case, id=f"{index}: {case['path']!r}") for index, case in enumerate(cases)]


@pytest.mark.parametrize("case", _named([case for case in CASES if "result" in case]))
def test_finds_what_jayway_finds(case: dict[str, Any]) -> None:
    path = compile_path(case["path"])
    result = path.read(DOCUMENTS[case["document"]])
    assert result == case["result"]
    assert repr(result) == repr(case["result"])  # so that 1 is not 1.0, nor True
    assert path.definite is case["definite"]


@pytest.mark.parametrize("case", _named([case for case in CASES if "error" in case]))
def test_fails_where_jayway_fails(case: dict[str, Any]) -> None:
    absent = case["error"] == "PathNotFoundException"
    with pytest.raises(PathNotFound if absent else JsonPathError) as caught:
        compile_path(case["path"]).read(DOCUMENTS[case["document"]])
    assert isinstance(caught.value, PathNotFound) is absent


@pytest.mark.parametrize("case", _named([case for case in CASES if case["document"] == "predictions"]))
def test_writes_results_as_jayway_does(case: dict[str, Any]) -> None:
    if "json" in case:
        assert json_text(compile_path(case["path"]).read(DOCUMENTS["predictions"])) == case["json"]


@pytest.mark.parametrize("case", _named(list(DEVIATIONS.values())))
def test_documented_deviations(case: dict[str, Any]) -> None:
    assert compile_path(case["path"]).read(DOCUMENTS[case["document"]]) == case["result"]


@pytest.mark.parametrize("text", sorted(UNREAD), ids=repr)
def test_refuses_what_is_no_json(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        parse_json(text)


def _texts() -> list[Any]:
    rows = [row for row in _rows("text_cases.jsonl") if row["text"] not in UNREAD | ROUNDED and "json" in row]
    return [pytest.param(row, id=ascii(row["text"])[:60]) for row in rows if "1e10,1.5" not in row["text"]]


@pytest.mark.parametrize("row", _texts())
def test_json_text_is_json_smarts(row: dict[str, Any]) -> None:
    if "\\ud800" in row["text"]:
        return  # a lone surrogate: Java's UTF-8 encoder has made it a question mark
    assert json_text(parse_json(row["text"])) == row["json"]


def test_each_number_is_written_as_json_smart_writes_it() -> None:
    row = next(row for row in _rows("text_cases.jsonl") if "1e10,1.5" in row["text"])
    numbers = row["text"].strip("[]").split(",")
    written = row["json"].strip("[]").split(",")
    long = {"1.7976931348623157e308", "1.23456789012345678901234567890", "123456789.123456789"}  # kept as BigDecimal
    for number, expected in zip(numbers, written, strict=True):
        if number not in long:
            assert json_text([parse_json(number)]) == f"[{expected}]"
