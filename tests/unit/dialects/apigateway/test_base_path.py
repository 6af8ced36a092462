"""A document as the body of an API's resource: where it is found, and what becomes of its base path.

Expected values: API Gateway, "OpenAPI basePath property" (its example: `/a/b/c` with the paths `/e` and `/f`);
CloudFormation Template Reference, "AWS::ApiGateway::RestApi"; pulumi-aws, `RestApi` and `RestApiPut`.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from inferway.dialects.apigateway.reader import read
from inferway.faults import Place
from inferway.formats.resources import LOCAL_PATH, OnePlace, Resource, ResourceGraph


def document(**parts: Any) -> dict[str, Any]:
    get = {
        "responses": {},
        "x-amazon-apigateway-integration": {"type": "http_proxy", "httpMethod": "GET", "uri": "https://e"},
    }
    return {"info": {"title": "A"}, "paths": {"/e": {"get": get}, "/f": {"get": get}}, **parts}  # fmt: skip


SWAGGER = document(swagger="2.0", basePath="/a/b/c")
SERVER = {"url": "https://h/{basePath}", "variables": {"basePath": {"default": "a/b/c"}}}
OPENAPI = document(openapi="3.0.1", servers=[SERVER])


def paths(*resources: Resource) -> tuple[list[str], list[str]]:
    (api,), findings = read(ResourceGraph(resources=resources))
    return [route.path for route in api.routes], [finding.code for finding in findings]


def declare(kind: str, folder: str = "", **properties: Any) -> Resource:
    place = OnePlace(Place(file=f"{folder}/program"))
    return Resource(type=kind, name="a", id="abc", properties=properties, places=place)


@pytest.mark.parametrize("body", [SWAGGER, OPENAPI], ids=["swagger", "openapi"])
@pytest.mark.parametrize(
    ("parameters", "expected", "codes"),
    [
        ({}, ["/e", "/f"], ["ignored-base-path"]),
        ({"basepath": "ignore", "endpointConfigurationTypes": "REGIONAL"}, ["/e", "/f"], ["ignored-base-path"]),
        ({"basepath": "prepend"}, ["/a/b/c/e", "/a/b/c/f"], []),
        ({"basepath": "split"}, ["/b/c/e", "/b/c/f"], []),
        ({"basepath": "other"}, ["/e", "/f"], ["bad-base-path", "ignored-base-path"]),
        ({"other": "x"}, ["/e", "/f"], ["unknown-property", "ignored-base-path"]),
    ],
)
def test_the_base_path_is_ignored_prepended_or_split(
    body: dict[str, Any], parameters: dict[str, str], expected: list[str], codes: list[str]
) -> None:
    made = declare("AWS::ApiGateway::RestApi", Name="A", Body=body, Parameters=parameters)
    assert paths(made) == (expected, codes)


def test_a_body_may_be_a_text(tmp_path: Path) -> None:
    made = declare(
        "aws:apigateway/restApi:RestApi", name="A", body=json.dumps(SWAGGER), parameters={"basepath": "prepend"}
    )
    assert paths(made) == (["/a/b/c/e", "/a/b/c/f"], [])  # fmt: skip


@pytest.mark.parametrize("location", ["api.json", {"Bucket": "b", "Key": "k", LOCAL_PATH: "api.json"}])
def test_a_body_may_lie_in_a_file_here(tmp_path: Path, location: object) -> None:
    (tmp_path / "api.json").write_text(json.dumps(document(openapi="3.0.1")), "utf-8")
    made = declare("AWS::ApiGateway::RestApi", str(tmp_path), Name="A", BodyS3Location=location)
    assert paths(made) == (["/e", "/f"], [])


def test_a_body_in_the_cloud_is_an_error() -> None:
    made = declare("AWS::ApiGateway::RestApi", Name="A", BodyS3Location={"Bucket": "b", "Key": "k"})
    assert paths(made) == ([], ["unserved-property"])


def test_a_document_may_be_put_into_an_api() -> None:
    api = declare("aws:apigateway/restApi:RestApi", name="A")
    put = declare(
        "aws:apigateway/restApiPut:RestApiPut", restApiId="abc", body=json.dumps(OPENAPI), failOnWarnings=True
    )
    assert paths(api, put) == (["/e", "/f"], ["ignored-base-path"])  # fmt: skip
