"""The service's resource types in both spellings, CloudFormation's and Pulumi's, and what is read of each.

Properties are named as CloudFormation does; Pulumi's names are the same in camelCase, but for those listed.
Sources: CloudFormation Template Reference, "AWS::ApiGateway::…"; https://www.pulumi.com/registry/packages/aws/api-docs/
apigateway/.
"""

from collections.abc import Mapping
from typing import Final

import msgspec

from inferway.faults import Severity

_NOTE, _WARNING, _ERROR = Severity.NOTE, Severity.WARNING, Severity.ERROR

_LOGS: Final = (_NOTE, "execution logs and metrics are not kept; the gateway has its own")
_CANARY: Final = (_WARNING, "canary releases are not served yet; every request goes to the stage's own deployment")

API_KEY_VALUE: Final = {"AWS::ApiGateway::ApiKey": "Value", "aws:apigateway/apiKey:ApiKey": "value"}
"""The property, and the attribute, that holds a key's value."""


class Kind(msgspec.Struct, frozen=True, kw_only=True):
    """A kind of resource: its names, the properties that are read, those that are reported, and Pulumi's own names.

    `silent` are properties without effect on what is served.
    """

    name: str
    cloudformation: str = ""
    pulumi: str = ""
    reads: frozenset[str] = frozenset()
    silent: frozenset[str] = frozenset()
    reported: Mapping[str, tuple[Severity, str]] = {}
    pulumi_names: Mapping[str, str] = {}


_ALWAYS: Final = frozenset("Tags TagsAll Region Description".split())  # noqa: SIM905 - as the table below is written

INTEGRATION: Final = frozenset(
    (
        "CacheKeyParameters",
        "CacheNamespace",
        "ConnectionId",
        "ConnectionType",
        "ContentHandling",
        "Credentials",
        "IntegrationHttpMethod",
        "IntegrationTarget",
        "PassthroughBehavior",
        "RequestParameters",
        "RequestTemplates",
        "ResponseTransferMode",
        "TimeoutInMillis",
        "TlsConfig",
        "Type",
        "Uri",
    )
)
"""The properties of an integration but for its responses."""

_METHOD_NAMES: Final = {"RestApiId": "restApi", "AuthorizationType": "authorization"}


def _kind(
    name: str,
    cloudformation: str,
    pulumi: str,
    reads: str,
    *,
    silent: str = "",
    reported: Mapping[str, tuple[Severity, str]] | None = None,
    pulumi_names: Mapping[str, str] | None = None,
) -> Kind:
    return Kind(
        name=name,
        cloudformation=f"AWS::ApiGateway::{cloudformation}" if cloudformation else "",
        pulumi=f"aws:apigateway/{pulumi[0].lower()}{pulumi[1:]}:{pulumi}" if pulumi else "",
        reads=frozenset(reads.split()),
        silent=frozenset(silent.split()) | _ALWAYS,
        reported=reported or {},
        pulumi_names=pulumi_names or {},
    )


_UNSERVED: Final = {
    "authorizer": ("Authorizer", "Authorizer", _NOTE, "methods that ask for the authorizer are refused"),
    "base-path": ("BasePathMapping", "BasePathMapping", _WARNING, "custom domains are not served yet"),
    "certificate": ("ClientCertificate", "ClientCertificate", _WARNING, "client certificates are not served yet"),
    "domain": ("DomainName", "DomainName", _WARNING, "custom domains are not served yet"),
    "documentation": ("DocumentationPart", "DocumentationPart", _NOTE, "documentation parts are not kept yet"),
    "documentation-version": (
        "DocumentationVersion",
        "DocumentationVersion",
        _NOTE,
        "documentation versions are not kept yet",
    ),
    "vpc-link": ("VpcLink", "VpcLink", _WARNING, "VPC links are not used; each uri is called directly"),
}

