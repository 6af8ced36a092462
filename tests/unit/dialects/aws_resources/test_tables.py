"""Tables in both spellings: CloudFormation's and the Pulumi SDK's."""

from collections.abc import Mapping

import pytest

from inferway.definition.bindings import BoundTable
from inferway.dialects.aws_resources.tables import CLOUDFORMATION, PULUMI, declared_tables
from inferway.faults import Findings, Place
from inferway.formats.resources import OnePlace, Resource, ResourceGraph

PLACES = OnePlace(Place(file="f", line=7))


def read(kind: str, properties: Mapping[str, object], id: str = "made-1") -> tuple[tuple[BoundTable, ...], Findings]:  # noqa: A002 - the field's name
    resource = Resource(type=kind, name="Logical", properties=properties, places=PLACES, id=id)
    return declared_tables(ResourceGraph(resources=(resource,)))


CFN = {
    "AttributeDefinitions": [
        {"AttributeName": "id", "AttributeType": "S"},
        {"AttributeName": "at", "AttributeType": "N"},
    ],
    "KeySchema": [{"AttributeName": "at", "KeyType": "RANGE"}, {"AttributeName": "id", "KeyType": "HASH"}],
}
SDK = {"attributes": [{"name": "id", "type": "S"}, {"name": "at", "type": "N"}], "hashKey": "id", "rangeKey": "at"}


@pytest.mark.parametrize(("kind", "properties"), [(CLOUDFORMATION, CFN), (PULUMI, SDK)])
def test_both_keys_with_their_types(kind: str, properties: Mapping[str, object]) -> None:
    """DynamoDB API Reference, "KeySchemaElement": HASH is the partition key, RANGE the sort key."""
    assert read(kind, properties) == ((BoundTable(name="made-1", partition_key="id:S", sort_key="at:N"),), ())


def test_a_partition_key_alone() -> None:
    for kind, properties in (
        (CLOUDFORMATION, CFN | {"KeySchema": CFN["KeySchema"][1:]}),
        (PULUMI, SDK | {"rangeKey": ""}),
    ):
        (table,), findings = read(kind, properties)
        assert (table.sort_key, findings) == ("", ())


def test_a_table_without_an_identifier_has_its_logical_name() -> None:
    (table,), _ = read(PULUMI, SDK, id="")
    assert table.name == "Logical"


@pytest.mark.parametrize(
    ("kind", "properties"), [(CLOUDFORMATION, {}), (PULUMI, {}), (CLOUDFORMATION, CFN | {"KeySchema": "x"})]
)
def test_a_table_without_a_key_is_an_error(kind: str, properties: Mapping[str, object]) -> None:
    tables, findings = read(kind, properties)
    assert tables == ()
    assert "no-key" in [finding.code for finding in findings]
    assert all(finding.place.line == 7 for finding in findings)


@pytest.mark.parametrize(
    ("kind", "properties"),
    [
        (CLOUDFORMATION, CFN | {"GlobalSecondaryIndexes": [{}]}),
        (CLOUDFORMATION, CFN | {"LocalSecondaryIndexes": [{}]}),
        (PULUMI, SDK | {"globalSecondaryIndexes": [{}]}),
        (PULUMI, SDK | {"localSecondaryIndexes": [{}]}),
    ],
)
def test_an_index_is_said_to_be_left_out(kind: str, properties: Mapping[str, object]) -> None:
    tables, findings = read(kind, properties)
    assert len(tables) == 1
    assert [(finding.code, str(finding.severity)) for finding in findings] == [("unserved-index", "warning")]


def test_other_resources_are_no_tables() -> None:
    assert read("AWS::DynamoDB::GlobalTable", CFN) == ((), ())
