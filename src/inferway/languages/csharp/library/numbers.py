"""The numeric types, Math and Random."""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from decimal import ROUND_CEILING, ROUND_DOWN, ROUND_FLOOR, ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from typing import Any, Final

from inferway.languages.csharp.change_type import parse_decimal, parse_double, parse_integer, parse_single
from inferway.languages.csharp.errors import ThrownError
from inferway.languages.csharp.number_text import format_number
from inferway.languages.csharp.types import INTEGRAL, Type
from inferway.languages.csharp.universe import Class
from inferway.languages.csharp.values import BOXES, argument_error, overflow


def _try(parse: Callable[[str | None], Any], zero: Any) -> Callable[..., tuple[bool, Any]]:
    def attempt(text: str | None, *_: Any) -> tuple[bool, Any]:
        try:
            return True, parse(text)
        except ThrownError:
            return False, zero

    return attempt


def _hexadecimal(text: str, type_: str) -> int:
    try:
        value = int(text.strip(), 16)
    except ValueError:
        raise ThrownError("System.FormatException", "The input string was not in a correct format.") from None
    low, high = INTEGRAL[type_]
    if value > high - min(low, 0) * 2 or "_" in text:
        raise overflow("an Int32")
    return value if value <= high else value - (high - low + 1)


def _numeric(name: str, parse: Callable[[str | None], Any], zero: Any, **constants: Any) -> Class:
    boxed: Callable[[Any], Any] = BOXES.get(name, lambda value: value)
    members: dict[str, Callable[..., Any]] = {
        f"static {name} Parse(string s)": parse,
        f"static {name} Parse(string s, IFormatProvider provider)": lambda text, _: parse(text),
        f"static {name} Parse(string s, NumberStyles style)": lambda text, style: _styled(text, style, name, parse),
        f"static {name} Parse(string s, NumberStyles style, IFormatProvider provider)": lambda text, style, _: _styled(
            text, style, name, parse
        ),
        f"static bool TryParse(string s, out {name} result)": _try(parse, zero),
        f"static bool TryParse(string s, NumberStyles style, IFormatProvider provider, out {name} result)": _try(
            parse, zero
        ),
        "string ToString(string format)": lambda value, picture: format_number(boxed(value), picture or ""),
        "string ToString(IFormatProvider provider)": lambda value, _: format_number(boxed(value), ""),
        "string ToString(string format, IFormatProvider provider)": lambda value, picture, _: format_number(
            boxed(value), picture or ""
        ),
        "string ToString()": lambda value: format_number(boxed(value), ""),
        f"int CompareTo({name} other)": lambda a, b: (a > b) - (a < b),
        f"bool Equals({name} other)": lambda a, b: a == b,
    }
    for label, value in constants.items():
        members[f"static {name} {label}"] = lambda value=value: value
    return Class(name=name, members=members, bases=("IComparable", "IFormattable"), python=BOXES.get(name))


def _styled(text: str | None, style: int, name: str, parse: Callable[[str | None], Any]) -> Any:
    return _hexadecimal(text, name) if style & 512 and text is not None and name in INTEGRAL else parse(text)


def _integer(name: str) -> Class:
    low, high = INTEGRAL[name]
    return _numeric(name, lambda text: parse_integer(text, name), 0, MinValue=low, MaxValue=high)


def _round(value: float, digits: int = 0, mode: int = 0) -> float:
    if math.isinf(value) or value != value or abs(value) >= 1e16:
        return value
    if not 0 <= digits <= 15:
        raise argument_error("Rounding digits must be between 0 and 15, inclusive. (Parameter 'digits')")
    power = 10.0**digits
    scaled = value * power
    if mode == 0:
        found = float(round(scaled))
    else:
        fraction, whole = math.modf(scaled)
        found = whole + math.copysign(1.0, fraction) if abs(fraction) >= 0.5 else whole
    return math.copysign(found, value) / power


def _round_decimal(value: Decimal, digits: int = 0, mode: int = 0) -> Decimal:
    exponent = value.as_tuple().exponent
    if isinstance(exponent, int) and -exponent <= digits:
        return value
    return value.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP if mode else ROUND_HALF_EVEN)


def _pow(base: float, exponent: float) -> float:
    try:
        return math.pow(base, exponent)
    except OverflowError:
        return -math.inf if base < 0 and exponent % 2 == 1 else math.inf
    except ValueError:
        return math.inf if base == 0 else math.nan


def _guard(function: Callable[[float], float], below: float = math.nan) -> Callable[[float], float]:
    def call(value: float) -> float:
        try:
            return function(value)
        except OverflowError:
            return math.inf
        except ValueError:
            return below if value == 0 else math.nan

    return call


def _log(value: float, base: float) -> float:
    inner = _guard(math.log, -math.inf)
    return inner(value) / inner(base) if base not in (0.0, 1.0) else math.nan


def _whole(value: float, function: Callable[[float], int]) -> float:
    return value if math.isinf(value) or value != value else math.copysign(float(function(value)), value)


