"""Tests of DynamoDB's numbers (developer guide, "Supported data types and naming rules in Amazon DynamoDB", Number)."""

import pytest

from inferway.languages.dynamodb.errors import ExpressionError
from inferway.languages.dynamodb.numbers import number_text, parse_number
from inferway.languages.dynamodb.values import size_of


@pytest.mark.parametrize("text", ["1E126", "-1E126", "1E1000000", "-1E1000000", "1E+999999999", "12345E999999999"])
def test_numbers_past_the_largest_are_refused(text: str) -> None:
    with pytest.raises(ExpressionError, match=r"^Number overflow"):
        parse_number(text)


@pytest.mark.parametrize("text", ["1E-131", "-1E-131", "1E-1000000", "1E-1000027", "0.1E-999999999"])
def test_numbers_below_the_smallest_are_refused(text: str) -> None:
    with pytest.raises(ExpressionError, match=r"^Number underflow"):
        parse_number(text)


@pytest.mark.parametrize("text", ["0", "-0", "0E999999999", "0.000E-999999999"])
def test_nothing_is_nothing_whatever_its_exponent(text: str) -> None:
    assert number_text(parse_number(text)) == "0"


def test_the_ends_of_the_range_are_numbers() -> None:
    assert parse_number("9." + "9" * 37 + "E+125") == 99999999999999999999999999999999999999 * 10**88
    assert number_text(parse_number("1E-130")) == "0." + "0" * 129 + "1"


@pytest.mark.parametrize(("text", "size"), [("1", 2), ("12", 2), ("123", 3), ("-123", 4), ("1" * 38, 20), ("100", 2)])
def test_a_number_takes_a_byte_for_two_digits_and_one_more(text: str, size: int) -> None:
    # Developer guide, "DynamoDB item sizes and formats"; the byte of the sign is assumed.
    assert size_of({"N": text}) == size
