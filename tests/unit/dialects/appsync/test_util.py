"""What `$util` refuses, so that one template cannot take a process down."""

from typing import Any

import pytest

from inferway.dialects.appsync.json_values import plain, read_json, write_json
from inferway.dialects.appsync.table_values import for_wire, typed, untyped
from inferway.dialects.appsync.util import Util, known_member
from inferway.languages.vtl import JavaFailure, compile_template


def run(template: str, **context: Any) -> str:
    util = Util(None, [])
    return compile_template(template, "appsync").render({"util": util, **context})


def test_lists_of_many_members_are_compared_in_one_go() -> None:
    one, other = list(range(200_000)), list(range(100_000, 300_000))
    assert run("$util.list.copyAndRetainAll($a, $b).size()", a=one, b=other) == "100000"


def test_true_is_not_one_and_maps_are_compared_by_what_they_hold() -> None:
    assert run("$util.list.copyAndRetainAll($a, $b)", a=[1, True, {"x": 1}], b=[True, {"x": 1}]) == "[true, {x=1}]"


def test_a_text_does_not_grow_without_end() -> None:
    with pytest.raises(Exception, match="toReplace"):
        run("$util.str.toReplace($a, 'a', $a)", a="a" * 10_000)


def test_values_in_themselves_are_refused() -> None:
    loop: dict[str, Any] = {}
    loop["self"] = loop
    with pytest.raises(JavaFailure):
        write_json(loop)
    doubled: list[Any] = [1, 2]
    for _ in range(40):
        doubled = [doubled, doubled]
    with pytest.raises(JavaFailure):
        plain(doubled)


def test_keys_and_numbers_of_any_kind_become_json() -> None:
    assert write_json({1: [1.5, True, None], "a": float("inf")}) == '{"1":[1.5,true,null],"a":"Infinity"}'


@pytest.mark.parametrize("text", ["{", "[1,]", "'x'", "", "[" * 100_000])
def test_what_is_no_json(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        read_json(text)


@pytest.mark.parametrize(
    ("value", "wire"),
    [
        ({"N": 5}, {"N": "5"}),
        ({"N": "5"}, {"N": "5"}),
        ({"NULL": None}, {"NULL": True}),
        ({"L": [{"N": 1.5}]}, {"L": [{"N": "1.5"}]}),
        ({"M": {"a": {"BOOL": True}}}, {"M": {"a": {"BOOL": True}}}),
        ({"NS": [1, 2.5]}, {"NS": ["1", "2.5"]}),
    ],
)
def test_typed_values_for_the_wire(value: Any, wire: Any) -> None:
    assert for_wire(value) == wire


@pytest.mark.parametrize("value", ["x", {}, {"S": None}, {"N": True}, {"Q": "x"}, {"S": "x", "N": "1"}, {"SS": [1]}])
def test_what_is_no_typed_value(value: Any) -> None:
    with pytest.raises(ValueError, match=r".+"):
        for_wire(value)


def test_plain_values_come_back_as_they_went() -> None:
    value = {"a": [1, 2.5, "x", True, None], "m": {"n": {}}}
    assert untyped(for_wire(typed(value))) == value
    assert untyped({"N": "1e999999999"}) is None
    assert untyped({"NS": ["1", "2.5"]}) == [1, 2.5]


def test_members_by_name() -> None:
    assert known_member("toJson")
    assert known_member("http")
    assert known_member("dynamodb")
    assert not known_member("rds")
