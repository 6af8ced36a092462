"""Java regular expressions: bounded time, refusals, interface. Java's own answers are in tests/fidelity/regex.

Which patterns are exponential follows from the theory: Weber and Seidl's criterion for exponential ambiguity.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inferway.languages.regex import Flags, RegexCostError, RegexError, compile_java

EXPONENTIAL = [
    ("(a+)+b", "a" * 40),
    ("(a*)*b", "a" * 40),
    ("(a|a)*b", "a" * 40),
    ("(a|aa)+$", "a" * 60 + "!"),
    ("(a|b|ab)*c", "ab" * 40),
    ("(.*)*x", "a" * 40),
    (r"(\w+\s?)*$", "a" * 40 + "!"),
    ("^(([a-z])+.)+[A-Z]([a-z])+$", "a" * 40),
    ("(x+x+)+y", "x" * 40),
    ("((a?)*b)*c", "ab" * 40),
    ("(?i)(a|A)*b", "a" * 40),
    (r"(?:\d|\w)*!", "1" * 40),
    ("(a{1,100}){1,100}b", "a" * 200),
    ("x(?=(a+)+b)", "x" + "a" * 40),
    ("x(?<!(?:a|a)(?:b|b))(c|c)*d", "x" + "c" * 40),
    ("a?" * 30 + "a" * 30, "a" * 30),
]


@pytest.mark.parametrize(("pattern", "subject"), EXPONENTIAL)
def test_patterns_of_exponential_time_run_in_counted_steps(pattern: str, subject: str) -> None:
    compiled = compile_java(pattern, budget=100_000)
    assert compiled.longest == -1
    with pytest.raises(RegexCostError, match="100000 steps"):
        compiled.matches(subject)
    with pytest.raises(RegexCostError, match="100000 steps"):
        compiled.split(subject)
    assert not compiled.matches("-")


@pytest.mark.parametrize(
    ("pattern", "subject"),
    [
        (r"(\d{1,3}\.){3}\d{1,3}", "127.0.0.1"),
        (r"[^,]*(,[^,]*)*", "a,b,c"),
        (r"(\d+,)*\d+", "1,22,333"),
        (r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,}", "www.example.com"),
        (r"^(?=.*[A-Z])(?=.*\d).{8,}$", "Password1"),
        (r"(foo|bar|foobar)?x", "foobarx"),
        (r"(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?!$)|$)){4}", "10.0.0.255"),
        (r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", "-1.5e10"),
        (r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z", "2024-01-31T10:00:00.123Z"),
    ],
)
def test_accepts_patterns_people_write(pattern: str, subject: str) -> None:
    assert compile_java(pattern).matches(subject)


def test_a_quadratic_search_is_counted_above_a_length_and_a_linear_match_is_not_in_practice() -> None:
    pattern = compile_java("a.*b")
    assert pattern.matches("a" * 1_000_000 + "b")
    with pytest.raises(RegexCostError):
        pattern.search("a" * 1_000_000)


def test_more_loops_that_share_text_shorten_the_longest_subject() -> None:
    lengths = [compile_java(pattern).longest for pattern in ("a*!", "a*a*!", "a*a*a*!", "a*a*a*a*!")]
    assert lengths == sorted(lengths, reverse=True)
    assert len(set(lengths)) == 4


def test_loops_that_share_no_text_stay_linear() -> None:
    assert compile_java("a*b*c*!").longest == compile_java("a*!").longest
    assert compile_java(r"\d+ \d+ \d+").longest == compile_java("a*!").longest


@pytest.mark.parametrize("pattern", [r"\Ga", r"\X", r"a\b{g}", r"\p{IsKlingon}", "(?<=(?:ab)*)b", "a{70000}"])
def test_says_what_it_does_not_translate(pattern: str) -> None:
    with pytest.raises(RegexError):
        compile_java(pattern)


def test_an_error_says_where() -> None:
    with pytest.raises(RegexError, match="Unclosed group near index 4") as caught:
        compile_java("ab*(")
    assert caught.value.index == 4


def test_flags_as_arguments() -> None:
    assert compile_java("a.b", Flags(ignore_case=True, dot_all=True)).matches("A\nB")
    assert not compile_java("a.b").matches("A\nB")
    assert compile_java("a b", Flags(comments=True)).matches("ab")
    assert [m.start() for m in compile_java("^", Flags(multiline=True)).find_all("a\nb")] == [0, 2]
    assert compile_java(r"\w", Flags(unicode_classes=True)).matches("é")


def test_whole_matches_try_every_alternative() -> None:
    assert compile_java("a|ab").matches("ab")
    match = compile_java("(a|ab)(c?)").fullmatch("abc")
    assert match is not None
    assert match.groups() == ("ab", "c")


def test_replace_first_changes_one_match() -> None:
    assert compile_java("a").replace_first("banana", "o") == "bonana"
    assert compile_java("x*").replace_first("aXb", "-") == "-aXb"


def test_an_empty_round_ends_a_loop_of_the_counting_matcher() -> None:
    pattern = compile_java("(a?){30}a{30}", budget=10_000)
    assert pattern.longest == -1
    assert pattern.matches("a" * 30)


def test_many_large_classes_are_left_to_the_counting_matcher() -> None:
    pattern = compile_java(r"\p{L}" * 100)
    assert pattern.longest == -1
    assert pattern.matches("é" * 100)
    assert not pattern.matches("é" * 99)


def test_results_and_parts_can_be_limited() -> None:
    assert compile_java("a").replace_all("aaa", "bb", most=6) == "bbbbbb"
    with pytest.raises(RegexCostError, match="5 characters"):
        compile_java("a").replace_all("aaa", "bb", most=5)
    assert compile_java(",").split("1,2,3", most=3) == ["1", "2", "3"]
    with pytest.raises(RegexCostError, match="2 parts"):
        compile_java(",").split("1,2,3", most=2)


def test_deep_nesting_and_long_patterns_are_refused() -> None:
    for pattern in ("(" * 500 + ")" * 500, "[" * 500 + "a" + "]" * 500, "a" * 10_000):
        with pytest.raises(RegexError):
            compile_java(pattern)


SNIPPETS = st.sampled_from([*"ab0 \\()[]{}|*+?.^$-&,:=!<>#iQEdwRkpP1", "(?", "\\p{L}", "[^", "&&", "{1,2}", "(?<n>"])


@given(st.lists(SNIPPETS, max_size=14).map("".join), st.text("ab0 \n", max_size=12))
def test_any_text_compiles_and_matches_or_is_refused(pattern: str, subject: str) -> None:
    try:
        compiled = compile_java(pattern)
    except RegexError:
        return
    compiled.matches(subject)
    list(compiled.find_all(subject))
    assert compiled.replace_all(subject, "").count("\0") == 0
    assert "".join(compiled.split(subject, -1)).count("\0") == 0


@given(st.text(max_size=20))
def test_any_unicode_text_compiles_or_is_refused(pattern: str) -> None:
    try:
        compile_java(pattern).matches(pattern)
    except RegexError:
        return
