"""What becomes of the headers of a response before it leaves.

Source: API Gateway, "Amazon API Gateway important notes" (https://docs.aws.amazon.com/apigateway/latest/developerguide/
api-gateway-known-issues.html), the table of headers that are dropped or remapped; that Content-Length, Connection and
x-amzn-RequestId are remapped too stands in responses recorded on the service.
"""

from typing import Final

from inferway.definition.api import Route
from inferway.definition.deployment import Deployment
from inferway.definition.steps import Invoke, MapResponse, Step
from inferway.definition.targets import HttpUrl, LambdaFunction, SageMakerEndpoint, Table
from inferway.dialects.apigateway.sent_headers import trace_id
from inferway.dialects.dialect import Finish
from inferway.exchange import Exchange, Headers, Response
from inferway.trace_context import trace_context

_PREFIX: Final = b"x-amzn-Remapped-"
_REMAPPED: Final = frozenset(
    b"authorization connection content-length content-md5 date max-forwards server user-agent www-authenticate "
    b"x-amzn-requestid".split()
)
_DROPPED: Final = frozenset(b"expect host proxy-authenticate te trailer transfer-encoding upgrade".split())
_DROPPED_BY_HTTP: Final = _DROPPED | {b"accept"}
_DROPPED_BY_FUNCTION: Final = _DROPPED | {b"via"}
_DROPPED_BY_PROXY: Final = _DROPPED | {b"via", b"keep-alive"}
"""The table's columns `http`, `lambda` and `http_proxy`; of other services' responses the table says nothing."""

_OF_CONNECTION: Final = frozenset((b"connection", b"content-length"))
_TRACED: Final = (HttpUrl, SageMakerEndpoint, LambdaFunction, Table)
_TRACE: Final = b"X-Amzn-Trace-Id"


def finishes(deployment: Deployment) -> dict[str, Finish]:
    """Give what is to be done to a route's responses, by the route's label; most routes need nothing."""
    made = {}
    for route in deployment.api.routes:
        finish = _finish(route)
        if finish is not None:
            made[f"{route.method} {route.path}"] = finish
    return made


def _finish(route: Route) -> Finish | None:
    steps = route.pipeline.invoke + route.pipeline.response
    mapping = next((step for step in steps if isinstance(step, MapResponse)), None)
    if mapping is not None and mapping.forward:
        return _proxied
    if mapping is not None and mapping.given is not None:
        return _proxied_function
    traced = any(isinstance(step, Invoke) and isinstance(step.target, _TRACED) for step in steps)
    if mapping is not None and mapping.by_error:
        return _mapped_of_function if _may_set_headers(mapping, route.pipeline.request) else _traced_by_function
    if _may_set_headers(mapping, route.pipeline.request):
        to_http = any(isinstance(step, Invoke) and isinstance(step.target, HttpUrl) for step in steps)
        return _mapped(_DROPPED_BY_HTTP if to_http else _DROPPED, traced=traced)
    return _traced if traced else None


def _may_set_headers(mapping: MapResponse | None, request: tuple[Step, ...]) -> bool:
    """Say whether a response may get a header that the service remaps: by a mapping, or by a template's override."""
    texts = [made.template.text for step in request for made in getattr(step, "templates", ())]
    for case in mapping.cases if mapping is not None else ():
        texts += [made.template.text for made in case.templates]
        names = {made.name.lower().encode("latin-1", "replace") for made in case.headers}
        if names & (_REMAPPED | _DROPPED_BY_HTTP | _DROPPED_BY_FUNCTION):
            return True
    return any("responseOverride" in text for text in texts)


def _remap(headers: Headers, dropped: frozenset[bytes]) -> Headers:
    made: Headers = []
    for name, value in headers:
        lowered = name.lower()
        if lowered in _REMAPPED:
            made.append((_PREFIX + b"-".join(part.capitalize() for part in name.split(b"-")), value))
        elif lowered not in dropped:
            made.append((name, value))
    return made


def _proxied(exchange: Exchange, response: Response) -> None:
    """Rename what a proxy's backend said of itself, its connection and length included."""
    own = [pair for pair in exchange.reply.headers if pair[0] in _OF_CONNECTION]
    response.headers = _remap(response.headers + own, _DROPPED_BY_PROXY)
    _say_json(response)


def _proxied_function(exchange: Exchange, response: Response) -> None:
    """Rename what a function's result says in the service's place ("x-amzn-Remapped-Content-Length": recorded)."""
    response.headers = _remap(response.headers, _DROPPED_BY_PROXY)
    _say_json(response)
    _traced_by_function(exchange, response)


def _say_json(response: Response) -> None:
    if not any(name.lower() == b"content-type" for name, _ in response.headers):
        response.headers.insert(0, (b"Content-Type", b"application/json"))


def _mapped(dropped: frozenset[bytes], *, traced: bool) -> Finish:
    def finish(exchange: Exchange, response: Response) -> None:
        response.headers = _remap(response.headers, dropped)
        if traced:
            _traced(exchange, response)

    return finish


def _traced(exchange: Exchange, response: Response) -> None:
    response.headers.append((_TRACE, trace_id(exchange).encode("latin-1")))


def _traced_by_function(exchange: Exchange, response: Response) -> None:
    """Give the trace as Lambda answers it, `Root=…;Sampled=0` (public execution logs, "Method response headers")."""
    said = exchange.reply.header(_TRACE.lower())
    trace = trace_id(exchange) if trace_context(exchange) is not None else f"{trace_id(exchange)};Sampled=0"
    response.headers.append((_TRACE, said or trace.encode("latin-1")))


def _mapped_of_function(exchange: Exchange, response: Response) -> None:
    response.headers = _remap(response.headers, _DROPPED_BY_FUNCTION)
    _traced_by_function(exchange, response)
