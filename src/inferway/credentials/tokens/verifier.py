"""Verifies tokens: whose they are, whether their signature is right, and whether they are what is asked for.

Sources: RFC 7519 (JWT), sections 4.1 and 7.2; RFC 8725 (best current practices); OpenID Connect Core 1.0, section
3.1.3.7; RFC 9068 and RFC 8693 (`scope`).
"""

import math
import time
from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Final

import msgspec

from inferway.credentials.tokens.algorithms import UnusableKeyError, load_key
from inferway.credentials.tokens.compact import (
    Compact,
    Header,
    MalformedTokenError,
    read_compact,
    read_header,
    read_object,
)
from inferway.credentials.tokens.key_sets import Jwk, KeySet
from inferway.definition.token_steps import ExpectedClaim

_MOST_HEADERS: Final = 256
_MOST_SAID: Final = 200
_MOST_TRIED: Final = 4
_LAST_MOMENT: Final = 2**53

Claims = Mapping[str, object]


class Reason(StrEnum):
    """Why a token is refused."""

    MALFORMED = "malformed"
    ALGORITHM = "algorithm not allowed"
    ISSUER = "issuer not trusted"
    KEYS = "keys of the issuer not to be had"
    UNKNOWN_KEY = "unknown key"
    SIGNATURE = "wrong signature"
    EXPIRED = "expired"
    EARLY = "not yet valid"
    AUDIENCE = "for another audience"
    CLAIM = "a claim is missing or different"
    SCOPE = "without a scope that is asked for"


class Refusal(msgspec.Struct, frozen=True):
    """Why a token is refused; `cause` is for the operator."""

    reason: Reason
    cause: str


class Token(msgspec.Struct, frozen=True, gc=False):
    """A token that is what is asked for: whom it is about, "" where it does not say, and its claims."""

    subject: str
    claims: dict[str, object]


class Authority(msgspec.Struct, frozen=True, kw_only=True):
    """An issuer that is trusted, its keys, and what its tokens have to say.

    `audiences` None is for any. The first of `audience_claims` that a token has is the one that counts; `fits`, where
    there is one, is asked about each of its values, once the signature is known to hold. `leeway` is in seconds.
    """

    issuer: str
    key_set: KeySet
    audiences: frozenset[str] | None = None
    audience_claims: tuple[str, ...] = ("aud",)
    fits: Callable[[str], bool] | None = None
    claims: tuple[ExpectedClaim, ...] = ()
    leeway: float = 0.0


