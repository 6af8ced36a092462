"""Functions behind AWS integrations, which map requests and responses.

Sources: API Gateway, "Handle Lambda errors in API Gateway", "Set up asynchronous invocation of the backend Lambda
function", "Set up Lambda custom integrations in API Gateway"; Lambda API reference, "Invoke".
"""

import json
from typing import Any

import pytest

from inferway.definition.stage import StageSettings

ECHO = """
    def handler(event, context):
        if event.get("fail"):
            raise ValueError(event["fail"])
        return {"said": event}
"""


def integration(lab: Any, name: str = "recorded", **parts: Any) -> dict[str, Any]:
    made = {"responses": {"default": {"statusCode": "200"}}} | parts
    return dict(lab.function(name, "aws", **made))


def play(lab: Any, integration: dict[str, Any], *asked: Any, **settings: Any) -> Any:
    document = lab.document({"/t": {"x-amazon-apigateway-any-method": lab.operation(integration)}})
    return lab.play(document, asked or ("POST", "/t", {}, "{}"), **settings)


def test_a_template_makes_the_event_and_another_the_response(lab: Any) -> None:
    """Documented: the event is what the request template makes, the result what the response template sees."""
    case = {"statusCode": "200", "responseTemplates": {"application/json": "got $input.path('$.said.name')"}}
    made = integration(
        lab,
        "echo",
        requestTemplates={"application/json": '{"name": "$input.params(\'who\')"}'},
        responses={"default": case},
    )
    answer = play(lab, made, "POST", "/t?who=me", {}, "{}", functions={"echo": ECHO}).answer
    assert (answer.status, answer.text) == (200, "got me")


def test_without_templates_body_and_result_pass(lab: Any) -> None:
    """Documented: integration passthrough behaviors."""
    answer = play(lab, integration(lab, "echo"), "POST", "/t", {}, '{"a": 1}', functions={"echo": ECHO}).answer
    assert (answer.status, answer.json) == (200, {"said": {"a": 1}})


CASES = {
    "default": {"statusCode": "200"},
    ".*Malformed.*": {
        "statusCode": "400",
        "responseTemplates": {"application/json": '{"message": "$input.path(\'$.errorMessage\')"}'},
    },
    "(\\n|.)+": {"statusCode": "500", "responseTemplates": {"application/json": "$input.path('$.errorType')"}},
}


@pytest.mark.parametrize(
    ("fail", "status", "text"),
    [
        ("Malformed input: x", 400, '{"message": "Malformed input: x"}'),
        ("another\nline", 500, "ValueError"),
        ("", 200, '{"said":{"fail":""}}'),
    ],
)
def test_a_selection_pattern_is_held_against_the_error_message(lab: Any, fail: str, status: int, text: str) -> None:
    """Documented: the whole errorMessage of a function that failed; a success matches no `.+`."""
    made = integration(lab, "echo", responses=CASES)
    answer = play(lab, made, "POST", "/t", {}, json.dumps({"fail": fail}), functions={"echo": ECHO}).answer
    assert answer.status == status
    assert answer.text.replace(" ", "") == text.replace(" ", "")


def test_an_error_that_matches_nothing_is_a_200(lab: Any) -> None:
    """Documented: "Lambda errors are returned as `200 OK` responses by default"."""
    answer = play(lab, integration(lab, "echo"), "POST", "/t", {}, '{"fail": "no"}', functions={"echo": ECHO}).answer
    assert answer.status == 200
    assert (answer.json["errorMessage"], answer.json["errorType"]) == ("no", "ValueError")


def test_a_status_is_no_pattern_of_a_function(lab: Any) -> None:
    """Documented: the pattern is held against errorMessage, not against a status; a success has none."""
    made = integration(lab, responses={"200": {"statusCode": "201"}, "default": {"statusCode": "200"}})
    assert play(lab, made, replies=(lab.reply(body=b"1"),)).answer.status == 200


