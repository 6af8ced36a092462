"""Authorizers as documents and resources write them: steps, and what the service refuses."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from inferway.convert import Conversion, load
from inferway.definition.api import ApiDefinition
from inferway.definition.authorizer_steps import InvokeAuthorizer
from inferway.definition.steps import ApiKeySource, Refuse, RequireApiKey, RequirePermission, Step
from inferway.dialects.apigateway import provisioning
from inferway.dialects.apigateway.reader import read
from inferway.faults import FaultKind, Finding, Place, Severity
from inferway.formats.resources import Environment, OnePlace, Resource, ResourceGraph

PROGRAM = OnePlace(Place(file="p.py", line=3))

Read = Callable[[str], tuple[ApiDefinition, list[Finding]]]

FUNCTION = "arn:aws:lambda:us-east-1:123456789012:function:guard"
URI = f"arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/{FUNCTION}/invocations"
INTEGRATION = "{type: mock, requestTemplates: {application/json: '{}'}, responses: {default: {statusCode: 200}}}"


def document(authorizer: str, scheme: str = "name: Auth, in: header") -> str:
    return f"""\
components:
  securitySchemes:
    guard:
      {{type: apiKey, {scheme}, x-amazon-apigateway-authtype: custom,
       x-amazon-apigateway-authorizer: {{{authorizer}}}}}
paths:
  /a:
    get:
      security: [{{guard: []}}]
      responses: {{200: {{description: ok}}}}
      x-amazon-apigateway-integration: {INTEGRATION}
"""


def first(api: ApiDefinition) -> Step:
    return api.routes[0].pipeline.request[0]


def test_a_token_authorizer(read_document: Read) -> None:
    """Defaults: 300 s; a method's ARN of 1,600 bytes (CreateAuthorizer; "Output from an API Gateway Lambda …")."""
    api, findings = read_document(
        document(
            f"type: token, authorizerUri: '{URI}', identityValidationExpression: '^x-.*', authorizerCredentials: r"
        )
    )
    assert findings == []
    asks, permits, *_ = api.routes[0].pipeline.request
    assert isinstance(asks, InvokeAuthorizer)
    assert (asks.target.name, asks.ttl, asks.pattern, asks.longest) == (FUNCTION, 300, "^x-.*", 1600)
    assert [part.text for part in asks.identity] == ["method.request.multivalueheader.Auth"]
    assert isinstance(permits, RequirePermission)
    assert permits.resource == asks.resource
    assert api.routes[0].authorization == "CUSTOM"


def test_a_request_authorizer(read_document: Read) -> None:
    source = "method.request.header.A , method.request.querystring.b,stageVariables.c,context.identity.sourceIp"
    api, findings = read_document(
        document(f"type: request, authorizerUri: '{URI}', identitySource: '{source}', authorizerResultTtlInSeconds: 0")
    )
    assert findings == []
    asks = first(api)
    assert isinstance(asks, InvokeAuthorizer)
    assert asks.ttl == 0
    assert [part.text for part in asks.identity] == [
        "method.request.multivalueheader.A",
        "method.request.multivaluequerystring.b",
        "stageVariables.c",
        "context.identity.sourceIp",
    ]


def test_a_token_authorizer_may_name_its_header_by_its_source(read_document: Read) -> None:
    given = f"type: token, authorizerUri: '{URI}', identitySource: method.request.header.T"
    api, findings = read_document(document(given, "name: '', in: header"))
    asks = first(api)
    assert (isinstance(asks, InvokeAuthorizer) and asks.identity[0].text) == "method.request.multivalueheader.T"
    assert findings == []
    api, findings = read_document(document(given))
    assert [finding.code for finding in findings] == ["unused-property"]


