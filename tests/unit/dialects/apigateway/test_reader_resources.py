"""One API as an OpenAPI document, as CloudFormation's resources and as Pulumi's: the same steps come of each.

Expected values: API Gateway, "OpenAPI extensions for API Gateway"; CloudFormation Template Reference,
"AWS::ApiGateway::…"; https://www.pulumi.com/registry/packages/aws/api-docs/apigateway/.
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from inferway.definition.api import ApiDefinition
from inferway.definition.codec import encode
from inferway.definition.steps import MapResponse, ParameterIn, Refuse, RequireSignature, ValidateBody
from inferway.dialects.apigateway import provisioning
from inferway.dialects.apigateway.reader import read
from inferway.faults import Finding, Place, Severity
from inferway.formats import cloudformation, openapi
from inferway.formats.resources import Environment, OnePlace, Resource, ResourceGraph

PROGRAM = OnePlace(Place(file="p.py", line=3))

Reading = tuple[list[ApiDefinition], list[Finding]]

OPENAPI = """\
openapi: 3.0.1
info: {title: My API, description: Ratings}
x-amazon-apigateway-request-validators:
  all: {validateRequestBody: true, validateRequestParameters: true}
x-amazon-apigateway-gateway-responses:
  DEFAULT_4XX: {statusCode: 418, responseTemplates: {application/json: '{}'}}
components:
  securitySchemes:
    key: {type: apiKey, name: x-api-key, in: header}
    signed: {type: apiKey, name: Authorization, in: header, x-amazon-apigateway-authtype: awsSigv4}
  schemas:
    Rating: {type: object, required: [id], properties: {id: {type: integer}}}
paths:
  /ratings/{user}:
    get:
      operationId: predict
      security: [{signed: [], key: []}]
      x-amazon-apigateway-request-validator: all
      parameters:
        - {name: user, in: path, required: true}
        - {name: items, in: query, required: true}
        - {name: X-Trace, in: header}
      responses: {'200': {description: ok, headers: {X-Kind: {}}}, '500': {description: bad}}
      x-amazon-apigateway-integration:
        type: aws
        httpMethod: POST
        uri: arn:aws:apigateway:us-east-1:runtime.sagemaker:path/endpoints/movies/invocations
        credentials: arn:aws:iam::000000000000:role/caller
        timeoutInMillis: 5000
        passthroughBehavior: never
        cacheKeyParameters: [method.request.path.user]
        requestParameters: {integration.request.header.X-User: method.request.path.user}
        requestTemplates: {application/json: 'a $input.params("items")'}
        responses:
          default: {statusCode: '200', responseTemplates: {application/json: 'b $input.body'},
                    responseParameters: {method.response.header.X-Kind: "'kind'"}}
          '5\\d{2}': {statusCode: '500'}
  /:
    x-amazon-apigateway-any-method:
      x-amazon-apigateway-request-validator: all
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Rating'}}}}
      responses: {'200': {description: ok}}
      x-amazon-apigateway-integration: {type: http_proxy, httpMethod: ANY, uri: 'https://example.com/'}