@pytest.mark.parametrize(
    ("mapped", "sent"), [("'Event'", "Event"), ("method.request.header.InvocationType", "DryRun"), (None, "")]
)
def test_an_invocation_may_be_asynchronous(lab: Any, mapped: str | None, sent: str) -> None:
    """Documented: a static `'Event'`, or the client's, in `integration.request.header.X-Amz-Invocation-Type`."""
    parameters = {} if mapped is None else {"integration.request.header.X-Amz-Invocation-Type": mapped}
    made = integration(lab, requestParameters=parameters, responses={"default": {"statusCode": "202"}})
    operation = lab.operation(made, parameters=[{"in": "header", "name": "InvocationType"}])
    played = lab.play(
        lab.document({"/t": {"post": operation}}),
        ("POST", "/t", {"InvocationType": "DryRun"}, "{}"),
        replies=(lab.reply(status=202, body=b""),),
    )
    assert (played.answer.status, played.answer.body) == (202, b"")
    assert played.call.headers.get("x-amz-invocation-type", "") == sent


def test_an_event_is_taken_and_the_function_runs(lab: Any, tmp_path: Any) -> None:
    """Documented: the caller does not wait for the function; served for real."""
    note = tmp_path / "note"
    code = f"""
        import pathlib

        def handler(event, context):
            pathlib.Path({str(note)!r}).write_text(event["a"])
    """
    made = integration(lab, "noting", requestParameters={"integration.request.header.X-Amz-Invocation-Type": "'Event'"})
    answer = play(lab, made, "POST", "/t", {}, '{"a": "done"}', functions={"noting": code}).answer
    assert (answer.status, answer.body) == (200, b"")
    assert note.read_text() == "done"


@pytest.mark.parametrize("status", [400, 413, 429, 500])
def test_an_invocation_that_is_refused_matches_no_pattern(lab: Any, status: int) -> None:
    """Documented: 500 where the Lambda API rejects the invocation; that no pattern maps a 429: the vendor's forum."""
    made = integration(lab, responses={".*": {"statusCode": "202"}, "default": {"statusCode": "200"}})
    reply = lab.reply(status=status, headers={"x-amzn-ErrorType": "X"}, body=b'{"message":"Rate Exceeded."}')
    answer = play(lab, made, replies=(reply,)).answer
    assert (answer.status, answer.json) == (500, {"message": "Internal server error"})


def test_an_event_that_is_no_json_is_told_in_lambda_s_words(lab: Any) -> None:
    """Recorded: nateyolles/slack-pokerbot issue 1, the whole body, which is no JSON for its escaped apostrophes.

    Likewise serverless/serverless issues 2270 and 2807, srcecde/aws-tutorial-code issue 4.
    """
    said = (
        "Could not parse request body into json: Unrecognized token 'token': was expecting 'null', 'true', 'false' "
        "or NaN\n at [Source: [B@238685e5; line: 1, column: 7]"
    )
    reply = lab.reply(
        status=400,
        headers={"x-amzn-ErrorType": "InvalidRequestContentException"},
        body=json.dumps({"Type": "User", "message": said}).encode(),
    )
    made = integration(lab, responses={".*": {"statusCode": "202"}, "default": {"statusCode": "200"}})
    answer = play(lab, made, "POST", "/t", {"Content-Type": "text/plain"}, "token=abc", replies=(reply,)).answer
    assert (answer.status, answer.error) == (400, "BadRequestException")
    assert answer.text == (
        '{"message": "Could not parse request body into json: '
        "Unrecognized token \\'token\\': was expecting \\'null\\', \\'true\\', \\'false\\' or NaN\\n"
        ' at [Source: [B@238685e5; line: 1, column: 7]"}'
    )


def test_a_stage_variable_names_the_function_and_its_alias(lab: Any) -> None:
    """Documented: `function:${stageVariables.function}:${stageVariables.alias}` ("stage variables reference")."""
    made = integration(lab, "${stageVariables.fn}:${stageVariables.alias}")
    variables = {"fn": "recorded", "alias": "live"}
    played = play(lab, made, stage=StageSettings(variables=variables))
    assert played.answer.status == 200
    assert played.call.target == "/2015-03-31/functions/recorded/invocations?Qualifier=live"
