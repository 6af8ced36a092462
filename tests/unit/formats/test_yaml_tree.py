"""Expected values: the core schema of YAML 1.2 (https://yaml.org/spec/1.2.2/#103-core-schema)."""

from typing import Any

import pytest

from inferway.formats.nodes import DEPTH, MOST_VALUES, Entry, Node, NodePlaces, SyntaxFault, plain, table
from inferway.formats.yaml_tree import parse_yaml


def value(text: str) -> Any:
    return plain(parse_yaml(text))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("~", None),
        ("null", None),
        ("true", True),
        ("False", False),
        ("on", "on"),
        ("yes", "yes"),
        ("12", 12),
        ("-7", -7),
        ("1.5", 1.5),
        ("1e3", 1000.0),
        (".5", 0.5),
        ("2020-01-01", "2020-01-01"),
        ("2020-01-01T10:00:00Z", "2020-01-01T10:00:00Z"),
        ("12:30:45", "12:30:45"),
        ("'12'", "12"),
        ("!!str 12", "12"),
        ("!!float 12", 12.0),
        ("!!int 1000000000000000000000", 1e21),
        ("1_000", "1_000"),
    ],
)
def test_unquoted_values_follow_the_core_schema(text: str, expected: object) -> None:
    found = value(f"a: {text}")["a"]
    assert found == expected
    assert type(found) is type(expected)


def test_a_number_with_a_leading_zero_is_text_since_account_numbers_have_them() -> None:
    assert value("[012345678901, 0.5, 0]") == ["012345678901", 0.5, 0]


def test_a_number_past_64_bits_does_not_break_json() -> None:
    assert value("[123456789012345678901234567890, .inf, 1e999]") == [123456789012345678901234567890.0, ".inf", "1e999"]


def test_keys_are_the_text_as_written() -> None:
    assert value("{on: 1, 200: 2, true: 3, null: 4, 1.0: 5}") == {"on": 1, "200": 2, "true": 3, "null": 4, "1.0": 5}


def test_merge_keys_give_way_to_own_keys_and_to_earlier_ones() -> None:
    text = "a: &a {x: 1, y: 1}\nb: &b {y: 2, z: 2}\nc:\n  z: 3\n  <<: [*a, *b]\n"
    assert value(text)["c"] == {"x": 1, "y": 1, "z": 3}


def test_a_quoted_merge_key_is_a_key() -> None:
    assert value('{"<<": 1}') == {"<<": 1}


@pytest.mark.parametrize(
    ("text", "code", "line", "column"),
    [
        ("a: 1\nb: 2\na: 3\n", "duplicate-key", 3, 1),
        ("a: b: c", "yaml-syntax", 1, 5),
        ("a:\n\t- b\n", "yaml-syntax", 2, 1),
        ("a: [1, 2\n", "yaml-syntax", 2, 1),
        ("a: \x00", "yaml-syntax", 1, 4),
        ("a: &a [*a]", "bad-alias", 1, 8),
        ("a: *b", "bad-alias", 1, 4),
        ("x: 1\na: !Sub b", "unknown-tag", 2, 4),
        ("a: !!int x", "yaml-syntax", 1, 4),
        ("? [1]\n: 2", "bad-key", 1, 3),
        ("<<: 3", "bad-merge", 1, 1),
        ("--- 1\n--- 2\n", "several-documents", 2, 1),
        ("", "empty-document", 0, 0),
        ("# nothing\n", "empty-document", 0, 0),
        ("[" * (DEPTH + 1), "too-deep", 1, DEPTH + 1),
        ("[" * 100_000, "too-deep", 1, DEPTH + 1),
    ],
)
def test_what_is_no_document_is_refused_at_its_place(text: str, code: str, line: int, column: int) -> None:
    with pytest.raises(SyntaxFault) as caught:
        parse_yaml(text)
    assert (caught.value.code, caught.value.line, caught.value.column) == (code, line, column)


