"""CreateTable, DescribeTable, DeleteTable and ListTables.

Source: DynamoDB API reference, the operations of these names. A table is ACTIVE as soon as it is made.
"""

from typing import Any

from inferway.stores.tables.definition import Index, KeySchema, TableDefinition
from inferway.stores.tables.errors import TableError, invalid
from inferway.stores.tables.request import Request
from inferway.stores.tables.rows import Rows

Response = dict[str, Any]


def create_table(rows: Rows, request: Request) -> Response:
    """Make a table."""
    definition = read_definition(request)
    if definition.name in rows.names():
        raise TableError("ResourceInUseException", f"Table already exists: {definition.name}")
    rows.define(definition)
    return {"TableDescription": describe(rows, definition)}


def describe_table(rows: Rows, request: Request) -> Response:
    """Say what a table is."""
    return {"Table": describe(rows, _named(rows, request))}


def delete_table(rows: Rows, request: Request) -> Response:
    """Remove a table with its items."""
    definition = _named(rows, request)
    description = {**describe(rows, definition), "TableStatus": "DELETING"}
    rows.drop(definition.name)
    return {"TableDescription": description}


def list_tables(rows: Rows, request: Request) -> Response:
    """Give the names of the tables, a page of at most 100."""
    limit = request.of_type("Limit", int, 100)
    start = request.of_type("ExclusiveStartTableName", str, "")
    names = [name for name in rows.names() if name > start]
    page = names[:limit]
    return {"TableNames": page, "LastEvaluatedTableName": page[-1]} if len(names) > limit else {"TableNames": page}


def read_definition(request: Request) -> TableDefinition:
    """Read CreateTable's members, which are also CloudFormation's of AWS::DynamoDB::Table; raises TableError."""
    attributes = request.required("AttributeDefinitions", list)
    try:
        types = {one["AttributeName"]: one["AttributeType"] for one in attributes}
        indexes = [
            _index(one, is_local=kind == "LocalSecondaryIndexes")
            for kind in ("GlobalSecondaryIndexes", "LocalSecondaryIndexes")
            for one in request.of_type(kind, list, [])
        ]
        return TableDefinition(
            name=request.table,
            keys=_schema(request.required("KeySchema", list)),
            types=types,
            indexes=tuple(indexes),
        )
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise invalid(f"One or more parameter values were invalid: {error}") from None


def describe(rows: Rows, definition: TableDefinition) -> Response:
    """Give a table's description."""
    count, size = rows.count(definition.name)
    arn = f"arn:aws:dynamodb:us-east-1:000000000000:table/{definition.name}"
    description: Response = {
        "TableName": definition.name,
        "TableArn": arn,
        "TableStatus": "ACTIVE",
        "ItemCount": count,
        "TableSizeBytes": size,
        "KeySchema": _written(definition.keys),
        "AttributeDefinitions": [
            {"AttributeName": name, "AttributeType": kind} for name, kind in definition.types.items()
        ],
        "BillingModeSummary": {"BillingMode": "PAY_PER_REQUEST"},
    }
    for is_local, kind in ((False, "GlobalSecondaryIndexes"), (True, "LocalSecondaryIndexes")):
        indexes = [_described(index, arn) for index in definition.indexes if index.is_local is is_local]
        if indexes:
            description[kind] = indexes
    return description


def _named(rows: Rows, request: Request) -> TableDefinition:
    name = request.table
    if name not in rows.names():
        raise TableError("ResourceNotFoundException", f"Requested resource not found: Table: {name} not found")
    return rows.definition(name)


def _schema(keys: list[dict[str, str]]) -> KeySchema:
    by_type = {key["KeyType"]: key["AttributeName"] for key in keys}
    return KeySchema(partition=by_type["HASH"], sort=by_type.get("RANGE", ""))


def _index(fields: dict[str, Any], *, is_local: bool) -> Index:
    projection = fields.get("Projection", {})
    return Index(
        name=fields["IndexName"],
        keys=_schema(fields["KeySchema"]),
        is_local=is_local,
        projection=projection.get("ProjectionType", "ALL"),
        attributes=tuple(projection.get("NonKeyAttributes", ())),
    )


def _written(schema: KeySchema) -> list[dict[str, str]]:
    return [
        {"AttributeName": name, "KeyType": kind} for name, kind in zip(schema.names, ("HASH", "RANGE"), strict=False)
    ]


def _described(index: Index, arn: str) -> Response:
    projection: Response = {"ProjectionType": index.projection}
    if index.attributes:
        projection["NonKeyAttributes"] = list(index.attributes)
    described = {
        "IndexName": index.name,
        "IndexArn": f"{arn}/index/{index.name}",
        "KeySchema": _written(index.keys),
        "Projection": projection,
    }
    return described if index.is_local else {**described, "IndexStatus": "ACTIVE"}
