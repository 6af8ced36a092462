"""JSON text as json-smart reads and writes it, which is what `$input.json(…)` prints."""

import json
import re

import msgspec

from inferway.languages.jsonpath.numbers import double_text

_DECODER = msgspec.json.Decoder()
_ENCODER = msgspec.json.Encoder()
_ESCAPED = re.compile("[\x7f-\x9f\u2000-\u20ff]")
_UNLIKE_JAVA = re.compile(r"\\u|[\[,:]-?(?:\d{8,}\.|0\.000|[\d.]+e)|^-?(?:\d{8,}\.|0\.000|[\d.]+e)")
_SPECIAL = re.compile('[\x00-\x1f"\\\\\x7f-\x9f\u2000-\u20ff]')
_SPECIAL_ALONE = re.compile('[\x00-\x1f"\\\\/\x7f-\x9f\u2000-\u20ff]')
_SHORT = {"\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t", '"': '\\"', "\\": "\\\\", "/": "\\/"}


def parse_json(text: str | bytes) -> object:
    """JSON data from its text: ints stay ints of any size, the last of equal names counts, NaN and Infinity pass.

    Raises ValueError for anything else. json-smart itself also takes names and strings without quotes or with single
    ones, and commas at the end; those are refused here.
    """
    try:
        return _DECODER.decode(text)
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        pass
    try:
        return json.loads(text)
    except RecursionError:
        raise ValueError("JSON is nested too deeply") from None


def json_text(value: object) -> str:
    """The text that json-smart writes: no blanks, names in their order, doubles as Java prints them.

    `/` is escaped in a string alone, not inside of a list or an object; control characters and U+2000 to U+20FF are
    written as `\\uXXXX`, an infinite number as null. Raises ValueError for a value nested too deeply and for what JSON
    cannot hold.
    """
    if isinstance(value, str):
        return f'"{_SPECIAL_ALONE.sub(_escape, value)}"'
    try:
        text = _ENCODER.encode(value).decode()
    except (TypeError, ValueError, OverflowError, RecursionError):
        return _slow(value)
    if _UNLIKE_JAVA.search(text):
        return _slow(value)
    return text if text.isascii() and "\x7f" not in text else _ESCAPED.sub(_escape, text)


def _escape(found: re.Match[str]) -> str:
    char = found.group()
    return _SHORT.get(char) or f"\\u{ord(char):04X}"


def _slow(value: object) -> str:
    parts: list[str] = []
    try:
        _write(value, parts)
    except RecursionError:
        raise ValueError("a value is nested too deeply to be written as JSON") from None
    return "".join(parts)


def _write(value: object, parts: list[str]) -> None:
    if isinstance(value, str):
        parts.append(f'"{_SPECIAL.sub(_escape, value)}"')
    elif isinstance(value, dict):
        mark = "{"
        for name, item in value.items():
            parts.append(f'{mark}"{_SPECIAL.sub(_escape, name)}":')
            _write(item, parts)
            mark = ","
        parts.append("}" if mark == "," else "{}")
    elif isinstance(value, list | tuple):
        mark = "["
        for item in value:
            parts.append(mark)
            _write(item, parts)
            mark = ","
        parts.append("]" if mark == "," else "[]")
    else:
        parts.append(_scalar(value))


def _scalar(value: object) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        text = double_text(value)
        return "null" if text[-1] in "yN" else text
    raise ValueError(f"a {type(value).__name__} is no JSON data")
