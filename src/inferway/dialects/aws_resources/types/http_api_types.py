"""HTTP and WebSocket APIs, which are not served.

Sources: CloudFormation Template Reference, "AWS::ApiGatewayV2::…", "Return values"; https://www.pulumi.com/registry/
packages/aws/api-docs/apigatewayv2/.
"""

from typing import Final

from inferway.dialects.aws_resources.resource_type import ResourceType, Service
from inferway.formats.resources import Coverage

_HTTP_API: Final = "HTTP and WebSocket APIs are not served; declare a REST API (AWS::ApiGateway::RestApi) to be served"
_PART: Final = "it belongs to an HTTP or WebSocket API, and those are not served"
_ENDPOINT: Final = "https://{random}.execute-api.{region}.{suffix}"
_ARN: Final = "arn:{partition}:apigateway:{region}::/"
_EXECUTION: Final = "arn:{partition}:execute-api:{region}:{account}:"
HTTP_API_TYPES: Final = Service(cloudformation="AWS::ApiGatewayV2::", pulumi="aws:apigatewayv2/", reason=_PART).types(
    ResourceType(
        cloudformation="Api",
        pulumi="Api",
        named=("Name", "name"),
        arn=f"{_ARN}apis/{{random}}",
        reference="{random}",
        id="{random}",
        attributes={
            "ApiId": "{random}",
            "ApiEndpoint": _ENDPOINT,
            "ExecuteApiArn": f"{_EXECUTION}{{random}}",
        },
        outputs={"apiEndpoint": _ENDPOINT, "executionArn": f"{_EXECUTION}{{random}}"},
        coverage=Coverage.IGNORED,
        reason=_HTTP_API,
    ),
    ResourceType(
        cloudformation="Stage",
        pulumi="Stage",
        named=("StageName", "name"),
        arn=f"{_ARN}apis/{{apiId}}/stages/{{name}}",
        outputs={
            "executionArn": f"{_EXECUTION}{{apiId}}/{{name}}",
            "invokeUrl": "https://{apiId}.execute-api.{region}.{suffix}/{name}",
        },
    ),
    ResourceType(
        cloudformation="DomainName",
        pulumi="DomainName",
        named=("DomainName", "domainName"),
        arn=f"{_ARN}domainnames/{{name}}",
        attributes={
            "DomainNameArn": "{arn}",
            "RegionalDomainName": "d-{random}.execute-api.{region}.{suffix}",
            "RegionalHostedZoneId": "Z{upper}",
        },
        outputs={"apiMappingSelectionExpression": "$request.basepath"},
    ),
    *(
        ResourceType(
            cloudformation=kind,
            pulumi=kind,
            reference="{random}",
            id="{random}",
            attributes={f"{kind}Id": "{random}"},
            outputs=outputs,
        )
        for kind, outputs in (
            ("ApiMapping", {}),
            ("Authorizer", {}),
            ("Deployment", {"autoDeployed": False}),
            ("Integration", {"integrationResponseSelectionExpression": "${integration.response.statuscode}"}),
            ("IntegrationResponse", {}),
            ("Model", {}),
            ("Route", {}),
            ("RouteResponse", {}),
            ("VpcLink", {"arn": f"{_ARN}vpclinks/{{random}}"}),
        )
    ),
)
