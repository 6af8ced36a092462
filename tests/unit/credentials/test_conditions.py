"""Condition operators, as the IAM User Guide describes them."""

import pytest

from inferway.credentials.conditions import Condition, holds, read_operator

DATE = "2026-11-21T12:00:00Z"


def check(name: str, given: tuple[str, ...] | None, *wanted: str) -> bool:
    read = read_operator(name)
    assert read is not None, name
    quantifier, operator, if_exists = read
    condition = Condition(operator=operator, quantifier=quantifier, if_exists=if_exists, key="aws:key", values=wanted)
    return holds(condition, wanted, {} if given is None else {"aws:key": given})


@pytest.mark.parametrize(
    ("operator", "given", "wanted", "held"),
    [
        ("StringEquals", "a", ["a"], True),
        ("StringEquals", "A", ["a"], False),
        ("StringEquals", "a", ["b", "a"], True),
        ("StringNotEquals", "a", ["b", "a"], False),
        ("StringNotEquals", "c", ["b", "a"], True),
        ("StringEqualsIgnoreCase", "A", ["a"], True),
        ("StringNotEqualsIgnoreCase", "A", ["a"], False),
        ("StringLike", "abc", ["a*"], True),
        ("StringLike", "abc", ["a"], False),
        ("StringNotLike", "abc", ["a*"], False),
        ("NumericEquals", "1.0", ["1"], True),
        ("NumericNotEquals", "1", ["1"], False),
        ("NumericLessThan", "9", ["10"], True),
        ("NumericLessThanEquals", "10", ["10"], True),
        ("NumericGreaterThan", "9", ["10"], False),
        ("NumericGreaterThanEquals", "10", ["10"], True),
        ("NumericEquals", "one", ["1"], False),
        ("NumericLessThan", "1", ["NaN"], False),
        ("DateLessThan", DATE, ["2026-11-22"], True),
        ("DateLessThan", DATE, ["2026-11-21T12:00:00Z"], False),
        ("DateLessThanEquals", DATE, ["2026-11-21T13:00:00+01:00"], True),
        ("DateGreaterThan", DATE, ["2026-11-21T11:59:59Z"], True),
        ("DateGreaterThanEquals", DATE, [DATE], True),
        ("DateEquals", DATE, ["1795262400"], True),
        ("DateNotEquals", DATE, [DATE], False),
        ("DateLessThan", DATE, ["tomorrow"], False),
        ("Bool", "true", ["true"], True),
        ("Bool", "false", ["true"], False),
        ("BinaryEquals", "YQ==", ["YQ=="], True),
        ("BinaryEquals", "YQ==", ["%%"], False),
        ("IpAddress", "203.0.113.9", ["203.0.113.0/24"], True),
        ("IpAddress", "203.0.114.9", ["203.0.113.0/24", "2001:db8::/32"], False),
        ("IpAddress", "2001:db8::1", ["203.0.113.0/24", "2001:db8::/32"], True),
        ("IpAddress", "203.0.113.9", ["203.0.113.9"], True),
        ("IpAddress", "::ffff:203.0.113.9", ["203.0.113.0/24"], True),
        ("NotIpAddress", "::ffff:203.0.113.9", ["203.0.113.0/24"], False),
        ("IpAddress", "nowhere", ["0.0.0.0/0"], False),
        ("NotIpAddress", "203.0.113.9", ["203.0.113.0/24"], False),
        ("NotIpAddress", "203.0.114.9", ["203.0.113.0/24"], True),
        ("ArnLike", "arn:aws:iam::1:user/ada", ["arn:aws:iam::*:user/*"], True),
        ("ArnEquals", "arn:aws:iam::1:user/ada", ["arn:aws:*:user/ada"], False),
        ("ArnNotLike", "arn:aws:iam::1:user/ada", ["arn:aws:iam::*:user/*"], False),
        ("ArnNotEquals", "arn:aws:iam::1:user/ada", ["arn:aws:iam::2:user/*"], True),
    ],
)
def test_an_operator_compares_its_type(operator: str, given: str, wanted: list[str], held: bool) -> None:
    assert check(operator, (given,), *wanted) is held


@pytest.mark.parametrize(
    ("operator", "held"),
    [
        ("StringEquals", False),
        ("StringNotEquals", True),
        ("StringEqualsIfExists", True),
        ("StringNotEqualsIfExists", True),
        ("NotIpAddress", True),
        ("ForAllValues:StringEquals", True),
        ("ForAnyValue:StringEquals", False),
        ("ForAnyValue:StringNotEquals", False),
    ],
)
def test_a_key_that_is_not_there(operator: str, held: bool) -> None:
    assert check(operator, None, "a") is held


@pytest.mark.parametrize(
    ("given", "wanted", "held"),
    [(None, "true", True), (None, "false", False), (("a",), "false", True), (("a",), "true", False)],
)
def test_null_asks_whether_a_key_is_there(given: tuple[str, ...] | None, wanted: str, held: bool) -> None:
    assert check("Null", given, wanted) is held


@pytest.mark.parametrize(
    ("operator", "given", "held"),
    [
        ("ForAllValues:StringEquals", ("a", "b"), True),
        ("ForAllValues:StringEquals", ("a", "c"), False),
        ("ForAnyValue:StringEquals", ("c", "b"), True),
        ("ForAnyValue:StringEquals", ("c", "d"), False),
        ("ForAllValues:StringNotLike", ("c", "d"), True),
        ("ForAllValues:StringNotLike", ("a", "d"), False),
    ],
)
def test_keys_with_several_values(operator: str, given: tuple[str, ...], held: bool) -> None:
    assert check(operator, given, "a", "b") is held


@pytest.mark.parametrize("name", ["", "StringEqual", "stringequals", "NullIfExists", "ForAllValues:Null", "IfExists"])
def test_an_operator_that_is_not_known(name: str) -> None:
    assert read_operator(name) is None
