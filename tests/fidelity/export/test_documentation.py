"""Documentation parts in an export: their own extension, and what of them stands beside what they are about."""

from collections.abc import Callable
from typing import Any

import pytest

from inferway.dialects.apigateway.export.document import Export

Exporting = Callable[..., Export]

DOCUMENTATION = "x-amazon-apigateway-documentation"

HEAD = """\
openapi: "3.0.1"
info: {title: doc, version: "2016-11-22T22:39:14Z"}
paths:
  /: &item
    get: &operation
      parameters: [{name: q, in: query, schema: {type: string}}, {name: H, in: header, schema: {type: string}}]
      requestBody: {content: {application/json: {schema: {type: object}}}}
      responses:
        "200": {description: OK, headers: {Date: {schema: {type: string}}}}
        "400": {description: Bad}
      x-amazon-apigateway-integration: {type: mock, responses: {default: {statusCode: "200"}}}
    post: *operation
  /pets: *item
  /pets/cats: *item
  /petshop: *item
"""


def document(parts: str) -> str:
    return f'{HEAD}{DOCUMENTATION}:\n  version: "1.0.0"\n  documentationParts:\n{parts}'


def part(location: str, properties: str) -> str:
    return f"  - {{location: {{{location}}}, properties: {{{properties}}}}}\n"


PUBLISHED = document(
    part(
        "type: API",
        "description: of the API, foo: a, x-bar: b, info: {description: of info, version: c, foo: d, x-bar: e}",
    )
    + part("type: METHOD, method: GET", "description: of the method, x-example: f, foo: g")
    + part("type: RESOURCE", "description: of the resource, foo: h, x-bar: i")
)


@pytest.mark.parametrize("kind", ["oas30", "swagger"])
def test_what_openapi_knows_stands_beside_the_thing(export_of: Exporting, kind: str) -> None:
    """The vendor's published document has an API's own description and a resource's in the extension only."""
    made = export_of(PUBLISHED, kind, stage="test").document
    assert made["info"] == {
        "title": "doc",
        "description": "of info",
        "version": "2016-11-22T22:39:14Z",
        "x-bar": "e",
    }
    assert made["x-bar"] == "b"
    assert "foo" not in made
    assert "description" not in made
    root = made["paths"]["/"]
    assert {name: value for name, value in root.items() if name not in ("get", "post")} == {"x-bar": "i"}
    assert root["get"]["description"] == "of the method"
    assert root["get"]["x-example"] == "f"
    assert "foo" not in root["get"]


def test_the_extension_has_every_part_as_it_is(export_of: Exporting) -> None:
    made = export_of(PUBLISHED).document[DOCUMENTATION]
    assert made["version"] == "1.0.0"
    assert [each["location"]["type"] for each in made["documentationParts"]] == ["API", "METHOD", "RESOURCE"]
    assert made["documentationParts"][1]["properties"] == {"description": "of the method", "x-example": "f", "foo": "g"}


def test_documentation_stands_there_unless_other_extensions_are_asked_for(export_of: Exporting) -> None:
    made = export_of(PUBLISHED, extensions=frozenset(("integrations",))).document
    assert DOCUMENTATION not in made
    assert "description" not in made["paths"]["/"]["get"]
    assert made["paths"]["/"]["get"]["responses"]["200"]["description"] == "200 response"


THINGS: list[tuple[str, str, Callable[[dict[str, Any]], Any]]] = [
    ("type: QUERY_PARAMETER, path: /pets, method: GET, name: q", "/pets", lambda made: made["parameters"][0]),
    ("type: REQUEST_HEADER, path: /pets, method: GET, name: H", "/pets", lambda made: made["parameters"][1]),
    ("type: REQUEST_BODY, path: /pets, method: GET", "/pets", lambda made: made["requestBody"]),
    ("type: RESPONSE, path: /pets, statusCode: 200", "/pets", lambda made: made["responses"]["200"]),
    (
        "type: RESPONSE_HEADER, path: /pets, statusCode: 200, name: Date",
        "/pets",
        lambda made: made["responses"]["200"]["headers"]["Date"],
    ),
]


@pytest.mark.parametrize(("location", "path", "find"), THINGS, ids=[thing[0] for thing in THINGS])
def test_each_thing_has_its_description(
    export_of: Exporting, location: str, path: str, find: Callable[[dict[str, Any]], Any]
) -> None:
    made = export_of(document(part(location, "description: told"))).document
    assert find(made["paths"][path]["get"])["description"] == "told"


def test_an_authorizer_is_described(export_of: Exporting) -> None:
    scheme = "{type: apiKey, name: x-api-key, in: header, description: own}"
    schemes = f"components: {{securitySchemes: {{key: {scheme}}}}}\nsecurity: [{{key: []}}]\n"
    made = export_of(document("    []\n") + schemes).document["components"]["securitySchemes"]
    assert made["key"]["description"] == "own"
    told = document(part("type: AUTHORIZER, name: key", "description: told")) + schemes
    assert export_of(told).document["components"]["securitySchemes"]["key"]["description"] == "told"


def responses(made: Export, status: str = "400") -> dict[str, str]:
    return {path: item["get"]["responses"][status]["description"] for path, item in made.document["paths"].items()}


