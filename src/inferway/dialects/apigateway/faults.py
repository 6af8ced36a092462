"""Fault to response, as API Gateway's gateway responses have it.

Source: API Gateway, "Gateway response types for API Gateway" (types, statuses, the default template), and responses
recorded on the service (error types, messages).
"""

from typing import Final

import msgspec

from inferway.credentials.claim import read_claim
from inferway.definition.api import ErrorResponse
from inferway.definition.deployment import Deployment
from inferway.dialects.dialect import Evaluate, EvaluationError, Scope
from inferway.exchange import Exchange, Headers, Response, header_name, header_value
from inferway.faults import Fault, FaultKind
from inferway.media_types import accepted

_TYPE: Final = b"x-amzn-ErrorType"
_TEXT: Final = (b"Content-Type", b"text/plain")
_SERVER_ERROR: Final = "Internal server error"


class GatewayResponse(msgspec.Struct, frozen=True):
    """One of the vendor's kinds of response: its type, status, error type, and the message where a fault has none.

    `bare` is the message as plain text and nothing else, which no definition can customise.
    """

    kind: str
    status: int
    error_type: str
    message: str | None
    bare: bool = False


RESPONSES: Final[dict[FaultKind, GatewayResponse]] = {
    FaultKind.MALFORMED_REQUEST: GatewayResponse("DEFAULT_4XX", 400, "BadRequestException", "Bad Request"),
    FaultKind.URI_TOO_LONG: GatewayResponse("DEFAULT_4XX", 414, "RequestTooLargeException", "Request-URI Too Long"),
    FaultKind.HEADERS_TOO_LARGE: GatewayResponse(
        "DEFAULT_4XX", 431, "RequestTooLargeException", "Request Header Fields Too Large"
    ),
    FaultKind.BODY_TOO_LARGE: GatewayResponse(
        "REQUEST_TOO_LARGE", 413, "RequestTooLargeException", "HTTP content length exceeded 10485760 bytes.", bare=True
    ),
    FaultKind.DECODED_BODY_TOO_LARGE: GatewayResponse(
        "REQUEST_TOO_LARGE", 413, "RequestTooLargeException", "Request Too Long"
    ),
    FaultKind.CLIENT_LEFT: GatewayResponse("DEFAULT_4XX", 499, "BadRequestException", None),
    FaultKind.UNKNOWN_API: GatewayResponse("DEFAULT_4XX", 403, "ForbiddenException", "Forbidden"),
    FaultKind.UNKNOWN_ROUTE: GatewayResponse(
        "MISSING_AUTHENTICATION_TOKEN", 403, "MissingAuthenticationTokenException", "Missing Authentication Token"
    ),
    FaultKind.UNAUTHORIZED: GatewayResponse("UNAUTHORIZED", 401, "UnauthorizedException", "Unauthorized"),
    FaultKind.EXPIRED_TOKEN: GatewayResponse(
        "UNAUTHORIZED", 401, "UnauthorizedException", "The incoming token has expired"
    ),
    FaultKind.ACCESS_DENIED: GatewayResponse("ACCESS_DENIED", 403, "ForbiddenException", "Forbidden"),
    FaultKind.MISSING_CREDENTIALS: GatewayResponse(
        "MISSING_AUTHENTICATION_TOKEN", 403, "MissingAuthenticationTokenException", "Missing Authentication Token"
    ),
    FaultKind.INCOMPLETE_SIGNATURE: GatewayResponse(
        "INVALID_SIGNATURE", 403, "IncompleteSignatureException", "Authorization header requires its parameters."
    ),
    FaultKind.UNKNOWN_CREDENTIALS: GatewayResponse(
        "INVALID_SIGNATURE",
        403,
        "UnrecognizedClientException",
        "The security token included in the request is invalid.",
    ),
    FaultKind.INVALID_SIGNATURE: GatewayResponse(
        "INVALID_SIGNATURE",
        403,
        "InvalidSignatureException",
        "The request signature we calculated does not match the signature you provided.",
    ),
    FaultKind.EXPIRED_SIGNATURE: GatewayResponse(
        "INVALID_SIGNATURE", 403, "InvalidSignatureException", "Signature expired"
    ),
    FaultKind.PERMISSION_DENIED: GatewayResponse("ACCESS_DENIED", 403, "AccessDeniedException", "Access Denied"),
    FaultKind.AUTHORIZER_DENIED: GatewayResponse(
        "ACCESS_DENIED", 403, "AccessDeniedException", "User is not authorized to access this resource"
    ),
    FaultKind.AUTHORIZER_FAILED: GatewayResponse("AUTHORIZER_FAILURE", 500, "AuthorizerConfigurationException", None),
    FaultKind.AUTHORIZER_MISCONFIGURED: GatewayResponse(
        "AUTHORIZER_CONFIGURATION_ERROR", 500, "AuthorizerConfigurationException", None
    ),
    FaultKind.MISSING_API_KEY: GatewayResponse("INVALID_API_KEY", 403, "ForbiddenException", "Forbidden"),
    FaultKind.INVALID_API_KEY: GatewayResponse("INVALID_API_KEY", 403, "ForbiddenException", "Forbidden"),
    FaultKind.THROTTLED: GatewayResponse("THROTTLED", 429, "TooManyRequestsException", "Too Many Requests"),
    FaultKind.QUOTA_EXCEEDED: GatewayResponse("QUOTA_EXCEEDED", 429, "LimitExceededException", "Limit Exceeded"),
    FaultKind.BAD_PARAMETERS: GatewayResponse(
        "BAD_REQUEST_PARAMETERS", 400, "BadRequestException", "Invalid request parameters"
    ),
    FaultKind.BAD_BODY: GatewayResponse("BAD_REQUEST_BODY", 400, "BadRequestException", "Invalid request body"),
    FaultKind.UNSUPPORTED_MEDIA_TYPE: GatewayResponse(
        "UNSUPPORTED_MEDIA_TYPE", 415, "BadRequestException", "Unsupported Media Type"
    ),
    FaultKind.WAF_FILTERED: GatewayResponse("WAF_FILTERED", 403, "ForbiddenException", "Forbidden"),
    FaultKind.CACHE_INVALIDATION_DENIED: GatewayResponse(
        "ACCESS_DENIED", 403, "AccessDeniedException", "User is not authorized to access this resource"
    ),
    FaultKind.MISCONFIGURED: GatewayResponse(
        "API_CONFIGURATION_ERROR", 500, "InternalServerErrorException", _SERVER_ERROR
    ),
    FaultKind.TEMPLATE_FAILED: GatewayResponse("DEFAULT_5XX", 500, "InternalServerErrorException", _SERVER_ERROR),
    FaultKind.BACKEND_UNBOUND: GatewayResponse(
        "API_CONFIGURATION_ERROR", 500, "InternalServerErrorException", _SERVER_ERROR
    ),
    FaultKind.BACKEND_UNREACHABLE: GatewayResponse(
        "INTEGRATION_FAILURE", 504, "InternalServerErrorException", "Network error communicating with endpoint"
    ),
    FaultKind.BACKEND_BROKE_PROTOCOL: GatewayResponse(
        "INTEGRATION_FAILURE", 504, "InternalServerErrorException", "Network error communicating with endpoint"
    ),
    FaultKind.BACKEND_REFUSED: GatewayResponse(
        "INTEGRATION_FAILURE", 500, "InternalServerErrorException", _SERVER_ERROR
    ),
    FaultKind.EVENT_REFUSED: GatewayResponse(
        "DEFAULT_4XX", 400, "BadRequestException", "Could not parse request body into json"
    ),
    FaultKind.BACKEND_FAILED: GatewayResponse(
        "INTEGRATION_FAILURE", 502, "InternalServerErrorException", _SERVER_ERROR
    ),
    FaultKind.BACKEND_RESULT_MALFORMED: GatewayResponse(
        "API_CONFIGURATION_ERROR", 502, "InternalServerErrorException", _SERVER_ERROR
    ),
    FaultKind.BACKEND_TIMEOUT: GatewayResponse(
        "INTEGRATION_TIMEOUT", 504, "InternalServerErrorException", "Endpoint request timed out"
    ),
    FaultKind.INTERNAL: GatewayResponse("DEFAULT_5XX", 500, "InternalServerErrorException", _SERVER_ERROR),
}
"""What each kind of fault becomes."""

