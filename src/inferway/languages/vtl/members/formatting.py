"""`String.format`: the conversions of java.util.Formatter that templates use."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Any, Final

from inferway.languages.vtl.arithmetic import is_number, width
from inferway.languages.vtl.limits import STRING_CHARACTERS
from inferway.languages.vtl.text import java_text
from inferway.languages.vtl.values import JavaFailure, java_hash

_CONVERSION: Final = re.compile(
    r"%(?:(?P<index>\d{1,9})\$|(?P<same><))?(?P<flags>[-#+ 0,(]*)(?P<width>\d{1,9})?(?:\.(?P<precision>\d{1,9}))?"
    r"(?P<kind>[a-zA-Z%])"
)
_WIDE: Final = Context(prec=2_000)


def java_format(pattern: str, arguments: tuple[Any, ...]) -> str:
    """The text that `String.format(pattern, arguments)` gives. Raises JavaFailure where Java throws."""
    parts: list[str] = []
    at = position = last = size = 0
    while at < len(pattern):
        percent = pattern.find("%", at)
        if percent < 0:
            parts.append(pattern[at:])
            break
        parts.append(pattern[at:percent])
        found = _CONVERSION.match(pattern, percent)
        if found is None:
            raise JavaFailure(f"java.util.UnknownFormatConversionException: Conversion = '{pattern[percent:][:2]}'")
        if found["kind"] in "%n":
            text = _padded("%" if found["kind"] == "%" else "\n", found)
        else:
            if found["index"]:
                last = int(found["index"]) - 1
            elif not found["same"]:
                last, position = position, position + 1
            if not 0 <= last < len(arguments):
                raise JavaFailure(f"java.util.MissingFormatArgumentException: Format specifier '{found[0]}'")
            text = _converted(found, arguments[last])
        size += len(text)
        if size > STRING_CHARACTERS:
            raise JavaFailure("java.lang.OutOfMemoryError: the string is too long")
        parts.append(text)
        at = found.end()
    return "".join(parts)


def _padded(text: str, found: re.Match[str]) -> str:
    wide = int(found["width"] or 0)
    if wide > STRING_CHARACTERS:
        raise JavaFailure("java.lang.OutOfMemoryError: the string is too long")
    return text.ljust(wide) if "-" in found["flags"] else text.rjust(wide)


def _converted(found: re.Match[str], value: Any) -> str:
    kind = found["kind"]
    lower = kind.lower()
    if lower == "s":
        text = java_text(value)
    elif lower == "b":
        text = java_text(value) if isinstance(value, bool) else ("false" if value is None else "true")
    elif lower == "h":
        text = "null" if value is None else f"{java_hash(value) & 0xFFFFFFFF:x}"
    elif value is None:
        text = "null"
    elif lower == "c":
        text = _character(value)
    else:
        text = _number(found, value)
        return text.upper() if kind in "XEG" else text
    if found["precision"] is not None and lower in "sbh":
        text = text[: int(found["precision"])]
    return _padded(text.upper() if kind.isupper() else text, found)


def _character(value: Any) -> str:
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 0x110000:
        return chr(value)
    if isinstance(value, str) and len(value) == 1 and value.__class__ is not str:
        return str(value)
    raise JavaFailure(f"java.util.IllegalFormatConversionException: c != {type(value).__name__}")


def _number(found: re.Match[str], value: Any) -> str:
    kind, flags = found["kind"], found["flags"]
    integral = isinstance(value, int) and not isinstance(value, bool)
    if not is_number(value) or (kind in "dxXo") != integral or kind not in "dxXofeEgG":
        raise JavaFailure(f"java.util.IllegalFormatConversionException: {kind} != {type(value).__name__}")
    if kind in "xXo":
        bits = 64 if width(value) else 32
        shown = value if value >= 0 or width(value) == 2 else value + (1 << bits)
        digits = format(shown, "o" if kind == "o" else "x")
        sign = ""
    else:
        negative = value < 0
        digits = _digits(kind, abs(value), found["precision"], grouped="," in flags)
        sign = "-" if negative else ("+" if "+" in flags else (" " if " " in flags else ""))
        if negative and "(" in flags:
            return _padded(f"({digits})", found)
    wide = int(found["width"] or 0)
    if "0" in flags and wide <= STRING_CHARACTERS:
        digits = digits.rjust(wide - len(sign), "0")
    return _padded(sign + digits, found)


def _digits(kind: str, value: Any, precision: str | None, *, grouped: bool) -> str:
    if kind == "d":
        return format(value, ",d" if grouped else "d")
    places = 6 if precision is None else int(precision)
    if places > 1_000:
        raise JavaFailure("java.lang.OutOfMemoryError: the precision is too large")
    exact = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
    if not exact.is_finite():
        return "NaN" if exact.is_nan() else "Infinity"
    if kind in "eE":
        return format(float(exact), f".{places}e")
    if kind in "gG":
        return (
            format(float(exact), f".{max(places - 1, 0)}e")
            if exact >= 10**places
            else _rounded(exact, places, grouped=False)
        )
    return _rounded(exact, places, grouped=grouped)


def _rounded(value: Decimal, places: int, *, grouped: bool) -> str:
    rounded = value.quantize(Decimal((0, (1,), -places)), ROUND_HALF_UP, _WIDE)
    return format(rounded, ",f" if grouped else "f")
