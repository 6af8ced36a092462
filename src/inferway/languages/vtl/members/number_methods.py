"""`Integer`, `Long`, `BigInteger`, `Double` and `Boolean`, with the static methods an instance reaches."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import Any, Final

from inferway.languages.vtl.arithmetic import calculate, compare, widened, width
from inferway.languages.vtl.limits import INTEGER_BITS
from inferway.languages.vtl.members.object_methods import same_class
from inferway.languages.vtl.members.signature import Method, method
from inferway.languages.vtl.text import java_text
from inferway.languages.vtl.values import JavaFailure, JavaLong

_INTEGER: Final = re.compile(r"[+-]?[0-9a-zA-Z]{1,70}")
_DOUBLE: Final = re.compile(r"[+-]?(?:NaN|Infinity|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?[fFdD]?)")


def _unparsable(text: object) -> JavaFailure:
    return JavaFailure(f'java.lang.NumberFormatException: For input string: "{java_text(text)[:100]}"')


def _parser(bits: int) -> Callable[..., int]:
    def parse(_: Any, text: str | None, radix: int = 10) -> int:
        if text is None or not _INTEGER.fullmatch(text) or not 2 <= radix <= 36:
            raise _unparsable(text)
        try:
            value = int(text, radix)
        except ValueError:
            raise _unparsable(text) from None
        if not -(1 << (bits - 1)) <= value < 1 << (bits - 1):
            raise _unparsable(text)
        return value if bits == 32 else widened(value, 1)

    return parse


_parse_int = _parser(32)
_parse_long = _parser(64)


def _parse_double(_: Any, text: str | None) -> float:
    if text is None or not _DOUBLE.fullmatch(text.strip()):
        raise _unparsable(text)
    return float(text.strip().rstrip("fFdD"))


def _wrapped(value: int, bits: int) -> int:
    value &= (1 << bits) - 1
    return value - (1 << bits) if value >> (bits - 1) else value


def _truncated(value: Any, bits: int) -> int:
    """A number as an int or long: a float saturates, an integer wraps."""
    if isinstance(value, int):
        return _wrapped(int(value), bits)
    if math.isnan(value):
        return 0
    least, most = -(1 << (bits - 1)), (1 << (bits - 1)) - 1
    return most if value >= most else (least if value <= least else int(value))


def _int_value(value: Any) -> int:
    return _truncated(value, 32)


def _long_value(value: Any) -> int:
    return widened(_truncated(value, 64), 1)


def _double_value(value: Any) -> float:
    try:
        return float(value)
    except OverflowError:
        return math.inf if value > 0 else -math.inf


def _radix(value: int, code: str) -> str:
    bits = 32 if width(value) == 0 else 64
    return format(value & ((1 << bits) - 1), code)


def _in_radix(_: Any, value: int, radix: int) -> str:
    base = radix if 2 <= radix <= 36 else 10
    digits, rest = "", abs(value)
    while rest:
        rest, digit = divmod(rest, base)
        digits = "0123456789abcdefghijklmnopqrstuvwxyz"[digit] + digits
    return ("-" if value < 0 else "") + (digits or "0")


def _sign(left: Any, right: Any) -> int:
    return compare(left, right)


def _compare_static(_: Any, left: Any, right: Any) -> int:
    return compare(left, right)


def _compare_to(left: Any, right: Any) -> int:
    same_class(left, right)
    return int(left) - int(right) if isinstance(left, bool) else compare(left, right)


def _bit_methods(bits: int, kind: str) -> tuple[Method, ...]:
    """The static methods over the bits of an int (32) or a long (64)."""
    ones = (1 << bits) - 1

    def whole(value: int) -> int:
        wrapped = _wrapped(value, bits)
        return wrapped if bits == 32 else widened(wrapped, 1)

    def rotated(_: Any, value: int, distance: int) -> int:
        low = value & ones
        return whole(low << distance % bits | low >> bits - distance % bits)

    return (
        method("bitCount", kind, lambda _, value: (value & ones).bit_count()),
        method("highestOneBit", kind, lambda _, value: whole(1 << (value & ones).bit_length() >> 1)),
        method("lowestOneBit", kind, lambda _, value: whole(value & -value)),
        method("numberOfLeadingZeros", kind, lambda _, value: bits - (value & ones).bit_length()),
        method("numberOfTrailingZeros", kind, lambda _, value: (value & -value).bit_length() - 1 if value else bits),
        method("reverse", kind, lambda _, value: whole(int(f"{value & ones:0{bits}b}"[::-1], 2))),
        method(
            "reverseBytes", kind, lambda _, value: whole(int.from_bytes((value & ones).to_bytes(bits // 8), "little"))
        ),
        method("rotateLeft", kind + "i", rotated),
        method("rotateRight", kind + "i", lambda _, value, distance: rotated(_, value, -distance)),
    )


_NUMBER: Final[tuple[Method, ...]] = (
    method("byteValue", "", lambda value: _wrapped(_int_value(value), 8)),
    method("shortValue", "", lambda value: _wrapped(_int_value(value), 16)),
    method("intValue", "", _int_value),
    method("longValue", "", _long_value),
    method("floatValue", "", _double_value),
    method("doubleValue", "", _double_value),
)

INTEGER: Final[tuple[Method, ...]] = (
    *_NUMBER,
    *_bit_methods(32, "i"),
    method("compare", "ii", _compare_static),
    method("compareTo", "o", _compare_to),
    method("decode", "s", _parse_int),
    method("max", "ii", lambda _, left, right: max(left, right)),
    method("min", "ii", lambda _, left, right: min(left, right)),
    method("parseInt", "s", _parse_int),
    method("parseInt", "si", _parse_int),
    method("signum", "i", lambda _, value: _sign(value, 0)),
    method("sum", "ii", lambda _, left, right: _wrapped(left + right, 32)),
    method("toBinaryString", "i", lambda _, value: _radix(value, "b")),
    method("toHexString", "i", lambda _, value: _radix(value, "x")),
    method("toOctalString", "i", lambda _, value: _radix(value, "o")),
    method("toString", "i", lambda _, value: java_text(value)),
    method("toString", "ii", _in_radix),
    method("valueOf", "s", _parse_int),
    method("valueOf", "i", lambda _, value: value),
    method("valueOf", "si", _parse_int),
)


def _long(function: Callable[[int, int], int]) -> Callable[..., int]:
    return lambda _, left, right: widened(_wrapped(function(int(left), int(right)), 64), 1)


LONG: Final[tuple[Method, ...]] = (
    *_NUMBER,
    *_bit_methods(64, "j"),
    method("compare", "jj", _compare_static),
    method("compareTo", "o", _compare_to),
    method("max", "jj", _long(max)),
    method("min", "jj", _long(min)),
    method("parseLong", "s", _parse_long),
    method("parseLong", "si", _parse_long),
    method("signum", "j", lambda _, value: _sign(value, 0)),
    method("sum", "jj", _long(lambda left, right: left + right)),
    method("toBinaryString", "j", lambda _, value: format(value & (1 << 64) - 1, "b")),
    method("toHexString", "j", lambda _, value: format(value & (1 << 64) - 1, "x")),
    method("toOctalString", "j", lambda _, value: format(value & (1 << 64) - 1, "o")),
    method("toString", "j", lambda _, value: java_text(value)),
    method("toString", "ji", _in_radix),
    method("valueOf", "s", _parse_long),
    method("valueOf", "j", lambda _, value: JavaLong(value) if width(value) == 0 else value),
)


def _big(operator: str) -> Callable[[int, int], Any]:
    def apply(left: int, right: int) -> Any:
        if width(right) != 2:
            return None
        if operator in "/%" and right == 0:
            raise JavaFailure("java.lang.ArithmeticException: BigInteger divide by zero")
        return calculate(operator, left, right)

    return apply


def _power(value: int, exponent: int) -> int:
    if exponent < 0 or value.bit_length() * exponent > INTEGER_BITS:
        raise JavaFailure("java.lang.ArithmeticException: the exponent is out of range")
    return widened(int(value) ** exponent, 2)


BIG_INTEGER: Final[tuple[Method, ...]] = (
    *_NUMBER,
    method("abs", "", lambda value: widened(abs(int(value)), 2)),
    method("add", "I", _big("+")),
    method("bitLength", "", lambda value: value.bit_length()),
    method("compareTo", "o", _compare_to),
    method("divide", "I", _big("/")),
    method("mod", "I", _big("%")),
    method("multiply", "I", _big("*")),
    method("negate", "", lambda value: widened(-int(value), 2)),
    method("pow", "i", _power),
    method("signum", "", lambda value: _sign(value, 0)),
    method("subtract", "I", _big("-")),
    method("toString", "i", lambda value, radix: _in_radix(value, value, radix)),
)

DOUBLE: Final[tuple[Method, ...]] = (
    *_NUMBER,
    method("compare", "dd", lambda _, left, right: _sign(float(left), float(right))),
    method("compareTo", "o", _compare_to),
    method("isFinite", "d", lambda _, value: math.isfinite(value)),
    method("isInfinite", "", math.isinf),
    method("isInfinite", "d", lambda _, value: math.isinf(value)),
    method("isNaN", "", math.isnan),
    method("isNaN", "d", lambda _, value: math.isnan(value)),
    method("max", "dd", lambda _, left, right: float(max(left, right))),
    method("min", "dd", lambda _, left, right: float(min(left, right))),
    method("parseDouble", "s", _parse_double),
    method("sum", "dd", lambda _, left, right: float(left) + float(right)),
    method("toString", "d", lambda _, value: java_text(float(value))),
    method("valueOf", "s", _parse_double),
    method("valueOf", "d", lambda _, value: float(value)),
)


def _parse_boolean(_: Any, text: str | None) -> bool:
    return text is not None and text.lower() == "true"


BOOLEAN: Final[tuple[Method, ...]] = (
    method("booleanValue", "", bool),
    method("compare", "bb", lambda _, left, right: _sign(int(left), int(right))),
    method("compareTo", "o", _compare_to),
    method("logicalAnd", "bb", lambda _, left, right: left and right),
    method("logicalOr", "bb", lambda _, left, right: left or right),
    method("logicalXor", "bb", lambda _, left, right: left is not right),
    method("parseBoolean", "s", _parse_boolean),
    method("toString", "b", lambda _, value: java_text(value)),
    method("valueOf", "s", _parse_boolean),
    method("valueOf", "b", lambda _, value: value),
)

DECIMAL: Final[tuple[Method, ...]] = _NUMBER
