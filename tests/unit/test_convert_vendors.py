"""From resources to definitions: who is imported, who provisions, which keys and tables are declared."""

import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

from inferway.convert import FORMATS, VENDORS, load, provision
from inferway.definition.bindings import BoundTable
from inferway.faults import Place
from inferway.formats.resources import Environment, OnePlace, Resource

PLACES = OnePlace(Place(file="f", line=1))
OPENAPI = """
openapi: 3.0.1
info: {title: t}
paths:
  /a:
    get:
      responses: {200: {description: ok}}
      x-amazon-apigateway-integration: {type: mock, requestTemplates: {application/json: '{"statusCode": 200}'}}
"""
STACK = """
Parameters: {Value: {Type: String, Default: a-declared-value-of-30-letters}}
Resources:
  Api: {Type: "AWS::ApiGateway::RestApi", Properties: {Name: shop}}
  Method:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Api
      ResourceId: !GetAtt Api.RootResourceId
      HttpMethod: GET
      AuthorizationType: NONE
      ApiKeyRequired: true
      Integration: {Type: MOCK, RequestTemplates: {application/json: '{"statusCode": 200}'}}
  Deployment: {Type: "AWS::ApiGateway::Deployment", DependsOn: Method, Properties: {RestApiId: !Ref Api}}
  Stage:
    Type: AWS::ApiGateway::Stage
    Properties: {RestApiId: !Ref Api, DeploymentId: !Ref Deployment, StageName: v1}
  Key: {Type: "AWS::ApiGateway::ApiKey", Properties: {Name: web, Enabled: true, Value: !Ref Value}}
  Plan:
    Type: AWS::ApiGateway::UsagePlan
    Properties: {ApiStages: [{ApiId: !Ref Api, Stage: !Ref Stage}]}
  Planned:
    Type: AWS::ApiGateway::UsagePlanKey
    Properties: {KeyId: !Ref Key, KeyType: API_KEY, UsagePlanId: !Ref Plan}
  Items:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: items
      AttributeDefinitions: [{AttributeName: id, AttributeType: S}]
      KeySchema: [{AttributeName: id, KeyType: HASH}]
      BillingMode: PAY_PER_REQUEST
"""


def modules_after(code: str) -> set[str]:
    """Give the modules of ours that a fresh interpreter has after some code."""
    code += (
        "\nimport sys; print(*[name for name in sys.modules if name.startswith(('inferway', 'sqlalchemy', 'grpc'))])"
    )
    return set(subprocess.run([sys.executable, "-c", code], capture_output=True, check=True).stdout.decode().split())


def test_a_document_imports_its_format_and_its_dialect_only(tmp_path: Path) -> None:
    """DESIGN.md, "Chosen libraries": import what the deployment uses."""
    (tmp_path / "openapi.yaml").write_text(OPENAPI)
    code = (
        f"from pathlib import Path\nfrom inferway.convert import load\nassert load(Path({str(tmp_path)!r})).definitions"
    )
    loaded = modules_after(code)
    assert "inferway.dialects.apigateway.reader" in loaded
    assert not any(name.startswith(("inferway.dialects.appsync", "inferway.dialects.apim")) for name in loaded)
    assert not any(name.startswith(("sqlalchemy", "grpc", "inferway.languages.graphql")) for name in loaded)


def test_convert_alone_imports_no_format_and_no_dialect() -> None:
    loaded = modules_after("import inferway.convert")
    assert not any(name.startswith(tuple(vendor.package for vendor in VENDORS)) for name in loaded)
    assert not any(module in loaded for module in FORMATS.values())


@pytest.mark.parametrize(
    ("kind", "package"),
    [
        ("AWS::AppSync::GraphQLApi", "inferway.dialects.appsync"),
        ("aws:appsync/graphQLApi:GraphQLApi", "inferway.dialects.appsync"),
        ("AWS::ApiGateway::RestApi", "inferway.dialects.apigateway"),
        ("azure-native:apimanagement:Api", "inferway.dialects.apim"),
        ("AWS::DynamoDB::Table", "inferway.dialects.aws_resources"),
    ],
)
def test_a_type_has_one_owner(kind: str, package: str) -> None:
    assert [vendor.package for vendor in VENDORS if kind.startswith(vendor.claims)] == [package]


def test_nobody_provisions_what_nobody_claims() -> None:
    resource = Resource(type="Other::Thing::X", name="x", properties={}, places=PLACES)
    assert provision(resource, Environment()) is None


def test_a_table_is_provisioned_by_its_owner() -> None:
    """DynamoDB's ARNs: arn:aws:dynamodb:REGION:ACCOUNT:table/NAME."""
    resource = Resource(type="AWS::DynamoDB::Table", name="x", properties={"TableName": "items"}, places=PLACES)
    given = provision(resource, Environment(region="eu-west-1", account="123456789012"))
    assert given is not None
    assert given.id == "items"
    assert given.attributes["Arn"] == "arn:aws:dynamodb:eu-west-1:123456789012:table/items"


def test_the_values_of_declared_keys_and_the_declared_tables(tmp_path: Path) -> None:
    (tmp_path / "template.yaml").write_text(STACK)
    conversion = load(tmp_path / "template.yaml")
    (api,) = conversion.definitions
    (key,) = api.keys
    assert conversion.keys == {key.digest: "a-declared-value-of-30-letters"}
    assert conversion.declared.tables == (BoundTable(name="items", partition_key="id:S"),)
    assert conversion.files == (tmp_path / "template.yaml",)


def test_a_bound_parameter_changes_the_key(tmp_path: Path) -> None:
    (tmp_path / "template.yaml").write_text(STACK)
    place = Environment(parameters={"Value": "another-value-of-some-letters"})
    conversion = load(tmp_path / "template.yaml", None, lambda: place)
    assert list(conversion.keys.values()) == ["another-value-of-some-letters"]


def test_only_formats_with_references_ask_for_the_place(tmp_path: Path) -> None:
    asked: list[str] = []

    def environment() -> Environment:
        asked.append("asked")
        return Environment()

    (tmp_path / "openapi.yaml").write_text(OPENAPI)
    load(tmp_path, None, environment)
    assert asked == []
    (tmp_path / "template.yaml").write_text(STACK)
    load(tmp_path / "template.yaml", None, environment)
    assert asked == ["asked"]


def test_claims_are_those_of_the_dialects() -> None:
    homes = {"apigateway": "reader", "appsync": "reader", "apim": "kinds", "aws_resources": "provisioning"}
    for vendor in VENDORS:
        home = homes[vendor.package.rpartition(".")[2]]
        assert set(vendor.claims) == set(import_module(f"{vendor.package}.{home}").CLAIMS), vendor.package


def test_every_type_that_a_dialect_knows_is_claimed_by_it_alone() -> None:
    for vendor in VENDORS:
        for name in import_module(f"{vendor.package}.coverage").COVERAGE:
            assert [other for other in VENDORS if name.startswith(other.claims)] == [vendor], name
