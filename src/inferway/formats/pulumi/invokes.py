"""The provider functions that have an answer without a cloud."""

import json
from collections.abc import Callable, Mapping
from typing import Final

import msgspec

from inferway.formats.pulumi.naming import SUBSCRIPTION


class Surroundings(msgspec.Struct, frozen=True, kw_only=True):
    """Where the program believes that it runs."""

    region: str
    account: str


Invoke = Callable[[Mapping[str, object], Surroundings], Mapping[str, object]]
"""Takes a function's arguments; gives its result, names as on the wire."""

_DOCUMENT_VERSION: Final = "2012-10-17"
_STATEMENT_KEYS: Final = {
    "sid": "Sid",
    "effect": "Effect",
    "actions": "Action",
    "notActions": "NotAction",
    "resources": "Resource",
    "notResources": "NotResource",
}


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


def _policy_document(arguments: Mapping[str, object], _: Surroundings) -> Mapping[str, object]:
    document: dict[str, object] = {"Version": arguments.get("version") or _DOCUMENT_VERSION}
    if arguments.get("policyId"):
        document["Id"] = arguments["policyId"]
    merged: list[object] = []
    for source in _list(arguments.get("sourcePolicyDocuments")):
        merged += _list(json.loads(str(source)).get("Statement"))
    merged += [_statement(each) for each in _list(arguments.get("statements")) if isinstance(each, Mapping)]
    for source in _list(arguments.get("overridePolicyDocuments")):
        merged += _list(json.loads(str(source)).get("Statement"))
    document["Statement"] = list(_by_sid(merged))
    minified = json.dumps(document, separators=(",", ":"))
    return {"json": json.dumps(document, indent=2), "minifiedJson": minified, "id": "policy"}


def _by_sid(statements: list[object]) -> list[object]:
    """Give the statements; of several with one Sid the last, at the place of the first."""
    kept: dict[object, object] = {}
    for position, statement in enumerate(statements):
        sid = statement.get("Sid") if isinstance(statement, Mapping) else None
        kept[sid or position] = statement
    return list(kept.values())


def _statement(given: Mapping[str, object]) -> dict[str, object]:
    statement: dict[str, object] = {"Effect": "Allow"}
    for key, written in _STATEMENT_KEYS.items():
        value = given.get(key)
        if value:
            statement[written] = value[0] if isinstance(value, list) and len(value) == 1 else value
    for key, written in (("principals", "Principal"), ("notPrincipals", "NotPrincipal")):
        who = [each for each in _list(given.get(key)) if isinstance(each, Mapping)]
        if who:
            statement[written] = _principals(who)
    tests = [each for each in _list(given.get("conditions")) if isinstance(each, Mapping)]
    if tests:
        condition: dict[str, dict[str, object]] = {}
        for test in tests:
            values = _list(test.get("values"))
            one = values[0] if len(values) == 1 else values
            condition.setdefault(str(test.get("test")), {})[str(test.get("variable"))] = one
        statement["Condition"] = condition
    return statement


def _principals(who: list[Mapping[str, object]]) -> object:
    named: dict[str, list[object]] = {}
    for each in who:
        named.setdefault(str(each.get("type")), []).extend(_list(each.get("identifiers")))
    if named == {"*": ["*"]}:
        return "*"
    return {kind: names[0] if len(names) == 1 else names for kind, names in named.items()}


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else [] if value is None else [value]


INVOKES: Final[Mapping[str, Invoke]] = {
    "aws:index/getCallerIdentity:getCallerIdentity": _caller_identity,
    "aws:index/getRegion:getRegion": _region,
    "aws:index/getPartition:getPartition": _partition,
    "aws:index/getAvailabilityZones:getAvailabilityZones": _availability_zones,
    "aws:iam/getPolicyDocument:getPolicyDocument": _policy_document,
    "azure-native:authorization:getClientConfig": _client_config,
}
"""By token. What these functions give: https://www.pulumi.com/registry/packages/aws/api-docs/ under their names."""
