"""The responses that the service makes itself, and what a definition makes of them.

Source of what is documented: "Gateway responses in API Gateway" and "Gateway response types for API Gateway".
"""

import json
from typing import Any

import pytest

from inferway.definition.bindings import BoundPlan
from inferway.definition.stage import Period, Quota, RouteSettings, StageSettings, Throttle
from inferway.definition.usage import UsagePlan

EXTENSION = "x-amazon-apigateway-gateway-responses"


def failing(lab: Any, responses: dict[str, Any], **parts: Any) -> dict[str, Any]:
    """Give an API with one failure of each family: /needs (400), /nothing (500), /media (415), all else 403."""
    needs = [{"name": "q", "in": "query", "required": True, "schema": {"type": "string"}}]
    validator = {"x-amazon-apigateway-request-validator": "all"}
    paths = {
        "/needs": {"get": lab.operation(lab.mock(), parameters=needs, **validator)},
        "/nothing": {"get": lab.operation(lab.mock("{}"))},
        "/media": {"post": lab.operation(lab.mock(passthroughBehavior="never"))},
    }
    validators = {"all": {"validateRequestBody": True, "validateRequestParameters": True}}
    document: dict[str, Any] = lab.document(
        paths, **{EXTENSION: responses, "x-amazon-apigateway-request-validators": validators}, **parts
    )
    return document


def templates(text: str, content_type: str = "application/json") -> dict[str, Any]:
    return {"responseTemplates": {content_type: text}}


@pytest.mark.parametrize(
    ("path", "kind", "status", "message"),
    [
        ("/needs", "BAD_REQUEST_PARAMETERS", 400, "Missing required request parameters: [q]"),
        ("/none", "MISSING_AUTHENTICATION_TOKEN", 403, "Missing Authentication Token"),
        ("/nothing", "API_CONFIGURATION_ERROR", 500, "Internal server error"),
    ],
)
def test_a_template_sees_the_error(lab: Any, path: str, kind: str, status: int, message: str) -> None:
    """Documented ("$context variables": error.message, error.messageString, error.responseType)."""
    text = '{"m":$context.error.messageString,"raw":"$context.error.message","k":"$context.error.responseType"}'
    answer = lab.play(failing(lab, {kind: templates(text)}), ("GET", path)).answer
    assert (answer.status, answer.json) == (status, {"m": message, "raw": message, "k": kind})


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("/needs", ' "Missing required request parameters: [q]"'),
        ("/nothing", ' "Internal server error"'),
        ("/none", '"Missing Authentication Token"'),
    ],
)
def test_the_quoted_message_of_a_request_that_was_let_in_begins_with_a_space(lab: Any, path: str, shown: str) -> None:
    """Recorded: an access log's `" "Endpoint request timed out""` (azul issue 6284); a 502 of 36 bytes, a 403 of 42."""
    responses = {
        "DEFAULT_4XX": templates("[$context.error.messageString]"),
        "DEFAULT_5XX": templates("[$context.error.messageString]"),
    }
    assert lab.play(failing(lab, responses), ("GET", path)).answer.text == f"[{shown}]"
    assert lab.play(failing(lab, {}), ("GET", path)).answer.text == f'{{"message":{shown}}}'


def test_a_template_substitutes_and_executes_nothing(lab: Any) -> None:
    """Documented: "a non-VTL mapping template supporting only simple variable substitutions"."""
    text = "#set($a = 1)#if(true)$a $context.stage ${context.stage} $stageVariables.v $method.request.querystring.x#end"
    stage = StageSettings(name="beta", variables={"v": "var"})
    made = lab.play(failing(lab, {"DEFAULT_4XX": templates(text)}), ("GET", "/none?x=7"), stage=stage).answer.text
    assert made == "#set($a = 1)#if(true)$a beta beta var 7#end"


def test_a_kind_s_own_response_goes_before_the_default_of_its_family(lab: Any) -> None:
    """Documented: "If the response type is unspecified, this response defaults to the DEFAULT_4XX type"."""
    responses = {
        "DEFAULT_4XX": {"statusCode": 444, **templates("four")},
        "DEFAULT_5XX": {"statusCode": 555, **templates("five")},
        "BAD_REQUEST_PARAMETERS": templates("own"),
    }
    answers = lab.play(failing(lab, responses), ("GET", "/needs"), ("GET", "/none"), ("GET", "/nothing")).answers
    assert [(answer.status, answer.text) for answer in answers] == [(400, "own"), (444, "four"), (555, "five")]


def test_a_status_alone_keeps_the_default_body(lab: Any) -> None:
    """Documented ("Set up a gateway response using the API Gateway console", a 404 for a missing token)."""
    responses = {"MISSING_AUTHENTICATION_TOKEN": {"statusCode": "404"}}
    answer = lab.play(failing(lab, responses), ("GET", "/none")).answer
    assert (answer.status, answer.body) == (404, b'{"message":"Missing Authentication Token"}')
    assert answer.error == "MissingAuthenticationTokenException"


