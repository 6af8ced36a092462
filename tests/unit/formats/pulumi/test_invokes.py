"""Shapes from https://www.pulumi.com/registry/packages/aws/api-docs/ (getCallerIdentity, iam/getPolicyDocument, …)."""

import json
from collections.abc import Mapping

from inferway.formats.pulumi.invokes import INVOKES, Surroundings

PLACE = Surroundings(region="eu-west-1", account="123456789012")


def call(token: str, **arguments: object) -> Mapping[str, object]:
    return INVOKES[token](arguments, PLACE)


def document(**arguments: object) -> object:
    return json.loads(str(call("aws:iam/getPolicyDocument:getPolicyDocument", **arguments)["json"]))


def test_who_and_where() -> None:
    assert call("aws:index/getCallerIdentity:getCallerIdentity")["accountId"] == "123456789012"
    assert call("aws:index/getRegion:getRegion")["region"] == "eu-west-1"
    assert call("aws:index/getRegion:getRegion", region="us-east-2")["name"] == "us-east-2"
    assert call("aws:index/getPartition:getPartition")["dnsSuffix"] == "amazonaws.com"
    zones = call("aws:index/getAvailabilityZones:getAvailabilityZones")["names"]
    assert zones == ["eu-west-1a", "eu-west-1b", "eu-west-1c"]


def test_a_policy_document() -> None:
    made = document(
        statements=[
            {
                "sid": "One",
                "actions": ["s3:GetObject", "s3:PutObject"],
                "resources": ["*"],
                "principals": [
                    {"type": "Service", "identifiers": ["lambda.amazonaws.com"]},
                    {"type": "AWS", "identifiers": ["a", "b"]},
                ],
                "conditions": [{"test": "StringEquals", "variable": "aws:SourceAccount", "values": ["1"]}],
            },
            {"effect": "Deny", "notActions": ["iam:*"], "principals": [{"type": "*", "identifiers": ["*"]}]},
        ]
    )
    assert made == {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": "One",
                "Effect": "Allow",
                "Action": ["s3:GetObject", "s3:PutObject"],
                "Resource": "*",
                "Principal": {"Service": "lambda.amazonaws.com", "AWS": ["a", "b"]},
                "Condition": {"StringEquals": {"aws:SourceAccount": "1"}},
            },
            {"Effect": "Deny", "NotAction": "iam:*", "Principal": "*"},
        ],
    }


def test_documents_are_merged_by_sid() -> None:
    source = json.dumps({"Statement": [{"Sid": "A", "Effect": "Allow"}, {"Effect": "Allow", "Action": "x"}]})
    override = json.dumps({"Statement": {"Sid": "A", "Effect": "Deny"}})
    made = document(sourcePolicyDocuments=[source], statements=[{"actions": ["y"]}], overridePolicyDocuments=[override])
    assert isinstance(made, dict)
    assert made["Statement"] == [
        {"Sid": "A", "Effect": "Deny"},
        {"Effect": "Allow", "Action": "x"},
        {"Effect": "Allow", "Action": "y"},
    ]
