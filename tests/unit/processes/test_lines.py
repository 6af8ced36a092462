"""Output arrives in chunks of any shape and leaves as lines of bounded length."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from inferway.processes.lines import LineCutter


def test_a_line_over_several_chunks_is_one_line() -> None:
    cutter = LineCutter()
    assert cutter.feed(b"half a l") == []
    assert cutter.feed(b"ine\nand\n\nrest") == ["half a line", "and", ""]
    assert cutter.finish() == ["rest"]
    assert cutter.finish() == []


def test_a_carriage_return_before_the_newline_is_dropped() -> None:
    assert LineCutter().feed(b"a\r\nb\n") == ["a", "b"]


def test_bytes_that_are_not_utf8_become_replacement_characters() -> None:
    assert LineCutter().feed(b"caf\xe9!\n") == ["caf\ufffd!"]


def test_a_character_cut_between_chunks_is_whole_again() -> None:
    cutter = LineCutter()
    assert cutter.feed("é".encode()[:1]) == []
    assert cutter.feed("é".encode()[1:] + b"\n") == ["é"]


def test_a_huge_line_is_cut_says_so_and_the_next_is_whole() -> None:
    cutter = LineCutter(longest=10)
    for _ in range(1000):
        assert cutter.feed(b"x" * 100) == []
    assert cutter.feed(b"\nnext\n") == ["xxxxxxxxxx… (99990 bytes cut)", "next"]


def test_a_huge_unfinished_line_is_not_held() -> None:
    cutter = LineCutter(longest=10)
    cutter.feed(b"x" * 1_000_000)
    assert len(cutter._held) == 10
    assert cutter.finish() == ["xxxxxxxxxx… (999990 bytes cut)"]


@given(st.binary(max_size=200), st.lists(st.integers(0, 200), max_size=10))
def test_where_the_chunks_break_makes_no_difference(data: bytes, cuts: list[int]) -> None:
    whole, pieces = LineCutter(longest=16), LineCutter(longest=16)
    expected = whole.feed(data) + whole.finish()
    edges = [0, *sorted(min(cut, len(data)) for cut in cuts), len(data)]
    lines = [line for start, end in pairwise(edges) for line in pieces.feed(data[start:end])]
    assert lines + pieces.finish() == expected
