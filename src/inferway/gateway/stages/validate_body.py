"""ValidateBody: a body must hold to the schema of its content type."""

from collections.abc import Iterable
from itertools import islice
from typing import Any, Final

import jsonschema_rs
import msgspec

from inferway.definition.steps import ValidateBody
from inferway.exchange import Exchange
from inferway.faults import Fault, FaultKind
from inferway.gateway.stage import Outcome, Parts, Stage
from inferway.languages.json_schema import Schema
from inferway.media_types import media_type

_MESSAGE: Final = "Invalid request body"
_MOST_ERRORS: Final = 100
_LARGEST_EXPLAINED: Final = 65_536
"""Bytes of a body whose errors are named: the validator collects all of them, which for a large body takes minutes."""
_LARGEST_VALUE: Final = 1_000
_LONGEST_CAUSE: Final = 2_000


def compile_stage(step: ValidateBody, parts: Parts) -> tuple[Stage, ...]:  # noqa: ARG001 - the step says it all
    """Compile each schema; a content type without one is not checked."""
    if not step.schemas:
        return ()
    validators = {}
    for schema in step.schemas:
        document = msgspec.json.decode(schema.schema)
        validators[schema.content_type.lower()] = Schema(document, jsonschema_rs.Draft4Validator), document

    def validate_body(exchange: Exchange) -> Outcome:
        found = validators.get(media_type(exchange.request.header(b"content-type")))
        if found is None:
            return None
        validator, schema = found
        body = exchange.request.body
        try:
            document = msgspec.json.decode(body)
            if validator.is_valid(document):
                return None
            explained = len(body) <= _LARGEST_EXPLAINED
            errors = islice(validator.errors(document), _MOST_ERRORS) if explained else ()
            return _invalid(errors, schema)
        except (msgspec.DecodeError, ValueError, RecursionError) as error:
            # ValueError: text that is no UTF-8, and values nested deeper than the validator goes.
            return Fault(kind=FaultKind.BAD_BODY, message=_MESSAGE, cause=str(error)[:_LONGEST_CAUSE])

    return (validate_body,)


def _invalid(errors: Iterable[jsonschema_rs.ValidationError], schema: Any) -> Fault:
    """Make the fault; its details are the errors, taken apart for the vendor's own wording of them."""
    details, texts = [], []
    for error in errors:
        keyword = str(error.schema_path[-1]) if error.schema_path else ""
        value = error.instance
        size = len(value) if isinstance(value, str | list | dict) else 0
        found = {"text": error.message, "limit": _at(schema, error.schema_path), "size": size, "value": None}
        if size <= _LARGEST_VALUE:
            found["value"] = value
        around = _at(schema, error.schema_path[:-1])
        if isinstance(around, dict):
            found["beside"] = {name: part for name, part in around.items() if isinstance(part, int | float)}
        found["unexpected"] = getattr(error.kind, "unexpected", [])
        details.append((keyword, msgspec.json.encode(found).decode()))
        texts.append(error.message)
    cause = ", ".join(texts)[:_LONGEST_CAUSE]
    return Fault(kind=FaultKind.BAD_BODY, message=_MESSAGE, cause=cause, details=tuple(details))


def _at(schema: Any, path: list[str | int]) -> Any:
    """Give what stands in a schema at a path that may lead through references to its own definitions."""
    found = schema
    for part in path:
        if part == "$ref" and isinstance(found, dict):
            found = _at(schema, [*str(found.get("$ref", "")).removeprefix("#/").split("/")])
        elif isinstance(found, dict):
            found = found.get(str(part))
        elif isinstance(found, list) and isinstance(part, int) and part < len(found):
            found = found[part]
        else:
            return None
    return found