def test_aliases_may_not_grow_a_document_without_end() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 12)]
    with pytest.raises(SyntaxFault) as caught:
        parse_yaml("\n".join(lines))
    assert caught.value.code == "too-many-values"
    assert f"{MOST_VALUES:,}" in caught.value.text


def test_aliases_may_not_nest_a_document_without_end() -> None:
    lines = ["a0: &a0 [x]"] + [f"a{n}: &a{n} [[[[[*a{n - 1}]]]]]" for n in range(1, 500)]
    with pytest.raises(SyntaxFault) as caught:
        parse_yaml("\n".join(lines))
    assert caught.value.code == "too-deep"


BLOCKS = """\
template: |
   first
     second
folded: >-
  text
indented: |2
    four spaces of which two are the text's
after: "quoted"
list:
  - one
"""


@pytest.mark.parametrize(
    ("path", "line", "column"),
    [
        (("template",), 2, 4),
        (("folded",), 5, 3),
        (("indented",), 7, 3),
        (("after",), 8, 8),
        (("list",), 9, 1),
        (("list", 0), 10, 5),
        (("list", 7), 9, 1),
        (("list", "x"), 9, 1),
        (("nothing", "here"), 1, 1),
        ((), 1, 1),
    ],
)
def test_a_place_is_the_texts_own_or_its_keys(path: tuple[str | int, ...], line: int, column: int) -> None:
    place = NodePlaces("f.yaml", parse_yaml(BLOCKS)).find(*path)
    assert (place.file, place.line, place.column) == ("f.yaml", line, column)


@pytest.mark.parametrize(
    ("path", "inside", "expected"),
    [(("template",), (2, 3), (3, 6)), (("indented",), (1, 1), (7, 3)), (("after",), (1, 3), (8, 8))],
)
def test_a_place_inside_a_block_text_is_a_place_of_the_file(
    path: tuple[str], inside: tuple[int, int], expected: tuple[int, int]
) -> None:
    place = NodePlaces("f.yaml", parse_yaml(BLOCKS)).inside(*inside, *path)
    assert (place.line, place.column) == expected


def test_an_alias_has_the_place_of_what_it_names() -> None:
    places = NodePlaces("f", parse_yaml("a: &a\n  b: 1\nc: *a\n"))
    assert (places.find("c", "b").line, places.find("c", "b").column) == (2, 6)
    assert places.find("c").line == 3


def shout(name: str, node: Node) -> Node | None:
    """Know one tag: `!Loud x` is `{loud: x}`."""
    entry = Entry(line=node.line, column=node.column, value=node)
    return table({"loud": entry}, node.line, node.column) if name == "Loud" else None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("!Loud a", {"loud": "a"}),
        ("!Loud 1", {"loud": "1"}),
        ("!Loud [1, !Loud b]", {"loud": [1, {"loud": "b"}]}),
        ("!Loud {a: !Loud ''}", {"loud": {"a": {"loud": ""}}}),
        ("{a: &x !Loud b, c: *x}", {"a": {"loud": "b"}, "c": {"loud": "b"}}),
        ("!Loud\n- |\n  block\n", {"loud": ["block\n"]}),
    ],
)
def test_a_local_tag_means_what_the_format_says(text: str, expected: object) -> None:
    assert plain(parse_yaml(text, shout)) == expected


@pytest.mark.parametrize("text", ["!Quiet a", "!Quiet [a]", "!!python/name:os.system a", "{!Loud a: b}"])
def test_other_tags_are_faults_still(text: str) -> None:
    with pytest.raises(SyntaxFault):
        parse_yaml(text, shout)


def test_without_a_meaning_a_local_tag_is_a_fault() -> None:
    with pytest.raises(SyntaxFault, match="means nothing"):
        parse_yaml("a: !Loud b")


def test_tags_count_as_nesting() -> None:
    with pytest.raises(SyntaxFault, match="levels of nesting"):
        parse_yaml("!Loud [" * (DEPTH - 10) + "]" * (DEPTH - 10), shout)
