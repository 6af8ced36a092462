"""Reads the examples that a document gives of parameters and request bodies, to show beside a method."""

import json
from collections.abc import Mapping
from typing import Final

from inferway.formats.cursor import Cursor

_JSON: Final = "application/json"


def example_value(parameter: Cursor) -> str:
    """Give an example of a parameter's value as text, "" where there is none that fits into one text."""
    schema = parameter["schema"]
    for found in (parameter["example"], _first(parameter["examples"]), schema["example"], parameter["x-example"]):
        if isinstance(found.value, str | int | float):
            return found.text()
    return ""


def example_body(operation: Cursor, body_parameter: Cursor | None, models: Mapping[str, Cursor]) -> str:
    """Give an example of a request's JSON body as JSON text, "" where there is none.

    It stands beside the media type, else in the schema, else in the model that the schema names.
    """
    if body_parameter is not None:
        media = body_parameter
    else:
        content = operation["requestBody"]["content"]
        if not isinstance(content.value, Mapping) or not content.value:
            return ""
        media = content[_JSON if content[_JSON].present else next(iter(content.value))]
    schema = media["schema"]
    reference = schema["$ref"].value
    model = models.get(reference.rpartition("/")[2]) if isinstance(reference, str) else None
    candidates = [example_of(media), schema["example"], model["example"] if model is not None else None]
    found = next((candidate for candidate in candidates if candidate is not None and candidate.present), None)
    return "" if found is None else _json(found.value)


def example_of(media: Cursor) -> Cursor | None:
    """Give the example beside a body's content type, or beside Swagger's body parameter; None where there is none."""
    candidates = (media["example"], _first(media["examples"]), media["x-example"])
    return next((candidate for candidate in candidates if candidate.present), None)


def _first(examples: Cursor) -> Cursor:
    """Give the value of the first of OpenAPI 3's named examples."""
    names = list(examples.value) if isinstance(examples.value, Mapping) else []
    return examples[names[0] if names else ""]["value"]


def _json(value: object) -> str:
    """Write a value as JSON; a text that is JSON already is one, as many documents write their examples."""
    if isinstance(value, str):
        try:
            json.loads(value)
        except (ValueError, RecursionError):
            return json.dumps(value, ensure_ascii=False)
        return value
    return json.dumps(value, ensure_ascii=False, indent=2)
