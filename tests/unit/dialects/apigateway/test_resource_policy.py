"""Resource policies in definitions: where they stand, and what the service would refuse."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from inferway.convert import load
from inferway.definition.policy_steps import CheckResourcePolicy
from inferway.definition.steps import Refuse, RequirePermission, RequireSignature, SetVariable
from inferway.dialects.apigateway.resource_policy import with_policies
from inferway.faults import Place, Severity
from inferway.formats.cursor import Cursor
from inferway.formats.resources import OnePlace

Read = Callable[[str], Any]

MOCK = "{type: mock, requestTemplates: {application/json: '{}'}, responses: {default: {statusCode: 200}}}"
METHOD = f"paths:\n  /a:\n    get:\n      responses: {{200: {{}}}}\n      x-amazon-apigateway-integration: {MOCK}\n"
ALLOW: dict[str, Any] = {
    "Effect": "Allow",
    "Principal": "*",
    "Action": "execute-api:Invoke",
    "Resource": "execute-api:/*",
}


def text_of(**changes: Any) -> str:
    made = {key: value for key, value in {**ALLOW, **changes}.items() if value is not None}
    return json.dumps({"Version": "2012-10-17", "Statement": [made]})


@pytest.mark.parametrize(
    "text",
    [
        "not JSON",
        "[]",
        '{"Version": "2012-10-17"}',
        text_of(Principal=None),
        text_of(Principal="everyone"),
        text_of(Principal={}),
        text_of(Principal={"AWS": "arn:aws:iam::111122223333:user/*"}),
        text_of(Principal={"AWS": "arn:aws:iam::1111:user/ada"}),
        text_of(Principal={"AWS": "arn:aws:s3:::bucket"}),
        text_of(Principal={"AWS": ["111122223333", 5]}),
        text_of(Principal={"Robot": "*"}),
        text_of(NotPrincipal="*"),
        text_of(Action=None),
        text_of(Resource=None),
        text_of(Effect="Permit"),
        text_of(Because="I say so"),
        '{"Version": "2030-01-01", "Statement": []}',
    ],
)
def test_what_the_service_would_refuse_is_an_error_and_closes_the_method(read_document: Read, text: str) -> None:
    api, findings = read_document(f"{METHOD}x-amazon-apigateway-policy: {json.dumps(text)}\n")
    (finding,) = findings
    assert (finding.severity, finding.code, finding.place.line) == (Severity.ERROR, "bad-policy", 8)
    assert finding.text.startswith(
        "Invalid policy document. Please check the policy syntax and ensure that Principals are valid."
    )
    assert isinstance(api.routes[0].pipeline.request[0], Refuse)


def test_a_condition_that_is_not_known_is_told(read_document: Read) -> None:
    text = text_of(Condition={"StringSounds": {"aws:UserAgent": "curl"}})
    api, findings = read_document(f"{METHOD}x-amazon-apigateway-policy: {text}\n")
    assert [(finding.severity, finding.code) for finding in findings] == [(Severity.WARNING, "unknown-condition")]
    assert isinstance(api.routes[0].pipeline.request[0], CheckResourcePolicy)


@pytest.mark.parametrize(
    ("resource", "told"),
    [
        ("arn:aws:execute-api:us-east-1:123456789012:abcdefghij/*", True),
        ("arn:aws:execute-api:us-east-1:123456789012:*/prod/GET/*", False),
        ("arn:aws:execute-api:us-east-1:123456789012:*", False),
        ("arn:aws:execute-api:*", False),
        ("execute-api:/*", False),
        ("*", False),
    ],
)
def test_a_resource_of_another_api_is_told(read_document: Read, resource: str, told: bool) -> None:
    for given in (resource, ["execute-api:/x/*", resource]):
        _, findings = read_document(f"{METHOD}x-amazon-apigateway-policy: {text_of(Resource=given)}\n")
        assert [(finding.severity, finding.code) for finding in findings] == (
            [(Severity.WARNING, "foreign-resource")] if told else []
        )


def around(kind: str, policy: object) -> list[type]:
    cursor = Cursor({"x-amazon-apigateway-policy": policy} if policy else {}, (), OnePlace(Place(file="test")), {})
    authentication = () if kind in {"NONE", "AWS_IAM"} else (SetVariable,)
    return [
        step if isinstance(step, type) else type(step)
        for step in with_policies(kind, authentication, cursor, "abc")  # type: ignore[arg-type]  # only its place counts
    ]


@pytest.mark.parametrize(
    ("kind", "without", "beside"),
    [
        ("NONE", [], [CheckResourcePolicy]),
        ("AWS_IAM", [RequireSignature, RequirePermission], [RequireSignature, RequirePermission]),
        ("CUSTOM", [SetVariable, RequirePermission], [CheckResourcePolicy, SetVariable, RequirePermission]),
        ("COGNITO_USER_POOLS", [SetVariable], [SetVariable, CheckResourcePolicy]),
    ],
)
def test_the_order_is_that_of_the_kind_of_authorization(kind: str, without: list[type], beside: list[type]) -> None:
    # "How API Gateway resource policies affect authorization workflow"
    assert around(kind, None) == without
    assert around(kind, json.loads(text_of())) == beside


TEMPLATE = """\
Resources:
  Api:
    Type: AWS::ApiGateway::RestApi
    Properties:
      Name: A
      Policy: {Version: "2012-10-17", Statement: [{Effect: Allow, Principal: "*", Action: "execute-api:Invoke",
        Resource: !Join ["", ["execute-api:/", "prod/GET/*"]]}]}
  Get:
    Type: AWS::ApiGateway::Method
    Properties: {RestApiId: !Ref Api, ResourceId: !GetAtt Api.RootResourceId, HttpMethod: GET, AuthorizationType: NONE,
      Integration: {Type: MOCK}, MethodResponses: [{StatusCode: 200}]}
