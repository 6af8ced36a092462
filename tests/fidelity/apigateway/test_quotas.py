"""What the service's quotas take and refuse: times, sizes, counts, names.

Sources: our reference ("Method, integration, limits", "Throttle, quota, keys", "Stage cache", "Also"); "Amazon API
Gateway quotas"; "Amazon API Gateway important notes"; API reference, `CreateStage`, `CreateApiKey`.
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from inferway.convert import load
from inferway.definition.authorizer_steps import InvokeAuthorizer
from inferway.definition.steps import Invoke

LAMBDA = (
    "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/"
    "arn:aws:lambda:us-east-1:000000000000:function:who/invocations"
)
Said = Callable[[dict[str, Any]], list[tuple[str, str]]]


@pytest.fixture
def said(tmp_path: Path) -> Said:
    """Give the severity and code of what is found in a document or template, notes and what is unbound aside."""

    def find(document: dict[str, Any]) -> list[tuple[str, str]]:
        file = tmp_path / "definition.json"
        file.write_text(json.dumps(document), encoding="utf-8")
        found = [(finding.severity.value, finding.code) for finding in load(file).findings]
        return [one for one in found if one[0] != "note" and one[1] != "disabled-key"]

    return find


def template(**resources: Any) -> dict[str, Any]:
    """Give a template with an API named `lab`, its `GET /`, and other resources."""
    api = {"Ref": "Api"}
    made = {
        "Api": ("RestApi", {"Name": "lab"}),
        "Get": (
            "Method",
            {
                "RestApiId": api,
                "ResourceId": {"Fn::GetAtt": ["Api", "RootResourceId"]},
                "HttpMethod": "GET",
                "AuthorizationType": "NONE",
                "MethodResponses": [{"StatusCode": "200"}],
                "Integration": {"Type": "MOCK", "IntegrationResponses": [{"StatusCode": "200"}]},
            },
        ),
        **resources,
    }
    types = {name: {"Type": f"AWS::ApiGateway::{kind}", "Properties": given} for name, (kind, given) in made.items()}
    return {"Resources": types}


def stage(name: str = "prod", **properties: Any) -> tuple[str, dict[str, Any]]:
    return "Stage", {"RestApiId": {"Ref": "Api"}, "StageName": name, **properties}


@pytest.mark.parametrize("kind", ["http", "http_proxy", "aws", "aws_proxy"])
def test_an_integration_s_timeout_ends_the_call(lab: Any, kind: str) -> None:
    """Recorded (reference): past the timeout, of at least 50 ms, 504 `Endpoint request timed out`."""
    made = {
        "http": lab.http(method="GET", timeoutInMillis=50),
        "http_proxy": lab.proxy(timeoutInMillis=50),
        "aws": lab.function(kind="aws", timeoutInMillis=50, responses={"default": {"statusCode": "200"}}),
        "aws_proxy": lab.function(timeoutInMillis=50),
    }[kind]
    document = lab.document({"/t": {"get": lab.operation(made)}})
    answer = lab.play(document, ("GET", "/t"), replies=(lab.reply(0),)).answer
    assert (answer.status, answer.json) == (504, {"message": "Endpoint request timed out"})


@pytest.mark.parametrize(
    ("milliseconds", "found"),
    [(49, [("error", "bad-timeout")]), (50, []), (29_000, []), (29_001, [("warning", "long-timeout")])],
)
def test_a_timeout_is_50_to_29000_milliseconds(
    lab: Any, said: Said, milliseconds: int, found: list[tuple[str, str]]
) -> None:
    """Recorded (reference): 50 to 29,000 ms; the upper one is a quota that can be raised since June 2024."""
    document = lab.document({"/t": {"get": lab.operation(lab.http(timeoutInMillis=milliseconds))}})
    assert said(document) == found


def test_without_a_timeout_it_is_29_seconds(lab: Any, tmp_path: Path) -> None:
    """Documented (API reference, `Integration`, timeoutInMillis): the default is 29,000 ms."""
    file = tmp_path / "definition.json"
    file.write_text(json.dumps(lab.document({"/t": {"get": lab.operation(lab.http())}})), encoding="utf-8")
    (route,) = load(file).definitions[0].routes
    assert [step.timeout for step in route.pipeline.invoke if isinstance(step, Invoke)] == [29.0]


@pytest.mark.parametrize("kind", ["http", "http_proxy", "aws", "aws_proxy", "mock", "HTTP_PROXY", "soap"])
def test_there_are_five_types_of_integration(lab: Any, said: Said, kind: str) -> None:
    """Recorded (reference): HTTP, HTTP_PROXY, AWS, AWS_PROXY, MOCK; in any case, as exports write them."""
    integration = {"type": kind, "httpMethod": "POST", "uri": LAMBDA if "aws" in kind else f"{lab.backend}/"}
    found = said(lab.document({"/t": {"get": lab.operation({**integration, "responses": {}})}}))
    assert [code for severity, code in found if severity == "error"] == (["integration-type"] if kind == "soap" else [])


def test_a_url_has_at_most_10240_characters(lab: Any) -> None:
    """Recorded (reference): 10,240 characters; 414 is RFC 9110's, its body assumed."""
    document = lab.document({"/t": {"get": lab.rendering("in")}})
    for length, status in ((10_240, 200), (10_241, 414)):
        asked = "/t?q=" + "x" * (length - len("/lab/prod/t?q=") + 1)  # the question mark is not counted
        answer = lab.play(document, ("GET", asked)).answer
        assert (answer.status, answer.headers.get("x-amzn-errortype", "")) == (
            status,
            "" if status == 200 else "RequestTooLargeException",
        )


