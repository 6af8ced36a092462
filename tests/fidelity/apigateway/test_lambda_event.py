"""The event that a function gets from a Lambda proxy integration.

Sources: API Gateway, "Lambda proxy integrations in API Gateway" (input format); an event of a REST API that a user of
the service published (EVENT below has its members), others as named at their tests.
"""

import base64
import json
import re
from typing import Any

from inferway.definition.stage import StageSettings

KEY = "a-key-of-twenty-characters"

MEMBERS = {
    "resource",
    "path",
    "httpMethod",
    "headers",
    "multiValueHeaders",
    "queryStringParameters",
    "multiValueQueryStringParameters",
    "pathParameters",
    "stageVariables",
    "requestContext",
    "body",
    "isBase64Encoded",
}
CONTEXT = {
    "resourceId",
    "resourcePath",
    "httpMethod",
    "extendedRequestId",
    "requestTime",
    "path",
    "accountId",
    "protocol",
    "stage",
    "domainPrefix",
    "requestTimeEpoch",
    "requestId",
    "identity",
    "domainName",
    "deploymentId",
    "apiId",
}
IDENTITY = {
    "cognitoIdentityPoolId",
    "accountId",
    "cognitoIdentityId",
    "caller",
    "sourceIp",
    "principalOrgId",
    "accessKey",
    "cognitoAuthenticationType",
    "cognitoAuthenticationProvider",
    "userArn",
    "userAgent",
    "user",
}

ANY = "x-amazon-apigateway-any-method"
RESULT = json.dumps({"statusCode": 200, "body": "{}"}).encode()


def event(lab: Any, path: str, *asked: Any, operation: dict[str, Any] | None = None, **settings: Any) -> dict[str, Any]:
    """Give the event of one request of a path's ANY method."""
    top = settings.pop("top", {})
    document = lab.document({path: {ANY: lab.operation(lab.function(), **(operation or {}))}}, **top)
    played = lab.play(document, asked, replies=(lab.reply(body=RESULT),), **settings)
    assert played.answer.status == 200, played.answer.text
    made: dict[str, Any] = json.loads(played.call.body)
    return made


def test_an_event_has_the_members_of_a_recorded_one(lab: Any) -> None:
    """Recorded: a published event of a REST API without parameters, variables, key and authorizer."""
    made = event(lab, "/work", "POST", "/work", {"User-Agent": "curl/7.68.0"})
    assert set(made) == MEMBERS
    assert set(made["requestContext"]) == CONTEXT
    assert set(made["requestContext"]["identity"]) == IDENTITY
    absent = ("queryStringParameters", "multiValueQueryStringParameters", "pathParameters", "stageVariables", "body")
    assert {made[name] for name in absent} == {None}
    assert (made["resource"], made["path"], made["httpMethod"], made["isBase64Encoded"]) == (
        "/work",
        "/work",
        "POST",
        False,
    )


def test_the_context_of_an_event(lab: Any) -> None:
    """Recorded: the forms of a published event (`09/Jul/2021:22:05:54 +0000`, 1625868354933, `/dev/work`)."""
    context = event(lab, "/{proxy+}", "POST", "/work", {"User-Agent": "curl/7.68.0"})["requestContext"]
    assert (context["resourcePath"], context["httpMethod"], context["path"], context["stage"]) == (
        "/{proxy+}",
        "POST",
        "/prod/work",
        "prod",
    )
    assert (context["protocol"], context["domainName"], context["domainPrefix"]) == ("HTTP/1.1", "lab.example", "lab")
    assert re.fullmatch(r"\d\d/[A-Z][a-z]{2}/\d{4}:\d\d:\d\d:\d\d \+0000", context["requestTime"])
    assert re.fullmatch(r"\d{13}", str(context["requestTimeEpoch"]))
    assert re.fullmatch(r"\d{12}", context["accountId"])
    assert re.fullmatch(r"[a-z0-9]{10}", context["apiId"])
    assert re.fullmatch(r"[a-z0-9]{6}", context["resourceId"])
    identity = context["identity"]
    assert (identity["sourceIp"], identity["userAgent"]) == ("192.0.2.7", "curl/7.68.0")
    assert {identity[name] for name in IDENTITY - {"sourceIp", "userAgent"}} == {None}