@pytest.mark.parametrize(
    ("authorizer", "code", "severity"),
    [
        ("type: token", "bad-uri", Severity.ERROR),
        ("type: token, authorizerUri: arn", "bad-uri", Severity.ERROR),
        (f"type: token, authorizerUri: '{FUNCTION}'", "bad-uri", Severity.ERROR),
        (f"type: custom, authorizerUri: '{URI}'", "bad-authorizer", Severity.ERROR),
        (f"type: token, authorizerUri: '{URI}', authorizerResultTtlInSeconds: 3601", "bad-ttl", Severity.ERROR),
        (f"type: token, authorizerUri: '{URI}', authorizerResultTtlInSeconds: -1", "bad-ttl", Severity.ERROR),
        (f"type: token, authorizerUri: '{URI}', authorizerResultTtlInSeconds: x", "wrong-type", Severity.ERROR),
        (f"type: token, authorizerUri: '{URI}', identityValidationExpression: '(a'", "bad-pattern", Severity.ERROR),
        (f"type: token, authorizerUri: '{URI}', identitySource: header.A", "invalid-mapping", Severity.ERROR),
        (f"type: request, authorizerUri: '{URI}'", "no-identity-source", Severity.ERROR),
        (
            f"type: request, authorizerUri: '{URI}', identitySource: method.request.path.id",
            "invalid-mapping",
            Severity.ERROR,
        ),
        (
            f"type: request, authorizerUri: '{URI}', identitySource: context.path, enableSimpleResponses: true",
            "unserved-property",
            Severity.WARNING,
        ),
        (
            f"type: request, authorizerUri: '{URI}', identitySource: context.path, identityValidationExpression: a",
            "unused-property",
            Severity.NOTE,
        ),
        (f"type: token, authorizerUri: '{URI}', colour: blue", "unknown-property", Severity.WARNING),
    ],
)
def test_what_is_wrong_with_an_authorizer(read_document: Read, authorizer: str, code: str, severity: Severity) -> None:
    api, findings = read_document(document(authorizer))
    assert (code, severity) in [(finding.code, finding.severity) for finding in findings]
    assert all(finding.place.line in {6, 7} for finding in findings)
    assert severity is not Severity.ERROR or isinstance(first(api), Refuse | InvokeAuthorizer | RequirePermission)


def test_a_scheme_without_an_authorizer_lets_nobody_in(read_document: Read) -> None:
    text = document("").replace(",\n       x-amazon-apigateway-authorizer: {}", "")
    api, findings = read_document(text)
    assert [finding.code for finding in findings] == ["no-authorizer"]
    refused = first(api)
    assert isinstance(refused, Refuse)
    assert refused.kind is FaultKind.AUTHORIZER_MISCONFIGURED


SHOP = "{Name: shop, ApiKeySourceType: AUTHORIZER}"


def template(method: str, authorizer: str = "", more: str = "", api: str = SHOP) -> str:
    return f"""\
Resources:
  Api: {{Type: 'AWS::ApiGateway::RestApi', Properties: {api}}}
  Guard:
    Type: AWS::ApiGateway::Authorizer
    Properties:
      {{RestApiId: !Ref Api, Name: guard, Type: TOKEN, IdentitySource: method.request.header.T{authorizer},
       AuthorizerUri: '{URI}'}}
{more}
  Get:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Api
      ResourceId: !GetAtt Api.RootResourceId
      HttpMethod: GET
      {method}
      MethodResponses: [{{StatusCode: 200}}]
      Integration: {{Type: MOCK, IntegrationResponses: [{{StatusCode: 200}}]}}
  Live: {{Type: 'AWS::ApiGateway::Stage', Properties: {{RestApiId: !Ref Api, StageName: live}}}}
"""


@pytest.fixture
def read_template(tmp_path: Path) -> Callable[[str], Conversion]:
    def read(text: str) -> Conversion:
        file = tmp_path / "template.yaml"
        file.write_text(text, "utf-8")
        return load(file)

    return read


def test_an_authorizer_of_a_template(read_template: Callable[[str], Conversion]) -> None:
    method = "{AuthorizationType: CUSTOM, AuthorizerId: !Ref Guard, ApiKeyRequired: true}"
    made = read_template(template(f"<<: {method}", ", AuthorizerResultTtlInSeconds: 60, AuthType: custom"))
    assert [str(finding) for finding in made.findings] == []
    asks, permits, key, *_ = made.definitions[0].routes[0].pipeline.request
    assert isinstance(asks, InvokeAuthorizer)
    assert (asks.ttl, asks.identity[0].text) == (60, "method.request.multivalueheader.T")
    assert asks.target.place.line == 7
    assert isinstance(permits, RequirePermission)
    assert key == RequireApiKey(source=ApiKeySource.AUTHORIZER)


