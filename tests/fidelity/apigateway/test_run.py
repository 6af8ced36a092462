"""A few facts once more through a real `inferway run`, over a real socket."""

import http.client
import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

Answer = tuple[int, dict[str, str], bytes]
PATIENCE = 30.0


@pytest.fixture
def base(lab: Any, tmp_path: Path) -> Iterator[str]:
    """Serve a MOCK API in another process and give its address."""
    case = {"statusCode": "204", "responseParameters": {"method.response.header.Access-Control-Allow-Origin": "'*'"}}
    silent = {"statusCode": "200", "responseParameters": {"method.response.header.Content-Length": "'99'"}}
    item = {
        "get": lab.rendering("$input.params('q')|$input.params().header.X-Own|$context.protocol"),
        "head": lab.rendering("some text"),
        "options": lab.operation(lab.mock(responses={"default": case})),
        "post": lab.operation(lab.mock(responses={"default": silent})),
    }
    yield from serve(lab.document({"/t": item}), tmp_path)


def serve(definition: dict[str, Any], folder: Path) -> Iterator[str]:
    """Run a definition in another process and give the address of its stage, without a scheme."""
    file = folder / "api.json"
    file.write_text(json.dumps(definition), encoding="utf-8")
    command = [str(Path(sys.executable).with_name("inferway")), "run", str(file), "--port", "0", "--json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        assert process.stdout is not None
        try:
            served = json.loads(process.stdout.readline())
            yield served["apis"][0]["url"].removeprefix("http://")
        finally:
            process.terminate()


def ask(base: str, method: str, path: str, body: bytes | None = None, headers: dict[str, str] | None = None) -> Answer:
    host, _, prefix = base.partition("/")
    connection = http.client.HTTPConnection(host, timeout=PATIENCE)
    with closing(connection):
        connection.request(method, f"/{prefix}{path}", body, headers or {})
        response = connection.getresponse()
        return response.status, {name.lower(): value for name, value in response.getheaders()}, response.read()


def test_over_a_socket(base: str) -> None:
    """Documented and recorded, each as in the other modules; here with the edge's own headers."""
    status, headers, body = ask(base, "GET", "/t?q=a%20b", headers={"X-Own": "it"})
    assert (status, body) == (200, b"a b|it|HTTP/1.1")
    assert headers["content-length"] == str(len(body))
    assert {"date", "content-type", "x-amzn-requestid", "x-amz-apigw-id"} <= set(headers)

    assert ask(base, "HEAD", "/t")[2] == b""
    status, headers, body = ask(base, "OPTIONS", "/t")
    assert (status, headers["access-control-allow-origin"], body) == (204, "*", b"")
    status, headers, body = ask(base, "POST", "/t", b"{}")
    assert (status, headers["content-length"], headers["x-amzn-remapped-content-length"]) == (200, "0", "99")
    status, headers, body = ask(base, "GET", "/nowhere")
    assert (status, body) == (403, b'{"message":"Missing Authentication Token"}')
    assert headers["x-amzn-errortype"] == "MissingAuthenticationTokenException"


def test_an_unknown_stage_is_forbidden(base: str) -> None:
    """Recorded (public responses): 403 `{"message":"Forbidden"}` for a stage that the API does not have."""
    status, headers, body = ask(base.rpartition("/")[0] + "/nostage", "GET", "/t")
    assert (status, body) == (403, b'{"message":"Forbidden"}')
    assert headers["x-amzn-errortype"] == "ForbiddenException"


CODE = """
import json

def handler(event, context):
    if event["httpMethod"] == "DELETE":
        raise ValueError("no")
    said = {name: event[name] for name in ("path", "pathParameters", "body")}
    return {"statusCode": 201, "headers": {"X-Own": context.function_name}, "body": json.dumps(said)}
"""


@pytest.fixture
def function(tmp_path: Path) -> Iterator[str]:
    """Serve a template with a function and a domain, and give the API's address."""

    def declare(kind: str, **properties: Any) -> dict[str, Any]:
        return {"Type": f"AWS::{kind}", "Properties": properties}

    api, named = {"Ref": "Api"}, {"Fn::GetAtt": ["Function", "Arn"]}
    head = "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/"
    uri = {"Fn::Join": ["", [head, named, "/invocations"]]}
    method = {"AuthorizationType": "NONE", "HttpMethod": "ANY", "ResourceId": {"Ref": "Part"}, "RestApiId": api}
    root = {"Fn::GetAtt": ["Api", "RootResourceId"]}
    resources = {
        "Api": declare("ApiGateway::RestApi", Name="shop"),
        "Part": declare("ApiGateway::Resource", RestApiId=api, ParentId=root, PathPart="{proxy+}"),
        "Function": declare(
            "Lambda::Function",
            FunctionName="greeter",
            Handler="index.handler",
            Runtime="python3.12",
            Role="arn:aws:iam::123456789012:role/r",
            Code={"ZipFile": CODE},
            Timeout=10,
        ),
        "Any": declare(
            "ApiGateway::Method",
            **method,
            Integration={"Type": "AWS_PROXY", "IntegrationHttpMethod": "POST", "Uri": uri},
        ),
        "Live": declare("ApiGateway::Stage", RestApiId=api, StageName="live"),
        "Domain": declare("ApiGateway::DomainName", DomainName="api.example.com"),
        "Mapping": declare(
            "ApiGateway::BasePathMapping", RestApiId=api, DomainName={"Ref": "Domain"}, BasePath="v1", Stage="live"
        ),
    }
    yield from serve({"Resources": resources}, tmp_path)


def test_a_function_of_a_template_over_a_socket(function: str) -> None:
    """Documented, each as in the other modules; here all of it together."""
    status, headers, body = ask(function, "PUT", "/a/b", b"text")
    assert (status, headers["x-own"]) == (201, "greeter")
    assert json.loads(body) == {"path": "/a/b", "pathParameters": {"proxy": "a/b"}, "body": "text"}
    status, headers, body = ask(function, "DELETE", "/a")
    assert (status, json.loads(body)) == (502, {"message": "Internal server error"})
    host = function.partition("/")[0]
    status, headers, body = ask(host, "GET", "v1/a", headers={"Host": "api.example.com"})
    assert (status, json.loads(body)["path"]) == (201, "/v1/a")
