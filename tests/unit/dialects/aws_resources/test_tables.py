"""Tables in both spellings: CloudFormation's and the Pulumi SDK's."""

from collections.abc import Mapping

import pytest

from inferway.definition.bindings import BoundIndex, BoundTable
from inferway.dialects.aws_resources.tables import CLOUDFORMATION, GLOBAL, PULUMI, declared_tables
from inferway.faults import Findings, Place
from inferway.formats.resources import OnePlace, Resource, ResourceGraph
from inferway.stores.tables.definition import bound_definition

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
SDK_KEYS = [{"name": "id", "type": "S"}, {"name": "at", "type": "N"}]
SDK: dict[str, object] = {"attributes": SDK_KEYS, "hashKey": "id", "rangeKey": "at"}


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


MORE = [{"AttributeName": "owner", "AttributeType": "S"}, {"AttributeName": "size", "AttributeType": "N"}]
CFN_INDEXES = {
    "AttributeDefinitions": [*CFN["AttributeDefinitions"], *MORE],
    "GlobalSecondaryIndexes": [
        {
            "IndexName": "by-owner",
            "KeySchema": [{"AttributeName": "owner", "KeyType": "HASH"}, {"AttributeName": "at", "KeyType": "RANGE"}],
            "Projection": {"ProjectionType": "INCLUDE", "NonKeyAttributes": ["title"]},
            "ProvisionedThroughput": {"ReadCapacityUnits": 1, "WriteCapacityUnits": 1},
        }
    ],
    "LocalSecondaryIndexes": [
        {
            "IndexName": "by-size",
            "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}, {"AttributeName": "size", "KeyType": "RANGE"}],
            "Projection": {"ProjectionType": "KEYS_ONLY"},
        }
    ],
}
SDK_ATTRIBUTES = [*SDK_KEYS, {"name": "owner", "type": "S"}, {"name": "size", "type": "N"}]
SDK_INDEXES = {
    "attributes": SDK_ATTRIBUTES,
    "globalSecondaryIndexes": [
        {
            "name": "by-owner",
            "hashKey": "owner",
            "rangeKey": "at",
            "projectionType": "INCLUDE",
            "nonKeyAttributes": ["title"],
        }
    ],
    "localSecondaryIndexes": [{"name": "by-size", "rangeKey": "size", "projectionType": "KEYS_ONLY"}],
}
LISTED = {
    **SDK_INDEXES,
    "globalSecondaryIndexes": [
        {
            "name": "by-owner",
            "keySchemas": [
                {"attributeName": "owner", "keyType": "HASH"},
                {"attributeName": "at", "keyType": "RANGE"},
            ],
            "projectionType": "INCLUDE",
            "nonKeyAttributes": ["title"],
        }
    ],
}


@pytest.mark.parametrize(
    ("kind", "properties"),
    [
        (CLOUDFORMATION, CFN | CFN_INDEXES),
        (GLOBAL, CFN | CFN_INDEXES),
        (PULUMI, SDK | SDK_INDEXES),
        (PULUMI, SDK | LISTED),
    ],
)
def test_indexes_with_their_keys_and_projections(kind: str, properties: Mapping[str, object]) -> None:
    """DynamoDB API Reference, "GlobalSecondaryIndex", "LocalSecondaryIndex", "Projection"."""
    (table,), findings = read(kind, properties)
    assert findings == ()
    assert table.indexes == (
        BoundIndex(
            name="by-owner", partition_key="owner:S", sort_key="at:N", projection="INCLUDE", attributes=("title",)
        ),
        BoundIndex(name="by-size", partition_key="id:S", sort_key="size:N", is_local=True, projection="KEYS_ONLY"),
    )
    assert bound_definition(table).types == {"id": "S", "at": "N", "owner": "S", "size": "N"}


@pytest.mark.parametrize(
    ("kind", "properties", "code"),
    [
        (CLOUDFORMATION, CFN | {"GlobalSecondaryIndexes": [{"IndexName": "i"}]}, "no-key"),
        (CLOUDFORMATION, CFN | {"GlobalSecondaryIndexes": [{"KeySchema": CFN["KeySchema"]}]}, "no-name"),
        (
            CLOUDFORMATION,
            CFN | {"AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "BOOL"}]},
            "bad-key-type",
        ),
        (CLOUDFORMATION, CFN | {"KeySchema": [*CFN["KeySchema"], *CFN["KeySchema"]]}, "several-keys"),
        (CLOUDFORMATION, CFN | {"AttributeDefinitions": []}, "unknown-attribute"),
        (
            PULUMI,
            SDK | {"globalSecondaryIndexes": [{"name": "i", "hashKey": "id", "projectionType": "SOME"}]},
            "bad-projection",
        ),
        (PULUMI, SDK | {"globalSecondaryIndexes": [{"name": "i", "hashKey": "who"}]}, "unknown-attribute"),
        (PULUMI, SDK | {"attributes": [{"name": "id", "type": "SS"}]}, "bad-key-type"),
    ],
)
def test_what_no_table_can_have_is_an_error(kind: str, properties: Mapping[str, object], code: str) -> None:
    tables, findings = read(kind, properties)
    assert tables == ()
    assert code in [finding.code for finding in findings]
    assert {finding.severity for finding in findings} == {"error"}


def test_replicas_are_one_table() -> None:
    (table,), findings = read(GLOBAL, CFN | {"Replicas": [{"Region": "us-east-1"}, {"Region": "eu-west-1"}]})
    assert (table.partition_key, table.sort_key, findings) == ("id:S", "at:N", ())


def test_other_resources_are_no_tables() -> None:
    assert read("aws:dynamodb/globalTable:GlobalTable", SDK) == ((), ())


def test_of_two_tables_with_one_name_the_first_counts() -> None:
    first, second = (
        Resource(type=kind, name="Logical", properties=properties, places=PLACES, id="made-1")
        for kind, properties in ((CLOUDFORMATION, CFN), (PULUMI, SDK | {"rangeKey": ""}))
    )
    (table,), (finding,) = declared_tables(ResourceGraph(resources=(first, second)))
    assert (table.sort_key, finding.code, finding.severity) == ("at:N", "duplicate-table", "warning")
