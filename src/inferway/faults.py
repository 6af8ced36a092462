"""What can go wrong: a Fault while serving a request, a Finding while reading a definition."""

from enum import StrEnum
from typing import Final

import msgspec


class FaultKind(StrEnum):
    """What went wrong, in words that no vendor owns; a dialect maps each to its own status and body."""

    MALFORMED_REQUEST = "malformed request"
    URI_TOO_LONG = "URI too long"
    HEADERS_TOO_LARGE = "headers too large"
    BODY_TOO_LARGE = "body too large"
    DECODED_BODY_TOO_LARGE = "decoded body too large"
    CLIENT_LEFT = "client left"
    UNKNOWN_API = "unknown API"
    UNKNOWN_ROUTE = "unknown route"
    UNAUTHORIZED = "unauthorized"
    EXPIRED_TOKEN = "expired token"  # noqa: S105 - a kind of fault
    ACCESS_DENIED = "access denied"
    MISSING_CREDENTIALS = "missing credentials"
    INCOMPLETE_SIGNATURE = "incomplete signature"
    UNKNOWN_CREDENTIALS = "unknown credentials"
    INVALID_SIGNATURE = "invalid signature"
    EXPIRED_SIGNATURE = "expired signature"
    PERMISSION_DENIED = "permission denied"
    AUTHORIZER_DENIED = "authorizer denied"
    AUTHORIZER_MISCONFIGURED = "authorizer misconfigured"
    AUTHORIZER_FAILED = "authorizer failed"
    MISSING_API_KEY = "missing API key"
    INVALID_API_KEY = "invalid API key"
    THROTTLED = "throttled"
    QUOTA_EXCEEDED = "quota exceeded"
    BAD_PARAMETERS = "bad parameters"
    BAD_BODY = "bad body"
    UNSUPPORTED_MEDIA_TYPE = "unsupported media type"
    WAF_FILTERED = "WAF filtered"
    CACHE_INVALIDATION_DENIED = "cache invalidation denied"
    MISCONFIGURED = "misconfigured"
    TEMPLATE_FAILED = "template failed"
    BACKEND_UNBOUND = "backend unbound"
    BACKEND_UNREACHABLE = "backend unreachable"
    BACKEND_TIMEOUT = "backend timeout"
    BACKEND_BROKE_PROTOCOL = "backend broke protocol"
    BACKEND_REFUSED = "backend refused"
    EVENT_REFUSED = "event refused"
    BACKEND_FAILED = "backend failed"
    BACKEND_RESULT_MALFORMED = "backend result malformed"
    INTERNAL = "internal error"


class Whose(StrEnum):
    """Who has to change something for the fault to go away."""

    CLIENT = "client"
    DEFINITION = "definition"
    BACKEND = "backend"
    GATEWAY = "gateway"


_WHOSE: Final = {
    FaultKind.MISCONFIGURED: Whose.DEFINITION,
    FaultKind.TEMPLATE_FAILED: Whose.DEFINITION,
    FaultKind.AUTHORIZER_MISCONFIGURED: Whose.DEFINITION,
    FaultKind.AUTHORIZER_FAILED: Whose.BACKEND,
    FaultKind.BACKEND_UNBOUND: Whose.DEFINITION,
    FaultKind.BACKEND_UNREACHABLE: Whose.BACKEND,
    FaultKind.BACKEND_TIMEOUT: Whose.BACKEND,
    FaultKind.BACKEND_BROKE_PROTOCOL: Whose.BACKEND,
    FaultKind.BACKEND_REFUSED: Whose.BACKEND,
    FaultKind.BACKEND_FAILED: Whose.BACKEND,
    FaultKind.BACKEND_RESULT_MALFORMED: Whose.BACKEND,
    FaultKind.INTERNAL: Whose.GATEWAY,
}


class Fault(msgspec.Struct, frozen=True, kw_only=True):
    """Why a request was refused or failed.

    `message` is what the vendor's own message would name (the missing parameters, say), empty for the dialect's
    default; `cause` is for the operator's log and never reaches a client; `details` holds what a dialect's template
    may show, for example the validation error.
    """

    kind: FaultKind
    message: str = ""
    cause: str = ""
    retryable: bool = False
    details: tuple[tuple[str, str], ...] = ()

    @property
    def whose(self) -> Whose:
        """Who has to act: the client unless the kind says otherwise."""
        return _WHOSE.get(self.kind, Whose.CLIENT)


class Severity(StrEnum):
    """How much a finding matters: an error refuses the definition, a warning changes behaviour, a note explains."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """A position in a source file; line and column are 1-based, 0 where unknown."""

    file: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        """Give `file:line:column`, the form that editors and terminals link."""
        parts = [self.file, *(str(n) for n in (self.line, self.column) if n)]
        return ":".join(parts)


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """One thing to know about a definition: what, where, and what happens instead."""

    severity: Severity
    code: str
    text: str
    place: Place

    def __str__(self) -> str:
        """Give `file:line:column: severity: text [code]`."""
        return f"{self.place}: {self.severity}: {self.text} [{self.code}]"


Findings = tuple[Finding, ...]
