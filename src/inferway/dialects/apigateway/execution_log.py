"""The log of a test invocation, line by line as the service writes it.

Sources: API Gateway API reference, "TestInvokeMethod"; API Gateway, "Use the API Gateway console to test a REST API
method"; execution logs that users of the service published (brefphp/bref issue 162, elastic/integrations pull 4266).
"""

import re
import time
from collections.abc import Iterable, Mapping
from typing import Final
from urllib.parse import quote

import msgspec

from inferway.definition.deployment import Deployment
from inferway.definition.steps import Invoke, Step
from inferway.definition.targets import HttpUrl, LambdaFunction, Mock, SageMakerEndpoint, Table, Target
from inferway.dialects.apigateway.validation_errors import validation_error_string
from inferway.exchange import Exchange, Headers, Response, query_text
from inferway.faults import FaultKind, Whose
from inferway.media_types import media_type

_STAGE: Final = "test-invoke-stage"
"""What `$context.stage` is in a test invocation."""

KEPT: Final = frozenset(("ValidateParameters", "ValidateBody", "MapRequest", "Refuse"))
"""The steps before the integration that a test invocation runs; it lets everyone in."""

_PARAMETER: Final = re.compile(r"\{([^{}]+)\}")
_STAGE_VARIABLE: Final = re.compile(r"\$\{stageVariables\.([A-Za-z0-9_]+)\}")
_ADDED: Final = frozenset((b"host", b"content-length"))
"""Headers that every request has, which a test invocation of the service lacks."""

_FRONT: Final = frozenset((b"x-amzn-requestid", b"x-amz-apigw-id"))
"""Headers of a response that the service's front adds, which a test does not pass through."""

_RESPONSE: Final = frozenset(("StoreInCache",))


def tested(deployment: Deployment, variables: Mapping[str, str]) -> Deployment:
    """Give what a test invocation invokes: methods without the steps that let callers in, count or keep."""
    stage = msgspec.structs.replace(
        deployment.stage,
        name=_STAGE,
        front=(),
        canary=None,
        cache=False,
        access_log_format="",
        variables={**deployment.stage.variables, **variables},
    )
    routes = tuple(
        msgspec.structs.replace(
            route,
            pipeline=msgspec.structs.replace(
                route.pipeline,
                request=_kept(route.pipeline.request),
                response=tuple(step for step in route.pipeline.response if type(step).__name__ not in _RESPONSE),
            ),
        )
        for route in deployment.api.routes
    )
    hosts = tuple(msgspec.structs.replace(host, truststore="") for host in deployment.api.hosts)
    api = msgspec.structs.replace(deployment.api, routes=routes, hosts=hosts)
    return msgspec.structs.replace(deployment, api=api, stage=stage, canary=None, is_test=True)


def _kept(steps: tuple[Step, ...]) -> tuple[Step, ...]:
    return tuple(step for step in steps if type(step).__name__ in KEPT)


def execution_log(
    exchange: Exchange, response: Response, body: bytes, deployment: Deployment, latency: float | None
) -> str:
    """Give the log; `latency` is how long the integration took in milliseconds, None where it was not called."""
    stamp = time.strftime("%a %b %d %H:%M:%S UTC %Y", time.gmtime())
    lines = [f"Starting execution for request: {exchange.id}", *_request(exchange)]
    target = _target(exchange, deployment)
    if latency is not None and not isinstance(target, Mock | None):
        lines += _endpoint(exchange, _uri(target, exchange, deployment), latency)
    lines += _failure(exchange) if exchange.fault is not None else _success(exchange, response, body)
    lines.append(f"Method completed with status: {response.status}")
    return "\n".join([f"Execution log for request {exchange.id}", *(f"{stamp} : {line}" for line in lines)]) + "\n"


def _request(exchange: Exchange) -> list[str]:
    request = exchange.request
    query = {name: values[-1] for name, values in request.arguments().items()}
    names = request.names or [name for name, _ in request.headers]
    pairs = zip(names, request.headers, strict=True)
    headers = [(name, value) for name, (lowered, value) in pairs if lowered not in _ADDED]
    return [
        f"HTTP Method: {request.method}, Resource Path: {exchange.below or '/'}",
        f"Method request path: {_map(exchange.parameters.items())}",
        f"Method request query string: {_map(query.items())}",
        f"Method request headers: {_headers(headers)}",
        f"Method request body before transformations: {_text(request.body)}",
    ]


def _endpoint(exchange: Exchange, uri: str, latency: float) -> list[str]:
    call, reply = exchange.call, exchange.reply
    lines = [
        f"Endpoint request URI: {uri}",
        f"Endpoint request headers: {_headers(call.headers)}",
        f"Endpoint request body after transformations: {_text(call.body)}",
        f"Sending request to {uri}",
    ]
    if reply.status:
        lines += [
            f"Received response. Status: {reply.status}, Integration latency: {latency:.0f} ms",
            f"Endpoint response headers: {_headers(reply.headers)}",
            f"Endpoint response body before transformations: {_text(reply.body)}",
        ]
    return lines


