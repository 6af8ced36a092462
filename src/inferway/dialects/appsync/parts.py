"""The resources of a GraphQL API in one view, whichever tool's spelling they have.

Sources: the Pulumi AWS provider's `aws.appsync` (https://www.pulumi.com/registry/packages/aws/api-docs/appsync/), and
the CloudFormation reference's `AWS::AppSync` types.
"""

from collections.abc import Mapping
from enum import Enum
from pathlib import Path
from typing import Final

import msgspec

from inferway.faults import Place
from inferway.formats.cursor import Cursor, Report
from inferway.formats.resources import LOCAL_PATH, Resource, ResourceGraph
from inferway.formats.text_file import text_in

PULUMI: Final = "aws:appsync/"
CLOUDFORMATION: Final = "AWS::AppSync::"


class Kind(Enum):
    """What a resource is."""

    API = "api"
    SCHEMA = "schema"
    SOURCE = "data source"
    RESOLVER = "resolver"
    FUNCTION = "function"
    KEY = "key"


TYPES: Final[dict[str, Kind]] = {
    "aws:appsync/graphQLApi:GraphQLApi": Kind.API,
    "aws:appsync/dataSource:DataSource": Kind.SOURCE,
    "aws:appsync/resolver:Resolver": Kind.RESOLVER,
    "aws:appsync/function:Function": Kind.FUNCTION,
    "aws:appsync/apiKey:ApiKey": Kind.KEY,
    "AWS::AppSync::GraphQLApi": Kind.API,
    "AWS::AppSync::GraphQLSchema": Kind.SCHEMA,
    "AWS::AppSync::DataSource": Kind.SOURCE,
    "AWS::AppSync::Resolver": Kind.RESOLVER,
    "AWS::AppSync::FunctionConfiguration": Kind.FUNCTION,
    "AWS::AppSync::ApiKey": Kind.KEY,
}

_NAMES: Final[Mapping[tuple[Kind, str], tuple[str, str]]] = {
    (Kind.RESOLVER, "type"): ("type", "TypeName"),
    (Kind.RESOLVER, "field"): ("field", "FieldName"),
    (Kind.RESOLVER, "dataSource"): ("dataSource", "DataSourceName"),
    (Kind.RESOLVER, "request"): ("requestTemplate", "RequestMappingTemplate"),
    (Kind.RESOLVER, "response"): ("responseTemplate", "ResponseMappingTemplate"),
    (Kind.FUNCTION, "dataSource"): ("dataSource", "DataSourceName"),
    (Kind.FUNCTION, "request"): ("requestMappingTemplate", "RequestMappingTemplate"),
    (Kind.FUNCTION, "response"): ("responseMappingTemplate", "ResponseMappingTemplate"),
    (Kind.SOURCE, "lambdaConfig.functionArn"): ("lambdaConfig.functionArn", "LambdaConfig.LambdaFunctionArn"),
    (Kind.SOURCE, "dynamodbConfig"): ("dynamodbConfig", "DynamoDBConfig"),
    (Kind.SOURCE, "dynamodbConfig.tableName"): ("dynamodbConfig.tableName", "DynamoDBConfig.TableName"),
    (Kind.SOURCE, "dynamodbConfig.region"): ("dynamodbConfig.region", "DynamoDBConfig.AwsRegion"),
}
"""View → Pulumi's and CloudFormation's names where more than the first letter's case differs."""

_STORED: Final = frozenset(("code", "definition", "request", "response"))
"""Properties that CloudFormation also takes as `…S3Location`."""


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """One resource of an API."""

    kind: Kind
    resource: Resource
    root: Cursor
    findings: Report

    @property
    def place(self) -> Place:
        """Where it stands."""
        return self.root.place

    def __getitem__(self, name: str) -> Cursor:
        """Step to a property by the view's name, with dots between levels."""
        pulumi, cloudformation = _NAMES.get((self.kind, name), (name, ""))
        ours = self.resource.type.startswith(PULUMI)
        path = pulumi if ours else cloudformation or ".".join(step[:1].upper() + step[1:] for step in name.split("."))
        cursor = self.root
        for step in path.split("."):
            cursor = cursor[step]
        return cursor if ours or cursor.present or name not in _STORED else self._stored(f"{path}S3Location", cursor)

    def _stored(self, path: str, absent: Cursor) -> Cursor:
        """Give the text of a property that may stand in a file, which a format found here."""
        location = self.root[path]
        if not location.value:
            return absent
        here = location[LOCAL_PATH].value if isinstance(location.value, dict) else None
        if isinstance(here, str):
            return text_in(Path(here), location, self.findings)
        location.error("not-here", f"{location.text()} is not read here; give the path of a file beside the template")
        return absent

    def within(self, cursor: Cursor, name: str) -> Cursor:
        """Step below a property in this resource's spelling."""
        return cursor[name if self.resource.type.startswith(PULUMI) else name[:1].upper() + name[1:]]

    def attribute(self, name: str) -> str:
        """Give an output that the resource was provisioned with by Pulumi's name, "" where there is none."""
        given = self.resource.attributes.get(name, self.resource.attributes.get(name[:1].upper() + name[1:], ""))
        return given if isinstance(given, str) else ""


def parts_of(graph: ResourceGraph, findings: Report) -> tuple[Part, ...]:
    """Give the resources that are AppSync's, in order."""
    return tuple(
        Part(kind=TYPES[resource.type], resource=resource, root=Cursor.of(resource, findings), findings=findings)
        for resource in graph.resources
        if resource.type in TYPES
    )
