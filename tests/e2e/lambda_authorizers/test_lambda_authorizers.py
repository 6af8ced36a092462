"""Lambda authorizers over a running gateway, from every format that defines them, with Python and Node.js handlers."""

import contextlib
import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

URI = (
    "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/"
    "arn:aws:lambda:us-east-1:123456789012:function:{}/invocations"
)
WHO = '{"who": "$context.authorizer.principalId", "calls": "$context.authorizer.calls"}'
ROLE = "arn:aws:iam::123456789012:role/r"
UNAUTHORIZED = (401, '{"message":"Unauthorized"}', "UnauthorizedException")
FAILED = (500, '{"message":null}', "AuthorizerConfigurationException")
DENIED = "User is not authorized to access this resource"


def mock(template: str = WHO) -> dict[str, Any]:
    return {
        "Type": "MOCK",
        "RequestTemplates": {"application/json": '{"statusCode": 200}'},
        "IntegrationResponses": [{"StatusCode": "200", "ResponseTemplates": {"application/json": template}}],
    }


def method(verb: str, resource: Any, **properties: Any) -> dict[str, Any]:
    return declare(
        "ApiGateway::Method",
        RestApiId={"Ref": "Api"},
        ResourceId=resource,
        HttpMethod=verb,
        Integration=properties.pop("Integration", mock()),
        MethodResponses=[{"StatusCode": "200"}],
        **properties,
    )


def declare(kind: str, **properties: Any) -> dict[str, Any]:
    return {"Type": f"AWS::{kind}", "Properties": properties}


def function(code: str, runtime: str = "python3.12") -> dict[str, Any]:
    return declare(
        "Lambda::Function", Handler="index.handler", Runtime=runtime, Role=ROLE, Code={"ZipFile": code}, Timeout=3
    )


def uri(name: str) -> dict[str, Any]:
    head = "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/"
    return {"Fn::Join": ["", [head, {"Fn::GetAtt": [name, "Arn"]}, "/invocations"]]}


def authorizer(kind: str, name: str, source: str, **properties: Any) -> dict[str, Any]:
    return declare(
        "ApiGateway::Authorizer",
        RestApiId={"Ref": "Api"},
        Name=name.lower(),
        Type=kind,
        AuthorizerUri=uri(name),
        IdentitySource=source,
        **properties,
    )


def template(handlers: dict[str, str]) -> str:
    """An API with a TOKEN authorizer in Python, a REQUEST one in Node.js, and an open method."""
    root = {"Fn::GetAtt": ["Api", "RootResourceId"]}
    guarded = {"AuthorizationType": "CUSTOM", "AuthorizerId": {"Ref": "Tokens"}}
    asked = {"AuthorizationType": "CUSTOM", "AuthorizerId": {"Ref": "Requests"}}
    part = {"RestApiId": {"Ref": "Api"}, "ParentId": root}
    resources = {
        "Api": declare("ApiGateway::RestApi", Name="shop", ApiKeySourceType="AUTHORIZER"),
        "Guard": function(handlers["python"]),
        "Asker": function(handlers["node"], "nodejs20.x"),
        "Tokens": authorizer("TOKEN", "Guard", "method.request.header.Authorization"),
        "Requests": authorizer(
            "REQUEST",
            "Asker",
            "method.request.header.X-Auth,method.request.querystring.name",
            AuthorizerResultTtlInSeconds=0,
        ),
        "Open": declare("ApiGateway::Resource", PathPart="open", **part),
        "Asked": declare("ApiGateway::Resource", PathPart="asked", **part),
        "Keyed": declare("ApiGateway::Resource", PathPart="keyed", **part),
        "Echo": declare("ApiGateway::Resource", PathPart="echo", **part),
        "Get": method("GET", root, **guarded),
        "Post": method("POST", root, **guarded),
        "GetOpen": method("GET", {"Ref": "Open"}, AuthorizationType="NONE", Integration=mock("open")),
        "GetAsked": method(
            "GET",
            {"Ref": "Asked"},
            Integration=mock("$context.authorizer.stringKey $context.authorizer.numberKey"),
            **asked,
        ),
        "GetKeyed": method(
            "GET", {"Ref": "Keyed"}, ApiKeyRequired=True, Integration=mock("$context.identity.apiKeyId"), **guarded
        ),
        "GetEcho": method(
            "GET",
            {"Ref": "Echo"},
            Integration={"Type": "AWS_PROXY", "IntegrationHttpMethod": "POST", "Uri": uri("Shown")},
            **guarded,
        ),
        "Shown": function(
            "import json\ndef handler(event, context):\n"
            "    return {'statusCode': 200, 'body': json.dumps(event['requestContext']['authorizer'])}\n"
        ),
        "Live": declare("ApiGateway::Stage", RestApiId={"Ref": "Api"}, StageName="live", Variables={"tenant": "one"}),
        "Key": declare("ApiGateway::ApiKey", Name="ada", Enabled=True, Value="key-of-ada-and-more-than-twenty"),
        "Plan": declare(
            "ApiGateway::UsagePlan", UsagePlanName="p", ApiStages=[{"ApiId": {"Ref": "Api"}, "Stage": {"Ref": "Live"}}]
        ),
        "PlanKey": declare(
            "ApiGateway::UsagePlanKey", KeyId={"Ref": "Key"}, KeyType="API_KEY", UsagePlanId={"Ref": "Plan"}
        ),
    }
    return json.dumps({"Resources": resources})


