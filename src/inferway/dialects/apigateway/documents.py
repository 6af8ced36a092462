"""Puts the resources of one REST API together to the document that the service would export for it.

So there is one way from a definition to steps, whichever format it is in. Sources: API Gateway, "OpenAPI extensions for
API Gateway"; CloudFormation Template Reference, "AWS::ApiGateway::…".
"""

import json
from typing import Final

import msgspec

from inferway.dialects.apigateway.assembly import Assembly
from inferway.dialects.apigateway.authorization import KEY_SOURCE
from inferway.dialects.apigateway.authorizer_documents import check_authorizer, put_authorizer, types_of
from inferway.dialects.apigateway.base_path import put_base_path
from inferway.dialects.apigateway.binary_types import EXTENSION as BINARY_TYPES
from inferway.dialects.apigateway.bodies import imported
from inferway.dialects.apigateway.documentation import EXTENSION as DOCUMENTATION
from inferway.dialects.apigateway.documentation import PARTS as DOCUMENTATION_PARTS
from inferway.dialects.apigateway.documentation import put_documentation, put_version
from inferway.dialects.apigateway.extensions import PREFIX
from inferway.dialects.apigateway.gateway_responses import EXTENSION as GATEWAY_RESPONSES
from inferway.dialects.apigateway.method_documents import put_integration, put_method
from inferway.dialects.apigateway.parameters import VALIDATORS
from inferway.dialects.apigateway.resource_policy import POLICY
from inferway.dialects.apigateway.resource_tree import resource_paths
from inferway.dialects.apigateway.resource_view import ResourceView
from inferway.formats.cursor import Cursor, Report

_API_EXTENSIONS: Final = {
    "ApiKeySourceType": KEY_SOURCE,
    "EndpointAccessMode": f"{PREFIX}endpoint-access-mode",
    "EndpointConfiguration": f"{PREFIX}endpoint-configuration",
    "MinimumCompressionSize": f"{PREFIX}minimum-compression-size",
    "Policy": POLICY,
    "SecurityPolicy": f"{PREFIX}security-policy",
}


class Parts(msgspec.Struct, frozen=True, kw_only=True):
    """The resources of one API: its own, and the others by kind."""

    api: ResourceView
    others: dict[str, list[ResourceView]]

    def of(self, kind: str) -> list[ResourceView]:
        """Give those of a kind."""
        return self.others.get(kind, [])


def assemble(parts: Parts, findings: Report) -> Cursor:
    """Put an API's resources together; what does not fit is reported."""
    made = Assembly(parts.api.at)
    holder = next(iter(parts.of("put")), parts.api)
    document = imported(holder, findings)
    if document is not None:
        grafted = Cursor.of(document, findings)
        made.graft(grafted)
        put_base_path(holder, grafted, made, findings)
    _put_api(parts, made)
    for validator in parts.of("validator"):
        for name, key in (
            ("ValidateRequestBody", "validateRequestBody"),
            ("ValidateRequestParameters", "validateRequestParameters"),
        ):
            made.put((VALIDATORS, validator.id, key), validator[name].flag(), validator[name])
    for model in parts.of("model"):
        _put_model(model, made)
    for response in parts.of("gateway-response"):
        _put_gateway_response(response, made)
    for authorizer in parts.of("authorizer"):
        put_authorizer(authorizer, made)
    _put_methods(parts, made)
    known = sum(1 for _ in made.cursor({})[DOCUMENTATION][DOCUMENTATION_PARTS].items())
    for index, part in enumerate(parts.of("documentation"), known):
        put_documentation(part, made, index)
    for version in parts.of("documentation-version"):
        put_version(version, made)
    assembled = made.cursor(findings)
    for authorizer in parts.of("authorizer"):
        check_authorizer(authorizer, assembled, parts.api.id)
    return assembled


def _put_api(parts: Parts, made: Assembly) -> None:
    api = parts.api
    if not made.has(("info", "title")) or api["Name"].value:
        name = api["Name"].text()
        made.put(("info", "title"), name or str(api.attributes.get("name", "")) or api.label, api["Name"])
    if not made.has(("info", "description")):
        made.copy(("info", "description"), api["Description"])
    for name, key in _API_EXTENSIONS.items():
        made.copy((key,), api[name])
    _put_binary_types(api["BinaryMediaTypes"], made)
    for policy in parts.of("policy"):
        made.copy((POLICY,), policy["Policy"])
    if api["DisableExecuteApiEndpoint"].flag():
        api["DisableExecuteApiEndpoint"].note(
            "unserved-property", "the default endpoint is closed on its own domain, not here"
        )


def _put_binary_types(types: Cursor, made: Assembly) -> None:
    """Put the binary media types, in which templates may write `~1` for a slash (AWS::ApiGateway::RestApi)."""
    given = [kind.text().replace("~1", "/") for kind in types.items()]
    if given:
        made.put((BINARY_TYPES,), given, types)


def _put_model(model: ResourceView, made: Assembly) -> None:
    schema, name = model["Schema"], model["Name"].text() or model.id
    path = ("definitions", name) if made.has(("swagger",)) else ("components", "schemas", name)
    if not isinstance(schema.value, str):
        made.put(path, schema.value if schema.present else {}, schema)
        return
    try:
        made.put(path, json.loads(schema.value), schema)
    except (ValueError, RecursionError) as error:
        schema.error("bad-model", f"Invalid model schema specified: {error}")


def _put_gateway_response(response: ResourceView, made: Assembly) -> None:
    path = (GATEWAY_RESPONSES, response["ResponseType"].text())
    made.put(path, {}, response["ResponseType"])
    for name, key in (
        ("StatusCode", "statusCode"),
        ("ResponseParameters", "responseParameters"),
        ("ResponseTemplates", "responseTemplates"),
    ):
        made.copy((*path, key), response[name])


def _put_methods(parts: Parts, made: Assembly) -> None:
    paths = resource_paths(parts.api, parts.of("resource"))
    authorizers = types_of(parts.of("authorizer"))
    separate: dict[tuple[str, str], dict[str, list[ResourceView]]] = {}
    for kind in ("integration", "integration-response", "method-response"):
        for view in parts.of(kind):
            separate.setdefault(_method_of(view), {}).setdefault(kind, []).append(view)
    for method in parts.of("method"):
        resource, verb = _method_of(method)
        if resource not in paths:
            if method["ResourceId"].present:
                text = f"{method.label}: no resource of the API has this identifier"
                method["ResourceId"].error("unknown-resource", text)
            continue
        beside = separate.pop((resource, verb), {})
        where = put_method(method, paths[resource], made, beside.get("method-response", []), authorizers)
        if where is None:
            continue
        integrations = beside.get("integration", [])
        own = [method.inside("Integration")] if method["Integration"].value else []
        for integration in [*own, *integrations]:
            put_integration(integration, where, made, beside.get("integration-response", []))
    for kinds in separate.values():
        for left in (view for views in kinds.values() for view in views):
            left.at.error("unknown-method", f"{left.label} belongs to a method that is not there")


def _method_of(view: ResourceView) -> tuple[str, str]:
    return view["ResourceId"].text(), view["HttpMethod"].text().upper()
