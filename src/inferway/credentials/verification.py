"""Verifies the signatures of requests against identities.

Source: IAM User Guide, "AWS Signature Version 4 for API requests" and "Troubleshoot signed requests"
(https://docs.aws.amazon.com/IAM/latest/UserGuide/signature-v4-troubleshooting.html).
"""

import hmac
import time
from collections.abc import Callable
from typing import Final

from inferway.credentials.canonical import canonical_path, canonical_rest, header_values, payload_digest
from inferway.credentials.claim import Claim, invalid, read_claim
from inferway.credentials.known_signers import KnownSigners, query_forms
from inferway.credentials.scope import signature, string_to_sign
from inferway.credentials.signing import timestamp
from inferway.definition.identity import Identity
from inferway.exchange import Request
from inferway.faults import Fault, FaultKind

SKEW: Final = 300
"""How many seconds a signature may lie in the past or in the future."""

_UNKNOWN: Final = Fault(kind=FaultKind.UNKNOWN_CREDENTIALS)
_MISMATCH: Final = (
    "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key "
    "and signing method. Consult the service documentation for details.\n\n"
    "The Canonical String for this request should have been\n'{canonical}'\n\n"
    "The String-to-Sign should have been\n'{text}'\n"
)


class Verifier:
    """Tells who signed a request for one service in one Region; an empty Region stands for any."""

    def __init__(
        self,
        identities: tuple[Identity, ...],
        *,
        service: str,
        region: str = "",
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._identities = {identity.access_key: identity for identity in identities}
        self._service = service
        self._region = region
        self._clock = clock
        self._known = KnownSigners()

    def verify(self, request: Request) -> Identity | Fault:
        """Give the identity that signed a request, else why it cannot be told; never raises."""
        now = self._clock()
        return self._known.recognise(request, now, SKEW) or self._verify(request, now)

    def _verify(self, request: Request, now: float) -> Identity | Fault:
        claim = read_claim(request)
        if isinstance(claim, Fault):
            return claim
        fault = self._misplaced(claim) or _untimely(claim, now)
        if fault is not None:
            return fault
        identity = self._identities.get(claim.access_key)
        if identity is None or not _same(identity.session_token, claim.token):
            return _UNKNOWN
        form = _check(claim, request, identity)
        if isinstance(form, Fault):
            return form
        self._known.remember(request, claim, identity, form)
        return identity

    def _misplaced(self, claim: Claim) -> Fault | None:
        reasons = ""
        if self._region and claim.scope.region != self._region:
            reasons = f"Credential should be scoped to a valid region, not '{claim.scope.region}'. "
        if claim.scope.service != self._service:
            reasons += f"Credential should be scoped to correct service: '{self._service}'. "
        return invalid(reasons) if reasons else None


def _untimely(claim: Claim, now: float) -> Fault | None:
    """Hold a claim to five minutes around now, or to the time for which its query says that it holds."""
    ends = claim.moment + (SKEW if claim.expires is None else claim.expires)
    if claim.moment - SKEW <= now <= ends:
        return None
    here, minutes = timestamp(now), SKEW // 60
    if claim.moment > now:
        reason = f"is still later than {timestamp(now + SKEW)} ({here} + {minutes} min.)"
        return _expired(f"Signature not yet current: {claim.time} {reason}")
    if claim.expires is not None:
        return _expired(f"Signature expired: {timestamp(ends)} is now earlier than {here}")
    return _expired(
        f"Signature expired: {claim.time} is now earlier than {timestamp(now - SKEW)} ({here} - {minutes} min.)"
    )


def _expired(message: str) -> Fault:
    return Fault(kind=FaultKind.EXPIRED_SIGNATURE, message=message)


def _check(claim: Claim, request: Request, identity: Identity) -> str | Fault:
    """Give the form in which the query was signed, or a fault that says what should have been.

    curl before 8.0 signs the host without its port.
    """
    values, digest = header_values(request), payload_digest(request.body)
    complete = all(name in values for name in claim.signed)
    host = values.get("host", "")
    name, colon, port = host.rpartition(":")
    hosts = (host, name) if colon and port.isdigit() else (host,)
    path = canonical_path(request.path)
    rests = [canonical_rest({**values, "host": one}, claim.signed, digest) for one in hosts]
    expected, tried = "", set[str]()
    for form, query in query_forms(claim.query):
        for rest in () if query in tried else rests:
            canonical = "\n".join((request.method, path, query, rest))
            text = string_to_sign(claim.time, claim.scope, canonical)
            if complete and _same(signature(identity.secret, claim.scope, text), claim.signature):
                return form
            tried.add(query)
            expected = expected or _MISMATCH.format(canonical=canonical, text=text)
    return invalid(expected)


def _same(expected: str, given: str) -> bool:
    """Compare in a time that tells nothing of where two texts differ."""
    return hmac.compare_digest(expected.encode("utf-8"), given.encode("utf-8", "replace"))
