"""Java patterns. Results are those of OpenJDK 17's String methods; both matchers must agree on them."""

from __future__ import annotations

import pytest

from inferway.languages.vtl.pattern.matcher import BoundedMatcher
from inferway.languages.vtl.pattern.matching import matching
from inferway.languages.vtl.pattern.syntax import parse
from inferway.languages.vtl.values import JavaFailure

TEXT = "Hello, World"
REPLACED = [
    *[("l+", "<$0>", "He<ll>o, Wor<l>d"), (r"(\w)(\w)", "$2$1", "eHllo, oWlrd"), ("[A-Z]", "_", "_ello, _orld")],
    *[("$", "!", "Hello, World!"), ("", "-", "-H-e-l-l-o-,- -W-o-r-l-d-"), ("(?i)hello", "x", "x, World")],
    *[("[a-z&&[^l]]", ".", "H.ll., W..l."), (r"\bW", "V", "Hello, Vorld"), ("(?<x>o)", "<${x}>", "Hell<o>, W<o>rld")],
    *[(r"\Qo,\E", "Q", "HellQ World"), (r"(l)\1", "dd", "Heddo, World"), ("l++", "p", "Hepo, Worpd")],
    *[("(?>l+)", "p", "Hepo, Worpd"), ("o(?!r)", "z", "Hellz, World"), ("(?<=l)l", "z", "Helzo, World")],
    *[(r"\p{Upper}", "u", "uello, uorld"), (r"\P{L}", "", "HelloWorld"), ("(?:l|o)+", "#", "He#, W#r#d")],
]


@pytest.mark.parametrize(("pattern", "replacement", "expected"), REPLACED)
def test_replace_all(pattern: str, replacement: str, expected: str) -> None:
    assert matching(pattern).replace(TEXT, replacement, every=True) == expected


@pytest.mark.parametrize(("pattern", "replacement", "expected"), REPLACED)
def test_the_bounded_matcher_agrees(pattern: str, replacement: str, expected: str) -> None:
    slow = matching(pattern)
    bounded = type(slow).__new__(type(slow))
    bounded._pattern, bounded._compiled, bounded._repeats = slow._pattern, None, None
    assert bounded.replace(TEXT, replacement, every=True) == expected


@pytest.mark.parametrize(
    ("text", "pattern", "limit", "parts"),
    [
        *[("a,b,,", ",", 0, ["a", "b"]), ("a,b,,", ",", -1, ["a", "b", "", ""]), ("a,b,,", ",", 2, ["a", "b,,"])],
        *[(",a", ",", 0, ["", "a"]), ("", ",", 0, [""]), (",", ",", 0, []), ("abc", "", 0, ["a", "b", "c"])],
        *[
            ("a1b22c", r"\d+", 0, ["a", "b", "c"]),
            ("x", ",", 0, ["x"]),
            ("boo:and:foo", "o", 5, ["b", "", ":and:f", "", ""]),
        ],
    ],
)
def test_split(text: str, pattern: str, limit: int, parts: list[str]) -> None:
    assert matching(pattern).split(text, limit) == parts


@pytest.mark.parametrize(
    "pattern", ["(", "[", "*", "a**", "a{2,1}", "[z-a]", "\\", r"\q", "(?<n", r"\p{Nope}", "x" * 1001]
)
def test_bad_patterns_fail_as_java_does(pattern: str) -> None:
    with pytest.raises(JavaFailure):
        matching(pattern)


@pytest.mark.parametrize("replacement", ["$", "$9", "a\\", "${nope}"])
def test_bad_replacements_fail_as_java_does(replacement: str) -> None:
    with pytest.raises(JavaFailure):
        matching("l").replace(TEXT, replacement, every=True)


def test_the_bounded_matcher_counts_its_steps() -> None:
    with pytest.raises(JavaFailure, match="steps"):
        BoundedMatcher(parse("(a+)+b"), "a" * 40).match(0)


def test_a_long_text_is_replaced_in_linear_time() -> None:
    assert matching("[aeiou]").replace("abc" * 100_000, "", every=True) == "bc" * 100_000