"""

CLOUDFORMATION = """\
Resources:
  Api: {Type: 'AWS::ApiGateway::RestApi', Properties: {Name: My API, Description: Ratings}}
  All:
    Type: AWS::ApiGateway::RequestValidator
    Properties: {Name: all, RestApiId: !Ref Api, ValidateRequestBody: true, ValidateRequestParameters: 'true'}
  Rating:
    Type: AWS::ApiGateway::Model
    Properties:
      Name: Rating
      RestApiId: !Ref Api
      ContentType: application/json
      Schema: {type: object, required: [id], properties: {id: {type: integer}}}
  Teapot:
    Type: AWS::ApiGateway::GatewayResponse
    Properties:
      {RestApiId: !Ref Api, ResponseType: DEFAULT_4XX, StatusCode: '418', ResponseTemplates: {application/json: '{}'}}
  User:
    Type: AWS::ApiGateway::Resource
    Properties: {RestApiId: !Ref Api, ParentId: !Ref Ratings, PathPart: '{user}'}
  Ratings:
    Type: AWS::ApiGateway::Resource
    Properties: {RestApiId: !Ref Api, ParentId: !GetAtt Api.RootResourceId, PathPart: ratings}
  Predict:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Api
      ResourceId: !Ref User
      HttpMethod: GET
      OperationName: predict
      AuthorizationType: AWS_IAM
      ApiKeyRequired: true
      RequestValidatorId: !Ref All
      RequestParameters:
        method.request.path.user: true
        method.request.querystring.items: true
        method.request.header.X-Trace: false
      MethodResponses:
        - {StatusCode: '200', ResponseParameters: {method.response.header.X-Kind: false}}
        - {StatusCode: 500}
      Integration:
        Type: AWS
        IntegrationHttpMethod: POST
        Uri: !Sub arn:${AWS::Partition}:apigateway:${AWS::Region}:runtime.sagemaker:path/endpoints/movies/invocations
        Credentials: !Sub arn:aws:iam::${AWS::AccountId}:role/caller
        TimeoutInMillis: 5000
        PassthroughBehavior: NEVER
        CacheKeyParameters: [method.request.path.user]
        RequestParameters: {integration.request.header.X-User: method.request.path.user}
        RequestTemplates: {application/json: 'a $input.params("items")'}
        IntegrationResponses:
          - StatusCode: '200'
            ResponseTemplates: {application/json: 'b $input.body'}
            ResponseParameters: {method.response.header.X-Kind: "'kind'"}
          - {StatusCode: '500', SelectionPattern: '5\\d{2}'}
  Any:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Api
      ResourceId: !GetAtt Api.RootResourceId
      HttpMethod: ANY
      AuthorizationType: NONE
      RequestValidatorId: !Ref All
      RequestModels: {application/json: !Ref Rating, application/xml: Empty}
      MethodResponses: [{StatusCode: 200}]
      Integration: {Type: HTTP_PROXY, IntegrationHttpMethod: ANY, Uri: 'https://example.com/'}
