"""Fault to response, as the service's gateway words it.

Source: bodies and headers recorded in public repositories (reference, "Exact bodies"); "Error handling in API
Management policies": without a policy of one's own callers get 400 or 500 for what goes wrong inside.
"""

from collections.abc import Callable
from typing import Final

import msgspec

from inferway.definition.deployment import Deployment
from inferway.definition.steps import RequireApiKey
from inferway.dialects.apim.last_error import (
    INVALID_KEY,
    MISSING_KEY,
    content_message,
    detail,
    quota_message,
    rate_message,
)
from inferway.exchange import NO_REPLY, Exchange, Headers, Reply, Response, header_name
from inferway.faults import Fault, FaultKind

Say = Callable[[Fault], str]

_OF_CONNECTION: Final = frozenset(
    b"connection content-length keep-alive proxy-connection te trailer transfer-encoding upgrade".split()
)
_JSON: Final = (b"Content-Type", b"application/json")


def _default(text: str) -> Say:
    return lambda fault: fault.message or text


def _public_content(fault: Fault) -> str:
    return content_message(fault, public=True) if detail(fault, "content") else fault.message or "Bad request"


RESPONSES: Final[dict[FaultKind, tuple[int, Say]]] = {
    FaultKind.MALFORMED_REQUEST: (400, _default("Bad request")),
    FaultKind.URI_TOO_LONG: (414, _default("Request URL Too Long")),
    FaultKind.HEADERS_TOO_LARGE: (431, _default("Request Header Fields Too Large")),
    FaultKind.BODY_TOO_LARGE: (413, _default("Request body too large")),
    FaultKind.UNKNOWN_ROUTE: (404, _default("Resource not found")),
    FaultKind.UNKNOWN_API: (404, _default("Resource not found")),
    FaultKind.MISSING_API_KEY: (401, _default(MISSING_KEY)),
    FaultKind.INVALID_API_KEY: (401, _default(INVALID_KEY)),
    FaultKind.UNAUTHORIZED: (401, _default("Unauthorized")),
    FaultKind.ACCESS_DENIED: (403, _default("Forbidden")),
    FaultKind.WAF_FILTERED: (403, _default("Forbidden")),
    FaultKind.THROTTLED: (429, rate_message),
    FaultKind.QUOTA_EXCEEDED: (403, quota_message),
    FaultKind.BAD_PARAMETERS: (400, _default("Bad request")),
    FaultKind.BAD_BODY: (400, _public_content),
    FaultKind.UNSUPPORTED_MEDIA_TYPE: (415, _default("Unsupported media type")),
}
"""Statuses and messages; every other kind is a 500 that says nothing of its cause."""


class ApiManagementFaults:
    """Renders the faults of one API."""

    def __init__(self, deployment: Deployment) -> None:
        keys = [
            step
            for route in deployment.api.routes
            for step in route.pipeline.request
            if isinstance(step, RequireApiKey)
        ]
        self._key_header = keys[0].header if keys else "Ocp-Apim-Subscription-Key"

    def render(self, fault: Fault, exchange: Exchange) -> Response:
        """Give the response; never raises."""
        if fault.kind is FaultKind.BACKEND_BROKE_PROTOCOL and exchange.reply is not NO_REPLY:
            if detail(fault, "content"):
                return _response(502, content_message(fault, public=True))
            if detail(fault, "status"):
                return _passed_back(exchange.reply)
        if fault.kind is FaultKind.ACCESS_DENIED:
            return self._denied(fault)
        status, say = RESPONSES.get(fault.kind, (500, None))
        if say is None:
            return _internal(exchange)
        response = _response(status, say(fault))
        response.headers += self._more(fault, exchange)
        return response

    def _denied(self, fault: Fault) -> Response:
        """Give the refusal of a policy with its status; without one the address belongs to no API of the service."""
        status = detail(fault, "status")
        if not status:
            return _response(404, "Resource not found")
        return _response(int(status), fault.message or (fault.cause if detail(fault, "reason") else "Forbidden"))

    def _more(self, fault: Fault, exchange: Exchange) -> Headers:
        if fault.kind in (FaultKind.MISSING_API_KEY, FaultKind.INVALID_API_KEY):
            request = exchange.request
            host = (request.header(b"host") or b"localhost").decode("latin-1").replace('"', "")
            realm = f"{request.scheme}://{host}{request.path.removesuffix(exchange.below)}"
            value = f'AzureApiManagementKey realm="{realm}",name="{self._key_header}",type="header"'
            return [(b"WWW-Authenticate", value.encode("utf-8"))]
        wait = detail(fault, "wait")
        if fault.kind in (FaultKind.THROTTLED, FaultKind.QUOTA_EXCEEDED) and wait not in ("", "0"):
            return [(header_name(detail(fault, "wait header") or "Retry-After"), wait.encode("ascii"))]
        return []


def _passed_back(reply: Reply) -> Response:
    """Give a backend's own error, which a policy has made one of the pipeline."""
    headers = [pair for pair in reply.headers if pair[0] not in _OF_CONNECTION]
    return Response(status=reply.status, headers=headers, body=reply.body)


def _response(status: int, message: str) -> Response:
    body = b'{ "statusCode": %d, "message": %b }' % (status, msgspec.json.encode(message))
    return Response(status=status, headers=[_JSON], body=body)


def _internal(exchange: Exchange) -> Response:
    body = msgspec.json.encode({"statusCode": 500, "message": "Internal server error", "activityId": exchange.id})
    return Response(status=500, headers=[_JSON], body=body)
