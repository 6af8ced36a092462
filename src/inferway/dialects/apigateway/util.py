"""`$util` of a mapping template.

Source: API Gateway, "Variables for data transformations for API Gateway" ("Functions in $util"); the exact escapes are
those of commons-lang 2 and java.net, with which recorded renders agree.
"""

import binascii
from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping
from typing import ClassVar, Final
from urllib.parse import quote_plus, unquote_plus

from inferway.languages.jsonpath import parse_json
from inferway.languages.vtl import JsonList

_JAVASCRIPT: Final = {
    "\b": "\\b",
    "\n": "\\n",
    "\t": "\\t",
    "\f": "\\f",
    "\r": "\\r",
    "'": "\\'",
    '"': '\\"',
    "\\": "\\\\",
    "/": "\\/",
}
_PRINTABLE: Final = range(0x20, 0x7F)


def escape_javascript(text: str) -> str:
    """Escape text for a JavaScript string: quotes, backslash and slash, control and non-ASCII characters."""
    made = []
    for character in text:
        short = _JAVASCRIPT.get(character)
        if short is not None:
            made.append(short)
        elif ord(character) in _PRINTABLE:
            made.append(character)
        else:
            units = character.encode("utf-16-be", "surrogatepass")
            made += [f"\\u{units[at]:02X}{units[at + 1]:02X}" for at in range(0, len(units), 2)]
    return "".join(made)


def url_encode(text: str) -> str:
    """Encode as java.net.URLEncoder does: letters, digits and `.-*_` stay, a space becomes `+`."""
    return quote_plus(text, safe="*").replace("~", "%7E")


def base64_decode(text: str) -> str:
    """Decode standard base64 to text; ValueError where it is none."""
    try:
        return b64decode(text + "=" * (-len(text) % 4), validate=True).decode("utf-8", "replace")
    except binascii.Error as error:
        raise ValueError(f"base64Decode: {error}") from error


def json_value(value: object) -> object:
    """Give parsed JSON as templates see it: lists that print as JSON, maps that print as Java does."""
    if value.__class__ is dict:
        assert isinstance(value, dict)  # noqa: S101 - tells mypy what the line above settled
        for key, item in value.items():
            if item.__class__ is dict or item.__class__ is list:
                value[key] = json_value(item)
        return value
    if value.__class__ is list:
        assert isinstance(value, list)  # noqa: S101 - as above
        made = JsonList(value)
        for at, item in enumerate(made):
            if item.__class__ is dict or item.__class__ is list:
                made[at] = json_value(item)
        return made
    return value


class Util:
    """The host object behind `$util`; one serves all templates."""

    vtl_methods: ClassVar[Mapping[tuple[str, int], Callable[..., object]]] = {
        ("escapeJavaScript", 1): lambda _, text: escape_javascript(_string(text)),
        ("parseJson", 1): lambda _, text: json_value(parse_json(_string(text))),
        ("urlEncode", 1): lambda _, text: url_encode(_string(text)),
        ("urlDecode", 1): lambda _, text: unquote_plus(_string(text)),
        ("base64Encode", 1): lambda _, text: b64encode(_string(text).encode("utf-8", "replace")).decode("ascii"),
        ("base64Decode", 1): lambda _, text: base64_decode(_string(text)),
    }
    vtl_properties: ClassVar[Mapping[str, Callable[..., object]]] = {}

    def vtl_text(self) -> str:
        """Print as nothing."""
        return ""


def _string(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError(f"a function of $util takes text, not {value!r:.80}")  # noqa: TRY004 - a template's failure
    return value


UTIL: Final = Util()
