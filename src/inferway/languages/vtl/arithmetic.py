"""Operators of expressions, with Java's numbers: Velocity 1.7's MathUtils, equality and order."""

from __future__ import annotations

import math
from collections.abc import Callable
from decimal import ROUND_HALF_DOWN, Context, Decimal
from typing import Any, Final

from inferway.languages.vtl.equality import java_class, java_equals
from inferway.languages.vtl.limits import INTEGER_BITS, STRING_CHARACTERS
from inferway.languages.vtl.text import java_text
from inferway.languages.vtl.values import ForeachScope, JavaBigInteger, JavaFailure, JavaHashMap, JavaLong

_INT_MIN: Final = -(2**31)
_INT_MAX: Final = 2**31 - 1
_LONG_MIN: Final = -(2**63)
_LONG_MAX: Final = 2**63 - 1
_EXACT: Final = Context(prec=5_000)


def is_number(value: object) -> bool:
    """Whether the value is a Java Number."""
    return isinstance(value, int | float | Decimal) and not isinstance(value, bool)


def width(value: int) -> int:
    """0 for an Integer, 1 for a Long, 2 for a BigInteger."""
    if value.__class__ is JavaLong:
        return 1
    if value.__class__ is JavaBigInteger:
        return 2
    if _INT_MIN <= value <= _INT_MAX:
        return 0
    return 1 if _LONG_MIN <= value <= _LONG_MAX else 2


def widened(value: int, least: int) -> int:
    """The value as the type of at least that width."""
    if least == 0 or width(value) >= least:
        return value
    return JavaLong(value) if least == 1 else JavaBigInteger(value)


def _checked(value: int) -> int:
    if value.bit_length() > INTEGER_BITS:
        raise JavaFailure(f"java.lang.ArithmeticException: BigInteger would exceed {INTEGER_BITS} bits")
    return value


def _integral(operation: Callable[[int, int], int]) -> Callable[[int, int], int]:
    def apply(left: int, right: int) -> int:
        result = operation(int(left), int(right))
        if left.__class__ is int and right.__class__ is int and _small(left) and _small(right):
            return result
        return widened(_checked(result), max(width(left), width(right)))

    return apply


def _small(value: int) -> bool:
    return _INT_MIN <= value <= _INT_MAX


def _quotient(left: int, right: int) -> int:
    result = abs(left) // abs(right)
    return result if (left < 0) == (right < 0) else -result


def _remainder(left: int, right: int) -> int:
    if not (_LONG_MIN <= left <= _LONG_MAX and _LONG_MIN <= right <= _LONG_MAX):
        if right < 0:
            raise JavaFailure("java.lang.ArithmeticException: BigInteger: modulus not positive")
        return left % right
    result = abs(left) % abs(right)
    return -result if left < 0 else result


_INTEGERS: Final[dict[str, Callable[[int, int], int]]] = {
    "+": _integral(lambda left, right: left + right),
    "-": _integral(lambda left, right: left - right),
    "*": _integral(lambda left, right: left * right),
    "/": _integral(_quotient),
    "%": _integral(_remainder),
}


def _product(left: float, right: float) -> float:
    return left * right


_DOUBLES: Final[dict[str, Callable[[float, float], float]]] = {
    "+": lambda left, right: left + right,
    "-": lambda left, right: left - right,
    "*": _product,
    "/": lambda left, right: left / right,
    "%": lambda left, right: math.nan if math.isinf(left) else math.fmod(left, right),
}


def _decimal(operator: str, left: Any, right: Any) -> Decimal:
    a, b = (each if isinstance(each, Decimal) else Decimal(each) for each in (left, right))
    if operator == "+":
        return _EXACT.add(a, b)
    if operator == "-":
        return _EXACT.subtract(a, b)
    if operator == "*":
        return _EXACT.multiply(a, b)
    if operator == "/":
        exponent = a.as_tuple().exponent
        return _EXACT.divide(a, b).quantize(Decimal((0, (1,), int(exponent))), ROUND_HALF_DOWN, _EXACT)
    raise JavaFailure("java.lang.ArithmeticException: Cannot calculate the modulo of BigDecimals.")


def calculate(operator: str, left: Any, right: Any) -> Any:
    """`left operator right`; null where an operand is no number or the right one is zero."""
    if not is_number(left) or not is_number(right):
        return None
    if operator in "/%" and right == 0:
        return None
    both = isinstance(left, int) and isinstance(right, int)
    if both:
        if operator == "*" and left.bit_length() + right.bit_length() > INTEGER_BITS + 1:
            _checked(1 << (INTEGER_BITS + 1))
        return _INTEGERS[operator](left, right)
    big = any(isinstance(each, int) and width(each) == 2 for each in (left, right))
    if big or isinstance(left, Decimal) or isinstance(right, Decimal):
        return _decimal(operator, left, right)
    try:
        return _DOUBLES[operator](float(left), float(right))
    except OverflowError:
        return math.inf


def add(left: Any, right: Any, left_literal: str, right_literal: str) -> Any:
    """`left + right`: numbers add, a string on either side concatenates; null then counts as its own source text."""
    if left.__class__ is int and right.__class__ is int and _small(left) and _small(right):
        return left + right
    if left.__class__ is str or right.__class__ is str:
        text = (left_literal if left is None else java_text(left)) + (
            right_literal if right is None else java_text(right)
        )
        if len(text) > STRING_CHARACTERS:
            raise JavaFailure("java.lang.OutOfMemoryError: the string is too long")
        return text
    return calculate("+", left, right)


def compare(left: Any, right: Any) -> int:
    """The order of two numbers; NaN is neither below nor above anything."""
    if isinstance(left, float) or isinstance(right, float):
        if isinstance(left, Decimal) or isinstance(right, Decimal):
            left, right = Decimal(left), Decimal(right)
        elif not any(isinstance(each, int) and width(each) == 2 for each in (left, right)):
            left, right = float(left), float(right)
    return -1 if left < right else (1 if left > right else 0)


def less(left: Any, right: Any) -> bool:
    """`left < right`; false unless both are numbers."""
    return is_number(left) and is_number(right) and compare(left, right) < 0


def less_or_equal(left: Any, right: Any) -> bool:
    """`left <= right`; false unless both are numbers."""
    return is_number(left) and is_number(right) and compare(left, right) <= 0


def equal(left: Any, right: Any) -> bool:
    """`left == right`: numbers by value, one class by `equals`, different classes by their text; null equals null."""
    if left.__class__ is str and right.__class__ is str:
        return bool(left == right)
    if left is None or right is None:
        return left is right
    if is_number(left) and is_number(right):
        return compare(left, right) == 0
    if _same_line(left, right):
        return java_equals(left, right)
    return java_text(left) == java_text(right)


def _same_line(left: Any, right: Any) -> bool:
    """Whether one's class is the other's or inherits from it."""
    for kind in (str, bool):
        if left.__class__ is kind or right.__class__ is kind:
            return left.__class__ is right.__class__
    if isinstance(left, ForeachScope) or isinstance(right, ForeachScope):
        return isinstance(left, ForeachScope) and isinstance(right, ForeachScope)
    names = {java_class(left), java_class(right)}
    return (
        len(names) == 1
        or names == {"java.util.ArrayList", "net.minidev.json.JSONArray"}
        or (isinstance(left, dict) and isinstance(right, dict) and JavaHashMap in (type(left), type(right)))
    )
