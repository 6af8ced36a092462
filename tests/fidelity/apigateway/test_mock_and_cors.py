"""MOCK integrations, and the CORS preflight as definitions write it."""

from typing import Any

import pytest

ALLOW = {
    "method.response.header.Access-Control-Allow-Headers": "'Content-Type,X-Amz-Date,Authorization,X-Api-Key'",
    "method.response.header.Access-Control-Allow-Methods": "'GET,OPTIONS'",
    "method.response.header.Access-Control-Allow-Origin": "'*'",
}
PREFLIGHT = {
    "Origin": "https://shop.example",
    "Access-Control-Request-Method": "GET",
    "Access-Control-Request-Headers": "x-api-key",
}


def mocked(lab: Any, template: str | None, responses: dict[str, Any], **parts: Any) -> dict[str, Any]:
    operation = lab.operation(lab.mock(template, responses=responses, **parts))
    document: dict[str, Any] = lab.document({"/t": {"x-amazon-apigateway-any-method": operation}})
    return document


@pytest.mark.parametrize(
    "template",
    [
        '{"statusCode": 200}',
        "{statusCode: 200}",
        "{ 'statusCode' : 200 }",
        '{"statusCode": "200"}',
        '{"other": {"a": [1]}, "statusCode": 200}',
        '{"other": {"statusCode": 500}, "statusCode": 200}',
        '{"text": "{statusCode: 500,", "statusCode": 200, "list": [{"statusCode": 500}]}',
        '{\n  #if($input.params("x") == "y")\n    "statusCode": 500\n  #else\n    "statusCode": 200\n  #end\n}',
    ],
)
def test_the_template_names_the_status(lab: Any, template: str) -> None:
    """Documented ("Set up mock integrations"); without quotes as CDK writes it (aws-cdk `addCorsPreflight`)."""
    document = mocked(lab, template, {"200": {"statusCode": "201"}, "default": {"statusCode": "599"}})
    assert lab.play(document, ("GET", "/t")).answer.status == 201


@pytest.mark.parametrize(
    "template",
    [
        "{}",
        '{"statusCode": "abc"}',
        "nothing",
        '{"status": 200}',
        '[{"statusCode": 200}]',
        '{"a": {"statusCode": 200}}',
        None,
    ],
)
def test_without_a_status_it_is_a_configuration_error(lab: Any, template: str | None) -> None:
    """Recorded in execution logs: "Execution failed due to configuration error: Unable to parse statusCode"."""
    answer = lab.play(mocked(lab, template, {"default": {"statusCode": "200"}}), ("GET", "/t")).answer
    assert (answer.status, answer.error) == (500, "InternalServerErrorException")
    assert answer.body == b'{"message": "Internal server error"}'


def test_another_content_type_finds_no_template_and_so_no_status(lab: Any) -> None:
    """Recorded in a public question (aws-cdk issue 16323): a 500, since the body is passed through."""
    document = mocked(lab, '{"statusCode": 200}', {"default": {"statusCode": "200"}})
    assert lab.play(document, ("POST", "/t", {"Content-Type": "text/csv"}, "1,2")).answer.status == 500


def test_the_status_selects_the_response(lab: Any) -> None:
    """Documented ("Set up mock integrations", the example with `scope`)."""
    template = '{ #if( $input.params("scope") == "internal" ) "statusCode": 200 #else "statusCode": 500 #end }'
    responses = {
        "200": {"statusCode": "200", "responseTemplates": {"application/json": '{"message": "Go ahead without me."}'}},
        "5\\d{2}": {"statusCode": "500", "responseTemplates": {"application/json": '{"message": "Not supported."}'}},
    }
    asked = [("GET", "/t?scope=internal"), ("GET", "/t?scope=external")]
    answers = lab.play(mocked(lab, template, responses), *asked).answers
    assert [(answer.status, answer.json["message"]) for answer in answers] == [
        (200, "Go ahead without me."),
        (500, "Not supported."),
    ]


def test_a_response_without_a_template_is_empty_json(lab: Any) -> None:
    """Documented ("important notes": the content type) and recorded: a MOCK reply has no body."""
    document = mocked(lab, '{"statusCode": 200}', {"default": {"statusCode": "200"}})
    answer = lab.play(document, ("GET", "/t")).answer
    assert (answer.body, answer.headers["content-type"]) == (b"", "application/json")
    assert "x-amzn-trace-id" not in answer.headers


@pytest.mark.parametrize("status", ["200", "204"])
def test_a_preflight_gets_the_headers_that_the_definition_quotes(lab: Any, status: str) -> None:
    """Documented ("CORS for REST APIs", the OPTIONS method of OpenAPI examples)."""
    case = {"statusCode": status, "responseParameters": ALLOW}
    options = lab.operation(lab.mock("{statusCode: 200}", responses={"default": case}))
    document = lab.document({"/t": {"options": options, "get": lab.rendering("x")}})
    answer = lab.play(document, ("OPTIONS", "/t", PREFLIGHT)).answer
    assert (answer.status, answer.body) == (int(status), b"")
    assert {name: answer.headers[name.rpartition(".")[2].lower()] for name in ALLOW} == {
        name: value[1:-1] for name, value in ALLOW.items()
    }


def test_without_an_options_method_a_preflight_fails(lab: Any) -> None:
    """Documented ("CORS for REST APIs"): the definition must have the method; recorded answer to an unknown method."""
    answer = lab.play(lab.document({"/t": {"get": lab.rendering("x")}}), ("OPTIONS", "/t", PREFLIGHT)).answer
    assert (answer.status, answer.error) == (403, "MissingAuthenticationTokenException")
    assert "access-control-allow-origin" not in answer.headers


def test_the_answer_itself_has_the_headers_only_where_they_are_mapped(lab: Any) -> None:
    """Documented ("CORS for REST APIs": non-simple requests need Access-Control-Allow-Origin on each method)."""
    parameters = {"method.response.header.Access-Control-Allow-Origin": "'https://shop.example'"}
    document = mocked(lab, '{"statusCode": 200}', {"default": {"statusCode": "200", "responseParameters": parameters}})
    answer = lab.play(document, ("GET", "/t", {"Origin": "https://shop.example"})).answer
    assert answer.headers["access-control-allow-origin"] == "https://shop.example"
