"""The line that a stage's access log has for a request, in the format that its definition gives.

Sources: API Gateway, "Set up CloudWatch logging for REST APIs" and "Variables for access logging for API Gateway"
(https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-variables-for-access-logging.html); lines that
users of the service published, in which a variable without a value is `-`.
"""

import re
from collections.abc import Callable
from time import perf_counter
from typing import Final

import msgspec

from inferway.definition.deployment import Deployment
from inferway.dialects.apigateway.context import FRONT, lookup
from inferway.exchange import Exchange, Response

Line = Callable[[Exchange, Response], str]
"""Gives the line for a request and its response."""

_Value = Callable[[Exchange, Response], object]
_VARIABLE: Final = re.compile(r"\$context((?:\.[A-Za-z_][A-Za-z0-9_-]*)+)")
_NOTHING: Final = "-"
_QUOTED: Final = frozenset(("error.messageString", "error.validationErrorString"))
"""Variables whose values are escaped already."""


def _length(exchange: Exchange, response: Response) -> object:  # noqa: ARG001 - a value takes both
    return len(response.body) if isinstance(response.body, bytes) else None


def _reply_status(exchange: Exchange, response: Response) -> object:  # noqa: ARG001 - as above
    return exchange.reply.status or None


def _reply_id(exchange: Exchange, response: Response) -> object:  # noqa: ARG001 - as above
    return (exchange.reply.header(b"x-amzn-requestid") or b"").decode("latin-1")


_OF_RESPONSES: Final[dict[str, _Value]] = {
    "status": lambda _, response: response.status,
    "responseLength": _length,
    "responseLatency": lambda exchange, _: round((perf_counter() - exchange.started) * 1000),
    "integration.status": _reply_status,
    "integrationStatus": _reply_status,
    "integration.requestId": _reply_id,
    "awsEndpointRequestId": _reply_id,
}
"""The variables that access logs have besides those of templates; latencies in milliseconds."""


def compile_line(text: str, deployment: Deployment) -> Line:
    """Compile a format: its variables are replaced, escaped so that a format in JSON stays JSON."""
    parts: list[str | _Value] = []
    position = 0
    for found in _VARIABLE.finditer(text):
        parts += [text[position : found.start()], _value(found[1][1:], deployment)]
        position = found.end()
    parts.append(text[position:])

    def line(exchange: Exchange, response: Response) -> str:
        return "".join(part if isinstance(part, str) else str(part(exchange, response)) for part in parts)

    return line


def _value(name: str, deployment: Deployment) -> _Value:
    own = _OF_RESPONSES.get(name)
    field = FRONT["X-Amzn-Trace-Id"] if name == "xrayTraceId" else lookup(name)

    def value(exchange: Exchange, response: Response) -> object:
        made = own(exchange, response) if own is not None else field(exchange, deployment)
        if made is None or made == "":
            return _NOTHING
        if isinstance(made, str) and name not in _QUOTED:
            return msgspec.json.encode(made.encode("utf-8", "replace").decode()).decode()[1:-1]
        return made

    return value
