"""DynamoDB's numbers: decimals of 38 digits.

Source: DynamoDB developer guide, "Supported data types and naming rules", Number.
"""

import re
from decimal import MAX_EMAX, MIN_EMIN, Context, Decimal
from typing import Final

from inferway.languages.dynamodb.errors import ExpressionError

_DIGITS: Final = 38
_HIGHEST: Final = 125  # 9.9…E+125 is the largest, 1E-130 the smallest magnitude
_LOWEST: Final = -130
_FORM: Final = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,9})?", re.ASCII)
# Exponents have up to nine digits here: with the usual bounds, 1E+1000000 would raise and 1E-1000027 be zero.
_EXACT: Final = Context(prec=10_000, Emax=MAX_EMAX, Emin=MIN_EMIN)


def parse_number(text: object) -> Decimal:
    """Give a number's value; raises ExpressionError for what is none, is too long, too large or too small."""
    if not isinstance(text, str) or len(text) > 5_000 or not _FORM.fullmatch(text):
        raise ExpressionError(
            f"The parameter cannot be converted to a numeric value: {text}"
            if text
            else "The parameter cannot be converted to a numeric value"
        )
    return bounded(Decimal(text))


def bounded(number: Decimal) -> Decimal:
    """Give a number without needless zeros; raises ExpressionError as `parse_number`."""
    number = number.normalize(_EXACT)
    if not number:
        return Decimal(0)
    if number.adjusted() > _HIGHEST:
        raise ExpressionError(
            "Number overflow. Attempting to store a number with magnitude larger than supported range"
        )
    if number.adjusted() < _LOWEST:
        raise ExpressionError(
            "Number underflow. Attempting to store a number with magnitude smaller than supported range"
        )
    if len(number.as_tuple().digits) > _DIGITS:
        raise ExpressionError("Attempting to store more than 38 significant digits in a Number")
    return number


def number_text(number: Decimal) -> str:
    """Give a number as the service writes it, without an exponent."""
    return format(number, "f")


def count_digits(text: str) -> int:
    """Give how many significant digits a well-formed number has."""
    return len(Decimal(text).normalize(_EXACT).as_tuple().digits)


def add(left: str, right: str, *, minus: bool = False) -> str:
    """Add or subtract two numbers that are well-formed; raises ExpressionError when the result is no such number."""
    first, second = Decimal(left), Decimal(right)
    return number_text(bounded(_EXACT.subtract(first, second) if minus else _EXACT.add(first, second)))


def sortable(number: Decimal) -> bytes:
    """Give bytes that sort as the numbers do."""
    number = number.normalize(_EXACT)
    if not number:
        return b"\x80"
    exponent = number.adjusted() - _LOWEST + 1
    digits = bytes(number.as_tuple().digits)
    if number > 0:
        return b"\xc0" + exponent.to_bytes(2, "big") + bytes(digit + 1 for digit in digits)
    # The complement of each part, and an end that sorts after every digit: -1.2 stands above -1.23.
    return b"\x40" + (0xFFFF - exponent).to_bytes(2, "big") + bytes(10 - digit for digit in digits) + b"\xff"
