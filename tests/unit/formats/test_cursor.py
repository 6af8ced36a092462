from typing import Any

import pytest

from inferway.faults import Place, Severity
from inferway.formats.cursor import Cursor, Report
from inferway.formats.nodes import NodePlaces, Table, plain
from inferway.formats.resources import OnePlace, Resource
from inferway.formats.yaml_tree import parse_yaml

TEXT = """\
text: hello
number: 7
digits: "42"
float: 1.5
flag: true
word: "False"
nothing: null
list: [a, b]
map: {k: v}
"""


@pytest.fixture
def findings() -> Report:
    return {}


@pytest.fixture
def cursor(findings: Report) -> Cursor:
    root = parse_yaml(TEXT)
    assert isinstance(root, Table)
    properties: Any = plain(root)
    resource = Resource(type="t", name="n", properties=properties, places=NodePlaces("f", root))
    return Cursor.of(resource, findings)


def test_values_are_read_by_kind(cursor: Cursor, findings: Report) -> None:
    assert cursor["text"].text() == "hello"
    assert cursor["number"].text() == "7"
    assert cursor["flag"].text() == "true"
    assert cursor["number"].integer() == 7
    assert cursor["digits"].integer() == 42
    assert cursor["flag"].flag() is True
    assert cursor["word"].flag() is False
    assert [item.text() for item in cursor["list"].items()] == ["a", "b"]
    assert [(key, value.text()) for key, value in cursor["map"].entries()] == [("k", "v")]
    assert findings == {}


@pytest.mark.parametrize("key", ["nothing", "absent"])
def test_null_and_absent_read_as_empty(cursor: Cursor, findings: Report, key: str) -> None:
    value = cursor[key]
    assert (value.text("x"), value.integer(), value.flag(), list(value.items()), list(value.entries())) == (
        "x",
        None,
        False,
        [],
        [],
    )
    assert not value.value
    assert value.present is (key == "nothing")
    assert not value["deeper"]["still"].present
    assert findings == {}


@pytest.mark.parametrize(
    ("key", "read", "line", "text"),
    [
        ("map", "text", 9, "`map` must be a text"),
        ("list", "text", 8, "`list` must be a text"),
        ("text", "integer", 1, "`text` must be a whole number"),
        ("float", "integer", 4, "`float` must be a whole number"),
        ("flag", "integer", 5, "`flag` must be a whole number"),
        ("text", "flag", 1, "`text` must be true or false"),
        ("text", "entries", 1, "`text` must be a mapping"),
        ("list", "step", 8, "`list` must be a mapping"),
        ("map", "items", 9, "`map` must be a list"),
    ],
)
def test_a_mismatch_is_reported_at_its_place(
    cursor: Cursor, findings: Report, key: str, read: str, line: int, text: str
) -> None:
    for _ in range(2):
        made: Any = cursor[key]["x"] if read == "step" else getattr(cursor[key], read)()
        if read in {"entries", "items"}:
            assert list(made) == []
    (finding,) = findings
    assert (finding.severity, finding.code, finding.text) == (Severity.ERROR, "wrong-type", text)
    assert finding.place.line == line


def test_a_finding_may_stand_elsewhere(cursor: Cursor, findings: Report) -> None:
    cursor["text"].warning("code", "text", Place(file="g", line=3))
    cursor["list"].note("other", "text")
    assert [str(finding) for finding in findings] == ["g:3: warning: text [code]", "f:8:1: note: text [other]"]


def test_a_cursor_gives_its_value_as_a_tree_with_its_places() -> None:
    findings: Report = {}
    root = parse_yaml("a:\n  b: [1, 2]\n")
    known = Cursor(plain(root), (), NodePlaces("f", root), findings)["a"]
    assert (known.at("b", 1).line, known.at("b", 1).column) == (2, 10)
    node = known["b"].node()
    assert (plain(node), node.line, node.column) == ([1, 2], 2, 6)
    unknown = Cursor({"b": [1]}, (), OnePlace(Place(file="p", line=7, column=2)), findings)
    node = unknown["b"].node()
    assert (plain(node), node.line, node.column) == ([1], 7, 2)
    assert plain(unknown["c"].node()) is None
    assert unknown.inside(3, 4, "b").line == 7
