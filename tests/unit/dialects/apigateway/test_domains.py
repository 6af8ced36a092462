"""Which domains lead to an API.

Expected values: CloudFormation Template Reference, "AWS::ApiGateway::BasePathMapping" and its V2; API Gateway, "Invoke
REST APIs in API Gateway".
"""

from pathlib import Path

import pytest

from inferway.definition.api import Host
from inferway.dialects.apigateway import provisioning
from inferway.dialects.apigateway.reader import read
from inferway.formats import cloudformation
from inferway.formats.resources import Environment

HEAD = """\
Resources:
  Api: {Type: 'AWS::ApiGateway::RestApi', Properties: {Name: a, DisableExecuteApiEndpoint: true}}
  Get:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Api
      ResourceId: !GetAtt Api.RootResourceId
      HttpMethod: GET
      Integration: {Type: HTTP_PROXY, IntegrationHttpMethod: GET, Uri: 'https://example.com'}
  Stage: {Type: 'AWS::ApiGateway::Stage', Properties: {RestApiId: !Ref Api, StageName: live}}
  Domain: {Type: 'AWS::ApiGateway::DomainName', Properties: {DomainName: API.example.com, CertificateArn: arn}}
  Private: {Type: 'AWS::ApiGateway::DomainNameV2', Properties: {DomainName: p.example.com, CertificateArn: arn}}
"""


def mapping(properties: str, name: str = "Mapping", kind: str = "BasePathMapping") -> str:
    given = f"{{RestApiId: !Ref Api, {properties}}}"
    return f"  {name}: {{Type: 'AWS::ApiGateway::{kind}', Properties: {given}}}\n"


def hosts(text: str, folder: Path) -> tuple[tuple[Host, ...], list[str]]:
    file = folder / "template.yaml"
    file.write_text(text, "utf-8")
    graph, found = cloudformation.read(file, Environment(), provisioning.provision)
    (api,), findings = read(graph)
    return api.hosts, [finding.code for finding in (*found, *findings)]


@pytest.mark.parametrize(
    ("properties", "kind", "expected"),
    [
        ("DomainName: !Ref Domain, BasePath: v1, Stage: live", "BasePathMapping", ("api.example.com", "v1", "live")),
        ("DomainName: !Ref Domain, Stage: !Ref Stage", "BasePathMapping", ("api.example.com", "", "live")),
        ("DomainName: !Ref Domain, BasePath: (none)", "BasePathMapping", ("api.example.com", "", "")),
        ("DomainName: '*.example.com', BasePath: a", "BasePathMapping", ("*.example.com", "a", "")),
        ("DomainNameArn: !Ref Private, BasePath: p", "BasePathMappingV2", ("p.example.com", "p", "")),
    ],
)  # fmt: skip
def test_a_mapping_names_a_domain_a_base_path_and_a_stage(
    tmp_path: Path, properties: str, kind: str, expected: tuple[str, str, str]
) -> None:
    name, base, stage = expected
    found, codes = hosts(HEAD + mapping(properties, kind=kind), tmp_path)
    assert found == (Host(name=name, base=base, stage=stage),)
    assert codes == ["unserved-property"]  # the endpoint that is disabled


def test_an_api_has_a_domain_of_its_own_unless_that_is_disabled(tmp_path: Path) -> None:
    ((own,), codes) = hosts(HEAD.replace("DisableExecuteApiEndpoint: true", "Description: d"), tmp_path)
    assert codes == []
    assert own.name.endswith(".execute-api.us-east-1.amazonaws.com")
    assert (len(own.name.partition(".")[0]), own.base, own.stage) == (10, "", "")


def test_a_base_path_that_is_mapped_twice_and_a_domain_that_is_none_are_errors(tmp_path: Path) -> None:
    twice = mapping("DomainName: a.example.com, BasePath: v") + mapping(
        "DomainName: A.example.com, BasePath: /v", name="Other"
    )
    assert "duplicate-base-path" in hosts(HEAD + twice, tmp_path)[1]
    assert "bad-domain" in hosts(HEAD + mapping("BasePath: v"), tmp_path)[1]


def test_a_mapping_to_a_stage_that_is_not_there_is_reported(tmp_path: Path) -> None:
    assert "unknown-stage" in hosts(HEAD + mapping("DomainName: a.example.com, Stage: other"), tmp_path)[1]