def test_headers_are_mapped(lab: Any) -> None:
    """Documented ("x-amazon-apigateway-gateway-responses.responseParameters object")."""
    mapped = {
        "gatewayresponse.header.Access-Control-Allow-Origin": "'*'",
        "gatewayresponse.header.x-path": "method.request.path.none",
        "gatewayresponse.header.x-query": "method.request.querystring.x",
        "gatewayresponse.header.x-header": "method.request.header.X-Own",
        "gatewayresponse.header.x-stage": "stageVariables.v",
        "gatewayresponse.header.x-context": "context.httpMethod",
    }
    stage = StageSettings(name="beta", variables={"v": "var"})
    document = failing(lab, {"DEFAULT_4XX": {"responseParameters": mapped}})
    answer = lab.play(document, ("GET", "/none?x=7", {"x-own": "h"}), stage=stage).answer
    made = {name.rpartition(".")[2].lower(): answer.headers.get(name.rpartition(".")[2].lower()) for name in mapped}
    assert made == {
        "access-control-allow-origin": "*",
        "x-path": None,
        "x-query": "7",
        "x-header": "h",
        "x-stage": "var",
        "x-context": "GET",
    }


def test_the_template_s_content_type_is_the_response_s(lab: Any) -> None:
    """Assumed, as for integration responses: the key of the template chosen by Accept."""
    response = {"responseTemplates": {"application/json": "j", "application/xml": "x"}}
    answers = lab.play(
        failing(lab, {"DEFAULT_4XX": response}), ("GET", "/none"), ("GET", "/none", {"Accept": "application/xml"})
    )
    assert [(answer.text, answer.headers["content-type"]) for answer in answers.answers] == [
        ("j", "application/json"),
        ("x", "application/xml"),
    ]


def test_unsupported_media_can_be_customised(lab: Any) -> None:
    """Documented (UNSUPPORTED_MEDIA_TYPE, 415)."""
    document = failing(lab, {"UNSUPPORTED_MEDIA_TYPE": templates("$context.error.message!")})
    answer = lab.play(document, ("POST", "/media", {"Content-Type": "text/csv"}, "1")).answer
    assert (answer.status, answer.text) == (415, "Unsupported Media Type!")


def test_a_request_too_large_cannot_be_customised(lab: Any) -> None:
    """Documented ("important notes").

    Recorded: plain text, and no header of the gateway response, on an API of 3 October 2026
    (Sage-Bionetworks-IT/sagebrain-infra, specs/001-api-gateway-to-fastapi/research.md).
    """
    document = failing(lab, {"REQUEST_TOO_LARGE": templates("own"), "DEFAULT_4XX": templates("four")})
    answer = lab.play(document, ("POST", "/media", {}, b"x" * (10 * 1024 * 1024 + 1))).answer
    assert (answer.status, answer.text) == (413, "HTTP content length exceeded 10485760 bytes.")
    assert answer.headers["content-type"] == "text/plain"


@pytest.mark.parametrize("path", ["/needs", "/none", "/nothing"])
def test_every_error_names_its_type_and_its_request(lab: Any, path: str) -> None:
    """Recorded (reference, "Throttle, quota, keys"; public responses)."""
    answer = lab.play(failing(lab, {}), ("GET", path)).answer
    assert answer.error.endswith("Exception")
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["x-amzn-requestid"]
    assert answer.headers["x-amz-apigw-id"]


KEY = "k" * 20
LETTING = {"Authorization": "who"}
AUTHORIZER = "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/recorded/invocations"
DENYING = {"principalId": "p", "policyDocument": {"Version": "2012-10-17", "Statement": []}}
KINDS = {
    "BAD_REQUEST_BODY": (400, ("POST", "/body", {}, "[]")),
    "BAD_REQUEST_PARAMETERS": (400, ("GET", "/needs")),
    "UNAUTHORIZED": (401, ("GET", "/guarded")),
    "ACCESS_DENIED": (403, ("GET", "/guarded", LETTING)),
    "INVALID_API_KEY": (403, ("GET", "/keyed")),
    "INVALID_SIGNATURE": (403, ("GET", "/signed", {"Authorization": "AWS4-HMAC-SHA256 Credential=a/b"})),
    "MISSING_AUTHENTICATION_TOKEN": (403, ("GET", "/nowhere")),
    "UNSUPPORTED_MEDIA_TYPE": (415, ("POST", "/media", {"Content-Type": "text/csv"}, "1")),
    "THROTTLED": (429, ("GET", "/slow")),
    "QUOTA_EXCEEDED": (429, ("GET", "/keyed", {"x-api-key": KEY})),
    "AUTHORIZER_FAILURE": (500, ("GET", "/guarded", LETTING)),
    "AUTHORIZER_CONFIGURATION_ERROR": (500, ("GET", "/guarded", LETTING)),
    "API_CONFIGURATION_ERROR": (500, ("GET", "/nothing")),
    "INTEGRATION_FAILURE": (504, ("GET", "/away")),
    "INTEGRATION_TIMEOUT": (504, ("GET", "/late")),
    "DEFAULT_4XX": (414, ("GET", "/needs?" + "x" * 10_241)),
    "DEFAULT_5XX": (500, ("GET", "/broken")),
}
"""Kinds with their statuses (our reference, "Gateway responses"; of the two families, that of the error itself)."""


