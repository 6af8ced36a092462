"""Writes tokens as Newtonsoft.Json does."""

from __future__ import annotations

import base64
import math
import re
from decimal import Decimal
from typing import Any, Final

from inferway.languages.csharp.budget import made
from inferway.languages.csharp.date_text import date_text, span_text
from inferway.languages.csharp.dates import DateTime, DateTimeOffset, TimeSpan
from inferway.languages.csharp.json.tokens import JArray, JObject, JProperty, JToken, JValue
from inferway.languages.csharp.number_text import decimal_text, double_text

NEWLINE: Final = "\r\n"
"""What indented JSON breaks lines with: Environment.NewLine, and the service's gateways run on Windows."""
_ESCAPED: Final = re.compile(r"[\x00-\x1f\"\\\x85\u2028\u2029]")
_SHORT: Final = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f"}


def quoted(text: str) -> str:
    """A string as JSON, in double quotes."""
    return '"' + _ESCAPED.sub(lambda found: _SHORT.get(found[0]) or f"\\u{ord(found[0]):04x}", text) + '"'


def write_json(token: JToken, *, indented: bool = True) -> str:
    """`token.ToString(Formatting.Indented)` or `Formatting.None`."""
    out: list[str] = []
    _write(token, out, NEWLINE if indented else "")
    return made("".join(out))


def _write(token: JToken, out: list[str], line: str) -> None:
    below = f"{line}  " if line else ""
    if isinstance(token, JValue):
        out.append(scalar_json(token.value))
    elif isinstance(token, JProperty):
        out.append(quoted(token.name) + (": " if line else ":"))
        _write(token.value, out, line)
    elif isinstance(token, JObject | JArray):
        opening, closing = "{}" if isinstance(token, JObject) else "[]"
        out.append(opening)
        first = True
        for each in token.children():
            out.append(below if first else "," + below)
            first = False
            _write(each, out, below)
        out.append(closing if first else line + closing)


def iso_text(value: DateTime | DateTimeOffset) -> str:
    """A date as JSON holds it: its fraction without zeros at the end, its zone where it has one."""
    return date_text(value, "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK")


def scalar_json(value: Any) -> str:
    """A value as JSON."""
    if value is None:
        return "null"
    if isinstance(value, str):
        return quoted(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return int.__repr__(value)
    if isinstance(value, float):
        text = double_text(value)
        return f'"{text}"' if math.isnan(value) or math.isinf(value) else _with_point(text)
    if isinstance(value, Decimal):
        return _with_point(decimal_text(value))
    if isinstance(value, DateTime | DateTimeOffset):
        return f'"{iso_text(value)}"'
    if isinstance(value, TimeSpan):
        return f'"{span_text(value)}"'
    if isinstance(value, list):
        return f'"{base64.b64encode(bytes(value)).decode()}"'
    return quoted(str(value))


def _with_point(text: str) -> str:
    return text if "." in text or "E" in text else f"{text}.0"
