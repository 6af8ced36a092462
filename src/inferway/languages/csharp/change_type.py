"""`Convert.ChangeType` and the parsing of numbers, booleans, dates and GUIDs, in the invariant culture."""

from __future__ import annotations

import base64
import binascii
import math
import re
from collections.abc import Callable
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any, Final

from inferway.languages.csharp.arithmetic import as_single, decimal_of, fit_decimal
from inferway.languages.csharp.date_parse import parse_moment, parse_span
from inferway.languages.csharp.dates import DateTime, DateTimeOffset, TimeSpan
from inferway.languages.csharp.errors import ThrownError
from inferway.languages.csharp.guid import Guid, parse_guid
from inferway.languages.csharp.text import FULL, text_of
from inferway.languages.csharp.types import INTEGRAL, Type
from inferway.languages.csharp.uri import Uri
from inferway.languages.csharp.values import Array, Char, EnumValue, argument_null, format_error, overflow, type_of

_INTEGER: Final = re.compile(r"[ \t-\r]*([+-]?)(\d+)[ \t-\r\0]*", re.ASCII)
_REAL: Final = re.compile(
    r"[ \t-\r]*([+-]?)(\d[\d,]*\.?\d*|\.\d+)((?:[eE][+-]?\d+)?)[ \t-\r\0]*|[ \t-\r]*(NaN|-?Infinity|-?∞)[ \t-\r]*",
    re.ASCII | re.IGNORECASE,
)
_NAMES: Final = {"int": "an Int32", "long": "an Int64", "short": "an Int16", "byte": "an unsigned byte"}


def not_in_format(text: str) -> ThrownError:
    """What parsing a bad number throws, in the words of modern .NET."""
    return format_error(f"The input string '{text}' was not in a correct format.")


def parse_integer(text: str | None, type_: str) -> int:
    """`int.Parse` and its like. Raises ThrownError."""
    if text is None:
        raise argument_null("s")
    found = _INTEGER.fullmatch(text)
    if found is None:
        raise not_in_format(text)
    value = int(found[1] + found[2].lstrip("0")[:30].rjust(1, "0"))
    return checked(value, type_)


def checked(value: int, type_: str) -> int:
    """An integer, if its type holds it. Raises ThrownError."""
    low, high = INTEGRAL[type_]
    if not low <= value <= high:
        raise overflow(_NAMES.get(type_, f"a {FULL[type_].rpartition('.')[2]}"))
    return value


def _real(text: str | None) -> str:
    if text is None:
        raise argument_null("s")
    found = _REAL.fullmatch(text) if len(text) < 2_000 else None
    if found is None:
        raise not_in_format(text)
    return found[4] or f"{found[1]}{found[2].replace(',', '')}{found[3]}"


def parse_double(text: str | None) -> float:
    """`double.Parse`. Raises ThrownError."""
    return float(_real(text).replace("∞", "inf"))


def parse_single(text: str | None) -> float:
    """`float.Parse`. Raises ThrownError."""
    return as_single(parse_double(text))


def parse_decimal(text: str | None) -> Decimal:
    """`decimal.Parse`, which knows no exponent. Raises ThrownError."""
    digits = _real(text)
    if digits.lower().strip("-+")[:1] in ("n", "i", "∞") or "e" in digits.lower():
        raise not_in_format(str(text))
    return fit_decimal(Decimal(digits))


def parse_bool(text: str | None) -> bool:
    """`bool.Parse`. Raises ThrownError."""
    if text is None:
        raise argument_null("value")
    found = {"true": True, "false": False}.get(text.strip(" \t\r\n\v\f\0").lower())
    if found is None:
        raise format_error(f"String '{text}' was not recognized as a valid Boolean.")
    return found


def parse_char(text: str | None) -> str:
    """`char.Parse`. Raises ThrownError."""
    if text is None:
        raise argument_null("s")
    if len(text) != 1:
        raise format_error("String must be exactly one character long.")
    return text


def local_date(text: str) -> DateTime:
    """`DateTime.Parse`: a text with an offset gives local time. Raises ThrownError."""
    ticks, offset = parse_moment(text)
    return DateTime(ticks) if offset is None else DateTime(ticks - offset, 2)


def offset_date(text: str) -> DateTimeOffset:
    """`DateTimeOffset.Parse`. Raises ThrownError."""
    ticks, offset = parse_moment(text)
    return DateTimeOffset(ticks, offset or 0)


def invalid_conversion(source: Any, target: str) -> ThrownError:
    """What `Convert` throws where there is no conversion."""
    name = FULL.get(type_of(source).name, str(type_of(source))).rpartition(".")[2]
    shown = FULL.get(target, target).rpartition(".")[2]
    return ThrownError("System.InvalidCastException", f"Invalid cast from '{name}' to '{shown}'.")


