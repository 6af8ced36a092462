"""What stands beside a document that is exported, in Pulumi's spelling and CloudFormation's."""

import json
from typing import Any

import pytest

from inferway.dialects.apigateway.export.document import export
from inferway.dialects.apigateway.export.exportable import Exportable, exportables
from inferway.dialects.apigateway.export.options import ExportOptions
from inferway.faults import Place
from inferway.formats.resources import OnePlace, Resource, ResourceGraph

ARN = "arn:aws:execute-api:eu-west-1:123456789012:api"
HERE = OnePlace(Place(file="p.py", line=3))
BODY = {
    "openapi": "3.0.1",
    "info": {"title": "shop", "version": "1"},
    "paths": {},
    "x-amazon-apigateway-documentation": {
        "documentationParts": [{"location": {"type": "API"}, "properties": {"info": {"description": "of info"}}}]
    },
}
PART = {"type": "METHOD", "path": "/", "method": "GET"}
SAID = json.dumps({"summary": "s"})


def resource(kind: str, identifier: str, /, **properties: object) -> Resource:
    return Resource(
        type=kind, name=identifier, id=identifier, properties=properties, places=HERE, attributes={"executionArn": ARN}
    )


def pulumi() -> tuple[Resource, ...]:
    return (
        resource(
            "aws:apigateway/restApi:RestApi",
            "api",
            name="shop",
            body=json.dumps(BODY),
            tags={"owner": "me"},
        ),
        resource(
            "aws:apigateway/documentationPart:DocumentationPart",
            "part",
            restApiId="api",
            location=PART,
            properties=SAID,
        ),
        resource("aws:apigateway/documentationVersion:DocumentationVersion", "v", restApiId="api", version="1.2"),
        resource(
            "aws:apigateway/stage:Stage",
            "stage",
            restApi="api",
            stageName="live",
            deployment="d",
            documentationVersion="",
        ),
        resource("aws:apigateway/requestValidator:RequestValidator", "v1", restApi="api", name="both"),
        resource("aws:apigateway/requestValidator:RequestValidator", "v2", restApi="api", name="both"),
    )


def cloudformation() -> tuple[Resource, ...]:
    location = {name.capitalize(): value for name, value in PART.items()}
    return (
        resource("AWS::ApiGateway::RestApi", "api", Name="shop", Body=BODY, Tags=[{"Key": "owner", "Value": "me"}]),
        resource("AWS::ApiGateway::DocumentationPart", "part", RestApiId="api", Location=location, Properties=SAID),
        resource("AWS::ApiGateway::DocumentationVersion", "v", RestApiId="api", DocumentationVersion="1.2"),
        resource("AWS::ApiGateway::Stage", "stage", RestApiId="api", StageName="live", DeploymentId="d"),
        resource("AWS::ApiGateway::RequestValidator", "v1", RestApiId="api", Name="both"),
        resource("AWS::ApiGateway::RequestValidator", "v2", RestApiId="api", Name="both"),
    )


def only(resources: tuple[Resource, ...]) -> Exportable:
    (api,) = exportables(ResourceGraph(resources=resources))
    return api


@pytest.mark.parametrize("resources", [pulumi(), cloudformation()], ids=["pulumi", "cloudformation"])
def test_what_stands_beside_a_document(resources: tuple[Resource, ...]) -> None:
    api = only(resources)
    assert (api.id, api.name, api.stages, api.is_imported) == ("api", "shop", ("live",), True)
    assert api.tags == {"owner": "me"}
    assert api.names == {"v1": "both"}, "the second of a name keeps its identifier"
    assert api.left_out == ("stages, with their variables, settings, caches and logs",)


@pytest.mark.parametrize("resources", [pulumi(), cloudformation()], ids=["pulumi", "cloudformation"])
def test_parts_of_resources_come_behind_those_of_the_document(resources: tuple[Resource, ...]) -> None:
    made: dict[str, Any] = export(only(resources), ExportOptions(stage="live")).document
    assert made["info"]["description"] == "of info"
    documentation = made["x-amazon-apigateway-documentation"]
    assert documentation["version"] == "1.2"
    assert [part["location"] for part in documentation["documentationParts"]] == [{"type": "API"}, PART]


def test_the_region_is_the_api_s_own() -> None:
    assert only(pulumi()).host == "api.execute-api.eu-west-1.amazonaws.com"
