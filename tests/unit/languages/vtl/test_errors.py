"""A VtlError says where, and shows the line."""

from __future__ import annotations

import pickle

import pytest

from inferway.languages.vtl import VtlError, compile_template


def test_it_shows_the_line_with_a_caret() -> None:
    with pytest.raises(VtlError) as caught:
        compile_template("one\n  #if(true) x\n  $a.b(\u0021)")
    error = caught.value
    assert (error.line, error.column) == (3, 8)
    assert str(error).splitlines()[1:] == ["    $a.b(!)", "         ^"]


def test_the_caret_stands_under_the_column_behind_a_tab() -> None:
    with pytest.raises(VtlError) as caught:
        compile_template("\tab #end")
    assert caught.value.column == 12
    assert str(caught.value).splitlines()[2].index("^") == str(caught.value).splitlines()[1].index("#end")


def test_a_long_line_is_cut_around_the_column() -> None:
    with pytest.raises(VtlError) as caught:
        compile_template("x" * 5000 + "#end " + "y" * 5000)
    _, line, caret = str(caught.value).splitlines()
    assert len(line) < 140
    assert line[caret.index("^")] == "#"


def test_a_failing_method_is_located_in_the_template() -> None:
    template = compile_template("a\n#foreach($i in [1])\n  $list.get(5)\n#end")
    with pytest.raises(VtlError) as caught:
        template.render({"list": [1]})
    assert (caught.value.line, caught.value.column) == (3, 9)
    assert "Index 5 out of bounds for length 1" in caught.value.message


def test_it_survives_pickling() -> None:
    error = VtlError("message", 1, 3, "abc")
    copy = pickle.loads(pickle.dumps(error))
    assert (str(copy), copy.line, copy.column, copy.message) == (str(error), 1, 3, "message")


def test_without_a_place_there_is_the_message_alone() -> None:
    assert str(VtlError("message")) == "message"


@pytest.mark.parametrize("source", ["$a[#5]", "#foo(#5)", "#foo(#1.5)", "$a.b(#'x')", "$a[#5", "#set($x = #5)"])
def test_text_that_runs_into_a_literal_is_a_vtl_error_or_nothing(source: str) -> None:
    """Fuzzing found these: the lexer lets `#` become part of the number's token."""
    try:
        assert isinstance(compile_template(source).render({"a": "x"}), str)
    except VtlError as error:
        assert error.line == 1  # noqa: PT017 - both outcomes are right