_SPACED: Final = frozenset(
    (
        FaultKind.BAD_PARAMETERS,
        FaultKind.BAD_BODY,
        FaultKind.UNSUPPORTED_MEDIA_TYPE,
        FaultKind.MISCONFIGURED,
        FaultKind.TEMPLATE_FAILED,
        FaultKind.BACKEND_UNBOUND,
        FaultKind.BACKEND_UNREACHABLE,
        FaultKind.BACKEND_BROKE_PROTOCOL,
        FaultKind.BACKEND_REFUSED,
        FaultKind.EVENT_REFUSED,
        FaultKind.BACKEND_FAILED,
        FaultKind.BACKEND_RESULT_MALFORMED,
        FaultKind.BACKEND_TIMEOUT,
        FaultKind.INTERNAL,
    )
)
"""Faults of a request that was let in, whose `messageString` begins with a space, and so does what the default body
says: `{"message": "Internal server error"}` beside `{"message":"Forbidden"}`, recorded in lengths and access logs."""

_MEMBER: Final = {FaultKind.PERMISSION_DENIED: b"Message", FaultKind.AUTHORIZER_DENIED: b"Message"}
"""The member that holds the message, where it is not `message`; recorded on the service."""

_ARN_PARTS: Final = 6
_ACCOUNT: Final = 4
_EXPLICIT: Final = "explicit deny"
_INVOKE: Final = "execute-api:Invoke"