"""


def pulumi_resources() -> tuple[Resource, ...]:
    """Give the same API as a Pulumi program declares it, with the identifiers that our provisioning gives."""
    made: dict[str, Resource] = {}

    def declare(kind: str, label: str, /, **properties: Any) -> Resource:
        token = f"aws:apigateway/{kind[0].lower()}{kind[1:]}:{kind}"
        resource = Resource(type=token, name=label, properties=properties, places=PROGRAM)
        given = provisioning.provision(resource, Environment())
        assert given is not None
        made[label] = msgspec.structs.replace(resource, id=given.id, attributes=given.attributes)
        return made[label]

    api = declare("RestApi", "api", name="My API", description="Ratings")
    every = declare("RequestValidator", "all", restApi=api.id, validateRequestBody=True, validateRequestParameters=True)
    schema = json.dumps({"type": "object", "required": ["id"], "properties": {"id": {"type": "integer"}}})
    declare("Model", "model", restApi=api.id, name="Rating", contentType="application/json", schema=schema)
    declare(
        "Response",
        "teapot",
        restApiId=api.id,
        responseType="DEFAULT_4XX",
        statusCode="418",
        responseTemplates={"application/json": "{}"},
    )
    root = api.attributes["rootResourceId"]
    ratings = declare("Resource", "ratings", restApi=api.id, parentId=root, pathPart="ratings")
    user = declare("Resource", "user", restApi=api.id, parentId=ratings.id, pathPart="{user}")
    at = {"restApi": api.id, "resourceId": user.id, "httpMethod": "GET"}
    declare(
        "Method",
        "predict",
        **at,
        authorization="AWS_IAM",
        apiKeyRequired=True,
        operationName="predict",
        requestValidatorId=every.id,
        requestParameters={
            "method.request.path.user": True,
            "method.request.querystring.items": True,
            "method.request.header.X-Trace": False,
        },
    )
    declare(
        "Integration",
        "predict-integration",
        **at,
        type="AWS",
        integrationHttpMethod="POST",
        uri="arn:aws:apigateway:us-east-1:runtime.sagemaker:path/endpoints/movies/invocations",
        credentials="arn:aws:iam::000000000000:role/caller",
        timeoutMilliseconds=5000,
        passthroughBehavior="NEVER",
        cacheKeyParameters=["method.request.path.user"],
        requestParameters={"integration.request.header.X-User": "method.request.path.user"},
        requestTemplates={"application/json": 'a $input.params("items")'},
    )
    header = {"method.response.header.X-Kind": False}
    declare("MethodResponse", "ok", **at, statusCode="200", responseParameters=header)
    declare("MethodResponse", "bad", **at, statusCode="500")
    declare(
        "IntegrationResponse",
        "ok-mapped",
        **at,
        statusCode="200",
        responseTemplates={"application/json": "b $input.body"},
        responseParameters={"method.response.header.X-Kind": "'kind'"},
    )
    declare("IntegrationResponse", "bad-mapped", **at, statusCode="500", selectionPattern="5\\d{2}")
    at = {"restApi": api.id, "resourceId": str(root), "httpMethod": "ANY"}
    models = {"application/json": "Rating", "application/xml": "Empty"}
    declare("Method", "any", **at, authorization="NONE", requestValidatorId=every.id, requestModels=models)
    declare("MethodResponse", "any-ok", **at, statusCode="200")
    declare(
        "Integration", "any-proxy", **at, type="HTTP_PROXY", integrationHttpMethod="ANY", uri="https://example.com/"
    )
    return tuple(made.values())


def template(text: str, folder: Path) -> Reading:
    path = folder / "template.yaml"
    path.write_text(text, "utf-8")
    graph, found = cloudformation.read(path, Environment(), provisioning.provision)
    apis, findings = read(graph)
    return list(apis), [*found, *findings]


def content(api: ApiDefinition) -> Any:
    """Give a definition without places and without the identifier of its own, which permissions and hosts name."""

    def stripped(value: Any) -> Any:
        if isinstance(value, list):
            return [stripped(item) for item in value]
        if not isinstance(value, dict):
            return value
        kept = {key: stripped(part) for key, part in value.items() if key != "place"}
        if kept.get("type") == "RequirePermission":
            kept["resource"] = kept["resource"].split("/", 1)[1]
        return kept

    given: dict[str, Any] = stripped(json.loads(encode(api))["api"])
    return {key: value for key, value in given.items() if key not in {"id", "hosts"}}


@pytest.fixture
def document(tmp_path: Path) -> Any:
    path = tmp_path / "openapi.yaml"
    path.write_text(OPENAPI, "utf-8")
    graph, found = openapi.read(path)
    (api,), findings = read(graph)
    assert [*found, *findings] == []
    assert len(api.routes) == 2
    return content(api)


def test_cloudformation_s_resources_are_read_as_the_document(tmp_path: Path, document: Any) -> None:
    (api,), findings = template(CLOUDFORMATION, tmp_path)
    assert findings == []
    assert content(api) == document


def test_pulumi_s_resources_are_read_as_the_document(document: Any) -> None:
    (api,), findings = read(ResourceGraph(resources=pulumi_resources()))
    assert findings == ()
    assert content(api) == document


def test_the_permission_names_the_api_as_other_resources_know_it(tmp_path: Path) -> None:
    (api,), _ = template(CLOUDFORMATION, tmp_path)
    graph, _ = cloudformation.read(tmp_path / "template.yaml", Environment(), provisioning.provision)
    identifier = next(resource.id for resource in graph.resources if resource.name == "Api")
    assert identifier.isalnum()
    assert len(identifier) == 10
    steps = api.routes[0].pipeline.request
    resource = next(step.resource for step in steps if hasattr(step, "resource"))
    assert resource == f"arn:aws:execute-api:{{region}}:{{account}}:{identifier}/{{stage}}/{{method}}/{{path}}"
    assert any(isinstance(step, RequireSignature) for step in steps)


def test_findings_stand_at_the_resource_s_own_lines(tmp_path: Path) -> None:
    text = CLOUDFORMATION.replace("TimeoutInMillis: 5000", "TimeoutInMillis: 5").replace(
        "SelectionPattern: '5\\d{2}'", "SelectionPattern: '5['"
    )
    _, findings = template(text, tmp_path)
    lines = text.splitlines()
    assert {(finding.code, lines[finding.place.line - 1].strip().split(":")[0]) for finding in findings} == {
        ("bad-timeout", "TimeoutInMillis"),
        ("bad-selection-pattern", "- {StatusCode"),
    }


def test_a_template_error_stands_in_its_line_of_the_block(tmp_path: Path) -> None:
    text = CLOUDFORMATION.replace(
        "RequestTemplates: {application/json: 'a $input.params(\"items\")'}",
        "RequestTemplates:\n          application/json: !Sub |\n            ok\n            #if(\n",
    )
    _, findings = template(text, tmp_path)
    (finding,) = findings
    assert finding.code == "bad-template"
    assert text.splitlines()[finding.place.line - 1].strip() in {"ok", "#if("}


Method = Callable[[str], Reading]


@pytest.fixture
def with_resources(tmp_path: Path) -> Method:
    """Read an API with one method `GET /`, and the resources given below it."""

    def read_text(text: str) -> Reading:
        head = """\