def shown_headers(exchange: Exchange, response: Response) -> Headers:
    """Give the headers that a test shows: those of the service's front are not there yet.

    Recorded: `{X-Amzn-Trace-Id=…, Content-Type=application/json}` of a success, `{"x-amzn-ErrorType": …}` alone of a
    gateway response (podaac/hydrocron issue 36).
    """
    unseen = _FRONT if exchange.fault is None else _FRONT | {b"content-type"}
    return [pair for pair in response.headers if pair[0].lower() not in unseen]


def _success(exchange: Exchange, response: Response, body: bytes) -> list[str]:
    return [
        f"Method response body after transformations: {_text(body)}",
        f"Method response headers: {_headers(shown_headers(exchange, response))}",
        "Successfully completed execution",
    ]


def _failure(exchange: Exchange) -> list[str]:
    """Say why a method failed; the words for functions and bodies are recorded.

    Sources: serverless/serverless issue 8671 (a function's error), logs published in May 2025 (a throttled function),
    in 2021 (bodies).
    """
    fault, reply = exchange.fault, exchange.reply
    assert fault is not None  # noqa: S101 - the caller has looked
    cause = (fault.cause or fault.message or fault.kind.value).partition("\n")[0]
    if fault.kind is FaultKind.BAD_BODY:
        kind = media_type(exchange.request.header(b"content-type"))
        what = validation_error_string(fault.details) or "[Unknown error parsing request body]"
        return [f"Request body does not match model schema for content type {kind}: {what}"]
    asked = (reply.header(b"x-amzn-requestid") or b"").decode("latin-1")
    if fault.kind is FaultKind.BACKEND_FAILED and reply.error is not None:
        why = f"Lambda execution failed with status {reply.status} due to customer function error: {reply.error}"
        return [f"{why}. Lambda request id: {asked}"]
    why = _WHY.get(fault.kind) or f"{_WHOSE[fault.whose]}: {cause}"
    refused = [f"Lambda invocation failed with status: {reply.status}. Lambda request id: {asked}"]
    return [*(refused if fault.kind is FaultKind.BACKEND_REFUSED else ()), f"Execution failed due to {why}"]


_WHOSE: Final = {
    Whose.CLIENT: "an invalid request",
    Whose.DEFINITION: "configuration error",
    Whose.BACKEND: "an endpoint error",
    Whose.GATEWAY: "an internal error",
}
_WHY: Final = {
    FaultKind.BACKEND_TIMEOUT: "a timeout error",
    FaultKind.BACKEND_RESULT_MALFORMED: "configuration error: Malformed Lambda proxy response",
}


def _target(exchange: Exchange, deployment: Deployment) -> Target | None:
    for route in deployment.api.routes:
        if f"{route.method} {route.path}" == exchange.route:
            return next((step.target for step in route.pipeline.invoke if isinstance(step, Invoke)), None)
    return None


def _uri(target: Target | None, exchange: Exchange, deployment: Deployment) -> str:
    """Give where a call goes: its URL for HTTP, the service's action for the others."""
    region = deployment.region
    if isinstance(target, HttpUrl):
        parameters, variables = exchange.call.parameters, deployment.stage.variables
        filled = _STAGE_VARIABLE.sub(lambda found: variables.get(found[1], ""), target.url)
        filled = _PARAMETER.sub(lambda found: quote(parameters.get(found[1].rstrip("+"), ""), safe="/"), filled)
        query = query_text(exchange.call.query)
        return f"{filled}{'&' if '?' in filled else '?'}{query}" if query else filled
    if isinstance(target, LambdaFunction):
        return f"https://lambda.{region}.amazonaws.com/2015-03-31/functions/{target.name}/invocations"
    if isinstance(target, SageMakerEndpoint):
        return f"https://runtime.sagemaker.{region}.amazonaws.com/endpoints/{target.name}/invocations"
    if isinstance(target, Table):
        return f"https://dynamodb.{region}.amazonaws.com/?Action={target.name}"
    return str(getattr(target, "what", type(target).__name__))


def _headers(headers: Headers) -> str:
    return _map((name.decode("latin-1"), value.decode("utf-8", "replace")) for name, value in headers)


def _map(pairs: Iterable[tuple[str, str]]) -> str:
    """Write pairs as Java prints a map."""
    return "{" + ", ".join(f"{name}={value}" for name, value in pairs) + "}"


def _text(body: bytes) -> str:
    return body.decode("utf-8", "replace")