def test_a_part_above_a_thing_is_inherited_by_path(export_of: Exporting) -> None:
    """The guide's own example: a message for every 400, another one below /pets."""
    made = export_of(
        document(
            part('type: RESPONSE, statusCode: "400"', "description: general")
            + part('type: RESPONSE, path: /pets, statusCode: "400"', "description: of pets")
        )
    )
    assert responses(made) == {"/": "general", "/pets": "of pets", "/pets/cats": "of pets", "/petshop": "general"}
    assert responses(made, "200") == dict.fromkeys(("/", "/pets", "/pets/cats", "/petshop"), "OK")


def test_a_path_comes_before_a_status(export_of: Exporting) -> None:
    """The guide's table of precedence, its cases 1 to 3."""
    made = export_of(
        document(
            part('type: RESPONSE, path: /pets, statusCode: "*"', "description: one")
            + part('type: RESPONSE, path: /pets, statusCode: "400"', "description: two")
            + part('type: RESPONSE, path: /pets/cats, statusCode: "*"', "description: three")
        )
    )
    assert responses(made) == {"/": "Bad", "/pets": "two", "/pets/cats": "three", "/petshop": "Bad"}


def test_a_resource_inherits_nothing(export_of: Exporting) -> None:
    made = export_of(document(part("type: RESOURCE, path: /pets", "x-said: of pets"))).document
    assert [path for path, item in made["paths"].items() if "x-said" in item] == ["/pets"]


def test_a_method_s_part_may_be_of_any_method(export_of: Exporting) -> None:
    made = export_of(document(part("type: METHOD, path: /pets", "summary: pets"))).document
    assert made["paths"]["/pets/cats"]["post"]["summary"] == "pets"
    assert "summary" not in made["paths"]["/petshop"]["post"]


def test_a_part_cannot_bring_an_extension_of_the_service(export_of: Exporting) -> None:
    text = document(part("type: METHOD, method: GET", "x-amazon-apigateway-integration: {type: aws}, x-mine: 1"))
    operation = export_of(text, extensions=frozenset(("apigateway",))).document["paths"]["/"]["get"]
    assert operation["x-amazon-apigateway-integration"]["type"] == "mock"
    assert operation["x-mine"] == 1


def test_what_openapi_would_refuse_is_not_put_beside_a_thing(export_of: Exporting) -> None:
    text = document(
        part("type: METHOD, method: GET", "description: {a: 1}, tags: [1], externalDocs: {}, summary: 5, x-a: 1")
    )
    operation = export_of(text).document["paths"]["/"]["get"]
    assert operation["x-a"] == 1
    assert operation.keys().isdisjoint(("description", "tags", "externalDocs", "summary"))


RESOURCES = """\
Resources:
  Api: {Type: AWS::ApiGateway::RestApi, Properties: {Name: doc}}
  Get:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Api
      ResourceId: !GetAtt Api.RootResourceId
      HttpMethod: GET
      AuthorizationType: NONE
      Integration: {Type: MOCK}
  Part:
    Type: AWS::ApiGateway::DocumentationPart
    Properties:
      RestApiId: !Ref Api
      Location: {Type: METHOD, Method: GET}
      Properties: '{"summary": "Gets it."}'
  Version:
    Type: AWS::ApiGateway::DocumentationVersion
    DependsOn: Part
    Properties: {RestApiId: !Ref Api, DocumentationVersion: "1.2"}
  Deployment: {Type: AWS::ApiGateway::Deployment, DependsOn: Get, Properties: {RestApiId: !Ref Api}}
  Stage:
    Type: AWS::ApiGateway::Stage
    Properties:
      RestApiId: !Ref Api
      DeploymentId: !Ref Deployment
      StageName: live
      DocumentationVersion: "1.1"
"""


def test_resources_are_parts_too(export_of: Exporting) -> None:
    made = export_of(RESOURCES, stage="live").document
    assert made["paths"]["/"]["get"]["summary"] == "Gets it."
    assert made[DOCUMENTATION] == {
        "version": "1.1",
        "documentationParts": [
            {"location": {"type": "METHOD", "method": "GET"}, "properties": {"summary": "Gets it."}}
        ],
    }


def test_a_stage_without_a_version_has_the_last_one(export_of: Exporting) -> None:
    assert export_of(RESOURCES, stage="other").document[DOCUMENTATION]["version"] == "1.2"


def test_what_a_document_says_itself_is_kept(export_of: Exporting) -> None:
    """An import makes documentation parts of it."""
    text = """\
swagger: "2.0"
info: {title: t, version: "1", description: of t}
paths:
  /:
    get:
      summary: S
      description: D
      tags: [a]
      parameters: [{name: q, in: query, type: string, description: P}]
      responses: {"200": {description: fine}}
      x-amazon-apigateway-integration: {type: mock, responses: {default: {statusCode: "200"}}}
"""
    operation = export_of(text).document["paths"]["/"]["get"]
    assert (operation["summary"], operation["description"], operation["tags"]) == ("S", "D", ["a"])
    assert operation["parameters"][0]["description"] == "P"
    assert operation["responses"]["200"]["description"] == "fine"
    bare = export_of(text, extensions=frozenset(("integrations",))).document["paths"]["/"]["get"]
    assert bare.keys().isdisjoint(("summary", "description", "tags"))
