"""Expected values: AWS CLI, "cloudformation package"; what it uploads stands here as a path."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

ReadTemplate = Callable[..., Any]


def one(kind: str, properties: str, metadata: str = "{}") -> str:
    return f"Resources:\n  R:\n    Type: {kind}\n    Properties: {properties}\n    Metadata: {metadata}\n"


@pytest.mark.parametrize(
    ("kind", "path"),
    [
        ("AWS::ApiGateway::RestApi", ("BodyS3Location",)),
        ("AWS::AppSync::FunctionConfiguration", ("CodeS3Location",)),
        ("AWS::AppSync::FunctionConfiguration", ("RequestMappingTemplateS3Location",)),
        ("AWS::AppSync::FunctionConfiguration", ("ResponseMappingTemplateS3Location",)),
        ("AWS::AppSync::GraphQLSchema", ("DefinitionS3Location",)),
        ("AWS::AppSync::Resolver", ("CodeS3Location",)),
        ("AWS::AppSync::Resolver", ("RequestMappingTemplateS3Location",)),
        ("AWS::AppSync::Resolver", ("ResponseMappingTemplateS3Location",)),
        ("AWS::CodeCommit::Repository", ("Code", "S3")),
        ("AWS::ElasticBeanstalk::ApplicationVersion", ("SourceBundle",)),
        ("AWS::Glue::Job", ("Command", "ScriptLocation")),
        ("AWS::Lambda::Function", ("Code",)),
        ("AWS::Lambda::LayerVersion", ("Content",)),
        ("AWS::StepFunctions::StateMachine", ("DefinitionS3Location",)),
    ],
)
def test_a_local_path_is_found_beside_the_template(
    read_template: ReadTemplate, tmp_path: Path, kind: str, path: tuple[str, ...]
) -> None:
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "thing").write_text("x", "utf-8")
    properties: Any = "./src/thing"
    for name in reversed(path):
        properties = {name: properties}
    read = read_template(one(kind, json.dumps(properties)))
    assert read.codes == []
    value: Any = read.graph.resources[0].properties
    for name in path:
        value = value[name]
    assert value == {"LocalPath": str(tmp_path / "src" / "thing")}
    assert read.graph.resources[0].places.find(*path).line == 4
    is_document = path[-1].endswith("Location")
    assert read.graph.files[1:] == ((tmp_path / "src" / "thing",) if is_document else ())


def test_a_folder_and_an_absolute_path(read_template: ReadTemplate, tmp_path: Path) -> None:
    (tmp_path / "src").mkdir()
    for written in ("src", "./src/", "../" + tmp_path.name + "/src", str(tmp_path / "src")):
        read = read_template(one("AWS::Lambda::Function", json.dumps({"Code": written})))
        assert (read.codes, read.graph.resources[0].properties) == ([], {"Code": {"LocalPath": str(tmp_path / "src")}})
    assert [path.name for path in read.graph.files] == ["t.yaml"]


@pytest.mark.parametrize(
    ("kind", "properties"),
    [
        ("AWS::Lambda::Function", {"Code": {"ZipFile": "x"}}),
        ("AWS::Lambda::Function", {"Code": {"S3Bucket": "b", "S3Key": "k"}}),
        ("AWS::AppSync::GraphQLSchema", {"DefinitionS3Location": "s3://b/schema.graphql"}),
        ("AWS::Glue::Job", {"Command": "text"}),
        ("AWS::Glue::Job", {"Command": {"ScriptLocation": "s3://b/x.py"}}),
        ("AWS::Other::Thing", {"Code": "./src"}),
        ("AWS::ApiGateway::RestApi", {"BodyS3Location": {"Bucket": "b", "Key": "k"}}),
        ("AWS::ApiGateway::RestApi", {"BodyS3Location": ""}),
    ],
)
def test_what_names_no_local_path_stays(read_template: ReadTemplate, kind: str, properties: dict[str, Any]) -> None:
    read = read_template(one(kind, json.dumps(properties)))
    assert (read.codes, read.graph.resources[0].properties) == ([], properties)


def test_a_path_that_leads_nowhere_is_an_error_at_its_place(read_template: ReadTemplate) -> None:
    read = read_template(one("AWS::Lambda::Function", "{Code: ./source}"))
    assert (read.codes, read.graph.resources[0].properties) == (["no-such-file"], {"Code": "./source"})
    assert "'./source'" in read.texts
    assert (read.findings[0].place.line, read.findings[0].place.column) == (4, len("    Properties: {Code: ") + 1)


def test_a_path_may_be_made_by_functions(read_template: ReadTemplate, tmp_path: Path) -> None:
    (tmp_path / "dev.yaml").write_text("x", "utf-8")
    read = read_template(one("AWS::ApiGateway::RestApi", "{BodyS3Location: !Sub '${AWS::StackName}.yaml'}"))
    assert read.graph.resources[0].properties == {"BodyS3Location": {"LocalPath": str(tmp_path / "dev.yaml")}}
    read = read_template(one("AWS::Lambda::Function", "{Code: !Ref Nobody}"))
    assert read.codes == ["undefined-name"]


def test_metadata_of_the_cdk_says_where_an_asset_is(read_template: ReadTemplate, tmp_path: Path) -> None:
    (tmp_path / "asset.1").mkdir()
    metadata = "{'aws:asset:path': asset.1, 'aws:asset:property': Code}"
    read = read_template(one("AWS::Lambda::Function", "{Code: {S3Bucket: b, S3Key: 1.zip}}", metadata))
    code = read.graph.resources[0].properties["Code"]
    assert code == {"S3Bucket": "b", "S3Key": "1.zip", "LocalPath": str(tmp_path / "asset.1")}
    read = read_template(one("AWS::Lambda::Function", "{Code: {S3Bucket: b}}", metadata.replace("asset.1", "asset.2")))
    assert (read.codes, read.graph.resources[0].properties) == ([], {"Code": {"S3Bucket": "b"}})


def test_a_document_is_no_folder(read_template: ReadTemplate, tmp_path: Path) -> None:
    (tmp_path / "src").mkdir()
    read = read_template(one("AWS::ApiGateway::RestApi", "{BodyS3Location: ./src}"))
    assert (read.codes, "there is no file './src'" in read.texts) == (["no-such-file"], True)
