"""Reads `x-amazon-apigateway-integration` into the steps that map, call and answer.

Source: API Gateway, "x-amazon-apigateway-integration object" (https://docs.aws.amazon.com/apigateway/latest/
developerguide/api-gateway-swagger-extensions-integration.html); "Role ARN must be specified for AWS integrations" is
what the service says (terraform-provider-aws issue 7916, aws-cdk issue 1465).
"""

import re
from collections.abc import Mapping
from typing import Final

import msgspec

from inferway.definition.expression import Expression
from inferway.definition.steps import (
    Assignment,
    Invoke,
    LookUpCache,
    MapRequest,
    MapResponse,
    Parameter,
    ParameterIn,
    Passthrough,
    Payload,
    Step,
    StoreInCache,
)
from inferway.definition.targets import HttpStream, HttpUrl, LambdaFunction, LambdaStream, SageMakerEndpoint, Table
from inferway.dialects.apigateway.binary_types import handled
from inferway.dialects.apigateway.expressions import (
    mapping_templates,
    parse_parameter,
    request_assignments,
)
from inferway.dialects.apigateway.integration_responses import read_cases
from inferway.dialects.apigateway.proxy_event import PROXY_EVENT
from inferway.dialects.apigateway.proxy_result import PROXY_RESULT
from inferway.dialects.apigateway.stream_result import STREAM_RESULT
from inferway.dialects.apigateway.targets import read_target, table_operation
from inferway.dialects.apigateway.transfer_mode import LONGEST as LONGEST_STREAM
from inferway.dialects.apigateway.transfer_mode import transferred
from inferway.faults import FaultKind
from inferway.formats.cursor import Cursor

EXTENSION: Final = "x-amazon-apigateway-integration"

