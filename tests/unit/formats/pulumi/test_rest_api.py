"""The component's documentation: https://www.pulumi.com/registry/packages/aws-apigateway/api-docs/restapi/."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from inferway.formats.pulumi.rest_api import BadComponentError, Surroundings, rest_api, stage_name

ARN = "arn:aws:lambda:eu-west-1:1:function:films"
URI = f"arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/{ARN}/invocations"
ANY = "x-amazon-apigateway-any-method"


def body(*routes: Mapping[str, object], said: list[str] | None = None, **more: object) -> Any:
    told = said if said is not None else []
    place = Surroundings(region="eu-west-1", function=lambda _: ARN, say=told.append)
    return json.loads(str(rest_api("films", {"routes": list(routes), **more}, place)["body"]))


def test_an_event_handler_is_called_as_a_proxy() -> None:
    paths = body(
        {"path": "a/{b}", "method": "GET", "eventHandler": "f"}, {"path": "/c", "method": "ANY", "eventHandler": "f"}
    )["paths"]
    wanted = {"uri": URI, "passthroughBehavior": "when_no_match", "httpMethod": "POST", "type": "aws_proxy"}
    assert paths == {
        "/a/{b}": {"get": {"x-amazon-apigateway-integration": wanted}},
        "/c": {ANY: {"x-amazon-apigateway-integration": wanted}},
    }


def test_a_target_is_called_for_its_path_and_all_below() -> None:
    paths = body({"path": "/far", "target": {"uri": "http://a.example.com", "type": "http_proxy"}})["paths"]
    assert sorted(paths) == ["/far", "/far/{proxy+}"]
    near, below = (paths[path][ANY]["x-amazon-apigateway-integration"] for path in sorted(paths))
    assert (near["uri"], below["uri"]) == ("http://a.example.com/", "http://a.example.com/{proxy}")
    assert below["requestParameters"] == {"integration.request.path.proxy": "method.request.path.proxy"}
    assert (near["type"], near["httpMethod"]) == ("http_proxy", "ANY")


def test_what_guards_a_route() -> None:
    document = body(
        {"path": "/k", "method": "GET", "eventHandler": "f", "apiKeyRequired": True},
        {"path": "/i", "method": "GET", "eventHandler": "f", "iamAuthEnabled": True},
        {
            "path": "/v",
            "method": "POST",
            "eventHandler": "f",
            "requestValidator": "PARAMS_ONLY",
            "requiredParameters": [{"in": "query", "name": "q"}],
        },
        {
            "path": "/a",
            "method": "GET",
            "eventHandler": "f",
            "authorizers": [{"authorizerName": "who", "parameterName": "auth", "type": "request", "handler": "g"}],
        },
        {
            "path": "/c",
            "method": "GET",
            "eventHandler": "f",
            "authorizers": [{"authorizerName": "pool", "parameterName": "Authorization", "providerARNs": ["arn:pool"]}],
        },
    )
    paths, schemes = document["paths"], document["securityDefinitions"]
    assert paths["/k"]["get"]["security"] == [{"api_key": []}]
    assert schemes["api_key"] == {"type": "apiKey", "name": "x-api-key", "in": "header"}
    assert paths["/i"]["get"]["x-amazon-apigateway-auth"] == {"type": "AWS_IAM"}
    assert paths["/v"]["post"]["x-amazon-apigateway-request-validator"] == "PARAMS_ONLY"
    assert paths["/v"]["post"]["parameters"] == [{"name": "q", "in": "query", "required": True, "type": "string"}]
    validators = document["x-amazon-apigateway-request-validators"]
    assert validators["PARAMS_ONLY"] == {"validateRequestBody": False, "validateRequestParameters": True}
    assert paths["/a"]["get"]["security"] == [{"who": []}]
    assert schemes["who"]["x-amazon-apigateway-authorizer"] == {"type": "request", "authorizerUri": URI}
    assert schemes["pool"]["x-amazon-apigateway-authorizer"] == {
        "type": "cognito_user_pools",
        "providerARNs": ["arn:pool"],
    }


def test_responses_raw_data_and_what_is_left_out() -> None:
    said: list[str] = []
    own = {"statusCode": 401}
    raw: dict[str, object] = {"responses": {}}
    document = body(
        {"path": "/", "localPath": "www"},
        {"path": "/raw", "method": "PUT", "data": raw},
        said=said,
        gatewayResponses={"ACCESS_DENIED": own},
    )
    assert document["paths"] == {"/raw": {"put": raw}}
    responses = document["x-amazon-apigateway-gateway-responses"]
    assert (responses["ACCESS_DENIED"], responses["MISSING_AUTHENTICATION_TOKEN"]["statusCode"]) == (own, 404)
    assert len(said) == 1
    assert said[0].startswith("the route / of films")


def test_a_document_of_its_own() -> None:
    place = Surroundings(region="eu-west-1", function=lambda _: ARN, say=print)
    made = rest_api("films", {"swaggerString": '{"swagger": "2.0", "paths": {}}', "description": "d"}, place)
    assert json.loads(str(made["body"])) == {"swagger": "2.0", "paths": {}, "info": {"title": "films"}}
    assert (made["name"], made["description"]) == ("films", "d")
    assert (stage_name({}), stage_name({"stageName": "v1"})) == ("stage", "v1")


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        ({}, "films needs swaggerString or routes"),
        ({"swaggerString": "a: 1"}, "the swaggerString of films is no JSON"),
        ({"swaggerString": "[]"}, "the swaggerString of films is no object"),
        ({"routes": [{}]}, "a route of films needs a path"),
        ({"routes": [{"path": "/"}]}, "the route / of films needs eventHandler, target, data or localPath"),
        ({"routes": [{"path": "/", "eventHandler": "f"}]}, "the route / of films needs a method"),
        ({"routes": [{"path": "/", "eventHandler": "f", "method": "FETCH"}]}, "has the method FETCH"),
    ],
)
def test_what_the_provider_would_refuse(arguments: Mapping[str, object], text: str) -> None:
    place = Surroundings(region="eu-west-1", function=lambda _: ARN, say=print)
    with pytest.raises(BadComponentError, match=text):
        rest_api("films", arguments, place)
