"""The headers that the service itself adds: to each request at its front, and to what it sends to a backend.

Sources: values recorded on the service; `trace_context` for those that say which trace a request belongs to.
"""

import time
from typing import Final

from inferway.definition.deployment import Deployment
from inferway.definition.tracing import RULE
from inferway.dialects.apigateway.context import FIELDS, header_of
from inferway.dialects.apigateway.identifiers import api_id
from inferway.dialects.apigateway.state import Field, State, state_of
from inferway.dialects.dialect import WITHHELD
from inferway.exchange import Exchange
from inferway.trace_context import TraceContext, begin_trace, new_trace, sampler_of, trace_context


def trace_id(exchange: Exchange) -> str:
    """Give the value of X-Amzn-Trace-Id: the client's own, else one in the service's form, `Root=1-TIME-RANDOM`."""
    context = trace_context(exchange)
    if context is not None:
        return context.answered()
    for header, value in exchange.request.headers:
        if header == b"x-amzn-trace-id":
            return value.decode("latin-1")
    state, name = exchange.scope, exchange.id
    requested = state.requested if state.__class__ is State else time.time()
    trace = new_trace(requested, name)
    return f"Root=1-{trace[:8]}-{trace[8:]}"


def is_traced(deployment: Deployment) -> bool:
    """Say whether requests are sampled here: the stage traces actively, or spans go somewhere."""
    return deployment.stage.tracing or deployment.tracing is not None


def _trace_of(exchange: Exchange, deployment: Deployment) -> TraceContext | None:
    if not is_traced(deployment):
        return None
    return begin_trace(exchange, sampler_of(deployment.tracing or RULE))


def _trace(exchange: Exchange, deployment: Deployment) -> str:
    """Give X-Amzn-Trace-Id as the service's front adds it to a request that comes without."""
    state_of(exchange)  # fixes the time, so that the response's is the same
    context = _trace_of(exchange, deployment)
    if context is None:
        return trace_id(exchange)
    return header_of(exchange, b"x-amzn-trace-id") or f"Root={context.root}"


def _sent_trace(exchange: Exchange, deployment: Deployment) -> str:
    """Give X-Amzn-Trace-Id for a backend."""
    context = _trace_of(exchange, deployment)
    return _trace(exchange, deployment) if context is None else context.amazon()


def _sent_traceparent(exchange: Exchange, deployment: Deployment) -> str | None:
    context = _trace_of(exchange, deployment)
    return None if context is None else context.w3c()


def _sent_tracestate(exchange: Exchange, deployment: Deployment) -> str | None:
    context = _trace_of(exchange, deployment)
    return None if context is None or not context.state else context.state.decode("latin-1")


def _forwarded_for(exchange: Exchange, deployment: Deployment) -> str:  # noqa: ARG001 - a field takes both
    """Give X-Forwarded-For: what the client sent, then the client."""
    sent = header_of(exchange, b"x-forwarded-for")
    return f"{sent}, {exchange.request.client}" if sent else exchange.request.client


def _forwarded_port(exchange: Exchange, deployment: Deployment) -> str:  # noqa: ARG001 - a field takes both
    port = header_of(exchange, b"host").rpartition(":")[2]
    return port if port.isdigit() else ("443" if exchange.request.scheme == "https" else "80")


def _user_agent(exchange: Exchange, deployment: Deployment) -> str:
    return header_of(exchange, b"user-agent") or f"AmazonAPIGateway_{api_id(deployment)}"


def is_signature(authorization: bytes) -> bool:
    """Say whether an Authorization header holds a Signature Version 4, which no integration is shown."""
    return authorization.lstrip().startswith(b"AWS4-")


def _signature(exchange: Exchange, deployment: Deployment) -> object:  # noqa: ARG001 - a field takes both
    """Withhold the Authorization header where it is a signature; any other is passed on as it came."""
    return WITHHELD if is_signature(exchange.request.header(b"authorization") or b"") else None


FRONT: Final[dict[str, Field]] = {
    "X-Amzn-Trace-Id": _trace,
    "X-Forwarded-For": _forwarded_for,
    "X-Forwarded-Port": _forwarded_port,
    "X-Forwarded-Proto": lambda exchange, _: exchange.request.scheme,
}
"""The headers that the service's front adds to every request; templates see them, proxy integrations pass them on."""
OWN: Final[dict[str, Field]] = {
    "http.Accept": lambda _, __: "application/json",
    "http.User-Agent": lambda _, deployment: f"AmazonAPIGateway_{api_id(deployment)}",
    "http.X-Amzn-Trace-Id": _sent_trace,
    "http.traceparent": _sent_traceparent,
    "http.tracestate": _sent_tracestate,
    "http.x-amzn-apigateway-api-id": FIELDS["apiId"],
    "http_proxy.User-Agent": _user_agent,
    "http_proxy.x-amzn-apigateway-api-id": FIELDS["apiId"],
    "aws_proxy.X-Amzn-Trace-Id": _sent_trace,
    **{f"http_proxy.{name}": field for name, field in FRONT.items()},
    "http_proxy.Authorization": _signature,
    "http_proxy.X-Amzn-Trace-Id": _sent_trace,
    "http_proxy.traceparent": _sent_traceparent,
}
"""The headers that the service itself sends to a backend, by type of integration and name."""
TRACE_CONTEXT: Final = (".traceparent", ".tracestate")
"""The ends of those that are sent only where requests are traced."""