def test_an_event_says_which_operation_it_is_of(lab: Any) -> None:
    """Documented: `$context.awsEndpointRequestId` and its like; `operationName` is a method's OperationName."""
    made = event(lab, "/t", "GET", "/t", operation={"operationId": "ListThings"})
    assert made["requestContext"]["operationName"] == "ListThings"


def test_headers_keep_the_client_s_names_and_come_in_order(lab: Any) -> None:
    """Recorded: `Accept`, `content-type`, `Host`, `X-Forwarded-*` stand in order whatever their case."""
    made = event(lab, "/t", "GET", "/t", {"X-Own": "it", "accept": "*/*", "content-type": "text/plain"})
    assert list(made["headers"]) == [
        "accept",
        "content-type",
        "Host",
        "X-Amzn-Trace-Id",
        "X-Forwarded-For",
        "X-Forwarded-Port",
        "X-Forwarded-Proto",
        "X-Own",
    ]
    assert (made["headers"]["X-Own"], made["headers"]["X-Forwarded-For"]) == ("it", "192.0.2.7")
    assert made["headers"]["X-Amzn-Trace-Id"].startswith("Root=1-")
    assert made["multiValueHeaders"] == {name: [value] for name, value in made["headers"].items()}


def test_a_header_sent_twice_has_its_last_value_and_all(lab: Any) -> None:
    """Documented: multiValueHeaders has every value ("Support for multi-value headers"); the last one assumed."""
    made = event(lab, "/t", "GET", "/t", {"X-Own": "a", "x-own": "b"})
    assert made["headers"]["X-Own"] == "b"
    assert made["multiValueHeaders"]["X-Own"] == ["a", "b"]


def test_the_query_is_decoded_with_its_last_value_and_all(lab: Any) -> None:
    """Recorded: public reports (decoded; `foo=1&foo=2` gives 2)."""
    made = event(lab, "/t", "GET", "/t?foo=1&foo=2&url=http%3A%2F%2Fa%3Fb%3D1")
    assert made["queryStringParameters"] == {"foo": "2", "url": "http://a?b=1"}
    assert made["multiValueQueryStringParameters"] == {"foo": ["1", "2"], "url": ["http://a?b=1"]}


def test_path_and_path_parameters_stay_encoded(lab: Any) -> None:
    """Recorded: public reports (`/posts/%40` gives `%40`; captures of REST APIs whose paths stay encoded)."""
    made = event(lab, "/posts/{id}", "GET", "/posts/%40+a")
    assert (made["path"], made["pathParameters"]) == ("/posts/%40+a", {"id": "%40+a"})
    assert made["requestContext"]["path"] == "/prod/posts/%40+a"


def test_a_greedy_parameter_holds_the_rest_of_the_path_encoded(lab: Any) -> None:
    """Documented: proxy resources; encoded as above."""
    made = event(lab, "/a/{proxy+}", "GET", "/a/b%20c/d")
    assert (made["resource"], made["pathParameters"]) == ("/a/{proxy+}", {"proxy": "b%20c/d"})


def test_stage_variables_stand_in_an_event(lab: Any) -> None:
    """Documented: "Applicable stage variables"."""
    assert event(lab, "/t", "GET", "/t", stage=StageSettings(variables={"a": "b"}))["stageVariables"] == {"a": "b"}


def test_a_key_stands_in_the_identity_of_a_method_that_asks_for_one(lab: Any) -> None:
    """Documented: `$context.identity.apiKey` and `apiKeyId`; absent without a key: recorded."""
    key = {"type": "apiKey", "name": "x-api-key", "in": "header"}
    made = event(
        lab,
        "/t",
        "GET",
        "/t",
        {"x-api-key": KEY},
        operation={"security": [{"key": []}]},
        keys={"mine": KEY},
        top={"components": {"securitySchemes": {"key": key}}},
    )
    identity = made["requestContext"]["identity"]
    assert (identity["apiKey"], identity["apiKeyId"]) == (KEY, "mine")