def to_integer(value: Any, type_: str) -> int:
    """`Convert.ToInt32` and its like: halves to the even neighbour. Raises ThrownError."""
    if value is None:
        return 0
    if isinstance(value, Char):
        return checked(ord(value), type_)
    if isinstance(value, str):
        return parse_integer(value, type_)
    if isinstance(value, int):
        return checked(int(value), type_)
    if isinstance(value, float):
        if math.isnan(value) or math.isinf(value):
            raise overflow(_NAMES.get(type_, f"a {type_}"))
        return checked(round(value), type_)
    if isinstance(value, Decimal):
        return checked(int(value.quantize(Decimal(1), ROUND_HALF_EVEN)), type_)
    raise invalid_conversion(value, type_)


def to_double(value: Any) -> float:
    """`Convert.ToDouble`. Raises ThrownError."""
    if value is None:
        return 0.0
    if isinstance(value, str) and not isinstance(value, Char):
        return parse_double(value)
    if isinstance(value, int | float | Decimal):
        return float(value)
    raise invalid_conversion(value, "double")


def to_decimal(value: Any) -> Decimal:
    """`Convert.ToDecimal`. Raises ThrownError."""
    if value is None:
        return Decimal(0)
    if isinstance(value, str) and not isinstance(value, Char):
        return parse_decimal(value)
    if isinstance(value, float):
        return decimal_of(value)
    if isinstance(value, int | Decimal):
        return fit_decimal(Decimal(value))
    raise invalid_conversion(value, "decimal")


def to_bool(value: Any) -> bool:
    """`Convert.ToBoolean`. Raises ThrownError."""
    if value is None:
        return False
    if isinstance(value, str) and not isinstance(value, Char):
        return parse_bool(value)
    if isinstance(value, int | float | Decimal):
        return value != 0
    raise invalid_conversion(value, "bool")


def to_char(value: Any) -> str:
    """`Convert.ToChar`. Raises ThrownError."""
    if isinstance(value, str):
        return parse_char(value)
    if isinstance(value, int):
        return chr(checked(int(value), "ushort"))
    raise invalid_conversion(value, "char")


def _to_date(value: Any) -> DateTime:
    if value is None:
        return DateTime(0)
    if isinstance(value, DateTime):
        return value
    if isinstance(value, DateTimeOffset):
        return DateTime(value.ticks)
    if isinstance(value, str):
        return local_date(value)
    raise invalid_conversion(value, "DateTime")


def _to_offset(value: Any) -> DateTimeOffset:
    if value is None:
        return DateTimeOffset(0)
    if isinstance(value, DateTimeOffset):
        return value
    if isinstance(value, DateTime):
        return DateTimeOffset(value.ticks)
    return offset_date(text_of(value))


def _to_span(value: Any) -> TimeSpan:
    return TimeSpan(0) if value is None else value if isinstance(value, TimeSpan) else parse_span(text_of(value))


def _to_guid(value: Any) -> Guid:
    return Guid(0) if value is None else value if isinstance(value, Guid) else parse_guid(text_of(value))


def from_base64(text: str | None) -> Array:
    """`Convert.FromBase64String`. Raises ThrownError."""
    if text is None:
        raise argument_null("s")
    try:
        data = base64.b64decode(re.sub(r"[ \t\r\n]", "", text), validate=True)
    except (binascii.Error, ValueError):
        raise format_error(
            "The input is not a valid Base-64 string as it contains a non-base 64 character, more than two padding "
            "characters, or an illegal character among the padding characters."
        ) from None
    return Array(data, Type("byte"))


_TARGETS: Final[dict[str, Callable[[Any], Any]]] = {
    "string": lambda value: None if value is None else text_of(value),
    "object": lambda value: value,
    "bool": to_bool,
    "char": to_char,
    "double": to_double,
    "float": lambda value: as_single(to_double(value)),
    "decimal": to_decimal,
    "DateTime": _to_date,
    "DateTimeOffset": _to_offset,
    "TimeSpan": _to_span,
    "Guid": _to_guid,
    "Uri": lambda value: value if value is None or isinstance(value, Uri) else Uri(text_of(value)),
}


def change_type(value: Any, target: Type) -> Any:
    """`Convert.ChangeType(value, target)` of a boxed value, null giving the type's default. Raises ThrownError."""
    if target.name in INTEGRAL:
        return to_integer(value, target.name)
    if target.name == "[]" and isinstance(value, str):
        return from_base64(value)
    if isinstance(value, EnumValue) or target.name not in _TARGETS:
        if value is not None and type_of(value) == target:
            return value
        raise invalid_conversion(value, target.name)
    return _TARGETS[target.name](value)
