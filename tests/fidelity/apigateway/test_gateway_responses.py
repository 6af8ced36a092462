"""The responses that the service makes itself, and what a definition makes of them.

Source of what is documented: "Gateway responses in API Gateway" and "Gateway response types for API Gateway".
"""

from typing import Any

import pytest

from inferway.definition.stage import StageSettings

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
    """Documented ("important notes")."""
    document = failing(lab, {"REQUEST_TOO_LARGE": templates("own"), "DEFAULT_4XX": templates("four")})
    answer = lab.play(document, ("POST", "/media", {}, b"x" * (10 * 1024 * 1024 + 1))).answer
    assert (answer.status, answer.json["message"]) == (413, "HTTP content length exceeded 10485760 bytes.")


@pytest.mark.parametrize("path", ["/needs", "/none", "/nothing"])
def test_every_error_names_its_type_and_its_request(lab: Any, path: str) -> None:
    """Recorded (reference, "Throttle, quota, keys"; public responses)."""
    answer = lab.play(failing(lab, {}), ("GET", path)).answer
    assert answer.error.endswith("Exception")
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["x-amzn-requestid"]
    assert answer.headers["x-amz-apigw-id"]
