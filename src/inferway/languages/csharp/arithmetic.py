"""C#'s arithmetic on Python numbers: wrapping integers, truncating division, decimals of 28 digits."""

from __future__ import annotations

import math
import struct
from collections.abc import Callable
from decimal import ROUND_HALF_EVEN, Context, Decimal, InvalidOperation, Overflow
from typing import Any, Final

from inferway.languages.csharp.errors import ThrownError
from inferway.languages.csharp.types import INTEGRAL
from inferway.languages.csharp.values import overflow

DECIMAL: Final = Context(prec=28, rounding=ROUND_HALF_EVEN, Emin=-999, Emax=999, traps=[])
MAX_DECIMAL: Final = Decimal(2**96 - 1)
_WIDER: Final = Context(prec=60, rounding=ROUND_HALF_EVEN, traps=[])

Binary = Callable[[Any, Any], Any]


def wrap(value: int, type_: str) -> int:
    """An integer cut to the bits of its type."""
    low, high = INTEGRAL[type_]
    return value if low <= value <= high else (value - low) % (high - low + 1) + low


def divide_by_zero() -> ThrownError:
    """What dividing by 0 throws."""
    return ThrownError("System.DivideByZeroException", "Attempted to divide by zero.")


def arithmetic_overflow() -> ThrownError:
    """What `int.MinValue / -1` throws."""
    return ThrownError("System.OverflowException", "Arithmetic operation resulted in an overflow.")


def integer_divide(left: int, right: int) -> int:
    """Division towards zero. Raises ThrownError."""
    if right == 0:
        raise divide_by_zero()
    found = left // right
    return found + 1 if found < 0 and found * right != left else found


def integer_remainder(left: int, right: int) -> int:
    """The remainder with the sign of the left side. Raises ThrownError."""
    if right == 0:
        raise divide_by_zero()
    return left - right * integer_divide(left, right)


def double_divide(left: float, right: float) -> float:
    """IEEE division: infinities and NaN instead of an error."""
    if right == 0:
        if left == 0 or left != left:
            return math.nan
        return math.copysign(math.inf, left) * math.copysign(1.0, right)
    return left / right


def double_remainder(left: float, right: float) -> float:
    """IEEE remainder with the sign of the left side."""
    if right == 0 or math.isinf(left) or left != left or right != right:
        return math.nan
    return math.fmod(left, right)


def fit_decimal(value: Decimal) -> Decimal:
    """A result cut to what a decimal holds: 96 bits, 28 places. Raises ThrownError."""
    if not value.is_finite() or abs(value) > MAX_DECIMAL:
        raise overflow("a Decimal")
    parts = value.as_tuple()
    places = -int(parts.exponent)
    if places < 0:
        return value.quantize(Decimal(1), context=_WIDER)
    digits = len(parts.digits)
    if places > 28 or digits > 28:
        keep = min(28, places, places - (digits - 29)) if digits > 28 else 28
        cut = value.quantize(Decimal(1).scaleb(-max(keep, 0)), context=_WIDER)
        if int(cut.scaleb(max(keep, 0), _WIDER)) > 2**96 - 1:
            cut = value.quantize(Decimal(1).scaleb(-max(keep - 1, 0)), context=_WIDER)
        return cut
    return value


def decimal_divide(left: Decimal, right: Decimal) -> Decimal:
    """Division of decimals, without zeros that the result does not need. Raises ThrownError."""
    if right == 0:
        raise divide_by_zero()
    return fit_decimal(_WIDER.divide(left, right))


def decimal_remainder(left: Decimal, right: Decimal) -> Decimal:
    """The remainder of decimals. Raises ThrownError."""
    if right == 0:
        raise divide_by_zero()
    return fit_decimal(_WIDER.remainder(left, right))


def as_single(value: float) -> float:
    """A double cut to 32 bits."""
    try:
        found: float = struct.unpack("f", struct.pack("f", value))[0]
    except OverflowError:
        return math.copysign(math.inf, value)
    return found


def truncate_to(value: float, type_: str) -> int:
    """A double as an integer, unchecked: what does not fit becomes the least value, as on x64."""
    low, high = INTEGRAL[type_]
    if value != value or math.isinf(value):
        return low if type_ in ("int", "long") else 0
    whole = int(value)
    if low <= whole <= high:
        return whole
    if type_ in ("int", "long"):
        return low
    return wrap(wrap(whole, "long"), type_)


def decimal_of(value: float) -> Decimal:
    """A double as a decimal: 15 digits. Raises ThrownError."""
    if value != value or abs(value) >= 7.9228162514264338e28:
        raise overflow("a Decimal")
    rounded = Context(prec=15, rounding=ROUND_HALF_EVEN).create_decimal(Decimal(value))
    return fit_decimal(Decimal(f"{rounded.normalize():f}"))


def decimal_to(value: Decimal, type_: str) -> int:
    """A decimal as an integer, towards zero. Raises ThrownError."""
    low, high = INTEGRAL[type_]
    whole = int(value)
    if not low <= whole <= high:
        raise overflow({"int": "an Int32", "long": "an Int64"}.get(type_, f"a {type_}"))
    return whole


INTEGER_OPERATIONS: Final[dict[str, Binary]] = {
    "+": lambda left, right: left + right,
    "-": lambda left, right: left - right,
    "*": lambda left, right: left * right,
    "/": integer_divide,
    "%": integer_remainder,
    "&": lambda left, right: left & right,
    "|": lambda left, right: left | right,
    "^": lambda left, right: left ^ right,
}
DOUBLE_OPERATIONS: Final[dict[str, Binary]] = {
    "+": lambda left, right: left + right,
    "-": lambda left, right: left - right,
    "*": lambda left, right: left * right,
    "/": double_divide,
    "%": double_remainder,
}
DECIMAL_OPERATIONS: Final[dict[str, Binary]] = {
    "+": lambda left, right: fit_decimal(_WIDER.add(left, right)),
    "-": lambda left, right: fit_decimal(_WIDER.subtract(left, right)),
    "*": lambda left, right: fit_decimal(_WIDER.multiply(left, right)),
    "/": decimal_divide,
    "%": decimal_remainder,
}
COMPARISONS: Final[dict[str, Binary]] = {
    "<": lambda left, right: left < right,
    "<=": lambda left, right: left <= right,
    ">": lambda left, right: left > right,
    ">=": lambda left, right: left >= right,
}


def read_decimal(text: str) -> Decimal:
    """A decimal from plain digits. Raises ThrownError."""
    try:
        return fit_decimal(Decimal(text))
    except (InvalidOperation, Overflow):
        raise overflow("a Decimal") from None
