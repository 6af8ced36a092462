"""What API Gateway's resources are provisioned with.

Sources: the "Return values" of each type in the CloudFormation Template Reference, and the outputs of pulumi-aws.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final

import msgspec

from inferway.dialects.apigateway.resource_kinds import API_KEY_VALUE
from inferway.dialects.aws_resources.resource_type import ResourceType, table
from inferway.formats.resources import Environment, Provisioned, Resource

_ARN: Final = "arn:{partition}:apigateway:{region}::"
_EXECUTION: Final = "arn:{partition}:execute-api:{region}:{account}:"
_KEY_LENGTH: Final = 40
"""Characters in a key's value that the service makes; it takes 20 to 128."""


def _type(
    cloudformation: str,
    pulumi: str,
    *,
    id_attribute: str = "Id",
    random: int = 6,
    pulumi_id: str = "{random}",
    outputs: Mapping[str, object] | None = None,
    named: tuple[str, str] = ("", ""),
) -> ResourceType:
    """Give a type of which the reference is an identifier that the service makes."""
    lowered = f"{pulumi[0].lower()}{pulumi[1:]}" if pulumi else ""
    return ResourceType(
        cloudformation=f"AWS::ApiGateway::{cloudformation}" if cloudformation else "",
        pulumi=f"aws:apigateway/{lowered}:{pulumi}" if pulumi else "",
        named=named,
        random=random,
        reference="{random}",
        id=pulumi_id,
        attributes={id_attribute: "{random}"},
        outputs=outputs or {},
    )


_ACCOUNT: Final = {
    "apiKeyVersion": "4",
    "features": ["UsagePlans"],
    "throttleSettings": [{"burstLimit": 5000, "rateLimit": 10000.0}],
}
"""An account's own throttle ("Amazon API Gateway quotas"; the others as GetAccount's reference shows them)."""

_METHOD: Final = "{restApi}-{resourceId}-{httpMethod}"
_DOMAIN: Final = "arn:{partition}:apigateway:{region}:{account}:/domainnames/{name}"

_CLOUDFRONT_ZONE: Final = "Z2FDTNDATAQYW2"
"""The hosted zone of every CloudFront distribution (Route 53 API reference, `AliasTarget`)."""

_REGIONAL_ZONE: Final = "Z1UJRXOUMOOFQ8"
"""That of Regional domains in us-east-1 (AWS general reference, "Amazon API Gateway endpoints and quotas")."""

TYPES: Final = table(
    (
        ResourceType(
            cloudformation="AWS::ApiGateway::RestApi",
            pulumi="aws:apigateway/restApi:RestApi",
            named=("Name", "name"),
            reference="{random}",
            id="{random}",
            attributes={"RestApiId": "{random}", "RootResourceId": "{random}-root"},
            outputs={
                "arn": f"{_ARN}/restapis/{{random}}",
                "executionArn": f"{_EXECUTION}{{random}}",
                "rootResourceId": "{random}-root",
            },
        ),
        ResourceType(
            cloudformation="AWS::ApiGateway::Stage",
            pulumi="aws:apigateway/stage:Stage",
            named=("StageName", "stageName"),
            id="ags-{restApi}-{name}",
            outputs={
                "arn": f"{_ARN}/restapis/{{restApi}}/stages/{{name}}",
                "executionArn": f"{_EXECUTION}{{restApi}}/{{name}}",
                "webAclArn": "",
            },
        ),
        ResourceType(
            cloudformation="AWS::ApiGateway::Model",
            pulumi="aws:apigateway/model:Model",
            named=("Name", "name"),
            plain=True,
            id="{random}",
        ),
        ResourceType(
            cloudformation="AWS::ApiGateway::DomainName",
            pulumi="aws:apigateway/domainName:DomainName",
            named=("DomainName", "domainName"),
            attributes={
                "DistributionDomainName": "d{random}.cloudfront.net",
                "DistributionHostedZoneId": _CLOUDFRONT_ZONE,
                "DomainNameArn": _DOMAIN,
                "RegionalDomainName": "d-{random}.execute-api.{region}.{suffix}",
                "RegionalHostedZoneId": _REGIONAL_ZONE,
            },
            outputs={
                "arn": _DOMAIN,
                "certificateUploadDate": "",
                "cloudfrontDomainName": "d{random}.cloudfront.net",
                "cloudfrontZoneId": _CLOUDFRONT_ZONE,
                "domainNameId": "{random}",
                "regionalDomainName": "d-{random}.execute-api.{region}.{suffix}",
                "regionalZoneId": _REGIONAL_ZONE,
            },
        ),
        ResourceType(
            cloudformation="AWS::ApiGateway::DomainNameV2",
            named=("DomainName", ""),
            reference=f"{_DOMAIN}+{{random}}",
            attributes={"DomainNameArn": f"{_DOMAIN}+{{random}}", "DomainNameId": "{random}"},
        ),
        ResourceType(
            cloudformation="AWS::ApiGateway::BasePathMappingV2",
            reference="{DomainNameArn}/basepathmappings/{BasePath=(none)}",
            attributes={"BasePathMappingArn": "{DomainNameArn}/basepathmappings/{BasePath=(none)}"},
        ),
        ResourceType(
            cloudformation="AWS::ApiGateway::DomainNameAccessAssociation",
            pulumi="aws:apigateway/domainNameAccessAssociation:DomainNameAccessAssociation",
            arn="arn:{partition}:apigateway:{region}:{account}:/domainnameaccessassociations/{random}",
            reference="{arn}",
            id="{arn}",
            attributes={"DomainNameAccessAssociationArn": "{arn}"},
        ),
        _type("Account", "Account", outputs=_ACCOUNT),
        _type(
            "ApiKey",
            "ApiKey",
            id_attribute="APIKeyId",
            random=10,
            named=("Name", "name"),
            outputs={"arn": f"{_ARN}/apikeys/{{random}}"},
        ),
        _type(
            "Authorizer",
            "Authorizer",
            id_attribute="AuthorizerId",
            named=("Name", "name"),
            outputs={"arn": f"{_ARN}/restapis/{{restApi}}/authorizers/{{random}}"},
        ),
        _type("BasePathMapping", "BasePathMapping", pulumi_id="{domainName}/{basePath=(none)}"),
        _type(
            "ClientCertificate",
            "ClientCertificate",
            id_attribute="ClientCertificateId",
            outputs={"arn": f"{_ARN}/clientcertificates/{{random}}", "pemEncodedCertificate": ""},
        ),
        _type(
            "Deployment",
            "Deployment",
            id_attribute="DeploymentId",
            outputs={"executionArn": f"{_EXECUTION}{{restApi}}/{{stageName=}}"},
        ),
        _type(
            "DocumentationPart",
            "DocumentationPart",
            id_attribute="DocumentationPartId",
            pulumi_id="{restApiId}/{random}",
            outputs={"documentationPartId": "{random}"},
        ),
        _type("DocumentationVersion", "DocumentationVersion", pulumi_id="{restApiId}/{logical}"),
        _type("GatewayResponse", "Response", pulumi_id="aggr-{restApiId}-{responseType}"),
        _type("Method", "Method", pulumi_id=f"agm-{_METHOD}"),
        _type("RequestValidator", "RequestValidator", id_attribute="RequestValidatorId", named=("Name", "name")),
        _type("Resource", "Resource", id_attribute="ResourceId"),
        _type(
            "UsagePlan", "UsagePlan", named=("UsagePlanName", "name"), outputs={"arn": f"{_ARN}/usageplans/{{random}}"}
        ),
        _type("UsagePlanKey", "UsagePlanKey", pulumi_id="{keyId}"),
        _type(
            "VpcLink",
            "VpcLink",
            id_attribute="VpcLinkId",
            named=("Name", "name"),
            outputs={"arn": f"{_ARN}/vpclinks/{{random}}"},
        ),
        _type("", "Integration", pulumi_id=f"agi-{_METHOD}"),
        _type("", "IntegrationResponse", pulumi_id=f"agir-{_METHOD}-{{statusCode}}"),
        _type("", "MethodResponse", pulumi_id=f"agmr-{_METHOD}-{{statusCode}}"),
        _type("", "MethodSettings", pulumi_id="{restApi}-{stageName}-{methodPath}"),
        _type("", "RestApiPolicy", pulumi_id="{restApiId}"),
        _type("", "RestApiPut", pulumi_id="{restApiId}"),
    )
)
"""What is known of each type, by both its names."""