KINDS: Final = frozenset({"aws", "aws_proxy", "http", "http_proxy", "mock"})
METHODS: Final = frozenset({"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "ANY"})

SHORTEST: Final = 50
LONGEST: Final = 29_000
"""Milliseconds ("Amazon API Gateway quotas", integration timeout)."""

_OWN_HEADERS: Final[Mapping[str, tuple[str, ...]]] = {
    "http": ("Accept", "User-Agent", "X-Amzn-Trace-Id", "x-amzn-apigateway-api-id", "traceparent", "tracestate"),
    "http_proxy": (
        "Authorization",
        "User-Agent",
        "X-Amzn-Trace-Id",
        "X-Forwarded-For",
        "X-Forwarded-Port",
        "X-Forwarded-Proto",
        "x-amzn-apigateway-api-id",
        "traceparent",
    ),
    "aws_proxy": ("X-Amzn-Trace-Id",),
}
"""By type of integration (execution logs of the service, "Endpoint request headers")."""

_DROPPED: Final = re.compile(
    "content-md5|expect|host|max-forwards|proxy-authenticate|server|te|trailer|transfer-encoding|upgrade|via"
    "|www-authenticate"
)
"""Headers that the service sends to no HTTP backend ("Amazon API Gateway important notes")."""

_REFUSED: Final = 300
"""From this status on the Lambda service itself answers, and the function did not run."""

_ANY_AUTHORITY: Final = "insecureSkipVerification"

_READ: Final = frozenset(
    (
        "cacheKeyParameters",
        "cacheNamespace",
        "connectionId",
        "connectionType",
        "contentHandling",
        "credentials",
        "httpMethod",
        "integrationTarget",
        "passthroughBehavior",
        "payloadFormatVersion",
        "requestParameters",
        "requestTemplates",
        "responseTransferMode",
        "responses",
        "timeoutInMillis",
        "tlsConfig",
        "type",
        "uri",
    )
)


def read_integration(
    integration: Cursor, path: str, parameters: tuple[Parameter, ...], responses: Cursor, payload: Payload
) -> tuple[Step, ...]:
    """Read an integration into its steps, in no order; none for one of an unknown type.

    `responses` are the method's, which declare headers; `payload` holds the API's binary media types.
    """
    kind = integration["type"].text().lower()
    if kind not in KINDS:
        text = f"{kind!r} is no type of integration; there are {', '.join(sorted(KINDS))}"
        integration["type"].error("integration-type", text)
        return ()
    _report_unserved(integration)
    assigned = request_assignments(integration["requestParameters"], parameters)
    called = frozenset(assignment.name for assignment in assigned[ParameterIn.PATH])
    target = read_target(kind, integration["uri"], called)
    if isinstance(target, HttpUrl):
        target = msgspec.structs.replace(target, any_authority=_takes_any_authority(integration))
    target = transferred(kind, target, integration)
    if kind.endswith("_proxy"):
        _report_ignored(integration)
    if kind.startswith("http"):
        _report_dropped(integration["requestParameters"])
    look_up = LookUpCache(
        namespace=integration["cacheNamespace"].text() or path,
        key_parameters=_key_parameters(integration["cacheKeyParameters"], parameters),
    )
    if isinstance(target, SageMakerEndpoint | Table) and not integration["credentials"].text():
        text = "Role ARN must be specified for AWS integrations; Amazon refuses this one, and here none is needed"
        integration.warning("no-credentials", text)
    is_streamed = isinstance(target, HttpStream | LambdaStream)
    to_function = isinstance(target, LambdaFunction)
    map_request, map_response = (
        _function_proxy(integration, payload)
        if kind == "aws_proxy"
        else _mapped(kind, integration, assigned, responses, payload=payload, by_error=to_function)
    )
    return (
        *(() if is_streamed else (look_up, StoreInCache())),
        map_request,
        Invoke(
            target=target,
            timeout=_timeout(integration["timeoutInMillis"], longest=LONGEST_STREAM if is_streamed else 0),
            failing=_REFUSED if to_function else 0,
            failure=FaultKind.BACKEND_REFUSED if to_function else FaultKind.BACKEND_BROKE_PROTOCOL,
        ),
        _streamed(map_response) if is_streamed else map_response,
    )


def _streamed(step: MapResponse) -> MapResponse:
    """Give the step for a response that is passed on as it comes: nothing of it is converted."""
    if step.given is None:
        return msgspec.structs.replace(step, payload=None)
    return MapResponse(given=Expression(language=STREAM_RESULT, text="", place=step.given.place))


def _mapped(
    kind: str,
    integration: Cursor,
    assigned: Mapping[ParameterIn, tuple[Assignment, ...]],
    responses: Cursor,
    *,
    payload: Payload,
    by_error: bool,
) -> tuple[MapRequest, MapResponse]:
    """Read an integration that maps, or passes everything on to an HTTP backend."""
    forward = kind == "http_proxy"
    mapped = assigned[ParameterIn.HEADER]
    made = MapRequest(
        method=_method(integration, kind),
        forward=forward,
        path=assigned[ParameterIn.PATH],
        query=assigned[ParameterIn.QUERY],
        headers=(*_own_headers(_headers_of(kind, by_error=by_error), mapped, integration), *mapped),
        templates=() if forward else mapping_templates(integration["requestTemplates"]),
        passthrough=_passthrough(integration["passthroughBehavior"]),
        payload=handled(payload, integration["contentHandling"]),
    )
    operation = table_operation(integration["uri"].text()) if kind == "aws" else ""
    if operation:
        made = msgspec.structs.replace(made, headers=(*made.headers, _operation(operation, integration["uri"])))
    if forward:
        return made, MapResponse(forward=True, payload=payload)
    return made, MapResponse(cases=read_cases(integration, responses, payload), by_error=by_error)


def _function_proxy(integration: Cursor, payload: Payload) -> tuple[MapRequest, MapResponse]:
    """Read an integration that sends a function the whole request as its event ("Lambda proxy integrations")."""
    _method(integration, "aws_proxy")
    for _, mapping in integration["requestParameters"].entries():
        mapping.note("ignored-by-proxy", "a function gets the request as it came; this mapping has no effect on it")
    binary_types = " ".join(payload.binary_types)
    event = Expression(language=PROXY_EVENT, text=binary_types, place=integration.place)
    result = Expression(language=PROXY_RESULT, text=binary_types, place=integration.place)
    headers = _own_headers("aws_proxy", (), integration)
    return MapRequest(method="POST", body=event, headers=headers), MapResponse(given=result)


def _headers_of(kind: str, *, by_error: bool) -> str:
    """Give the type whose own headers an integration sends: a function gets the trace, whichever way it is called."""
    return "aws_proxy" if by_error else kind


def _operation(operation: str, uri: Cursor) -> Assignment:
    """Name an operation on a table as the service's own protocol does ("DynamoDB low-level API")."""
    value = Expression(language="mapping", text=f"'DynamoDB_20120810.{operation}'", place=uri.place)
    return Assignment(name="X-Amz-Target", value=value)


def _own_headers(kind: str, assigned: tuple[Assignment, ...], integration: Cursor) -> tuple[Assignment, ...]:
    """Give the headers that the service itself sends to an HTTP backend, but for those that the definition maps.

    Their expressions are in the language `gateway`, by which they are told from what the definition says.
    """
    taken = {assignment.name.lower() for assignment in assigned}
    return tuple(
        Assignment(name=name, value=Expression(language="gateway", text=f"{kind}.{name}", place=integration.place))
        for name in _OWN_HEADERS.get(kind, ())
        if name.lower() not in taken
    )


def _method(integration: Cursor, kind: str) -> str:
    method = integration["httpMethod"].text().upper()
    if kind == "mock":
        return method or "ANY"
    if method not in METHODS:
        text = f"the integration's httpMethod is one of {', '.join(sorted(METHODS))}, not {method!r}"
        integration["httpMethod"].error("integration-method", text)
        return "POST"
    if kind.startswith("aws") and method != "POST":
        integration["httpMethod"].warning("integration-method", f"AWS services are called with POST, not {method}")
    return method


def _passthrough(behavior: Cursor) -> Passthrough:
    text = behavior.text().lower()
    if text and text not in set(Passthrough):
        behavior.error("bad-passthrough", f"Invalid passthrough behavior specified: {text}")
    return Passthrough(text) if text in set(Passthrough) else Passthrough.WHEN_NO_MATCH


def _timeout(timeout: Cursor, longest: int) -> float:
    """Give the seconds of a timeout; `longest` is the service's limit in milliseconds, 0 for the usual one."""
    milliseconds = timeout.integer()
    if milliseconds is None:
        return LONGEST / 1000
    if milliseconds < SHORTEST or (longest and milliseconds > longest):
        timeout.error("bad-timeout", f"Timeout should be between {SHORTEST} ms and {longest or LONGEST} ms")
        return min(max(milliseconds, SHORTEST), longest or LONGEST) / 1000
    if not longest and milliseconds > LONGEST:
        timeout.warning("long-timeout", f"Amazon refuses more than {LONGEST} ms until the account's quota is raised")
    return milliseconds / 1000


def _key_parameters(keys: Cursor, parameters: tuple[Parameter, ...]) -> tuple[Parameter, ...]:
    made = []
    for key in keys.items():
        parameter = parse_parameter(key.text(), parameters)
        if parameter is None:
            key.error("bad-cache-key", f"Invalid cache key parameter specified: {key.text()}")
        else:
            made.append(parameter)
    return tuple(made)


def _report_ignored(integration: Cursor) -> None:
    """A proxy integration passes bodies and responses on as they are ("Choose an API Gateway integration type")."""
    if integration["requestTemplates"].value:
        integration["requestTemplates"].note("ignored-by-proxy", "a proxy integration ignores request templates")
    for _, case in integration["responses"].entries():
        for key in ("responseParameters", "responseTemplates"):
            if case[key].value:
                case[key].note("ignored-by-proxy", f"a proxy integration ignores {key}")


def _report_dropped(mappings: Cursor) -> None:
    for key, mapping in mappings.entries():
        name = key.removeprefix("integration.request.header.")
        if name != key and _DROPPED.fullmatch(name.lower()):
            mapping.note("dropped-header", f"the header {name} is not sent to a backend, whatever is mapped to it")


_UNSERVED: Final[Mapping[str, tuple[tuple[str, ...], str]]] = {
    "connectionType": (("", "INTERNET"), "VPC links are not used; the uri is called directly"),
    "payloadFormatVersion": (("", "1.0"), "REST APIs know the payload format 1.0 only; this one is ignored"),
}


def _takes_any_authority(integration: Cursor) -> bool:
    """Say whether a backend's certificate counts whoever signed it ("tlsConfig object")."""
    return integration["tlsConfig"][_ANY_AUTHORITY].flag()


def _report_unserved(integration: Cursor) -> None:
    for key, (silent, text) in _UNSERVED.items():
        if integration[key].text() not in silent:
            integration[key].warning("unserved-integration", text)
    for key, setting in integration["tlsConfig"].entries():
        if key != _ANY_AUTHORITY:
            setting.warning("unknown-property", f"the tlsConfig of a REST API has no property {key}; it is ignored")
    for key, part in integration.entries():
        if key not in _READ:
            part.warning("unknown-property", f"API Gateway's REST integrations have no property {key}; it is ignored")
