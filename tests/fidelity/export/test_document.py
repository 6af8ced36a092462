"""The form of an exported document, as the vendor's own published exports have it."""

from collections.abc import Callable
from typing import Any

import pytest

from inferway.definition.api import ApiDefinition
from inferway.dialects.apigateway.export.document import Export

Exporting = Callable[..., Export]
Problems = Callable[[dict[str, Any]], list[str]]

ALL = frozenset(("apigateway",))

FUNCTION = (
    "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/"
    "arn:aws:lambda:us-east-1:123456789012:function:f/invocations"
)

SHELF = """\
openapi: "3.0.1"
info: {title: shelf, version: "2016-10-13T23:04:43Z"}
paths:
  /{folder}:
    parameters:
    - {name: folder, in: path, required: true, schema: {type: integer}}
    put:
      operationId: putFolder
      parameters:
      - {name: Content-Type, in: header, schema: {type: string}}
      requestBody: {content: {application/json: {schema: {$ref: "#/components/schemas/Book"}}}}
      security: [{signed: []}]
      x-amazon-apigateway-request-validator: both
      responses:
        "200":
          description: ""
          headers: {Date: {schema: {type: integer}}}
          content: {application/json: {schema: {$ref: "#/components/schemas/Empty"}}}
        "400": {description: ""}
      x-amazon-apigateway-integration:
        type: AWS
        httpMethod: PUT
        passthroughBehavior: WHEN_NO_MATCH
        credentials: arn:aws:iam::123456789012:role/shelf
        uri: FUNCTION
        requestParameters: {integration.request.path.bucket: method.request.path.folder}
        responses: {default: {statusCode: "200"}, "4\\\\d{2}": {statusCode: "400"}}
components:
  schemas:
    Book: {type: object, properties: {author: {$ref: "#/components/schemas/Author"}}}
    Author: {type: object}
    Empty: {type: object, title: Empty Schema}
  securitySchemes:
    signed: {type: apiKey, name: Authorization, in: header, x-amazon-apigateway-authtype: awsSigv4}
x-amazon-apigateway-request-validators:
  both: {validateRequestBody: true, validateRequestParameters: true}
x-amazon-apigateway-gateway-responses:
  DEFAULT_4XX: {responseTemplates: {application/json: "{}"}}
x-amazon-apigateway-binary-media-types: [image/png]
x-amazon-apigateway-minimum-compression-size: 0
""".replace("FUNCTION", FUNCTION)


def test_swagger_has_host_base_path_and_schemes(export_of: Exporting) -> None:
    document = export_of(SHELF, "swagger", stage="S3").document
    host = document.pop("host")
    assert host.endswith(".execute-api.us-east-1.amazonaws.com")
    assert len(host.partition(".")[0]) == 10
    assert {name: document[name] for name in ("swagger", "basePath", "schemes")} == {
        "swagger": "2.0",
        "basePath": "/S3",
        "schemes": ["https"],
    }
    assert document["info"] == {"version": "2016-10-13T23:04:43Z", "title": "shelf"}


def test_oas30_has_one_server_with_the_stage_as_its_base_path(export_of: Exporting) -> None:
    document = export_of(SHELF, stage="test").document
    (server,) = document["servers"]
    assert document["openapi"] == "3.0.1"
    assert server["url"].endswith(".execute-api.us-east-1.amazonaws.com/{basePath}")
    assert server["variables"] == {"basePath": {"default": "/test"}}


def test_an_operation_of_swagger(export_of: Exporting) -> None:
    """Parameters are texts and stand at the operation, responses are described by their status."""
    operation = export_of(SHELF, "swagger").document["paths"]["/{folder}"]["put"]
    assert operation == {
        "operationId": "putFolder",
        "consumes": ["application/json"],
        "produces": ["application/json"],
        "parameters": [
            {"name": "folder", "in": "path", "required": True, "type": "string"},
            {"name": "Content-Type", "in": "header", "required": False, "type": "string"},
            {"in": "body", "name": "Book", "required": True, "schema": {"$ref": "#/definitions/Book"}},
        ],
        "responses": {
            "200": {
                "description": "200 response",
                "schema": {"$ref": "#/definitions/Empty"},
                "headers": {"Date": {"type": "string"}},
            },
            "400": {"description": "400 response"},
        },
        "security": [{"signed": []}],
    }


