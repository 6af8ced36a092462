"""Operations of an API that are imported from an OpenAPI document.

Source: API Management, "Import an OpenAPI specification" and "API import restrictions" (https://learn.microsoft.com/
azure/api-management/api-management-api-import-restrictions): which identifiers and which server they get.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final
from urllib.parse import urlsplit

import msgspec

from inferway.dialects.apim.operations import Operation, at_path, named, template
from inferway.dialects.apim.policies.site import Example, Within
from inferway.dialects.apim.resources import View
from inferway.dialects.apim.sources import linked_text
from inferway.faults import Place, Severity
from inferway.formats.document import parse_document
from inferway.formats.nodes import Node, NodePlaces, SyntaxFault, plain
from inferway.formats.references import resolve_references

_METHODS: Final = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
_FORMATS: Final = ("openapi", "openapi+json", "swagger-json")
_LINKS: Final = ("openapi-link", "openapi+json-link", "swagger-link-json", "swagger-link")
_HOLDERS: Final = ("components", "definitions")
_JSON: Final = "application/json"
HOST: Final = ".azure-api.net"
"""What a service's own address ends in: it stands in documents that were exported from one, and is no backend."""

_UNSERVED: Final = frozenset(
    (
        "wadl-xml",
        "wadl-link-json",
        "wsdl",
        "wsdl-link",
        "graphql-link",
        "odata",
        "odata-link",
        "grpc",
        "grpc-link",
    )
)
"""Formats that the service takes and that are not read here ("ContentFormat" of the resource's reference)."""

_LONGEST: Final = 76
"""Characters of an operation's identifier."""


class Imported(msgspec.Struct, frozen=True, kw_only=True):
    """What an API's OpenAPI document says: its operations and the URL of its first server, "" where it has none."""

    operations: tuple[Operation, ...] = ()
    server: str = ""


def read_import(view: View) -> Imported:
    """Read the OpenAPI document of an API that has one."""
    value, kind = view["value"], view["format"].text()
    if value.value is None or not value.present:
        return Imported()
    if kind not in (*_FORMATS, *_LINKS):
        text = f"an API in the format {kind or 'that is not named'} is not served; {', '.join(_FORMATS)} are"
        (view["format"].warning if kind in _UNSERVED else view["format"].error)("unserved-format", text)
        return Imported()
    read = _document(view, kind)
    if read is None:
        return Imported()
    root, within = read
    document = plain(root)
    if not isinstance(document, Mapping) or not isinstance(document.get("paths"), Mapping):
        value.error("bad-document", "the API's document has no paths", within(1, 1))
        return Imported()
    return Imported(operations=tuple(_operations(document, root, within)), server=_server(document))


def _document(view: View, kind: str) -> tuple[Node, Within] | None:
    """Give an API's document, references in it resolved, and the places of its lines; None, with an error."""
    value = view["value"]
    within: Within = value.inside
    try:
        if kind in _LINKS:
            source = linked_text(view)
            if source is None:
                return None
            root, within = parse_document(source.text), source.within
        elif isinstance(value.value, str):
            root = parse_document(value.value)
        else:
            root = value.node()
            within = _known(value.place)
        root, findings = resolve_references(root, "")
    except SyntaxFault as fault:
        value.error(
            "bad-document", f"the API's document cannot be read: {fault.text}", within(fault.line, fault.column)
        )
        return None
    for finding in findings:
        say = value.error if finding.severity is Severity.ERROR else value.warning
        say(finding.code, finding.text, within(finding.place.line, finding.place.column))
    return root, within


def _known(place: Place) -> Within:
    """Give the places of a document that is part of its definition's file, where those have lines."""
    return lambda line, column: Place(file=place.file, line=line or place.line, column=column or place.column)


