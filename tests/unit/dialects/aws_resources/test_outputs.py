"""Every attribute and output that a type is documented to have is there, and is of the documented form.

`return_values.txt` has the attributes of each type by the "Return values" of the CloudFormation Template Reference and
the read-only properties of the resource schemas (https://github.com/aws-cloudformation); `outputs.txt` the outputs that
are no inputs of each class of pulumi-aws 7 (https://www.pulumi.com/registry/packages/aws/api-docs/).
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import pytest

from inferway.dialects.aws_resources.provisioning import TYPES, provision
from inferway.faults import Place
from inferway.formats.resources import Environment, OnePlace, Provisioned, Resource

ENVIRONMENT: Final = Environment(region="eu-west-1", account="123456789012", stack="s", secret=b"secret")
HERE: Final = Path(__file__).parent
ACCOUNT: Final = "eu-west-1:123456789012"


def documented(name: str) -> list[tuple[str, list[str]]]:
    lines = (line.split() for line in (HERE / name).read_text().splitlines())
    return [(kind, names) for kind, *names in lines]


def provisioned(kind: str, properties: Mapping[str, object] | None = None) -> Provisioned:
    place = OnePlace(Place(file="t"))
    made = provision(Resource(type=kind, name="Thing", properties=properties or {}, places=place), ENVIRONMENT)
    assert made is not None
    return made


@pytest.mark.parametrize(("kind", "names"), documented("return_values.txt"))
def test_every_return_value_is_there(kind: str, names: list[str]) -> None:
    made = provisioned(kind)
    assert set(names) <= set(made.attributes)
    assert made.id


@pytest.mark.parametrize(("kind", "names"), documented("outputs.txt"))
def test_every_output_is_there(kind: str, names: list[str]) -> None:
    made = provisioned(kind)
    assert {*names, "region", "tagsAll"} <= set(made.attributes)


@pytest.mark.parametrize("kind", sorted(TYPES))
def test_nothing_is_left_to_fill_in(kind: str) -> None:
    made = provisioned(kind)
    for text in (made.id, *(value for value in made.attributes.values() if isinstance(value, str))):
        assert not re.search(r"(?<!\$)\{[A-Za-z_|=]", text)


@pytest.mark.parametrize(
    ("kind", "properties", "form"),
    [
        ("AWS::Lambda::Function", {}, "s-Thing-[A-Z2-7]{12}"),
        ("AWS::Lambda::Alias", {"FunctionName": "f", "Name": "live"}, f"arn:aws:lambda:{ACCOUNT}:function:f:live"),
        ("AWS::Lambda::LayerVersion", {"LayerName": "deps"}, f"arn:aws:lambda:{ACCOUNT}:layer:deps:1"),
        ("AWS::Lambda::EventSourceMapping", {}, "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"),
        ("AWS::IAM::Role", {"RoleName": "r"}, "r"),
        ("AWS::IAM::AccessKey", {"UserName": "u"}, "AKIA[A-Z2-7]{16}"),
        ("AWS::IAM::InstanceProfile", {"InstanceProfileName": "p"}, "p"),
        ("AWS::SSM::Parameter", {"Name": "/a/b", "Value": "v"}, "/a/b"),
        ("AWS::SecretsManager::Secret", {"Name": "n"}, f"arn:aws:secretsmanager:{ACCOUNT}:secret:n-[a-z2-7]{{6}}"),
        ("AWS::S3::Bucket", {}, "s-thing-[a-z2-7]{12}"),
        ("AWS::SQS::Queue", {"QueueName": "q"}, "https://sqs\\.eu-west-1\\.amazonaws\\.com/123456789012/q"),
        ("AWS::SNS::Topic", {"TopicName": "t"}, f"arn:aws:sns:{ACCOUNT}:t"),
        (
            "AWS::SNS::Subscription",
            {"TopicArn": f"arn:aws:sns:{ACCOUNT}:t"},
            f"arn:aws:sns:{ACCOUNT}:t:[0-9a-f-]{{36}}",
        ),
        ("AWS::StepFunctions::StateMachine", {"StateMachineName": "m"}, f"arn:aws:states:{ACCOUNT}:stateMachine:m"),
        ("AWS::Events::Rule", {"Name": "r"}, "r"),
        ("AWS::Kinesis::Stream", {"Name": "k"}, "k"),
        ("AWS::Cognito::UserPool", {}, "eu-west-1_[a-z2-7]{9}"),
        ("AWS::Cognito::UserPoolClient", {}, "[a-z2-7]{26}"),
        ("AWS::Cognito::IdentityPool", {}, "eu-west-1:[0-9a-f-]{36}"),
        ("AWS::WAFv2::WebACL", {"Name": "a", "Scope": "REGIONAL"}, "a\\|[0-9a-f-]{36}\\|REGIONAL"),
        ("AWS::CertificateManager::Certificate", {}, f"arn:aws:acm:{ACCOUNT}:certificate/[0-9a-f-]{{36}}"),
        ("AWS::Route53::HostedZone", {"Name": "example.com"}, "Z[A-Z2-7]{10}"),
        ("AWS::Route53::RecordSet", {"Name": "a.example.com"}, "a\\.example\\.com"),
        ("AWS::KMS::Key", {}, "[0-9a-f-]{36}"),
        ("AWS::KMS::Alias", {"AliasName": "alias/a"}, "alias/a"),
        ("AWS::EC2::VPC", {}, "vpc-[0-9a-f]{17}"),
        ("AWS::EC2::SecurityGroup", {}, "sg-[0-9a-f]{17}"),
        ("AWS::ECR::Repository", {"RepositoryName": "r"}, "r"),
        ("AWS::ApiGatewayV2::Api", {}, "[a-z2-7]{10}"),
        ("AWS::CloudFront::Distribution", {}, "E[A-Z2-7]{13}"),
        ("AWS::SageMaker::Endpoint", {"EndpointName": "e"}, f"arn:aws:sagemaker:{ACCOUNT}:endpoint/e"),
        ("AWS::SageMaker::Domain", {}, "d-[a-z2-7]{12}"),
        ("AWS::SageMaker::Pipeline", {"PipelineName": "p"}, "p"),
        (
            "AWS::ApplicationAutoScaling::ScalableTarget",
            {
                "ResourceId": "endpoint/e/variant/v",
                "ScalableDimension": "sagemaker:variant:DesiredInstanceCount",
                "ServiceNamespace": "sagemaker",
            },
            "endpoint/e/variant/v\\|sagemaker:variant:DesiredInstanceCount\\|sagemaker",
        ),
        ("AWS::CloudFormation::WaitConditionHandle", {}, "https://cloudformation-waitcondition-eu-west-1\\.s3\\.\\S+"),
        ("Custom::Whatever", {}, "s-Thing-[A-Z2-7]{12}"),
    ],
)
def test_references_are_of_the_documented_form(kind: str, properties: dict[str, str], form: str) -> None:
    """CloudFormation Template Reference, "Return values", "Ref" of each type."""
    assert re.fullmatch(form, provisioned(kind, properties).id)


@pytest.mark.parametrize(
    ("kind", "properties", "form"),
    [
        ("aws:lambda/layerVersion:LayerVersion", {"layerName": "l"}, f"arn:aws:lambda:{ACCOUNT}:layer:l:1"),
        ("aws:lambda/functionUrl:FunctionUrl", {"functionName": f"arn:aws:lambda:{ACCOUNT}:function:f"}, "f"),
        ("aws:lambda/permission:Permission", {"statementId": "s"}, "s"),
        ("aws:iam/accessKey:AccessKey", {"user": "u"}, "AKIA[A-Z2-7]{16}"),
        ("aws:iam/userPolicy:UserPolicy", {"user": "u", "name": "p"}, "u:p"),
        ("aws:s3/bucket:Bucket", {}, "thing-[a-z2-7]{7}"),
        ("aws:s3/bucketV2:BucketV2", {"bucket": "b"}, "b"),
        ("aws:s3/bucketPolicy:BucketPolicy", {"bucket": "b"}, "b"),
        ("aws:sqs/queue:Queue", {"name": "q"}, "https://sqs\\.eu-west-1\\.amazonaws\\.com/123456789012/q"),
        ("aws:sns/topic:Topic", {"name": "t"}, f"arn:aws:sns:{ACCOUNT}:t"),
        ("aws:sfn/stateMachine:StateMachine", {"name": "m"}, f"arn:aws:states:{ACCOUNT}:stateMachine:m"),
        ("aws:kinesis/stream:Stream", {"name": "k"}, f"arn:aws:kinesis:{ACCOUNT}:stream/k"),
        ("aws:cognito/userPoolDomain:UserPoolDomain", {"domain": "d"}, "d"),
        ("aws:cognito/resourceServer:ResourceServer", {"userPoolId": "p", "identifier": "i"}, "p\\|i"),
        ("aws:wafv2/webAcl:WebAcl", {"name": "a"}, "[0-9a-f-]{36}"),
        ("aws:route53/record:Record", {"zoneId": "Z1", "name": "a", "type": "A"}, "Z1_a_A"),
        ("aws:secretsmanager/secret:Secret", {"name": "n"}, f"arn:aws:secretsmanager:{ACCOUNT}:secret:n-[a-z2-7]{{6}}"),
        ("aws:cloudwatch/eventRule:EventRule", {"name": "r"}, "r"),
        ("aws:cloudwatch/eventTarget:EventTarget", {"rule": "r", "targetId": "t"}, "r-t"),
        ("aws:appautoscaling/target:Target", {"resourceId": "endpoint/e/variant/v"}, "endpoint/e/variant/v"),
        ("aws:sagemaker/endpoint:Endpoint", {"name": "e"}, "e"),
    ],
)
def test_identifiers_are_of_the_documented_form(kind: str, properties: dict[str, str], form: str) -> None:
    """The "Import" section of each resource in the documentation of pulumi-aws."""
    assert re.fullmatch(form, provisioned(kind, properties).id)


@pytest.mark.parametrize(
    ("kind", "properties", "name", "value"),
    [
        ("AWS::IAM::Role", {"RoleName": "r", "Path": "/a/b/"}, "Arn", "arn:aws:iam::123456789012:role/a/b/r"),
        ("AWS::SSM::Parameter", {"Name": "/a/b", "Value": "v"}, "Arn", f"arn:aws:ssm:{ACCOUNT}:parameter/a/b"),
        ("AWS::S3::Bucket", {"BucketName": "b"}, "RegionalDomainName", "b.s3.eu-west-1.amazonaws.com"),
        ("AWS::S3::Bucket", {"BucketName": "b"}, "WebsiteURL", "http://b.s3-website-eu-west-1.amazonaws.com"),
        ("AWS::SQS::Queue", {"QueueName": "q"}, "Arn", f"arn:aws:sqs:{ACCOUNT}:q"),
        ("AWS::SageMaker::Endpoint", {"EndpointName": "movies"}, "EndpointName", "movies"),
        (
            "AWS::ECR::Repository",
            {"RepositoryName": "r"},
            "RepositoryUri",
            "123456789012.dkr.ecr.eu-west-1.amazonaws.com/r",
        ),
        ("aws:sagemaker/endpoint:Endpoint", {"name": "movies"}, "name", "movies"),
        ("aws:iam/role:Role", {"name": "r", "path": "/a/"}, "arn", "arn:aws:iam::123456789012:role/a/r"),
        ("aws:lambda/function:Function", {"name": "f", "publish": True}, "version", "1"),
        ("aws:lambda/function:Function", {"name": "f"}, "version", "$LATEST"),
        ("aws:lambda/function:Function", {"region": "us-west-2", "name": "f"}, "region", "us-west-2"),
        (
            "aws:lambda/function:Function",
            {"region": "us-west-2", "name": "f"},
            "arn",
            "arn:aws:lambda:us-west-2:123456789012:function:f",
        ),
        ("aws:s3/bucket:Bucket", {"tags": {"a": "b"}}, "tagsAll", {"a": "b"}),
        ("aws:ssm/parameter:Parameter", {"name": "p"}, "version", 1),
        ("aws:cloudwatch/logGroup:LogGroup", {"name": "/l"}, "arn", f"arn:aws:logs:{ACCOUNT}:log-group:/l"),
        (
            "aws:cognito/resourceServer:ResourceServer",
            {"identifier": "https://x", "scopes": [{"scopeName": "read", "scopeDescription": "r"}]},
            "scopeIdentifiers",
            ["https://x/read"],
        ),
        (
            "aws:apigatewayv2/stage:Stage",
            {"apiId": "a", "name": "s"},
            "invokeUrl",
            "https://a.execute-api.eu-west-1.amazonaws.com/s",
        ),
    ],
)
def test_attributes_are_of_the_documented_form(
    kind: str, properties: dict[str, object], name: str, value: object
) -> None:
    assert provisioned(kind, properties).attributes[name] == value


@pytest.mark.parametrize(
    ("kind", "name"), [("AWS::IAM::AccessKey", "SecretAccessKey"), ("aws:iam/accessKey:AccessKey", "secret")]
)
def test_a_secret_is_this_node_s_own(kind: str, name: str) -> None:
    made = provisioned(kind)
    assert name in made.secrets
    assert len(str(made.attributes[name])) == 40
    other = provision(
        Resource(type=kind, name="Thing", properties={}, places=OnePlace(Place(file="t"))), Environment(secret=b"other")
    )
    assert other is not None
    assert other.attributes[name] != made.attributes[name]
