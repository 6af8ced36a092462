"""The service's resource types in both spellings, CloudFormation's and Pulumi's, and what is read of each.

Properties are named as CloudFormation does; Pulumi's names are the same in camelCase, but for those listed.
Sources: CloudFormation Template Reference, "AWS::ApiGateway::…"; https://www.pulumi.com/registry/packages/aws/api-docs/
apigateway/.
"""

from typing import Final

from inferway.dialects.apigateway.resource_kind import INTEGRATION, kind
from inferway.faults import Severity
from inferway.formats.resources import Coverage

_NOTE, _WARNING, _ERROR = Severity.NOTE, Severity.WARNING, Severity.ERROR

_LOGS: Final = (_NOTE, "execution logs and metrics are not kept; the gateway has its own")

API_KEY_VALUE: Final = {"AWS::ApiGateway::ApiKey": "Value", "aws:apigateway/apiKey:ApiKey": "value"}
"""The property, and the attribute, that holds a key's value."""


_METHOD_NAMES: Final = {"RestApiId": "restApi", "AuthorizationType": "authorization"}

_UNSERVED: Final = {
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
    "Policy": (_WARNING, "the domain's policy is not served; whoever reaches the gateway may call"),
}

KINDS: Final = (
    kind(
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
    kind("resource", "Resource", "Resource", "ParentId PathPart RestApiId", pulumi_names={"RestApiId": "restApi"}),
    kind(
        "method",
        "Method",
        "Method",
        "ApiKeyRequired AuthorizationType AuthorizerId HttpMethod Integration MethodResponses OperationName "
        "RequestModels RequestParameters RequestValidatorId ResourceId RestApiId AuthorizationScopes",
        pulumi_names=_METHOD_NAMES,
    ),
    kind(
        "authorizer",
        "Authorizer",
        "Authorizer",
        "AuthorizerResultTtlInSeconds AuthorizerUri IdentitySource IdentityValidationExpression JwtConfiguration Name "
        "ProviderARNs RestApiId Type",
        silent="AuthType AuthorizerCredentials",
        pulumi_names={"ProviderARNs": "providerArns", "RestApiId": "restApi"},
    ),
    kind(
        "integration",
        "",
        "Integration",
        "HttpMethod ResourceId RestApiId " + " ".join(sorted(INTEGRATION)),
        pulumi_names={"RestApiId": "restApi", "TimeoutInMillis": "timeoutMilliseconds"},
    ),
    kind(
        "integration-response",
        "",
        "IntegrationResponse",
        "ContentHandling HttpMethod ResourceId ResponseParameters ResponseTemplates RestApiId SelectionPattern "
        "StatusCode",
        pulumi_names={"RestApiId": "restApi"},
    ),
    kind(
        "method-response",
        "",
        "MethodResponse",
        "HttpMethod ResourceId RestApiId StatusCode ResponseModels ResponseParameters",
        pulumi_names={"RestApiId": "restApi"},
    ),
    kind(
        "validator",
        "RequestValidator",
        "RequestValidator",
        "Name RestApiId ValidateRequestBody ValidateRequestParameters",
        pulumi_names={"RestApiId": "restApi"},
    ),
    kind(
        "model", "Model", "Model", "Name RestApiId Schema", silent="ContentType", pulumi_names={"RestApiId": "restApi"}
    ),
    kind(
        "gateway-response",
        "GatewayResponse",
        "Response",
        "ResponseParameters ResponseTemplates ResponseType RestApiId StatusCode",
    ),
    kind(
        "deployment",
        "Deployment",
        "Deployment",
        "DeploymentCanarySettings RestApiId StageDescription StageName",
        silent="Triggers Variables",
        pulumi_names={"DeploymentCanarySettings": "canarySettings", "RestApiId": "restApi"},
    ),
    kind(
        "stage",
        "Stage",
        "Stage",
        "AccessLogSetting CacheClusterEnabled CanarySetting ClientCertificateId MethodSettings RestApiId StageName "
        "TracingEnabled Variables",
        silent="CacheClusterSize DeploymentId DocumentationVersion",
        pulumi_names={
            "AccessLogSetting": "accessLogSettings",
            "CanarySetting": "canarySettings",
            "DeploymentId": "deployment",
            "RestApiId": "restApi",
            "TracingEnabled": "xrayTracingEnabled",
        },
    ),
    kind(
        "method-settings",
        "",
        "MethodSettings",
        "MethodPath RestApiId Settings StageName",
        pulumi_names={"RestApiId": "restApi"},
    ),
    kind(
        "plan",
        "UsagePlan",
        "UsagePlan",
        "ApiStages Quota Throttle UsagePlanName",
        silent="ProductCode",
        pulumi_names={"Quota": "quotaSettings", "Throttle": "throttleSettings", "UsagePlanName": "name"},
    ),
    kind(
        "key",
        "ApiKey",
        "ApiKey",
        "Enabled Name StageKeys Value",
        silent="CustomerId GenerateDistinctId",
    ),
    kind("plan-key", "UsagePlanKey", "UsagePlanKey", "KeyId KeyType UsagePlanId"),
    kind(
        "account",
        "Account",
        "Account",
        "",
        silent="CloudWatchRoleArn CloudwatchRoleArn ResetOnDelete",
        coverage=Coverage.READ,
    ),
    kind(
        "documentation",
        "DocumentationPart",
        "DocumentationPart",
        "Location Properties RestApiId",
        coverage=Coverage.READ,
    ),
    kind(
        "documentation-version",
        "DocumentationVersion",
        "DocumentationVersion",
        "DocumentationVersion RestApiId",
        pulumi_names={"DocumentationVersion": "version"},
        coverage=Coverage.READ,
    ),
    kind("policy", "", "RestApiPolicy", "Policy RestApiId", pulumi_names={"RestApiId": "restApiId"}),
    kind(
        "put",
        "",
        "RestApiPut",
        "Body Parameters RestApiId",
        silent="FailOnWarnings Timeouts Triggers",
    ),
    kind(
        "base-path",
        "BasePathMapping",
        "BasePathMapping",
        "BasePath DomainName RestApiId Stage",
        silent="DomainNameId",
        pulumi_names={"RestApiId": "restApi", "Stage": "stageName"},
    ),
    kind(
        "base-path-v2",
        "BasePathMappingV2",
        "",
        "BasePath DomainNameArn RestApiId Stage",
    ),
    kind(
        "domain",
        "DomainName",
        "DomainName",
        "DomainName MutualTlsAuthentication",
        silent=f"{_CERTIFICATES} RoutingMode",
        reported=_DOMAIN_REPORTED,
    ),
    kind(
        "domain-v2",
        "DomainNameV2",
        "",
        "DomainName MutualTlsAuthentication",
        silent=f"{_CERTIFICATES} RoutingMode",
        reported=_DOMAIN_REPORTED,
    ),
    kind("certificate", "ClientCertificate", "ClientCertificate", ""),
    *(
        kind(name, cloudformation, pulumi, "", coverage=Coverage.IGNORED, reason=text)
        for name, (cloudformation, pulumi, _, text) in _UNSERVED.items()
    ),
)
"""Every kind that the reader knows."""

UNSERVED: Final = {name: (severity, text) for name, (_, _, severity, text) in _UNSERVED.items()}
"""Kinds of which nothing is read, with what to say."""

BY_TYPE: Final = {name: each for each in KINDS for name in (each.cloudformation, each.pulumi) if name}

SETTINGS_REPORTED: Final = {
    "LoggingLevel": _LOGS,
    "DataTraceEnabled": _LOGS,
    "MetricsEnabled": _LOGS,
    "CacheDataEncrypted": (_NOTE, "what the cache keeps stays in memory, and is not encrypted there"),
}
"""Settings of a stage's methods that are not in force."""
