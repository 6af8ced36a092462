"""Operations of an API that are declared one by one.

Source: API Management REST API, "API Operation".
"""

import re
from collections.abc import Mapping
from typing import Any, Final

import msgspec

from inferway.dialects.apim.policies.site import Example
from inferway.dialects.apim.resources import View
from inferway.faults import Place
from inferway.formats.cursor import Cursor

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
    method, written = view["method"].text(), view["urlTemplate"].text()
    if not method or not written:
        view.whole.error("no-template", "the operation needs a method and a urlTemplate")
        return None
    path, query = template(written)
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


def template(text: str) -> tuple[str, dict[str, str]]:
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
            if name in at_path(holder, path):
                schema = {**(holder or {}), "$ref": f"#/{path}/{_escaped(name)}"}
                found[representation["contentType"].text().lower()] = msgspec.json.encode(schema).decode()
    return found


def named(text: str) -> str:
    """Give the identifier that is made of a text: lower-case letters and digits, all else one dash."""
    return _ID.sub("-", text).strip("-").lower()


def at_path(document: Any, path: str) -> Mapping[str, Any]:
    """Give the mapping at a path of keys, an empty one where there is none."""
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
