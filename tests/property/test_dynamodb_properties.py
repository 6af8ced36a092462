"""Any text is an expression or an ExpressionError; numbers sort as numbers; what is written comes back."""

from contextlib import suppress
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inferway.languages.dynamodb.conditions import holds
from inferway.languages.dynamodb.errors import ExpressionError
from inferway.languages.dynamodb.nodes import Names
from inferway.languages.dynamodb.numbers import number_text, parse_number, sortable
from inferway.languages.dynamodb.parser import Parser
from inferway.languages.dynamodb.paths import find, project
from inferway.languages.dynamodb.update_parser import UpdateParser
from inferway.languages.dynamodb.updates import apply
from inferway.languages.dynamodb.values import Value, checked, item_size

VALUES: dict[str, Value] = {
    ":n": {"N": "1"},
    ":s": {"S": "a"},
    ":l": {"L": [{"N": "2"}]},
    ":t": {"SS": ["a", "b"]},
    ":m": {"M": {}},
}
NAMES = {"#a": "a", "#b": "b.c"}
WORDS = [
    *VALUES,
    *NAMES,
    *("a", "b", "c1", "[0]", "[1]", ".", ",", "(", ")", "=", "<>", "<", ">=", "+", "-", "AND", "or", "NOT", "BETWEEN"),
    *("IN", "SET", "REMOVE", "ADD", "DELETE", "size", "contains", "begins_with", "attribute_exists", "attribute_type"),
    *("if_not_exists", "list_append", "name", ":x", "#x", "12", "%"),
]
EXPRESSIONS = st.one_of(st.text(max_size=60), st.lists(st.sampled_from(WORDS), max_size=14).map(" ".join))

scalars = st.one_of(
    st.text(max_size=5).map(lambda text: {"S": text}),
    st.integers(-(10**20), 10**20).map(lambda number: {"N": str(number)}),
    st.booleans().map(lambda value: {"BOOL": value}),
    st.lists(st.sampled_from("abc"), min_size=1, unique=True).map(lambda members: {"SS": members}),
)
values = st.recursive(
    scalars,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda members: {"L": members}),
        st.dictionaries(st.sampled_from(["a", "b", "c1"]), inner, max_size=3).map(lambda members: {"M": members}),
    ),
    max_leaves=6,
)
items = st.dictionaries(st.sampled_from(["a", "b", "b.c", "c1"]), values, max_size=4)


@given(EXPRESSIONS, items)
def test_any_condition_is_decided_or_refused(text: str, item: dict[str, Any]) -> None:
    with suppress(ExpressionError):
        holds(Parser(text, "ConditionExpression", Names(NAMES, VALUES)).condition(), item)


@given(EXPRESSIONS, items)
def test_any_update_is_applied_or_refused_and_the_old_item_stays(text: str, item: dict[str, Any]) -> None:
    before = repr(item)
    with suppress(ExpressionError):
        changed = apply(UpdateParser(text, Names(NAMES, VALUES)).update(), item)
        assert {name: checked(value) for name, value in changed.items()}.keys() == changed.keys()
    assert repr(item) == before


@given(EXPRESSIONS, items)
def test_any_projection_gives_parts_of_the_item_or_is_refused(text: str, item: dict[str, Any]) -> None:
    try:
        paths = Parser(text, "ProjectionExpression", Names(NAMES, VALUES)).paths()
    except ExpressionError:
        return
    if len(paths) == 1:
        assert bool(project(item, paths)) == (find(item, paths[0]) is not None)


@given(st.integers(1, 3000), st.sampled_from(["(", "NOT ", "size("]))
def test_deep_nesting_is_refused_in_bounded_time(depth: int, opening: str) -> None:
    with pytest.raises(ExpressionError, match=r"^Invalid FilterExpression: "):
        Parser(opening * depth + "a = :x", "FilterExpression", Names({}, VALUES)).condition()


numbers = st.decimals(allow_nan=False, allow_infinity=False).map(str)


@given(st.lists(st.one_of(numbers, st.integers().map(str), st.text(alphabet="0123456789.eE+-", max_size=12))))
def test_numbers_sort_as_numbers_and_are_written_exactly(texts: list[str]) -> None:
    parsed: list[Decimal] = []
    for text in texts:
        try:
            parsed.append(parse_number(text))
        except ExpressionError:
            continue
        assert Decimal(number_text(parsed[-1])) == Decimal(text)
    assert sorted(parsed) == sorted(parsed, key=sortable)


@given(values)
def test_a_checked_value_is_its_own_one_form(value: dict[str, Any]) -> None:
    once = checked(value)
    assert checked(once) == once
    assert item_size({"x": once}) >= 1


anything = st.recursive(
    st.none() | st.booleans() | st.text(max_size=3) | st.integers(),
    lambda inner: (
        st.lists(inner) | st.dictionaries(st.sampled_from(["S", "N", "B", "L", "M", "SS", "NULL", "x"]), inner)
    ),
)


@given(anything)
def test_what_is_no_value_is_refused(value: object) -> None:
    with suppress(ExpressionError):
        assert checked(checked(value)) == checked(value)
