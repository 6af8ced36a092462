"""What becomes of a function's result in a Lambda proxy integration.

Sources: API Gateway, "Lambda proxy integrations in API Gateway" (output format), "Return binary media from a Lambda
proxy integration"; Lambda developer guide, "Handling Lambda errors with an API Gateway API"; public execution logs.
"""

import base64
import json
from typing import Any

import pytest

FAILED = '{"message": "Internal server error"}'


def document(lab: Any, top: dict[str, Any] | None = None, **parts: Any) -> dict[str, Any]:
    made: dict[str, Any] = lab.document({"/t": {"get": lab.operation(lab.function(**parts))}}, **(top or {}))
    return made


def answer(lab: Any, result: Any, *asked: Any, top: dict[str, Any] | None = None) -> Any:
    """Give the response to a request when the function gives a result."""
    body = result if isinstance(result, bytes) else json.dumps(result).encode()
    reply = lab.reply(headers={"Content-Type": "application/json"}, body=body)
    return lab.play(document(lab, top), asked or ("GET", "/t"), replies=(reply,)).answer


def refused(answer: Any, status: int) -> bool:
    return (answer.status, answer.text, answer.error) == (status, FAILED, "InternalServerErrorException")


def test_a_result_is_the_response(lab: Any) -> None:
    """Documented: the output format."""
    made = answer(lab, {"statusCode": 201, "headers": {"X-Own": "it"}, "body": "text", "isBase64Encoded": False})
    assert (made.status, made.text, made.headers["x-own"]) == (201, "text", "it")


@pytest.mark.parametrize(("given", "status"), [("404", 404), (200, 200), (503, 503)])
def test_a_status_is_a_number_or_a_text(lab: Any, given: Any, status: int) -> None:
    """Recorded: public code that gives `'400'`."""
    assert answer(lab, {"statusCode": given, "body": ""}).status == status


def test_a_result_without_a_status_is_200(lab: Any) -> None:
    """Assumed: so does the vendor's own command line (AWS SAM)."""
    made = answer(lab, {"body": "text"})
    assert (made.status, made.text) == (200, "text")


def test_a_result_without_a_body_is_empty_json(lab: Any) -> None:
    """Documented: all members may be left out; the default Content-Type: important notes."""
    made = answer(lab, {"statusCode": 204})
    assert (made.status, made.body, made.headers["content-type"]) == (204, b"", "application/json")


def test_the_content_type_is_the_function_s(lab: Any) -> None:
    """Documented: headers are passed on."""
    made = answer(lab, {"statusCode": 200, "headers": {"content-type": "text/html"}, "body": "<p>"})
    assert made.headers["content-type"] == "text/html"


def test_headers_of_both_maps_are_joined(lab: Any) -> None:
    """Documented: both are merged; of a pair that stands in both, only multiValueHeaders' counts."""
    result = {
        "statusCode": 200,
        "headers": {"Set-Cookie": "a=1", "X-Own": "one"},
        "multiValueHeaders": {"set-cookie": ["a=1", "b=2"], "X-Other": ["x", "y"]},
        "body": "",
    }
    made = answer(lab, result)
    assert made.headers["set-cookie"] == "a=1, b=2"
    assert (made.headers["x-own"], made.headers["x-other"]) == ("one", "x, y")


def test_a_header_s_value_may_be_a_number_or_a_truth_value(lab: Any) -> None:
    """Reported (aws-sam-cli issue 221, and its `Access-Control-Max-Age: 0`); that 1.50 keeps its zero assumed."""
    result = b'{"statusCode": 200, "headers": {"X-Count": 3, "X-Flag": true, "X-Rate": 1.50, "X-None": null}}'
    made = answer(lab, result)
    assert (made.headers["x-count"], made.headers["x-flag"], made.headers["x-rate"]) == ("3", "true", "1.50")
    assert "x-none" not in made.headers


