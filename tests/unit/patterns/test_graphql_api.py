"""GraphqlApi: the resources of each kind of field, and what is refused."""

import json
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from inferway.dialects.appsync import provisioning, reader
from inferway.dialects.aws_resources import provisioning as shared
from inferway.faults import Severity
from inferway.formats.resources import Environment, Provisioned, Resource
from inferway.patterns import GraphqlApi, endpoint, function, given, http, mock, program, table

CFN_LINT: Any = import_module("cfnlint.api")

SCHEMA = """
type Rating { user: ID! movie: ID! rating: Float }
type Movie { id: ID! title: String ratings: [Rating] poster: AWSJSON }
type Query { movie(id: ID!): Movie  predict(user: ID!): AWSJSON  call(x: Int): AWSJSON  all: [Rating] }
type Mutation { rate(user: ID!, movie: ID!, rating: Float): Rating  forget(user: ID!, movie: ID!): Rating }
"""


def provision(resource: Resource, environment: Environment) -> Provisioned | None:
    return provisioning.provision(resource, environment) or shared.provision(resource, environment)


def resources(api: GraphqlApi, kind: str) -> list[dict[str, Any]]:
    made: Any = json.loads(json.dumps(api.to_cloudformation()))["Resources"]
    return [one["Properties"] for one in made.values() if one["Type"] == kind]


def full() -> GraphqlApi:
    ratings = table("ratings", key="user", sort="movie")
    api = GraphqlApi("films", schema=SCHEMA)
    api.query("movie", mock(200, {"id": given.argument("id"), "title": "A $film"}))
    api.query("predict", endpoint("movie-ratings"), request={"instances": [given.argument("user")]})
    api.query("call", function("handler"), request={"x": given.argument("x")}, response="$util.toJson($ctx.result)")
    api.query("all", ratings.scan(limit=3))
    api.field("Movie", "ratings", ratings.query())
    api.field("Movie", "poster", http("https://example.com/posters/{id}?size=1"))
    api.mutation("rate", ratings.put())
    api.mutation("forget", ratings.delete())
    return api


def test_cfn_lint_finds_nothing() -> None:
    found = CFN_LINT.lint(json.dumps(full().to_cloudformation()))
    assert [str(match) for match in found if match.rule.id[0] != "I"] == []


def test_the_reader_serves_all_of_it(tmp_path: Path) -> None:
    text = Path(__file__).read_text().partition("def full()")[2].partition("-> GraphqlApi:")[2]
    body = text.partition("def test_cfn")[0]
    names = "GraphqlApi, endpoint, function, given, http, mock, table"
    file = tmp_path / "api.py"
    (tmp_path / "schema.graphql").write_text(SCHEMA)
    code = f"from inferway.patterns import {names}\n\ndef full():{body}\napi = full()\n"
    file.write_text(code.replace("schema=SCHEMA", "schema='schema.graphql'"))
    graph, findings = program.read(file, Environment(), provision)
    assert findings == ()
    assert graph.files == (file, tmp_path / "schema.graphql")
    (api,), findings = reader.read(graph)
    assert [str(found) for found in findings if found.severity is not Severity.NOTE] == []
    assert api.name == "films"
    lines = file.read_text().splitlines()
    places = {resource.type: resource.places.find().line for resource in graph.resources}
    assert "api.mutation(" in lines[places["AWS::AppSync::Resolver"] - 1]


def test_fields_of_one_table_share_a_source_and_its_role() -> None:
    api = full()
    sources = {one["Name"]: one for one in resources(api, "AWS::AppSync::DataSource")}
    assert sorted(one["Type"] for one in sources.values()) == [
        "AMAZON_DYNAMODB",
        "AWS_LAMBDA",
        "HTTP",
        "HTTP",
        "NONE",
    ]
    roles = resources(api, "AWS::IAM::Role")
    actions = [
        {statement["Action"] for statement in role["Policies"][0]["PolicyDocument"]["Statement"]} for role in roles
    ]
    assert {"dynamodb:Scan", "dynamodb:Query", "dynamodb:PutItem", "dynamodb:DeleteItem"} in actions


def test_a_function_without_templates_gets_the_whole_context() -> None:
    # "Direct Lambda resolvers"
    api = GraphqlApi("films", schema=SCHEMA)
    api.query("call", function("handler"))
    (resolver,) = resources(api, "AWS::AppSync::Resolver")
    assert "RequestMappingTemplate" not in resolver
    assert "ResponseMappingTemplate" not in resolver


def test_a_value_is_a_function_s_payload() -> None:
    api = GraphqlApi("films", schema=SCHEMA)
    api.query("call", function("handler"), request={"x": given.argument("x")})
    (resolver,) = resources(api, "AWS::AppSync::Resolver")
    wanted = '{"version": "2018-05-29", "operation": "Invoke", "payload": {"x": $util.toJson($ctx.args.x)}}'
    assert resolver["RequestMappingTemplate"] == wanted


def test_a_model_is_asked_over_a_signed_address() -> None:
    api = GraphqlApi("films", schema=SCHEMA)
    api.query("predict", endpoint("movie-ratings"))
    (source,) = resources(api, "AWS::AppSync::DataSource")
    signing = source["HttpConfig"]["AuthorizationConfig"]["AwsIamConfig"]
    assert signing == {"SigningRegion": {"Ref": "AWS::Region"}, "SigningServiceName": "sagemaker"}
    (resolver,) = resources(api, "AWS::AppSync::Resolver")
    assert '"resourcePath": "/endpoints/movie-ratings/invocations"' in resolver["RequestMappingTemplate"]
    assert '"body": $util.toJson($ctx.args)' in resolver["RequestMappingTemplate"]


def test_without_a_key_callers_sign() -> None:
    api = GraphqlApi("films", schema=SCHEMA, key=False)
    assert resources(api, "AWS::AppSync::GraphQLApi")[0]["AuthenticationType"] == "AWS_IAM"
    assert resources(api, "AWS::AppSync::ApiKey") == []


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda api: api.query("movie", mock(200)), "has a target already, in line"),
        (lambda api: api.query("a b", mock(200)), "name in a GraphQL schema"),
        (lambda api: api.query("call", "https://example.com"), "is no target"),
        (lambda api: api.query("call", mock(200, [given.path("x")])), "routes of a RestApi"),
        (lambda api: api.query("call", function("f"), request={"a": given.body()}), "routes of a RestApi"),
        (lambda _: GraphqlApi("films", schema="none.graphql"), "there is no schema"),
        (lambda _: GraphqlApi("--", schema=SCHEMA), "name of an API"),
    ],
)
def test_what_no_api_can_be_made_of(make: Any, said: str) -> None:
    api = GraphqlApi("films", schema=SCHEMA)
    api.query("movie", mock(200))
    with pytest.raises(ValueError, match=said):
        make(api)
