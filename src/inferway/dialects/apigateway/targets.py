"""Reads an integration's URI into its target.

Source: API Gateway API reference, `PutIntegration`, `uri`
(https://docs.aws.amazon.com/apigateway/latest/api/API_PutIntegration.html).
"""

import re
from collections.abc import Collection
from typing import Final

from inferway.definition.targets import HttpUrl, Mock, SageMakerEndpoint, Target, Unserved
from inferway.formats.cursor import Cursor

_SERVICE: Final = re.compile(
    r"arn:[^:]+:apigateway:[^:]*:(?P<service>[^:/]+):(?P<kind>path|action)/(?P<rest>.*)", re.DOTALL
)
_INVOCATIONS: Final = re.compile(r"/?endpoints/(?P<name>[^/?]+)/invocations")
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
    if not isinstance(target, Unserved):
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
    found = _INVOCATIONS.fullmatch(arn["rest"])
    service = arn["service"]
    if kind == "aws" and service == "runtime.sagemaker" and arn["kind"] == "path" and found:
        return _endpoint(found["name"], uri)
    uri.error("unserved-target", f"integrations of type {kind.upper()} with {service} are not served yet: {text}")
    return Unserved(what=text, place=uri.place)


def _endpoint(name: str, uri: Cursor) -> Target:
    literal = _PLACEHOLDER.sub("x", _STAGE_VARIABLE.sub("x", name))
    if not _ENDPOINT_NAME.fullmatch(literal):
        uri.warning("endpoint-name", f"{name!r} is no name that SageMaker gives an endpoint")
    return SageMakerEndpoint(name=name, place=uri.place)
