"""What the service takes of `responseTransferMode`, and what it refuses.

Sources: API Gateway, "Stream the integration response for your proxy integrations"; the service's own refusals, as
users report them (terraform-provider-aws, pull request 45482 and issue 45472).
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from inferway.convert import load
from inferway.definition.steps import Invoke, LookUpCache, StoreInCache
from inferway.definition.targets import HttpStream, LambdaStream

FUNCTION = "arn:aws:apigateway:eu-west-1:lambda:path"
ARN = "arn:aws:lambda:eu-west-1:123456789012:function:f"
STREAMED = f"{FUNCTION}/2021-11-15/functions/{ARN}/response-streaming-invocations"
WHOLE = f"{FUNCTION}/2015-03-31/functions/{ARN}/invocations"
ONLY = "Invalid ResponseTransferMode. ResponseTransferMode STREAM is only supported for"

Read = Callable[..., tuple[Any, list[str]]]


@pytest.fixture
def read(lab: Any, tmp_path: Path) -> Read:
    def one(**integration: Any) -> tuple[Any, list[str]]:
        made = {"httpMethod": "POST", "responses": {"default": {"statusCode": "200"}}, **integration}
        file = tmp_path / "api.json"
        file.write_text(json.dumps(lab.document({"/t": {"post": lab.operation(made)}})), encoding="utf-8")
        conversion = load(file)
        routes = conversion.definitions[0].routes if conversion.definitions else ()
        said = [f"{finding.severity.value}: {finding.text} [{finding.code}]" for finding in conversion.findings]
        return (routes[0].pipeline if routes else None), said

    return one


@pytest.mark.parametrize(
    "integration",
    [{"type": "http_proxy", "uri": "http://b.example"}, {"type": "aws_proxy", "uri": STREAMED}],
)
def test_streams_are_taken_without_a_finding(read: Read, integration: dict[str, Any]) -> None:
    """Documented: HTTP_PROXY and AWS_PROXY. Nothing of a stream is cached."""
    pipeline, said = read(responseTransferMode="STREAM", timeoutInMillis=900_000, **integration)
    assert said == []
    (invoke,) = pipeline.invoke
    assert isinstance(invoke, Invoke)
    assert invoke.timeout == 900.0
    assert not [step for step in pipeline.request + pipeline.response if isinstance(step, LookUpCache | StoreInCache)]


@pytest.mark.parametrize(
    ("integration", "text"),
    [
        ({"type": "http", "uri": "http://b.example"}, f"{ONLY} HTTP_PROXY and AWS_PROXY integrations."),
        ({"type": "mock"}, f"{ONLY} HTTP_PROXY and AWS_PROXY integrations."),
        (
            {"type": "aws_proxy", "uri": WHOLE},
            f"{ONLY} Lambda functions invoked by InvokeWithResponseStream for AWS_PROXY integrations.",
        ),
    ],
)
def test_other_integrations_cannot_stream(read: Read, integration: dict[str, Any], text: str) -> None:
    """Documented: proxy types only. The message for functions is recorded, that for types assumed after it."""
    assert f"error: {text} [transfer-mode]" in read(responseTransferMode="STREAM", **integration)[1]


@pytest.mark.parametrize("milliseconds", [49, 900_001])
def test_a_stream_s_timeout_has_its_own_limit(read: Read, milliseconds: int) -> None:
    """Recorded: "Timeout should be between 50 ms and 900000 ms" (terraform-provider-aws, pull request 45482)."""
    said = read(type="http_proxy", uri="http://b.example", responseTransferMode="STREAM", timeoutInMillis=milliseconds)[
        1
    ]
    assert said == ["error: Timeout should be between 50 ms and 900000 ms [bad-timeout]"]


def test_without_a_timeout_a_stream_has_that_of_every_integration(read: Read) -> None:
    """Assumed: 29 seconds."""
    pipeline, _ = read(type="http_proxy", uri="http://b.example", responseTransferMode="STREAM")
    assert pipeline.invoke[0].timeout == 29.0


def test_a_mode_of_another_name_is_refused(read: Read) -> None:
    """Documented: BUFFERED or STREAM."""
    said = read(type="http_proxy", uri="http://b.example", responseTransferMode="CHUNKED")[1]
    assert said == ["error: the response transfer mode is BUFFERED or STREAM, not 'CHUNKED' [transfer-mode]"]


def test_a_function_s_streaming_uri_without_the_mode_is_invoked_whole(read: Read) -> None:
    """Assumed: the mode decides."""
    pipeline, said = read(type="aws_proxy", uri=STREAMED)
    assert [text.partition(":")[0] for text in said] == ["warning"]
    assert pipeline.invoke[0].target.name == ARN
    assert type(pipeline.invoke[0].target).__name__ == "LambdaFunction"


def test_cloudformation_s_property_is_read_alike(tmp_path: Path) -> None:
    """Documented: AWS::ApiGateway::Method Integration, `ResponseTransferMode`; the function's own ARN in the URI."""
    integration = {
        "Type": "AWS_PROXY",
        "IntegrationHttpMethod": "POST",
        "ResponseTransferMode": "STREAM",
        "TimeoutInMillis": 60_000,
        "Uri": {"Fn::Sub": f"{FUNCTION}/2021-11-15/functions/${{F.Arn}}/response-streaming-invocations"},
    }
    method = {
        "RestApiId": {"Ref": "A"},
        "ResourceId": {"Fn::GetAtt": ["A", "RootResourceId"]},
        "HttpMethod": "GET",
        "AuthorizationType": "NONE",
        "Integration": integration,
    }
    code = {"ZipFile": "exports.handler = awslambda.streamifyResponse(async () => {})"}
    function = {"Runtime": "nodejs20.x", "Handler": "index.handler", "Role": ARN.replace("lambda", "iam"), "Code": code}
    resources = {
        "A": {"Type": "AWS::ApiGateway::RestApi", "Properties": {"Name": "a"}},
        "F": {"Type": "AWS::Lambda::Function", "Properties": function},
        "M": {"Type": "AWS::ApiGateway::Method", "Properties": method},
        "D": {"Type": "AWS::ApiGateway::Deployment", "DependsOn": "M", "Properties": {"RestApiId": {"Ref": "A"}}},
    }
    (tmp_path / "template.json").write_text(json.dumps({"Resources": resources}), encoding="utf-8")
    conversion = load(tmp_path / "template.json")
    assert not [finding for finding in conversion.findings if finding.code == "transfer-mode"]
    (invoke,) = conversion.definitions[0].routes[0].pipeline.invoke
    assert isinstance(invoke, Invoke)
    assert isinstance(invoke.target, LambdaStream)
    assert invoke.timeout == 60.0


@pytest.mark.parametrize(
    "integration",
    [{"type": "http_proxy", "uri": "http://b.example"}, {"type": "aws_proxy", "uri": STREAMED}],
)
def test_five_minutes_of_silence_end_a_stream(read: Read, integration: dict[str, Any]) -> None:
    """Recorded (reference): idle 5 min; documented for Regional and private endpoints."""
    pipeline, _ = read(responseTransferMode="STREAM", timeoutInMillis=900_000, **integration)
    (invoke,) = pipeline.invoke
    assert isinstance(invoke, Invoke)
    assert isinstance(invoke.target, HttpStream | LambdaStream)
    assert invoke.target.idle == 300
