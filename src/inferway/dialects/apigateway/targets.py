"""Reads an integration's URI into its target.

Source: API Gateway API reference, `PutIntegration`, `uri`
(https://docs.aws.amazon.com/apigateway/latest/api/API_PutIntegration.html).
"""

import re
from collections.abc import Callable, Collection, Mapping
from typing import Final

from inferway.definition.targets import (
    INVOKE,
    HttpUrl,
    LambdaFunction,
    LambdaStream,
    Mock,
    SageMakerEndpoint,
    Table,
    Target,
    Unserved,
)
from inferway.formats.cursor import Cursor

_SERVICE: Final = re.compile(
    r"arn:[^:]+:apigateway:[^:]*:(?P<service>[^:/]+):(?P<kind>path|action)/(?P<rest>.*)", re.DOTALL
)
_INVOCATIONS: Final = re.compile(
    r"/?endpoints/(?P<name>[^/?]+)/(?P<operation>invocations|async-invocations|invocations-response-stream)"
)
_FUNCTION: Final = re.compile(r"/?2015-03-31/functions/(?P<name>.+)/invocations/?")
_STREAMED_FUNCTION: Final = re.compile(r"/?2021-11-15/functions/(?P<name>.+)/response-streaming-invocations/?")
_OPERATION: Final = re.compile(r"(?P<operation>[A-Za-z]+)(?:&.*)?", re.DOTALL)
_ENDPOINT_NAME: Final = re.compile(r"[a-zA-Z0-9](?:-*[a-zA-Z0-9]){0,62}")
_STAGE_VARIABLE: Final = re.compile(r"\$\{stageVariables\.[A-Za-z0-9_]+\}")
_PLACEHOLDER: Final = re.compile(r"\{([a-zA-Z0-9._$-]+)\+?\}")
_HTTP: Final = re.compile(r"https?://[^/\s]+\S*", re.IGNORECASE)


def read_target(kind: str, uri: Cursor, assigned: Collection[str]) -> Target:
    """Read the target of an integration of a type in lower case; `assigned` are its path parameters' names."""
    if kind == "mock":
        return Mock()
    text = uri.text()
    if not text:
        uri.error("no-uri", "the integration has no uri")
        return Unserved(what="an integration without a uri", place=uri.place)
    target = _http(text, uri) if kind in {"http", "http_proxy"} else _service(kind, text, uri)
    if isinstance(target, HttpUrl | SageMakerEndpoint):
        for name in _PLACEHOLDER.findall(_STAGE_VARIABLE.sub("", text)):
            if name not in assigned:
                uri.warning("unbound-placeholder", f"no integration.request.path.{name} gives the uri its {{{name}}}")
    return target


def _http(text: str, uri: Cursor) -> Target:
    if _HTTP.fullmatch(_STAGE_VARIABLE.sub("x", text)) or _STAGE_VARIABLE.match(text):
        return HttpUrl(url=text, place=uri.place)
    uri.error("bad-uri", f"Invalid HTTP endpoint specified for URI: {text}")
    return Unserved(what=text, place=uri.place)


def _service(kind: str, text: str, uri: Cursor) -> Target:
    arn = _SERVICE.fullmatch(text)
    if arn is None:
        uri.error("bad-uri", f"AWS ARN for integration must contain path or action: {text}")
        return Unserved(what=text, place=uri.place)
    read = _SERVICES.get((arn["service"], arn["kind"]))
    target = read(kind, arn["rest"], uri) if read is not None else None
    if target is not None:
        return target
    text = f"integrations of type {kind.upper()} with this are not served; every call of the method is a 500: {text}"
    uri.warning("unserved-target", text)
    return Unserved(what=arn.group(), place=uri.place)


def _function(kind: str, rest: str, uri: Cursor) -> Target | None:
    streamed = _STREAMED_FUNCTION.fullmatch(rest) if kind == "aws_proxy" else None
    if streamed is not None:
        return LambdaStream(name=streamed["name"], place=uri.place)
    found = _FUNCTION.fullmatch(rest)
    return LambdaFunction(name=found["name"], place=uri.place) if found is not None else None


def _table(kind: str, rest: str, uri: Cursor) -> Target | None:
    if kind != "aws" or not _OPERATION.fullmatch(rest):
        return None
    return Table(name="{TableName}", place=uri.place)


def table_operation(uri: str) -> str:
    """Give the operation on a table that a URI names, "" where it names none."""
    arn = _SERVICE.fullmatch(uri)
    found = _OPERATION.fullmatch(arn["rest"]) if arn is not None else None
    return found["operation"] if found is not None else ""


def _endpoint(kind: str, rest: str, uri: Cursor) -> Target | None:
    found = _INVOCATIONS.fullmatch(rest)
    if kind != "aws" or found is None:
        return None
    name = found["name"]
    literal = _PLACEHOLDER.sub("x", _STAGE_VARIABLE.sub("x", name))
    if not _ENDPOINT_NAME.fullmatch(literal):
        uri.warning("endpoint-name", f"{name!r} is no name that SageMaker gives an endpoint")
    operation = INVOKE if found["operation"] == INVOKE else found["operation"]  # a default is known by its identity
    return SageMakerEndpoint(name=name, operation=operation, place=uri.place)


_SERVICES: Final[Mapping[tuple[str, str], Callable[[str, str, Cursor], Target | None]]] = {
    ("runtime.sagemaker", "path"): _endpoint,
    ("lambda", "path"): _function,
    ("dynamodb", "action"): _table,
}
"""What reads the rest of a URI, by its service and whether it names a path or an action."""