def test_an_authorizer_as_cdk_writes_it(read_template: Callable[[str], Conversion]) -> None:
    """aws-cdk-lib's TokenAuthorizer: the URI is put together of the function's own ARN."""
    arn = {"Fn::GetAtt": ["Fn", "Arn"]}
    split = {"Fn::Split": [":", arn]}
    uri = ["arn:", {"Fn::Select": [1, split]}, ":apigateway:", {"Fn::Select": [3, split]}]
    uri += [":lambda:path/2015-03-31/functions/", arn, "/invocations"]
    role = "arn:aws:iam::123456789012:role/r"
    code = {"ZipFile": "def handler(event, context): ..."}
    function = {
        "Code": code,
        "Handler": "index.handler",
        "Runtime": "python3.12",
        "Role": role,
        "FunctionName": "guard",
    }
    made: dict[str, Any] = {
        "Fn": {"Type": "AWS::Lambda::Function", "Properties": function},
        "Api": {"Type": "AWS::ApiGateway::RestApi", "Properties": {"Name": "shop"}},
        "Guard": {
            "Type": "AWS::ApiGateway::Authorizer",
            "Properties": {
                "AuthorizerResultTtlInSeconds": 300,
                "AuthorizerUri": {"Fn::Join": ["", uri]},
                "IdentitySource": "method.request.header.Authorization",
                "Name": "StackGuard1234",
                "RestApiId": {"Ref": "Api"},
                "Type": "TOKEN",
            },
        },
        "Get": {
            "Type": "AWS::ApiGateway::Method",
            "Properties": {
                "AuthorizationType": "CUSTOM",
                "AuthorizerId": {"Ref": "Guard"},
                "HttpMethod": "GET",
                "ResourceId": {"Fn::GetAtt": ["Api", "RootResourceId"]},
                "RestApiId": {"Ref": "Api"},
                "Integration": {"Type": "HTTP_PROXY", "IntegrationHttpMethod": "GET", "Uri": "https://a.example"},
            },
        },
    }
    conversion = read_template(json.dumps({"Resources": made}))
    assert [str(finding) for finding in conversion.findings if finding.severity is Severity.ERROR] == []
    asks = conversion.definitions[0].routes[0].pipeline.request[0]
    assert isinstance(asks, InvokeAuthorizer)
    assert asks.target.name.endswith(":function:guard")


SERVICE_SAYS = (
    "Invalid authorizer ID specified. Setting the authorization type to CUSTOM or COGNITO_USER_POOLS requires a valid "
    "authorizer."
)


@pytest.mark.parametrize(
    ("method", "code", "text"),
    [
        ("AuthorizationType: CUSTOM", "unknown-authorizer", SERVICE_SAYS),
        ("<<: {AuthorizationType: CUSTOM, AuthorizerId: abc}", "unknown-authorizer", SERVICE_SAYS),
        ("<<: {AuthorizationType: COGNITO_USER_POOLS, AuthorizerId: !Ref Guard}", "unknown-authorizer", SERVICE_SAYS),
        ("<<: {AuthorizationType: NONE, AuthorizerId: !Ref Guard}", "unused-property", ""),
        (
            "<<: {AuthorizationType: CUSTOM, AuthorizerId: !Ref Guard, AuthorizationScopes: [a]}",
            "unused-property",
            "",
        ),
        ("<<: {AuthorizationType: MAGIC}", "bad-value", ""),
    ],
)
def test_a_method_s_authorizer_has_to_fit(
    read_template: Callable[[str], Conversion], method: str, code: str, text: str
) -> None:
    found = next(finding for finding in read_template(template(method)).findings if finding.code == code)
    assert found.place.line in range(9, 16)
    assert not text or (found.text, found.severity) == (text, Severity.ERROR)


