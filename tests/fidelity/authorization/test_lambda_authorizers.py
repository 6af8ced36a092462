"""Lambda authorizers: what the function is told, and what becomes of what it says.

Sources: API Gateway, "Input to an API Gateway Lambda authorizer", "Output from an API Gateway Lambda authorizer",
"Gateway response types"; `CreateAuthorizer` in the API reference. RECORDED responses are those that users of the
service published: a blog post with whole responses of November 2023, logs of 2016 to 2026.
"""

import json
from typing import Any

import pytest

from inferway.definition.stage import StageSettings

CALLER = {"Authorization": "Bearer one"}
ASKED = ("GET", "/t", CALLER)
UNAUTHORIZED = (401, '{"message":"Unauthorized"}', "UnauthorizedException")
FAILED = (500, '{"message":null}', "AuthorizerConfigurationException")
DENIED = "User is not authorized to access this resource"
NOT_ALLOWED = f"{DENIED} because no identity-based policy allows the execute-api:Invoke action"
EXPLICITLY = f"{DENIED} with an explicit deny in an identity-based policy"


def said(answer: Any) -> tuple[int, str, str]:
    return answer.status, answer.text, answer.error


def refusal(message: str) -> tuple[int, str, str]:
    return 403, f'{{"Message":"{message}"}}', "AccessDeniedException"


def test_a_token_is_handed_to_the_function(lab: Any, guard: Any) -> None:
    """Documented: `type`, `authorizationToken`, `methodArn`, with the parameters of the path filled in."""
    document = guard.api(path="/items/{id}")
    played = lab.play(document, ("POST", "/items/a%20b", CALLER, "{}"), replies=(guard.result(),))
    assert said(played.answer)[:2] == (200, "in")
    call = played.call
    assert (call.method, call.target) == (
        "POST",
        "/2015-03-31/functions/recorded/invocations",
    )
    event = json.loads(call.body)
    arn = event.pop("methodArn")
    assert event == {"type": "TOKEN", "authorizationToken": "Bearer one"}
    assert arn.startswith("arn:aws:execute-api:us-east-1:000000000000:")
    assert arn.partition("/")[2] == "prod/POST/items/a b"


def test_the_method_s_arn_at_the_root_ends_with_a_slash(lab: Any, guard: Any) -> None:
    """Recorded: `…:ja8pdvfjf6/ESTestInvoke-stage/GET/` in an execution log."""
    played = lab.play(guard.api(path="/"), ("GET", "/", CALLER), replies=(guard.result(),))
    assert json.loads(played.call.body)["methodArn"].partition("/")[2] == "prod/GET/"


@pytest.mark.parametrize("header", [{}, {"Authorization": ""}, {"Auth": "x"}])
def test_without_a_token_nobody_is_asked(lab: Any, guard: Any, header: dict[str, str]) -> None:
    """RECORDED (November 2023): 401 with 26 bytes; documented: an empty source too, "without calling the function"."""
    played = lab.play(guard.api(), ("GET", "/t", header))
    assert (said(played.answer), played.calls) == (UNAUTHORIZED, [])


@pytest.mark.parametrize(
    ("expression", "token", "asked"),
    [
        (r"^x-[a-z]+", "x-abc", True),
        (r"^x-[a-z]+", "y-abc", False),
        (r"Bearer [-0-9a-zA-Z._]*", "Bearer a.b-c", True),
        (r"Bearer [-0-9a-zA-Z._]*", "Bearer a b", False),
        (r"Bearer [-0-9a-zA-Z._]*", "bearer a", False),
    ],
)
def test_a_token_has_to_match_the_validation_expression(
    lab: Any, guard: Any, expression: str, token: str, asked: bool
) -> None:
    """Documented: no match is a 401 "without calling the Lambda function"; that all has to match is assumed."""
    document = guard.api(identityValidationExpression=expression)
    played = lab.play(document, ("GET", "/t", {"Authorization": token}), replies=(guard.result(),))
    assert (played.answer.status == 200, bool(played.calls)) == (asked, asked)
    assert asked or said(played.answer) == UNAUTHORIZED


