"""The service's types that are known and not served, with their outputs.

Sources: CloudFormation Template Reference, "AWS::AppSync::…", "Return values"; https://www.pulumi.com/registry/packages/
aws/api-docs/appsync/.
"""

from typing import Final

from inferway.dialects.aws_resources.resource_type import ResourceType, Service, table
from inferway.faults import Severity
from inferway.formats.resources import Coverage

_ARN: Final = "arn:{partition}:appsync:{region}:{account}:"
_HTTP: Final = "{random}.appsync-api.{region}.{suffix}"
_REALTIME: Final = "{random}.appsync-realtime-api.{region}.{suffix}"
_CDN_ZONE: Final = "Z2FDTNDATAQYW2"

_SERVICE: Final = Service(
    cloudformation="AWS::AppSync::",
    pulumi="aws:appsync/",
    coverage=Coverage.IGNORED,
    reason="nothing of it is served",
)

UNSERVED_TYPES: Final = table(
    _SERVICE.types(
        ResourceType(
            cloudformation="Api",
            pulumi="Api",
            named=("Name", "name"),
            random=26,
            arn=f"{_ARN}apis/{{random}}",
            reference="{arn}",
            id="{random}",
            attributes={
                "ApiArn": "{arn}",
                "ApiId": "{random}",
                "Dns": {"Realtime": _REALTIME, "Http": _HTTP},
                "Dns.Http": _HTTP,
                "Dns.Realtime": _REALTIME,
            },
            outputs={
                "apiArn": "{arn}",
                "apiId": "{random}",
                "dns": {"HTTP": _HTTP, "REALTIME": _REALTIME},
                "wafWebAclArn": "",
                "xrayEnabled": False,
            },
            reason="Event APIs are not served; declare a GraphQL API to be served",
            coverage=Coverage.IGNORED,
        ),
        ResourceType(
            cloudformation="ChannelNamespace",
            pulumi="ChannelNamespace",
            named=("Name", "name"),
            arn=f"{_ARN}apis/{{ApiId|apiId}}/channelNamespace/{{name}}",
            reference="{arn}",
            id="{apiId},{name}",
            attributes={"ChannelNamespaceArn": "{arn}"},
            outputs={"channelNamespaceArn": "{arn}"},
            reason="it belongs to an Event API, which is reported",
        ),
        ResourceType(
            cloudformation="ApiCache",
            pulumi="ApiCache",
            reference="{ApiId}",
            id="{apiId}",
            attributes={"Id": "{ApiId}"},
            outputs={"atRestEncryptionEnabled": False, "transitEncryptionEnabled": False},
            reason="answers of resolvers are not cached; each request runs them",
            coverage=Coverage.IGNORED,
        ),
        ResourceType(
            cloudformation="DomainName",
            pulumi="DomainName",
            named=("DomainName", "domainName"),
            arn=f"{_ARN}domainnames/{{name}}",
            attributes={
                "AppSyncDomainName": "d{random}.cloudfront.net",
                "DomainName": "{name}",
                "DomainNameArn": "{arn}",
                "HostedZoneId": _CDN_ZONE,
            },
            outputs={"appsyncDomainName": "d{random}.cloudfront.net", "hostedZoneId": _CDN_ZONE},
            random=13,
            reason="no names are served; call the API by its own address",
            coverage=Coverage.IGNORED,
            severity=Severity.NOTE,
        ),
        ResourceType(
            cloudformation="DomainNameApiAssociation",
            pulumi="DomainNameApiAssociation",
            reference="{DomainName}/{ApiId}",
            id="{domainName}",
            attributes={"ApiAssociationIdentifier": "{DomainName}/{ApiId}"},
            reason="the domain name that it is about is reported",
        ),
        ResourceType(
            cloudformation="SourceApiAssociation",
            pulumi="SourceApiAssociation",
            arn=f"{_ARN}apis/{{MergedApiIdentifier|mergedApiId}}/sourceApiAssociations/{{uuid}}",
            reference="{arn}",
            id="{mergedApiId},{uuid}",
            attributes={
                "AssociationArn": "{arn}",
                "AssociationId": "{uuid}",
                "LastSuccessfulMergeDate": "2026-01-01T00:00:00Z",
                "MergedApiArn": f"{_ARN}apis/{{MergedApiIdentifier}}",
                "MergedApiId": "{MergedApiIdentifier}",
                "SourceApiArn": f"{_ARN}apis/{{SourceApiIdentifier}}",
                "SourceApiAssociationStatus": "MERGE_SUCCESS",
                "SourceApiAssociationStatusDetail": "",
                "SourceApiId": "{SourceApiIdentifier}",
            },
            outputs={"associationId": "{uuid}"},
            reason="APIs are not merged; call the source API itself",
            coverage=Coverage.IGNORED,
        ),
        ResourceType(
            cloudformation="Type",
            pulumi="Type",
            arn=f"{_ARN}apis/{{ApiId|apiId}}/types/{{logical}}",
            reference="{arn}",
            id="{apiId}:{format}:{logical}",
            attributes={"Arn": "{arn}", "Name": "{logical}"},
            outputs={"name": "{logical}", "description": ""},
            reason="types are read from the schema of their API only; put this one there",
            coverage=Coverage.IGNORED,
        ),
    )
)
"""What is known of each type, by both its names."""
