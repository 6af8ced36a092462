"""`inferway export`."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result

from inferway.convert import load

Call = Callable[..., Result]

TWO = """\
Resources:
  One: {Type: AWS::ApiGateway::RestApi, Properties: {Name: first one}}
  Two: {Type: AWS::ApiGateway::RestApi, Properties: {Name: second}}
"""
GRAPHQL = """\
Resources:
  Api: {Type: AWS::AppSync::GraphQLApi, Properties: {Name: shop, AuthenticationType: API_KEY}}
  Schema:
    Type: AWS::AppSync::GraphQLSchema
    Properties: {ApiId: !GetAtt Api.ApiId, Definition: "type Query { a: String }"}
"""


def test_the_document_goes_to_standard_output(call: Call, project: Path) -> None:
    result = call("export", project)
    document = json.loads(result.stdout)
    assert result.exit_code == 0
    assert document["openapi"] == "3.0.1"
    assert list(document["paths"]) == ["/hello/{name}", "/predict"]
    assert "x-amazon-apigateway-integration" not in result.stdout


def test_the_first_stage_stands_in_the_address(call: Call, project: Path) -> None:
    """The bindings give the API the stage `live`."""
    (server,) = json.loads(call("export", project).stdout)["servers"]
    assert server["variables"]["basePath"]["default"] == "/live"


def test_a_type_and_extensions_may_be_asked_for(call: Call, project: Path) -> None:
    result = call("export", project, "--type", "swagger", "--extensions", "integrations, authorizers")
    document = json.loads(result.stdout)
    assert document["swagger"] == "2.0"
    assert document["basePath"] == "/live"
    assert document["paths"]["/predict"]["post"]["x-amazon-apigateway-integration"]["type"] == "aws"


@pytest.mark.parametrize(
    ("name", "head"), [("api.yaml", 'openapi: "3.0.1"'), ("api.yml", "openapi"), ("api.json", "{")]
)
def test_a_file_is_written_as_its_ending_says(call: Call, project: Path, tmp_path: Path, name: str, head: str) -> None:
    file = tmp_path / name
    result = call("export", project, "--extensions", "apigateway", "-o", file)
    assert (result.exit_code, result.stdout) == (0, "")
    assert file.read_text().startswith(head)
    (api,) = load(file).definitions
    assert api.name == "greetings"


def test_the_syntax_may_be_named(call: Call, project: Path, tmp_path: Path) -> None:
    assert call("export", project, "--as", "yaml").stdout.startswith("openapi:")
    file = tmp_path / "api.yaml"
    assert call("export", project, "--as", "json", "-o", file).exit_code == 0
    assert file.read_text().startswith("{")


def test_json_has_the_document_and_the_notes(call: Call, tmp_path: Path) -> None:
    (tmp_path / "template.yaml").write_text(TWO + "  Key: {Type: AWS::ApiGateway::ApiKey}\n")
    result = call("export", tmp_path, "--api", "second", "--json")
    made = json.loads(result.stdout)
    assert (made["api"], made["stage"], made["notes"]) == ("second", "prod", [])
    assert made["document"]["info"]["title"] == "second"


def test_notes_go_to_standard_error(call: Call, tmp_path: Path) -> None:
    (tmp_path / "template.yaml").write_text(
        TWO + "  Model: {Type: AWS::ApiGateway::Model, Properties: {RestApiId: !Ref Two, Name: M, "
        "ContentType: application/json, Schema: {type: array, minItems: 1}}}\n"
    )
    result = call("export", tmp_path, "--api", "second")
    assert "note: an import drops minItems of the model M\n" in result.stderr


@pytest.mark.parametrize("name", ["second", "first one", "first-one"])
def test_one_of_several_apis_is_named(call: Call, tmp_path: Path, name: str) -> None:
    (tmp_path / "template.yaml").write_text(TWO)
    assert json.loads(call("export", tmp_path, "--api", name).stdout)["info"]["title"] == name.replace("-", " ")


@pytest.mark.parametrize(
    ("template", "arguments", "text"),
    [
        (TWO, (), "defines several APIs: first one ("),
        (TWO, ("--api", "third"), "defines no API 'third'; there are first one, second"),
        (GRAPHQL, (), "defines no API of API Gateway, but of appsync; those are not exported as OpenAPI"),
        ("Resources: {Role: {Type: AWS::IAM::Role, Properties: {AssumeRolePolicyDocument: {}}}}", (), "defines no API"),
        (TWO, ("--api", "second", "-o", "missing/api.json"), "cannot be written: No such file or directory"),
        (TWO, ("--api", "second", "-o", "."), "cannot be written: Is a directory"),
    ],
)
def test_what_cannot_be_exported(
    call: Call,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    template: str,
    arguments: tuple[str, ...],
    text: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("template.yaml").write_text(template)
    result = call("export", ".", *arguments)
    assert (result.exit_code, result.stdout) == (1, "")
    assert text in result.stderr
    assert "Traceback" not in result.stderr


def test_a_definition_with_errors_is_not_exported(call: Call, project: Path) -> None:
    definition = project / "openapi.yaml"
    definition.write_text(definition.read_text().replace("type: mock", "type: moch"))
    result = call("export", project)
    assert (result.exit_code, result.stdout) == (1, "")
    assert "[integration-type]" in result.stderr


def test_an_unknown_stage_is_refused(call: Call, project: Path) -> None:
    result = call("export", project, "--stage", "prod")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "the API greetings has no stage 'prod'; there are live" in result.stderr


def test_a_folder_of_projects_names_them(call: Call, project: Path, tmp_path: Path) -> None:
    (tmp_path / "inferway.toml").write_text('projects = ["project"]\n')
    result = call("export", tmp_path)
    assert result.exit_code == 1
    assert "joins projects; name one of them: " in result.stderr
    assert str(project) in result.stderr


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (("--type", "oas31"), "Invalid value for '--type'"),
        (("--extensions", "postman"), "no extension has the name 'postman'; there are integrations"),
        (("--as", "toml"), "Invalid value for '--as'"),
    ],
)
def test_wrong_usage(call: Call, project: Path, arguments: tuple[str, ...], text: str) -> None:
    result = call("export", project, *arguments)
    assert result.exit_code == 2
    assert text in " ".join(result.stderr.split())
