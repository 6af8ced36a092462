from typing import Any

import pytest

from inferway.dialects.apigateway.assembly import Assembly
from inferway.faults import Place
from inferway.formats.cursor import Cursor, Report
from inferway.formats.nodes import NodePlaces, plain
from inferway.formats.resources import OnePlace
from inferway.formats.yaml_tree import parse_yaml


def at(text: str, findings: Report) -> Cursor:
    root = parse_yaml(text)
    return Cursor(plain(root), (), NodePlaces("f", root), findings)


@pytest.fixture
def empty() -> Assembly:
    return Assembly(Cursor({}, (), OnePlace(Place(file="whole", line=1)), {}))


def test_values_keep_the_places_that_they_came_from(empty: Assembly) -> None:
    source = at("x:\n  y:\n    z: [1, 2]\n", {})
    empty.copy(("a", "b"), source["x"])
    empty.put(("a", "c"), 5, source["x"]["y"])
    assert empty.cursor({}).value == {"a": {"b": {"y": {"z": [1, 2]}}, "c": 5}}
    assert (empty.find("a", "b", "y", "z", 1).line, empty.find("a", "b", "y", "z", 1).column) == (3, 12)
    assert empty.find("a", "c").line == 2
    assert empty.find("a").file == "whole"
    assert empty.find("nothing").file == "whole"


def test_what_is_absent_or_null_is_not_copied(empty: Assembly) -> None:
    source = at("x: ~\n", {})
    empty.copy(("a",), source["x"])
    empty.copy(("b",), source["y"])
    assert empty.cursor({}).value == {}


def test_what_is_put_into_a_value_changes_no_other(empty: Assembly) -> None:
    source = at("x: {y: {z: 1}}\n", {})
    empty.copy(("a",), source["x"])
    empty.copy(("b",), source["x"])
    empty.put(("a", "y", "w"), 2, source)
    assert empty.cursor({}).value == {"a": {"y": {"z": 1, "w": 2}}, "b": {"y": {"z": 1}}}
    assert source.value == {"x": {"y": {"z": 1}}}


def test_lists_grow(empty: Assembly) -> None:
    source = at("x: 1\n", {})
    for number in range(3):
        empty.put(("a", "list", number), {"n": number}, source["x"])
    assert empty.cursor({}).value == {"a": {"list": [{"n": 0}, {"n": 1}, {"n": 2}]}}
    assert empty.find("a", "list", 2, "n").line == 1


@pytest.mark.parametrize(("document", "expected"), [("paths: {/a: {}}\nx: 1\n", True), ("[1]", False), ("text", False)])
def test_a_document_is_added_to(empty: Assembly, document: str, expected: bool) -> None:
    source: Any = at(document, {})
    empty.graft(source)
    empty.put(("paths", "/b"), {}, at("y: 1", {})["y"])
    assert empty.has(("paths", "/a")) is expected
    assert empty.has(("paths", "/b"))
    assert not empty.has(("paths", "/b", "get"))
    assert empty.find("x").line == (2 if expected else 1)
    findings: Report = {}
    empty.cursor(findings)["paths"]["/b"].error("code", "text")
    assert [finding.place.file for finding in findings] == ["f"]
