"""Decodings that attackers hide behind, over bytes as Latin-1 texts. A coding that is not valid stays as it is.

Source: AWS WAF Developer Guide, "Using text transformations in AWS WAF"; CSS 2.1, 4.1.3 "Characters and case".
"""

import binascii
import re
from collections.abc import Mapping
from html.entities import html5
from typing import Final
from urllib.parse import unquote_to_bytes

_ENTITY: Final = re.compile(r"&(?:#[xX]([0-9a-fA-F]{1,8})|#([0-9]{1,10})|([A-Za-z][A-Za-z0-9]{1,30}));?")
_BASE64: Final = re.compile(r"[^A-Za-z0-9+/]")
_URL_UNICODE: Final = re.compile(r"%u([0-9a-fA-F]{4})|%([0-9a-fA-F]{2})|\+")
_C_ESCAPE: Final = re.compile(r"\\(?:x([0-9a-fA-F]{2})|([0-7]{1,3})|([abfnrtv\\?'\"]))")
_SQL_HEX: Final = re.compile(r"\b0[xX]((?:[0-9a-fA-F]{2})+)")
_CSS: Final = re.compile(r"\\(?:([0-9a-fA-F]{1,6})(?:\r\n|[ \t\r\n\f])?|(\n)|(.))", re.DOTALL)
_JS: Final = re.compile(
    r"\\(?:u([0-9a-fA-F]{4})|u\{([0-9a-fA-F]{1,6})\}|x([0-9a-fA-F]{2})|([0-7]{1,3})|(.))", re.DOTALL
)
_HEX_PAIRS: Final = re.compile(r"(?:[0-9a-fA-F]{2})*")
_SIMPLE: Final[Mapping[str, str]] = {"a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}
_FULL_WIDTH: Final = range(0xFF01, 0xFF5F)
_LAST: Final = 0x10FFFF
_BYTE: Final = 0xFF


def _narrow(code: int) -> str:
    """Give the one byte that a code stands for: a full-width sign is its ASCII one, of others the low byte is left."""
    if code in _FULL_WIDTH:
        return chr(code - 0xFEE0)
    return chr(code & _BYTE)


def _as_utf8(code: int) -> str:
    """Give a character's bytes: one where it has the code of a byte, else those of UTF-8."""
    if code <= _BYTE:
        return chr(code)
    return chr(code).encode("utf-8", "replace").decode("latin-1") if code <= _LAST else "?"


def html_entities(text: str) -> str:
    """Decode the entities of HTML, by name, in decimal and in hexadecimal, with or without the semicolon."""
    return _ENTITY.sub(_entity, text) if "&" in text else text


def _entity(found: re.Match[str]) -> str:
    digits, decimal, name = found.groups()
    if name is None:
        return _as_utf8(int(digits, 16) if digits is not None else int(decimal))
    meant = html5.get(f"{name};") or html5.get(f"{name.lower()};")
    return "".join(_as_utf8(ord(char)) for char in meant) if meant else found[0]


def base64(text: str) -> str:
    """Decode Base64 up to the first character that is none of it; text that is none at all stays."""
    bad = _BASE64.search(text)
    part = text if bad is None else text[: bad.start()]
    return _decoded(part) or text


def base64_forgiving(text: str) -> str:
    """Decode Base64, overlooking what is none of it."""
    return _decoded(_BASE64.sub("", text)) or text


def _decoded(letters: str) -> str:
    rest = len(letters) % 4
    if rest == 1:
        letters, rest = letters[:-1], 0
    try:
        return binascii.a2b_base64(letters + "=" * (-rest % 4)).decode("latin-1")
    except binascii.Error:
        return ""


def hexadecimal(text: str) -> str:
    """Decode pairs of hexadecimal digits as far as there are any."""
    found = _HEX_PAIRS.match(text)
    digits = found[0] if found is not None else ""
    return bytes.fromhex(digits).decode("latin-1") if digits else text


def sql_hexadecimal(text: str) -> str:
    """Decode `0x414243` to `ABC`."""
    return _SQL_HEX.sub(lambda found: bytes.fromhex(found[1]).decode("latin-1"), text)


def url(text: str) -> str:
    """Decode percent escapes, and `+` to a space."""
    if "+" in text:
        text = text.replace("+", " ")
    return unquote_to_bytes(text.encode("latin-1")).decode("latin-1") if "%" in text else text


def url_unicode(text: str) -> str:
    """Decode percent escapes and Microsoft's `%uHHHH`."""
    return _URL_UNICODE.sub(_url_code, text) if "%" in text or "+" in text else text


def _url_code(found: re.Match[str]) -> str:
    wide, pair = found.groups()
    if wide is not None:
        return _narrow(int(wide, 16))
    return chr(int(pair, 16)) if pair is not None else " "


def c_escapes(text: str) -> str:
    """Decode ANSI C's escape sequences."""
    return _C_ESCAPE.sub(_c_escape, text) if "\\" in text else text


def _c_escape(found: re.Match[str]) -> str:
    pair, octal, sign = found.groups()
    if pair is not None:
        return chr(int(pair, 16))
    if octal is not None:
        return chr(int(octal, 8) & _BYTE)
    return _SIMPLE.get(sign, sign)


def css(text: str) -> str:
    """Decode CSS escapes, by their last two digits, and leave out backslashes before anything else."""
    return _CSS.sub(_css_escape, text) if "\\" in text else text


def _css_escape(found: re.Match[str]) -> str:
    digits, newline, sign = found.groups()
    if digits is not None:
        return _narrow(int(digits[-4:], 16)) if len(digits) > 1 else chr(int(digits, 16))
    return "" if newline is not None else sign


def javascript(text: str) -> str:
    """Decode JavaScript's escapes."""
    return _JS.sub(_js_escape, text) if "\\" in text else text


def _js_escape(found: re.Match[str]) -> str:
    wide, braced, pair, octal, sign = found.groups()
    if wide is not None or braced is not None:
        return _narrow(int(wide or braced, 16))
    if pair is not None:
        return chr(int(pair, 16))
    if octal is not None:
        return chr(int(octal, 8) & _BYTE)
    return _SIMPLE.get(sign, sign)


def utf8_to_unicode(text: str) -> str:
    """Write each character of several UTF-8 bytes as `%uHHHH`."""
    if text.isascii():
        return text
    characters = text.encode("latin-1").decode("utf-8", "surrogateescape")
    return "".join(map(_unicode_code, characters))


def _unicode_code(char: str) -> str:
    code = ord(char)
    if char.isascii():
        return char
    return chr(code & _BYTE) if 0xDC80 <= code <= 0xDCFF else f"%u{code:04x}"
