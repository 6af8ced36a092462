"""Functions on numbers, comparisons and truth values.

Source: Azure Resource Manager, "Numeric functions", "Comparison functions", "Logical functions for ARM templates"
(https://learn.microsoft.com/azure/azure-resource-manager/templates/template-functions-numeric, -comparison, -logical).
"""

from collections.abc import Callable
from typing import Final

from inferway.formats.arm.functions.arguments import a_text, a_truth, an_integer, wrong
from inferway.formats.arm.functions.collections import same
from inferway.formats.arm.values import Unresolved, Value, kind

_MOST: Final = 2**63


def _bounded(number: int) -> int:
    if not -_MOST <= number < _MOST:
        raise Unresolved("bad-argument", "a number of more than 64 bits")
    return number


def add(left: Value, right: Value) -> Value:
    """`add`."""
    return _bounded(an_integer(left) + an_integer(right))


def subtract(left: Value, right: Value) -> Value:
    """`sub`."""
    return _bounded(an_integer(left) - an_integer(right))


def multiply(left: Value, right: Value) -> Value:
    """`mul`."""
    return _bounded(an_integer(left) * an_integer(right))


def divide(left: Value, right: Value) -> Value:
    """`div`, towards zero."""
    dividend, divisor = an_integer(left), _divisor(right)
    quotient = abs(dividend) // abs(divisor)
    return quotient if (dividend < 0) == (divisor < 0) else -quotient


def modulo(left: Value, right: Value) -> Value:
    """`mod`; the sign is the dividend's."""
    remainder = abs(an_integer(left)) % abs(_divisor(right))
    return remainder if left >= 0 else -remainder


def _divisor(value: Value) -> int:
    if an_integer(value) == 0:
        raise Unresolved("bad-argument", "a division by zero")
    return int(value)


def integer(value: Value) -> Value:
    """`int` of a text or a number."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    try:
        return _bounded(int(a_text(value)[:40]))
    except ValueError:
        raise Unresolved("bad-argument", f"{value[:40]!r} is no whole number") from None


def decimal(value: Value) -> Value:
    """`float`."""
    try:
        return float(value if isinstance(value, int | float) else a_text(value)[:40])
    except ValueError:
        raise Unresolved("bad-argument", f"{value[:40]!r} is no number") from None


def truth(value: Value) -> Value:
    """`bool` of a text or a number."""
    if isinstance(value, bool):
        return value
    if isinstance(value, int):
        return value != 0
    text = a_text(value).strip().lower()
    if text not in ("true", "false", "1", "0"):
        raise wrong("true or false", value)
    return text in ("true", "1")


def negate(value: Value) -> Value:
    """`not`."""
    return not a_truth(value)


def equals(left: Value, right: Value) -> Value:
    """`equals`."""
    return same(left, right)


def compared(test: Callable[[int], bool]) -> Callable[[Value, Value], Value]:
    """Give a comparison of two numbers or two texts, from what it makes of -1, 0 and 1."""

    def compare(left: Value, right: Value) -> Value:
        if kind(left) != kind(right) or kind(left) not in ("int", "string"):
            raise Unresolved("bad-argument", f"{kind(left)} and {kind(right)} cannot be compared")
        return test((left > right) - (left < right))

    return compare