"""
PULUMI = """\
name: p
runtime: yaml
resources:
  api: {type: 'aws:apigateway:RestApi', properties: {name: A}}
  policy:
    type: aws:apigateway:RestApiPolicy
    properties:
      restApiId: ${api.id}
      policy: '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"*"},
        "Action":"execute-api:Invoke","Resource":"execute-api:/prod/GET/*"}]}'
  get:
    type: aws:apigateway:Method
    properties: {restApi: '${api.id}', resourceId: '${api.rootResourceId}', httpMethod: GET, authorization: NONE}
  mock:
    type: aws:apigateway:Integration
    properties: {restApi: '${api.id}', resourceId: '${api.rootResourceId}', httpMethod: '${get.httpMethod}', type: MOCK}
"""
SAM = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  Api:
    Type: AWS::Serverless::Api
    Properties:
      StageName: prod
      Auth: {ResourcePolicy: {IpRangeWhitelist: [192.0.2.0/24]}}
      DefinitionBody:
        openapi: 3.0.1
        info: {title: A}
        paths:
          /a:
            get:
              responses: {}
              x-amazon-apigateway-integration: {type: mock}
"""


@pytest.mark.parametrize(
    ("name", "text", "allowed"),
    [
        ("template.yaml", TEMPLATE, "execute-api:/prod/GET/*"),
        ("Pulumi.yaml", PULUMI, "execute-api:/prod/GET/*"),
        ("template.yaml", SAM, "execute-api:/prod/GET/a"),
    ],
)
def test_a_policy_is_read_wherever_it_stands(tmp_path: Path, name: str, text: str, allowed: str) -> None:
    (tmp_path / name).write_text(text, "utf-8")
    conversion = load(tmp_path / name)
    assert [str(finding) for finding in conversion.findings if finding.severity is Severity.ERROR] == []
    (api,) = conversion.definitions
    step = api.routes[0].pipeline.request[0]
    assert isinstance(step, CheckResourcePolicy)
    assert allowed in step.policy