def test_an_operation_of_oas30(export_of: Exporting) -> None:
    operation = export_of(SHELF).document["paths"]["/{folder}"]["put"]
    text = {"schema": {"type": "string"}}
    assert operation == {
        "operationId": "putFolder",
        "parameters": [
            {"name": "folder", "in": "path", "required": True, **text},
            {"name": "Content-Type", "in": "header", "required": False, **text},
        ],
        "requestBody": {
            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Book"}}},
            "required": True,
        },
        "responses": {
            "200": {
                "description": "200 response",
                "headers": {"Date": text},
                "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Empty"}}},
            },
            "400": {"description": "400 response"},
        },
        "security": [{"signed": []}],
    }


def test_an_integration_is_in_lower_case(export_of: Exporting) -> None:
    operation = export_of(SHELF, extensions=frozenset(("integrations",))).document["paths"]["/{folder}"]["put"]
    integration = operation["x-amazon-apigateway-integration"]
    assert integration["type"] == "aws"
    assert integration["passthroughBehavior"] == "when_no_match"
    assert integration["responses"] == {"default": {"statusCode": "200"}, "4\\d{2}": {"statusCode": "400"}}


def test_an_integration_says_what_it_does_by_default(export_of: Exporting) -> None:
    """Published exports have the behaviour everywhere, and statuses as texts."""
    text = """\
openapi: "3.0.1"
info: {title: t, version: "1"}
paths: {/: {get: {x-amazon-apigateway-integration: {type: mock, responses: {default: {statusCode: 200}}}}}}
"""
    operation = export_of(text, extensions=frozenset(("integrations",))).document["paths"]["/"]["get"]
    assert operation["x-amazon-apigateway-integration"] == {
        "type": "mock",
        "passthroughBehavior": "when_no_match",
        "responses": {"default": {"statusCode": "200"}},
    }


def test_models_refer_to_each_other_as_the_type_writes_it(export_of: Exporting) -> None:
    schemas = export_of(SHELF).document["components"]["schemas"]
    definitions = export_of(SHELF, "swagger").document["definitions"]
    assert schemas["Book"]["properties"]["author"] == {"$ref": "#/components/schemas/Author"}
    assert definitions["Book"]["properties"]["author"] == {"$ref": "#/definitions/Author"}


OWN = "x-amazon-apigateway-"


def own_extensions(value: Any) -> set[str]:
    if isinstance(value, list):
        return set().union(*map(own_extensions, value))
    if not isinstance(value, dict):
        return set()
    names = {key.removeprefix(OWN) for key in value if key.startswith(OWN)}
    return names.union(*map(own_extensions, value.values()))


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("documentation", {"authtype"}),
        ("integrations", {"authtype", "integration"}),
        ("validators", {"authtype", "request-validator", "request-validators"}),
        ("gatewayresponses", {"authtype", "gateway-responses"}),
        (
            "apigateway",
            {
                *("authtype", "integration", "request-validator", "request-validators", "gateway-responses"),
                *("binary-media-types", "minimum-compression-size"),
            },
        ),
    ],
)
def test_what_each_value_of_extensions_includes(export_of: Exporting, asked: str, expected: set[str]) -> None:
    assert own_extensions(export_of(SHELF, extensions=frozenset((asked,))).document) == expected


TEMPLATE = """\
Resources:
  Api:
    Type: AWS::ApiGateway::RestApi
    Properties:
      Name: shop
      Description: Sells things.
      DisableExecuteApiEndpoint: true
      EndpointConfiguration: {Types: [PRIVATE], VpcEndpointIds: [vpce-1]}
      Tags: [{Key: owner, Value: shop}]
  Validator:
    Type: AWS::ApiGateway::RequestValidator
    Properties: {RestApiId: !Ref Api, Name: Validate body, ValidateRequestBody: true}
  Asked:
    Type: AWS::ApiGateway::Authorizer
    Properties:
      RestApiId: !Ref Api
      Name: asked
      Type: TOKEN
      IdentitySource: method.request.header.Authorization
      AuthorizerUri: FUNCTION
  Get:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Api
      ResourceId: !GetAtt Api.RootResourceId
      HttpMethod: GET
      ApiKeyRequired: true
      AuthorizationType: CUSTOM
      AuthorizerId: !Ref Asked
      RequestValidatorId: !Ref Validator
      MethodResponses: [{StatusCode: "200", ResponseModels: {application/json: Empty}}]
      Integration: {Type: MOCK}
  Post:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Api
      ResourceId: !GetAtt Api.RootResourceId
      HttpMethod: POST
      AuthorizationType: AWS_IAM
      Integration: {Type: MOCK}
  Any:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Api
      ResourceId: !Ref Proxy
      HttpMethod: ANY
      AuthorizationType: NONE
      Integration: {Type: MOCK}
  Proxy:
    Type: AWS::ApiGateway::Resource
    Properties: {RestApiId: !Ref Api, ParentId: !GetAtt Api.RootResourceId, PathPart: "{proxy+}"}
  Stage:
    Type: AWS::ApiGateway::Stage
    Properties: {RestApiId: !Ref Api, StageName: live, DeploymentId: !Ref Deployment}
  Deployment: {Type: AWS::ApiGateway::Deployment, Properties: {RestApiId: !Ref Api}}
""".replace("FUNCTION", FUNCTION)