def test_a_template_with_python_and_node(serve: Any, handlers: dict[str, str]) -> None:
    gateway = serve({"template.json": template(handlers)})
    assert gateway.ask("/open").text == "open"
    assert tuple(gateway.ask()) == UNAUTHORIZED
    first = gateway.ask(Authorization="ada")
    assert (first.status, first.json["who"]) == (200, "user|ada")
    assert gateway.ask(Authorization="ada").json == first.json  # kept: the function's own count stands still

    assert gateway.ask(Authorization="reader").status == 200
    refused = gateway.ask(method="POST", Authorization="reader")
    assert tuple(refused) == (
        403,
        f'{{"Message":"{DENIED} because no identity-based policy allows the execute-api:Invoke action"}}',
        "AccessDeniedException",
    )
    denied = gateway.ask(Authorization="denied")
    assert denied.text == f'{{"Message":"{DENIED} with an explicit deny in an identity-based policy"}}'
    assert tuple(gateway.ask(Authorization="unauthorized")) == UNAUTHORIZED
    assert tuple(gateway.ask(Authorization="boom")) == FAILED

    assert gateway.ask("/asked?name=a", X_Auth="secret").text == "stringval 123"
    assert gateway.ask("/asked?name=a", X_Auth="guess").status == 403
    assert tuple(gateway.ask("/asked", X_Auth="secret")) == UNAUTHORIZED
    assert tuple(gateway.ask("/asked?name=nobody", X_Auth="secret")) == UNAUTHORIZED
    assert tuple(gateway.ask("/asked?name=boom", X_Auth="secret")) == FAILED

    assert gateway.ask("/keyed", Authorization="ada").status == 200
    assert tuple(gateway.ask("/keyed", Authorization="eve")) == (403, '{"message":"Forbidden"}', "ForbiddenException")

    shown = gateway.ask("/echo", Authorization="ada").json
    assert shown.pop("calls") == first.json["calls"]
    assert shown == {
        "principalId": "user|ada",
        "key": "value",
        "number": "1",
        "bool": "true",
        "integrationLatency": 0,
    }


def test_bad_authorizers_harm_nobody_else(serve: Any, handlers: dict[str, str]) -> None:
    """Stalls, floods and deaths are 500s of their own callers; the open method and other callers go on meanwhile."""
    gateway = serve({"template.json": template(handlers)})
    assert gateway.ask(Authorization="ada").status == 200
    with ThreadPoolExecutor(16) as pool:
        stalled = [pool.submit(gateway.ask, Authorization="stall") for _ in range(4)]
        for _ in range(10):
            assert gateway.ask("/open").text == "open"
            assert gateway.ask(Authorization="ada").status == 200
            assert gateway.ask(Authorization="reader").status == 200
        assert not any(one.done() for one in stalled)
        others = {
            token: pool.submit(gateway.ask, Authorization=token) for token in ("flood", "over", "text", "many", "die")
        }
        assert {token: tuple(one.result()) for token, one in others.items()} == dict.fromkeys(others, FAILED)
        assert {tuple(one.result()) for one in stalled} == {FAILED}
    assert gateway.ask(Authorization="x" * 9_000).status == 200
    assert gateway.ask(Authorization="x" * 11_000).status == 431  # all headers together: 10,240 bytes
    with contextlib.suppress(OSError):  # the edge closes while this is still being sent
        assert gateway.ask(Authorization="x" * 1_000_000).status == 431
    assert gateway.ask(Authorization="eve").json["who"] == "user|eve"


def test_callers_who_come_at_once_are_asked_about_once(serve: Any, handlers: dict[str, str]) -> None:
    gateway = serve({"template.json": template(handlers)})
    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda _: gateway.ask(Authorization="ada"), range(48)))
    assert {answer.status for answer in answers} == {200}
    assert len({answer.json["calls"] for answer in answers}) == 1


