"""GetItem, Query and Scan.

Source: DynamoDB API reference, the operations of these names.
"""

import zlib
from collections.abc import Callable, Iterator
from typing import Any, Final

from sqlalchemy import ColumnElement

from inferway.languages.dynamodb.conditions import holds
from inferway.languages.dynamodb.nodes import Condition, Path
from inferway.languages.dynamodb.paths import project
from inferway.languages.dynamodb.values import Item
from inferway.stores.tables.definition import Index, TableDefinition
from inferway.stores.tables.errors import invalid
from inferway.stores.tables.key_conditions import key_ranges
from inferway.stores.tables.keys import encode_key, index_key, key_attributes, key_of_request
from inferway.stores.tables.request import Request
from inferway.stores.tables.rows import Rows

_PAGE: Final = 1_048_576  # bytes that one Query or Scan reads

Response = dict[str, Any]


def get_item(rows: Rows, request: Request) -> Response:
    """Give the item with a key."""
    definition = rows.definition(request.table)
    key = key_of_request(definition, request.item("Key"))
    paths = request.projection()
    request.check_use()
    item = rows.get(definition, key)
    if item is None:
        return {}
    return {"Item": item if paths is None else project(item, paths)}


def query(rows: Rows, request: Request) -> Response:
    """Give the items of one partition, in the order of their sort keys."""
    definition = rows.definition(request.table)
    index = _index(definition, request)
    if request.fields.get("KeyConditionExpression") is None:
        raise invalid("Either the KeyConditions or KeyConditionExpression parameter must be specified in the request.")
    condition = request.condition("KeyConditionExpression")
    ranges = key_ranges(condition, definition, index)
    page = _Page(definition, index, request)
    forward = request.of_type("ScanIndexForward", bool, default=True)
    return page.read(rows, ranges, forward=forward)


def scan(rows: Rows, request: Request) -> Response:
    """Give the items of a whole table or index."""
    definition = rows.definition(request.table)
    return _Page(definition, _index(definition, request), request).read(rows, lambda _: [], forward=True)


class _Page:
    """One page of a Query or Scan: at most `Limit` items are looked at, and 1 MB."""

    def __init__(self, definition: TableDefinition, index: Index | None, request: Request) -> None:
        self._definition = definition
        self._index = index
        self._limit = request.of_type("Limit", int, 2**31)
        if self._limit < 1:
            raise invalid(
                f"1 validation error detected: Value '{self._limit}' at 'limit' failed to satisfy constraint: "
                "Member must have value greater than or equal to 1"
            )
        self._filter: Condition | None = request.condition("FilterExpression")
        self._paths: tuple[Path, ...] | None = request.projection()
        self._counts = request.fields.get("Select") == "COUNT"
        self._segment = _segment(request)
        request.check_use()
        start = request.fields.get("ExclusiveStartKey")
        self._after = None if start is None else _place(definition, index, request.item("ExclusiveStartKey"))

    def read(self, rows: Rows, ranges: Callable[[Any], list[ColumnElement[bool]]], *, forward: bool) -> Response:
        found: list[Item] = []
        looked_at = read = 0
        last: Item | None = None
        walk = rows.walk(self._definition, self._index, ranges, self._after, forward=forward)
        for item, size in self._of_segment(walk):
            looked_at += 1
            read += size
            if self._filter is None or holds(self._filter, item):
                found.append(self._shown(item))
            if looked_at >= self._limit or read >= _PAGE:
                last = key_attributes(self._definition, item, self._index)
                break
        response: Response = {"Count": len(found), "ScannedCount": looked_at}
        if not self._counts:
            response["Items"] = found
        if last is not None:
            response["LastEvaluatedKey"] = last
        return response

    def _of_segment(self, walk: Iterator[tuple[Item, int]]) -> Iterator[tuple[Item, int]]:
        segment, total = self._segment
        for item, size in walk:
            partition = encode_key(item[self._definition.keys.partition])
            if total == 1 or zlib.crc32(partition) % total == segment:
                yield item, size

    def _shown(self, item: Item) -> Item:
        index = self._index
        if index is not None and index.projection != "ALL":
            names = {*self._definition.keys.names, *index.keys.names, *index.attributes}
            item = {name: value for name, value in item.items() if name in names}
        return item if self._paths is None else project(item, self._paths)


def _index(definition: TableDefinition, request: Request) -> Index | None:
    name = request.of_type("IndexName", str, None)
    if name is None:
        return None
    index = definition.index(name)
    if index is None:
        raise invalid(f"The table does not have the specified index: {name}")
    if not index.is_local and request.of_type("ConsistentRead", bool, default=False):
        raise invalid("Consistent reads are not supported on global secondary indexes")
    return index


def _place(definition: TableDefinition, index: Index | None, start: Item) -> tuple[bytes, ...]:
    names = {*definition.keys.names, *(index.keys.names if index else ())}
    if set(start) != names:
        raise invalid("The provided starting key is invalid")
    key = key_of_request(definition, {name: start[name] for name in definition.keys.names})
    if index is None:
        return key
    place = index_key(index, start)
    return (*(place or ()), *key)


def _segment(request: Request) -> tuple[int, int]:
    segment = request.of_type("Segment", int, None)
    total = request.of_type("TotalSegments", int, None)
    if (segment is None) != (total is None):
        raise invalid("The TotalSegments parameter and the Segment parameter are required together")
    if segment is None:
        return 0, 1
    if not 0 <= segment < total <= 1_000_000:
        raise invalid(
            "The Segment parameter is zero-based and must be less than parameter TotalSegments: "
            f"Segment: {segment} is not less than TotalSegments: {total}"
        )
    return segment, total