def test_headers_have_at_most_10240_bytes_in_all(lab: Any) -> None:
    """Recorded (reference): 10,240 bytes in all; 431 is RFC 6585's, assumed."""
    document = lab.document({"/t": {"get": lab.rendering("in")}})
    few, many = ({f"X-{number}": "y" * 1_000 for number in range(count)} for count in (9, 11))
    assert [answer.status for answer in lab.play(document, ("GET", "/t", few), ("GET", "/t", many)).answers] == [
        200,
        431,
    ]


def test_a_loop_has_at_most_1000_iterations(lab: Any) -> None:
    """Recorded (reference): 1,000 iterations of `#foreach`; that it stops there silently is Velocity's setting."""
    text = lab.render("#foreach($n in [1..1500])$n #end|")
    assert text.split() == [*map(str, range(1, 1_001)), "|"]


@pytest.mark.parametrize(("size", "found"), [(300 * 1024, []), (300 * 1024 + 1, [("error", "template-too-large")])])
def test_a_template_has_at_most_300_kb(lab: Any, said: Said, size: int, found: list[tuple[str, str]]) -> None:
    """Recorded (reference): 300 KB."""
    assert said(lab.document({"/t": {"get": lab.rendering("x" * size)}})) == found


def test_an_imported_document_has_at_most_6_mb(lab: Any, said: Said) -> None:
    """Recorded (reference): 6 MB of an OpenAPI import."""
    document = lab.document({"/t": {"get": lab.rendering("in")}})
    for more, found in ((0, []), (1, [("error", "file-too-large")])):
        document["info"]["description"] = ""
        document["info"]["description"] = "x" * (6 * 1024 * 1024 - len(json.dumps(document)) + more)
        assert said(document) == found


@pytest.mark.parametrize(("count", "found"), [(300, []), (301, [("warning", "too-many-resources")])])
def test_an_api_has_at_most_300_resources(lab: Any, said: Said, count: int, found: list[tuple[str, str]]) -> None:
    """Recorded (reference): 300, the root among them; it can be raised, so that more are served."""
    assert said(lab.document({f"/r{n}": {"get": lab.rendering("")} for n in range(count - 1)})) == found