Resources:
  Api: {Type: 'AWS::ApiGateway::RestApi', Properties: {Name: A}}
  Get:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Api
      ResourceId: !GetAtt Api.RootResourceId
      HttpMethod: GET
      AuthorizationType: NONE
      MethodResponses: [{StatusCode: 200}]
      Integration: {Type: MOCK, IntegrationResponses: [{StatusCode: 200}]}
"""
        return template(head + text, tmp_path)

    return read_text


@pytest.mark.parametrize(
    ("resource", "code", "severity"),
    [
        ("Resource', Properties: {RestApiId: !Ref Api, ParentId: nowhere, PathPart: a}", "unknown-parent", "error"),
        ("Resource', Properties: {RestApiId: nowhere, ParentId: a, PathPart: a}", "unknown-api", "warning"),
        ("Method', Properties: {RestApiId: !Ref Api, ResourceId: x, HttpMethod: GET}", "unknown-resource", "error"),
        (
            "Method', Properties: {RestApiId: !Ref Api, ResourceId: !GetAtt Api.RootResourceId, HttpMethod: GET}",
            "duplicate-method",
            "error",
        ),
        (
            "Method', Properties: {RestApiId: !Ref Api, ResourceId: !GetAtt Api.RootResourceId, HttpMethod: TRACE}",
            "unknown-method",
            "error",
        ),
        (
            "Method', Properties: {RestApiId: !Ref Api, ResourceId: !GetAtt Api.RootResourceId, HttpMethod: PUT}",
            "no-integration",
            "warning",
        ),
        ("Model', Properties: {RestApiId: !Ref Api, Name: M, Schema: '{'}", "bad-model", "error"),
        ("Model', Properties: {RestApiId: !Ref Api, Name: M, Schema: [1]}", "bad-model", "error"),
        ("GatewayResponse', Properties: {RestApiId: !Ref Api, ResponseType: X}", "unknown-gateway-response", "error"),
        ("Stage', Properties: {RestApiId: !Ref Api}", "no-stage-name", "error"),
        (
            "Stage', Properties: {RestApiId: !Ref Api, StageName: a, CanarySetting: {PercentTraffic: 1}}",
            "canary-revision",
            "note",
        ),
        (
            "Stage', Properties: {RestApiId: !Ref Api, StageName: a, CanarySetting: {PercentTraffic: 101}}",
            "bad-canary",
            "error",
        ),
        ("Stage', Properties: {RestApiId: !Ref Api, StageName: a, Colour: b}", "unknown-property", "warning"),
        ("VpcLink', Properties: {Name: a, TargetArns: [b]}", "unserved-resource", "warning"),
        (
            "DomainName', Properties: {DomainName: a.example.com, MutualTlsAuthentication: {TruststoreUri: s3}}",
            "bad-truststore",
            "error",
        ),
        ("RestApi', Properties: {Name: B, CloneFrom: x}", "unserved-property", "warning"),
        ("RestApi', Properties: {Name: B, BodyS3Location: {Bucket: a, Key: b}}", "unserved-property", "error"),
        ("RestApi', Properties: {Name: B, Body: {openapi: 2.5}}", "openapi-version", "error"),
    ],
)
def test_what_does_not_fit_or_is_not_served_is_reported(
    with_resources: Method, resource: str, code: str, severity: str
) -> None:
    _, findings = with_resources(f"  X: {{Type: 'AWS::ApiGateway::{resource}}}\n")
    assert [(finding.code, finding.severity) for finding in findings] == [(code, severity)]
    assert findings[0].place.line == 12


def test_an_authorizer_that_is_not_there_is_refused(with_resources: Method) -> None:
    (api,), findings = with_resources("""\
  Post:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Api
      ResourceId: !GetAtt Api.RootResourceId
      HttpMethod: POST
      AuthorizationType: CUSTOM
      AuthorizerId: abc
      Integration: {Type: MOCK, IntegrationResponses: [{StatusCode: 200}, {StatusCode: 200}]}
