"""Reads models and request bodies into self-contained JSON Schemas of draft 4.

Sources: API Gateway, "Data models for REST APIs" (draft 4) and "Amazon API Gateway important notes", which lists the
keywords that an import does not take (https://docs.aws.amazon.com/apigateway/latest/developerguide/
api-gateway-known-issues.html).
"""

import json
import re
from collections.abc import Callable, Mapping
from typing import Any, Final

import jsonschema_rs

from inferway.definition.api import Model
from inferway.definition.steps import BodySchema
from inferway.formats.cursor import Cursor

_DRAFT_4: Final = "http://json-schema.org/draft-04/schema#"
REFERENCE: Final = re.compile(
    r"(?:#/(?:components/schemas|definitions)|https://apigateway\.amazonaws\.com/restapis/[^/]+/models)/([^/]+)(/.*)?",
    re.DOTALL,
)
"""How a model refers to another: within a document, and by its address in the service ("Data models for REST APIs")."""

BUILT_IN: Final[Mapping[str, Mapping[str, Any]]] = {
    "Empty": {"type": "object", "title": "Empty Schema"},
    "Error": {"type": "object", "title": "Error Schema", "properties": {"message": {"type": "string"}}},
}
"""Models that every API has, as the service exports them; none of an API's own, and none that it checks requests by."""

DROPPED: Final = {
    "minItems": "an import drops minItems; add it to the model afterwards",
    "maxItems": "an import drops maxItems; add it to the model afterwards",
}
_WITHOUT_EFFECT: Final = {
    "nullable": "nullable has no effect in draft 4; write type: [string, 'null'] instead",
    "discriminator": "discriminator has no effect on validation",
    "readOnly": "readOnly has no effect on validation",
    "writeOnly": "writeOnly has no effect on validation",
}
_ONE: Final = frozenset({"additionalItems", "additionalProperties", "not"})
_MANY: Final = frozenset({"allOf", "anyOf", "oneOf"})
_NAMED: Final = frozenset({"properties", "patternProperties", "definitions", "dependencies"})


class Models:
    """The models of one document, each converted once; an import drops keywords that models of their own may have."""

    def __init__(self, document: Cursor, *, imported: bool = True) -> None:
        swagger = document["definitions"]
        self.schemas = dict((swagger if swagger.present else document["components"]["schemas"]).entries())
        self._dropped = DROPPED if imported else {}
        self._converted = {name: _convert(schema, self._dropped) for name, schema in self.schemas.items()}

    def read(self) -> tuple[Model, ...]:
        """Give all models but the built-in ones; those that are no JSON Schema of draft 4 are reported and left out."""
        made = []
        for name, schema in self.schemas.items():
            if self._converted[name] == BUILT_IN.get(name):
                continue
            if not re.fullmatch("[a-zA-Z0-9]+", name):
                schema.warning("model-name", f"Model name must be alphanumeric: {name}; Amazon refuses it")
            text = self._checked(self._converted[name], schema)
            if text:
                made.append(Model(name=name, schema=text, place=schema.place))
        return tuple(made)

    def body_schemas(self, operation: Cursor, parameter: Cursor | None, consumes: Cursor) -> tuple[BodySchema, ...]:
        """Give the schemas of a request body by content type; `parameter` is Swagger 2.0's body parameter."""
        if parameter is not None:
            types = [item.text() for item in consumes.items()] or ["application/json"]
            found = [(content_type, parameter["schema"]) for content_type in types]
        else:
            found = [(name, media["schema"]) for name, media in operation["requestBody"]["content"].entries()]
        made = []
        for content_type, schema in found:
            if not schema.present:
                continue
            reference = schema["$ref"].value
            name = REFERENCE.fullmatch(reference) if isinstance(reference, str) else None
            known = name is not None and not name[2] and name[1] in self.schemas
            text = (
                self._text(self._converted[name[1]])
                if name and known
                else self._checked(_convert(schema, self._dropped), schema)
            )
            model = name[1] if name and known else ""
            if text:
                made.append(BodySchema(content_type=content_type, schema=text, model=model, place=schema.place))
        return tuple(made)

    def _text(self, schema: object) -> str:
        """Write a schema with the models that it needs under `definitions`."""
        needed: dict[str, object] = {}
        todo = _references(schema)
        while todo:
            name = todo.pop()
            if name in self._converted and name not in needed:
                needed[name] = self._converted[name]
                todo |= _references(needed[name])
        whole: dict[str, Any] = {**schema} if isinstance(schema, dict) else {}
        own = whole.get("definitions")
        if needed:
            whole["definitions"] = {**(own if isinstance(own, dict) else {}), **needed}
        return json.dumps({"$schema": _DRAFT_4, **whole}, sort_keys=True, ensure_ascii=False, separators=(",", ":"))

    def _checked(self, schema: object, at: Cursor) -> str:
        if not isinstance(schema, dict):
            at.error("bad-model", "Invalid model schema specified: a schema is a mapping")
            return ""
        text = self._text(schema)
        try:
            jsonschema_rs.Draft4Validator(json.loads(text), offline=True)
        except (ValueError, RecursionError) as error:
            at.error("bad-model", f"Invalid model schema specified: {str(error).splitlines()[0]}")
            return ""
        return text


_Dropped = Mapping[str, str]


def _convert(schema: Cursor, dropped: _Dropped) -> object:
    """Give a schema in draft 4 with references to models as `#/definitions/NAME`."""
    value = schema.value
    if not isinstance(value, Mapping):
        return value
    reference = value.get("$ref")
    if isinstance(reference, str):
        found = REFERENCE.fullmatch(reference)
        return {"$ref": f"#/definitions/{found[1]}{found[2] or ''}" if found else reference}
    made: dict[str, object] = {}
    for key, part in schema.entries():
        if key in dropped:
            part.warning("dropped-keyword", dropped[key])
        else:
            if key in _WITHOUT_EFFECT and part.value not in (None, False):
                part.note("keyword-without-effect", _WITHOUT_EFFECT[key])
            made[key] = _keyword(key)(part, dropped)
    made.pop("$schema", None)
    return made


def _keyword(key: str) -> Callable[[Cursor, _Dropped], object]:
    if key in _NAMED:
        return _named
    if key in _MANY:
        return _many
    if key == "items":
        return _items
    return _convert if key in _ONE else _as_is


def _as_is(part: Cursor, dropped: _Dropped) -> object:  # noqa: ARG001 - the form of a keyword's conversion
    return part.value


def _named(part: Cursor, dropped: _Dropped) -> object:
    return {name: _convert(schema, dropped) for name, schema in part.entries()}


def _many(part: Cursor, dropped: _Dropped) -> object:
    return [_convert(schema, dropped) for schema in part.items()]


def _items(part: Cursor, dropped: _Dropped) -> object:
    return _many(part, dropped) if isinstance(part.value, list) else _convert(part, dropped)


def _references(schema: object) -> set[str]:
    """Give the names of the models that a converted schema refers to."""
    if isinstance(schema, list):
        return set().union(*(_references(item) for item in schema)) if schema else set()
    if not isinstance(schema, dict):
        return set()
    reference = schema.get("$ref")
    found = REFERENCE.fullmatch(reference) if isinstance(reference, str) else None
    return set().union({found[1]} if found else set(), *(_references(part) for part in schema.values()))
