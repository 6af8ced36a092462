"""`inferway invoke`: a method as it is defined, whoever may call it, with the service's own log.

Sources: API Gateway API reference, "TestInvokeMethod"; execution logs that users of the service published
(brefphp/bref issue 162, elastic/integrations pull request 4266).
"""

import json
import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

DEFINITION = """
openapi: "3.0.1"
info: {title: t, version: "1"}
x-amazon-apigateway-request-validators:
  all: {validateRequestParameters: true, validateRequestBody: false}
  body: {validateRequestParameters: false, validateRequestBody: true}
x-amazon-apigateway-request-validator: all
components:
  securitySchemes:
    key: {type: apiKey, name: x-api-key, in: header}
    sigv4: {type: apiKey, name: Authorization, in: header, x-amazon-apigateway-authtype: awsSigv4}
paths:
  /mock/{id}:
    post:
      security: [{key: []}, {sigv4: []}]
      parameters:
        - {name: id, in: path, required: true, schema: {type: string}}
        - {name: q, in: query, required: true, schema: {type: string}}
      responses: {"200": {description: ok}}
      x-amazon-apigateway-integration:
        type: mock
        requestTemplates: {application/json: '{"statusCode": 200}'}
        responses:
          default: {statusCode: "200", responseTemplates: {application/json: '$context.stage $stageVariables.v'}}
  /itself:
    get:
      responses: {"200": {description: ok}}
      x-amazon-apigateway-integration: {type: http_proxy, httpMethod: GET, uri: "GATEWAY/_inferway/health?a=b"}
  /checked:
    post:
      x-amazon-apigateway-request-validator: body
      requestBody:
        content:
          application/json:
            schema: {type: object, required: [email, password, repeatPassword]}
      responses: {"200": {description: ok}}
      x-amazon-apigateway-integration: {type: http_proxy, httpMethod: GET, uri: "http://127.0.0.1:9/"}
  /undeclared:
    get:
      responses: {"201": {description: ok}}
      x-amazon-apigateway-integration:
        type: mock
        requestTemplates: {application/json: '{"statusCode": 200}'}
        responses: {default: {statusCode: 200}}
  /nowhere:
    get:
      responses: {"200": {description: ok}}
      x-amazon-apigateway-integration: {type: http_proxy, httpMethod: GET, uri: "http://127.0.0.1:9/"}
"""
Start = Callable[..., Any]
STAMP = r"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) [A-Z][a-z]{2} [0-3][0-9] [0-9:]{8} UTC [0-9]{4} : "


@pytest.fixture
def gateway(tmp_path: Path, start: Start) -> Any:
    (tmp_path / "openapi.yaml").write_text(DEFINITION.replace("GATEWAY", "http://127.0.0.1:9"))
    (tmp_path / "inferway.toml").write_text(
        '[apis.t.stages.prod]\nvariables = {v = "stage"}\nthrottle = {rate = 0, burst = 0}\n'
    )
    first = start(tmp_path / "openapi.yaml")
    (tmp_path / "openapi.yaml").write_text(DEFINITION.replace("GATEWAY", first.url))
    return start(tmp_path / "openapi.yaml")


def invoke(gateway: Any, command: Path, *arguments: str) -> Any:
    done = subprocess.run(
        [command, "invoke", *arguments, "--url", gateway.url, "--json"],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def lines(seen: Any) -> list[str]:
    head, *rest = seen["log"].splitlines()
    assert re.fullmatch("Execution log for request [0-9a-f-]{36}", head)
    assert all(re.match(STAMP, line) for line in rest), rest
    return [re.sub(f"^{STAMP}", "", line) for line in rest]


def test_a_method_is_run_whoever_may_call_it(gateway: Any, command: Path) -> None:
    assert gateway.send("POST", "/t/prod/mock/7?q=1").status == 403
    seen = invoke(gateway, command, "POST", "/t/prod/mock/7?q=1", "-d", "hello", "-H", "X-Own: yes")
    assert (seen["status"], seen["body"]) == (200, "test-invoke-stage stage")
    said = lines(seen)
    assert said[1:6] == [
        "HTTP Method: POST, Resource Path: /mock/7",
        "Method request path: {id=7}",
        "Method request query string: {q=1}",
        "Method request headers: {x-own=yes}",
        "Method request body before transformations: hello",
    ]
    assert said[6] == "Method response body after transformations: test-invoke-stage stage"
    assert said[7] == "Method response headers: {Content-Type=application/json}"
    assert said[8:] == ["Successfully completed execution", "Method completed with status: 200"]


def test_stage_variables_can_be_given(gateway: Any, command: Path) -> None:
    seen = invoke(gateway, command, "POST", "/t/prod/mock/7?q=1", "--stage-variable", "v=given")
    assert seen["body"] == "test-invoke-stage given"
    seen = invoke(gateway, command, "POST", "/t/prod/mock/7?q=1")
    assert seen["body"] == "test-invoke-stage stage"


def test_what_a_validator_refuses_is_refused(gateway: Any, command: Path) -> None:
    seen = invoke(gateway, command, "POST", "/t/prod/mock/7")
    assert (seen["status"], json.loads(seen["body"])) == (400, {"message": "Missing required request parameters: [q]"})
    said = lines(seen)
    assert said[6].startswith("Execution failed due to ")
    assert said[7:] == ["Method completed with status: 400"]


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("", "[Unknown error parsing request body]"),
        ("{}", '[object has missing required properties (["email","password","repeatPassword"])]'),
    ],
)
def test_what_is_wrong_with_a_body_is_logged(gateway: Any, command: Path, body: str, found: str) -> None:
    """Recorded: published tests of 29 November 2021, their headers too; these also podaac/hydrocron issue 36."""
    seen = invoke(gateway, command, "POST", "/t/prod/checked", "-d", body)
    assert (seen["status"], json.loads(seen["body"])) == (400, {"message": "Invalid request body"})
    assert seen["headers"] == [["x-amzn-ErrorType", "BadRequestException"]]
    assert lines(seen)[-2:] == [
        f"Request body does not match model schema for content type application/json: {found}",
        "Method completed with status: 400",
    ]


