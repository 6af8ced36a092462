"""Reads a signed token in its compact form, strictly and within limits.

Sources: RFC 7515 (JWS), sections 3.1, 4.1 and 5.2; RFC 7519 (JWT), section 7.2; RFC 8725 (best current practices),
sections 2.4 and 3.10. Members that appear twice are refused, which RFC 7515, section 4, allows; and so is base64url
that is not canonical, since two texts would stand for one signature.
"""

import binascii
import json
from collections.abc import Callable
from typing import Final

import msgspec

Verify = Callable[[bytes, bytes], bool]
"""Takes a signature and what was signed; says whether they belong together."""

LONGEST: Final = 16 * 1024
"""Bytes of a whole token."""
LONGEST_KEY_ID: Final = 512
"""Characters of a key's identifier."""

_MOST_BRACKETS: Final = 512
_PLAIN: Final = msgspec.json.Decoder(dict[str, object])
_BLANKS: Final = " \t\r\n"
_STANDARD: Final = bytes.maketrans(b"-_+/=", b"+/!!!")
"""Gives the alphabet that `binascii` knows; what is not of ours becomes what is of neither."""
_LAST: Final = {2: frozenset(b"AQgw"), 3: frozenset(b"AEIMQUYcgkosw048")}
"""What a group of two or three characters may end with: what is left of its last character has to be zero."""
_PADDING: Final = {0: b"", 2: b"==", 3: b"="}


class MalformedTokenError(ValueError):
    """A text that is no signed token, with the reason."""


class Compact(msgspec.Struct, frozen=True, gc=False):
    """A token's parts: its header as sent, what was signed, the claims, and the signature; nothing is verified."""

    header: bytes
    signed: bytes
    payload: bytes
    signature: bytes


class Header(msgspec.Struct, frozen=True, kw_only=True):
    """What a token says of its signature; `key_id` is None where it names no key."""

    algorithm: str
    key_id: str | None


def read_compact(token: bytes) -> Compact:
    """Split a token into its three parts. Raises MalformedTokenError."""
    if len(token) > LONGEST:
        raise MalformedTokenError(f"the token has more than {LONGEST} bytes")
    parts = token.split(b".", 3)
    if len(parts) != 3:
        raise MalformedTokenError("a signed token has three parts")
    header, payload, signature = parts
    return Compact(
        header, token[: -len(signature) - 1] if signature else token[:-1], decode(payload), decode(signature)
    )


def decode(text: bytes) -> bytes:
    """Decode base64url without padding, in its one canonical form. Raises MalformedTokenError."""
    rest = len(text) % 4
    if rest and (rest == 1 or text[-1] not in _LAST[rest]):
        raise MalformedTokenError("a part is not canonical base64url")
    try:
        return binascii.a2b_base64(text.translate(_STANDARD) + _PADDING[rest], strict_mode=True)
    except binascii.Error:
        raise MalformedTokenError("a part is not base64url") from None


def read_header(text: bytes) -> Header:
    """Read a token's header, still encoded. Raises MalformedTokenError.

    Where a token says that its key is to be found (`jku`, `jwk`, `x5u`, `x5c`) is never heeded. An extension that has
    to be understood (`crit`) is not (RFC 7515, section 4.1.11).
    """
    members = read_object(decode(text))
    algorithm, key_id = members.get("alg"), members.get("kid")
    if not isinstance(algorithm, str):
        raise MalformedTokenError("the header names no algorithm")
    if "kid" in members and (not isinstance(key_id, str) or len(key_id) > LONGEST_KEY_ID):
        raise MalformedTokenError("the header names no key that could be")
    if "crit" in members:
        raise MalformedTokenError("the header has extensions that have to be understood")
    return Header(algorithm=algorithm, key_id=key_id if isinstance(key_id, str) else None)


def read_object(data: bytes) -> dict[str, object]:
    """Read a JSON object in which no member appears twice. Raises MalformedTokenError."""
    if data.count(b"{") + data.count(b"[") > _MOST_BRACKETS:
        raise MalformedTokenError("JSON that is nested too deeply, or holds too many values")
    try:
        # Half as long as the way below, which most issuers' tokens need not take: written out again the same, no member
        # was there twice.
        plain = _PLAIN.decode(data)
        if msgspec.json.encode(plain) == data:
            return plain
    except (msgspec.MsgspecError, ValueError, RecursionError):
        pass
    try:
        text = data.decode("utf-8").strip(_BLANKS)
        value, end = _DECODER.raw_decode(text)
        if "\\u" in text:
            json.dumps(value, ensure_ascii=False).encode("utf-8")  # half of a surrogate pair is no text
    except MalformedTokenError:
        raise
    except (ValueError, RecursionError) as error:
        raise MalformedTokenError(f"not JSON: {error}") from error
    if type(value) is not dict or end != len(text):
        raise MalformedTokenError("not a JSON object")
    return value


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise MalformedTokenError("a member appears twice")
    return made


def _refuse(text: str) -> object:
    raise MalformedTokenError(f"{text} is not JSON")


_DECODER: Final = json.JSONDecoder(object_pairs_hook=_object, parse_constant=_refuse)
