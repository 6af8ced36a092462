"""Functions on texts.

Source: Azure Resource Manager, "String functions for ARM templates" (https://learn.microsoft.com/azure/
azure-resource-manager/templates/template-functions-string).
"""

import base64
import binascii
import re
from typing import Final
from urllib.parse import quote, unquote, urljoin

import msgspec

from inferway.formats.arm.functions.arguments import a_list, a_text, an_integer
from inferway.formats.arm.values import Unresolved, Value, text

_HOLE: Final = re.compile(r"\{\{|\}\}|\{([0-9]{1,3})(?:,(-?[0-9]{1,4}))?(?::([^{}]*))?\}")
_PADDED: Final = re.compile(r"[dD]([0-9]{1,2})")
_HEX: Final = re.compile(r"[xX]([0-9]{0,2})")
_WIDEST: Final = 10_000


def to_base64(value: Value) -> Value:
    """`base64`."""
    return base64.b64encode(a_text(value).encode("utf-8", "replace")).decode()


def from_base64(value: Value) -> Value:
    """`base64ToString`."""
    try:
        return base64.b64decode(a_text(value), validate=True).decode("utf-8")
    except (binascii.Error, ValueError):
        raise Unresolved("bad-argument", "the text is no base 64 of a text") from None


def json(value: Value) -> Value:
    """`json`: a text to what it says."""
    try:
        return msgspec.json.decode(a_text(value))
    except (msgspec.DecodeError, RecursionError) as error:
        raise Unresolved("bad-argument", f"the text is no JSON: {error}") from None


def base64_to_json(value: Value) -> Value:
    """`base64ToJson`."""
    return json(from_base64(value))


def data_uri(value: Value) -> Value:
    """`dataUri`."""
    return f"data:text/plain;charset=utf8;base64,{to_base64(value)}"


def data_uri_to_string(value: Value) -> Value:
    """`dataUriToString`."""
    head, comma, data = a_text(value).partition(",")
    if not comma or not head.startswith("data:"):
        raise Unresolved("bad-argument", "the text is no data URI")
    return from_base64(data) if head.endswith(";base64") else unquote(data)


def ends_with(value: Value, end: Value) -> Value:
    """`endsWith`, whatever the case."""
    return a_text(value).lower().endswith(a_text(end).lower())


def starts_with(value: Value, start: Value) -> Value:
    """`startsWith`, whatever the case."""
    return a_text(value).lower().startswith(a_text(start).lower())


def format_text(pattern: Value, *values: Value) -> Value:
    """`format`: holes as `{0}`, with an alignment and the formats `D4`, `X2` and `N0` of numbers."""

    def filled(hole: re.Match[str]) -> str:
        if hole[1] is None:
            return hole[0][0]
        if int(hole[1]) >= len(values):
            raise Unresolved("bad-argument", f"the format's {hole[0]} has no value")
        made = _formatted(values[int(hole[1])], hole[3] or "")
        width = int(hole[2] or 0)
        return made.rjust(width) if width > 0 else made.ljust(-width)

    return _HOLE.sub(filled, a_text(pattern))


def _formatted(value: Value, how: str) -> str:
    if isinstance(value, int) and not isinstance(value, bool):
        padded, hexadecimal = _PADDED.fullmatch(how), _HEX.fullmatch(how)
        if padded is not None:
            return f"{value:0{int(padded[1])}d}"
        if hexadecimal is not None:
            return f"{value:0{int(hexadecimal[1] or 0)}{how[0]}}"
        if how.upper() == "N0":
            return f"{value:,}"
    return text(value)


def index_of(value: Value, part: Value) -> Value:
    """`indexOf` in a text, whatever the case; -1 where it is not there."""
    return a_text(value).lower().find(a_text(part).lower())


def last_index_of(value: Value, part: Value) -> Value:
    """`lastIndexOf` in a text, whatever the case."""
    return a_text(value).lower().rfind(a_text(part).lower())


def join(values: Value, between: Value) -> Value:
    """`join`."""
    return a_text(between).join(text(value) for value in a_list(values))


def pad_left(value: Value, width: Value, character: Value = " ") -> Value:
    """`padLeft`."""
    if len(a_text(character)) != 1 or not 0 <= an_integer(width) <= _WIDEST:
        raise Unresolved("bad-argument", f"padLeft takes one character and a width of at most {_WIDEST}")
    return text(value).rjust(width, character)


def replace(value: Value, old: Value, new: Value) -> Value:
    """`replace`."""
    if not a_text(old):
        raise Unresolved("bad-argument", "replace needs a text to look for")
    if len(a_text(value)) * max(1, len(a_text(new))) > _MOST:
        raise Unresolved("too-large", "replace would make a text without end")
    return value.replace(old, new)


_MOST: Final = 16 * 1024 * 1024


def split(value: Value, between: Value) -> Value:
    """`split` at one delimiter or any of several."""
    delimiters = [between] if isinstance(between, str) else [a_text(each) for each in a_list(between)]
    wanted = [re.escape(each) for each in delimiters if each]
    return re.split("|".join(wanted), a_text(value)) if wanted else [value]


def string(value: Value) -> Value:
    """`string`."""
    return text(value)


def substring(value: Value, start: Value, length: Value = None) -> Value:
    """`substring`; raises Unresolved past the end, as the service does."""
    whole, first = a_text(value), an_integer(start)
    count = len(whole) - first if length is None else an_integer(length)
    if first < 0 or count < 0 or first + count > len(whole):
        raise Unresolved("bad-argument", f"substring({first}, {count}) of a text of {len(whole)} characters")
    return whole[first : first + count]


def to_lower(value: Value) -> Value:
    """`toLower`."""
    return a_text(value).lower()


def to_upper(value: Value) -> Value:
    """`toUpper`."""
    return a_text(value).upper()


def trim(value: Value) -> Value:
    """`trim`."""
    return a_text(value).strip()


def uri(base: Value, relative: Value) -> Value:
    """`uri`."""
    return urljoin(a_text(base), a_text(relative))


def uri_component(value: Value) -> Value:
    """`uriComponent`."""
    return quote(a_text(value), safe="")


def uri_component_to_string(value: Value) -> Value:
    """`uriComponentToString`."""
    return unquote(a_text(value))
