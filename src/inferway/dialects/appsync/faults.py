"""Fault to response, as AppSync's front has it: a list of errors with a type each, written over several lines.

Sources: recorded responses, see `docs/parity-appsync.md`; AppSync, "Troubleshooting and common mistakes".
"""

from typing import Final

import msgspec

from inferway.exchange import Exchange, Response
from inferway.faults import Fault, FaultKind

REASON: Final = "reason"
ACCESS_REFUSED: Final = "the caller's authorization mode does not reach this field"
"""The cause of a field that only other authorization modes may read."""

ERROR_TYPE: Final = b"x-amzn-ErrorType"
CONTENT_TYPE: Final = (b"Content-Type", b"application/json;charset=UTF-8")

UNKNOWN_OPERATION: Final = b'{"Output":{"__type":"com.amazon.coral.service#UnknownOperationException"},"Version":"1.0"}'
"""What the service's front says of a path that it does not know (recorded)."""


class _Answer(msgspec.Struct, frozen=True):
    """A status, an error type, and the message where a fault has none of its own."""

    status: int
    type: str
    message: str


_UNAUTHORIZED: Final = _Answer(401, "UnauthorizedException", "You are not authorized to make this call.")
_MALFORMED: Final = _Answer(400, "MalformedHttpRequestException", "Unable to parse GraphQL query.")
_TOO_LARGE: Final = _Answer(413, "RequestEntityTooLargeException", "Request entity too large.")
_INTERNAL: Final = _Answer(500, "InternalFailure", "An internal failure occurred.")

ANSWERS: Final[dict[FaultKind, _Answer]] = {
    FaultKind.MALFORMED_REQUEST: _MALFORMED,
    FaultKind.URI_TOO_LONG: _Answer(414, "MalformedHttpRequestException", "Request-URI too long."),
    FaultKind.HEADERS_TOO_LARGE: _Answer(431, "MalformedHttpRequestException", "Request headers too large."),
    FaultKind.BODY_TOO_LARGE: _TOO_LARGE,
    FaultKind.MISSING_API_KEY: _Answer(401, "UnauthorizedException", "Missing authorization header"),
    FaultKind.INVALID_API_KEY: _UNAUTHORIZED,
    FaultKind.UNAUTHORIZED: _UNAUTHORIZED,
    FaultKind.ACCESS_DENIED: _UNAUTHORIZED,
    FaultKind.AUTHORIZER_MISCONFIGURED: _UNAUTHORIZED,
    FaultKind.WAF_FILTERED: _Answer(403, "WAFForbiddenException", "403 Forbidden"),
    FaultKind.THROTTLED: _Answer(429, "ThrottledException", "Rate exceeded."),
    FaultKind.QUOTA_EXCEEDED: _Answer(429, "ThrottledException", "Rate exceeded."),
    FaultKind.BACKEND_TIMEOUT: _Answer(504, "RequestTimeoutException", "Request timed out."),
}
"""What each kind of fault becomes; the rest are internal failures."""


class AppSyncFaults:
    """Renders faults."""

    def render(self, fault: Fault, exchange: Exchange) -> Response:
        """Give the response."""
        if fault.kind in (FaultKind.UNKNOWN_ROUTE, FaultKind.UNKNOWN_API):
            headers = [CONTENT_TYPE, (ERROR_TYPE, b"UnknownOperationException")]
            return Response(status=404, headers=headers, body=UNKNOWN_OPERATION)
        answer = ANSWERS.get(fault.kind, _INTERNAL)
        if fault.kind is FaultKind.MISSING_API_KEY and exchange.request.header(b"authorization") is not None:
            # The caller has come by another mode, none of which is served.
            answer = _UNAUTHORIZED
        body = error_body(answer.type, fault.message or answer.message)
        return Response(
            status=answer.status, headers=[CONTENT_TYPE, (ERROR_TYPE, answer.type.encode("ascii"))], body=body
        )


def error_body(kind: str, message: str) -> bytes:
    """Give the body of one error as the service's front writes it."""
    return b'{\n  "errors" : [ {\n    "errorType" : %b,\n    "message" : %b\n  } ]\n}' % (
        msgspec.json.encode(kind),
        msgspec.json.encode(message),
    )
