"""What the resources of a GraphQL API get when they come to be: identifiers, ARNs, addresses, keys.

Sources: the outputs of Pulumi's `aws.appsync` resources and the return values of CloudFormation's `AWS::AppSync` types;
an API's identifier has 26 characters, its key is `da2-` and 26 more (AppSync API reference, `GraphqlApi`, `ApiKey`).
"""

import hashlib
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Final

import msgspec

from inferway.dialects.appsync.unserved_types import UNSERVED_TYPES
from inferway.formats.cloudformation.pseudo import partition_of
from inferway.formats.resources import Environment, Provisioned, Resource

_WORD: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_HEX: Final = re.compile(r"-[0-9a-f]{7}")
_ID: Final = 26
_FUNCTION_VERSION: Final = "2018-05-29"
"""The one version that there is (AppSync API reference, `CreateFunction`, `functionVersion`)."""

_DEFAULT_DAYS: Final = 7
"""How long a key lasts whose definition says nothing (AppSync API reference, `CreateApiKey`, `expires`)."""


def slug_of(resource: Resource) -> str:
    """Give the part of the address that stands for an API: from its name, or its resource's where that was made up."""
    given = resource.properties.get("name", resource.properties.get("Name"))
    name = given if isinstance(given, str) and given else resource.name
    if name.startswith(resource.name) and _HEX.fullmatch(name[len(resource.name) :]):
        name = resource.name
    return re.sub("[^a-z0-9]+", "-", _WORD.sub("-", name).lower()).strip("-") or "graphql"


def provision(resource: Resource, environment: Environment) -> Provisioned | None:
    """Give a resource's identifier and outputs; None for a type that is not AppSync's.

    In Pulumi every resource has its Region, and those with tags have them with the provider's.
    """
    unserved = UNSERVED_TYPES.get(resource.type)
    if unserved is not None:
        return unserved.provision(resource, environment)
    make = _TYPES.get(resource.type)
    if make is None:
        return None
    place = msgspec.structs.replace(environment, region=_text(resource, "region") or environment.region)
    made = make(resource, place)
    if "::" in resource.type:
        return made
    common = {"region": place.region, "tagsAll": resource.properties.get("tags") or {}}
    return msgspec.structs.replace(made, attributes={**common, **made.attributes})


def _text(resource: Resource, *names: str) -> str:
    for name in names:
        value = resource.properties.get(name)
        if isinstance(value, str) and value:
            return value
    return ""


def _api_arn(environment: Environment, api_id: str) -> str:
    partition = partition_of(environment.region)
    return f"arn:{partition}:appsync:{environment.region}:{environment.account}:apis/{api_id}"


def _made_up(resource: Resource) -> str:
    """Give a name as Pulumi makes one up: the resource's with seven hexadecimal digits."""
    return f"{resource.name}-{hashlib.sha256(f'{resource.type} {resource.name}'.encode()).hexdigest()[:7]}"


def _addresses(resource: Resource, environment: Environment) -> tuple[str, str]:
    url = f"{environment.base_url}/{slug_of(resource)}/graphql"
    return url, f"{re.sub('^http', 'ws', url)}/realtime"


def _pulumi_api(resource: Resource, environment: Environment) -> Provisioned:
    api_id = Environment.identifier("appsync-api", resource.name, _ID)
    url, realtime = _addresses(resource, environment)
    return Provisioned(
        id=api_id,
        attributes={
            "arn": _api_arn(environment, api_id),
            "name": _text(resource, "name") or _made_up(resource),
            "uris": {"GRAPHQL": url, "REALTIME": realtime},
        },
    )


def _stack_api(resource: Resource, environment: Environment) -> Provisioned:
    api_id = Environment.identifier("appsync-api", resource.name, _ID)
    url, realtime = _addresses(resource, environment)
    arn = _api_arn(environment, api_id)
    host = url.partition("://")[2].partition("/")[0]
    return Provisioned(
        id=arn,
        attributes={
            "ApiId": api_id,
            "Arn": arn,
            "GraphQLUrl": url,
            "RealtimeUrl": realtime,
            "GraphQLDns": host,
            "RealtimeDns": host,
            "GraphQLEndpointArn": f"{arn.replace('apis/', 'endpoints/graphql-api/')}",
        },
    )


def _key(resource: Resource, environment: Environment) -> str:
    """Give the key's value: the bound one as it is, else one of the vendor's form."""
    value = environment.key("appsync-api-key", resource.name, _ID)
    return value if resource.name in environment.keys else f"da2-{value}"


