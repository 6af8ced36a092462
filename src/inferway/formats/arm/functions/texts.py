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
_LOOSE: Final = re.compile(
    r'"(?:[^"\\]|\\.)*"|\'(?P<single>(?:[^\'\\]|\\.)*)\'|(?P<name>[A-Za-z_$][\w$]*)(?=\s*:)', re.DOTALL
)
_QUOTE: Final = re.compile(r'(?<!\\)"')
_PADDED: Final = re.compile(r"[dD]([0-9]{0,2})")
_FIXED: Final = re.compile(r"([nNfF])([0-9]{0,2})")
_ZEROS: Final = re.compile(r"0{1,60}")
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
    """`json`: a text to what it says; as the page's examples have them, texts may stand in single quotes."""
    written = a_text(value)
    try:
        return msgspec.json.decode(written)
    except (msgspec.DecodeError, RecursionError) as error:
        said = str(error)
    try:
        return msgspec.json.decode(_LOOSE.sub(_strict, written))
    except (msgspec.DecodeError, RecursionError):
        raise Unresolved("bad-argument", f"the text is no JSON: {said}") from None


def _strict(found: re.Match[str]) -> str:
    if found["single"] is None:
        return f'"{found["name"]}"' if found["name"] else found[0]
    inner = found["single"].replace("\\'", "'")
    return '"' + _QUOTE.sub('\\\\"', inner) + '"'


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
    """`format`: holes as `{0}`, with an alignment and the formats `D4`, `X2`, `N0`, `F2` and `00` of numbers."""

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
    if not how or isinstance(value, bool) or not isinstance(value, int | float):
        return text(value)
    fixed = _FIXED.fullmatch(how)
    if fixed is not None:
        return f"{value:{',' if fixed[1] in 'nN' else ''}.{int(fixed[2] or 2)}f}"
    padded, hexadecimal, zeros = _PADDED.fullmatch(how), _HEX.fullmatch(how), _ZEROS.fullmatch(how)
    if isinstance(value, int) and (padded or zeros):
        width = int(padded[1] or 0) if padded else len(how)
        return ("-" if value < 0 else "") + str(abs(value)).zfill(width)
    if isinstance(value, int) and hexadecimal is not None:
        return f"{value:0{int(hexadecimal[1] or 0)}{how[0]}}"
    raise Unresolved("bad-argument", f"the format {how[:40]!r} of numbers is not served")


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
    try:
        return urljoin(a_text(base), a_text(relative))
    except ValueError:
        raise Unresolved("bad-argument", f"{text(base)[:80]!r} and {text(relative)[:80]!r} make no URI") from None


def uri_component(value: Value) -> Value:
    """`uriComponent`."""
    return quote(a_text(value), safe="")


def uri_component_to_string(value: Value) -> Value:
    """`uriComponentToString`."""
    return unquote(a_text(value))
