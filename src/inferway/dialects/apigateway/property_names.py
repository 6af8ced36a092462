"""The properties that API Gateway's resources have in CloudFormation.

Source: CloudFormation Template Reference, "AWS::ApiGateway::…" and the property types of each.
"""

from collections.abc import Mapping
from typing import Final

from inferway.dialects.aws_resources.property_check import ANY, FLAG, INTEGER, NUMBER, TEXT, Rule, one_of

_TAGS: Final[Rule] = [{"Key!": TEXT, "Value!": TEXT}]
_MAP: Final[Rule] = {"*": TEXT}
_METHOD_SETTINGS: Final[Rule] = [
    {
        "CacheDataEncrypted": FLAG,
        "CacheTtlInSeconds": INTEGER,
        "CachingEnabled": FLAG,
        "DataTraceEnabled": FLAG,
        "HttpMethod": TEXT,
        "LoggingLevel": one_of("OFF ERROR INFO"),
        "MetricsEnabled": FLAG,
        "ResourcePath": TEXT,
        "ThrottlingBurstLimit": INTEGER,
        "ThrottlingRateLimit": NUMBER,
    }
]
_LOG: Final[Rule] = {"DestinationArn": TEXT, "Format": TEXT}
_THROTTLE: Final[Rule] = {"BurstLimit": INTEGER, "RateLimit": NUMBER}
_CANARY: Final[Mapping[str, Rule]] = {"PercentTraffic": NUMBER, "StageVariableOverrides": _MAP, "UseStageCache": FLAG}
_ROUTING: Final = one_of("BASE_PATH_MAPPING_ONLY ROUTING_RULE_THEN_BASE_PATH_MAPPING ROUTING_RULE_ONLY")

