"""The event that a function gets from a Lambda proxy integration, payload format 1.0.

Sources: API Gateway, "Lambda proxy integrations in API Gateway" ("Input format of a Lambda function for proxy
integration", https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html), and
events of REST APIs that users of the service published, whose members and their order these are.
"""

from base64 import b64encode
from collections.abc import Callable
from functools import lru_cache
from typing import Final

import msgspec

from inferway.definition.deployment import Deployment
from inferway.dialects.apigateway.authorizer_context import authorizer_in_event
from inferway.dialects.apigateway.context import FIELDS, IDENTITY, TEST_KEY, client_cert, path_of
from inferway.dialects.apigateway.sent_headers import FRONT, is_signature
from inferway.dialects.dialect import Evaluate
from inferway.exchange import Exchange
from inferway.media_types import BinaryTypes

PROXY_EVENT: Final = "proxy_event"
"""The language of an expression that gives the event; its text is the API's binary media types."""

_UNSEEN: Final = frozenset(name.lower().encode() for name in FRONT) | frozenset(
    b"connection content-length content-md5 expect max-forwards proxy-authenticate server te trailer transfer-encoding "
    b"upgrade www-authenticate".split()
)
"""Headers that no function is shown as sent ("Amazon API Gateway important notes"; Content-Length: recorded)."""

_FRONT: Final = tuple((name.lower().encode(), name, field) for name, field in FRONT.items())
_IDENTITY: Final = {name: IDENTITY[name] for name in IDENTITY if name not in {"apiKey", "apiKeyId"}}
_NOBODY: Final[dict[str, object]] = dict.fromkeys(_IDENTITY)

_encode: Final = msgspec.json.Encoder().encode


def compile_event(binary_types: str, deployment: Deployment) -> Evaluate:
    """Compile what makes the event as JSON from a request."""
    binary, members = BinaryTypes(binary_types.split()), compile_members(deployment, empty=None)

    def make(exchange: Exchange) -> bytes:
        request = exchange.request
        encoded = bool(request.body) and binary.hold(request.header(b"content-type"))
        event = {**members(exchange), "body": _body(request.body, encoded=encoded), "isBase64Encoded": encoded}
        return _encode(event)

    return make


def compile_members(deployment: Deployment, *, empty: object) -> Callable[[Exchange], dict[str, object]]:
    """Compile what makes the members of an event but for its body; `empty` is what stands where there are none."""
    operations = {f"{route.method} {route.path}": route.operation for route in deployment.api.routes}
    variables = dict(deployment.stage.variables) or empty

    def members(exchange: Exchange) -> dict[str, object]:
        request = exchange.request
        headers = _headers(exchange, deployment)
        query = request.arguments()
        return {
            "resource": exchange.route.partition(" ")[2],
            "path": path_of(exchange, deployment),
            "httpMethod": request.method,
            "headers": {name: values[-1] for name, values in headers.items()} or empty,
            "multiValueHeaders": headers or empty,
            "queryStringParameters": {name: values[-1] for name, values in query.items()} or empty,
            "multiValueQueryStringParameters": query or empty,
            "pathParameters": _path_parameters(exchange) or empty,
            "stageVariables": variables,
            "requestContext": _context(exchange, deployment, operations.get(exchange.route, "")),
        }

    return members


def _body(body: bytes, *, encoded: bool) -> str | None:
    if not body:
        return None
    return b64encode(body).decode("ascii") if encoded else body.decode("utf-8", "replace")


def _headers(exchange: Exchange, deployment: Deployment) -> dict[str, list[str]]:
    """Give all headers by name whatever their case, as first sent, in the order of the names."""
    request = exchange.request
    tested = deployment.is_test
    found: dict[bytes, tuple[str, list[str]]] = {
        lowered: (name, [str(field(exchange, deployment))]) for lowered, name, field in (() if tested else _FRONT)
    }
    names = request.names or [name for name, _ in request.headers]
    for name, (lowered, value) in zip(names, request.headers, strict=True):
        if lowered in _UNSEEN or (tested and lowered == b"host"):
            continue
        if not (lowered == b"authorization" and is_signature(value)):
            found.setdefault(lowered, (name.decode("latin-1"), []))[1].append(value.decode("latin-1"))
    return {name: values for _, (name, values) in sorted(found.items())}


def _path_parameters(exchange: Exchange) -> dict[str, str]:
    """Give the path's parameters as sent: the service decodes them for templates, but not for events (recorded)."""
    if "%" not in exchange.below:
        return exchange.parameters
    segments = exchange.below[1:].split("/")
    return {
        name: "/".join(segments[at:]).rstrip("/") if greedy else segments[at]
        for name, at, greedy in _places(exchange.route.partition(" ")[2])
    }


@lru_cache(maxsize=4096)
def _places(path: str) -> tuple[tuple[str, int, bool], ...]:
    """Give the names of a path's variables with the number of the segment, and whether that takes all that follows."""
    parts = enumerate(path[1:].split("/"))
    return tuple((part[1:-1].rstrip("+"), at, part.endswith("+}")) for at, part in parts if part.startswith("{"))


def _context(exchange: Exchange, deployment: Deployment, operation: str) -> dict[str, object]:
    made: dict[str, object] = {"resourceId": FIELDS["resourceId"](exchange, deployment)}
    authorizer = authorizer_in_event(exchange)
    if authorizer is not None:
        made["authorizer"] = authorizer
    made["resourcePath"] = FIELDS["resourcePath"](exchange, deployment)
    if operation:
        made["operationName"] = operation
    for name in _BEFORE_IDENTITY:
        made[name] = FIELDS[name](exchange, deployment)
    made["identity"] = _identity(exchange, deployment)
    for name in ("domainName", "deploymentId", "apiId"):
        made[name] = FIELDS[name](exchange, deployment)
    return made


def _identity(exchange: Exchange, deployment: Deployment) -> dict[str, object]:
    if exchange.identity is None:
        agent = IDENTITY["userAgent"](exchange, deployment) or None
        made = {**_NOBODY, "sourceIp": IDENTITY["sourceIp"](exchange, deployment), "userAgent": agent}
    else:
        made = {name: field(exchange, deployment) or None for name, field in _IDENTITY.items()}
    if deployment.is_test:
        made |= TEST_KEY
    elif exchange.key is not None:
        made["apiKey"] = IDENTITY["apiKey"](exchange, deployment)
        made["apiKeyId"] = exchange.key.id
    if exchange.request.certificate is not None:
        made["clientCert"] = client_cert(exchange)
    return made


_BEFORE_IDENTITY: Final = (
    "httpMethod",
    "extendedRequestId",
    "requestTime",
    "path",
    "accountId",
    "protocol",
    "stage",
    "domainPrefix",
    "requestTimeEpoch",
    "requestId",
)
