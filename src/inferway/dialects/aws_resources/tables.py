"""The tables that a definition declares, in both spellings."""

from collections.abc import Iterator
from typing import Final

from inferway.definition.bindings import BoundTable
from inferway.faults import Findings
from inferway.formats.cursor import Cursor, Report
from inferway.formats.resources import Resource, ResourceGraph

CLOUDFORMATION: Final = "AWS::DynamoDB::Table"
PULUMI: Final = "aws:dynamodb/table:Table"


def declared_tables(graph: ResourceGraph) -> tuple[tuple[BoundTable, ...], Findings]:
    """Give each table with its keys; findings name what a table has and is not kept here."""
    findings: Report = {}
    tables = [table for resource in graph.resources for table in _table(resource, findings)]
    return tuple(tables), tuple(findings)


def _table(resource: Resource, findings: Report) -> Iterator[BoundTable]:
    if resource.type not in (CLOUDFORMATION, PULUMI):
        return
    properties = Cursor.of(resource, findings)
    is_pulumi = resource.type == PULUMI
    types = {
        attribute["name" if is_pulumi else "AttributeName"].text(): attribute[
            "type" if is_pulumi else "AttributeType"
        ].text()
        for attribute in properties["attributes" if is_pulumi else "AttributeDefinitions"].items()
    }
    keys = (
        {"HASH": properties["hashKey"].text(), "RANGE": properties["rangeKey"].text()}
        if is_pulumi
        else {key["KeyType"].text(): key["AttributeName"].text() for key in properties["KeySchema"].items()}
    )
    if not keys.get("HASH"):
        properties.error("no-key", f"table {resource.name} has no partition key")
        return
    for name in ("globalSecondaryIndexes", "localSecondaryIndexes"):
        indexes = properties[name if is_pulumi else f"{name[0].upper()}{name[1:]}"]
        if indexes.value:
            indexes.warning("unserved-index", f"table {resource.name} has indexes, which are not kept here")
    yield BoundTable(
        name=resource.id or resource.name,
        partition_key=f"{keys['HASH']}:{types.get(keys['HASH'], 'S')}",
        sort_key=f"{keys['RANGE']}:{types.get(keys['RANGE'], 'S')}" if keys.get("RANGE") else "",
    )