@pytest.mark.parametrize(("count", "found"), [(10, []), (11, [("warning", "too-many-stages")])])
def test_an_api_has_at_most_10_stages(said: Said, count: int, found: list[tuple[str, str]]) -> None:
    """Recorded (reference): 10; it can be raised, so that more are served."""
    assert said(template(**{f"Stage{number}": stage(f"s{number}") for number in range(count)})) == found


@pytest.mark.parametrize(("count", "found"), [(10, []), (11, [("warning", "too-many-authorizers")])])
def test_an_api_has_at_most_10_authorizers(lab: Any, said: Said, count: int, found: list[tuple[str, str]]) -> None:
    """Recorded (reference): 10; it can be raised, so that more are served."""
    authorizer = {"type": "token", "authorizerUri": LAMBDA}
    scheme = {"type": "apiKey", "name": "Authorization", "in": "header"}
    made = scheme | {"x-amazon-apigateway-authtype": "custom", "x-amazon-apigateway-authorizer": authorizer}
    schemes = {f"a{number}": made for number in range(count)} | {"key": {**scheme, "name": "x-api-key"}}
    document = lab.document({"/t": {"get": lab.rendering("")}}, components={"securitySchemes": schemes})
    assert said(document) == found


@pytest.mark.parametrize(
    ("variables", "code"),
    [
        ({f"v{number}": "x" for number in range(100)}, ""),
        ({f"v{number}": "x" for number in range(101)}, "too-many-variables"),
        ({"n" * 64: "x"}, ""),
        ({"n" * 65: "x"}, "bad-stage-variable"),
        ({"v": "x" * 512}, ""),
        ({"v": "x" * 513}, "bad-stage-variable"),
        ({"v": "https://h.example:8443/a?b=c&d=e,f #~_-."}, ""),
        ({"v": ""}, "bad-stage-variable"),
        ({"v": "$LATEST"}, "bad-stage-variable"),
        ({"owner:application-name": "foo"}, "bad-stage-variable"),
    ],
)
def test_stage_variables_are_counted_and_have_their_characters(
    said: Said, variables: dict[str, str], code: str
) -> None:
    """Recorded (reference): 100 of them, names of 64, values of 512 characters; the characters are of the refusals.

    `Invalid stage variable value: .` (sirceljm/aws-lambda-blog issue 10), `$LATEST` (aws/aws-cdk issue 3635), `Invalid
    stage variable name: owner:application-name.` (serverless/serverless issue 6133).
    """
    assert said(template(Stage=stage(Variables=variables))) == ([("warning", code)] if code else [])


@pytest.mark.parametrize(("path", "found"), [("/ping", True), ("/sping", True), ("/a/ping", False), ("/pong", False)])
def test_two_paths_at_the_root_are_the_service_s_own(lab: Any, said: Said, path: str, found: bool) -> None:
    """Recorded (reference): `/ping` and `/sping` are reserved; documented: on custom domains. They are served here."""
    document = lab.document({path: {"get": lab.rendering("own")}})
    assert said(document) == ([("warning", "reserved-path")] if found else [])
    assert lab.play(document, ("GET", path)).answer.text == "own"


@pytest.mark.parametrize(("length", "found"), [(19, True), (20, False), (128, False), (129, True)])
def test_a_key_has_20_to_128_characters(said: Said, length: int, found: bool) -> None:
    """Recorded (reference): 20 to 128 characters."""
    made = template(
        Stage=stage(),
        Plan=("UsagePlan", {"ApiStages": [{"ApiId": {"Ref": "Api"}, "Stage": {"Ref": "Stage"}}]}),
        Key=("ApiKey", {"Enabled": True, "Value": "k" * length}),
        Bond=("UsagePlanKey", {"KeyId": {"Ref": "Key"}, "KeyType": "API_KEY", "UsagePlanId": {"Ref": "Plan"}}),
    )
    assert said(made) == ([("warning", "key-length")] if found else [])


