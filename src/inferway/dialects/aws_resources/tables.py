"""The tables that a definition declares, in both spellings.

Sources: CloudFormation Template Reference, "AWS::DynamoDB::Table" and "AWS::DynamoDB::GlobalTable";
https://www.pulumi.com/registry/packages/aws/api-docs/dynamodb/table/.
"""

from collections.abc import Iterator, Mapping
from typing import Final

import msgspec

from inferway.definition.bindings import BoundIndex, BoundTable
from inferway.faults import Findings
from inferway.formats.cursor import Cursor, Report
from inferway.formats.resources import Resource, ResourceGraph

CLOUDFORMATION: Final = "AWS::DynamoDB::Table"
GLOBAL: Final = "AWS::DynamoDB::GlobalTable"
PULUMI: Final = "aws:dynamodb/table:Table"

_KEY_TYPES: Final = ("S", "N", "B")
_PROJECTIONS: Final = ("ALL", "KEYS_ONLY", "INCLUDE")


def declared_tables(graph: ResourceGraph) -> tuple[tuple[BoundTable, ...], Findings]:
    """Give each table with its keys and its indexes; findings name what of them is wrong."""
    findings: Report = {}
    tables: dict[str, BoundTable] = {}
    for resource in graph.resources:
        for table in _table(resource, findings):
            if table.name in tables:
                text = f"a table has the name {table.name} already; this one is left out"
                Cursor.of(resource, findings).warning("duplicate-table", text)
            else:
                tables[table.name] = table
    return tuple(tables.values()), tuple(findings)


def _table(resource: Resource, findings: Report) -> Iterator[BoundTable]:
    if resource.type not in (CLOUDFORMATION, GLOBAL, PULUMI):
        return
    properties = Cursor.of(resource, findings)
    read = _read_program if resource.type == PULUMI else _read_template
    before = len(findings)
    table = read(properties, resource.id or resource.name)
    if table.partition_key:
        yield from (table,) if len(findings) == before else ()
    else:
        properties.error("no-key", f"table {resource.name} has no partition key")


def _read_template(properties: Cursor, name: str) -> BoundTable:
    types = _types(properties["AttributeDefinitions"], "AttributeName", "AttributeType")
    partition, sort = _schema(properties["KeySchema"], types)
    indexes = []
    for kind in ("GlobalSecondaryIndexes", "LocalSecondaryIndexes"):
        for index in properties[kind].items():
            of, by = _schema(index["KeySchema"], types)
            projection = index["Projection"]
            made = BoundIndex(
                name=_named(index["IndexName"]),
                partition_key=of,
                sort_key=by,
                is_local=kind.startswith("Local"),
                projection=_projection(projection["ProjectionType"]),
                attributes=tuple(attribute.text() for attribute in projection["NonKeyAttributes"].items()),
            )
            indexes.append(_checked(made, partition, index))
    return BoundTable(name=name, partition_key=partition, sort_key=sort, indexes=tuple(indexes))


def _read_program(properties: Cursor, name: str) -> BoundTable:
    types = _types(properties["attributes"], "name", "type")
    partition, sort = _typed(properties["hashKey"], types), _typed(properties["rangeKey"], types)
    indexes = []
    for kind in ("globalSecondaryIndexes", "localSecondaryIndexes"):
        for index in properties[kind].items():
            listed = _schema(index["keySchemas"], types, "attributeName", "keyType")
            made = BoundIndex(
                name=_named(index["name"]),
                partition_key=_typed(index["hashKey"], types) or listed[0],
                sort_key=_typed(index["rangeKey"], types) or listed[1],
                is_local=kind.startswith("local"),
                projection=_projection(index["projectionType"]),
                attributes=tuple(attribute.text() for attribute in index["nonKeyAttributes"].items()),
            )
            indexes.append(_checked(made, partition, index))
    return BoundTable(name=name, partition_key=partition, sort_key=sort, indexes=tuple(indexes))


def _types(attributes: Cursor, name: str, kind: str) -> dict[str, str]:
    """Give the types of the attributes that are keys; report one that no key can have."""
    types = {}
    for attribute in attributes.items():
        given = attribute[kind]
        types[attribute[name].text()] = given.text()
        if given.text() not in _KEY_TYPES:
            given.error("bad-key-type", f"a key is of type {', '.join(_KEY_TYPES)}, not {given.text()!r}")
    return types


def _schema(
    schema: Cursor, types: Mapping[str, str], name: str = "AttributeName", role: str = "KeyType"
) -> tuple[str, str]:
    """Give a partition key and a sort key, or "", from a list of them; report a second one of a kind."""
    keys: dict[str, str] = {}
    for key in schema.items():
        if key[role].text() in keys:
            key.error("several-keys", "a table or an index has one partition key and one sort key here")
        keys[key[role].text()] = _typed(key[name], types)
    return keys.get("HASH", ""), keys.get("RANGE", "")


def _typed(name: Cursor, types: Mapping[str, str]) -> str:
    """Give a key attribute with its type, "" where there is none; report one that is not among the attributes."""
    key = name.text()
    if key and key not in types:
        name.error("unknown-attribute", f"the key {key!r} is not among the attributes that have a type")
    return f"{key}:{types.get(key, 'S')}" if key else ""


def _named(name: Cursor) -> str:
    if not name.text():
        name.error("no-name", "an index needs a name")
    return name.text()


def _projection(given: Cursor) -> str:
    kind = given.text("ALL")
    if kind not in _PROJECTIONS:
        given.error("bad-projection", f"a projection is {', '.join(_PROJECTIONS)}, not {kind!r}")
    return kind


def _checked(index: BoundIndex, partition: str, place: Cursor) -> BoundIndex:
    """Give an index with its table's partition key where it is a local one; report one without."""
    made = msgspec.structs.replace(index, partition_key=partition) if index.is_local else index
    if not made.partition_key:
        place.error("no-key", f"index {made.name} has no partition key")
    return made
