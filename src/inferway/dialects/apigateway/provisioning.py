"""What API Gateway's resources are provisioned with.

Sources: the "Return values" of each type in the CloudFormation Template Reference, and the outputs of pulumi-aws.
"""

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
    outputs: dict[str, str] | None = None,
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


_METHOD: Final = "{restApi}-{resourceId}-{httpMethod}"

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
                "invokeUrl": "https://{restApi}.execute-api.{region}.amazonaws.com/{name}",
                "webAclArn": "",
            },
        ),
        ResourceType(
            cloudformation="AWS::ApiGateway::Model",
            pulumi="aws:apigateway/model:Model",
            named=("Name", "name"),
            id="{random}",
        ),
        ResourceType(cloudformation="AWS::ApiGateway::DomainName", named=("DomainName", "domainName")),
        _type("Account", "Account"),
        _type("ApiKey", "ApiKey", id_attribute="APIKeyId", random=10, named=("Name", "name")),
        _type("Authorizer", "Authorizer", id_attribute="AuthorizerId", named=("Name", "name")),
        _type("BasePathMapping", "BasePathMapping"),
        _type("ClientCertificate", "ClientCertificate", id_attribute="ClientCertificateId"),
        _type("Deployment", "Deployment", id_attribute="DeploymentId"),
        _type("DocumentationPart", "DocumentationPart", id_attribute="DocumentationPartId"),
        _type("DocumentationVersion", "DocumentationVersion"),
        _type("GatewayResponse", "Response", pulumi_id="aggr-{restApiId}-{responseType}"),
        _type("Method", "Method", pulumi_id=f"agm-{_METHOD}"),
        _type("RequestValidator", "RequestValidator", id_attribute="RequestValidatorId", named=("Name", "name")),
        _type("Resource", "Resource", id_attribute="ResourceId"),
        _type(
            "UsagePlan", "UsagePlan", named=("UsagePlanName", "name"), outputs={"arn": f"{_ARN}/usageplans/{{random}}"}
        ),
        _type("UsagePlanKey", "UsagePlanKey", pulumi_id="{keyId}"),
        _type("VpcLink", "VpcLink", id_attribute="VpcLinkId", named=("Name", "name")),
        _type("", "Integration", pulumi_id=f"agi-{_METHOD}"),
        _type("", "IntegrationResponse", pulumi_id=f"agir-{_METHOD}-{{statusCode}}"),
        _type("", "MethodResponse", pulumi_id=f"agmr-{_METHOD}-{{statusCode}}"),
        _type("", "MethodSettings", pulumi_id="{restApi}-{stageName}-{methodPath}"),
        _type("", "RestApiPolicy", pulumi_id="{restApiId}"),
    )
)
"""What is known of each type, by both its names."""


def provision(resource: Resource, environment: Environment) -> Provisioned | None:
    """Give what a resource is provisioned with; None for a type that is not known here.

    An API key without a value of its own gets one that only this node's secret can tell.
    """
    kind = TYPES.get(resource.type)
    if kind is None:
        return None
    made = kind.provision(resource, environment)
    if resource.type not in API_KEY_VALUE:
        return made
    given = resource.properties.get(API_KEY_VALUE[resource.type])
    name = next((name for name in (resource.name, str(_name(resource))) if name in environment.keys), resource.name)
    value = given if isinstance(given, str) and given else environment.key("apigateway", name, _KEY_LENGTH)
    attributes = {**made.attributes, API_KEY_VALUE[resource.type]: value}
    return msgspec.structs.replace(made, attributes=attributes, secrets=frozenset((API_KEY_VALUE[resource.type],)))


def _name(resource: Resource) -> object:
    return resource.properties.get("Name", resource.properties.get("name", ""))