@pytest.mark.parametrize(("stages", "found"), [(("prod", "prod"), True), (("prod", "test"), False)])
def test_a_key_has_one_plan_for_a_stage(said: Said, stages: tuple[str, str], found: bool) -> None:
    """Recorded (reference): one plan per stage and key."""
    made: dict[str, Any] = {"Stage0": stage("prod"), "Stage1": stage("test")}
    made["Key"] = ("ApiKey", {"Enabled": True, "Value": "k" * 20})
    for number, name in enumerate(stages):
        made[f"Plan{number}"] = ("UsagePlan", {"ApiStages": [{"ApiId": {"Ref": "Api"}, "Stage": name}]})
        bond = {"KeyId": {"Ref": "Key"}, "KeyType": "API_KEY", "UsagePlanId": {"Ref": f"Plan{number}"}}
        made[f"Bond{number}"] = ("UsagePlanKey", bond)
    assert said(template(**made)) == ([("warning", "key-of-two-plans")] if found else [])


@pytest.mark.parametrize(
    ("seconds", "found"),
    [(-1, [("error", "bad-ttl")]), (0, []), (3_600, []), (3_601, [("error", "bad-ttl")])],
)
def test_a_cache_keeps_for_0_to_3600_seconds(said: Said, seconds: int, found: list[tuple[str, str]]) -> None:
    """Recorded (reference): 0 to 3,600 s."""
    setting = {"ResourcePath": "/*", "HttpMethod": "*", "CachingEnabled": True, "CacheTtlInSeconds": seconds}
    assert [one for one in said(template(Stage=stage(MethodSettings=[setting]))) if one[1] != "wrong-type"] == found


@pytest.mark.parametrize(("seconds", "found"), [(0, []), (3_600, []), (3_601, [("error", "bad-ttl")])])
def test_an_authorizer_s_result_is_kept_for_0_to_3600_seconds(
    lab: Any, said: Said, seconds: int, found: list[tuple[str, str]]
) -> None:
    """Recorded (reference): at most 3,600 s."""
    authorizer = {"type": "token", "authorizerUri": LAMBDA, "authorizerResultTtlInSeconds": seconds}
    scheme = {"type": "apiKey", "name": "Authorization", "in": "header", "x-amazon-apigateway-authtype": "custom"}
    schemes = {"who": {**scheme, "x-amazon-apigateway-authorizer": authorizer}}
    method = lab.rendering("", security=[{"who": []}])
    assert said(lab.document({"/t": {"get": method}}, components={"securitySchemes": schemes})) == found


def test_an_authorizer_s_result_is_kept_for_300_seconds_unless_it_says(lab: Any, tmp_path: Path) -> None:
    """Recorded (reference): 300 s."""
    authorizer = {"type": "token", "authorizerUri": LAMBDA}
    scheme = {"type": "apiKey", "name": "Authorization", "in": "header", "x-amazon-apigateway-authtype": "custom"}
    schemes = {"who": {**scheme, "x-amazon-apigateway-authorizer": authorizer}}
    method = lab.rendering("", security=[{"who": []}])
    file = tmp_path / "definition.json"
    file.write_text(json.dumps(lab.document({"/t": {"get": method}}, components={"securitySchemes": schemes})))
    (route,) = load(file).definitions[0].routes
    assert [step.ttl for step in route.pipeline.request if isinstance(step, InvokeAuthorizer)] == [300]


@pytest.mark.parametrize(
    ("size", "found"),
    [(-1, True), (0, False), (10_485_760, False), (10_485_761, True)],
)
def test_compression_begins_at_0_to_10485760_bytes(lab: Any, said: Said, size: int, found: bool) -> None:
    """Recorded (reference): 0 to 10,485,760 bytes."""
    document = lab.document({"/t": {"get": lab.rendering("")}})
    document["x-amazon-apigateway-minimum-compression-size"] = size
    assert said(document) == ([("error", "bad-compression-size")] if found else [])
