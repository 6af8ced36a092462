"""`inferway sdk`."""

import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result

Call = Callable[..., Result]

TWO = """\
Resources:
  One: {Type: AWS::ApiGateway::RestApi, Properties: {Name: first one}}
  Two: {Type: AWS::ApiGateway::RestApi, Properties: {Name: second}}
  Half:
    Type: AWS::ApiGateway::Method
    Properties:
      {RestApiId: !Ref One, ResourceId: !GetAtt One.RootResourceId, HttpMethod: GET, AuthorizationType: NONE}
  Get:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Two
      ResourceId: !GetAtt Two.RootResourceId
      HttpMethod: GET
      AuthorizationType: NONE
      Integration: {Type: MOCK}
"""
GRAPHQL = """\
Resources:
  Api: {Type: AWS::AppSync::GraphQLApi, Properties: {Name: shop, AuthenticationType: API_KEY}}
  Schema:
    Type: AWS::AppSync::GraphQLSchema
    Properties: {ApiId: !GetAtt Api.ApiId, Definition: "type Query { a: String }"}
"""
TWICE = """\
openapi: "3.0.1"
info: {title: twice, version: "1"}
paths:
  /a-b: {get: {responses: {}, x-amazon-apigateway-integration: {type: mock}}}
  /a_b: {get: {responses: {}, x-amazon-apigateway-integration: {type: mock}}}
"""


def client(file: Path) -> str:
    with zipfile.ZipFile(file) as archive:
        return archive.read("apiGateway-js-sdk/apigClient.js").decode()


def test_the_client_calls_where_run_serves_the_api(call: Call, project: Path, tmp_path: Path) -> None:
    """The bindings give the API the stage `live`."""
    file = tmp_path / "sdk.zip"
    result = call("sdk", project, "-o", file)
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr == f"{file}: greetings in JavaScript, for http://127.0.0.1:8080/greetings/live\n"
    assert '"http://127.0.0.1:8080/greetings/live"' in client(file)


def test_another_address_may_be_given(call: Call, project: Path, tmp_path: Path) -> None:
    file = tmp_path / "sdk.zip"
    assert call("sdk", project, "-o", file, "--url", "https://api.example.com/v1/").exit_code == 0
    assert '"https://api.example.com/v1"' in client(file)


def test_json_says_what_was_made(call: Call, project: Path, tmp_path: Path) -> None:
    file = tmp_path / "sdk.zip"
    assert json.loads(call("sdk", project, "-o", file, "--json").stdout) == {
        "api": "greetings",
        "stage": "live",
        "type": "javascript",
        "url": "http://127.0.0.1:8080/greetings/live",
        "file": str(file),
        "methods": [
            {"names": ["helloNameGet"], "method": "GET", "path": "/hello/{name}"},
            {"names": ["predictPost"], "method": "POST", "path": "/predict"},
        ],
        "notes": [],
    }


def test_one_of_several_apis_is_named(call: Call, tmp_path: Path) -> None:
    (tmp_path / "template.yaml").write_text(TWO)
    assert call("sdk", tmp_path, "--api", "second", "-o", tmp_path / "sdk.zip").exit_code == 0
    assert '"http://127.0.0.1:8080/second/prod"' in client(tmp_path / "sdk.zip")


def test_notes_go_to_standard_error(call: Call, tmp_path: Path) -> None:
    (tmp_path / "openapi.yaml").write_text(TWICE)
    result = call("sdk", tmp_path / "openapi.yaml", "-o", tmp_path / "sdk.zip")
    assert result.exit_code == 0
    assert "note: another method has the name aBGet; GET /a_b is aBGet2\n" in result.stderr


def test_no_call_leaves_the_stage(call: Call, tmp_path: Path) -> None:
    """A URL has `..` and `.` taken out (URL Standard, 4.4), and would be one of another API then."""
    (tmp_path / "openapi.yaml").write_text(TWICE.replace("/a_b", "/../../a_b").replace("/a-b", "/..a/b..c"))
    result = call("sdk", tmp_path / "openapi.yaml", "-o", tmp_path / "sdk.zip")
    assert "note: GET /../../a_b has dot segments, which every URL has taken out; it is left out\n" in result.stderr
    assert '"path":"/..a/b..c"' in client(tmp_path / "sdk.zip")
    assert "a_b" not in client(tmp_path / "sdk.zip")


@pytest.mark.parametrize(
    ("template", "arguments", "text"),
    [
        (TWO, ("-o", "sdk.zip"), "defines several APIs: first one ("),
        (TWO, ("-o", "sdk.zip", "--api", "third"), "defines no API 'third'; there are first one, second"),
        (
            TWO,
            ("-o", "sdk.zip", "--api", "first one"),
            "note: GET / has no integration; it is left out\nerror: the API first one has no method that a client",
        ),
        (GRAPHQL, ("-o", "sdk.zip"), "defines no API of API Gateway, but of appsync; of those no SDK is made"),
        (TWO, ("--api", "second", "-o", "missing/sdk.zip"), "cannot be written: No such file or directory"),
        (TWO, ("--api", "second", "-o", "."), "cannot be written: Is a directory"),
    ],
)
def test_what_no_sdk_is_made_of(
    call: Call,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    template: str,
    arguments: tuple[str, ...],
    text: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("template.yaml").write_text(template)
    result = call("sdk", ".", *arguments)
    assert (result.exit_code, result.stdout) == (1, "")
    assert text in result.stderr
    assert "Traceback" not in result.stderr
    assert not Path("sdk.zip").exists()


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        ((), "Missing option '-o'"),
        (("-o", "sdk.zip", "--type", "ruby"), "no SDK is made for 'ruby'; there is javascript. Generators for other"),
        (("-o", "sdk.zip", "--url", "localhost:8080"), "'localhost:8080' is no address of an API: write http://"),
    ],
)
def test_wrong_usage(call: Call, project: Path, arguments: tuple[str, ...], text: str) -> None:
    result = call("sdk", project, *arguments)
    assert result.exit_code == 2
    assert text in " ".join(result.stderr.split())