@pytest.mark.parametrize(("given", "text"), [(b"12", "12"), (b"1.50", "1.50"), (b"true", "true"), (b"null", "")])
def test_a_scalar_body_is_its_text(lab: Any, given: bytes, text: str) -> None:
    """Assumed: as the service's JSON reader takes scalars of headers, of the status and of the flag."""
    made = answer(lab, b'{"statusCode": 200, "body": ' + given + b"}")
    assert (made.status, made.text) == (200, text)


@pytest.mark.parametrize(
    ("given", "decoded"), [(True, True), ("true", True), ("false", False), (None, False), (1, True)]
)
def test_the_flag_may_be_a_text(lab: Any, given: Any, decoded: bool) -> None:
    """Recorded: Zappa gave `"true"` before its pull request 1486; a number assumed."""
    result = {"statusCode": 200, "body": "aGk=", "isBase64Encoded": given}
    made = answer(lab, result, "GET", "/t", top={"x-amazon-apigateway-binary-media-types": ["*/*"]})
    assert made.text == ("hi" if decoded else "aGk=")


def test_what_a_function_says_of_the_connection_is_remapped(lab: Any) -> None:
    """Recorded: `x-amzn-Remapped-Content-Length`, `-Date`, `-Connection`, `-Server` of public responses."""
    said = {"Content-Length": "99", "Date": "x", "Connection": "close", "Server": "mine"}
    made = answer(lab, {"statusCode": 200, "headers": said, "body": "ab"})
    for name, value in said.items():
        assert made.headers[f"x-amzn-remapped-{name.lower()}"] == value


@pytest.mark.parametrize(
    "result",
    [
        pytest.param({"statusCode": 201, "statusDescription": "Created", "body": "x"}, id="a member more (recorded)"),
        pytest.param({"statusCode": 200, "body": {"hey": "dude"}}, id="a body that is no text (recorded)"),
        pytest.param({"statusCode": 200, "multiValueHeaders": {"a": "b"}}, id="a value that is no list (recorded)"),
        pytest.param(None, id="null (recorded)"),
        pytest.param("text", id="a text"),
        pytest.param([], id="a list"),
        pytest.param({"message": "hello"}, id="another document"),
        pytest.param({"statusCode": "many"}, id="a status that is no number"),
        pytest.param({"statusCode": True}, id="a status that is a truth value"),
        pytest.param({"statusCode": 200, "body": ["a"]}, id="a body that is a list"),
        pytest.param({"statusCode": 200, "isBase64Encoded": "yes"}, id="a flag that is none"),
        pytest.param({"statusCode": 99}, id="a status that is none"),
        pytest.param({"statusCode": 200, "headers": ["a"]}, id="headers that are no mapping"),
        pytest.param({"statusCode": 200, "headers": {"a": {"b": 1}}}, id="a header that is a mapping"),
        pytest.param({"statusCode": 200, "headers": {"no name": "b"}}, id="a header's name that is none"),
        pytest.param(b"", id="nothing"),
    ],
)
def test_a_result_of_another_form_is_a_bad_gateway(lab: Any, result: Any) -> None:
    """Recorded where it says so: "Malformed Lambda proxy response", 502. The others documented as another format."""
    assert refused(answer(lab, result), 502)


def test_a_function_that_fails_is_a_bad_gateway(lab: Any) -> None:
    """Documented: "If the function runs but returns an error … API Gateway returns a 502"."""
    code = """
        def handler(event, context):
            raise ValueError(event["path"])
    """
    made = lab.play(
        lab.document({"/t": {"get": lab.operation(lab.function("broken"))}}), ("GET", "/t"), functions={"broken": code}
    )
    assert refused(made.answer, 502)


def test_a_function_that_cannot_be_loaded_is_a_bad_gateway(lab: Any) -> None:
    """Documented: Lambda takes such a function, and each of its events fails ("Troubleshoot deployment issues")."""
    made = lab.play(
        lab.document({"/t": {"get": lab.operation(lab.function("broken"))}}),
        ("GET", "/t"),
        functions={"broken": "import no_such_module"},
    )
    assert refused(made.answer, 502)


