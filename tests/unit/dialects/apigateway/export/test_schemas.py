"""Schemas of exported documents: references, and what OpenAPI's own schemas have not."""

from typing import Any

import pytest

from inferway.dialects.apigateway.export.options import ExportType
from inferway.dialects.apigateway.export.schemas import foreign, rewritten

OAS30, SWAGGER = ExportType.OAS30, ExportType.SWAGGER


@pytest.mark.parametrize(
    "reference",
    [
        "#/definitions/Book",
        "#/components/schemas/Book",
        "https://apigateway.amazonaws.com/restapis/a1b2c3/models/Book",
    ],
)
def test_a_reference_is_written_as_the_document_writes_it(reference: str) -> None:
    schema = {"properties": {"a": {"items": {"$ref": reference}}}, "allOf": [{"$ref": reference}]}
    assert rewritten(schema, OAS30) == {
        "properties": {"a": {"items": {"$ref": "#/components/schemas/Book"}}},
        "allOf": [{"$ref": "#/components/schemas/Book"}],
    }
    assert rewritten({"$ref": reference}, SWAGGER) == {"$ref": "#/definitions/Book"}


def test_data_and_names_are_no_references() -> None:
    schema = {
        "properties": {"$ref": {"type": "string"}, "$schema": {"type": "string"}},
        "enum": [{"$ref": "#/definitions/Book"}],
        "example": {"$ref": "#/definitions/Book"},
    }
    assert rewritten(schema, OAS30) == schema


def test_the_dialect_of_a_schema_is_left_out() -> None:
    assert rewritten({"$schema": "http://json-schema.org/draft-04/schema#", "type": "object"}, OAS30) == {
        "type": "object"
    }


@pytest.mark.parametrize(
    ("schema", "oas30", "swagger"),
    [
        ({"type": "object", "properties": {"a": {"type": "string", "x-a": 1}}}, set(), set()),
        ({"type": ["string", "null"]}, {"type"}, {"type"}),
        ({"type": "null"}, {"type"}, {"type"}),
        ({"oneOf": [{"const": 1}]}, {"const"}, {"oneOf"}),
        ({"nullable": True}, set(), {"nullable"}),
        ({"discriminator": "kind"}, {"discriminator"}, set()),
        ({"discriminator": {"propertyName": "kind"}}, set(), {"discriminator"}),
        ({"items": [{"type": "string"}]}, {"items"}, {"items"}),
        ({"minimum": 1, "exclusiveMinimum": 1}, {"exclusiveMinimum"}, {"exclusiveMinimum"}),
        ({"required": []}, {"required"}, {"required"}),
        ({"additionalProperties": False}, set(), set()),
        ({"properties": {"a": {"patternProperties": {}}}}, {"patternProperties"}, {"patternProperties"}),
        (5, {"a schema that is no mapping"}, {"a schema that is no mapping"}),
    ],
)
def test_what_openapi_has_not(schema: Any, oas30: set[str], swagger: set[str]) -> None:
    """By the schema objects of the two specifications."""
    assert foreign(schema, OAS30) == oas30
    assert foreign(schema, SWAGGER) == swagger
