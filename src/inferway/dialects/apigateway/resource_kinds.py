"""The service's resource types in both spellings, CloudFormation's and Pulumi's, and what is read of each.

Properties are named as CloudFormation does; Pulumi's names are the same in camelCase, but for those listed.
Sources: CloudFormation Template Reference, "AWS::ApiGateway::…"; https://www.pulumi.com/registry/packages/aws/api-docs/
apigateway/.
"""

from collections.abc import Mapping
from typing import Final

import msgspec

from inferway.faults import Severity
from inferway.formats.resources import Coverage

_NOTE, _WARNING, _ERROR = Severity.NOTE, Severity.WARNING, Severity.ERROR

_LOGS: Final = (_NOTE, "execution logs and metrics are not kept; the gateway has its own")
_CANARY: Final = (_WARNING, "canary releases are not served yet; every request goes to the stage's own deployment")

API_KEY_VALUE: Final = {"AWS::ApiGateway::ApiKey": "Value", "aws:apigateway/apiKey:ApiKey": "value"}
"""The property, and the attribute, that holds a key's value."""


class Kind(msgspec.Struct, frozen=True, kw_only=True):
    """A kind of resource: its names, the properties that are read, those that are reported, and Pulumi's own names.

    `silent` are properties without effect on what is served. `coverage` is what is made of it, `reason` what is read,
    or what happens instead.
    """

    name: str
    cloudformation: str = ""
    pulumi: str = ""
    reads: frozenset[str] = frozenset()
    silent: frozenset[str] = frozenset()
    reported: Mapping[str, tuple[Severity, str]] = {}
    pulumi_names: Mapping[str, str] = {}
    coverage: Coverage = Coverage.SERVED
    reason: str = ""


_READ_OF: Final = {
    "account": "the role for its logs is not needed here",
    "base-path": "requests with the domain in their Host header",
    "base-path-v2": "requests with the domain in their Host header",
    "deployment": "the stage that it makes by the way, with its description",
    "domain": "requests with it in their Host header, as its base path mappings say; without TLS of its own",
    "domain-v2": "as DomainName; private domains are open to whoever reaches the gateway",
    "gateway-response": "status, headers and templates",
    "integration": "MOCK, HTTP, HTTP_PROXY, AWS and AWS_PROXY with functions, tables and model endpoints",
    "integration-response": "pattern, parameters and templates",
    "key": "its value, bound or made up",
    "method": "authorization by IAM and by key, parameters, models, integration and responses",
    "method-response": "status and headers",
    "method-settings": "throttles and caching",
    "model": "its schema, of draft 4",
    "plan": "throttles and quotas",
    "plan-key": "which keys a plan covers",
    "policy": "every call is refused, since who may call is not known",
    "put": "its document is the API's body",
    "resource": "its part of a path",
    "rest-api": "an address below its name, its body, key source and media types",
    "stage": "variables, method settings, cache, the format of its access log, tracing",
    "validator": "what it validates",
}
"""What is read of a kind, by its name."""

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
    coverage: Coverage = Coverage.SERVED,
    reason: str = "",
) -> Kind:
    return Kind(
        name=name,
        cloudformation=f"AWS::ApiGateway::{cloudformation}" if cloudformation else "",
        pulumi=f"aws:apigateway/{pulumi[0].lower()}{pulumi[1:]}:{pulumi}" if pulumi else "",
        reads=frozenset(reads.split()),
        silent=frozenset(silent.split()) | _ALWAYS,
        reported=reported or {},
        pulumi_names=pulumi_names or {},
        coverage=coverage,
        reason=reason or _READ_OF[name],
    )


_UNSERVED: Final = {
    "authorizer": ("Authorizer", "Authorizer", _NOTE, "methods that ask for the authorizer are refused"),
    "certificate": (
        "ClientCertificate",
        "ClientCertificate",
        _WARNING,
        "backends are called without the client certificate",
    ),
    "documentation": ("DocumentationPart", "DocumentationPart", _NOTE, "documentation parts are not kept"),
    "documentation-version": (
        "DocumentationVersion",
        "DocumentationVersion",
        _NOTE,
        "documentation versions are not kept",
    ),
    "vpc-link": ("VpcLink", "VpcLink", _WARNING, "VPC links are not used; each uri is called directly"),
    "access-association": (
        "DomainNameAccessAssociation",
        "DomainNameAccessAssociation",
        _NOTE,
        "private domains are open to whoever reaches the gateway",
    ),
}

_CERTIFICATES: Final = (
    "CertificateArn CertificateBody CertificateChain CertificateName CertificatePrivateKey EndpointAccessMode "
    "EndpointConfiguration OwnershipVerificationCertificateArn RegionalCertificateArn RegionalCertificateName "
    "SecurityPolicy"
)
_DOMAIN_REPORTED: Final = {
    "MutualTlsAuthentication": (_WARNING, "mutual TLS is not served; clients are not asked for a certificate"),
    "Policy": (_WARNING, "the domain's policy is not served; whoever reaches the gateway may call"),
}

KINDS: Final = (
    _kind(
        "rest-api",
        "RestApi",
        "RestApi",
        "ApiKeySourceType BinaryMediaTypes Body BodyS3Location DisableExecuteApiEndpoint EndpointAccessMode Name "
        "EndpointConfiguration MinimumCompressionSize Parameters Policy SecurityPolicy",
        silent="FailOnWarnings PutRestApiMode Mode",
        reported={
            "CloneFrom": (_WARNING, "what it is cloned from lies in the cloud; what is defined here is served"),
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
        coverage=Coverage.READ,
    ),
    _kind("policy", "", "RestApiPolicy", "Policy RestApiId", pulumi_names={"RestApiId": "restApiId"}),
    _kind(
        "put",
        "",
        "RestApiPut",
        "Body Parameters RestApiId",
        silent="FailOnWarnings Timeouts Triggers",
    ),
    _kind(
        "base-path",
        "BasePathMapping",
        "BasePathMapping",
        "BasePath DomainName RestApiId Stage",
        silent="DomainNameId",
        pulumi_names={"RestApiId": "restApi", "Stage": "stageName"},
    ),
    _kind(
        "base-path-v2",
        "BasePathMappingV2",
        "",
        "BasePath DomainNameArn RestApiId Stage",
    ),
    _kind(
        "domain",
        "DomainName",
        "DomainName",
        "DomainName",
        silent=f"{_CERTIFICATES} RoutingMode",
        reported=_DOMAIN_REPORTED,
    ),
    _kind(
        "domain-v2",
        "DomainNameV2",
        "",
        "DomainName",
        silent=f"{_CERTIFICATES} RoutingMode",
        reported=_DOMAIN_REPORTED,
    ),
    *(
        _kind(name, cloudformation, pulumi, "", coverage=Coverage.IGNORED, reason=text)
        for name, (cloudformation, pulumi, _, text) in _UNSERVED.items()
    ),
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
