"""What is reported of AWS resources beside the APIs, and what is not."""

from collections.abc import Mapping

import pytest

from inferway.dialects.aws_resources.coverage import COVERAGE
from inferway.dialects.aws_resources.provisioning import TYPES
from inferway.dialects.aws_resources.reader import read
from inferway.faults import Finding, Findings, Place
from inferway.formats.resources import Coverage, OnePlace, Resource, ResourceGraph


def graph(*kinds: str, properties: Mapping[str, object] | None = None) -> ResourceGraph:
    place = OnePlace(Place(file="t", line=4))
    resources = (Resource(type=kind, name="Thing", properties=properties or {}, places=place) for kind in kinds)
    return ResourceGraph(resources=tuple(resources))


def found(kind: str, properties: Mapping[str, object] | None = None) -> Findings:
    apis, findings = read(graph(kind, properties=properties))
    assert apis == ()
    return findings


@pytest.mark.parametrize(
    "kind",
    [
        *("AWS::IAM::Role", "AWS::IAM::Policy", "AWS::IAM::ManagedPolicy", "aws:iam/role:Role", "aws:iam/user:User"),
        *(
            "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
            "AWS::Logs::LogGroup",
            "aws:cloudwatch/logGroup:LogGroup",
        ),
        *("AWS::Lambda::Function", "aws:lambda/permission:Permission", "AWS::Lambda::Alias", "AWS::DynamoDB::Table"),
        *("AWS::SageMaker::Endpoint", "aws:sagemaker/model:Model", "AWS::SSM::Parameter", "aws:s3/bucketV2:BucketV2"),
        *("AWS::EC2::VPC", "AWS::EC2::TransitGateway", "AWS::CDK::Metadata", "Custom::LogRetention"),
        *("AWS::ApiGatewayV2::Route", "AWS::WAFv2::WebACL", "AWS::WAFv2::WebACLAssociation", "AWS::CloudWatch::Alarm"),
    ],
)
def test_what_is_read_is_not_reported(kind: str) -> None:
    assert found(kind) == ()


@pytest.mark.parametrize(
    ("kind", "severity", "says"),
    [
        ("AWS::ApiGatewayV2::Api", "warning", "declare a REST API"),
        ("aws:apigatewayv2/api:Api", "warning", "declare a REST API"),
        ("AWS::WAFRegional::WebACL", "warning", "let through"),
        ("aws:wafregional/webAcl:WebAcl", "warning", "let through"),
        ("AWS::CloudFront::Distribution", "warning", "call its own address"),
        ("Custom::Whatever", "warning", "not called"),
        ("AWS::CloudFormation::CustomResource", "warning", "not called"),
        ("Custom::CDKBucketDeployment", "warning", "[storage]"),
        ("AWS::Lambda::EventSourceMapping", "note", "queues, streams and tables"),
        ("aws:lambda/eventSourceMapping:EventSourceMapping", "note", "queues, streams and tables"),
        ("aws:dynamodb/tableItem:TableItem", "note", "with a client"),
        ("AWS::SQS::Queue", "note", "no queue"),
        ("AWS::Events::Rule", "note", "no rule or schedule"),
        ("aws:cloudwatch/eventRule:EventRule", "note", "no rule or schedule"),
        ("aws:iam/accessKey:AccessKey", "note", "[identities.NAME]"),
        ("AWS::Lambda::Url", "warning", "a route of an API"),
        ("AWS::SSM::PatchBaseline", "warning", "nothing of it is served"),
        ("aws:waf/webAcl:WebAcl", "warning", "let through"),
    ],
)
def test_what_has_no_effect_is_said_with_what_happens_instead(kind: str, severity: str, says: str) -> None:
    (finding,) = found(kind)
    assert (finding.code, finding.severity, finding.place.line) == ("unserved-resource", severity, 4)
    assert finding.text.startswith(f"Thing of type {kind} has no effect: ")
    assert says in finding.text


@pytest.mark.parametrize(
    ("kind", "properties"),
    [
        ("AWS::DynamoDB::Table", {"ImportSourceSpecification": {"InputFormat": "CSV"}}),
        ("aws:dynamodb/table:Table", {"importTable": {"inputFormat": "CSV"}}),
    ],
)
def test_a_table_with_an_import_starts_empty(kind: str, properties: Mapping[str, object]) -> None:
    (finding,) = found(kind, properties)
    assert (finding.severity, "starts empty" in finding.text) == ("note", True)


def test_an_http_api_is_one_finding() -> None:
    kinds = ("Api", "Route", "Integration", "Stage", "Deployment", "Authorizer", "DomainName", "ApiMapping", "VpcLink")
    _, findings = read(graph(*(f"AWS::ApiGatewayV2::{kind}" for kind in kinds)))
    assert [finding.text.split()[3] for finding in findings] == ["AWS::ApiGatewayV2::Api"]


def test_types_of_other_dialects_are_not_reported() -> None:
    assert found("AWS::ApiGateway::RestApi") == found("AWS::Glue::Job") == found("aws:appsync/api:Api") == ()


def test_every_type_says_what_becomes_of_it() -> None:
    assert set(COVERAGE) == set(TYPES)
    assert all(
        isinstance(coverage, Coverage) and reason and "\n" not in reason for coverage, reason in COVERAGE.values()
    )


def test_what_is_reported_is_what_is_ignored() -> None:
    reported: dict[str, tuple[Finding, ...]] = {kind: found(kind) for kind in TYPES}
    assert {kind for kind, findings in reported.items() if findings} == {
        kind for kind, (coverage, _) in COVERAGE.items() if coverage is Coverage.IGNORED
    }


def test_both_spellings_of_a_function_and_a_table_are_served() -> None:
    served = {kind for kind, (coverage, _) in COVERAGE.items() if coverage is Coverage.SERVED}
    assert {
        *("AWS::Lambda::Function", "aws:lambda/function:Function", "AWS::DynamoDB::Table", "aws:dynamodb/table:Table"),
        *("AWS::Lambda::LayerVersion", "aws:lambda/layerVersion:LayerVersion"),
    } <= served


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("AWS::S3::Bucket", "NotificationConfiguration"),
        ("Custom::S3BucketNotifications", "NotificationConfiguration"),
        ("AWS::Cognito::UserPool", "LambdaConfig"),
        ("aws:cognito/userPool:UserPool", "lambdaConfig"),
    ],
)
def test_functions_that_a_resource_would_call_are_not_called(kind: str, name: str) -> None:
    assert found(kind) == ()
    (finding,) = found(kind, {name: {"PreSignUp": "arn"}})
    assert (finding.code, finding.severity) == ("unserved-event", "note")
    assert "calls no function here" in finding.text
