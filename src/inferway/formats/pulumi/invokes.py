"""The provider functions that have an answer without a cloud."""

import re
from collections.abc import Callable, Mapping
from typing import Final

import msgspec

from inferway.formats.pulumi.naming import SUBSCRIPTION
from inferway.formats.pulumi.policy_documents import policy_document


class Surroundings(msgspec.Struct, frozen=True, kw_only=True):
    """Where the program believes that it runs."""

    region: str
    account: str


Invoke = Callable[[Mapping[str, object], Surroundings], Mapping[str, object]]
"""Takes a function's arguments; gives its result, names as on the wire."""


def _caller_identity(_: Mapping[str, object], place: Surroundings) -> Mapping[str, object]:
    arn = f"arn:aws:iam::{place.account}:root"
    return {"accountId": place.account, "arn": arn, "userId": place.account, "id": place.account}


def _region(arguments: Mapping[str, object], place: Surroundings) -> Mapping[str, object]:
    named = arguments.get("region") or arguments.get("name") or place.region
    endpoint = f"ec2.{named}.amazonaws.com"
    return {"name": named, "region": named, "id": named, "endpoint": endpoint, "description": ""}


def _partition(_: Mapping[str, object], place: Surroundings) -> Mapping[str, object]:
    names = {"partition": "aws", "id": "aws", "dnsSuffix": "amazonaws.com", "reverseDnsPrefix": "com.amazonaws"}
    return {**names, "region": place.region}


def _availability_zones(_: Mapping[str, object], place: Surroundings) -> Mapping[str, object]:
    names = [f"{place.region}{letter}" for letter in "abc"]
    ids = [f"{place.region}-az{number}" for number in (1, 2, 3)]
    return {"names": names, "zoneIds": ids, "groupNames": [place.region], "id": place.region, "region": place.region}


def _client_config(_: Mapping[str, object], __: Surroundings) -> Mapping[str, object]:
    names = ("clientId", "objectId", "subscriptionId", "tenantId")
    return dict.fromkeys(names, SUBSCRIPTION)


def _subscription(_: Mapping[str, object], __: Surroundings) -> Mapping[str, object]:
    return {"subscriptionId": SUBSCRIPTION, "tenantId": SUBSCRIPTION, "displayName": "local", "id": SUBSCRIPTION}


def _default_tags(_: Mapping[str, object], __: Surroundings) -> Mapping[str, object]:
    return {"tags": {}, "id": "default-tags"}


def _arn(arguments: Mapping[str, object], _: Surroundings) -> Mapping[str, object]:
    arn = str(arguments.get("arn"))
    parts = arn.split(":", 5)
    if len(parts) != 6 or parts[0] != "arn":
        raise ValueError(f"{arn} is no ARN")
    names = ("partition", "service", "region", "account", "resource")
    return {**dict(zip(names, parts[1:], strict=True)), "arn": arn, "id": arn}


def _policy_document(arguments: Mapping[str, object], _: Surroundings) -> Mapping[str, object]:
    return policy_document(arguments)


INVOKES: Final[Mapping[str, Invoke]] = {
    "aws:index/getCallerIdentity:getCallerIdentity": _caller_identity,
    "aws:index/getRegion:getRegion": _region,
    "aws:index/getPartition:getPartition": _partition,
    "aws:index/getAvailabilityZones:getAvailabilityZones": _availability_zones,
    "aws:iam/getPolicyDocument:getPolicyDocument": _policy_document,
    "aws:index/getDefaultTags:getDefaultTags": _default_tags,
    "aws:index/getArn:getArn": _arn,
    "azure-native:authorization:getClientConfig": _client_config,
    "azure:core/getClientConfig:getClientConfig": _client_config,
    "azure:core/getSubscription:getSubscription": _subscription,
}
"""By token. What these functions give: https://www.pulumi.com/registry/packages/aws/api-docs/ under their names."""

_VERSION: Final = re.compile(r"^(azure-native:\w+)/v\w+:")


def answered(token: str) -> Invoke | None:
    """Give a function that has an answer; a module of azure-native may state the version of its API."""
    return INVOKES.get(_VERSION.sub(r"\1:", token))
