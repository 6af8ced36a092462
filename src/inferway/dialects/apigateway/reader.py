"""Reads OpenAPI documents with the vendor's extensions into APIs.

Source: API Gateway, "Develop REST APIs using OpenAPI in API Gateway" (https://docs.aws.amazon.com/apigateway/latest/
developerguide/api-gateway-import-api.html).
"""

import re
from typing import Final
from urllib.parse import urlsplit

from inferway.definition.api import ApiDefinition, RequestLimits
from inferway.dialects.apigateway.extensions import DOCUMENT, report_extensions
from inferway.dialects.apigateway.gateway_responses import read_gateway_responses
from inferway.dialects.apigateway.methods import read_method
from inferway.dialects.apigateway.models import Models
from inferway.dialects.apigateway.paths import Paths
from inferway.faults import Findings
from inferway.formats.cursor import Cursor, Report
from inferway.formats.resources import Resource, ResourceGraph

CLAIMS: Final = frozenset({"openapi:document"})
"""The resource types that `read` reads."""

LIMITS: Final = RequestLimits(url=10_240, headers=10_240, body=10 * 1024 * 1024)
"""Bytes ("Amazon API Gateway quotas")."""


def read(graph: ResourceGraph) -> tuple[tuple[ApiDefinition, ...], Findings]:
    """Read each claimed resource into an API, with findings for what the service refuses or is not served yet."""
    findings: Report = {}
    apis = tuple(_read(resource, findings) for resource in graph.resources if resource.type in CLAIMS)
    return apis, tuple(findings)


def slug_of(title: str) -> str:
    """Give the part of an address that stands for an API of this title."""
    return re.sub("[^a-z0-9]+", "-", title.lower()).strip("-") or "api"


def _read(resource: Resource, findings: Report) -> ApiDefinition:
    document = Cursor.of(resource, findings)
    report_extensions(document, DOCUMENT)
    report_extensions(document["components"], DOCUMENT)
    _report_base_path(document)
    info = document["info"]
    title = info["title"].text()
    if not title:
        info.error("no-title", "the API needs a title")
    models = Models(document)
    routes = (read_method(document, method, models) for method in Paths(document).methods())
    return ApiDefinition(
        dialect="apigateway",
        name=title or resource.name,
        slug=slug_of(title or resource.name),
        version=info["version"].text(),
        description=info["description"].text(),
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
    for server in document["servers"].items():
        report_extensions(server, DOCUMENT)
        url, base = server["url"].text(), server["variables"]["basePath"]["default"].text()
        path = base if "{basePath}" in url else _path_of(url)
        if path.strip("/"):
            server["url"].note("ignored-base-path", f"the base path {path} is ignored, as with basepath=ignore")


def _path_of(url: str) -> str:
    try:
        return urlsplit(url).path
    except ValueError:
        return ""
