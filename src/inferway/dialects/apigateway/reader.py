"""Reads OpenAPI documents with the vendor's extensions, and the service's resources, into APIs.

Source: API Gateway, "Develop REST APIs using OpenAPI in API Gateway" (https://docs.aws.amazon.com/apigateway/latest/
developerguide/api-gateway-import-api.html).
"""

import re
from collections.abc import Iterator, Mapping
from typing import Final

import msgspec

from inferway.definition.api import ApiDefinition, RequestLimits
from inferway.dialects.apigateway.base_path import server_paths
from inferway.dialects.apigateway.bodies import has_body
from inferway.dialects.apigateway.compression import report_compression
from inferway.dialects.apigateway.documentation import described, read_documentation
from inferway.dialects.apigateway.documents import Parts, assemble
from inferway.dialects.apigateway.domains import read_hosts, read_truststores, report_conflicts
from inferway.dialects.apigateway.extensions import DOCUMENT as EXTENSIONS
from inferway.dialects.apigateway.extensions import report_extensions
from inferway.dialects.apigateway.gateway_responses import read_gateway_responses
from inferway.dialects.apigateway.identifiers import api_id_of
from inferway.dialects.apigateway.methods import read_method
from inferway.dialects.apigateway.models import Models
from inferway.dialects.apigateway.paths import Paths
from inferway.dialects.apigateway.property_names import PROPERTIES
from inferway.dialects.apigateway.quotas import report_authorizers, report_shared_keys, report_stage_count
from inferway.dialects.apigateway.resource_policy import report_private
from inferway.dialects.apigateway.resource_view import ResourceView, views
from inferway.dialects.apigateway.stage_settings import read_stages
from inferway.dialects.apigateway.usage_plans import covered_apis, read_keys, read_plans, report_stages
from inferway.dialects.aws_resources.unknown_types import unknown_types
from inferway.faults import Findings
from inferway.formats.cursor import Cursor, Report
from inferway.formats.openapi import DOCUMENT
from inferway.formats.resources import Resource, ResourceGraph

CLAIMS: Final = ("openapi:", "AWS::ApiGateway::", "aws:apigateway/")
"""Prefixes of the resource types that `read` reads."""

LIMITS: Final = RequestLimits(url=10_240, headers=10_240, body=10 * 1024 * 1024)
"""Bytes ("Amazon API Gateway quotas")."""


def read(graph: ResourceGraph) -> tuple[tuple[ApiDefinition, ...], Findings]:
    """Read each document and each API's resources, with findings for what the service refuses or is not served yet."""
    findings: Report = dict.fromkeys(unknown_types(graph.resources, CLAIMS))
    apis = [_document(resource, findings) for resource in graph.resources if resource.type == DOCUMENT]
    kinds = views(graph.resources, findings)
    report_conflicts([*kinds.get("base-path", ()), *kinds.get("base-path-v2", ())])
    truststores = read_truststores([*kinds.get("domain", ()), *kinds.get("domain-v2", ())])
    certificates = {view.id: view.label for view in kinds.get("certificate", ())}
    apis += [_resources(parts, truststores, certificates, findings) for parts in by_api(kinds)]
    return tuple(apis), tuple(findings)


def slug_of(title: str) -> str:
    """Give the part of an address that stands for an API of this title."""
    return re.sub("[^a-z0-9]+", "-", title.lower()).strip("-") or "api"


def _document(resource: Resource, findings: Report) -> ApiDefinition:
    document = Cursor.of(resource, findings)
    slug = slug_of(document["info"]["title"].text() or resource.name)
    return _read(document, resource.name, Models(document), api_id_of(slug))


def by_api(kinds: dict[str, list[ResourceView]]) -> Iterator[Parts]:
    """Give each API with the resources that name it; those that name none that is there are reported."""
    apis = {api.id: api for api in kinds.get("rest-api", ())}
    others: dict[str, dict[str, list[ResourceView]]] = {each: {} for each in apis}
    for kind, found in kinds.items():
        for view in found:
            if "RestApiId" not in view.kind.reads:
                continue
            if view.api() in others:
                others[view.api()].setdefault(kind, []).append(view)
            elif view["RestApiId"].present or "RestApiId!" not in PROPERTIES.get(view.type, ()):
                view["RestApiId"].warning("unknown-api", f"{view.label} belongs to an API that is not defined here")
    for view, covered in covered_apis(kinds):
        for each in covered:
            if each in others:
                others[each].setdefault(view.kind.name, []).append(view)
    for each, api in apis.items():
        yield Parts(api=api, others=others[each])


def _resources(
    parts: Parts, truststores: Mapping[str, str], certificates: Mapping[str, str], findings: Report
) -> ApiDefinition:
    document = assemble(parts, findings)
    is_imported = has_body(parts.api) or bool(parts.of("put"))
    deployed = is_imported or bool(parts.of("deployment") or parts.of("stage"))
    models = Models(document, imported=is_imported)
    api = _read(document, parts.api.label, models, parts.api.id, deployed=deployed)
    stages, plans = read_stages(parts, api.routes, certificates), read_plans(parts)
    names = [stage.name for stage in stages]
    report_stages(parts, names)
    report_stage_count(parts, stages)
    report_shared_keys(parts)
    return msgspec.structs.replace(
        api,
        hosts=read_hosts(parts, names, truststores),
        stages=stages,
        plans=plans,
        keys=read_keys(parts, plans),
    )


def _read(document: Cursor, name: str, models: Models, api_id: str, *, deployed: bool = True) -> ApiDefinition:
    report_extensions(document, EXTENSIONS)
    report_extensions(document["components"], EXTENSIONS)
    report_compression(document)
    report_authorizers(document)
    report_private(document)
    read_documentation(document)
    _report_base_path(document)
    info = document["info"]
    title = info["title"].text()
    if not title:
        info.error("no-title", "the API needs a title")
    routes = (read_method(document, method, models, api_id) for method in Paths(document, deployed=deployed).methods())
    return ApiDefinition(
        dialect="apigateway",
        id=api_id,
        name=title or name,
        slug=slug_of(title or name),
        version=info["version"].text(),
        description=described(document),
        limits=LIMITS,
        routes=tuple(route for route in routes if route is not None),
        models=models.read(),
        error_responses=read_gateway_responses(document),
        place=document.place,
    )


def _report_base_path(document: Cursor) -> None:
    """Report a base path, which the service ignores unless told otherwise ("OpenAPI basePath property")."""
    swagger = document["basePath"]
    if swagger.text().strip("/"):
        swagger.note("ignored-base-path", f"the base path {swagger.text()} is ignored, as with basepath=ignore")
    for server, path in server_paths(document):
        report_extensions(server, EXTENSIONS)
        if path.strip("/"):
            server["url"].note("ignored-base-path", f"the base path {path} is ignored, as with basepath=ignore")