def _operations(document: Mapping[str, Any], root: Node, within: Within) -> Iterator[Operation]:
    holders = {key: document[key] for key in _HOLDERS if key in document}
    places = NodePlaces("", root)
    for path, item in document["paths"].items():
        for method in _METHODS if isinstance(item, Mapping) else ():
            operation = item.get(method)
            if not isinstance(operation, Mapping):
                continue
            written, query = template(str(path))
            parameters = [*_list(item.get("parameters")), *_list(operation.get("parameters"))]
            required = [
                str(parameter["name"])
                for parameter in parameters
                if parameter.get("in") == "query" and parameter.get("required") is True and "name" in parameter
            ]
            identifier = operation.get("operationId") or f"{method} {path}"
            place = places.find("paths", str(path), method)
            request = _content(operation, "requestBody/content") or _swagger_body(document, operation, parameters)
            yield Operation(
                id=named(str(identifier))[:_LONGEST],
                title=str(operation.get("summary") or operation.get("operationId") or f"{method.upper()} {path}"),
                method=method.upper(),
                path=written,
                query=query | {name: name for name in required},
                place=within(place.line, place.column),
                request=_schemas(request, holders),
                responses=_all_schemas(document, operation, holders),
                examples=_examples(document, operation),
                example_body=next((body for body in map(_example_body, request.values()) if body.startswith("{")), ""),
            )


def _list(value: Any) -> list[Mapping[str, Any]]:
    return [item for item in value if isinstance(item, Mapping)] if isinstance(value, list) else []


def _content(holder: Any, path: str) -> Mapping[str, Any]:
    return at_path(holder, path)


def _types(document: Mapping[str, Any], operation: Mapping[str, Any], key: str) -> list[str]:
    listed = operation.get(key, document.get(key))
    return [kind for kind in listed if isinstance(kind, str)] if isinstance(listed, list) else [_JSON]


def _swagger_body(
    document: Mapping[str, Any], operation: Mapping[str, Any], parameters: list[Mapping[str, Any]]
) -> dict[str, Any]:
    """Give the body of OpenAPI 2 as the content of OpenAPI 3."""
    for parameter in parameters:
        if parameter.get("in") == "body":
            return {kind: {"schema": parameter.get("schema")} for kind in _types(document, operation, "consumes")}
    return {}


def _responses(document: Mapping[str, Any], operation: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Give the status and the content of each response, OpenAPI 2 as OpenAPI 3."""
    for status, response in at_path(operation, "responses").items():
        if not isinstance(response, Mapping):
            continue
        content = dict(_content(response, "content"))
        examples = response.get("examples")
        for kind in _types(document, operation, "produces") if "swagger" in document else ():
            shown = examples.get(kind) if isinstance(examples, Mapping) else None
            content.setdefault(kind, {"schema": response.get("schema"), "example": shown})
        yield str(status), content


def _all_schemas(
    document: Mapping[str, Any], operation: Mapping[str, Any], holders: Mapping[str, Any]
) -> dict[str, str]:
    found: dict[str, str] = {}
    for _, content in _responses(document, operation):
        found |= _schemas(content, holders)
    return found


def _schemas(content: Mapping[str, Any], holders: Mapping[str, Any]) -> dict[str, str]:
    found = {}
    for kind, described in content.items():
        schema = described.get("schema") if isinstance(described, Mapping) else None
        if isinstance(schema, Mapping):
            found[str(kind).lower()] = msgspec.json.encode({**holders, **schema}).decode()
    return found


def _examples(document: Mapping[str, Any], operation: Mapping[str, Any]) -> dict[int, tuple[Example, ...]]:
    found: dict[int, tuple[Example, ...]] = {}
    for status, content in _responses(document, operation):
        if status.isascii() and status.isdigit() and len(status) == 3:
            shown = tuple(
                Example(content_type=str(kind), body=_example_body(described)) for kind, described in content.items()
            )
            found[int(status)] = shown
    return found


def _example_body(described: Any) -> str:
    """Give the example of a content as text, "" where it has none."""
    if not isinstance(described, Mapping):
        return ""
    value = described.get("example")
    listed = described.get("examples")
    for example in listed.values() if value is None and isinstance(listed, Mapping) else ():
        value = example.get("value") if isinstance(example, Mapping) else None
        break
    if value is None:
        return ""
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()


def _server(document: Mapping[str, Any]) -> str:
    servers = _list(document.get("servers"))
    url = servers[0].get("url") if servers else ""
    host, base, schemes = document.get("host"), document.get("basePath"), document.get("schemes")
    if isinstance(host, str) and "swagger" in document:
        scheme = "http" if schemes == ["http"] else "https"
        url = f"{scheme}://{host}{base if isinstance(base, str) else ''}".rstrip("/")
    try:
        parts = urlsplit(url) if isinstance(url, str) else urlsplit("")
    except ValueError:
        return ""
    if parts.netloc.lower().endswith(HOST):
        return ""
    return parts.geturl() if parts.scheme in ("http", "https") and parts.netloc else ""
