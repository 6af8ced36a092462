"""Encodings that `$util` offers; the exact escapes are those of commons-lang and java.net."""

import binascii
from base64 import b64decode, b64encode
from typing import Final
from urllib.parse import quote_plus, unquote_plus

_ESCAPES: Final = {
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


def text(value: object) -> str:
    """Give a value that must be a text; ValueError for anything else."""
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    if not isinstance(value, str):
        raise ValueError(f"a function of $util takes text, not {value!r:.80}")  # noqa: TRY004 - a template's failure
    return value


def escape_javascript(value: object) -> str:
    """Escape text for a JavaScript string: quotes, backslash and slash, control and non-ASCII characters."""
    return "".join(_ESCAPES.get(character) or _escaped(character) for character in text(value))


def _escaped(character: str) -> str:
    if ord(character) in _PRINTABLE:
        return character
    units = character.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[at]:02X}{units[at + 1]:02X}" for at in range(0, len(units), 2))


def url_encode(value: object) -> str:
    """Encode as java.net.URLEncoder does: letters, digits and `.-*_` stay, a space becomes `+`."""
    return quote_plus(text(value), safe="*").replace("~", "%7E")


def url_decode(value: object) -> str:
    """Decode what `url_encode` made."""
    return unquote_plus(text(value))


def base64_encode(value: object) -> str:
    """Encode bytes, or a text's in UTF-8."""
    if isinstance(value, list):
        return b64encode(bytes(byte & 0xFF for byte in value)).decode("ascii")
    return b64encode(value if isinstance(value, bytes) else text(value).encode("utf-8", "replace")).decode("ascii")


def base64_decode(value: object) -> str:
    """Decode standard base64 to text; ValueError where it is none."""
    given = text(value)
    try:
        return b64decode(given + "=" * (-len(given) % 4), validate=True).decode("utf-8", "replace")
    except binascii.Error as error:
        raise ValueError(f"base64Decode: {error}") from error
