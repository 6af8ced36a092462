"""What a documentation part may be about (the guide's table of valid location fields, and CreateDocumentationPart)."""

from collections.abc import Callable
from pathlib import Path

import pytest

from inferway.convert import load
from inferway.definition.api import ApiDefinition
from inferway.dialects.apigateway.documentation import FIELDS, read_documentation
from inferway.faults import Finding, Place
from inferway.formats.cursor import Cursor, Report
from inferway.formats.resources import OnePlace

Read = Callable[[str], tuple[ApiDefinition, list[Finding]]]

VALID = {
    "API": {},
    "AUTHORIZER": {"name": "n"},
    "MODEL": {"name": "n"},
    "RESOURCE": {"path": "/a"},
    "METHOD": {"path": "/a", "method": "GET"},
    "QUERY_PARAMETER": {"path": "/a", "method": "GET", "name": "n"},
    "REQUEST_BODY": {"path": "/a", "method": "GET"},
    "REQUEST_HEADER": {"path": "/a", "method": "GET", "name": "n"},
    "PATH_PARAMETER": {"path": "/a", "method": "GET", "name": "n"},
    "RESPONSE": {"path": "/a", "method": "GET", "statusCode": "200"},
    "RESPONSE_HEADER": {"path": "/a", "method": "GET", "statusCode": "200", "name": "n"},
    "RESPONSE_BODY": {"path": "/a", "method": "GET", "statusCode": "200"},
}


def read(location: object, properties: object = None) -> tuple[int, list[str]]:
    """Read one part; give how many were, and what is said."""
    said: Report = {}
    part = {"location": location, "properties": {"description": "d"} if properties is None else properties}
    document = {"x-amazon-apigateway-documentation": {"documentationParts": [part]}}
    made = read_documentation(Cursor(document, (), OnePlace(Place(file="f")), said))
    return len(made), [f"{finding.severity}: {finding.text}" for finding in said]


@pytest.mark.parametrize("kind", FIELDS)
def test_every_type_takes_its_fields(kind: str) -> None:
    assert set(FIELDS) == set(VALID)
    assert read({"type": kind, **VALID[kind]}) == (1, [])


@pytest.mark.parametrize(
    ("location", "expected"),
    [
        ({"type": "RESOURCE", "method": "GET"}, "the location of a documentation part RESOURCE has no method"),
        ({"type": "API", "path": "/"}, "the location of a documentation part API has no path"),
        ({"type": "METHOD", "name": "n"}, "the location of a documentation part METHOD has no name"),
        ({"type": "MODEL"}, "the location of a documentation part MODEL needs a name"),
        (
            {"type": "RESPONSE_HEADER", "statusCode": "200"},
            "the location of a documentation part RESPONSE_HEADER needs a name",
        ),
        ({"type": "PAGE"}, f"'PAGE' is nothing that can be documented; there are {', '.join(FIELDS)}"),
        ({}, f"'' is nothing that can be documented; there are {', '.join(FIELDS)}"),
    ],
)
def test_a_location_that_cannot_be_is_left_out(location: object, expected: str) -> None:
    assert read(location) == (0, [f"warning: {expected}; it is left out"])


@pytest.mark.parametrize("properties", [[], 5, "{", '"text"', "[" * 100_000])
def test_properties_are_an_object(properties: object) -> None:
    assert read({"type": "API"}, properties) == (
        0,
        ["warning: the properties of a documentation part are a JSON object"],
    )


def test_properties_may_be_a_text() -> None:
    assert read({"type": "API"}, '{"description": "d"}') == (1, [])


def test_a_second_part_of_a_location_is_left_out(read_document: Read) -> None:
    text = """\
paths: {}
x-amazon-apigateway-documentation:
  documentationParts:
  - {location: {type: RESOURCE}, properties: {description: a}}
  - {location: {type: RESOURCE, path: /}, properties: {description: b}}
"""
    _, findings = read_document(text)
    assert [(finding.severity.value, finding.code, finding.place.line) for finding in findings] == [
        ("warning", "duplicate-documentation", 7)
    ]


def test_the_part_of_the_api_describes_it(read_document: Read) -> None:
    text = """\
paths: {}
x-amazon-apigateway-documentation:
  documentationParts:
  - {location: {type: API}, properties: {description: a, info: {description: b}}}
"""
    api, findings = read_document(text)
    assert (api.description, findings) == ("b", [])


RESOURCES = """\
Resources:
  Api: {{Type: AWS::ApiGateway::RestApi, Properties: {{Name: doc}}}}
  Part:
    Type: AWS::ApiGateway::DocumentationPart
    Properties:
      RestApiId: !Ref Api
      Location: {location}
      Properties: {properties}
"""


@pytest.mark.parametrize(
    ("location", "properties", "expected"),
    [
        ("{Type: METHOD, Path: /a, Method: GET}", '\'{"summary": "s"}\'', []),
        ("{Type: API, Path: /a}", "'{}'", ["the location of a documentation part API has no path"]),
        ("{Type: MODEL}", "'{}'", ["the location of a documentation part MODEL needs a name"]),
        ("{Type: API}", "'[]'", ["the properties of a documentation part are a JSON object, as text"]),
        ("{Type: API}", "'{'", ["the properties of a documentation part are a JSON object, as text"]),
    ],
)
def test_a_resource_that_the_service_refuses_is_an_error(
    tmp_path: Path, location: str, properties: str, expected: list[str]
) -> None:
    path = tmp_path / "template.yaml"
    path.write_text(RESOURCES.format(location=location, properties=properties))
    errors = [finding for finding in load(path).findings if finding.code == "bad-documentation"]
    assert [(finding.severity.value, finding.text) for finding in errors] == [("error", text) for text in expected]


def test_parts_of_resources_have_their_own_places(tmp_path: Path) -> None:
    path = tmp_path / "template.yaml"
    part = (
        "    Type: AWS::ApiGateway::DocumentationPart\n"
        "    Properties: {RestApiId: !Ref Api, Location: {Type: API}, Properties: '{}'}\n"
    )
    path.write_text(
        "Resources:\n  Api: {Type: AWS::ApiGateway::RestApi, Properties: {Name: doc}}\n"
        f"  One:\n{part}  Two:\n{part}"
    )
    (found,) = [finding for finding in load(path).findings if finding.code == "duplicate-documentation"]
    assert found.place.line in (6, 7, 8)