def test_a_status_that_is_not_declared_is_told(gateway: Any, command: Path) -> None:
    """Recorded: serverless-operations/serverless-apigateway-service-proxy issue 179, of a CloudFormation stack."""
    seen = invoke(gateway, command, "GET", "/t/prod/undeclared")
    assert (seen["status"], json.loads(seen["body"])) == (500, {"message": "Internal server error"})
    assert lines(seen)[-2:] == [
        "Execution failed due to configuration error: Output mapping refers to an invalid method response: 200",
        "Method completed with status: 500",
    ]


def test_the_call_to_an_endpoint_is_logged(gateway: Any, command: Path) -> None:
    seen = invoke(gateway, command, "GET", "/t/prod/itself")
    assert (seen["status"], json.loads(seen["body"])) == (200, {"status": "ok"})
    said = lines(seen)
    uri = said[6].removeprefix("Endpoint request URI: ")
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+/_inferway/health\?a=b", uri)
    assert said[7].startswith("Endpoint request headers: {")
    assert said[8] == "Endpoint request body after transformations: "
    assert said[9] == f"Sending request to {uri}"
    assert re.fullmatch(r"Received response\. Status: 200, Integration latency: \d+ ms", said[10])
    assert said[12] == 'Endpoint response body before transformations: {"status":"ok"}'


def test_an_endpoint_that_does_not_answer(gateway: Any, command: Path) -> None:
    seen = invoke(gateway, command, "GET", "/t/prod/nowhere")
    assert seen["status"] == 504
    assert any(line.startswith("Sending request to http://127.0.0.1:9/") for line in lines(seen))


def test_what_cannot_be_invoked_is_told(gateway: Any, command: Path) -> None:
    for arguments, said in (
        (("GET", "/t/prod/none"), "the API has no method GET /none"),
        (("GET", "/none"), "no API is served at /none"),
        (("GET", "none"), "a path starts with /"),
        (("GET", "/t/prod/itself", "--stage-variable", "v"), "write NAME=VALUE"),
    ):
        done = subprocess.run(
            [command, "invoke", *arguments, "--url", gateway.url],
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode in (1, 2)
        assert said in " ".join(done.stderr.split()).replace("│ ", ""), done.stderr


def test_the_page_is_for_this_machine_alone(gateway: Any) -> None:
    document = json.dumps({"path": "/t/prod/itself"})
    kind = {"content-type": "application/json"}
    assert gateway.send("POST", "/_inferway/invoke", {**kind, "host": "evil.example"}, document).status == 403
    assert gateway.send("POST", "/_inferway/invoke", {**kind, "origin": "http://evil.example"}, document).status == 403
    assert gateway.send("POST", "/_inferway/invoke", {}, document).status == 415
    assert gateway.send("GET", "/_inferway/invoke").status == 415
    for bad in ("", "[]", "{}", '{"path": 1}', '{"path": "/a", "x": 1}'):
        assert gateway.send("POST", "/_inferway/invoke", kind, bad).status == 400


FUNCTION = """
openapi: "3.0.1"
info: {title: t, version: "1"}
paths:
  /function/{proxy+}:
    get:
      responses: {"200": {description: ok}}
      x-amazon-apigateway-integration:
        type: aws_proxy
        httpMethod: POST
        uri: arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/ARN/invocations
""".replace("ARN", "arn:aws:lambda:us-east-1:123456789012:function:f")


def test_a_function_sees_a_test(tmp_path: Path, start: Start, command: Path) -> None:
    """Recorded: brefphp/bref issue 534, and other published events of tests from 2019 to 2024."""
    (tmp_path / "openapi.yaml").write_text(FUNCTION)
    (tmp_path / "inferway.toml").write_text('[functions.f]\nurl = "http://127.0.0.1:9"\n')
    seen = invoke(start(tmp_path / "openapi.yaml"), command, "GET", "/t/prod/function/a/b?x=1")
    (line,) = (each for each in lines(seen) if each.startswith("Endpoint request body after transformations: "))
    event = json.loads(line.partition(": ")[2])
    assert (event["path"], event["pathParameters"]) == ("/function/a/b", {"proxy": "a/b"})
    assert (event["headers"], event["multiValueHeaders"]) == (None, None)
    context = event["requestContext"]
    assert (context["path"], context["stage"]) == ("/function/{proxy+}", "test-invoke-stage")
    assert (context["domainName"], context["domainPrefix"]) == ("testPrefix.testDomainName", "testPrefix")
    assert context["identity"]["sourceIp"] == "test-invoke-source-ip"
    assert context["identity"]["apiKey"] == "test-invoke-api-key"
    assert context["identity"]["apiKeyId"] == "test-invoke-api-key-id"
