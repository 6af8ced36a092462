"""Shapes from https://www.pulumi.com/registry/packages/aws/api-docs/ (getCallerIdentity, iam/getPolicyDocument, …)."""

import json
from collections.abc import Mapping

import pytest

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
                "Action": ["s3:PutObject", "s3:GetObject"],
                "Resource": "*",
                "Principal": {"AWS": ["b", "a"], "Service": "lambda.amazonaws.com"},
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


def test_a_policy_is_written_as_the_provider_writes_it() -> None:
    """The acceptance tests of terraform-provider-aws state such texts; policy_model.go says the order of keys."""
    made = call(
        "aws:iam/getPolicyDocument:getPolicyDocument",
        policyId="p",
        statements=[{"sid": "1", "actions": ["s3:ListBucket"], "resources": ["arn:aws:s3:::home/&{aws:username}"]}],
    )
    assert made["json"] == (
        '{\n  "Version": "2012-10-17",\n  "Id": "p",\n  "Statement": [\n    {\n      "Sid": "1",\n'
        '      "Effect": "Allow",\n'
        '      "Action": "s3:ListBucket",\n      "Resource": "arn:aws:s3:::home/${aws:username}"\n    }\n  ]\n}'
    )
    assert '"a\\u003cb\\u0026c"' in str(
        call("aws:iam/getPolicyDocument:getPolicyDocument", statements=[{"actions": ["a<b&c"]}])["json"]
    )


def test_a_sid_is_used_once() -> None:
    with pytest.raises(ValueError, match="duplicate Sid"):
        document(statements=[{"sid": "A", "actions": ["x"]}, {"sid": "A", "actions": ["y"]}])


def test_an_arn_is_taken_apart() -> None:
    parts = call("aws:index/getArn:getArn", arn="arn:aws:lambda:us-east-1:1:function:f")
    assert (parts["service"], parts["account"], parts["resource"]) == ("lambda", "1", "function:f")
    with pytest.raises(ValueError, match="no ARN"):
        call("aws:index/getArn:getArn", arn="f")
