"""Types that a service does not have, and the table of those that it has."""

import json
from importlib.util import find_spec
from pathlib import Path

import pytest

from inferway.dialects.aws_resources.provisioning import TYPES
from inferway.dialects.aws_resources.type_names import TYPE_NAMES
from inferway.dialects.aws_resources.unknown_types import unknown_types
from inferway.faults import Place, Severity
from inferway.formats.resources import OnePlace, Resource

_LINTER = find_spec("cfnlint")
assert _LINTER is not None
_SCHEMAS = Path(_LINTER.origin or "").parent / "data" / "schemas" / "providers"


def resource(kind: str) -> Resource:
    return Resource(
        type=kind,
        name="Thing",
        properties={},
        places=OnePlace(Place(file="t", line=4)),
        type_place=Place(file="t", line=5),
    )


@pytest.mark.parametrize(
    ("kind", "severity", "says"),
    [
        (
            "AWS::ApiGateway::Methd",
            Severity.ERROR,
            "there is no AWS::ApiGateway::Methd (did you mean AWS::ApiGateway::Method?)",
        ),
        ("AWS::ApiGateway::UsagePlans", Severity.ERROR, "(did you mean AWS::ApiGateway::UsagePlan?)"),
        ("AWS::DynamoDB::Tabel", Severity.ERROR, "(did you mean AWS::DynamoDB::Table?)"),
        ("AWS::IAM::role", Severity.ERROR, "(did you mean AWS::IAM::Role?)"),
        ("AWS::Lambda::Permision", Severity.ERROR, "(did you mean AWS::Lambda::Permission?)"),
        ("AWS::AppSync::GraphQLAPI", Severity.ERROR, "(did you mean AWS::AppSync::GraphQLApi?)"),
        ("AWS::Lambda::Zzzzzz", Severity.WARNING, "there is no AWS::Lambda::Zzzzzz; nothing"),
        ("AWS::S3::Bukcet", Severity.WARNING, "(did you mean AWS::S3::Bucket?)"),
    ],
)
def test_a_type_that_does_not_exist(kind: str, severity: Severity, says: str) -> None:
    (finding,) = unknown_types([resource(kind)], ("AWS::",))
    assert (finding.severity, finding.code, finding.place.line) == (severity, "unknown-type", 5)
    assert says in finding.text


@pytest.mark.parametrize(
    "kind",
    [
        "AWS::ApiGateway::Method",
        "AWS::EC2::VPC",
        "AWS::CDK::Metadata",
        "Custom::Anything",
        "My::Own::Type::MODULE",
        "AWS::S3::Bucket::MODULE",
        "aws:apigateway/methd:Methd",
    ],
)
def test_types_that_exist_or_are_nobody_s(kind: str) -> None:
    assert list(unknown_types([resource(kind)], ("AWS::", "Custom::", "My::", "aws:"))) == []


def test_types_of_other_dialects_are_theirs() -> None:
    assert list(unknown_types([resource("AWS::ApiGateway::Methd")], ("AWS::Lambda::",))) == []


def test_the_table_has_all_types_that_the_vendor_s_schemas_have() -> None:
    known = {f"{prefix}{name}" for prefix, names in TYPE_NAMES.items() for name in names}
    listed = {
        name
        for path in _SCHEMAS.glob("*.json")
        if path.name != "sam.json"
        for name in json.loads(path.read_text("utf-8"))
        if name.startswith(tuple(TYPE_NAMES))
    }
    assert listed
    assert listed - known == set()


def test_the_table_has_all_types_that_are_provisioned() -> None:
    ours = {name for name in TYPES if name.startswith("AWS::")}
    assert {
        name for name in ours if name.rpartition("::")[2] not in TYPE_NAMES[name.rpartition("::")[0] + "::"]
    } == set()