KINDS: Final = (
    _kind(
        "rest-api",
        "RestApi",
        "RestApi",
        "ApiKeySourceType BinaryMediaTypes Body BodyS3Location DisableExecuteApiEndpoint EndpointAccessMode Name "
        "EndpointConfiguration MinimumCompressionSize Policy SecurityPolicy",
        silent="FailOnWarnings PutRestApiMode Mode",
        reported={
            "CloneFrom": (_WARNING, "what it is cloned from lies in the cloud; what is defined here is served"),
            "Parameters": (_WARNING, "parameters of the import are ignored"),
        },
        pulumi_names={"ApiKeySourceType": "apiKeySource"},
    ),
    _kind("resource", "Resource", "Resource", "ParentId PathPart RestApiId", pulumi_names={"RestApiId": "restApi"}),
    _kind(
        "method",
        "Method",
        "Method",
        "ApiKeyRequired AuthorizationType AuthorizerId HttpMethod Integration MethodResponses OperationName "
        "RequestModels RequestParameters RequestValidatorId ResourceId RestApiId AuthorizationScopes",
        pulumi_names=_METHOD_NAMES,
    ),
    _kind(
        "integration",
        "",
        "Integration",
        "HttpMethod ResourceId RestApiId " + " ".join(sorted(INTEGRATION)),
        pulumi_names={"RestApiId": "restApi", "TimeoutInMillis": "timeoutMilliseconds"},
    ),
    _kind(
        "integration-response",
        "",
        "IntegrationResponse",
        "ContentHandling HttpMethod ResourceId ResponseParameters ResponseTemplates RestApiId SelectionPattern "
        "StatusCode",
        pulumi_names={"RestApiId": "restApi"},
    ),
    _kind(
        "method-response",
        "",
        "MethodResponse",
        "HttpMethod ResourceId RestApiId StatusCode ResponseModels ResponseParameters",
        pulumi_names={"RestApiId": "restApi"},
    ),
    _kind(
        "validator",
        "RequestValidator",
        "RequestValidator",
        "Name RestApiId ValidateRequestBody ValidateRequestParameters",
        pulumi_names={"RestApiId": "restApi"},
    ),
    _kind(
        "model", "Model", "Model", "Name RestApiId Schema", silent="ContentType", pulumi_names={"RestApiId": "restApi"}
    ),
    _kind(
        "gateway-response",
        "GatewayResponse",
        "Response",
        "ResponseParameters ResponseTemplates ResponseType RestApiId StatusCode",
    ),
    _kind(
        "deployment",
        "Deployment",
        "Deployment",
        "RestApiId StageDescription StageName",
        silent="Triggers Variables",
        reported={"DeploymentCanarySettings": _CANARY},
        pulumi_names={"RestApiId": "restApi"},
    ),
    _kind(
        "stage",
        "Stage",
        "Stage",
        "AccessLogSetting CacheClusterEnabled MethodSettings RestApiId StageName TracingEnabled Variables",
        silent="CacheClusterSize DeploymentId DocumentationVersion",
        reported={
            "CanarySetting": _CANARY,
            "ClientCertificateId": (_WARNING, "client certificates are not served yet"),
        },
        pulumi_names={
            "AccessLogSetting": "accessLogSettings",
            "CanarySetting": "canarySettings",
            "DeploymentId": "deployment",
            "RestApiId": "restApi",
            "TracingEnabled": "xrayTracingEnabled",
        },
    ),
    _kind(
        "method-settings",
        "",
        "MethodSettings",
        "MethodPath RestApiId Settings StageName",
        pulumi_names={"RestApiId": "restApi"},
    ),
    _kind(
        "plan",
        "UsagePlan",
        "UsagePlan",
        "ApiStages Quota Throttle UsagePlanName",
        silent="ProductCode",
        pulumi_names={"Quota": "quotaSettings", "Throttle": "throttleSettings", "UsagePlanName": "name"},
    ),
    _kind(
        "key",
        "ApiKey",
        "ApiKey",
        "Enabled Name StageKeys Value",
        silent="CustomerId GenerateDistinctId",
    ),
    _kind("plan-key", "UsagePlanKey", "UsagePlanKey", "KeyId KeyType UsagePlanId"),
    _kind(
        "account",
        "Account",
        "Account",
        "",
        silent="CloudWatchRoleArn CloudwatchRoleArn ResetOnDelete",
    ),
    _kind("policy", "", "RestApiPolicy", "Policy RestApiId", pulumi_names={"RestApiId": "restApiId"}),
    *(_kind(name, cloudformation, pulumi, "") for name, (cloudformation, pulumi, *_) in _UNSERVED.items()),
)
"""Every kind that the reader knows."""

UNSERVED: Final = {name: (severity, text) for name, (_, _, severity, text) in _UNSERVED.items()}
"""Kinds of which nothing is read, with what to say."""

BY_TYPE: Final = {kind_type: kind for kind in KINDS for kind_type in (kind.cloudformation, kind.pulumi) if kind_type}

SETTINGS_REPORTED: Final = {
    "LoggingLevel": _LOGS,
    "DataTraceEnabled": _LOGS,
    "MetricsEnabled": _LOGS,
    "CacheDataEncrypted": (_NOTE, "what the cache keeps stays in memory, and is not encrypted there"),
}
"""Settings of a stage's methods that are not in force."""
