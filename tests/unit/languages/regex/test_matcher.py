"""The matcher that counts its steps agrees with Python's `re` on what both can run, and stays within its bounds."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inferway.languages.regex import STEPS, Flags, JavaPattern, RegexCostError, RegexError, compile_java

SNIPPETS = st.sampled_from(
    [
        *"ab0 \\()[]{}|*+?.^$-,:=!<>",
        *("(?:", "(?=", "(?!", "(?<=", "(?>", "\\b", "[^a]", "{1,2}", "a{2}", "(a|b)", "(a)?", "\\1", "*?", "*+"),
        *("(?i)", "(?m)", "ab", "\\R"),
    ]
)
REPLACED = [
    *[("l+", "<$0>", "He<ll>o, Wor<l>d"), (r"(\w)(\w)", "$2$1", "eHllo, oWlrd"), ("[A-Z]", "_", "_ello, _orld")],
    *[("$", "!", "Hello, World!"), ("", "-", "-H-e-l-l-o-,- -W-o-r-l-d-"), ("(?i)hello", "x", "x, World")],
    *[("[a-z&&[^l]]", ".", "H.ll., W..l."), (r"\bW", "V", "Hello, Vorld"), ("(?<x>o)", "<${x}>", "Hell<o>, W<o>rld")],
    *[(r"\Qo,\E", "Q", "HellQ World"), (r"(l)\1", "dd", "Heddo, World"), ("l++", "p", "Hepo, Worpd")],
    *[("(?>l+)", "p", "Hepo, Worpd"), ("o(?!r)", "z", "Hellz, World"), ("(?<=l)l", "z", "Helzo, World")],
    *[(r"\p{Upper}", "u", "uello, uorld"), (r"\P{L}", "", "HelloWorld"), ("(?:l|o)+", "#", "He#, W#r#d")],
]


def counted(pattern: str, budget: int = STEPS) -> JavaPattern:
    """The pattern with its subjects all left to the matcher."""
    compiled = JavaPattern(pattern, Flags(), budget)
    compiled.longest = compiled.longest_search = -1
    return compiled


@pytest.mark.parametrize(("pattern", "replacement", "expected"), REPLACED)
def test_replaces_as_java_does(pattern: str, replacement: str, expected: str) -> None:
    """Results are those of OpenJDK 17."""
    assert compile_java(pattern).replace_all("Hello, World", replacement) == expected
    assert counted(pattern).replace_all("Hello, World", replacement) == expected


@given(st.lists(SNIPPETS, max_size=10).map("".join), st.text("abAB0 \n\r", max_size=9))
def test_agrees_with_re(pattern: str, subject: str) -> None:
    try:
        plain, slow = compile_java(pattern), counted(pattern, 20_000)
        if plain.longest_search < len(subject):
            return
        found = [(match.start(), match.end(), match.groups()) for match in slow.find_all(subject)]
        whole = slow.fullmatch(subject)
    except RegexError:
        return
    assert [(match.start(), match.end(), match.groups()) for match in plain.find_all(subject)] == found
    expected = plain.fullmatch(subject)
    assert (expected and expected.groups()) == (whole and whole.groups())


def test_a_deep_pattern_and_a_long_subject_do_not_exhaust_the_stack() -> None:
    assert counted("(?:ab|c)*").matches("ab" * 50_000)
    assert counted("(?=" * 90 + "a" + ")" * 90 + "a").matches("a")


def test_the_steps_of_all_matches_count_together() -> None:
    pattern = counted("a", 1_000)
    assert pattern.split("a" * 100, -1) == [""] * 101
    with pytest.raises(RegexCostError, match="1000 steps"):
        pattern.split("a" * 1_000)


def test_a_failed_way_leaves_no_groups_behind() -> None:
    match = counted("(?:(a)b|(a)c)").fullmatch("ac")
    assert match is not None
    assert match.groups() == (None, "a")
    match = counted("(?!(a)b)a(c)").fullmatch("ac")
    assert match is not None
    assert match.groups() == (None, "c")
