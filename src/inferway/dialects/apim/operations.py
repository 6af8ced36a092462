"""Operations of an API: declared one by one, or in an OpenAPI document that the API holds.

Source: API Management REST API, "API Operation"; "Import an OpenAPI specification" and "API import restrictions"
(https://learn.microsoft.com/azure/api-management/api-management-api-import-restrictions).
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final
from urllib.parse import urlsplit

import msgspec

from inferway.dialects.apim.policies.site import Example
from inferway.dialects.apim.resources import View
from inferway.faults import Place
from inferway.formats.cursor import Cursor

_METHODS: Final = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
_WILDCARD: Final = re.compile(r"/(?:\*|\{\*([^{}]*)\})$")
_QUERY: Final = re.compile(r"([^&=?]+)=\{([^{}]+)\}")
_ID: Final = re.compile(r"[^A-Za-z0-9]+")


class Operation(msgspec.Struct, frozen=True, kw_only=True):
    """One operation: `path` has its parameters as `{name}` or `{name+}`; `query` maps others to names in the query.

    Schemas of the request and of all responses are by content type, examples by status.
    """

    id: str
    title: str
    method: str
    path: str
    query: dict[str, str]
    place: Place
    request: Mapping[str, str] = {}
    responses: Mapping[str, str] = {}
    examples: Mapping[int, tuple[Example, ...]] = {}
    example_body: str = ""


def read_operation(view: View, schemas: Mapping[str, Mapping[str, Any]]) -> Operation | None:
    """Read a declared operation; `schemas` are its API's, by identifier."""
    method, template = view["method"].text(), view["urlTemplate"].text()
    if not method or not template:
        view.whole.error("no-template", "the operation needs a method and a urlTemplate")
        return None
    path, query = _template(template)
    request = list(view["request"]["representations"].items())
    responses = [
        (response["statusCode"].integer() or 0, representation)
        for response in view["responses"].items()
        for representation in response["representations"].items()
    ]
    examples: dict[int, tuple[Example, ...]] = {}
    for status, representation in responses:
        examples[status] = (*examples.get(status, ()), _example(representation))
    return Operation(
        id=view.name,
        title=view["displayName"].text(),
        method="ANY" if method == "*" else method.upper(),
        path=path,
        query=query,
        place=view.whole.place,
        request=_schemas(request, schemas),
        responses=_schemas([representation for _, representation in responses], schemas),
        examples=examples,
        example_body=next((found.body for found in map(_example, request) if found.body.startswith("{")), ""),
    )


def _template(text: str) -> tuple[str, dict[str, str]]:
    """Give the path of a URL template and the parameters in its query, each with its name there."""
    path, _, query = text.partition("?")
    path = "/" + path.strip().lstrip("/")
    wildcard = _WILDCARD.search(path)
    if wildcard is not None:
        path = f"{path[: wildcard.start()]}/{{{wildcard[1] or 'wildcard'}+}}"
    return path, {parameter: name for name, parameter in _QUERY.findall(query)}


def _schemas(representations: list[Cursor], schemas: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
    found = {}
    for representation in representations:
        holder = schemas.get(representation["schemaId"].text())
        name = representation["typeName"].text()
        for path in ("components/schemas", "definitions") if holder is not None and name else ():
            if name in _at(holder, path):
                schema = {**(holder or {}), "$ref": f"#/{path}/{_escaped(name)}"}
                found[representation["contentType"].text().lower()] = msgspec.json.encode(schema).decode()
    return found


def _at(document: Any, path: str) -> Mapping[str, Any]:
    for part in path.split("/"):
        document = document.get(part) if isinstance(document, Mapping) else None
    return document if isinstance(document, Mapping) else {}


def _escaped(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")


def _example(representation: Cursor) -> Example:
    content_type = representation["contentType"].text()
    for _, example in representation["examples"].entries():
        value = example["value"].value
        if isinstance(value, str | dict | list):
            body = value if isinstance(value, str) else msgspec.json.encode(value).decode()
            return Example(content_type=content_type, body=body)
    return Example(content_type=content_type)


class Imported(msgspec.Struct, frozen=True, kw_only=True):
    """What an API's OpenAPI document says: its operations and the URL of its first server, "" where it has none."""

    operations: tuple[Operation, ...] = ()
    server: str = ""


_JSON_FORMATS: Final = ("openapi+json", "swagger-json")


def read_import(view: View) -> Imported:
    """Read the OpenAPI document of an API that has one."""
    value, kind = view["value"].value, view["format"].text()
    if value is None or not view["value"].present:
        return Imported()
    if kind not in _JSON_FORMATS:
        text = f"an API in the format {kind or 'that is not named'} is not served; {' and '.join(_JSON_FORMATS)} are"
        view["format"].error("unserved-format", text)
        return Imported()
    try:
        document = msgspec.json.decode(value) if isinstance(value, str) else value
    except (msgspec.DecodeError, RecursionError) as error:
        view["value"].error("bad-document", f"the API's document is no JSON: {error}")
        return Imported()
    if not isinstance(document, Mapping) or not isinstance(document.get("paths"), Mapping):
        view["value"].error("bad-document", "the API's document has no paths")
        return Imported()
    return Imported(operations=tuple(_imported(document, view)), server=_server(document))


def _imported(document: Mapping[str, Any], view: View) -> Iterator[Operation]:
    holders = {key: document[key] for key in ("components", "definitions") if key in document}
    for path, item in document["paths"].items():
        for method in _METHODS if isinstance(item, Mapping) else ():
            operation = item.get(method)
            if not isinstance(operation, Mapping):
                continue
            plain, query = _template(str(path))
            required = [
                str(parameter["name"])
                for parameter in [*_list(item.get("parameters")), *_list(operation.get("parameters"))]
                if parameter.get("in") == "query" and parameter.get("required") is True and "name" in parameter
            ]
            title = operation.get("summary") or operation.get("operationId") or f"{method.upper()} {path}"
            identifier = operation.get("operationId") or f"{method} {path}"
            yield Operation(
                id=_ID.sub("-", str(identifier)).strip("-").lower(),
                title=str(title),
                method=method.upper(),
                path=plain,
                query=query | {name: name for name in required},
                place=view["value"].place,
                request=_contents(_at(operation, "requestBody/content"), holders),
                responses=_all_contents(operation, holders),
            )


def _list(value: Any) -> list[Mapping[str, Any]]:
    return [item for item in value if isinstance(item, Mapping)] if isinstance(value, list) else []


def _all_contents(operation: Mapping[str, Any], holders: Mapping[str, Any]) -> dict[str, str]:
    found: dict[str, str] = {}
    for response in _at(operation, "responses").values():
        found |= _contents(_at(response, "content"), holders)
    return found


def _contents(content: Mapping[str, Any], holders: Mapping[str, Any]) -> dict[str, str]:
    found = {}
    for kind, described in content.items():
        schema = described.get("schema") if isinstance(described, Mapping) else None
        if isinstance(schema, Mapping):
            found[str(kind).lower()] = msgspec.json.encode({**holders, **schema}).decode()
    return found


def _server(document: Mapping[str, Any]) -> str:
    servers = _list(document.get("servers"))
    url = servers[0].get("url") if servers else ""
    try:
        parts = urlsplit(url) if isinstance(url, str) else urlsplit("")
    except ValueError:
        return ""
    return parts.geturl() if parts.scheme in ("http", "https") and parts.netloc else ""
