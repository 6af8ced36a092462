"""Signers who have been verified before, told again without reading all of their claim anew.

A client's Authorization headers differ in nothing but the signature until its day, its key or its headers change. What
was made of that common part is kept: the identity, the signing key and the names of the signed headers. A request whose
signature does not hold by it is not refused here, but verified in full.
"""

import hmac
from collections import OrderedDict
from collections.abc import Iterator
from hashlib import sha256
from typing import TYPE_CHECKING, Final

import msgspec

from inferway.credentials.canonical import canonical_path, canonical_query, folded, query_pairs
from inferway.credentials.claim import Claim, seconds_of
from inferway.credentials.scope import ALGORITHM, signing_key
from inferway.definition.identity import Identity
from inferway.exchange import Headers, Request

KEPT: Final = 256
_MARK: Final = b"Signature="
_DIGITS: Final = 64
_NOTHING: Final = sha256(b"").hexdigest().encode("ascii")


if TYPE_CHECKING:
    from hashlib import _Hash


class _Signer(msgspec.Struct, frozen=True, kw_only=True):
    """What a claim says but for its signature, ready to verify the next one; `form` is how its queries are signed.

    `inner` and `outer` are the two hashes of HMAC (RFC 2104) with the signing key taken in already, which is faster
    than to begin anew for each request.
    """

    identity: Identity
    token: bytes
    day: bytes
    scope: bytes
    inner: "_Hash"
    outer: "_Hash"
    names: tuple[bytes, ...]
    signed: bytes
    form: str


CANONICAL, SENT, SORTED = "canonical", "as sent", "sorted as sent"
"""How clients sign a query."""


def query_forms(query: str) -> Iterator[tuple[str, str]]:
    """Give what clients sign for a query, by the form's name: the standard's form first, then those of two clients.

    curl before 8.0 signs a query as it is sent; botocore signs that of a URL sorted, but not encoded. Neither can stand
    for another query: the standard's form, decoded, is the query, and a query as sent stands for itself.
    """
    yield CANONICAL, canonical_query(query_pairs(query))
    yield SENT, query
    yield SORTED, _sorted(query)


def _sorted(query: str) -> str:
    return "&".join(sorted(query.split("&"))) if "&" in query else query


class KnownSigners:
    """The signers of a gateway's last requests, the latest at the end."""

    def __init__(self) -> None:
        self._signers: OrderedDict[bytes, _Signer] = OrderedDict()

    def remember(self, request: Request, claim: Claim, identity: Identity, form: str) -> None:
        """Keep the signer of a request that has been verified, if it has signed in the header."""
        common, mark, made = (request.header(b"authorization") or b"").rpartition(_MARK)
        if not mark or len(made) != _DIGITS or claim.expires is not None:
            return
        key = signing_key(identity.secret, claim.scope)
        self._signers[common] = _Signer(
            identity=identity,
            token=identity.session_token.encode("utf-8"),
            day=claim.scope.day.encode("ascii"),
            scope=str(claim.scope).encode("latin-1"),
            inner=_keyed(key, _INNER),
            outer=_keyed(key, _OUTER),
            names=tuple(name.encode("latin-1") for name in claim.signed),
            signed=";".join(claim.signed).encode("latin-1"),
            form=form,
        )
        if len(self._signers) > KEPT:
            self._signers.popitem(last=False)

    def recognise(self, request: Request, now: float, skew: float) -> Identity | None:
        """Give the identity that signed a request within `skew` seconds of now; None where another look is needed."""
        values = _single(request.headers)
        if values is None:
            return None
        common, mark, made = values.get(b"authorization", b"").rpartition(_MARK)
        signer = self._signers.get(common) if mark else None
        date = values.get(b"x-amz-date", b"")
        if signer is None or len(made) != _DIGITS or date[:8] != signer.day:
            return None
        moment = seconds_of(date.decode("latin-1"))
        if moment is None or not -skew <= now - moment <= skew:
            return None
        if not hmac.compare_digest(values.get(b"x-amz-security-token", b""), signer.token):
            return None
        canonical = _canonical(request, signer, values)
        if canonical is None:
            return None
        text = b"%b\n%b\n%b\n%b" % (_ALGORITHM, date, signer.scope, sha256(canonical).hexdigest().encode("ascii"))
        inner, outer = signer.inner.copy(), signer.outer.copy()
        inner.update(text)
        outer.update(inner.digest())
        return signer.identity if hmac.compare_digest(outer.hexdigest().encode("ascii"), made) else None


_ALGORITHM: Final = ALGORITHM.encode("ascii")
_INNER, _OUTER, _BLOCK = 0x36, 0x5C, 64


def _keyed(key: bytes, pad: int) -> "_Hash":
    return sha256(bytes(byte ^ pad for byte in key.ljust(_BLOCK, b"\0")))


def _single(headers: Headers) -> dict[bytes, bytes] | None:
    """Give the headers by their names; None where one comes more than once."""
    values = dict(headers)
    return values if len(values) == len(headers) else None


def _canonical(request: Request, signer: _Signer, values: dict[bytes, bytes]) -> bytes | None:
    lines = []
    for name in signer.names:
        value = values.get(name)
        if value is None:
            return None
        lines.append(b"%b:%b" % (name, folded(value) if b" " in value or b"\t" in value else value))
    query = request.query
    if query and signer.form != SENT:
        query = canonical_query(query_pairs(query)) if signer.form == CANONICAL else _sorted(query)
    digest = sha256(request.body).hexdigest().encode("ascii") if request.body else _NOTHING
    head = f"{request.method}\n{canonical_path(request.path)}\n{query}\n".encode("latin-1", "replace")
    return b"%b%b\n\n%b\n%b" % (head, b"\n".join(lines), signer.signed, digest)