@pytest.mark.parametrize(("status", "kind"), [(429, "TooManyRequestsException"), (404, "ResourceNotFoundException")])
def test_an_invocation_that_is_refused_is_an_internal_error(lab: Any, status: int, kind: str) -> None:
    """Documented: "If the Lambda API rejects the invocation request, … a 500"; of 429: public reports."""
    reply = lab.reply(status=status, headers={"x-amzn-ErrorType": kind}, body=b'{"message":"Rate Exceeded."}')
    assert refused(lab.play(document(lab), ("GET", "/t"), replies=(reply,)).answer, 500)


def test_a_function_that_takes_too_long_is_a_timeout(lab: Any) -> None:
    """Recorded: 504 `Endpoint request timed out`."""
    made = lab.play(document(lab, timeoutInMillis=50), ("GET", "/t"), replies=(lab.reply(status=0),)).answer
    assert (made.status, made.text) == (504, '{"message": "Endpoint request timed out"}')


@pytest.mark.parametrize(
    ("kind", "result", "status"),
    [
        ("INTEGRATION_FAILURE", {"errorMessage": "x"}, 502),
        ("API_CONFIGURATION_ERROR", "x", 502),
        ("DEFAULT_5XX", "x", 502),
    ],
)
def test_a_gateway_response_customises_a_failure(lab: Any, kind: str, result: Any, status: int) -> None:
    """Documented: gateway response types; which one a function's failure is, assumed."""
    template = {"responseTemplates": {"application/json": '{"it": "failed"}'}}
    top = {"x-amazon-apigateway-gateway-responses": {kind: template}}
    headers = {"x-amz-function-error": "Unhandled"} if isinstance(result, dict) else {}
    reply = lab.reply(headers=headers, body=json.dumps(result).encode())
    made = lab.play(document(lab, top), ("GET", "/t"), replies=(reply,)).answer
    assert (made.status, made.json) == (status, {"it": "failed"})


def test_a_binary_body_is_decoded_where_the_client_accepts_it(lab: Any) -> None:
    """Documented: binary media types are held against the first type that Accept names; else the text is sent."""
    content = b"\x89PNG\xff"
    text = base64.b64encode(content).decode()
    result = {"statusCode": 200, "headers": {"Content-Type": "image/png"}, "body": text, "isBase64Encoded": True}
    top = {"x-amazon-apigateway-binary-media-types": ["image/png"]}
    assert answer(lab, result, "GET", "/t", {"Accept": "image/png, text/html"}, top=top).body == content
    assert answer(lab, result, "GET", "/t", {"Accept": "text/html, image/png"}, top=top).text == text
    assert answer(lab, result, "GET", "/t", {"Accept": "image/png"}).text == text
    every = {"x-amazon-apigateway-binary-media-types": ["*/*"]}
    assert answer(lab, result, "GET", "/t", {"Accept": "text/html"}, top=every).body == content


def test_a_body_that_is_no_base64_is_a_configuration_error(lab: Any) -> None:
    """Documented: API_CONFIGURATION_ERROR, 500, "when base64 decoding fails on binary data"."""
    top = {"x-amazon-apigateway-binary-media-types": ["*/*"]}
    assert refused(answer(lab, {"statusCode": 200, "body": "no base64!", "isBase64Encoded": True}, top=top), 500)


def test_a_python_handler_behind_a_proxy_resource(lab: Any) -> None:
    """Documented: "Set up a proxy integration with a proxy resource" (ANY /{proxy+}); a function served for real."""
    code = """
        import json

        def handler(event, context):
            said = {name: event[name] for name in ("httpMethod", "path", "pathParameters", "body")}
            return {"statusCode": 203, "headers": {"Content-Type": "application/json"}, "body": json.dumps(said)}
    """
    method = {"x-amazon-apigateway-any-method": lab.operation(lab.function("greeter"))}
    played = lab.play(
        lab.document({"/{proxy+}": method}), ("PUT", "/hello/world", {}, '{"a": 1}'), functions={"greeter": code}
    )
    assert played.answer.status == 203
    assert played.answer.json == {
        "httpMethod": "PUT",
        "path": "/hello/world",
        "pathParameters": {"proxy": "hello/world"},
        "body": '{"a": 1}',
    }
