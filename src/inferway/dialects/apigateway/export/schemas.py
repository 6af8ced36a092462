"""Models and other schemas of an exported document.

The service keeps JSON Schemas of draft 4; a document has them as they are, with references to models as it writes
them. What of draft 4 its own schemas have not is told (OpenAPI 3.0.4, "Schema Object"; Swagger 2.0, "Schema Object").
"""

from collections.abc import Iterator, Mapping
from typing import Final

from inferway.dialects.apigateway.export.documented import fits
from inferway.dialects.apigateway.export.options import ExportType
from inferway.dialects.apigateway.models import REFERENCE

PREFIXES: Final = {ExportType.OAS30: "#/components/schemas/", ExportType.SWAGGER: "#/definitions/"}
"""How a document of a type refers to a model."""

_DATA: Final = frozenset(("default", "enum", "example", "examples"))
_NAMED: Final = frozenset(("properties", "patternProperties", "definitions", "dependencies"))
_COMMON: Final = frozenset(
    (
        "$ref",
        "additionalProperties",
        "allOf",
        "default",
        "description",
        "discriminator",
        "enum",
        "example",
        "exclusiveMaximum",
        "exclusiveMinimum",
        "externalDocs",
        "format",
        "items",
        "maxItems",
        "maxLength",
        "maxProperties",
        "maximum",
        "minItems",
        "minLength",
        "minProperties",
        "minimum",
        "multipleOf",
        "pattern",
        "properties",
        "readOnly",
        "required",
        "title",
        "type",
        "uniqueItems",
        "xml",
    )
)
_KNOWN: Final = {
    ExportType.SWAGGER: _COMMON,
    ExportType.OAS30: _COMMON | {"anyOf", "deprecated", "not", "nullable", "oneOf", "writeOnly"},
}
_KINDS: Final[Mapping[str, type | tuple[type, ...]]] = {
    **dict.fromkeys(("$ref", "description", "format", "pattern", "title"), str),
    **dict.fromkeys(("maximum", "minimum", "multipleOf"), (int, float)),
    **dict.fromkeys(("maxItems", "maxLength", "maxProperties", "minItems", "minLength", "minProperties"), int),
    **dict.fromkeys(("exclusiveMaximum", "exclusiveMinimum", "nullable", "readOnly", "uniqueItems", "writeOnly"), bool),
    **dict.fromkeys(("allOf", "anyOf", "enum", "oneOf", "required"), list),
    **dict.fromkeys(("properties", "xml"), Mapping),
    "deprecated": bool,
}
_TYPES: Final = frozenset(("array", "boolean", "integer", "number", "object", "string"))


def rewritten(schema: object, kind: ExportType) -> object:
    """Give a schema with its references as a document of a type writes them, and without `$schema`."""
    if isinstance(schema, list):
        return [rewritten(item, kind) for item in schema]
    if not isinstance(schema, Mapping):
        return schema
    made: dict[str, object] = {}
    for key, part in schema.items():
        if key == "$ref" and isinstance(part, str):
            found = REFERENCE.fullmatch(part)
            made[key] = f"{PREFIXES[kind]}{found[1]}{found[2] or ''}" if found else part
        elif key in _NAMED and isinstance(part, Mapping):
            made[key] = {name: rewritten(each, kind) for name, each in part.items()}
        elif key in _DATA:
            made[key] = part
        elif key != "$schema":
            made[key] = rewritten(part, kind)
    return made


def foreign(schema: object, kind: ExportType) -> set[str]:
    """Give the keywords of a schema that documents of a type do not have, or have in another sense."""
    return set(_foreign(schema, kind))


def not_openapi(what: str, keywords: list[str]) -> str:
    """Say that a schema is none of OpenAPI's."""
    return f"{what} is JSON Schema that OpenAPI has not: {', '.join(keywords)}; other tools may refuse the document"


def _foreign(schema: object, kind: ExportType) -> Iterator[str]:
    if not isinstance(schema, Mapping):
        if not isinstance(schema, bool):
            yield "a schema that is no mapping"
        return
    for key, part in schema.items():
        if key.startswith("x-"):
            continue
        if key not in _KNOWN[kind] or not _fits(key, part, kind):
            yield key
        elif key == "properties" and isinstance(part, Mapping):
            for each in part.values():
                yield from _foreign(each, kind)
        elif key in {"allOf", "anyOf", "oneOf"} and isinstance(part, list):
            for each in part:
                yield from _foreign(each, kind)
        elif key in {"additionalProperties", "items", "not"}:
            yield from _foreign(part, kind)


def _fits(key: str, part: object, kind: ExportType) -> bool:
    """Say whether the value of a keyword is one that it has in a document."""
    if key == "type":
        return isinstance(part, str) and part in _TYPES
    if key in _KINDS:
        return _is_of(part, _KINDS[key]) and (bool(part) or _KINDS[key] is not list)
    if key == "items":
        return isinstance(part, Mapping)
    if key == "discriminator":
        return isinstance(part, str) is (kind is ExportType.SWAGGER)
    if key in {"additionalProperties", "not"}:
        return isinstance(part, bool | Mapping)
    return fits(key, part)


def _is_of(part: object, kind: type | tuple[type, ...]) -> bool:
    """Say whether a value is of a kind; a truth value is no number."""
    return isinstance(part, kind) and isinstance(part, bool) is (kind is bool)
