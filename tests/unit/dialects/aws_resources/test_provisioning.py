"""Expected values: "Return values" of each type in the CloudFormation Template Reference; pulumi-aws's outputs."""

from typing import Any

import pytest

from inferway.dialects.apigateway import provisioning as apigateway
from inferway.dialects.aws_resources.provisioning import CLAIMS, TYPES, provision
from inferway.faults import Place
from inferway.formats.resources import Environment, OnePlace, Provisioned, Resource

ENVIRONMENT = Environment(region="eu-west-1", account="123456789012", stack="s")


def resource(kind: str, **properties: Any) -> Resource:
    return Resource(type=kind, name="Thing", properties=properties, places=OnePlace(Place(file="t", line=4)))


def provisioned(kind: str, **properties: Any) -> Provisioned:
    made = provision(resource(kind, **properties), ENVIRONMENT)
    assert made is not None
    return made


@pytest.mark.parametrize(
    ("kind", "properties", "reference", "attribute", "value"),
    [
        (
            "AWS::Lambda::Function",
            {"FunctionName": "f"},
            "f",
            "Arn",
            "arn:aws:lambda:eu-west-1:123456789012:function:f",
        ),
        ("AWS::IAM::Role", {"RoleName": "r"}, "r", "Arn", "arn:aws:iam::123456789012:role/r"),
        (
            "AWS::IAM::ManagedPolicy",
            {"ManagedPolicyName": "p"},
            "arn:aws:iam::123456789012:policy/p",
            "PolicyArn",
            "arn:aws:iam::123456789012:policy/p",
        ),
        (
            "AWS::Logs::LogGroup",
            {"LogGroupName": "/a/b"},
            "/a/b",
            "Arn",
            "arn:aws:logs:eu-west-1:123456789012:log-group:/a/b:*",
        ),
        ("AWS::DynamoDB::Table", {"TableName": "t"}, "t", "Arn", "arn:aws:dynamodb:eu-west-1:123456789012:table/t"),
        ("AWS::SSM::Parameter", {"Name": "/p", "Type": "String", "Value": "v"}, "/p", "Value", "v"),
        (
            "AWS::SageMaker::Endpoint",
            {"EndpointName": "e"},
            "arn:aws:sagemaker:eu-west-1:123456789012:endpoint/e",
            "EndpointName",
            "e",
        ),
        (
            "AWS::SageMaker::EndpointConfig",
            {"EndpointConfigName": "c"},
            "arn:aws:sagemaker:eu-west-1:123456789012:endpoint-config/c",
            "EndpointConfigName",
            "c",
        ),
        (
            "AWS::Lambda::Version",
            {"FunctionName": "arn:aws:lambda:eu-west-1:123456789012:function:f"},
            "arn:aws:lambda:eu-west-1:123456789012:function:f:1",
            "Version",
            "1",
        ),
    ],
)
def test_cloudformation_s_references_and_attributes(
    kind: str, properties: dict[str, Any], reference: str, attribute: str, value: str
) -> None:
    made = provisioned(kind, **properties)
    assert (made.id, made.attributes[attribute]) == (reference, value)


@pytest.mark.parametrize(
    ("kind", "properties", "identifier", "output", "value"),
    [
        (
            "aws:lambda/function:Function",
            {"name": "f"},
            "f",
            "invokeArn",
            (
                "arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/"
                "arn:aws:lambda:eu-west-1:123456789012:function:f/invocations"
            ),
        ),
        ("aws:iam/role:Role", {"name": "r"}, "r", "arn", "arn:aws:iam::123456789012:role/r"),
        (
            "aws:iam/policy:Policy",
            {"name": "p"},
            "arn:aws:iam::123456789012:policy/p",
            "arn",
            "arn:aws:iam::123456789012:policy/p",
        ),
        ("aws:iam/rolePolicy:RolePolicy", {"name": "p", "role": "r"}, "r:p", "name", "p"),
        (
            "aws:cloudwatch/logGroup:LogGroup",
            {"name": "/l"},
            "/l",
            "arn",
            "arn:aws:logs:eu-west-1:123456789012:log-group:/l",
        ),
        (
            "aws:dynamodb/table:Table",
            {"name": "t"},
            "t",
            "arn",
            "arn:aws:dynamodb:eu-west-1:123456789012:table/t",
        ),
        (
            "aws:sagemaker/endpoint:Endpoint",
            {"name": "e"},
            "e",
            "arn",
            "arn:aws:sagemaker:eu-west-1:123456789012:endpoint/e",
        ),
        (
            "aws:sagemaker/endpointConfiguration:EndpointConfiguration",
            {"name": "e"},
            "e",
            "arn",
            "arn:aws:sagemaker:eu-west-1:123456789012:endpoint-config/e",
        ),
        (
            "aws:ssm/parameter:Parameter",
            {"name": "p"},
            "p",
            "arn",
            "arn:aws:ssm:eu-west-1:123456789012:parameter/p",
        ),
    ],
)
def test_pulumi_s_identifiers_and_outputs(
    kind: str, properties: dict[str, Any], identifier: str, output: str, value: str
) -> None:
    made = provisioned(kind, **properties)
    assert (made.id, made.attributes[output]) == (identifier, value)