_DATES: Final = {
    "aws:apigateway/restApi:RestApi": ("createdDate",),
    "aws:apigateway/apiKey:ApiKey": ("createdDate", "lastUpdatedDate"),
    "aws:apigateway/clientCertificate:ClientCertificate": ("createdDate", "expirationDate"),
    "aws:apigateway/deployment:Deployment": ("createdDate",),
}
"""Outputs that are times."""

_RESOURCE: Final = "aws:apigateway/resource:Resource"
_ROOT: Final = "-root"
"""How the identifier of an API's root resource ends."""

_STAGE: Final = "aws:apigateway/stage:Stage"
_DEPLOYMENT: Final = "aws:apigateway/deployment:Deployment"


def provision(resource: Resource, environment: Environment) -> Provisioned | None:
    """Give what a resource is provisioned with; None for a type that is not known here.

    An API key without a value of its own gets one that only this node's secret can tell.
    """
    kind = TYPES.get(resource.type)
    if kind is None:
        return None
    made = kind.provision(resource, environment)
    own = dict.fromkeys(_DATES.get(resource.type, ()), f"{datetime.now(UTC):%Y-%m-%dT%H}:00:00Z")
    # A deployment of the provider's releases before 7 has a URL without a stage too, which programs append a stage to.
    if resource.type == _DEPLOYMENT or (resource.type == _STAGE and resource.properties.get("stageName")):
        own["invokeUrl"] = _served_at(resource, environment)
    if resource.type == _RESOURCE and str(resource.properties.get("parentId", "")).endswith(_ROOT):
        own["path"] = f"/{resource.properties.get('pathPart', '')}"  # of those further down only their API knows
    made = msgspec.structs.replace(made, attributes={**made.attributes, **own})
    if resource.type not in API_KEY_VALUE:
        return made
    given = resource.properties.get(API_KEY_VALUE[resource.type])
    name = next((name for name in (resource.name, str(_name(resource))) if name in environment.keys), resource.name)
    value = given if isinstance(given, str) and given else environment.key("apigateway", name, _KEY_LENGTH)
    attributes = {**made.attributes, API_KEY_VALUE[resource.type]: value}
    return msgspec.structs.replace(made, attributes=attributes, secrets=frozenset((API_KEY_VALUE[resource.type],)))


def _name(resource: Resource) -> object:
    return resource.properties.get("Name", resource.properties.get("name", ""))


def _served_at(resource: Resource, environment: Environment) -> str:
    """Give the URL of a stage here: an API is served below its identifier too."""
    stage = resource.properties.get("stageName") or ""
    return f"{environment.base_url}/{resource.properties.get('restApi', '')}/{stage}"