def test_the_token_stands_in_the_scheme_s_header(lab: Any, guard: Any) -> None:
    """Documented: a TOKEN authorizer's header is the security scheme's `name`; names are compared whatever the case."""
    document = guard.api(name="X-Token")
    played = lab.play(document, ("GET", "/t", {"x-token": "t"}), ("GET", "/t", CALLER), replies=(guard.result(),))
    assert [answer.status for answer in played.answers] == [200, 401]
    assert json.loads(played.calls[0].body)["authorizationToken"] == "t"


def test_a_function_says_unauthorized_by_an_error(lab: Any, guard: Any) -> None:
    """Recorded: the blueprints' `raise Exception('Unauthorized')` is a 401."""
    played = lab.play(guard.api(), ASKED, replies=(guard.failure("Unauthorized"),))
    assert said(played.answer) == UNAUTHORIZED


@pytest.mark.parametrize(
    "message", ["Unauthorized: expired", "unauthorized", "boom", "", "Task timed out after 3.00 s"]
)
def test_any_other_error_is_a_failure(lab: Any, guard: Any, message: str) -> None:
    """Recorded (auth0-samples/jwt-rsa-aws-custom-authorizer PR 6, aws-lambda-go issue 81): 500 `{"message": null}`.

    The error type is recorded of other 500s of an authorizer; assumed of this one.
    """
    played = lab.play(guard.api(), ASKED, replies=(guard.failure(message),))
    assert said(played.answer) == FAILED


POLICY = {"Version": "2012-10-17", "Statement": [{"Action": "*", "Effect": "Allow", "Resource": "*"}]}


@pytest.mark.parametrize(
    "text",
    [
        "null",
        "[]",
        '"Allow"',
        "{}",
        "not json",
        "",
        json.dumps({"statusCode": 401, "headers": {}, "body": "no"}),
        json.dumps({"isAuthorized": True}),
        json.dumps({"principalId": "a"}),
        json.dumps({"principalId": "a", "policyDocument": None}),
        json.dumps({"principalId": "a", "policyDocument": json.dumps(POLICY)}),
        json.dumps({"principalId": "a", "policyDocument": {**POLICY, "Version": "2020-01-01"}}),
        json.dumps({"principalId": "a", "policyDocument": {"Version": "2012-10-17"}}),
        json.dumps({"principalId": "a", "policyDocument": {"Version": "2012-10-17", "Statement": [7]}}),
        json.dumps({"principalId": {"id": 1}, "policyDocument": POLICY}),
        json.dumps({"policyDocument": POLICY}),
        json.dumps({"principalId": "a", "policyDocument": POLICY, "context": {"a": {"b": 1}}}),
        json.dumps({"principalId": "a", "policyDocument": POLICY, "context": {"a": [1]}}),
        json.dumps({"principalId": "a", "policyDocument": POLICY, "context": "a"}),
        json.dumps({"principalId": "a", "policyDocument": POLICY, "usageIdentifierKey": ["k"]}),
    ],
)
def test_a_result_of_another_form_is_a_configuration_error(lab: Any, guard: Any, text: str) -> None:
    """RECORDED: a result of null ("Could not parse policy"), one with `statusCode`, whole responses of 16 bytes.

    Documented: the principal and the policy must be there, and an object or an array is no value of the context.
    """
    played = lab.play(guard.api(), ASKED, replies=(guard.raw(text),))
    assert said(played.answer) == FAILED


def test_a_function_that_is_not_there_is_a_configuration_error(lab: Any, guard: Any) -> None:
    """Documented: AUTHORIZER_CONFIGURATION_ERROR for "failing to connect to a custom … authorizer"."""
    top = {"x-amazon-apigateway-gateway-responses": {"AUTHORIZER_CONFIGURATION_ERROR": {"statusCode": 503}}}
    played = lab.play(guard.api(authorizerUri=guard.uri("nowhere"), top=top), ASKED)
    assert (played.answer.status, played.answer.text) == (503, '{"message":null}')


