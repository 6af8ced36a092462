"""The detectors take any text, give the same answer again, and need time in proportion to its length.

The texts that repeat are 200,000 characters long: one pattern that reads a run from each of its places would need
minutes for them, past the time limit of a test.
"""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inferway.languages.sqli import HIGH, LOW, is_sqli
from inferway.languages.xss import is_xss

ATOMS = [
    "'", '"', "`", "\\", "(", ")", "/*", "*/", "/*!", "--", "#", "-", "+", "!", "<", ">", "=", "<a ", "</", "&#",
    "&#1;", ";", ",", ".", "1", "a", "@", "[", "]", "{{", "}}", "$", "\n", "\0", " ", "0x", "1e", "select ", "union ",
    " or ", " and ", "from ", "order ", "by ", "case ", "when ", "sleep(", "concat(", " as ", "exec ", "javascript",
    ":", "data:", "document", "window", "on", "onload=", "style='", "href=", "script", "expression(", "constructor",
    "\\x3c", "\\u003c", "null", "in (", "like ", "é",
]  # fmt: skip
PREFIXES = [
    "",
    "select ",
    "' or ",
    "<a href='",
    "<a style='",
    "document",
    "javascript",
    "{{",
    ") ",
    "\\x <!--",
    "1 and (",
]
LENGTH = 200_000
SEARCHED = [is_sqli, lambda text: is_sqli(text, HIGH), is_xss]


@settings(max_examples=400, deadline=None)
@given(st.lists(st.sampled_from(ATOMS) | st.text(max_size=3), max_size=60).map("".join))
def test_any_text_has_an_answer_and_high_takes_what_low_takes(text: str) -> None:
    low = is_sqli(text, LOW)
    assert is_sqli(text, HIGH) >= low
    assert is_sqli(text, LOW) is low
    assert is_xss(text) is is_xss(text)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from(ATOMS), max_size=30).map("".join))
def test_case_does_not_matter(text: str) -> None:
    assert is_sqli(text.upper(), HIGH) is is_sqli(text, HIGH)
    assert is_xss(text.upper()) is is_xss(text)


@pytest.mark.parametrize("prefix", PREFIXES)
@pytest.mark.parametrize(
    "unit", [" ", "(", "<", "'", "/*", "!(", "a.", ")\t", "&#", ";", "1=", "\\x", "<style ", "{{a", "+"]
)
def test_a_text_that_repeats_is_read_in_one_go(prefix: str, unit: str) -> None:
    text = prefix + unit * (LENGTH // len(unit)) + "x"
    for search in SEARCHED:
        search(text)
