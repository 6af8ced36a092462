"""Reads documentation parts, and checks what each is about.

Sources: API Gateway, "Representation of API documentation in API Gateway" (https://docs.aws.amazon.com/apigateway/latest/
developerguide/api-gateway-documenting-api-content-representation.html), "x-amazon-apigateway-documentation object"; the
service model of CreateDocumentationPart (which fields a location may and must have: where the guide's table asks for
less, that does); CloudFormation Template Reference, "AWS::ApiGateway::DocumentationPart".
"""

import json
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from typing import Any, Final

import msgspec

from inferway.dialects.apigateway.assembly import Assembly
from inferway.dialects.apigateway.resource_view import ResourceView
from inferway.formats.cursor import Cursor

EXTENSION: Final = "x-amazon-apigateway-documentation"
PARTS: Final = "documentationParts"

_METHOD: Final = frozenset(("path", "method"))
_RESPONSE: Final = frozenset(("path", "method", "statusCode"))
_NAMED: Final = frozenset(("name",))

FIELDS: Final[Mapping[str, frozenset[str]]] = {
    "API": frozenset(),
    "AUTHORIZER": _NAMED,
    "MODEL": _NAMED,
    "RESOURCE": frozenset(("path",)),
    "METHOD": _METHOD,
    "PATH_PARAMETER": _METHOD | _NAMED,
    "QUERY_PARAMETER": _METHOD | _NAMED,
    "REQUEST_HEADER": _METHOD | _NAMED,
    "REQUEST_BODY": _METHOD | _NAMED,
    "RESPONSE": _RESPONSE,
    "RESPONSE_HEADER": _RESPONSE | _NAMED,
    "RESPONSE_BODY": _RESPONSE,
}
"""The fields that the location of a part of a type may have beside its type."""

_NAMELESS: Final = frozenset(("REQUEST_BODY",))
"""Types whose location may have a name, and need not: the guide's table and the service model disagree about it."""

_SPELLED: Final = {"Method": "method", "Name": "name", "Path": "path", "StatusCode": "statusCode", "Type": "type"}


class DocumentationPart(msgspec.Struct, frozen=True, kw_only=True):
    """What is said of one thing, or of all that a location with `*` or a path above them covers."""

    type: str
    path: str = "/"
    method: str = "*"
    status: str = "*"
    name: str = ""
    properties: Mapping[str, Any]


def read_documentation(document: Cursor) -> tuple[DocumentationPart, ...]:
    """Read the parts of a document; those whose location cannot be are reported and left out."""
    made: dict[tuple[str, ...], DocumentationPart] = {}
    for item in document[EXTENSION][PARTS].items():
        part = _part(item)
        if part is None:
            continue
        key = (part.type, part.path, part.method, part.status, part.name)
        if key in made:
            item["location"].warning(
                "duplicate-documentation", "there is a documentation part of this location already"
            )
        else:
            made[key] = part
    return tuple(made.values())


def described(document: Cursor) -> str:
    """Give the description of an API: what its own documentation part says of it, else the document."""
    for item in document[EXTENSION][PARTS].items():
        location, properties = item["location"], item["properties"]
        if isinstance(location.value, Mapping) and location["type"].value == "API":
            said = properties.value.get("info") if isinstance(properties.value, Mapping) else None
            if isinstance(said, Mapping) and isinstance(said.get("description"), str):
                return str(said["description"])
    return document["info"]["description"].text()


def put_documentation(part: ResourceView, made: Assembly, index: int) -> None:
    """Put a resource among the parts of its API's document, at an index; one that the service refuses is an error."""
    location = part.inside("Location")
    fields = {written: location[name].text() for name, written in _SPELLED.items()}
    given = {name: text for name, text in fields.items() if text}
    wrong = _fault(given.get("type", ""), given.keys() - {"type"})
    if wrong:
        location.at.error("bad-documentation", wrong)
        return
    text = part["Properties"]
    properties = _mapping(text.value)
    if properties is None:
        text.error("bad-documentation", "the properties of a documentation part are a JSON object, as text")
        return
    made.put((EXTENSION, PARTS, index), {"location": given, "properties": properties}, part.at)


def put_version(version: ResourceView, made: Assembly) -> None:
    """Put the name of a snapshot of the parts; the last one that is made counts."""
    made.put((EXTENSION, "version"), version["DocumentationVersion"].text(), version["DocumentationVersion"])


def _part(item: Cursor) -> DocumentationPart | None:
    location = item["location"]
    kind = location["type"].text()
    fields = {name: at.text() for name, at in location.entries() if name != "type" and at.value not in (None, "")}
    wrong = _fault(kind, fields.keys())
    if wrong:
        location.warning("bad-documentation", f"{wrong}; it is left out")
        return None
    properties = _mapping(item["properties"].value)
    if properties is None:
        item["properties"].warning("bad-documentation", "the properties of a documentation part are a JSON object")
        return None
    return DocumentationPart(
        type=kind,
        path=fields.get("path", "/"),
        method=fields.get("method", "*").upper(),
        status=fields.get("statusCode", "*"),
        name=fields.get("name", ""),
        properties=properties,
    )


def _fault(kind: str, fields: AbstractSet[str]) -> str:
    """Say what is wrong with the location of a part of a type that has these fields; "" for nothing."""
    if kind not in FIELDS:
        return f"{kind!r} is nothing that can be documented; there are {', '.join(FIELDS)}"
    wrong = sorted(fields - FIELDS[kind])
    if wrong:
        return f"the location of a documentation part {kind} has no {wrong[0]}"
    if "name" in FIELDS[kind] - fields and kind not in _NAMELESS:
        return f"the location of a documentation part {kind} needs a name"
    return ""


def _mapping(value: object) -> dict[str, Any] | None:
    """Give what a part says, as a resource does in a text; None where that is no JSON object."""
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            return None
    return value if isinstance(value, dict) else None