def test_a_function_that_fails_has_a_gateway_response_of_its_own(lab: Any, guard: Any) -> None:
    """Documented: AUTHORIZER_FAILURE where the authorizer "failed to authenticate the caller"; of an error, assumed."""
    template = '{"kind": "$context.error.responseType", "error": $context.error.messageString}'
    responses = {"AUTHORIZER_FAILURE": {"statusCode": 500, "responseTemplates": {"application/json": template}}}
    top = {"x-amazon-apigateway-gateway-responses": responses}
    played = lab.play(guard.api(top=top), ASKED, replies=(guard.failure("boom"),))
    assert played.answer.text == '{"kind": "AUTHORIZER_FAILURE", "error": null}'


@pytest.mark.parametrize(
    ("statements", "expected"),
    [
        ([("Allow", "*")], None),
        ([("Allow", "arn:aws:execute-api:us-east-1:000000000000:*/prod/GET/t")], None),
        ([("Allow", "arn:aws:execute-api:us-east-1:000000000000:*/prod/POST/t")], NOT_ALLOWED),
        ([("Allow", "arn:aws:execute-api:*:*:*/other/*")], NOT_ALLOWED),
        ([("Deny", "*")], EXPLICITLY),
        ([("Allow", "*"), ("Deny", "*/GET/t")], EXPLICITLY),
        ([("Deny", "*/POST/t"), ("Allow", "*")], None),
        ([("Allow", ["*/GET/a", "*/GET/t"])], None),
    ],
)
def test_the_returned_policy_decides(
    lab: Any, guard: Any, statements: list[tuple[str, Any]], expected: str | None
) -> None:
    """RECORDED (2025 and 2026, several public APIs): both messages; until about 2024 they ended before "because"/"in".

    Error type and `Message` recorded November 2023.
    """
    made = [guard.statement(effect, resource) for effect, resource in statements]
    played = lab.play(guard.api(), ASKED, replies=(guard.result(*made),))
    assert said(played.answer) == (refusal(expected) if expected else (200, "in", ""))


def test_statements_of_no_resource_say_nothing(lab: Any, guard: Any) -> None:
    """Recorded (aws/chalice issue 971): a policy whose Resource is an empty list is a refusal, not an error."""
    played = lab.play(guard.api(), ASKED, replies=(guard.result(guard.statement(resource=[])),))
    assert said(played.answer) == refusal(NOT_ALLOWED)


def test_a_policy_without_statements_allows_nothing(lab: Any, guard: Any) -> None:
    """Assumed of the service (IAM: an implicit deny)."""
    policy = {"Version": "2012-10-17", "Statement": []}
    text = json.dumps({"principalId": "ada", "policyDocument": policy})
    assert said(lab.play(guard.api(), ASKED, replies=(guard.raw(text),)).answer) == refusal(NOT_ALLOWED)


def test_who_is_denied_needs_no_name(lab: Any, guard: Any) -> None:
    """RECORDED (November 2023): a policy that denies, without principalId, is a 403 and no configuration error."""
    reply = guard.result(guard.statement("Deny"), principalId=...)
    assert said(lab.play(guard.api(), ASKED, replies=(reply,)).answer) == refusal(EXPLICITLY)


def test_conditions_of_the_returned_policy_see_the_request(lab: Any, guard: Any) -> None:
    """Documented: an authorizer returns an IAM policy; `aws:SourceIp` is the client's address."""
    near = guard.statement(Condition={"IpAddress": {"aws:SourceIp": "192.0.2.0/24"}})
    far = guard.statement(Condition={"IpAddress": {"aws:SourceIp": "198.51.100.0/24"}})
    answers = [lab.play(guard.api(), ASKED, replies=(guard.result(one),)).answer.status for one in (near, far)]
    assert answers == [200, 403]


def test_a_resource_policy_may_deny_what_the_authorizer_allows(lab: Any, guard: Any) -> None:
    """Documented: a resource policy's explicit deny ends the request before the authorizer is called."""
    deny = {"Effect": "Deny", "Principal": "*", "Action": "execute-api:Invoke", "Resource": "execute-api:/*"}
    top = {"x-amazon-apigateway-policy": {"Version": "2012-10-17", "Statement": [deny]}}
    played = lab.play(guard.api(top=top), ASKED, replies=(guard.result(),))
    assert (played.answer.status, played.calls) == (403, [])


