"""A GraphQL API of SAM's, its schema and code in files: "AWS::Serverless::GraphQLApi" of the SAM guide."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

API = """\
  Movies:
    Type: AWS::Serverless::GraphQLApi
    Properties:
      SchemaUri: schema.graphql
      Auth: {Type: API_KEY}
      ApiKeys:
        Client: {Description: for clients}
      DataSources:
        DynamoDb:
          Table: {TableName: movies, TableArn: 'arn:aws:dynamodb:us-east-1:1:table/movies'}
        Lambda:
          Model: {FunctionArn: 'arn:aws:lambda:us-east-1:1:function:predict'}
      Functions:
        fetch:
          Runtime: {Name: APPSYNC_JS, Version: 1.0.0}
          DataSource: Table
          CodeUri: fetch.js
      Resolvers:
        Query:
          movie:
            Pipeline: [fetch]
          rating:
            Runtime: {Name: APPSYNC_JS, Version: 1.0.0}
            InlineCode: |
              export function request() { return {} }
              export function response(ctx) { return ctx.prev.result }
            Pipeline: [fetch]
"""
SCHEMA = "type Query {\n  movie(id: ID!): String\n  rating: Int\n}\n"
CODE = "export function request(ctx) {\n  return {};\n}\n"
FILES = {"schema.graphql": SCHEMA, "fetch.js": CODE}


def test_schema_and_code_are_written_in(sam: Callable[..., Any], tmp_path: Path) -> None:
    made = sam(API, files=FILES)
    assert made.findings == []
    assert made.one("AppSync::GraphQLApi").properties["AuthenticationType"] == "API_KEY"
    assert made.one("AppSync::GraphQLSchema").properties["Definition"] == SCHEMA
    assert made.one("AppSync::FunctionConfiguration").properties["Code"] == CODE
    resolvers = {each.properties["FieldName"]: each.properties for each in made.of("AppSync::Resolver")}
    function = made.one("AppSync::FunctionConfiguration").attributes
    assert resolvers["movie"]["Kind"] == "PIPELINE"
    assert function["Arn"] == "arn:Moviesfetch"
    assert "export function response" in resolvers["rating"]["Code"]
    kinds = sorted(source.properties["Type"] for source in made.of("AppSync::DataSource"))
    assert kinds == ["AMAZON_DYNAMODB", "AWS_LAMBDA"]
    assert set(made.graph.files) == {made.path, tmp_path / "schema.graphql", tmp_path / "fetch.js"}


def test_places_lead_into_the_files(sam: Callable[..., Any], tmp_path: Path) -> None:
    made = sam(API, files=FILES)
    schema = made.one("AppSync::GraphQLSchema").places.inside(2, 3, "Definition")
    assert (schema.file, schema.line, schema.column) == (str(tmp_path / "schema.graphql"), 2, 3)
    code = made.one("AppSync::FunctionConfiguration").places.inside(2, 1, "Code")
    assert (code.file, code.line) == (str(tmp_path / "fetch.js"), 2)
    rating = next(each for each in made.of("AppSync::Resolver") if each.properties["FieldName"] == "rating")
    assert rating.places.find().line == made.line("rating:")
    assert rating.places.inside(2, 1, "Code").line == made.line("export function response")
    sources = {each.properties["Name"]: each.places.find().line for each in made.of("AppSync::DataSource")}
    assert sources == {"Table": made.line("Table:"), "Model": made.line("Model:")}
    assert made.one("AppSync::ApiKey").places.find().line == made.line("Client:")


def test_a_file_that_is_not_there_is_said(sam: Callable[..., Any]) -> None:
    made = sam(API, files={"schema.graphql": SCHEMA})
    assert "unreadable" in made.codes
    finding = next(finding for finding in made.findings if finding.code == "unreadable")
    assert (finding.severity, finding.place.line) == ("error", made.line("fetch:"))
    assert "fetch.js" in finding.text
