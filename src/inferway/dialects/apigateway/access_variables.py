"""The `$context` variables that access logs have besides those of templates.

Source: API Gateway, "Variables for access logging for API Gateway" (https://docs.aws.amazon.com/apigateway/latest/
developerguide/api-gateway-variables-for-access-logging.html) and "Troubleshoot issues with your stream" of its response
streaming. Latencies are whole milliseconds.
"""

from collections.abc import Callable, Mapping
from time import perf_counter
from typing import Final

from inferway.definition.deployment import Deployment
from inferway.definition.steps import MapResponse
from inferway.dialects.apigateway.sent_headers import FRONT
from inferway.dialects.apigateway.state import State
from inferway.exchange import Exchange, Response, times_of
from inferway.faults import Whose

Value = Callable[[Exchange, Response], object]
"""Gives a variable's value for a request and its response; None where it has none."""

_INTEGRATION: Final = ("Invoke",)
_AUTHORIZE: Final = ("RequirePermission", "CheckResourcePolicy")
_AUTHENTICATE: Final = ("RequireSignature", "RequireToken")

STREAMED: Final = "streamed bytes"
"""The exchange variable that holds how large a body was that has been streamed."""

LATENCIES: Final[Mapping[str, tuple[str, ...]]] = {
    "integrationLatency": _INTEGRATION,
    "integration.latency": _INTEGRATION,
    "integration.timeToAllHeaders": _INTEGRATION,
    "authorize.latency": _AUTHORIZE,
    "authenticate.latency": _AUTHENTICATE,
}
"""The variables that tell how long steps took, with the names of the steps' classes."""


def _latency(steps: tuple[str, ...]) -> Value:
    def value(exchange: Exchange, response: Response) -> object:  # noqa: ARG001 - a value takes both
        times = [took.ended - took.began for took in times_of(exchange) if took.step in steps]
        return round(sum(times) * 1000) if times else None

    return value


def _length(exchange: Exchange, response: Response) -> object:
    return len(response.body) if isinstance(response.body, bytes) else exchange.variables.get(STREAMED)


def _whole_latency(exchange: Exchange, response: Response) -> object:
    """Give the latency of the integration, of a stream to its end ("Troubleshoot issues with your stream")."""
    began = next((took.began for took in times_of(exchange) if took.step in _INTEGRATION), None)
    if began is None or isinstance(response.body, bytes):
        return _latency(_INTEGRATION)(exchange, response)
    return round((perf_counter() - began) * 1000)


def _reply_status(exchange: Exchange, response: Response) -> object:  # noqa: ARG001 - as above
    return exchange.reply.status or None


def _reply_id(exchange: Exchange, response: Response) -> object:  # noqa: ARG001 - as above
    return (exchange.reply.header(b"x-amzn-requestid") or b"").decode("latin-1")


def _reply_extended_id(exchange: Exchange, response: Response) -> object:  # noqa: ARG001 - as above
    return (exchange.reply.header(b"x-amz-id-2") or b"").decode("latin-1")


def _reply_error(exchange: Exchange, response: Response) -> object:  # noqa: ARG001 - as above
    if exchange.reply.error is not None:
        return exchange.reply.error
    fault = exchange.fault
    return fault.cause if fault is not None and fault.whose is Whose.BACKEND else None


def _transfer_mode(exchange: Exchange, response: Response) -> object:
    if not exchange.reply.status:
        return None
    return "BUFFERED" if isinstance(response.body, bytes) else "STREAMED"


def _headers_latency(exchange: Exchange, response: Response) -> object:
    return None if isinstance(response.body, bytes) else _latency(_INTEGRATION)(exchange, response)


def _waf_answer(exchange: Exchange, response: Response) -> object:  # noqa: ARG001 - as above
    found = exchange.firewall
    if found is None:
        return None
    return "WAF_ALLOW" if found.action == "ALLOW" else "WAF_BLOCK"


