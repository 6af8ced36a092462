"""What is looked up in a cloud: a resource of the same program, else what such a resource would be provisioned with.

A function of a provider such as `aws:iam/getRole:getRole`, or `Role.get(name, id)`, names what exists already.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Final, Protocol

import msgspec

from inferway.formats.resources import Provisioned


class Existing(Protocol):
    """A resource that the program has declared: its type, what it is called, and what it gives back."""

    @property
    def type(self) -> str:
        """The type's token."""
        ...

    @property
    def id(self) -> str:
        """The physical identifier."""
        ...

    @property
    def properties(self) -> Mapping[str, object]:
        """The inputs."""
        ...

    @property
    def attributes(self) -> Mapping[str, object]:
        """The outputs."""
        ...


class Lookup(msgspec.Struct, frozen=True, kw_only=True):
    """A function's resource type, and the property of that type by each argument that names one resource."""

    type: str
    names: Mapping[str, str]


Ask = Callable[[str, Mapping[str, object]], Provisioned | None]
"""Gives what a resource of a type with these properties is provisioned with."""

_APIM: Final = "azure-native:apimanagement"
_NATIVE: Final = "azure-native:"
_CLASSIC: Final = re.compile(r"(azure:(?:apimanagement|core))/get(\w+):get\2")

_AWS: Final[Mapping[str, Lookup]] = {
    "aws:apigateway/getRestApi:getRestApi": Lookup(type="aws:apigateway/restApi:RestApi", names={"name": "name"}),
    "aws:cloudwatch/getLogGroup:getLogGroup": Lookup(type="aws:cloudwatch/logGroup:LogGroup", names={"name": "name"}),
    "aws:cognito/getUserPool:getUserPool": Lookup(type="aws:cognito/userPool:UserPool", names={"userPoolId": "id"}),
    "aws:dynamodb/getTable:getTable": Lookup(type="aws:dynamodb/table:Table", names={"name": "name"}),
    "aws:iam/getPolicy:getPolicy": Lookup(type="aws:iam/policy:Policy", names={"name": "name", "arn": "id"}),
    "aws:iam/getRole:getRole": Lookup(type="aws:iam/role:Role", names={"name": "name"}),
    "aws:kms/getKey:getKey": Lookup(type="aws:kms/key:Key", names={"keyId": "id"}),
    "aws:lambda/getFunction:getFunction": Lookup(
        type="aws:lambda/function:Function", names={"functionName": "name", "name": "name"}
    ),
    "aws:s3/getBucket:getBucket": Lookup(type="aws:s3/bucket:Bucket", names={"bucket": "bucket"}),
    "aws:secretsmanager/getSecret:getSecret": Lookup(
        type="aws:secretsmanager/secret:Secret", names={"name": "name", "arn": "id"}
    ),
    "aws:sns/getTopic:getTopic": Lookup(type="aws:sns/topic:Topic", names={"name": "name"}),
    "aws:sqs/getQueue:getQueue": Lookup(type="aws:sqs/queue:Queue", names={"name": "name"}),
    "aws:wafv2/getWebAcl:getWebAcl": Lookup(type="aws:wafv2/webAcl:WebAcl", names={"name": "name"}),
}
"""https://www.pulumi.com/registry/packages/aws/api-docs/, under the functions' names."""

_SECRETS: Final = {
    f"{_APIM}:listSubscriptionSecrets": ("Subscription", ("primaryKey", "secondaryKey")),
}

BY_ID: Final[Mapping[str, str]] = {each.type: "name" for each in _AWS.values() if "name" in each.names.values()} | {
    "aws:apigateway/restApi:RestApi": "",
    "aws:iam/policy:Policy": "",
    "aws:sagemaker/endpoint:Endpoint": "name",
    "aws:sagemaker/model:Model": "name",
    "aws:secretsmanager/secret:Secret": "",
    "aws:sns/topic:Topic": "",
    "aws:sqs/queue:Queue": "",
    "aws:s3/bucket:Bucket": "bucket",
    "aws:wafv2/webAcl:WebAcl": "",
}
"""The property that a type's id is, by type; none where the id is made up by the service."""


def look_up(
    token: str, arguments: Mapping[str, object], made: Iterable[Existing], ask: Ask
) -> Mapping[str, object] | None:
    """Give the result of a function that looks up a resource; None for a function that is none of these."""
    lookup, kept = _lookup(token, arguments)
    if lookup is None:
        return None
    wanted = {lookup.names[key]: value for key, value in arguments.items() if key in lookup.names and value is not None}
    found = next((each for each in made if each.type == lookup.type and _is(each, wanted)), None)
    if found is not None:
        result: dict[str, object] = {**found.properties, **found.attributes, "id": found.id}
    else:
        given = {key: value for key, value in wanted.items() if key != "id"}
        provisioned = ask(lookup.type, given)
        if provisioned is None:
            return None
        result = {**given, **provisioned.attributes, "id": wanted.get("id", provisioned.id)}
    if kept:
        return {key: result[key] for key in kept if key in result}
    return {**arguments, **result}


def read_by_id(
    token: str, identifier: str, state: Mapping[str, object], made: Iterable[Existing], ask: Ask
) -> tuple[Mapping[str, object], bool] | None:
    """Give the outputs of a resource that is read by its id, and whether the program declares it; None if unknown."""
    found = next((each for each in made if each.type == token and identifier in _names(each)), None)
    if found is not None:
        return {**found.properties, **found.attributes}, True
    named = BY_ID.get(token, "")
    properties = {**state, named: identifier} if named else dict(state)
    provisioned = ask(token, properties) if named or token.startswith(_APIM) else None
    return None if provisioned is None else ({**properties, **provisioned.attributes}, False)


def _lookup(token: str, arguments: Mapping[str, object]) -> tuple[Lookup | None, tuple[str, ...]]:
    if token in _AWS:
        return _AWS[token], ()
    module, _, function = token.rpartition(":")
    secrets = _SECRETS.get(f"{_plain(module)}:{function}")
    if secrets is not None:
        name, kept = secrets
        return Lookup(type=f"{module}:{name}", names={key: key for key in arguments}), kept
    if token.startswith(_NATIVE) and function.startswith("get") and _plain(module) in {_APIM, "azure-native:resources"}:
        return Lookup(type=f"{module}:{function.removeprefix('get')}", names={key: key for key in arguments}), ()
    classic = _CLASSIC.fullmatch(token)
    if classic is not None:
        name = classic[2]
        whole = f"{classic[1]}/{name[:1].lower()}{name[1:]}:{name}"
        return Lookup(type=whole, names={key: key for key in arguments}), ()
    return None, ()


def _plain(module: str) -> str:
    """Give a module of azure-native without the version of its API."""
    return module.partition("/")[0]


def _is(made: Existing, wanted: Mapping[str, object]) -> bool:
    held = {**made.properties, **made.attributes, "id": made.id}
    names = _names(made)
    return bool(wanted) and all(held.get(key) == value or value in names for key, value in wanted.items())


def _names(made: Existing) -> tuple[object, ...]:
    """Give what a resource is called by: its id, the last part of it, its name."""
    return (made.id, made.id.rpartition("/")[2], made.attributes.get("name"), made.attributes.get("arn"))
