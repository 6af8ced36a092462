"""Expected values: RFC 8259, and Python's own json module."""

import json

import pytest

from inferway.formats.json_tree import parse_json
from inferway.formats.nodes import DEPTH, NodePlaces, SyntaxFault, plain

DOCUMENTS = [
    "{}",
    "[]",
    '{"a": [1, -2, 0.5, 1e3, true, false, null, "x"], "b": {"c": {}}}',
    '"\\u00e9\\ud83d\\ude00\\/\\n\\""',
    ' \t\r\n{ "a" :\t[ ] , "b":1 } \n',
    "-0",
    "[[],[[]],{}]",
]


@pytest.mark.parametrize("text", DOCUMENTS)
def test_it_reads_what_python_reads(text: str) -> None:
    assert plain(parse_json(text)) == json.loads(text)


@pytest.mark.parametrize(
    ("text", "code", "line", "column"),
    [
        ("", "json-syntax", 1, 1),
        ("{", "json-syntax", 1, 2),
        ('{"a"', "json-syntax", 1, 5),
        ('{"a" 1}', "json-syntax", 1, 6),
        ('{"a":\n1,}', "json-syntax", 2, 3),
        ("[1,]", "json-syntax", 1, 4),
        ("[1 2]", "json-syntax", 1, 4),
        ("[1}", "json-syntax", 1, 3),
        ('{"a": tru}', "json-syntax", 1, 7),
        ('{"a": "x}', "json-syntax", 1, 7),
        ('{"a": "\n"}', "json-syntax", 1, 7),
        ('"\\x"', "json-syntax", 1, 1),
        ('"\\ud800"', "json-syntax", 1, 1),
        ("01", "json-syntax", 1, 2),
        ("1e999", "json-syntax", 1, 1),
        ("{} {}", "json-syntax", 1, 4),
        ('{"a": 1,\n "a": 2}', "duplicate-key", 2, 2),
        ("[" * (DEPTH + 1), "too-deep", 1, DEPTH + 1),
        ('{"a":' * 100_000, "too-deep", 1, 5 * DEPTH + 1),
    ],
)
def test_what_is_no_json_is_refused_at_its_place(text: str, code: str, line: int, column: int) -> None:
    with pytest.raises(SyntaxFault) as caught:
        parse_json(text)
    assert (caught.value.code, caught.value.line, caught.value.column) == (code, line, column)


def test_places_count_tabs_as_one_column() -> None:
    places = NodePlaces("f.json", parse_json('{\n\t"a": {\n\t\t"b": "text"\n\t}\n}'))
    assert (places.find("a").line, places.find("a").column) == (2, 2)
    assert (places.find("a", "b").line, places.find("a", "b").column) == (3, 8)
    assert places.inside(4, 2, "a", "b") == places.find("a", "b")