""")
    assert ("unknown-authorizer", Severity.ERROR) in [(finding.code, finding.severity) for finding in findings]
    assert isinstance(api.routes[1].pipeline.request[0], Refuse)


def test_the_first_of_two_responses_without_a_pattern_counts(with_resources: Method) -> None:
    (api,), findings = with_resources("""\
  Post:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Api
      ResourceId: !GetAtt Api.RootResourceId
      HttpMethod: POST
      AuthorizationType: NONE
      MethodResponses: [{StatusCode: 200}, {StatusCode: 400}]
      Integration: {Type: MOCK, IntegrationResponses: [{StatusCode: 200}, {StatusCode: 400}]}
""")
    assert [(finding.code, finding.severity) for finding in findings] == [("duplicate-case", Severity.WARNING)]
    (mapping,) = [step for step in api.routes[1].pipeline.response if isinstance(step, MapResponse)]
    assert [case.status for case in mapping.cases] == [200]


@pytest.mark.parametrize(
    "beside",
    [
        "Deployment', Properties: {RestApiId: !Ref Api}",
        "Stage', Properties: {RestApiId: !Ref Api, StageName: a, DeploymentId: b}",
    ],
)
def test_a_deployment_refuses_a_method_without_an_integration(with_resources: Method, beside: str) -> None:
    (api,), findings = with_resources(f"""\
  X: {{Type: 'AWS::ApiGateway::{beside}}}
  Put:
    Type: AWS::ApiGateway::Method
    Properties: {{RestApiId: !Ref Api, ResourceId: !GetAtt Api.RootResourceId, HttpMethod: PUT}}
""")
    assert ("no-integration", Severity.ERROR) in [(finding.code, finding.severity) for finding in findings]
    assert [route.method for route in api.routes] == ["GET"]


def test_models_of_their_own_keep_what_an_import_drops_and_name_each_other(with_resources: Method) -> None:
    (api,), findings = with_resources("""\
  Row: {Type: 'AWS::ApiGateway::Model', Properties: {RestApiId: !Ref Api, Name: Row, Schema: {type: integer}}}
  Rows:
    Type: AWS::ApiGateway::Model
    Properties:
      RestApiId: !Ref Api
      Name: Rows
      Schema:
        type: array
        minItems: 1
        items: {$ref: !Sub 'https://apigateway.amazonaws.com/restapis/${Api}/models/${Row}'}
  Validator: {Type: 'AWS::ApiGateway::RequestValidator', Properties: {RestApiId: !Ref Api, ValidateRequestBody: true}}
  Post:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Api
      ResourceId: !GetAtt Api.RootResourceId
      HttpMethod: POST
      RequestModels: {application/json: !Ref Rows}
      RequestValidatorId: !Ref Validator
      MethodResponses: [{StatusCode: 200}]
      Integration: {Type: MOCK, IntegrationResponses: [{StatusCode: 200}]}
""")
    assert findings == []
    (step,) = (step for step in api.routes[1].pipeline.request if isinstance(step, ValidateBody))
    schema = json.loads(step.schemas[0].schema)
    assert schema["minItems"] == 1
    assert schema["items"] == {"$ref": "#/definitions/Row"}
    assert schema["definitions"] == {"Row": {"type": "integer"}}


def test_a_pattern_that_reads_default_is_no_default(with_resources: Method) -> None:
    (api,), findings = with_resources("""\
  Post:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Api
      ResourceId: !GetAtt Api.RootResourceId
      HttpMethod: POST
      MethodResponses: [{StatusCode: 200}]
      Integration: {Type: MOCK, IntegrationResponses: [{StatusCode: 200, SelectionPattern: default}]}
""")
    assert findings == []
    (step,) = (step for step in api.routes[1].pipeline.response if isinstance(step, MapResponse))
    assert [case.pattern for case in step.cases] == ["(?:default)"]


BODY = """\
openapi: 3.0.1
info: {title: In the document, version: '2'}
paths:
  /a:
    get:
      parameters: [{$ref: '#/components/parameters/Q'}]
      responses: {'200': {description: ok}}
      x-amazon-apigateway-integration: {type: mock, responses: {default: {statusCode: 200}}}
components: {parameters: {Q: {name: q, in: query}}}
"""


def test_a_body_goes_the_way_of_a_document(tmp_path: Path) -> None:
    body = "".join(f"        {line}\n" for line in BODY.splitlines())
    (api,), findings = template(
        f"Resources:\n  Api:\n    Type: AWS::ApiGateway::RestApi\n    Properties:\n      Body:\n{body}", tmp_path
    )
    assert findings == []
    assert (api.name, api.version) == ("In the document", "2")
    (route,) = api.routes
    assert [(parameter.location, parameter.name) for parameter in route.parameters] == [(ParameterIn.QUERY, "q")]
    assert route.place.line == 10


def test_a_body_may_be_a_file_beside_the_template(tmp_path: Path) -> None:
    (tmp_path / "api.yaml").write_text(BODY, "utf-8")
    (api,), findings = template(
        "Resources:\n  Api: {Type: 'AWS::ApiGateway::RestApi', Properties: {BodyS3Location: api.yaml, Name: Mine}}\n",
        tmp_path,
    )
    assert findings == []
    assert (api.name, len(api.routes)) == ("Mine", 1)
    assert api.routes[0].place.file.endswith("api.yaml")


def test_methods_are_added_to_a_body(tmp_path: Path) -> None:
    (tmp_path / "api.yaml").write_text(BODY, "utf-8")
    text = CLOUDFORMATION.replace("{Name: My API, ", "{BodyS3Location: api.yaml, ")
    (api,), findings = template(text, tmp_path)
    assert findings == []
    assert [(route.method, route.path) for route in api.routes] == [
        ("GET", "/a"),
        ("GET", "/ratings/{user}"),
        ("ANY", "/"),
    ]


def test_pulumi_s_body_is_a_text(tmp_path: Path) -> None:
    resource = Resource(
        type="aws:apigateway/restApi:RestApi",
        name="api",
        properties={"body": json.dumps({"openapi": "3.0.1", "info": {"title": "T"}, "paths": {}}), "name": "N-1"},
        places=PROGRAM,
        id="abc",
    )
    (api,), findings = read(ResourceGraph(resources=(resource,)))
    assert (api.name, findings) == ("N-1", ())
    broken = msgspec.structs.replace(resource, properties={"body": "{"})
    _, findings = read(ResourceGraph(resources=(broken,)))
    assert (findings[0].code, findings[0].place.line) == ("yaml-syntax", 3)


def test_parts_of_a_method_that_is_not_there() -> None:
    resources = [each for each in pulumi_resources() if each.name not in {"any", "any-ok"}]
    _, findings = read(ResourceGraph(resources=tuple(resources)))
    assert [(finding.code, finding.severity) for finding in findings] == [("unknown-method", Severity.ERROR)]


def test_two_apis_of_one_template(with_resources: Method) -> None:
    apis, findings = with_resources("""\
  Other: {Type: 'AWS::ApiGateway::RestApi', Properties: {Name: B}}
  OtherGet:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Other
      ResourceId: !GetAtt Other.RootResourceId
      HttpMethod: GET
      Integration: {Type: MOCK, IntegrationResponses: [{StatusCode: 200}]}
      MethodResponses: [{StatusCode: 200}]
""")
    assert findings == []
    assert [(api.slug, len(api.routes)) for api in apis] == [("a", 1), ("b", 1)]
