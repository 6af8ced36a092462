"""The corrected programs of the seeds; what is expected stands in their text and in the SDKs' documentation."""

import re
from collections.abc import Callable
from typing import Any

from inferway.faults import Findings
from inferway.formats.resources import ResourceGraph

Seed = Callable[[str], tuple[ResourceGraph, Findings]]


def by_name(graph: ResourceGraph) -> dict[str, Any]:
    return {resource.name: resource for resource in graph.resources}


def test_appsync_in_front_of_a_function(seed: Seed) -> None:
    graph, findings = seed("corrected/appsync_lambda")
    assert findings == ()
    made = by_name(graph)
    assert {name: resource.type for name, resource in made.items()} == {
        "exampleApi": "aws:appsync/graphQLApi:GraphQLApi",
        "exampleDataSource": "aws:appsync/dataSource:DataSource",
        "exampleResolver": "aws:appsync/resolver:Resolver",
        "exampleApiKey": "aws:appsync/apiKey:ApiKey",
    }
    source = made["exampleDataSource"].properties
    # Output.secret("…") arrives without its wrapping.
    assert source["lambdaConfig"] == {
        "functionArn": "arn:aws:lambda:us-east-1:000000000000:function:predict-image-label"
    }
    assert source["serviceRoleArn"] == "arn:aws:iam::000000000000:role/appsync-invoke-lambda"
    resolver = made["exampleResolver"].properties
    assert resolver["apiId"] == made["exampleApi"].id == "api1"
    assert resolver["dataSource"] == made["exampleDataSource"].attributes["name"]
    assert resolver["requestTemplate"].startswith('{\n  "version": "2017-02-28"')
    assert resolver["responseTemplate"] == "$util.toJson($context.result)"
    assert {output.name: (output.value, output.secret) for output in graph.outputs} == {
        "graphql_api_url": ("http://127.0.0.1:8080/example/graphql", False),
        "graphql_api_key": ("da2-key", True),
    }


def test_a_resource_has_the_line_of_its_call_and_its_properties_theirs(seed: Seed) -> None:
    graph, _ = seed("corrected/appsync_lambda")
    made = by_name(graph)
    assert made["exampleApi"].places.find().line == 9
    assert made["exampleResolver"].places.find("responseTemplate").line == 39
    assert made["exampleDataSource"].places.find("lambdaConfig", "functionArn").line == 24
    assert [file.name for file in graph.files] == ["program.py"]


def test_appsync_for_model_management(seed: Seed) -> None:
    graph, findings = seed("corrected/appsync_models")
    assert findings == ()
    made = by_name(graph)
    role = made["appsync_iam_role"]
    # https://www.pulumi.com/docs/iac/concepts/resources/names/#autonaming: the name and seven random digits.
    assert re.fullmatch(r"appsync_iam_role-[0-9a-f]{7}", role.attributes["name"])
    attachment = made["appsync-attach"].properties
    assert attachment["role"] == role.attributes["name"]
    assert attachment["policyArn"] == "arn:aws:iam::aws:policy/service-role/AWSAppSyncPushToCloudWatchLogs"
    # No dialect gives the role an ARN here: what depends on it still arrives, and tells where it comes from.
    assert made["graphql_api"].properties["logConfig"] == {
        "cloudwatchLogsRoleArn": "local::appsync_iam_role::arn",
        "fieldLogLevel": "ERROR",
    }


def test_api_management(seed: Seed) -> None:
    graph, findings = seed("corrected/apim")
    assert findings == ()
    made = by_name(graph)
    assert len(made) == 8
    group, service = made["resourceGroup"], made["apimService"]
    assert group.id == "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/my-resource-group"
    assert service.properties["sku"] == {"name": "Consumption", "capacity": 0}
    # The output `name` of an Azure resource is the last part of its path.
    for name in ("backend", "api", "product", "operation", "apiPolicy", "apiToProduct"):
        assert made[name].properties["serviceName"] == "my-api-management-service", name
    assert made["operation"].properties["apiId"] == "ml-model"
    assert made["apiToProduct"].properties["productId"] == "ml-models"
    # `apply` runs: the policy names the backend.
    assert '<set-backend-service backend-id="my-backend" />' in made["apiPolicy"].properties["value"]
    headers = made["operation"].properties["responses"][0]["headers"]
    assert headers[0]["defaultValue"] == "application/json"
    assert [(output.name, output.value) for output in graph.outputs] == [
        ("api_management_service_endpoint", "http://127.0.0.1:8080")
    ]