def test_a_body_is_text(lab: Any) -> None:
    """Documented: "A JSON string of the request payload"."""
    made = event(lab, "/t", "POST", "/t", {"Content-Type": "application/json"}, '{"name": "Zoë"}')
    assert (made["body"], made["isBase64Encoded"]) == ('{"name": "Zoë"}', False)


def test_a_body_of_a_binary_media_type_is_base64(lab: Any) -> None:
    """Documented: binary media types; recorded: an event whose JSON body is base64 under `*/*`."""
    content = b"\xff\x00\x01"
    top = {"x-amazon-apigateway-binary-media-types": ["image/png"]}
    made = event(lab, "/t", "POST", "/t", {"Content-Type": "image/png"}, content, top=top)
    assert (base64.b64decode(made["body"]), made["isBase64Encoded"]) == (content, True)
    assert event(lab, "/t", "POST", "/t", {"Content-Type": "text/csv"}, "a,b", top=top)["body"] == "a,b"
    all_types = {"x-amazon-apigateway-binary-media-types": ["*/*"]}
    made = event(lab, "/t", "POST", "/t", {"Content-Type": "application/json"}, '{"x": 42}', top=all_types)
    assert (made["body"], made["isBase64Encoded"]) == ("eyJ4IjogNDJ9", True)


def test_the_function_is_invoked_and_traced(lab: Any) -> None:
    """Documented: Lambda's Invoke; recorded: execution logs (POST to the function's invocations, X-Amzn-Trace-Id)."""
    document = lab.document({"/t": {"get": lab.operation(lab.function())}})
    played = lab.play(document, ("GET", "/t"), replies=(lab.reply(body=RESULT),))
    assert (played.call.method, played.call.target) == ("POST", "/2015-03-31/functions/recorded/invocations")
    event_of = json.loads(played.call.body)
    assert played.call.headers["x-amzn-trace-id"] == event_of["headers"]["X-Amzn-Trace-Id"]
    assert played.answer.headers["x-amzn-trace-id"] == f"{event_of['headers']['X-Amzn-Trace-Id']};Sampled=0"


def test_the_trace_of_a_response_is_the_one_that_lambda_says(lab: Any) -> None:
    """Recorded: execution logs, "Method response headers: {X-Amzn-Trace-Id=Root=1-…;Parent=…;Sampled=0}"."""
    said = "Root=1-5f3e0a7c-0123456789abcdef01234567;Parent=0123456789abcdef;Sampled=0"
    document = lab.document({"/t": {"get": lab.operation(lab.function())}})
    reply = lab.reply(headers={"X-Amzn-Trace-Id": said}, body=b"{}")
    assert lab.play(document, ("GET", "/t"), replies=(reply,)).answer.headers["x-amzn-trace-id"] == said


def test_mappings_have_no_effect_on_an_event(lab: Any) -> None:
    """Documented: "the request data is passed through"; a mapping that is there all the same assumed without effect."""
    mapping = {"integration.request.header.X-Made": "'it'"}
    document = lab.document({"/t": {"get": lab.operation(lab.function(requestParameters=mapping))}})
    played = lab.play(document, ("GET", "/t"), replies=(lab.reply(body=RESULT),))
    assert "X-Made" not in json.loads(played.call.body)["headers"]
    assert any("ignored-by-proxy" in finding for finding in played.findings)


def test_a_stage_that_has_the_name_of_test_invocations_is_a_stage(lab: Any) -> None:
    """What stands in for a client in a test invocation stands nowhere else."""
    document = lab.document({"/t": {"get": lab.operation(lab.function())}})
    played = lab.play(document, ("GET", "/t"), stage=StageSettings(name="test-invoke-stage"))
    event = json.loads(played.call.body)
    assert event["path"] == "/t"
    assert event["requestContext"]["path"] == "/test-invoke-stage/t"
    assert event["requestContext"]["identity"]["sourceIp"] == "192.0.2.7"
    assert "apiKey" not in event["requestContext"]["identity"]
    assert event["headers"]["Host"] == "lab.example"
