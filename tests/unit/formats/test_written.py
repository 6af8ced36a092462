from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inferway.formats.document import parse_document
from inferway.formats.nodes import plain
from inferway.formats.written import json_text, yaml_text

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | TEXTS,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(TEXTS.filter(lambda key: key != "<<"), inner, max_size=3)
    ),
    max_leaves=8,
)


@pytest.mark.parametrize("write", [json_text, yaml_text])
@given(value=st.dictionaries(TEXTS, VALUES, min_size=1, max_size=3))
def test_what_is_written_reads_as_it_was(write: Callable[[object], str], value: dict[str, Any]) -> None:
    assert plain(parse_document(write(value), is_json=write is json_text)) == value


def test_words_are_plain_keys_and_texts_are_quoted() -> None:
    value = {"openapi": "3.0.1", "responses": {"200": {"$ref": "#/a"}}, "on": True, "/pets/{id}": None, "a": "x: y"}
    assert yaml_text(value).splitlines() == [
        'openapi: "3.0.1"',
        "responses:",
        '  "200":',
        '    $ref: "#/a"',
        "'on': true",
        "/pets/{id}: null",
        'a: "x: y"',
    ]


def test_long_lines_and_shared_parts_are_written_out() -> None:
    shared = {"a": "word " * 50}
    text = yaml_text({"one": shared, "two": shared})
    assert "&" not in text
    assert len(text.splitlines()) == 4


def test_json_ends_with_a_line_end() -> None:
    assert json_text({"a": [1]}) == '{\n  "a": [\n    1\n  ]\n}\n'