def _waf(name: str) -> Value:
    def value(exchange: Exchange, response: Response) -> object:  # noqa: ARG001 - as above
        made = getattr(exchange.firewall, name, None)
        return round(made) if isinstance(made, float) else made

    return value


VARIABLES: Final[Mapping[str, Value]] = {
    "status": lambda _, response: response.status,
    "responseLength": _length,
    "responseLatency": lambda exchange, _: round((perf_counter() - exchange.started) * 1000),
    "integration.error": _reply_error,
    "integrationErrorMessage": _reply_error,
    "integration.integrationStatus": _reply_status,
    "integrationStatus": _reply_status,
    "integration.requestId": _reply_id,
    "awsEndpointRequestId": _reply_id,
    "awsEndpointRequestId2": _reply_extended_id,
    "integration.responseTransferMode": _transfer_mode,
    "waf.error": _waf("error"),
    "waf.latency": _waf("took"),
    "waf.status": _waf("status"),
    "wafResponseCode": _waf_answer,
    "webaclArn": _waf("web_acl"),
    **{name: _latency(steps) for name, steps in LATENCIES.items()},
    "integrationLatency": _whole_latency,
    "integration.latency": _whole_latency,
    "integration.timeToAllHeaders": _headers_latency,
}


_NETWORK: Final = {"identity.vpcId": "vpc", "identity.vpceId": "vpc_endpoint"}
"""What a stage says of where its requests come from, with the names of its settings."""


def variable(name: str, deployment: Deployment) -> Value | None:
    """Give the variable of a name below `context`, None for one that templates have too, or that nobody has."""
    if name == "xrayTraceId":
        field = FRONT["X-Amzn-Trace-Id"]
        return lambda exchange, _: field(exchange, deployment)
    if name in _NETWORK:
        settings = deployment.stage
        return lambda _, __: getattr(settings, _NETWORK[name])
    if name == "integration.status":
        return _function_status(deployment)
    if name == "customDomain.basePathMatched":
        return _base_path(deployment)
    return VARIABLES.get(name)


def override(name: str) -> Value | None:
    """Give an override that a template made, by its dotted name below `context`; None for another variable."""
    group, _, rest = name.partition(".")
    if group not in ("requestOverride", "responseOverride"):
        return None
    path = (group, *rest.split(".", 1))

    def value(exchange: Exchange, response: Response) -> object:  # noqa: ARG001 - as above
        state = exchange.scope
        found: object = state.context if isinstance(state, State) else None
        for part in path:
            found = found.get(part) if isinstance(found, dict) else None
        return found if found is None or isinstance(found, int) else str(found)

    return value


def _function_status(deployment: Deployment) -> Value:
    """Give `integration.status`: behind a Lambda proxy what the function says, else what the backend does."""
    proxies = {
        f"{route.method} {route.path}"
        for route in deployment.api.routes
        for step in route.pipeline.response
        if isinstance(step, MapResponse) and step.given is not None
    }

    def value(exchange: Exchange, response: Response) -> object:
        if exchange.route in proxies and exchange.fault is None:
            return response.status
        return _reply_status(exchange, response)

    return value


def _base_path(deployment: Deployment) -> Value:
    """Give the base path that led a request on a custom domain to the API."""
    own = f"{deployment.api.id}."
    bases: dict[str, list[str]] = {}
    for host in deployment.api.hosts:
        if not host.name.startswith(own):
            bases.setdefault(host.name, []).append(host.base.strip("/"))

    def value(exchange: Exchange, response: Response) -> object:  # noqa: ARG001 - as above
        name = (exchange.request.header(b"host") or b"").decode("latin-1").partition(":")[0].lower()
        path = f"{exchange.request.path}/"
        matched = [base for base in bases.get(name, ()) if path.startswith(f"/{base}/" if base else "/")]
        return max(matched, key=len, default="") or ("(none)" if matched else None)

    return value
