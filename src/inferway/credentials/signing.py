"""Signs requests with AWS Signature Version 4, in a header or in the query.

Source: IAM User Guide, "Authentication methods" (https://docs.aws.amazon.com/IAM/latest/UserGuide/
aws-signing-authentication-methods.html).
"""

import time
from typing import Final
from urllib.parse import quote

import msgspec

from inferway.credentials.canonical import (
    canonical_query,
    canonical_request,
    header_values,
    payload_digest,
    query_pairs,
)
from inferway.credentials.scope import ALGORITHM, Scope, signature, string_to_sign
from inferway.exchange import Headers, Request

_REPLACED: Final = frozenset((b"authorization", b"x-amz-date", b"x-amz-security-token"))
_UNSIGNED: Final = _REPLACED | {b"connection", b"expect", b"transfer-encoding", b"user-agent", b"x-amzn-trace-id"}
"""Headers that signing makes, and those that proxies and clients change behind the signer's back."""


class Credentials(msgspec.Struct, frozen=True, kw_only=True):
    """What requests are signed with; `session_token` is "" for lasting credentials."""

    access_key: str
    secret: str
    session_token: str = ""

    def __repr__(self) -> str:
        """Give a form for logs, which never holds the secret."""
        return f"Credentials(access_key={self.access_key!r})"


def timestamp(now: float) -> str:
    """Give a Unix time in seconds as `YYYYMMDDTHHMMSSZ`."""
    return time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(now))


def sign(request: Request, credentials: Credentials, *, region: str, service: str, now: float) -> Headers:
    """Give the headers that sign a request, to be sent instead of any of these names; `now` is a Unix time in seconds.

    The request must have the Host header and the path and query that are sent. Every header is signed but those that
    change on the way.
    """
    moment = timestamp(now)
    added: Headers = [(b"x-amz-date", moment.encode("ascii"))]
    if credentials.session_token:
        added.append((b"x-amz-security-token", credentials.session_token.encode("ascii")))
    kept = [pair for pair in request.headers if pair[0] not in _UNSIGNED]
    signed = Request(
        method=request.method, path=request.path, query=request.query, headers=kept + added, body=request.body
    )
    values = header_values(signed)
    names = sorted(values)
    query = canonical_query(query_pairs(request.query))
    canonical = canonical_request(signed, query, values, names, payload_digest(request.body))
    scope = Scope(day=moment[:8], region=region, service=service)
    made = signature(credentials.secret, scope, string_to_sign(moment, scope, canonical))
    text = f"{ALGORITHM} Credential={credentials.access_key}/{scope}, SignedHeaders={';'.join(names)}, Signature={made}"
    added.append((b"authorization", text.encode("latin-1")))
    return added


def presign(
    request: Request, credentials: Credentials, *, region: str, service: str, now: float, expires: int = 300
) -> str:
    """Give the query that signs a request, its own included, valid for `expires` seconds; only the host is signed."""
    moment = timestamp(now)
    scope = Scope(day=moment[:8], region=region, service=service)
    parameters = {
        "X-Amz-Algorithm": ALGORITHM,
        "X-Amz-Credential": f"{credentials.access_key}/{scope}",
        "X-Amz-Date": moment,
        "X-Amz-Expires": str(expires),
        "X-Amz-SignedHeaders": "host",
    }
    if credentials.session_token:
        parameters["X-Amz-Security-Token"] = credentials.session_token
    pairs = query_pairs(request.query) + [(name, quote(value, safe="-_.~")) for name, value in parameters.items()]
    query = canonical_query(pairs)
    canonical = canonical_request(request, query, header_values(request), ("host",), payload_digest(request.body))
    return f"{query}&X-Amz-Signature={signature(credentials.secret, scope, string_to_sign(moment, scope, canonical))}"
