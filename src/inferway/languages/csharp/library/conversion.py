"""Convert and BitConverter."""

from __future__ import annotations

import base64
import struct
from collections.abc import Callable
from typing import Any, Final

from inferway.languages.csharp.change_type import (
    change_type,
    from_base64,
    parse_integer,
    to_bool,
    to_decimal,
    to_double,
    to_integer,
)
from inferway.languages.csharp.errors import ThrownError
from inferway.languages.csharp.json.tokens import JValue
from inferway.languages.csharp.text import text_of
from inferway.languages.csharp.types import Type
from inferway.languages.csharp.universe import Class
from inferway.languages.csharp.values import Array, argument_error, argument_null, iterate, overflow


def _unwrapped(value: Any) -> Any:
    return value.value if isinstance(value, JValue) else value


def _integer(name: str) -> Callable[[Any], int]:
    return lambda value: to_integer(_unwrapped(value), name)


def _from_base(text: str | None, base: int, name: str) -> int:
    if base not in (2, 8, 10, 16):
        raise argument_error("Invalid Base.")
    if base == 10:
        return parse_integer(text, name)
    digits = (text or "0").lower().removeprefix("0x") if base == 16 else text or "0"
    bits = 32 if name == "int" else 64
    try:
        value = int(digits, base)
    except ValueError:
        raise ThrownError("System.FormatException", "Could not find any recognizable digits.") from None
    if value >= 2**bits or value < 0:
        raise overflow("a UInt32")
    return value - 2**bits if value >= 2 ** (bits - 1) else value


def _to_base(value: int, base: int) -> str:
    if base == 10:
        return str(value)
    value = value % 2 ** (32 if -(2**31) <= value < 2**31 else 64)
    return format(value, {2: "b", 8: "o", 16: "x"}.get(base, "d"))


def to_base64(data: Any) -> str:
    """`Convert.ToBase64String`. Raises ThrownError for null."""
    if data is None:
        raise argument_null("inArray")
    return base64.b64encode(bytes(iterate(data))).decode()


def _hex_string(data: Any) -> str:
    return bytes(data).hex().upper()


def _from_hex(text: str) -> Array:
    try:
        return Array(bytes.fromhex(text), Type("byte"))
    except ValueError:
        raise ThrownError("System.FormatException", "The input is not a valid hex string.") from None


def _text(value: Any) -> str:
    return text_of(_unwrapped(value))


_CONVERT: Final[dict[str, Callable[..., Any]]] = {
    "static int ToInt32(object value)": _integer("int"),
    "static int ToInt32(string value, int fromBase)": lambda text, base: _from_base(text, base, "int"),
    "static long ToInt64(object value)": _integer("long"),
    "static long ToInt64(string value, int fromBase)": lambda text, base: _from_base(text, base, "long"),
    "static short ToInt16(object value)": _integer("short"),
    "static uint ToUInt32(object value)": _integer("uint"),
    "static ulong ToUInt64(object value)": _integer("ulong"),
    "static ushort ToUInt16(object value)": _integer("ushort"),
    "static byte ToByte(object value)": _integer("byte"),
    "static byte ToByte(string value, int fromBase)": lambda text, base: _from_base(text, base, "int"),
    "static double ToDouble(object value)": lambda value: to_double(_unwrapped(value)),
    "static float ToSingle(object value)": lambda value: change_type(_unwrapped(value), Type("float")),
    "static decimal ToDecimal(object value)": lambda value: to_decimal(_unwrapped(value)),
    "static bool ToBoolean(object value)": lambda value: to_bool(_unwrapped(value)),
    "static char ToChar(object value)": lambda value: change_type(_unwrapped(value), Type("char")),
    "static DateTime ToDateTime(object value)": lambda value: change_type(_unwrapped(value), Type("DateTime")),
    "static string ToString(object value)": _text,
    "static string ToString(object value, IFormatProvider provider)": lambda value, _: _text(value),
    "static string ToString(string value)": lambda value: value,
    "static string ToString(int value, int toBase)": _to_base,
    "static string ToString(long value, int toBase)": _to_base,
    "static string ToBase64String(byte[] inArray)": to_base64,
    "static string ToBase64String(byte[] inArray, Base64FormattingOptions options)": lambda data, _: to_base64(data),
    "static byte[] FromBase64String(string s)": from_base64,
    "static string ToHexString(byte[] inArray)": _hex_string,
    "static byte[] FromHexString(string s)": _from_hex,
}


def _bytes(data: bytes) -> Array:
    return Array(data, Type("byte"))


_BITS: Final[dict[str, Callable[..., Any]]] = {
    "static string ToString(byte[] value)": lambda data: "-".join(f"{each:02X}" for each in data),
    "static byte[] GetBytes(int value)": lambda value: _bytes(struct.pack("<i", value)),
    "static byte[] GetBytes(long value)": lambda value: _bytes(struct.pack("<q", value)),
    "static int ToInt32(byte[] value, int startIndex)": lambda data, at: struct.unpack_from("<i", bytes(data), at)[0],
    "static long ToInt64(byte[] value, int startIndex)": lambda data, at: struct.unpack_from("<q", bytes(data), at)[0],
}
CLASSES: Final = (Class(name="Convert", members=_CONVERT), Class(name="BitConverter", members=_BITS))
