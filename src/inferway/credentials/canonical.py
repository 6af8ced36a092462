"""The canonical form of a request, over which Signature Version 4 is computed.

Source: IAM User Guide, "Create a signed AWS API request" (https://docs.aws.amazon.com/IAM/latest/UserGuide/
reference_sigv-create-signed-request.html).
"""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from hashlib import sha256
from string import ascii_letters, digits
from typing import Final
from urllib.parse import quote, unquote_to_bytes

from inferway.exchange import Request

_PLAIN: Final = re.compile(r"/[A-Za-z0-9/_.~-]*")
"""Paths that have nothing to be encoded."""

_UNRESERVED: Final = frozenset(ascii_letters + digits + "-_.~")
_SHORT: Final = 64
_ESCAPES: Final = {code: f"%{code:02X}" for code in range(256) if chr(code) not in _UNRESERVED}


def canonical_path(path: str) -> str:
    """Give a path (Latin-1, percent-encoded as sent) without `.`, `..` and empty segments, encoded once more.

    All services but S3 have it encoded twice, and the path as sent is encoded once already. Of a slash at its end, it
    keeps its own only, as botocore, requests-aws4auth and aws4 do: `/a/..` and `/a/.` have none.
    """
    if _PLAIN.fullmatch(path) is not None and "//" not in path and "/." not in path:
        return path
    segments: list[str] = []
    parts = path.split("/")
    for part in parts:
        if part == "..":
            del segments[-1:]
        elif part not in ("", "."):
            segments.append(part)
    slash = "/" if segments and not parts[-1] else ""
    return quote("/" + "/".join(segments) + slash, safe="/-_.~", encoding="latin-1")


def query_pairs(query: str) -> list[tuple[str, str]]:
    """Split a query as sent (Latin-1) into names and values, decoded and encoded again as the standard asks.

    A `+` is a space, as it is to everything behind the signature; a name without `=` has the value "".
    """
    pairs = []
    for part in query.split("&"):
        if part:
            name, _, value = part.partition("=")
            pairs.append((_encoded(name), _encoded(value)))
    return pairs


def _encoded(text: str) -> str:
    if text.isascii() and text.isalnum():
        return text
    return _often(text) if len(text) <= _SHORT else _encode(text)


def _encode(text: str) -> str:
    if "%" in text or "+" in text:
        text = unquote_to_bytes(text.replace("+", " ").encode("latin-1", "replace")).decode("latin-1")
    return text.translate(_ESCAPES)


_often = lru_cache(maxsize=4096)(_encode)
"""Encodes what is short: names come again, and so do many values."""


def canonical_query(pairs: Sequence[tuple[str, str]]) -> str:
    """Sort encoded names and values, by name and then by value."""
    return "&".join(f"{name}={value}" for name, value in sorted(pairs))


def header_values(request: Request) -> dict[str, str]:
    """Give each header's values by lower-case name: blanks folded, several joined by a comma in the order sent."""
    values: dict[str, str] = {}
    for key, value in request.headers:
        name, text = key.decode("latin-1"), folded(value).decode("latin-1")
        values[name] = f"{values[name]},{text}" if name in values else text
    return values


def folded(value: bytes) -> bytes:
    """Give a header's value without blanks around it, and with one blank for several; bytes that are none stay."""
    return b" ".join(value.split())


def canonical_request(
    request: Request, query: str, headers: Mapping[str, str], signed: Sequence[str], payload: str
) -> str:
    """Give the canonical request; `signed` are lower-case and sorted, `payload` is the body's digest in hexadecimal."""
    return "\n".join((request.method, canonical_path(request.path), query, canonical_rest(headers, signed, payload)))


def canonical_rest(headers: Mapping[str, str], signed: Sequence[str], payload: str) -> str:
    """Give what stands behind the query in a canonical request."""
    lines = "".join(f"{name}:{headers[name]}\n" for name in signed if name in headers)
    return f"{lines}\n{';'.join(signed)}\n{payload}"


def payload_digest(body: bytes) -> str:
    """Give the SHA-256 of a body in hexadecimal."""
    return sha256(body).hexdigest()
