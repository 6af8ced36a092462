"""Encoding, Uri, WebUtility and the hash algorithms."""

from __future__ import annotations

import hashlib
import hmac
import html
from collections.abc import Callable
from typing import Any, Final
from urllib.parse import quote, quote_plus, unquote_to_bytes, urljoin

from inferway.languages.csharp.errors import ThrownError
from inferway.languages.csharp.types import Type
from inferway.languages.csharp.universe import Class
from inferway.languages.csharp.uri import Uri
from inferway.languages.csharp.values import Array, argument_null

_BYTE: Final = Type("byte")


class Encoding:
    """A System.Text.Encoding."""

    type = Type("Encoding")

    def __init__(self, name: str) -> None:
        self.name = name

    def encode(self, text: str | None) -> Array:
        """`GetBytes`. Raises ThrownError for null."""
        if text is None:
            raise argument_null("s")
        errors = "replace" if self.name in ("ascii", "latin-1") else "surrogatepass"
        return Array(text.encode(self.name, errors), _BYTE)

    def decode(self, data: list[int] | None) -> str:
        """`GetString`. Raises ThrownError for null."""
        if data is None:
            raise argument_null("bytes")
        return bytes(data).decode(self.name, "replace").replace("\ufffd", "?" if self.name == "ascii" else "\ufffd")


def _encoding(name: str) -> Callable[[], Encoding]:
    made = Encoding(name)
    return lambda: made


def _escape(text: str | None) -> str:
    if text is None:
        raise argument_null("stringToEscape")
    return quote(text, safe="", errors="replace")


def _unescape(text: str | None) -> str:
    if text is None:
        raise argument_null("stringToUnescape")
    return unquote_to_bytes(text).decode("utf-8", "replace")


def _escape_uri(text: str) -> str:
    return quote(text, safe="!#$&'()*+,/:;=?@[]%~", errors="replace")


def _form(text: str | None) -> str | None:
    return None if text is None else quote_plus(text, safe="!*()", errors="replace").replace("~", "%7E")


def _unform(text: str | None) -> str | None:
    return None if text is None else _unescape(text.replace("+", " "))


def _html(text: str | None) -> str | None:
    if text is None:
        return None
    escaped = html.escape(text).replace("&#x27;", "&#39;")
    return "".join(f"&#{ord(c)};" if 160 <= ord(c) < 256 or ord(c) > 0xFFFF else c for c in escaped)


class Hash:
    """A hash algorithm, keyed or not."""

    def __init__(self, name: str, key: bytes | None = None) -> None:
        self.name = name
        self.key = key

    def compute(self, data: list[int] | None) -> Array:
        """`ComputeHash`. Raises ThrownError for null."""
        if data is None:
            raise argument_null("buffer")
        raw = bytes(data)
        if self.key is None:
            return Array(hashlib.new(self.name, raw, usedforsecurity=False).digest(), _BYTE)
        return Array(hmac.new(self.key, raw, self.name).digest(), _BYTE)


def _hash_class(label: str, name: str) -> tuple[Class, Class]:
    plain = Class(
        name=label,
        members={
            f"static {label} Create()": lambda: Hash(name),
            "new()": lambda: Hash(name),
            "byte[] ComputeHash(byte[] buffer)": Hash.compute,
            "static byte[] HashData(byte[] source)": lambda data: Hash(name).compute(data),
            "void Dispose()": lambda _: None,
        },
    )
    keyed = Class(
        name=f"HMAC{label}",
        members={
            "new(byte[] key)": lambda key: Hash(name, bytes(key)),
            "byte[] ComputeHash(byte[] buffer)": Hash.compute,
            "void Dispose()": lambda _: None,
        },
    )
    return plain, keyed


_HASHES: Final = {"MD5": "md5", "SHA1": "sha1", "SHA256": "sha256", "SHA384": "sha384", "SHA512": "sha512"}


def _try_uri(text: str | None, kind: int) -> tuple[bool, Uri | None]:
    try:
        return True, Uri(text or "")
    except ThrownError:
        return (True, Uri(text or "", relative=True)) if kind != 1 and text is not None else (False, None)


def _resolve(base: Uri, relative: str) -> Uri:
    return Uri(urljoin(base.need_absolute().csharp_text(), relative))


def _left(uri: Uri, part: int) -> str:
    start = f"{uri.need_absolute().scheme}://"
    ends = ("", uri.authority, uri.authority + uri.path, uri.authority + uri.path + uri.query)
    return start + ends[part]


_URI: Final[dict[str, Callable[..., Any]]] = {
    "new(string uriString)": Uri,
    "new(string uriString, UriKind kind)": lambda text, kind: Uri(text, relative=kind == 2),
    "new(Uri baseUri, string relativeUri)": _resolve,
    "static string EscapeDataString(string s)": _escape,
    "static string UnescapeDataString(string s)": _unescape,
    "static string EscapeUriString(string s)": _escape_uri,
    "static bool TryCreate(string uriString, UriKind kind, out Uri result)": _try_uri,
    "static bool IsWellFormedUriString(string uriString, UriKind kind)": lambda text, kind: (
        _try_uri(text, int(kind))[0] and " " not in text
    ),
    "string Host": lambda uri: uri.need_absolute().host,
    "string Scheme": lambda uri: uri.need_absolute().scheme,
    "int Port": lambda uri: uri.need_absolute().port,
    "string AbsolutePath": lambda uri: uri.need_absolute().path,
    "string LocalPath": lambda uri: _unescape(uri.need_absolute().path),
    "string Query": lambda uri: uri.need_absolute().query,
    "string Fragment": lambda uri: uri.need_absolute().fragment,
    "string PathAndQuery": lambda uri: uri.need_absolute().path + uri.query,
    "string Authority": lambda uri: uri.need_absolute().authority,
    "string AbsoluteUri": lambda uri: uri.need_absolute().csharp_text(),
    "string OriginalString": lambda uri: uri.original,
    "string UserInfo": lambda uri: uri.need_absolute().user,
    "bool IsAbsoluteUri": lambda uri: uri.is_absolute,
    "string[] Segments": lambda uri: Array(
        [f"{each}/" for each in uri.path.split("/")[:-1]] + [each for each in uri.path.split("/")[-1:] if each],
        Type("string"),
    ),
    "string GetLeftPart(UriPartial part)": _left,
    "string ToString()": Uri.csharp_text,
}
_ENCODINGS: Final = {
    "UTF8": "utf-8",
    "ASCII": "ascii",
    "Unicode": "utf-16-le",
    "BigEndianUnicode": "utf-16-be",
    "UTF32": "utf-32-le",
    "Latin1": "latin-1",
}
_WEB: Final[dict[str, Callable[..., Any]]] = {
    "static string UrlEncode(string value)": _form,
    "static string UrlDecode(string value)": _unform,
    "static string HtmlEncode(string value)": _html,
    "static string HtmlDecode(string value)": lambda text: None if text is None else html.unescape(text),
}
CLASSES: Final = (
    Class(
        name="Encoding",
        python=Encoding,
        members={
            **{f"static Encoding {label}": _encoding(name) for label, name in _ENCODINGS.items()},
            "byte[] GetBytes(string s)": Encoding.encode,
            "string GetString(byte[] bytes)": Encoding.decode,
            "string GetString(byte[] bytes, int index, int count)": lambda self, data, at, n: self.decode(
                data[at : at + n]
            ),
        },
    ),
    Class(name="Uri", members=_URI, python=Uri),
    Class(name="WebUtility", members=_WEB),
    Class(name="HttpUtility", members=_WEB),
    *(each for label, name in _HASHES.items() for each in _hash_class(label, name)),
)