def test_names_are_made_as_each_format_makes_them() -> None:
    role = provisioned("AWS::IAM::Role").id
    start, _, ending = role.rpartition("-")
    assert (start, len(ending), ending) == ("s-Thing", 12, ending.upper())
    assert provisioned("AWS::IAM::Role").id == role
    made = provisioned("aws:iam/role:Role")
    assert (made.id, made.id.startswith("Thing-"), len(made.id)) == (made.attributes["name"], True, len("Thing-") + 7)


def test_a_made_name_is_no_longer_than_the_service_takes() -> None:
    long = Resource(type="AWS::Lambda::Function", name="x" * 300, properties={}, places=OnePlace(Place(file="t")))
    made = provision(long, ENVIRONMENT)
    assert made is not None
    assert len(made.id) == 64


def test_two_stacks_have_identifiers_of_their_own() -> None:
    found = set()
    for stack in ("one", "two"):
        made = apigateway.provision(resource("AWS::ApiGateway::RestApi", Name="A"), Environment(stack=stack))
        assert made is not None
        found.add(made.id)
    assert len(found) == 2


def test_what_stands_in_a_property_is_put_in_as_it_is() -> None:
    assert provisioned("AWS::Lambda::Function", FunctionName="{arn}{name}").id == "{arn}{name}"


@pytest.mark.parametrize(
    ("region", "start"), [("cn-north-1", "arn:aws-cn:iam"), ("us-gov-east-1", "arn:aws-us-gov:iam")]
)
def test_arns_are_of_the_region_s_partition(region: str, start: str) -> None:
    made = provision(resource("AWS::IAM::Role"), Environment(region=region))
    assert made is not None
    assert str(made.attributes["Arn"]).startswith(start)


@pytest.mark.parametrize(
    ("kind", "properties", "reference", "attributes"),
    [
        ("AWS::ApiGateway::Stage", {"StageName": "live"}, "live", {}),
        ("AWS::ApiGateway::Model", {"Name": "M"}, "M", {}),
        ("aws:apigateway/resource:Resource", {}, None, {}),
        ("aws:apigateway/usagePlanKey:UsagePlanKey", {"keyId": "k"}, "k", {}),
        ("aws:apigateway/stage:Stage", {"stageName": "live", "restApi": "r"}, "ags-r-live", {"stageName": "live"}),
    ],
)
def test_api_gateway_s_identifiers(
    kind: str, properties: dict[str, Any], reference: str | None, attributes: dict[str, str]
) -> None:
    made = apigateway.provision(resource(kind, **properties), ENVIRONMENT)
    assert made is not None
    assert made.id == reference if reference is not None else made.id.isalnum()
    assert attributes.items() <= made.attributes.items()


def test_a_key_s_value_is_secret() -> None:
    made = apigateway.provision(resource("aws:apigateway/apiKey:ApiKey"), Environment(secret=b"x"))
    assert made is not None
    assert made.secrets == {"value"}
    assert 20 <= len(str(made.attributes["value"])) <= 128
    given = apigateway.provision(resource("AWS::ApiGateway::ApiKey", Value="mine"), ENVIRONMENT)
    assert given is not None
    assert given.attributes["Value"] == "mine"


def test_other_types_are_nobody_s() -> None:
    assert provision(resource("AWS::Glue::Job"), ENVIRONMENT) is None
    assert provision(resource("AWS::Lambda::Nothing"), ENVIRONMENT) is None
    assert apigateway.provision(resource("AWS::ApiGateway::Nothing"), ENVIRONMENT) is None


def test_every_type_is_claimed() -> None:
    assert all(kind.startswith(CLAIMS) for kind in TYPES)


def test_a_name_in_a_nested_stack_is_made_of_its_own_logical_name() -> None:
    """Function names are letters, digits, hyphens and underscores (CreateFunction)."""
    nested = Resource(
        type="AWS::Lambda::Function", name="Inner.F", properties={}, places=OnePlace(Place(file="t", line=1))
    )
    made = provision(nested, Environment(stack="dev-Inner-ABC"))
    assert made is not None
    assert made.id.startswith("dev-Inner-ABC-F-")
    assert "." not in made.id