SAM = """
AWSTemplateFormatVersion: '2010-09-09'
Transform: AWS::Serverless-2016-10-31
Resources:
  Api:
    Type: AWS::Serverless::Api
    Properties:
      Name: shop
      StageName: live
      Auth:
        DefaultAuthorizer: Tokens
        Authorizers:
          Tokens:
            FunctionArn: !GetAtt Guard.Arn
            Identity: {Header: X-Token, ValidationExpression: '^[a-z]+$', ReauthorizeEvery: 60}
          Requests:
            FunctionPayloadType: REQUEST
            FunctionArn: !GetAtt Asker.Arn
            Identity: {Headers: [X-Auth], QueryStrings: [name], ReauthorizeEvery: 30}
  Guard:
    Type: AWS::Serverless::Function
    Properties: {Runtime: python3.12, Handler: guard.handler, CodeUri: guard}
  Asker:
    Type: AWS::Serverless::Function
    Properties: {Runtime: nodejs20.x, Handler: index.handler, CodeUri: asker}
  Shown:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.12
      Handler: index.handler
      CodeUri: shown
      Events:
        One: {Type: Api, Properties: {RestApiId: !Ref Api, Path: /, Method: get}}
        Two: {Type: Api, Properties: {RestApiId: !Ref Api, Path: /asked, Method: get, Auth: {Authorizer: Requests}}}
        Three: {Type: Api, Properties: {RestApiId: !Ref Api, Path: /open, Method: get, Auth: {Authorizer: NONE}}}
"""
SHOWN = """
import json

def handler(event, context):
    return {"statusCode": 200, "body": json.dumps(event["requestContext"].get("authorizer"))}
"""


def test_a_sam_template(serve: Any, handlers: dict[str, str]) -> None:
    files = {
        "template.yaml": SAM,
        "guard/guard.py": handlers["python"],
        "asker/index.js": handlers["node"],
        "shown/index.py": SHOWN,
    }
    gateway = serve(files)
    assert gateway.ask("/open").json is None
    assert tuple(gateway.ask()) == UNAUTHORIZED
    assert tuple(gateway.ask(X_Token="ada7")) == UNAUTHORIZED  # does not match the expression
    assert gateway.ask(X_Token="ada").json["principalId"] == "user|ada"
    assert gateway.ask(X_Token="denied").status == 403
    assert tuple(gateway.ask("/asked?name=a")) == UNAUTHORIZED
    asked = gateway.ask("/asked?name=a", X_Auth="secret").json
    assert (asked["principalId"], asked["numberKey"]) == ("me", "123")


@pytest.mark.parametrize("language", ["python", "node"])
def test_a_document_with_a_bound_function(serve: Any, handlers: dict[str, str], language: str) -> None:
    integration = {
        "type": "mock",
        "requestTemplates": {"application/json": '{"statusCode": 200}'},
        "responses": {
            "default": {
                "statusCode": "200",
                "responseTemplates": {"application/json": "$context.authorizer.principalId"},
            }
        },
    }
    kind = {"python": {"type": "token"}, "node": {"type": "request", "identitySource": "method.request.header.X-Auth"}}
    scheme = {
        "type": "apiKey",
        "name": "Authorization",
        "in": "header",
        "x-amazon-apigateway-authtype": "custom",
        "x-amazon-apigateway-authorizer": {"authorizerUri": URI.format("guard"), **kind[language]},
    }
    get = {
        "security": [{"guard": []}],
        "responses": {"200": {"description": ""}},
        "x-amazon-apigateway-integration": integration,
    }
    document = {
        "openapi": "3.0.1",
        "info": {"title": "shop", "version": "1"},
        "paths": {"/": {"get": get}},
        "components": {"securitySchemes": {"guard": scheme}},
    }
    name = {"python": "index.py", "node": "index.js"}[language]
    runtime = {"python": "python3.12", "node": "nodejs20.x"}[language]
    bindings = f'[functions.guard]\npath = "./guard"\nhandler = "index.handler"\nruntime = "{runtime}"\n'
    gateway = serve({"api.json": json.dumps(document), "inferway.toml": bindings, f"guard/{name}": handlers[language]})
    answer = gateway.ask("/", Authorization="ada", X_Auth="secret")
    assert (answer.status, answer.text) == (200, {"python": "user|ada", "node": "me"}[language])
    assert tuple(gateway.ask()) == UNAUTHORIZED
