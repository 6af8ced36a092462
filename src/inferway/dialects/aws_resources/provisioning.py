"""What AWS resources beside the APIs are provisioned with."""

from typing import Final

from inferway.dialects.aws_resources.resource_type import ResourceType, table
from inferway.formats.resources import Environment, Provisioned, Resource

CLAIMS: Final = (
    "AWS::DynamoDB::",
    "AWS::IAM::",
    "AWS::Lambda::",
    "AWS::Logs::",
    "AWS::SSM::",
    "AWS::SageMaker::",
    "aws:cloudwatch/logGroup:",
    "aws:dynamodb/",
    "aws:iam/",
    "aws:lambda/",
    "aws:sagemaker/",
    "aws:ssm/",
)
"""Prefixes of the types that are known here, in both spellings."""

_LAMBDA: Final = "arn:{partition}:lambda:{region}:{account}:function:"
_IAM: Final = "arn:{partition}:iam::{account}:"
_LOGS: Final = "arn:{partition}:logs:{region}:{account}:log-group:{name}"
_SAGEMAKER: Final = "arn:{partition}:sagemaker:{region}:{account}:"
_TABLE: Final = "arn:{partition}:dynamodb:{region}:{account}:table/{name}"
_INVOKE: Final = "arn:{partition}:apigateway:{region}:lambda:path/2015-03-31/functions/{arn}/invocations"
_CREATED: Final = "2026-01-01T00:00:00.000"

_LAMBDA_TYPES: Final = (
    ResourceType(
        cloudformation="AWS::Lambda::Function",
        pulumi="aws:lambda/function:Function",
        named=("FunctionName", "name"),
        arn=f"{_LAMBDA}{{name}}",
        attributes={"Arn": "{arn}"},
        outputs={
            "arn": "{arn}",
            "invokeArn": _INVOKE,
            "qualifiedArn": "{arn}:$LATEST",
            "qualifiedInvokeArn": _INVOKE.replace("{arn}", "{arn}:$LATEST"),
            "version": "$LATEST",
        },
    ),
    ResourceType(
        cloudformation="AWS::Lambda::Version",
        arn="{FunctionName}:1",
        reference="{FunctionName}:1",
        attributes={"Version": "1", "FunctionArn": "{FunctionName}:1"},
    ),
    ResourceType(
        cloudformation="AWS::Lambda::Alias",
        pulumi="aws:lambda/alias:Alias",
        named=("Name", "name"),
        arn=f"{_LAMBDA}{{FunctionName}}{{functionName}}:{{name}}",
        reference="{arn}",
        id="{arn}",
        attributes={"AliasArn": "{arn}"},
        outputs={"arn": "{arn}", "invokeArn": _INVOKE},
    ),
    ResourceType(
        cloudformation="AWS::Lambda::Permission",
        pulumi="aws:lambda/permission:Permission",
        named=("Id", "statementId"),
        attributes={"Id": "{name}"},
        outputs={},
    ),
)

_IAM_TYPES: Final = (
    ResourceType(
        cloudformation="AWS::IAM::Role",
        pulumi="aws:iam/role:Role",
        named=("RoleName", "name"),
        random=16,
        arn=f"{_IAM}role/{{name}}",
        attributes={"Arn": "{arn}", "RoleId": "AROA{random}"},
        outputs={"arn": "{arn}", "uniqueId": "AROA{random}", "createDate": _CREATED},
    ),
    ResourceType(
        cloudformation="AWS::IAM::Policy",
        pulumi="aws:iam/rolePolicy:RolePolicy",
        named=("PolicyName", "name"),
        length=128,
        id="{role}:{name}",
        attributes={"Id": "{name}"},
    ),
    ResourceType(
        cloudformation="AWS::IAM::ManagedPolicy",
        pulumi="aws:iam/policy:Policy",
        named=("ManagedPolicyName", "name"),
        length=128,
        random=16,
        arn=f"{_IAM}policy/{{name}}",
        reference="{arn}",
        id="{arn}",
        attributes={"PolicyArn": "{arn}", "PolicyId": "ANPA{random}"},
        outputs={"arn": "{arn}", "policyId": "ANPA{random}"},
    ),
    ResourceType(
        pulumi="aws:iam/rolePolicyAttachment:RolePolicyAttachment",
        id="{role}-{random}",
    ),
)

_OTHER_TYPES: Final = (
    ResourceType(
        cloudformation="AWS::Logs::LogGroup",
        pulumi="aws:cloudwatch/logGroup:LogGroup",
        named=("LogGroupName", "name"),
        length=512,
        arn=_LOGS,
        attributes={"Arn": "{arn}:*"},
        outputs={"arn": "{arn}"},
    ),
    ResourceType(
        cloudformation="AWS::DynamoDB::Table",
        pulumi="aws:dynamodb/table:Table",
        named=("TableName", "name"),
        length=255,
        arn=_TABLE,
        attributes={"Arn": "{arn}", "StreamArn": f"{{arn}}/stream/{_CREATED}"},
        outputs={"arn": "{arn}", "streamArn": f"{{arn}}/stream/{_CREATED}", "streamLabel": _CREATED},
    ),
    ResourceType(
        cloudformation="AWS::SSM::Parameter",
        pulumi="aws:ssm/parameter:Parameter",
        named=("Name", "name"),
        arn="arn:{partition}:ssm:{region}:{account}:parameter/{name}",
        attributes={"Type": "{Type}", "Value": "{Value}"},
        outputs={"arn": "{arn}", "version": "1"},
    ),
)

_SAGEMAKER_TYPES: Final = tuple(
    ResourceType(
        cloudformation=f"AWS::SageMaker::{cloudformation}",
        pulumi=f"aws:sagemaker/{pulumi[0].lower()}{pulumi[1:]}:{pulumi}",
        named=(f"{cloudformation}Name", named),
        length=63,
        arn=f"{_SAGEMAKER}{noun}/{{name}}",
        reference="{arn}",
        attributes={f"{cloudformation}Name": "{name}", f"{cloudformation}Arn": "{arn}"},
        outputs={"arn": "{arn}"},
    )
    for cloudformation, pulumi, named, noun in (
        ("Endpoint", "Endpoint", "name", "endpoint"),
        ("EndpointConfig", "EndpointConfiguration", "name", "endpoint-config"),
        ("Model", "Model", "name", "model"),
        ("ModelPackageGroup", "ModelPackageGroup", "modelPackageGroupName", "model-package-group"),
    )
)
"""`Ref` of SageMaker's types is the ARN, not the name."""

TYPES: Final = table((*_LAMBDA_TYPES, *_IAM_TYPES, *_OTHER_TYPES, *_SAGEMAKER_TYPES))
"""What is known of each type, by both its names."""


def provision(resource: Resource, environment: Environment) -> Provisioned | None:
    """Give what a resource is provisioned with; None for a type that is not known here."""
    kind = TYPES.get(resource.type)
    return kind.provision(resource, environment) if kind is not None else None
