"""What AWS resources beside the APIs are provisioned with."""

from collections.abc import Mapping
from typing import Final

import msgspec

from inferway.dialects.aws_resources.resource_type import ResourceType, table
from inferway.dialects.aws_resources.types import (
    edge_types,
    http_api_types,
    identity_types,
    lambda_types,
    log_types,
    message_types,
    network_types,
    sagemaker_types,
    stack_types,
    storage_types,
)
from inferway.formats.resources import Environment, Provisioned, Resource

TYPES: Final[Mapping[str, ResourceType]] = table(
    (
        *lambda_types.LAMBDA_TYPES,
        *identity_types.IAM_TYPES,
        *identity_types.COGNITO_TYPES,
        *sagemaker_types.SAGEMAKER_TYPES,
        *storage_types.DYNAMODB_TYPES,
        *storage_types.S3_TYPES,
        *storage_types.SSM_TYPES,
        *storage_types.SECRETS_TYPES,
        *storage_types.KMS_TYPES,
        *storage_types.ECR_TYPES,
        *log_types.LOGS_TYPES,
        *log_types.CLOUDWATCH_TYPES,
        *log_types.XRAY_TYPES,
        *message_types.SQS_TYPES,
        *message_types.SNS_TYPES,
        *message_types.SFN_TYPES,
        *message_types.EVENTS_TYPES,
        *message_types.SCHEDULER_TYPES,
        *message_types.PIPES_TYPES,
        *message_types.KINESIS_TYPES,
        *message_types.FIREHOSE_TYPES,
        *http_api_types.HTTP_API_TYPES,
        *edge_types.WAF_TYPES,
        *edge_types.ACM_TYPES,
        *edge_types.ROUTE53_TYPES,
        *edge_types.CLOUDFRONT_TYPES,
        *edge_types.BALANCER_TYPES,
        *network_types.NETWORK_TYPES,
        *stack_types.STACK_TYPES,
        *stack_types.SCALING_TYPES,
    )
)
"""What is known of each type, by all its names."""

_WITHOUT_A_TYPE: Final = ("AWS::WAF::", "AWS::WAFRegional::", "aws:waf/", "aws:wafregional/")


def _service_of(name: str) -> str:
    """Give the prefix of a type's name that its service's types have in common."""
    if "::" in name:
        *service, _ = name.split("::")
        return "::".join(service) + "::"
    return name.partition("/")[0] + "/"


CLAIMS: Final = tuple(sorted({*map(_service_of, TYPES), *_WITHOUT_A_TYPE}))
"""Prefixes of the types that are known here, in both spellings."""

_SECRET_LENGTH: Final = 40
_RESOURCE_SERVER: Final = "aws:cognito/resourceServer:ResourceServer"


def type_of(name: str) -> ResourceType | None:
    """Give what is known of a type by its name, a template's own name for a custom resource too; None for others."""
    found = TYPES.get(name)
    return TYPES[f"{stack_types.CUSTOM}*"] if found is None and name.startswith(stack_types.CUSTOM) else found


def provision(resource: Resource, environment: Environment) -> Provisioned | None:
    """Give what a resource is provisioned with; None for a type that is not known here.

    A secret that the service makes is one that only this node's secret can tell.
    """
    kind = type_of(resource.type)
    if kind is None:
        return None
    made = kind.provision(resource, environment)
    more: dict[str, object] = {}
    if made.secrets:
        more = dict.fromkeys(made.secrets, environment.key(resource.type, resource.name, _SECRET_LENGTH))
    if resource.type == _RESOURCE_SERVER:
        more["scopeIdentifiers"] = _scopes(resource)
    return msgspec.structs.replace(made, attributes={**made.attributes, **more}) if more else made


def _scopes(resource: Resource) -> list[str]:
    """Give the scopes of a resource server as clients ask for them: `IDENTIFIER/NAME`."""
    scopes = resource.properties.get("scopes")
    names = (
        [scope.get("scopeName") for scope in scopes if isinstance(scope, Mapping)] if isinstance(scopes, list) else []
    )
    return [f"{resource.properties.get('identifier', '')}/{name}" for name in names]