def test_a_refusal_can_show_the_context(lab: Any, guard: Any) -> None:
    """Documented: ACCESS_DENIED is customisable, and gateway responses see `$context.authorizer`."""
    template = '{"why": "$context.authorizer.why", "who": "$context.authorizer.principalId"}'
    responses = {"ACCESS_DENIED": {"statusCode": 404, "responseTemplates": {"application/json": template}}}
    top = {"x-amazon-apigateway-gateway-responses": responses}
    reply = guard.result(guard.statement("Deny"), context={"why": "late"})
    answer = lab.play(guard.api(top=top), ASKED, replies=(reply,)).answer
    assert (answer.status, answer.text) == (404, '{"why": "late", "who": "ada"}')


def test_a_refusal_of_who_is_not_known_can_be_customised(lab: Any, guard: Any) -> None:
    """Documented: UNAUTHORIZED is the gateway response of a 401; a browser needs its headers."""
    responses = {
        "UNAUTHORIZED": {
            "statusCode": 401,
            "responseParameters": {
                "gatewayresponse.header.Access-Control-Allow-Origin": "'*'",
                "gatewayresponse.header.WWW-Authenticate": "'Bearer'",
            },
            "responseTemplates": {"application/json": '{"error": $context.error.messageString}'},
        }
    }
    top = {"x-amazon-apigateway-gateway-responses": responses}
    played = lab.play(guard.api(top=top), ("GET", "/t"), ASKED, replies=(guard.failure("Unauthorized"),))
    for answer in played.answers:
        assert (answer.status, answer.text) == (401, '{"error": "Unauthorized"}')
        assert answer.headers["access-control-allow-origin"] == "*"


def test_a_method_s_arn_that_is_too_long_is_refused(lab: Any, guard: Any) -> None:
    """Documented: 1,600 bytes of the method's ARN; longer ones are `414 Request URI too long`; its body is assumed."""
    head = len("arn:aws:execute-api:us-east-1:000000000000:0123456789/prod/GET/items/")
    document = guard.api(path="/items/{id}")
    most = "x" * (1_600 - head)
    played = lab.play(
        document, ("GET", f"/items/{most}", CALLER), ("GET", f"/items/{most}x", CALLER), replies=(guard.result(),)
    )
    assert [answer.status for answer in played.answers] == [200, 414]
    assert (played.answer.text, len(played.calls)) == ('{"message":"Request URI too long"}', 1)


def test_methods_without_the_authorizer_are_open(lab: Any, guard: Any) -> None:
    """Documented: authorization is a method's own."""
    document = guard.api()
    document["paths"]["/open"] = {"get": {**lab.rendering("open"), "security": []}}
    played = lab.play(document, ("GET", "/open"), ("GET", "/t"))
    assert [answer.status for answer in played.answers] == [200, 401]


def test_authorization_goes_before_validation(lab: Any, guard: Any) -> None:
    """Documented: a method request is authorized before it is validated."""
    parameter = {"name": "q", "in": "query", "required": True, "schema": {"type": "string"}}
    operation = {"parameters": [parameter], "x-amazon-apigateway-request-validator": "all"}
    validators = {"all": {"validateRequestParameters": True, "validateRequestBody": True}}
    document = guard.api(operation=operation, top={"x-amazon-apigateway-request-validators": validators})
    played = lab.play(document, ("GET", "/t"), ASKED, replies=(guard.result(),))
    assert [answer.status for answer in played.answers] == [401, 400]


def test_stage_variables_may_name_the_function(lab: Any, guard: Any) -> None:
    """Documented: stage variables stand in the names of functions, in an authorizer's URI too."""
    document = guard.api(authorizerUri=guard.uri("${stageVariables.fn}"))
    stage = StageSettings(name="prod", variables={"fn": "recorded"})
    assert lab.play(document, ASKED, replies=(guard.result(),), stage=stage).answer.status == 200