NOT_CUSTOMISABLE: Final = frozenset(("REQUEST_TOO_LARGE",))


class _Custom(msgspec.Struct, frozen=True):
    status: int
    headers: tuple[tuple[bytes, Evaluate], ...]
    templates: dict[str, Evaluate]


_FRAMING: Final = frozenset(b"connection content-length keep-alive te trailer transfer-encoding upgrade".split())
"""What no gateway response sets: a second length lets a client take a response for two (RFC 9112, 11.1)."""


def _compile(custom: ErrorResponse, scope: Scope) -> _Custom:
    named = [(header_name(made.name), made.value) for made in custom.headers]
    headers = tuple((name, scope.compile(value)) for name, value in named if name.lower() not in _FRAMING)
    return _Custom(
        custom.status, headers, {made.content_type: scope.compile(made.template) for made in custom.templates}
    )


class ApiGatewayFaults:
    """Renders faults with the gateway responses of one deployment."""

    def __init__(self, deployment: Deployment, scope: Scope) -> None:
        self._customs = {custom.kind: _compile(custom, scope) for custom in deployment.api.error_responses}

    def render(self, fault: Fault, exchange: Exchange) -> Response:
        """Give the customised response of the kind, else of DEFAULT_4XX or DEFAULT_5XX, else the vendor's default."""
        if fault.kind is FaultKind.UNKNOWN_ROUTE:
            fault = exchange.fault = _unknown_route(fault, exchange)
        vendor = RESPONSES[fault.kind]
        if vendor.bare:
            return Response(status=vendor.status, headers=[_TEXT], body=str(vendor.message).encode())
        error_type = (_TYPE, vendor.error_type.encode("ascii"))
        custom = self._custom(vendor)
        if custom is not None:
            try:
                return _customised(custom, vendor, error_type, exchange)
            except EvaluationError:
                custom = None
        body = b'{"%b":%b}' % (_MEMBER.get(fault.kind, b"message"), _quoted(fault))
        return Response(status=vendor.status, headers=[(b"Content-Type", b"application/json"), error_type], body=body)

    def _custom(self, vendor: GatewayResponse) -> _Custom | None:
        if not self._customs or vendor.kind in NOT_CUSTOMISABLE:
            return None
        default = "DEFAULT_4XX" if vendor.status < 500 else "DEFAULT_5XX"
        return self._customs.get(vendor.kind) or self._customs.get(default)


