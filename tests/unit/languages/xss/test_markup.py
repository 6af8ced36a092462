"""Tags and attributes as HTML's tokenizer reads them, https://html.spec.whatwg.org/multipage/parsing.html#tokenization."""

import pytest

from inferway.languages.xss.markup import DATA, UNQUOTED, read_tags
from inferway.languages.xss.urls import holds_script_address, runs_script


@pytest.mark.parametrize(
    ("text", "tags"),
    [
        ("a < b", []),
        ("<a>", [("a", [])]),
        ("</a>", [("a", [])]),
        ("<a b c=d e='f g' h=\"i>j\">", [("a", [("b", None), ("c", "d"), ("e", "f g"), ("h", "i>j")])]),
        ("<a/b/c=d>", [("a", [("b", None), ("c", "d")])]),
        ("<a b='c'd=e>", [("a", [("b", "c"), ("d", "e")])]),
        ("<a b = c>", [("a", [("b", "c")])]),
        ("<a b='c", [("a", [("b", "c")])]),
        ("<a <b>", [("a", []), ("b", [])]),
        ("<!doctype html><p>", [("!doctype", [("html", None)]), ("p", [])]),
    ],
)
def test_tags_of_data(text: str, tags: list[tuple[str, list[tuple[str, str | None]]]]) -> None:
    assert list(read_tags(text, DATA)) == tags


@pytest.mark.parametrize(
    ("state", "text", "tags"),
    [
        ('"', 'x" onload=1>', [("", [("onload", "1")])]),
        ("'", "x' onload=1><p>", [("", [("onload", "1")]), ("p", [])]),
        ("`", "x` onload=1", [("", [("onload", "1")])]),
        (UNQUOTED, "x onload=1", [("", [("onload", "1")])]),
        (UNQUOTED, "x><p>", [("", []), ("p", [])]),
        ('"', "no such quote", []),
    ],
)
def test_tags_from_within_a_value(state: str, text: str, tags: list[tuple[str, list[tuple[str, str | None]]]]) -> None:
    assert list(read_tags(text, state)) == tags


@pytest.mark.parametrize(
    "address", ["javascript:1", " java\nscript:1", "&#106avascript&colon;1", "data:image/svg+xml,<svg>"]
)
def test_addresses_that_run(address: str) -> None:
    assert runs_script(address)


@pytest.mark.parametrize(
    "address", ["https://javascript:1@example.com", "/javascript:1", "data:image/png;base64,A", ""]
)
def test_addresses_that_do_not_run(address: str) -> None:
    assert not runs_script(address)


@pytest.mark.parametrize("text", ["javascript: the good parts", "data: text", "no-javascript:5 here"])
def test_prose_holds_no_address(text: str) -> None:
    assert not holds_script_address(text)