PROPERTIES: Final[Mapping[str, Mapping[str, Rule]]] = {
    "AWS::ApiGateway::RestApi": {
        "ApiKeySourceType": one_of("HEADER AUTHORIZER"),
        "BinaryMediaTypes": [TEXT],
        "Body": ANY,
        "BodyS3Location": {
            "Bucket": TEXT,
            "ETag": TEXT,
            "Key": TEXT,
            "Version": TEXT,
        },
        "CloneFrom": TEXT,
        "Description": TEXT,
        "DisableExecuteApiEndpoint": FLAG,
        "EndpointAccessMode": TEXT,
        "EndpointConfiguration": {
            "IpAddressType": TEXT,
            "Types": [one_of("EDGE REGIONAL PRIVATE")],
            "VpcEndpointIds": [TEXT],
        },
        "FailOnWarnings": FLAG,
        "MinimumCompressionSize": INTEGER,
        "Mode": one_of("merge overwrite"),
        "Name": TEXT,
        "Parameters": ANY,
        "Policy": ANY,
        "SecurityPolicy": TEXT,
        "Tags": _TAGS,
        "Version": TEXT,
    },
    "AWS::ApiGateway::Resource": {
        "ParentId!": TEXT,
        "PathPart!": TEXT,
        "RestApiId!": TEXT,
    },
    "AWS::ApiGateway::Method": {
        "ApiKeyRequired": FLAG,
        "AuthorizationScopes": [TEXT],
        "AuthorizationType": one_of("NONE AWS_IAM CUSTOM COGNITO_USER_POOLS JWT"),
        "AuthorizerId": TEXT,
        "HttpMethod!": TEXT,
        "Integration": {
            "CacheKeyParameters": [TEXT],
            "CacheNamespace": TEXT,
            "ConnectionId": TEXT,
            "ConnectionType": one_of("INTERNET VPC_LINK"),
            "ContentHandling": one_of("CONVERT_TO_BINARY CONVERT_TO_TEXT"),
            "Credentials": TEXT,
            "IntegrationHttpMethod": TEXT,
            "IntegrationResponses": [
                {
                    "ContentHandling": one_of("CONVERT_TO_BINARY CONVERT_TO_TEXT"),
                    "ResponseParameters": _MAP,
                    "ResponseTemplates": _MAP,
                    "SelectionPattern": TEXT,
                    "StatusCode!": TEXT,
                }
            ],
            "IntegrationTarget": TEXT,
            "PassthroughBehavior": one_of("WHEN_NO_MATCH WHEN_NO_TEMPLATES NEVER"),
            "RequestParameters": _MAP,
            "RequestTemplates": _MAP,
            "ResponseTransferMode": one_of("BUFFERED STREAM"),
            "TimeoutInMillis": INTEGER,
            "Type!": one_of("AWS AWS_PROXY HTTP HTTP_PROXY MOCK"),
            "Uri": TEXT,
        },
        "MethodResponses": [{"ResponseModels": _MAP, "ResponseParameters": _MAP, "StatusCode!": TEXT}],
        "OperationName": TEXT,
        "RequestModels": _MAP,
        "RequestParameters": _MAP,
        "RequestValidatorId": TEXT,
        "ResourceId!": TEXT,
        "RestApiId!": TEXT,
    },
    "AWS::ApiGateway::Authorizer": {
        "AuthType": TEXT,
        "AuthorizerCredentials": TEXT,
        "AuthorizerResultTtlInSeconds": INTEGER,
        "AuthorizerUri": TEXT,
        "IdentitySource": TEXT,
        "IdentityValidationExpression": TEXT,
        "JwtConfiguration": {
            "DefaultAlgorithms": [TEXT],
            "Issuers": [
                {
                    "AdditionalClaims": [
                        {"ClaimName": TEXT, "ExpectedValues": [TEXT], "Format": TEXT, "Required": FLAG}
                    ],
                    "Audiences": [TEXT],
                    "Issuer": TEXT,
                }
            ],
        },
        "Name!": TEXT,
        "ProviderARNs": [TEXT],
        "RestApiId!": TEXT,
        "Type!": one_of("TOKEN REQUEST COGNITO_USER_POOLS JWT"),
    },
    "AWS::ApiGateway::Deployment": {
        "DeploymentCanarySettings": _CANARY,
        "Description": TEXT,
        "RestApiId!": TEXT,
        "StageDescription": {
            "AccessLogSetting": _LOG,
            "CacheClusterEnabled": FLAG,
            "CacheClusterSize": TEXT,
            "CacheDataEncrypted": FLAG,
            "CacheTtlInSeconds": INTEGER,
            "CachingEnabled": FLAG,
            "CanarySetting": _CANARY,
            "ClientCertificateId": TEXT,
            "DataTraceEnabled": FLAG,
            "Description": TEXT,
            "DocumentationVersion": TEXT,
            "LoggingLevel": one_of("OFF ERROR INFO"),
            "MethodSettings": _METHOD_SETTINGS,
            "MetricsEnabled": FLAG,
            "Tags": _TAGS,
            "ThrottlingBurstLimit": INTEGER,
            "ThrottlingRateLimit": NUMBER,
            "TracingEnabled": FLAG,
            "Variables": _MAP,
        },
        "StageName": TEXT,
    },
    "AWS::ApiGateway::Stage": {
        "AccessLogSetting": _LOG,
        "CacheClusterEnabled": FLAG,
        "CacheClusterSize": TEXT,
        "CanarySetting": {"DeploymentId": TEXT, **_CANARY},
        "ClientCertificateId": TEXT,
        "DeploymentId": TEXT,
        "Description": TEXT,
        "DocumentationVersion": TEXT,
        "MethodSettings": _METHOD_SETTINGS,
        "RestApiId!": TEXT,
        "StageName": TEXT,
        "Tags": _TAGS,
        "TracingEnabled": FLAG,
        "Variables": _MAP,
    },
    "AWS::ApiGateway::DocumentationPart": {
        "Location!": {"Method": TEXT, "Name": TEXT, "Path": TEXT, "StatusCode": TEXT, "Type": TEXT},
        "Properties!": TEXT,
        "RestApiId!": TEXT,
    },
    "AWS::ApiGateway::DocumentationVersion": {
        "Description": TEXT,
        "DocumentationVersion!": TEXT,
        "RestApiId!": TEXT,
    },
    "AWS::ApiGateway::Model": {
        "ContentType": TEXT,
        "Description": TEXT,
        "Name": TEXT,
        "RestApiId!": TEXT,
        "Schema": ANY,
    },
    "AWS::ApiGateway::RequestValidator": {
        "Name": TEXT,
        "RestApiId!": TEXT,
        "ValidateRequestBody": FLAG,
        "ValidateRequestParameters": FLAG,
    },
    "AWS::ApiGateway::GatewayResponse": {
        "ResponseParameters": _MAP,
        "ResponseTemplates": _MAP,
        "ResponseType!": TEXT,
        "RestApiId!": TEXT,
        "StatusCode": TEXT,
    },
    "AWS::ApiGateway::UsagePlan": {
        "ApiStages": [{"ApiId": TEXT, "Stage": TEXT, "Throttle": {"*": _THROTTLE}}],
        "Description": TEXT,
        "Quota": {"Limit": INTEGER, "Offset": INTEGER, "Period": one_of("DAY WEEK MONTH")},
        "Tags": _TAGS,
        "Throttle": _THROTTLE,
        "UsagePlanName": TEXT,
    },
    "AWS::ApiGateway::UsagePlanKey": {
        "KeyId!": TEXT,
        "KeyType!": one_of("API_KEY"),
        "UsagePlanId!": TEXT,
    },
    "AWS::ApiGateway::ApiKey": {
        "CustomerId": TEXT,
        "Description": TEXT,
        "Enabled": FLAG,
        "GenerateDistinctId": FLAG,
        "Name": TEXT,
        "StageKeys": [{"RestApiId": TEXT, "StageName": TEXT}],
        "Tags": _TAGS,
        "Value": TEXT,
    },
    "AWS::ApiGateway::DomainName": {
        "CertificateArn": TEXT,
        "DomainName": TEXT,
        "EndpointAccessMode": TEXT,
        "EndpointConfiguration": {"IpAddressType": TEXT, "Types": [one_of("EDGE REGIONAL PRIVATE")]},
        "MutualTlsAuthentication": {"TruststoreUri": TEXT, "TruststoreVersion": TEXT},
        "OwnershipVerificationCertificateArn": TEXT,
        "RegionalCertificateArn": TEXT,
        "RoutingMode": _ROUTING,
        "SecurityPolicy": TEXT,
        "Tags": [{"Key": TEXT, "Value": TEXT}],
    },
    "AWS::ApiGateway::DomainNameV2": {
        "CertificateArn": TEXT,
        "DomainName": TEXT,
        "EndpointAccessMode": TEXT,
        "EndpointConfiguration": {"IpAddressType": TEXT, "Types": [one_of("EDGE REGIONAL PRIVATE")]},
        "Policy": ANY,
        "RoutingMode": _ROUTING,
        "SecurityPolicy": TEXT,
        "Tags": [{"Key": TEXT, "Value": TEXT}],
    },
    "AWS::ApiGateway::BasePathMapping": {
        "BasePath": TEXT,
        "DomainName!": TEXT,
        "RestApiId": TEXT,
        "Stage": TEXT,
    },
    "AWS::ApiGateway::BasePathMappingV2": {
        "BasePath": TEXT,
        "DomainNameArn!": TEXT,
        "RestApiId!": TEXT,
        "Stage": TEXT,
    },
    "AWS::ApiGateway::Account": {
        "CloudWatchRoleArn": TEXT,
    },
}
"""The properties of each type: `!` behind a name says that it is required, `*` stands for any name."""
