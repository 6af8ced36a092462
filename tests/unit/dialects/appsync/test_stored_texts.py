"""Schemas and templates that stand in files beside a CloudFormation template, as its `package` command takes them."""

from pathlib import Path

from inferway.convert import Conversion, load
from inferway.definition.steps import EvaluateTemplate, ExecuteGraphql
from inferway.definition.traversal import every_step

TEMPLATE = """
Resources:
  Api: {Type: "AWS::AppSync::GraphQLApi", Properties: {Name: movies, AuthenticationType: API_KEY}}
  Schema:
    Type: AWS::AppSync::GraphQLSchema
    Properties: {ApiId: !GetAtt Api.ApiId, DefinitionS3Location: schema.graphql}
  Key: {Type: "AWS::AppSync::ApiKey", Properties: {ApiId: !GetAtt Api.ApiId, Expires: 1900000000}}
  None:
    Type: AWS::AppSync::DataSource
    Properties: {ApiId: !GetAtt Api.ApiId, Name: none, Type: NONE}
  Resolver:
    Type: AWS::AppSync::Resolver
    Properties:
      ApiId: !GetAtt Api.ApiId
      TypeName: Query
      FieldName: hello
      DataSourceName: !GetAtt None.Name
      RequestMappingTemplateS3Location: request.vtl
      ResponseMappingTemplateS3Location: response.vtl
"""


def written(folder: Path, **files: str) -> Conversion:
    (folder / "template.yaml").write_text(TEMPLATE, "utf-8")
    for name, text in files.items():
        (folder / name.replace("_", ".")).write_text(text, "utf-8")
    return load(folder / "template.yaml")


def test_they_are_read(tmp_path: Path) -> None:
    request, response = '{"version": "2018-05-29", "payload": "hello"}', "$util.toJson($ctx.result)"
    conversion = written(
        tmp_path, schema_graphql="type Query { hello: String }", request_vtl=request, response_vtl=response
    )
    assert [finding.text for finding in conversion.findings] == []
    (api,) = conversion.definitions
    (execute,) = (step for step in every_step(api.routes[0].pipeline) if isinstance(step, ExecuteGraphql))
    assert execute.schema == "type Query { hello: String }"
    (field,) = execute.fields
    templates = [step.template.text for step in every_step(field.pipeline) if isinstance(step, EvaluateTemplate)]
    assert templates == [request, response]


def test_a_mistake_points_into_the_file(tmp_path: Path) -> None:
    conversion = written(
        tmp_path,
        schema_graphql="type Query {\n  hello: Strin\n}",
        request_vtl="{}",
        response_vtl="x",
    )
    (finding,) = conversion.findings
    assert (finding.place.file, finding.place.line) == (str(tmp_path / "schema.graphql"), 2)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    conversion = written(tmp_path, schema_graphql="type Query { hello: String }", request_vtl="{}")
    assert any("response.vtl" in finding.text for finding in conversion.findings)
    assert all(finding.place.line for finding in conversion.findings)
