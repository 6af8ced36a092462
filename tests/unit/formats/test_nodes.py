import pytest

from inferway.formats.json_tree import parse_json
from inferway.formats.nodes import NodePlaces, SyntaxFault, node_of, plain


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
