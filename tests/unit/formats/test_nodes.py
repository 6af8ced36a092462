import pytest

from inferway.faults import Place
from inferway.formats.json_tree import parse_json
from inferway.formats.nodes import Entry, NodePlaces, SyntaxFault, Table, included, node_of, plain, table
from inferway.formats.yaml_tree import parse_yaml


@pytest.mark.parametrize("value", [None, 1, "a", [1, [2]], {"a": {"b": [True, None, 1.5]}}, {}])
def test_plain_data_becomes_a_tree_at_one_place(value: object) -> None:
    node = node_of(value, 3, 4)
    assert plain(node) == value
    assert (node.line, node.column) == (3, 4)
    place = NodePlaces("f", node).find("a", "b", 0)
    assert (place.line, place.column) == (3, 4)


def test_what_is_no_json_becomes_its_text() -> None:
    assert plain(node_of({1: {2}}, 1, 1)) == {"1": "{2}"}


def test_data_that_nests_too_deep_is_a_fault() -> None:
    value: object = 1
    for _ in range(150):
        value = [value]
    with pytest.raises(SyntaxFault, match="levels of nesting"):
        node_of(value, 1, 1)


def test_a_node_is_found_by_its_path() -> None:
    places = NodePlaces("f", parse_json('{"a": [1, {"b": 2}]}'))
    found = places.node("a", 1)
    assert found is not None
    assert plain(found) == {"b": 2}
    assert places.node() is not None
    assert places.node("a", 2) is None
    assert places.node("b") is None
    assert places.node("a", 0, "c") is None


def test_a_part_from_another_file_has_its_places_there() -> None:
    outer = parse_yaml("a: 1\nb: 2\n")
    inner = included(parse_yaml("# first\nc:\n  - d: |\n      one\n      two\n"), "other.yaml")
    assert isinstance(outer, Table)
    entry = outer.entries["b"]
    root = table({**outer.entries, "b": Entry(line=entry.line, column=entry.column, value=inner)}, 1, 1)
    places = NodePlaces("own.yaml", root)
    assert places.find("a") == Place(file="own.yaml", line=1, column=4)
    assert places.find("b") == Place(file="own.yaml", line=2, column=1)
    assert places.find("b", "c") == Place(file="other.yaml", line=2, column=1)
    assert places.find("b", "c", 0, "d").file == "other.yaml"
    assert places.inside(2, 1, "b", "c", 0, "d") == Place(file="other.yaml", line=5, column=7)
    assert plain(root) == {"a": 1, "b": {"c": [{"d": "one\ntwo\n"}]}}


def test_a_fault_in_another_file_is_reported_there() -> None:
    with pytest.raises(SyntaxFault) as caught:
        node_of([[[0] * 800] * 800], 3, 1, "other.yaml")
    assert caught.value.finding("own.yaml").place == Place(file="other.yaml", line=3, column=1)
    assert SyntaxFault("x", "y", 1).finding("own.yaml").place.file == "own.yaml"
