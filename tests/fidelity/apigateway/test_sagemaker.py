"""AWS integrations with the SageMaker runtime.

Source of what is documented: SageMaker Runtime API reference, "InvokeEndpoint".
"""

import json
from typing import Any

import pytest

TEMPLATE = """{ "instances": [
#set( $user_id = $input.params("user_id") )
#set( $items = $input.params("items") )
#foreach( $item in $items.split(",") )
  {"in0": [$user_id], "in1": [$item]}#if( $foreach.hasNext ),#end
#end
] }"""
ANSWER = """{ "ratings": [
#set( $predictions = $input.path("$.predictions") )
#foreach( $prediction in $predictions )
  "$prediction.scores[0]"#if( $foreach.hasNext ),#end
#end
] }"""
ATTRIBUTES = "X-Amzn-SageMaker-Custom-Attributes"


def rated(lab: Any, **parts: Any) -> dict[str, Any]:
    parameters = [
        {"name": "user_id", "in": "path", "required": True, "schema": {"type": "string"}},
        {"name": "items", "in": "query", "required": True, "schema": {"type": "string"}},
    ]
    integration = lab.sagemaker(requestTemplates={"application/json": TEMPLATE}, **parts)
    document: dict[str, Any] = lab.document(
        {"/ratings/{user_id}": {"get": lab.operation(integration, parameters=parameters)}}
    )
    return document


ASKED = ("GET", "/ratings/321?items=101,131,162")


def test_the_movies_example(lab: Any) -> None:
    """Documented (a blog of the vendor, "Creating a machine learning-powered REST API with ... mapping templates")."""
    case = {"statusCode": "200", "responseTemplates": {"application/json": ANSWER}}
    reply = lab.reply(200, {}, b'{"predictions": [{"scores": [4.5]}, {"scores": [3.0]}, {"scores": [1]}]}')
    played = lab.play(rated(lab, responses={"default": case}), ASKED, replies=(reply,))
    assert (played.call.method, played.call.target) == ("POST", "/invocations")
    assert played.call.headers["content-type"] == "application/json"
    assert json.loads(played.call.body) == {
        "instances": [{"in0": [321], "in1": [101]}, {"in0": [321], "in1": [131]}, {"in0": [321], "in1": [162]}]
    }
    assert (played.answer.status, played.answer.json) == (200, {"ratings": ["4.5", "3.0", "1"]})
    assert played.answer.headers["content-type"] == "application/json"


def test_mapped_headers_of_the_service_reach_the_container(lab: Any) -> None:
    """Documented: CustomAttributes, Accept and Content-Type are passed to the container; other headers are not."""
    mapped = {
        f"integration.request.header.{ATTRIBUTES}": "'trace=1'",
        "integration.request.header.Accept": "'text/csv'",
        "integration.request.header.X-Other": "'x'",
    }
    call = lab.play(rated(lab, requestParameters=mapped), ASKED).call
    assert (call.headers[ATTRIBUTES.lower()], call.headers["accept"]) == ("trace=1", "text/csv")
    assert "x-other" not in call.headers


def test_the_invoked_variant_can_be_mapped(lab: Any) -> None:
    """Documented: the reply carries `x-Amzn-Invoked-Production-Variant`; `AllTraffic` is the SDK's only variant."""
    mapped = {
        "method.response.header.X-Variant": "integration.response.header.x-Amzn-Invoked-Production-Variant",
        f"method.response.header.{ATTRIBUTES}": f"integration.response.header.{ATTRIBUTES}",
    }
    document = rated(lab, responses={"default": {"statusCode": "200", "responseParameters": mapped}})
    answer = lab.play(document, ASKED, replies=(lab.reply(200, {ATTRIBUTES: "trace=1"}),)).answer
    assert (answer.headers["x-variant"], answer.headers[ATTRIBUTES.lower()]) == ("AllTraffic", "trace=1")


@pytest.mark.parametrize("status", [400, 500, 503])
def test_an_error_of_the_container_is_a_model_error(lab: Any, status: int) -> None:
    """Documented: ModelError, 424, with OriginalStatusCode and OriginalMessage; selected by its own status."""
    template = '{"model": $input.json("$.OriginalMessage"), "status": $input.path("$.OriginalStatusCode")}'
    responses = {
        "424": {"statusCode": "502", "responseTemplates": {"application/json": template}},
        "default": {"statusCode": "200"},
    }
    answer = lab.play(rated(lab, responses=responses), ASKED, replies=(lab.reply(status, {}, b"no such user"),)).answer
    assert (answer.status, answer.json) == (502, {"model": "no such user", "status": status})


def test_a_model_that_is_silent_too_long_is_a_timeout(lab: Any) -> None:
    """Documented ("Gateway response types": INTEGRATION_TIMEOUT, 504); recorded message (reference)."""
    answer = lab.play(rated(lab, timeoutInMillis=50), ASKED, replies=(lab.reply(0),)).answer
    assert (answer.status, answer.json) == (504, {"message": "Endpoint request timed out"})
    assert answer.error == "InternalServerErrorException"


def test_a_body_over_the_service_s_limit_is_a_validation_error(lab: Any) -> None:
    """Documented: a body of at most 6,291,456 bytes."""
    document = lab.document({"/big": {"post": lab.operation(lab.sagemaker(responses={"413": {"statusCode": "413"}}))}})
    played = lab.play(document, ("POST", "/big", {}, b"x" * 6_291_457))
    assert (played.answer.status, played.calls) == (413, [])


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({}, ""),
        ({"uri": "arn:aws-cn:apigateway:cn-north-1:runtime.sagemaker:path/endpoints/model/invocations"}, ""),
        ({"credentials": ""}, "Role ARN must be specified for AWS integrations"),
        ({"httpMethod": "GET"}, "AWS services are called with POST"),
    ],
)
def test_an_integration_has_a_role_and_is_posted(lab: Any, changed: dict[str, str], said: str) -> None:
    """Recorded (reference, "A direct SageMaker integration"); the role: terraform-provider-aws issue 7916.

    The service refuses to make one without; it is served here, since there is no role to take on.
    """
    played = lab.play(rated(lab, **changed), ASKED)
    assert (played.call.method, played.call.target) == ("POST", "/invocations")
    warned = [text for text in played.findings if ": warning: " in text]
    assert [said in text for text in warned] == ([True] if said else [])