def _absolute(name: str) -> Callable[[Any], Any]:
    def call(value: Any) -> Any:
        if name in INTEGRAL and value == INTEGRAL[name][0] and value < 0:
            raise ThrownError(
                "System.OverflowException", "Negating the minimum value of a twos complement number is invalid."
            )
        return abs(value)

    return call


_ORDER: Final = ("int", "long", "double", "decimal", "float")
_MATH: Final[dict[str, Callable[..., Any]]] = {
    "static double PI": lambda: math.pi,
    "static double E": lambda: math.e,
    **{f"static {each} Abs({each} value)": _absolute(each) for each in _ORDER},
    **{f"static {each} Max({each} a, {each} b)": lambda a, b: a if a >= b or a != a else b for each in _ORDER},
    **{f"static {each} Min({each} a, {each} b)": lambda a, b: a if a <= b or a != a else b for each in _ORDER},
    **{f"static int Sign({each} value)": lambda value: (value > 0) - (value < 0) for each in _ORDER},
    **{
        f"static {each} Clamp({each} value, {each} min, {each} max)": lambda value, low, high: min(
            max(value, low), high
        )
        for each in _ORDER
    },
    "static double Floor(double d)": lambda value: _whole(value, math.floor),
    "static double Ceiling(double a)": lambda value: _whole(value, math.ceil),
    "static double Truncate(double d)": lambda value: _whole(value, math.trunc),
    "static decimal Floor(decimal d)": lambda value: value.quantize(Decimal(1), ROUND_FLOOR),
    "static decimal Ceiling(decimal d)": lambda value: value.quantize(Decimal(1), ROUND_CEILING),
    "static decimal Truncate(decimal d)": lambda value: value.quantize(Decimal(1), ROUND_DOWN),
    "static double Round(double a)": _round,
    "static double Round(double a, int digits)": _round,
    "static double Round(double a, MidpointRounding mode)": lambda value, mode: _round(value, 0, mode),
    "static double Round(double a, int digits, MidpointRounding mode)": _round,
    "static decimal Round(decimal d)": _round_decimal,
    "static decimal Round(decimal d, int decimals)": _round_decimal,
    "static decimal Round(decimal d, MidpointRounding mode)": lambda value, mode: _round_decimal(value, 0, mode),
    "static decimal Round(decimal d, int decimals, MidpointRounding mode)": _round_decimal,
    "static double Pow(double x, double y)": _pow,
    "static double Sqrt(double d)": lambda value: math.sqrt(value) if value >= 0 else math.nan,
    "static double Log(double d)": _guard(math.log, -math.inf),
    "static double Log(double a, double newBase)": _log,
    "static double Log10(double d)": _guard(math.log10, -math.inf),
    "static double Exp(double d)": _guard(math.exp),
    "static double Sin(double a)": _guard(math.sin),
    "static double Cos(double a)": _guard(math.cos),
    "static double Tan(double a)": _guard(math.tan),
    "static double Atan2(double y, double x)": math.atan2,
}


class Random:
    """A System.Random; its numbers are not .NET's for the same seed."""

    type = Type("Random")

    def __init__(self, seed: int | None = None) -> None:
        self.source = random.Random(seed)

    def next(self, low: int = 0, high: int = 2**31 - 1) -> int:
        """`Next(low, high)`: `high` is left out. Raises ThrownError."""
        if low > high:
            raise argument_error("'minValue' cannot be greater than maxValue. (Parameter 'minValue')")
        return self.source.randrange(low, high) if low < high else low


_RANDOM: Final[dict[str, Callable[..., Any]]] = {
    "new()": Random,
    "new(int seed)": Random,
    "int Next()": Random.next,
    "int Next(int maxValue)": lambda self, high: self.next(0, high),
    "int Next(int minValue, int maxValue)": Random.next,
    "double NextDouble()": lambda self: self.source.random(),
}
_DOUBLE: Final = {
    "NaN": math.nan,
    "PositiveInfinity": math.inf,
    "NegativeInfinity": -math.inf,
    "Epsilon": 5e-324,
    "MaxValue": 1.7976931348623157e308,
    "MinValue": -1.7976931348623157e308,
}
_PLAIN: Final = (
    *(_integer(each) for each in INTEGRAL),
    _numeric("double", parse_double, 0.0, **_DOUBLE),
    _numeric("float", parse_single, 0.0),
    _numeric(
        "decimal",
        parse_decimal,
        Decimal(0),
        Zero=Decimal(0),
        One=Decimal(1),
        MaxValue=Decimal(2**96 - 1),
        MinValue=-Decimal(2**96 - 1),
    ),
)
_EXTRA: Final = {
    "static bool IsNaN(double d)": lambda value: value != value,
    "static bool IsInfinity(double d)": math.isinf,
}
_PYTHON: Final[dict[str, type]] = {"int": int, "double": float, "decimal": Decimal}


def _final(each: Class) -> Class:
    members = {**each.members, **(_EXTRA if each.name == "double" else {})}
    return Class(name=each.name, members=members, bases=each.bases, python=_PYTHON.get(each.name, each.python))


CLASSES: Final = (
    *map(_final, _PLAIN),
    Class(name="Math", members=_MATH),
    Class(name="Random", members=_RANDOM, python=Random),
)
