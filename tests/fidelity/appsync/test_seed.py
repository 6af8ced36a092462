"""The first seed's program: AppSync in front of a Lambda function (its resources as the program declares them)."""

import json
from typing import Any

SCHEMA = """
schema { query: Query }
type Query {
  predictImageLabel(image: String!): String
}
"""
FUNCTION = "arn:aws:lambda:us-east-1:000000000000:function:predict-image-label"
REQUEST = """{
  "version": "2017-02-28",
  "operation": "Invoke",
  "payload": { "image": $util.toJson($context.arguments.image) }
}"""


def program(build: Any) -> list[Any]:
    api, key = build.api(SCHEMA)
    return [
        api,
        build.source(
            "exampleDataSource",
            "AWS_LAMBDA",
            lambdaConfig={"functionArn": FUNCTION},
            serviceRoleArn="arn:aws:iam::000000000000:role/appsync-invoke-lambda",
        ),
        build.resolver("Query.predictImageLabel", REQUEST, dataSource=build.Ref("exampleDataSource", "name")),
        key,
    ]


def test_an_image_becomes_a_label(build: Any, serve: Any) -> None:
    lab = serve(program(build), {FUNCTION: build.replying("seven")})
    answer = lab.ask("query Label($image: String!) { predictImageLabel(image: $image) }", {"image": "aGVsbG8="})
    assert (answer.status, answer.json) == (200, {"data": {"predictImageLabel": "seven"}})
    assert json.loads(lab.calls[0].body) == {"image": "aGVsbG8="}
    assert answer.headers["content-type"] == "application/json;charset=UTF-8"
    assert lab.codes() == []


def test_the_address_and_the_key_that_it_exports(build: Any, serve: Any) -> None:
    lab = serve(program(build), {FUNCTION: build.replying("seven")})
    outputs = {resource.name: resource.attributes for resource in lab.graph.resources}
    assert outputs["exampleApi"]["uris"]["GRAPHQL"] == "http://127.0.0.1:8080/example-api/graphql"
    assert (lab.api.slug, lab.api.base) == ("example-api", "")
    assert lab.ask("{ __typename }", key=outputs["key"]["key"]).data == {"__typename": "Query"}
    assert len(lab.graph.resources[0].id) == 26
