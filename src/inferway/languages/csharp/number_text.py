"""Numbers as .NET prints them in the invariant culture, and by its format strings.

Sources: "Standard numeric format strings" and "Custom numeric format strings"
(https://learn.microsoft.com/dotnet/standard/base-types/standard-numeric-format-strings); doubles print the shortest
text that reads back, as since .NET Core 3.0.
"""

from __future__ import annotations

import math
import re
import struct
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Context, Decimal
from typing import Any, Final

from inferway.languages.csharp.budget import reserve
from inferway.languages.csharp.values import Single, format_error

_WIDE: Final = Context(prec=2_000, Emax=9_999, Emin=-9_999)
_STANDARD: Final = re.compile(r"([A-Za-z])(\d{0,3})")
_RANGES: Final = {"int": 32, "long": 64, "Long": 64, "Short": 16, "Byte": 8, "SByte": 8, "UInt": 32, "ULong": 64}


def double_text(value: float) -> str:
    """A double or float, the shortest text that reads back: `1E+16`, `0.1`, `-0`, `NaN`."""
    if value != value or math.isinf(value):
        return _special(value)
    digits, exponent, negative = _shortest(value)
    return _general(digits, exponent, negative, 7 if isinstance(value, Single) else 15, "E")


def _special(value: float) -> str:
    return "NaN" if value != value else "Infinity" if value > 0 else "-Infinity"


def _shortest(value: float) -> tuple[str, int, bool]:
    """The shortest digits, the exponent of the first one, the sign."""
    text = repr(float(value))
    if isinstance(value, Single):
        for precision in range(9):
            text = f"{float(value):.{precision}e}"
            if _as_single(float(text)) == float(value):
                break
    return _split(text)


def _as_single(value: float) -> float:
    try:
        found: float = struct.unpack("f", struct.pack("f", value))[0]
    except OverflowError:
        return math.copysign(math.inf, value)
    return found


def _split(text: str) -> tuple[str, int, bool]:
    parts = Decimal(text).as_tuple()
    digits = "".join(map(str, parts.digits))
    stripped = digits.lstrip("0")
    if not stripped:
        return "0", 0, bool(parts.sign)
    exponent = len(stripped) - 1 + int(parts.exponent)
    return stripped.rstrip("0"), exponent, bool(parts.sign)


def _general(digits: str, exponent: int, negative: bool, limit: int, letter: str, width: int = 2) -> str:
    sign = "-" if negative else ""
    if exponent >= limit or exponent < -5 or (exponent == -5 and digits != "0"):
        mantissa = digits[0] + ("." + digits[1:] if len(digits) > 1 else "")
        return f"{sign}{mantissa}{letter}{'-' if exponent < 0 else '+'}{abs(exponent):0{width}d}"
    if exponent < 0:
        return f"{sign}0.{'0' * (-exponent - 1)}{digits}"
    whole = digits[: exponent + 1].ljust(exponent + 1, "0")
    rest = digits[exponent + 1 :]
    return f"{sign}{whole}.{rest}" if rest else sign + whole


def decimal_text(value: Decimal) -> str:
    """A decimal with its trailing zeros."""
    text = f"{value:f}"
    return text.removeprefix("-") if text.startswith("-") and not value else text


def format_number(value: Any, format_: str) -> str:
    """`value.ToString(format)`. Raises ThrownError for a bad format."""
    if not format_:
        return _plain(value)
    if isinstance(value, float) and (value != value or math.isinf(value)):
        return _special(value)
    found = _STANDARD.fullmatch(format_)
    if found is None:
        return _custom(value, format_)
    letter, digits = found[1], found[2]
    apply = _LETTERS.get(letter.upper())
    if apply is None or (letter.upper() in "DX" and not isinstance(value, int)):
        raise format_error("Format specifier was invalid.")
    return apply(value, letter, int(digits) if digits else None)


def _plain(value: Any) -> str:
    if isinstance(value, float):
        return double_text(value)
    return decimal_text(value) if isinstance(value, Decimal) else int.__repr__(value)


def exact(value: Any) -> Decimal:
    """The number as a decimal of unbounded precision; a double's full value."""
    return Decimal(float(value)) if isinstance(value, float) else Decimal(value)


def _rounded(value: Any, places: int) -> str:
    """Digits with exactly `places` decimals, halves away from zero for decimals, exact for doubles; no sign on zero."""
    number = abs(exact(value)).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP, _WIDE)
    return f"{number:f}"


def _negative(value: Any, text: str) -> bool:
    sign = value < 0 or (isinstance(value, float) and math.copysign(1, value) < 0)
    return sign and (isinstance(value, float) or any(each in "123456789" for each in text))


def _signed(value: Any, text: str) -> str:
    return "-" + text if _negative(value, text) else text


def _grouped(text: str) -> str:
    whole, dot, rest = text.partition(".")
    return f"{int(whole):,}{dot}{rest}"


def _fixed(value: Any, _letter: str, places: int | None) -> str:
    return _signed(value, _rounded(value, 2 if places is None else places))


def _number(value: Any, _letter: str, places: int | None) -> str:
    return _signed(value, _grouped(_rounded(value, 2 if places is None else places)))


def _percent(value: Any, _letter: str, places: int | None) -> str:
    number = exact(value) * 100 if not isinstance(value, float) else Decimal(repr(float(value))) * 100
    return _signed(value, _grouped(_rounded(number, 2 if places is None else places))) + " %"


def _currency(value: Any, _letter: str, places: int | None) -> str:
    text = "¤" + _grouped(_rounded(value, 2 if places is None else places))
    return f"({text})" if _negative(value, text) else text


def _decimal_digits(value: Any, _letter: str, places: int | None) -> str:
    return ("-" if value < 0 else "") + str(abs(int(value))).rjust(places or 0, "0")


