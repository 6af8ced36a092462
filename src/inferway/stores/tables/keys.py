"""Keys: checked against a table's schema, and as bytes that sort as the service sorts keys.

Source: DynamoDB API reference, "Query" (numbers in numeric order, else in order of UTF-8 bytes, binaries as unsigned
bytes); developer guide, "Quotas in Amazon DynamoDB" for the sizes.
"""

import base64
from decimal import Decimal
from typing import Final

from inferway.languages.dynamodb.numbers import sortable
from inferway.languages.dynamodb.values import Item, Value, kind_of
from inferway.stores.tables.definition import Index, KeySchema, TableDefinition
from inferway.stores.tables.errors import invalid

Key = tuple[bytes, bytes]

_INVALID: Final = "One or more parameter values were invalid: "
_LONGEST_PARTITION: Final = 2048
_LONGEST_SORT: Final = 1024


def encode_key(value: Value) -> bytes:
    """Give a key attribute's value as bytes that sort as the values do."""
    kind, content = next(iter(value.items()))
    if kind == "N":
        return sortable(Decimal(content))
    return base64.b64decode(content) if kind == "B" else content.encode("utf-8", "surrogatepass")


def key_of_item(definition: TableDefinition, item: Item) -> Key:
    """Give the key of a whole item, which must have it and every index's in the right types; raises TableError."""
    for name in definition.keys.names:
        if name not in item:
            raise invalid(f"{_INVALID}Missing the key {name} in the item")
        kind = kind_of(item[name])
        if kind != definition.types[name]:
            raise invalid(f"{_INVALID}Type mismatch for key {name} expected: {definition.types[name]} actual: {kind}")
    for index in definition.indexes:
        _check_index(definition, index, item)
    return _encoded(definition.keys, item)


def key_of_request(definition: TableDefinition, key: Item) -> Key:
    """Give the key that a request names, which must have the key's attributes and no others; raises TableError."""
    names = definition.keys.names
    if set(key) != set(names) or any(kind_of(key[name]) != definition.types[name] for name in names):
        raise invalid("The provided key element does not match the schema")
    return _encoded(definition.keys, key)


def index_key(index: Index, item: Item) -> Key | None:
    """Give an item's key in an index; None for an item that is not in it."""
    if any(name not in item for name in index.keys.names):
        return None
    return _encoded(index.keys, item)


def key_attributes(definition: TableDefinition, item: Item, index: Index | None = None) -> Item:
    """Give the attributes of an item's key, and those of its key in an index."""
    names = (*definition.keys.names, *(index.keys.names if index else ()))
    return {name: item[name] for name in names}


def _check_index(definition: TableDefinition, index: Index, item: Item) -> None:
    for name in index.keys.names:
        if name not in item or name in definition.keys.names:
            continue
        kind, wanted = kind_of(item[name]), definition.types[name]
        if kind != wanted:
            raise invalid(
                f"{_INVALID}Type mismatch for Index Key {name} Expected: {wanted} Actual: {kind} "
                f"IndexName: {index.name}"
            )


def _encoded(schema: KeySchema, item: Item) -> Key:
    for name in schema.names:
        kind, content = next(iter(item[name].items()))
        if not content:
            what = "string" if kind == "S" else "binary"
            raise invalid(
                "One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain "
                f"an empty {what} value. Key: {name}"
            )
    partition = encode_key(item[schema.partition])
    sort = encode_key(item[schema.sort]) if schema.sort else b""
    if len(partition) > _LONGEST_PARTITION:
        raise invalid(f"{_INVALID}Size of hashkey has exceeded the maximum size limit of2048 bytes")
    if len(sort) > _LONGEST_SORT:
        raise invalid(f"{_INVALID}Aggregated size of all range keys has exceeded the size limit of 1024 bytes")
    return partition, sort
