"""What was found out about who calls: by TLS, by a web ACL, by an authorizer."""

from collections.abc import Mapping

import msgspec


class ClientCertificate(msgspec.Struct, frozen=True, kw_only=True):
    """What a client showed to the `domain` that its connection was opened to, and the domain's trust store holds.

    `subject` and `issuer` are distinguished names (`C=US,O=…,CN=…`), times are as OpenSSL writes them
    (`Aug  5 00:28:21 2120 GMT`), `pem` is the certificate itself.
    """

    domain: str
    pem: str
    subject: str
    issuer: str
    serial: str
    not_before: str
    not_after: str


class Authorized(msgspec.Struct, frozen=True, kw_only=True):
    """What an authorizer found out about a caller.

    `context` are the values that it hands on, as texts; `claims` those of a token, each JSON text with `json_claims`,
    else a plain one; `usage_key` the API key that the caller is to be counted under, None where the authorizer names
    none. `policies` are documents in IAM's JSON that say what the caller may do; None where being authorized is enough.
    """

    principal: str
    context: Mapping[str, str] = {}
    claims: Mapping[str, str] = {}
    json_claims: bool = False
    usage_key: str | None = None
    policies: tuple[str, ...] | None = None


class Firewalled(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What a web ACL did with a request: its ARN, its action in capitals, the status it gave, and milliseconds taken.

    `error` says what it could not decide, "" where it could.
    """

    web_acl: str
    action: str
    status: int = 200
    took: float = 0.0
    error: str = ""