def _unknown_route(fault: Fault, exchange: Exchange) -> Fault:
    """Give what is said of a method that is not there: the same as of one that asks for a signature.

    Without one it is missed; of a header that is none, its sender is told (public responses: awslabs/
    time-addressable-media-store issue 8).
    """
    claim = read_claim(exchange.request)
    if isinstance(claim, Fault) and claim.kind in (FaultKind.INCOMPLETE_SIGNATURE, FaultKind.INVALID_SIGNATURE):
        return msgspec.structs.replace(claim, cause=fault.cause)
    return fault


def _customised(
    custom: _Custom, vendor: GatewayResponse, error_type: tuple[bytes, bytes], exchange: Exchange
) -> Response:
    headers: Headers = [error_type]
    for name, evaluate in custom.headers:
        value = evaluate(exchange)
        if value is not None:
            headers.append((name, header_value(value)))
    chosen = accepted(custom.templates, exchange.request.header(b"accept")) if custom.templates else None
    if chosen is None:
        body = b'{"message":%b}' % message_string(exchange).encode()
        content_type = "application/json"
    else:
        content_type, template = chosen
        body = str(template(exchange)).encode("utf-8", "replace")
    if not any(name.lower() == b"content-type" for name, _ in headers):
        headers.insert(0, (b"Content-Type", content_type.encode("latin-1")))
    return Response(status=custom.status or vendor.status, headers=headers, body=body)


def error_message(exchange: Exchange) -> str | None:
    """Give `$context.error.message` of an exchange that failed."""
    return None if exchange.fault is None else message_of(exchange.fault)


def message_string(exchange: Exchange) -> str:
    """Give `$context.error.messageString` of an exchange that failed: the message in quotes; "" of another."""
    return "" if exchange.fault is None else _quoted(exchange.fault).decode()


def _quoted(fault: Fault) -> bytes:
    """Give the message as JSON; what stands in apostrophes is escaped as for JavaScript, with the space (recorded)."""
    quoted = msgspec.json.encode(message_of(fault))
    return b" " + quoted.replace(b"'", b"\\'") if fault.kind in _SPACED else quoted


def message_of(fault: Fault) -> str | None:
    """Give the text that names a fault to the client."""
    if fault.kind is FaultKind.PERMISSION_DENIED:
        return _denial(dict(fault.details))
    if fault.kind is FaultKind.AUTHORIZER_DENIED:
        return f"{RESPONSES[fault.kind].message} {_ending(dict(fault.details))}"
    return fault.message or RESPONSES[fault.kind].message


def _denial(details: dict[str, str]) -> str:
    """Say who may not do what, as recorded on the service, which shows four digits of the resource's account."""
    parts = details.get("resource", "").split(":", _ARN_PARTS - 1)
    if len(parts) == _ARN_PARTS:
        parts[_ACCOUNT] = "*" * 8 + parts[_ACCOUNT][-4:]
    text = f"User: {details.get('user', '')} is not authorized to perform: {details.get('action', '')}"
    return f"{text} on resource: {':'.join(parts)} {_ending(details)}"


def _ending(details: dict[str, str]) -> str:
    """Say which policies refuse (IAM User Guide, "Troubleshoot access denied error messages"); recorded in May 2026."""
    whose = details.get("policy", "identity")
    if details.get("decision") == _EXPLICIT:
        return f"with an explicit deny in {'an' if whose == 'identity' else 'a'} {whose}-based policy"
    return f"because no {whose}-based policy allows the {details.get('action', _INVOKE)} action"


def error_type(exchange: Exchange) -> str:
    """Give `$context.error.responseType` of an exchange that failed."""
    return "" if exchange.fault is None else RESPONSES[exchange.fault.kind].kind