def _hexadecimal(value: Any, letter: str, places: int | None) -> str:
    number = int(value)
    if number < 0:
        number += 1 << _RANGES.get(type(value).__name__, 32 if number >= -(2**31) else 64)
    text = f"{number:x}".rjust(places or 0, "0")
    return text if letter == "x" else text.upper()


def _exponential(value: Any, letter: str, places: int | None) -> str:
    text = f"{_WIDE.create_decimal(exact(value)):.{6 if places is None else places}e}"
    mantissa, _, exponent = text.partition("e")
    return f"{mantissa}{letter}{'-' if exponent.startswith('-') else '+'}{abs(int(exponent)):03d}"


def _general_letter(value: Any, letter: str, places: int | None) -> str:
    exponent_letter = "E" if letter in "GR" else "e"
    if not places or letter in "Rr":
        if isinstance(value, float):
            digits, exponent, negative = _shortest(value)
            return _general(digits, exponent, negative, 7 if isinstance(value, Single) else 15, exponent_letter)
        return _plain(value)
    number = exact(value)
    rounded = Context(prec=places, rounding=ROUND_HALF_EVEN if isinstance(value, float) else ROUND_HALF_UP).plus(number)
    digits, exponent, negative = _split(str(rounded))
    return _general(digits, exponent, negative, places, exponent_letter)


_LETTERS: Final = {
    "F": _fixed,
    "N": _number,
    "P": _percent,
    "C": _currency,
    "D": _decimal_digits,
    "X": _hexadecimal,
    "E": _exponential,
    "G": _general_letter,
    "R": _general_letter,
}


def _sections(text: str) -> list[str]:
    parts, current, quote, escaped = [], "", "", False
    for character in text:
        if escaped:
            escaped = False
        elif character == "\\":
            escaped = True
        elif quote:
            quote = "" if character == quote else quote
        elif character in "'\"":
            quote = character
        elif character == ";":
            parts.append(current)
            current = ""
            continue
        current += character
    return [*parts, current]


def _custom(value: Any, format_: str) -> str:
    """A picture such as `#,##0.00`, with up to three sections."""
    if len(format_) > 1_000:
        raise format_error("Input string was not in a correct format.")
    sections = _sections(format_)
    negative = value < 0
    picture = sections[0]
    if negative and len(sections) > 1 and sections[1]:
        picture, negative = sections[1], False
    elif value == 0 and len(sections) > 2 and sections[2]:
        picture = sections[2]
    text, digits = _picture(exact(abs(value)) if not isinstance(value, float) else _fifteen(abs(value)), picture)
    if not digits and value != 0 and len(sections) > 2 and sections[2]:
        return _picture(Decimal(0), sections[2])[0]
    return "-" + text if negative and digits else text


def _fifteen(value: float) -> Decimal:
    """A custom picture shows at most 15 digits of a double."""
    return Context(prec=15).create_decimal(Decimal(value))


_ITEM: Final = re.compile(r"\\(.)|'([^']*)'?|\"([^\"]*)\"?|([0#]|\.|,|%|‰|[eE][+-]?0+)|(.)", re.DOTALL)


def _picture(number: Decimal, picture: str) -> tuple[str, bool]:
    """The text, and whether any digit of the number other than 0 is in it."""
    items = [(m[4], m[1] or m[2] or m[3] or m[5] or "") for m in _ITEM.finditer(picture)]
    marks = [mark for mark, _ in items if mark]
    dot = marks.index(".") if "." in marks else len(marks)
    whole_marks = "".join(each for each in marks[:dot] if each in "0#,")
    rest_marks = "".join(each for each in marks[dot:] if each in "0#")
    scale = len(whole_marks) - len(whole_marks.rstrip(","))
    grouping = "," in whole_marks.rstrip(",").lstrip(",")
    whole_digits = whole_marks.replace(",", "")
    number = number.scaleb(2 * marks.count("%") + 3 * marks.count("‰") - 3 * scale, _WIDE)
    number = number.quantize(Decimal(1).scaleb(-len(rest_marks)), ROUND_HALF_UP, _WIDE)
    whole, _, rest = f"{number:f}".partition(".")
    whole = whole.lstrip("0")
    least = len(whole_digits) - whole_digits.index("0") if "0" in whole_digits else 0
    whole = whole.rjust(least, "0")
    keep = rest_marks.rindex("0") + 1 if "0" in rest_marks else 0
    rest = rest[:keep] + rest[keep:].rstrip("0")
    return _filled(items, whole, rest, len(whole_digits), grouping), bool(number)


def _filled(items: list[tuple[str | None, str]], whole: str, rest: str, places: int, grouping: bool) -> str:
    out: list[str] = []
    seen, at, after = 0, 0, False

    def put(text: str) -> None:
        nonlocal at
        for digit in text:
            out.append(digit)
            at += 1
            left = len(whole) - at
            if grouping and left and left % 3 == 0:
                out.append(",")

    for mark, literal in items:
        if mark is None:
            out.append(literal)
        elif mark in ("0", "#") and not after:
            seen += 1
            upto = len(whole) - (places - seen)
            put(whole[at : max(upto, at)] if upto > 0 else "")
        elif mark in ("0", "#"):
            out.append(rest[:1])
            rest = rest[1:]
        elif mark == "." and not after:
            after = True
            put(whole[at:])
            out.append("." if rest else "")
        elif mark in "%‰":
            out.append(mark)
    return "".join(out)


def padded(text: str, width: int) -> str:
    """The text in a field: right-aligned, left-aligned for a negative width."""
    reserve(max(abs(width), len(text)))
    return text.rjust(width) if width >= 0 else text.ljust(-width)
