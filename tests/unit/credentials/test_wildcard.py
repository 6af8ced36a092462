"""Wildcards of policies."""

import re

import pytest

from inferway.credentials.wildcard import compile_wildcard, literal


@pytest.mark.parametrize(
    ("pattern", "text", "matches"),
    [
        ("*", "", True),
        ("*", "anything\nat all", True),
        ("", "", True),
        ("", "a", False),
        ("abc", "abc", True),
        ("abc", "abcd", False),
        ("a?c", "abc", True),
        ("a?c", "ac", False),
        ("a*", "a", True),
        ("*a", "ba", True),
        ("*a", "ab", False),
        ("a*a", "a", False),
        ("a*a", "aa", True),
        ("a*b*c", "axxbyyc", True),
        ("a*b*c", "axxcyyb", False),
        ("*/GET/?*", "api/prod/GET/", False),
        ("*/GET/?*", "api/prod/GET/x", True),
        ("**", "x", True),
        ("a.c", "abc", False),
        ("[a]", "a", False),
        ("ab*ab", "ab", False),
        ("*ab?", "xabab.", True),
    ],
)
def test_a_star_stands_for_any_characters_and_a_question_mark_for_one(pattern: str, text: str, matches: bool) -> None:
    assert compile_wildcard(pattern)(text) is matches


def test_case_counts_unless_told_otherwise() -> None:
    assert not compile_wildcard("A*")("ab")
    assert compile_wildcard("A*", ignore_case=True)("aB")


def test_a_literal_s_wildcards_stand_for_themselves() -> None:
    matches = compile_wildcard(f"user/{literal('*?')}/*")
    assert matches("user/*?/x")
    assert not matches("user/ab/x")


def test_many_stars_take_no_time_to_speak_of() -> None:
    """A backtracking matcher would take more steps here than there are atoms."""
    assert not compile_wildcard("*a" * 200 + "b")("a" * 10_000)


def test_a_caller_s_pattern_is_compiled_without_expressions(monkeypatch: pytest.MonkeyPatch) -> None:
    """An authorizer that names the ARN it is told has a caller's path for one. An expression for each of its stars
    took 14 ms of CPU for a path of 1,500 characters.
    """
    made: list[str] = []
    compiled = re.compile

    def counted(text: str) -> "re.Pattern[str]":
        made.append(text)
        return compiled(text)

    monkeypatch.setattr(re, "compile", counted)
    path = "".join(f"?{number:x}*" for number in range(390))
    assert compile_wildcard(path)(path)
    assert not compile_wildcard(path)(path[:-3])
    assert made == []


@pytest.mark.parametrize("texts", [1, 8, 31, 32, 33, 200])
def test_a_piece_with_many_question_marks_is_found_where_it_is(texts: int) -> None:
    piece = "a?" * texts + "b"
    matches = compile_wildcard(f"*{piece}*c")
    assert matches("a" * 500 + "ax" * texts + "bc")
    assert matches("ax" * texts + "b" + "ax" * texts + "bbc")
    assert not matches("a" * 500 + "ax" * (texts - 1) + "xxbc")
    assert not matches("ax" * texts + "b")
