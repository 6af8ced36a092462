"""What requests give, in templates that are Python values."""

import json
from typing import Any

import pytest

from inferway.languages.vtl import compile_template
from inferway.patterns import given
from inferway.patterns.templates import literal, quoted, velocity


def test_a_value_is_written_as_json_with_expressions_in_it() -> None:
    made = velocity({"a": [1, None, True, "x"], "b": given.body("$.items"), "c": given.argument("id")})
    assert made == '{"a": [1, null, true, "x"], "b": $input.json(\'$.items\'), "c": $util.toJson($ctx.args.id)}'


def test_a_text_is_velocity_as_it_is() -> None:
    assert velocity("$input.json('$')") == "$input.json('$')"


@pytest.mark.parametrize("text", ["costs 5$", "#1", "$input.json('$')", '"quoted"', "#set($a = 1)", "é\n"])
def test_what_is_no_expression_is_no_velocity(text: str) -> None:
    written = quoted({text: text})
    assert "$" not in written
    assert "#" not in written
    assert json.loads(written) == {text: text}


@pytest.mark.parametrize("text", ["costs 5$", "#1", "$a #set($b = 1)", "plain"])
def test_a_text_prints_as_it_is(text: str) -> None:
    assert compile_template(literal(text), "apigateway").render({}) == text


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: given.path("a b"), "name of a parameter"),
        (lambda: given.query("a", "integer"), "a text or a number"),
        (lambda: given.body("items"), "JSON path"),
        (lambda: given.context("a-b"), "cannot be a name"),
        (lambda: given.argument("$x"), "cannot be a name"),
        (lambda: velocity({"a": object()}), "is no JSON"),
        (lambda: velocity({"a": float("nan")}), "is no JSON"),
    ],
)
def test_mistakes_are_told(make: Any, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        make()


def test_a_value_of_endless_depth_is_refused() -> None:
    value: list[Any] = []
    value.append(value)
    with pytest.raises(ValueError, match="levels"):
        velocity(value)