class TokenVerifier:
    """Verifies tokens of one or several issuers; at least one of `scopes` is asked for where there are any."""

    __slots__ = ("_algorithms", "_authorities", "_clock", "_headers", "_scopes")

    def __init__(
        self,
        authorities: tuple[Authority, ...],
        *,
        algorithms: tuple[str, ...],
        scopes: tuple[str, ...] = (),
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._authorities = {authority.issuer: authority for authority in authorities}
        self._algorithms = frozenset(algorithms)
        self._scopes = frozenset(scopes)
        self._clock = clock
        self._headers: dict[bytes, Header] = {}

    def verify(self, token: bytes) -> Token | Refusal | KeySet:
        """Give the token that a text is, else why it is refused; never raises, and never waits.

        A key set is given where its issuer may have the key that is missing: it can look again, then this be asked.
        """
        # Most callers send one token again and again: that it is well formed and signed is not found out anew while the
        # keys stay the same, all that it says is.
        for authority in self._authorities.values():
            known = authority.key_set.signed.find(token)
            if known is not None and known[0] in self._algorithms and known[1]["iss"] == authority.issuer:
                authority.key_set.keep_fresh()
                if not authority.key_set.keys:  # they have just been dropped: nobody confirmed them for too long
                    break
                claims = known[1]
                return _misaddressed(claims, authority) or self._judged(claims, authority)
        return self._verified(token)

    def _verified(self, token: bytes) -> Token | Refusal | KeySet:
        """Verify a token that is not known."""
        try:
            compact = read_compact(token)
            header = self._header(compact.header)
            claims = read_object(compact.payload)
        except MalformedTokenError as error:
            return Refusal(Reason.MALFORMED, str(error))
        if header.algorithm not in self._algorithms:
            return Refusal(Reason.ALGORITHM, f"the algorithm {header.algorithm!r} is not allowed")
        issuer = claims.get("iss")
        authority = self._authorities.get(issuer) if isinstance(issuer, str) else None
        if authority is None:
            trusted = _short(", ".join(self._authorities))
            return Refusal(Reason.ISSUER, f"the token is of the issuer {_short(issuer)}; trusted: {trusted}")
        misaddressed = _misaddressed(claims, authority)
        if misaddressed is not None:
            return misaddressed
        key_set = authority.key_set
        key_set.keep_fresh()
        unsigned = _signature(compact, header, key_set)
        if unsigned is not None:
            return unsigned
        key_set.signed.add(token, (header.algorithm, claims))
        return self._judged(claims, authority)

    def _judged(self, claims: dict[str, object], authority: Authority) -> Token | Refusal:
        """Hold a token that its issuer signed to what is asked for."""
        # A pattern may cost far more than a signature does, so nobody but the issuer has it tried.
        audience = _audience(claims, authority.audience_claims)
        if authority.fits is not None and not any(authority.fits(one) for one in audience):
            return Refusal(Reason.AUDIENCE, "the audience does not match the pattern")
        refusal = _untimely(claims, self._clock(), authority.leeway) or _unfit(claims, authority)
        if refusal is None and self._scopes and self._scopes.isdisjoint(scopes_of(claims)):
            refusal = Refusal(Reason.SCOPE, "the token has none of the scopes")
        if refusal is not None:
            return refusal
        subject = claims.get("sub")
        return Token(subject if isinstance(subject, str) else "", claims)

    def _header(self, text: bytes) -> Header:
        header = self._headers.get(text)
        if header is None:
            header = read_header(text)
            if len(self._headers) >= _MOST_HEADERS:
                self._headers.clear()
            self._headers[text] = header
        return header


def _misaddressed(claims: Claims, authority: Authority) -> Refusal | None:
    if authority.audiences is None:
        return None
    audience = _audience(claims, authority.audience_claims)
    if not authority.audiences.isdisjoint(audience):
        return None
    return Refusal(Reason.AUDIENCE, f"the token is for another audience: {_short(', '.join(audience))}")


def _signature(compact: Compact, header: Header, key_set: KeySet) -> Refusal | KeySet | None:
    """Give why a signature does not hold; the key set where that has no such key.

    A token that names no key may be of any of a few (OpenID Connect Core 1.0, section 10.1, wants a name where there
    are several; RFC 7515, appendix D, lets all be tried).
    """
    if header.key_id is not None:
        jwk = key_set.find(header.key_id)
        if jwk is None:
            return key_set
        return _check(compact, (header.key_id, header.algorithm), jwk, key_set)
    if not 0 < len(key_set.keys) <= _MOST_TRIED:
        return Refusal(Reason.UNKNOWN_KEY, "the token names no key") if key_set.keys else key_set
    refused = [_check(compact, (number, header.algorithm), jwk, key_set) for number, jwk in enumerate(key_set.keys)]
    return None if None in refused else key_set


def _check(compact: Compact, name: tuple[str | int, str], jwk: Jwk, key_set: KeySet) -> Refusal | None:
    verify = key_set.ready.get(name)
    if verify is None:
        try:
            verify = load_key(jwk, name[1])
        except UnusableKeyError as error:
            return Refusal(Reason.UNKNOWN_KEY, str(error))
        key_set.ready[name] = verify
    if not verify(compact.signature, compact.signed):
        return Refusal(Reason.SIGNATURE, "the signature is not of the issuer's key")
    return None


def without_key(key_set: KeySet) -> Refusal:
    """Give the refusal of a token whose key the set does not have, and is not to be asked for again."""
    if key_set.keys:
        return Refusal(Reason.UNKNOWN_KEY, "the issuer has no such key")
    return Refusal(Reason.KEYS, f"the keys of {key_set.source.issuer} cannot be had: {key_set.problem or 'not yet'}")


def _untimely(claims: Claims, now: float, leeway: float) -> Refusal | None:
    """Hold a token to its time: an end is asked for; that it begins, or was made, in the future is refused."""
    expires = _moment(claims.get("exp"))
    if expires is None:
        return Refusal(Reason.CLAIM, "the token says no time at which it expires")
    if now >= expires + leeway:
        return Refusal(Reason.EXPIRED, "the token has expired")
    for name in ("nbf", "iat"):
        if name in claims:
            moment = _moment(claims[name])
            if moment is None or moment > now + leeway:
                return Refusal(Reason.EARLY, f"{name} is in the future")
    return None


def _moment(value: object) -> float | None:
    """Give a time in seconds; None for what is no finite number."""
    if value.__class__ is int:
        return value if abs(value) < _LAST_MOMENT else None
    return value if isinstance(value, float) and math.isfinite(value) else None


def _unfit(claims: Claims, authority: Authority) -> Refusal | None:
    for expected in authority.claims:
        value = claims.get(expected.name)
        missing = value is None and not expected.required
        if not missing and (not isinstance(value, str) or (expected.values and value not in expected.values)):
            return Refusal(Reason.CLAIM, f"the claim {expected.name!r} is not what is asked for")
    return None


def _audience(claims: Claims, names: tuple[str, ...]) -> tuple[str, ...]:
    """Give the values of the first of some claims that a token has; a text is one value."""
    for name in names:
        value = claims.get(name)
        if value is not None:
            return _texts(value)
    return ()


def _short(said: object) -> str:
    """Give what a token says as a log can hold it."""
    text = repr(said)
    return text if len(text) <= _MOST_SAID else f"{text[:_MOST_SAID]}…"


def scopes_of(claims: Claims) -> tuple[str, ...]:
    """Give the scopes of a token: `scope`, a text with spaces between, else `scp`, which may be a list too."""
    value = claims.get("scope")
    if value is None:
        value = claims.get("scp")
    return tuple(value.split()) if isinstance(value, str) else _texts(value)


def _texts(value: object) -> tuple[str, ...]:
    if isinstance(value, str):
        return (value,)
    return tuple(one for one in value if isinstance(one, str)) if isinstance(value, list) else ()