def _pulumi_key(resource: Resource, environment: Environment) -> Provisioned:
    key_id = f"da2-{Environment.identifier('appsync-api-key-id', resource.name, _ID)}"
    hour = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
    expires = _text(resource, "expires") or (hour + timedelta(days=_DEFAULT_DAYS)).strftime("%Y-%m-%dT%H:%M:%SZ")
    return Provisioned(
        id=f"{_text(resource, 'apiId')}:{key_id}",
        attributes={"key": _key(resource, environment), "apiKeyId": key_id, "expires": expires},
        secrets=frozenset(("key",)),
    )


def _stack_key(resource: Resource, environment: Environment) -> Provisioned:
    key_id = f"da2-{Environment.identifier('appsync-api-key-id', resource.name, _ID)}"
    arn = f"{_api_arn(environment, _text(resource, 'ApiId'))}/apikeys/{key_id}"
    return Provisioned(
        id=arn,
        attributes={"ApiKey": _key(resource, environment), "ApiKeyId": key_id, "Arn": arn},
        secrets=frozenset(("ApiKey",)),
    )


def _pulumi_source(resource: Resource, environment: Environment) -> Provisioned:
    api_id = _text(resource, "apiId")
    name = _text(resource, "name") or re.sub("[^_0-9A-Za-z]", "_", resource.name)
    arn = f"{_api_arn(environment, api_id)}/datasources/{name}"
    return Provisioned(id=f"{api_id}-{name}", attributes={"arn": arn, "name": name})


def _stack_source(resource: Resource, environment: Environment) -> Provisioned:
    name = _text(resource, "Name") or resource.name
    arn = f"{_api_arn(environment, _text(resource, 'ApiId'))}/datasources/{name}"
    return Provisioned(id=arn, attributes={"DataSourceArn": arn, "Name": name})


def _pulumi_function(resource: Resource, environment: Environment) -> Provisioned:
    api_id = _text(resource, "apiId")
    function_id = Environment.identifier("appsync-function", resource.name, _ID)
    arn = f"{_api_arn(environment, api_id)}/functions/{function_id}"
    name = _text(resource, "name") or re.sub("[^_0-9A-Za-z]", "_", resource.name)
    version = _text(resource, "functionVersion") or _FUNCTION_VERSION
    attributes = {"functionId": function_id, "arn": arn, "name": name, "functionVersion": version}
    return Provisioned(id=f"{api_id}-{function_id}", attributes=attributes)


def _stack_function(resource: Resource, environment: Environment) -> Provisioned:
    function_id = Environment.identifier("appsync-function", resource.name, _ID)
    arn = f"{_api_arn(environment, _text(resource, 'ApiId'))}/functions/{function_id}"
    attributes = {"FunctionId": function_id, "FunctionArn": arn, "Name": _text(resource, "Name")}
    return Provisioned(id=arn, attributes={**attributes, "DataSourceName": _text(resource, "DataSourceName")})


def _pulumi_resolver(resource: Resource, environment: Environment) -> Provisioned:
    api_id, kind, field = (_text(resource, name) for name in ("apiId", "type", "field"))
    arn = f"{_api_arn(environment, api_id)}/types/{kind}/resolvers/{field}"
    return Provisioned(id=f"{api_id}-{kind}-{field}", attributes={"arn": arn})


def _stack_resolver(resource: Resource, environment: Environment) -> Provisioned:
    kind, field = _text(resource, "TypeName"), _text(resource, "FieldName")
    arn = f"{_api_arn(environment, _text(resource, 'ApiId'))}/types/{kind}/resolvers/{field}"
    return Provisioned(id=arn, attributes={"ResolverArn": arn, "TypeName": kind, "FieldName": field})


def _stack_schema(resource: Resource, environment: Environment) -> Provisioned:  # noqa: ARG001 - a maker's form
    made_id = f"{_text(resource, 'ApiId')}GraphQLSchema"
    return Provisioned(id=made_id, attributes={"Id": made_id})


_TYPES: Final[Mapping[str, Callable[[Resource, Environment], Provisioned]]] = {
    "aws:appsync/graphQLApi:GraphQLApi": _pulumi_api,
    "aws:appsync/apiKey:ApiKey": _pulumi_key,
    "aws:appsync/dataSource:DataSource": _pulumi_source,
    "aws:appsync/function:Function": _pulumi_function,
    "aws:appsync/resolver:Resolver": _pulumi_resolver,
    "AWS::AppSync::GraphQLApi": _stack_api,
    "AWS::AppSync::GraphQLSchema": _stack_schema,
    "AWS::AppSync::ApiKey": _stack_key,
    "AWS::AppSync::DataSource": _stack_source,
    "AWS::AppSync::FunctionConfiguration": _stack_function,
    "AWS::AppSync::Resolver": _stack_resolver,
}