@pytest.mark.parametrize(
    ("properties", "code"),
    [
        ("Name: a, Type: TOKEN, IdentitySource: method.request.header.T, AuthorizerUri: arn", "bad-uri"),
        (f"Name: a, Type: REQUEST, AuthorizerUri: '{URI}'", "no-identity-source"),
        (f"Name: a, Type: TOKENS, AuthorizerUri: '{URI}'", "bad-value"),
        (f"Name: a, AuthorizerUri: '{URI}'", "missing-property"),
        (f"Type: TOKEN, IdentitySource: method.request.header.T, AuthorizerUri: '{URI}'", "missing-property"),
        (f"Name: a, Type: TOKEN, AuthorizerUri: '{URI}', IdentitySource: [a]", "wrong-type"),
        (f"Name: a, Type: TOKEN, AuthorizerUri: '{URI}', IdentitySource: method.request.header.T, Ttl: 3", "unknown"),
    ],
)
def test_an_authorizer_that_no_method_asks_is_checked_too(
    read_template: Callable[[str], Conversion], properties: str, code: str
) -> None:
    more = f"  Other: {{Type: 'AWS::ApiGateway::Authorizer', Properties: {{RestApiId: !Ref Api, {properties}}}}}"
    made = read_template(template("AuthorizationType: NONE", more=more))
    found = [finding for finding in made.findings if finding.code.startswith(code)]
    assert found, made.findings
    assert found[0].place.line == 8


def test_a_body_s_methods_keep_their_schemes_beside_a_template_s(read_template: Callable[[str], Conversion]) -> None:
    """An imported Swagger 2.0 body has `securityDefinitions`; an authorizer beside it goes there."""
    paths = (
        f"{{/b: {{get: {{responses: {{}}, security: [{{own: []}}], x-amazon-apigateway-integration: {INTEGRATION}}}}}}}"
    )
    own = "{type: apiKey, name: O, in: header, x-amazon-apigateway-authorizer: "
    own += f"{{type: token, authorizerUri: '{URI}'}}}}"
    body = f"{{swagger: '2.0', info: {{title: shop}}, paths: {paths}, securityDefinitions: {{own: {own}}}}}"
    text = template("<<: {AuthorizationType: CUSTOM, AuthorizerId: !Ref Guard}", api=f"{{Body: {body}}}")
    made = read_template(text)
    asked = {
        route.path: step.identity[0].text
        for api in made.definitions
        for route in api.routes
        for step in route.pipeline.request
        if isinstance(step, InvokeAuthorizer)
    }
    assert asked == {"/b": "method.request.multivalueheader.O", "/": "method.request.multivalueheader.T"}


def test_a_program_s_authorizer() -> None:
    """pulumi-aws: a TOKEN authorizer of the header Authorization where a program does not say otherwise."""
    made: dict[str, Resource] = {}

    def declare(kind: str, label: str, /, **properties: Any) -> str:
        token = f"aws:apigateway/{kind[0].lower()}{kind[1:]}:{kind}"
        resource = Resource(type=token, name=label, properties=properties, places=PROGRAM)
        given = provisioning.provision(resource, Environment())
        assert given is not None
        made[label] = msgspec.structs.replace(resource, id=given.id, attributes=given.attributes)
        return given.id

    api = declare("RestApi", "api", name="shop")
    guard = declare("Authorizer", "guard", restApi=api, name="guard", authorizerUri=URI)
    asker = declare(
        "Authorizer",
        "asker",
        restApi=api,
        name="asker",
        type="REQUEST",
        authorizerUri=URI,
        identitySource="method.request.querystring.q",
        authorizerResultTtlInSeconds=7,
    )
    root = str(made["api"].attributes["rootResourceId"])
    for verb, named in (("GET", guard), ("PUT", asker)):
        at = {"restApi": api, "resourceId": root, "httpMethod": verb}
        declare("Method", f"m-{verb}", **at, authorization="CUSTOM", authorizerId=named)
        declare(
            "Integration", f"i-{verb}", **at, type="HTTP_PROXY", integrationHttpMethod="ANY", uri="https://a.example/"
        )
    (read_api,), findings = read(ResourceGraph(resources=tuple(made.values())))
    assert findings == ()
    asked = {
        route.method: (step.identity[0].text, step.ttl)
        for route in read_api.routes
        for step in route.pipeline.request
        if isinstance(step, InvokeAuthorizer)
    }
    assert asked == {
        "GET": ("method.request.multivalueheader.Authorization", 300),
        "PUT": ("method.request.multivaluequerystring.q", 7),
    }