def test_resources_become_the_same_document(export_of: Exporting) -> None:
    document = export_of(TEMPLATE, extensions=ALL).document
    assert document["info"] == {"title": "shop", "description": "Sells things.", "version": ""}
    get = document["paths"]["/"]["get"]
    assert get["x-amazon-apigateway-request-validator"] == "Validate body"
    assert list(document["x-amazon-apigateway-request-validators"]) == ["Validate body"]
    assert "x-amazon-apigateway-any-method" in document["paths"]["/{proxy+}"]


def test_security_schemes_are_named_as_the_service_names_them(export_of: Exporting) -> None:
    document = export_of(TEMPLATE, extensions=ALL).document
    schemes = document["components"]["securitySchemes"]
    assert document["paths"]["/"]["get"]["security"] == [{"asked": []}, {"api_key": []}]
    assert document["paths"]["/"]["post"]["security"] == [{"sigv4": []}]
    assert schemes["api_key"] == {"type": "apiKey", "name": "x-api-key", "in": "header"}
    assert schemes["sigv4"] == {
        "type": "apiKey",
        "name": "Authorization",
        "in": "header",
        "x-amazon-apigateway-authtype": "awsSigv4",
    }
    assert schemes["asked"]["x-amazon-apigateway-authtype"] == "custom"
    assert schemes["asked"]["x-amazon-apigateway-authorizer"]["type"] == "token"


def test_an_authorizer_s_details_are_asked_for(export_of: Exporting) -> None:
    schemes = export_of(TEMPLATE).document["components"]["securitySchemes"]
    assert "x-amazon-apigateway-authorizer" not in schemes["asked"]
    asked = export_of(TEMPLATE, extensions=frozenset(("authorizers",))).document["components"]["securitySchemes"]
    assert "x-amazon-apigateway-authorizer" in asked["asked"]


def test_a_built_in_model_has_its_schema(export_of: Exporting) -> None:
    document = export_of(TEMPLATE).document
    content = document["paths"]["/"]["get"]["responses"]["200"]["content"]
    assert content == {"application/json": {"schema": {"$ref": "#/components/schemas/Empty"}}}
    assert document["components"]["schemas"]["Empty"] == {"type": "object", "title": "Empty Schema"}


def test_the_endpoint_stands_at_the_server_or_the_document(export_of: Exporting) -> None:
    expected = {"types": ["PRIVATE"], "vpcEndpointIds": ["vpce-1"], "disableExecuteApiEndpoint": True}
    (server,) = export_of(TEMPLATE, extensions=ALL).document["servers"]
    assert server["x-amazon-apigateway-endpoint-configuration"] == expected
    swagger = export_of(TEMPLATE, "swagger", extensions=ALL).document
    assert swagger["x-amazon-apigateway-endpoint-configuration"] == expected


def test_tags_have_their_values(export_of: Exporting) -> None:
    document = export_of(TEMPLATE, extensions=ALL).document
    assert document["tags"] == [{"name": "owner", "x-amazon-apigateway-tag-value": "shop"}]


def test_what_a_document_cannot_carry_is_said(export_of: Exporting) -> None:
    assert export_of(TEMPLATE).notes == (
        "no document can carry stages, with their variables, settings, caches and logs",
    )


@pytest.mark.parametrize("kind", ["oas30", "swagger"])
def test_what_openapi_asks_for_is_there(export_of: Exporting, kind: str) -> None:
    """The service's own export leaves out responses, and path parameters that the method does not declare."""
    text = """\
openapi: "3.0.1"
info: {title: t, version: "1"}
paths:
  /{id}: {get: {x-amazon-apigateway-integration: {type: mock, responses: {default: {statusCode: "200"}}}}}
"""
    operation = export_of(text, kind).document["paths"]["/{id}"]["get"]
    assert operation["responses"] == {"200": {"description": "200 response", "x-inferway-undeclared": True}}
    (parameter,) = operation["parameters"]
    assert (parameter["name"], parameter["in"], parameter["required"]) == ("id", "path", True)
    assert parameter["x-inferway-undeclared"] is True