def every_kind(lab: Any) -> dict[str, Any]:
    """Give an API that fails in each way, and says which of its responses it is."""
    scheme = {"type": "apiKey", "name": "Authorization", "in": "header", "x-amazon-apigateway-authtype": "custom"}
    guard = {"x-amazon-apigateway-authorizer": {"type": "token", "authorizerUri": AUTHORIZER}}
    schemes = {"guard": scheme | guard, "key": {"type": "apiKey", "name": "x-api-key", "in": "header"}}
    document = failing(
        lab,
        {kind: templates("$context.error.responseType") for kind in KINDS},
        components={"securitySchemes": schemes, "schemas": {"M": {"type": "object"}}},
    )
    model = {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/M"}}}}
    document["paths"] |= {
        "/body": {
            "post": lab.operation(lab.mock(), requestBody=model, **{"x-amazon-apigateway-request-validator": "all"})
        },
        "/guarded": {"get": lab.rendering("", security=[{"guard": []}])},
        "/keyed": {"get": lab.rendering("", security=[{"key": []}])},
        "/signed": {"get": {**lab.rendering(""), "x-amazon-apigateway-auth": {"type": "AWS_IAM"}}},
        "/slow": {"get": lab.rendering("")},
        "/away": {"get": lab.operation(lab.http() | {"uri": "http://127.0.0.1:9/"})},
        "/late": {"get": lab.operation(lab.http(timeoutInMillis=50))},
        "/broken": {"get": lab.rendering("$util.parseJson('{')")},
    }
    return document


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_has_its_status(lab: Any, kind: str) -> None:
    """Recorded (reference, "Gateway responses"): the kinds with their statuses; customised, the status stays."""
    replies = {
        "ACCESS_DENIED": lab.reply(200, {}, json.dumps(DENYING).encode()),
        "AUTHORIZER_FAILURE": lab.reply(200, {"x-amz-function-error": "Unhandled"}, b'{"errorMessage": "no"}'),
        "INTEGRATION_TIMEOUT": lab.reply(0),
    }
    status, asked = KINDS[kind]
    never = RouteSettings(throttle=Throttle(rate=0, burst=0))
    plan = UsagePlan(id="p", name="p", keys=("ann",), quota=Quota(limit=0, period=Period.DAY))
    answer = lab.play(
        every_kind(lab),
        asked,
        replies=(replies.get(kind, lab.reply(200, {}, b"{}")),),
        stage=StageSettings(name="prod", routes={"/slow/GET": never}),
        keys={"ann": KEY},
        plans={"p": BoundPlan(plan=plan, stages=("lab:prod",))},
    ).answer
    assert (answer.status, answer.text) == (status, kind)


def test_there_are_21_kinds(lab: Any) -> None:
    """Recorded (reference): those above and four more, of which WAF_FILTERED stands with the web ACLs.

    REQUEST_TOO_LARGE cannot be customised; a session token does not expire here (EXPIRED_TOKEN), and an unknown path is
    MISSING_AUTHENTICATION_TOKEN (RESOURCE_NOT_FOUND).
    """
    every = {*KINDS, "WAF_FILTERED", "REQUEST_TOO_LARGE", "EXPIRED_TOKEN", "RESOURCE_NOT_FOUND"}
    assert len(every) == 21
    played = lab.play(failing(lab, {kind: templates("own") for kind in every}), ("GET", "/none"))
    assert played.answer.text == "own"
    assert [text for text in played.findings if "gateway-response" in text] == [
        text for text in played.findings if "REQUEST_TOO_LARGE cannot be customised" in text
    ]


def test_no_gateway_response_says_how_long_it_is(lab: Any) -> None:
    """RFC 9112, 11.1: with a second length a client takes one response for two."""
    named = {"Content-Length": "'3'", "Transfer-Encoding": "'chunked'", "Connection": "'keep-alive'", "X-Kept": "'1'"}
    parameters = {f"gatewayresponse.header.{name}": value for name, value in named.items()}
    responses = {"MISSING_AUTHENTICATION_TOKEN": {"responseParameters": parameters}}
    answer = lab.play(failing(lab, responses), ("GET", "/none")).answer
    assert answer.headers["x-kept"] == "1"
    assert not {"content-length", "transfer-encoding", "connection"} & set(answer.headers)
