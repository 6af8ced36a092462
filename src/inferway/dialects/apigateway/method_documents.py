"""Puts a method's resources into the document of its API.

Sources: API Gateway, "x-amazon-apigateway-integration object"; CloudFormation Template Reference,
"AWS::ApiGateway::Method" and its property types.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Final

from inferway.dialects.apigateway.assembly import Assembly, Path
from inferway.dialects.apigateway.authorization import AUTH
from inferway.dialects.apigateway.authorizer_documents import authorization_of, schemes_path
from inferway.dialects.apigateway.integrations import EXTENSION
from inferway.dialects.apigateway.models import BUILT_IN
from inferway.dialects.apigateway.parameters import VALIDATOR
from inferway.dialects.apigateway.paths import ANY
from inferway.dialects.apigateway.resource_kind import INTEGRATION
from inferway.dialects.apigateway.resource_view import ResourceView, View
from inferway.formats.cursor import Cursor

_METHODS: Final = frozenset(("GET", "PUT", "POST", "DELETE", "OPTIONS", "HEAD", "PATCH"))
_PARAMETER: Final = re.compile(
    r"method\.request\.(path|querystring|header|multivaluequerystring|multivalueheader)\.(.+)"
)
_PLACES: Final = {"path": "path", "querystring": "query", "header": "header"}
_HEADER: Final = re.compile(r"method\.response\.header\.(.+)")
_API_KEY: Final = "api_key"

_NAMES: Final = {"IntegrationHttpMethod": "httpMethod"}
"""Properties of an integration that the extension does not just call the same in camelCase."""

_RESPONSES: Final = {
    "ContentHandling": "contentHandling",
    "ResponseParameters": "responseParameters",
    "ResponseTemplates": "responseTemplates",
    "StatusCode": "statusCode",
}


def put_method(
    method: ResourceView, path: str, made: Assembly, responses: Iterable[ResourceView], authorizers: Mapping[str, str]
) -> Path | None:
    """Put a method and its responses; give where it stands, or None, with an error, for one that is no method.

    `authorizers` are the types of the API's authorizers by their identifiers.
    """
    verb = method["HttpMethod"].text().upper()
    if verb not in _METHODS and verb != "ANY":
        if method["HttpMethod"].present:
            method["HttpMethod"].error("unknown-method", f"API Gateway has no method {verb}")
        return None
    where: Path = ("paths", path, ANY if verb == "ANY" else verb.lower())
    if made.has(where):
        method["HttpMethod"].error("duplicate-method", f"{verb} {path} is there already")
        return None
    made.put(where, {}, method.at)
    made.copy((*where, "operationId"), method["OperationName"])
    made.copy((*where, VALIDATOR), method["RequestValidatorId"])
    kind = method["AuthorizationType"]
    made.put((*where, AUTH), {"type": kind.text("NONE")}, kind)
    _put_security(method, where, made, authorizers)
    _put_parameters(method, where, made)
    _put_models(method["RequestModels"], where, made)
    for response in [*method.items("MethodResponses"), *responses]:
        _put_response(response, where, made)
    return where


def put_integration(integration: View, where: Path, made: Assembly, responses: Iterable[ResourceView]) -> None:
    """Put an integration and its responses into the method at `where`."""
    at = (*where, EXTENSION)
    made.put(at, {}, integration.at)
    for name in sorted(INTEGRATION):
        made.copy((*at, _NAMES.get(name, f"{name[0].lower()}{name[1:]}")), integration[name])
    for response in [*integration.items("IntegrationResponses"), *responses]:
        pattern = response["SelectionPattern"].text()
        # The document's word for no pattern would else be taken for it.
        key = "(?:default)" if pattern == "default" else pattern or "default"
        path = (*at, "responses", key)
        if made.has(path):
            text = "a second integration response without a selection pattern" if key == "default" else f"{key} twice"
            # The service takes both: each is known by its status (PutIntegrationResponse).
            response["SelectionPattern"].warning("duplicate-case", f"there is {text}; the first counts")
            continue
        made.put(path, {}, response.at)
        for name, key in _RESPONSES.items():
            made.copy((*path, key), response[name])


def _put_security(method: ResourceView, where: Path, made: Assembly, authorizers: Mapping[str, str]) -> None:
    """Ask for an authorizer and an API key; a method that does not is open, whatever its API says of others."""
    needed, asked = method["ApiKeyRequired"], authorization_of(method, authorizers)
    requirements = [asked[0]] if asked is not None else []
    if needed.flag():
        requirements.append({_API_KEY: []})
    made.put((*where, "security"), requirements, needed if asked is None else asked[1])
    scheme = (*schemes_path(made), _API_KEY)
    if needed.flag() and not made.has(scheme):
        made.put(scheme, {"type": "apiKey", "name": "x-api-key", "in": "header"}, needed)


def _put_parameters(method: ResourceView, where: Path, made: Assembly) -> None:
    count = 0
    for key, required in method["RequestParameters"].entries():
        found = _PARAMETER.fullmatch(key)
        if found is None:
            required.error("bad-parameter", f"Invalid mapping expression specified: {key}")
            continue
        location = _PLACES[found[1].removeprefix("multivalue")]
        parameter = {"in": location, "name": found[2], "required": required.flag()}
        made.put((*where, "parameters", count), parameter, required)
        count += 1


def _put_models(models: Cursor, where: Path, made: Assembly) -> None:
    swagger = made.has(("swagger",))
    for content_type, model in models.entries():
        name = model.text()
        holder = ("definitions", name) if swagger else ("components", "schemas", name)
        if name in BUILT_IN and not made.has(holder):
            continue
        if not made.has(holder):
            model.error("unknown-model", f"Invalid model identifier specified: {name}")
            continue
        schema = {"$ref": "#/" + "/".join(holder)}
        made.put((*where, "requestBody", "content", content_type, "schema"), schema, model)


def _put_response(response: View, where: Path, made: Assembly) -> None:
    status = response["StatusCode"]
    path = (*where, "responses", status.text())
    made.put((*path, "description"), "", status)
    for key, declared in response["ResponseParameters"].entries():
        found = _HEADER.fullmatch(key)
        if found is None:
            declared.error("bad-parameter", f"Invalid mapping expression specified: {key}")
        else:
            made.put((*path, "headers", found[1]), {}, declared)
    for content_type, model in response["ResponseModels"].entries():
        name = model.text()
        holder = ("definitions", name) if made.has(("swagger",)) else ("components", "schemas", name)
        if name in BUILT_IN or made.has(holder):
            schema = {"$ref": "#/" + "/".join(holder)}
            made.put((*path, "content", content_type, "schema"), schema, model)