@pytest.mark.parametrize("kind", ["oas30", "swagger"])
def test_names_of_operations_are_unique(
    export_of: Exporting, read_back: Callable[[Export], ApiDefinition], problems: Problems, kind: str
) -> None:
    """The service takes an operation's name twice; OpenAPI does not."""
    text = """\
openapi: "3.0.1"
info: {title: t, version: "1"}
paths:
  /:
    get: &same
      operationId: same
      responses: {"200": {description: ""}}
      x-amazon-apigateway-integration: {type: mock, responses: {default: {statusCode: "200"}}}
    post: *same
"""
    made = export_of(text, kind, ALL)
    first, second = made.document["paths"]["/"].values()
    assert first["operationId"] == second["x-inferway-operation-name"] == "same"
    assert "operationId" not in second
    assert [route.operation for route in read_back(made).routes] == ["same", "same"]
    assert problems(made.document) == []


def test_a_path_parameter_that_the_path_has_not_is_said(export_of: Exporting) -> None:
    text = """\
openapi: "3.0.1"
info: {title: t, version: "1"}
paths:
  /a:
    get:
      parameters: [{name: id, in: path, required: true, schema: {type: string}}]
      x-amazon-apigateway-integration: {type: mock, responses: {default: {statusCode: "200"}}}
"""
    assert export_of(text).notes == ("/a has no {id}, which GET declares; other tools may refuse the document",)


ODD = """\
openapi: "3.0.1"
info: {title: t, version: 1.5}
paths:
  /:
    get:
      summary: [1]
      description: {a: 1}
      tags: [1]
      security: [{key: []}]
      parameters: [{name: q, in: query, description: 5, schema: {type: 7}}]
      responses: {200: {description: [a], headers: {Date: 5}, content: {application/json: {schema: 5}}}, default: 5}
      x-amazon-apigateway-integration: {type: mock, responses: {default: {statusCode: "200"}}}
components:
  securitySchemes: {key: {type: apiKey, in: header, name: x-api-key, security: x, description: 5}}
"""


@pytest.mark.parametrize("kind", ["oas30", "swagger"])
def test_what_nobody_reads_cannot_spoil_a_document(export_of: Exporting, problems: Problems, kind: str) -> None:
    assert problems(export_of(ODD, kind, frozenset(("apigateway",))).document) == []


def test_swagger_has_one_body(export_of: Exporting) -> None:
    text = """\
openapi: "3.0.1"
info: {title: t, version: "1"}
paths:
  /:
    post:
      requestBody:
        content:
          text/csv: {schema: {type: string}}
          application/json: {schema: {type: object}}
      x-amazon-apigateway-integration: {type: mock, responses: {default: {statusCode: "200"}}}
"""
    made = export_of(text, "swagger")
    operation = made.document["paths"]["/"]["post"]
    assert operation["parameters"] == [{"in": "body", "name": "body", "required": True, "schema": {"type": "object"}}]
    assert made.notes == ("Swagger 2.0 has one body; of POST / only that of application/json is kept",)


def test_a_scheme_that_swagger_has_not_is_said(export_of: Exporting) -> None:
    text = """\
openapi: "3.0.1"
info: {title: t, version: "1"}
paths:
  /:
    get:
      security: [{bearer: []}]
      x-amazon-apigateway-integration: {type: mock, responses: {default: {statusCode: "200"}}}
components: {securitySchemes: {bearer: {type: http, scheme: bearer}}}
"""
    assert export_of(text).document["components"]["securitySchemes"] == {"bearer": {"type": "http", "scheme": "bearer"}}
    made = export_of(text, "swagger")
    assert made.document["securityDefinitions"]["bearer"]["type"] == "apiKey"
    assert made.notes == ("Swagger 2.0 has no security scheme of the type http; bearer becomes a header",)


def test_a_model_that_openapi_has_not_is_kept_and_said(export_of: Exporting) -> None:
    text = """\
openapi: "3.0.1"
info: {title: t, version: "1"}
paths:
  /: {get: {x-amazon-apigateway-integration: {type: mock, responses: {default: {statusCode: "200"}}}}}
components: {schemas: {Odd: {type: [string, "null"], patternProperties: {a: {type: string}}}}}
"""
    made = export_of(text)
    assert made.document["components"]["schemas"]["Odd"]["type"] == ["string", "null"]
    (note,) = made.notes
    assert note.startswith("the model Odd is JSON Schema that OpenAPI has not: patternProperties, type; ")
