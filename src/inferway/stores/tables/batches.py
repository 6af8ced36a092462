"""BatchGetItem, BatchWriteItem, TransactGetItems and TransactWriteItems.

Source: DynamoDB API reference, the operations of these names. Here a batch is one transaction too, and leaves nothing
unprocessed.
"""

from collections.abc import Callable, Iterator
from typing import Any, Final

from inferway.languages.dynamodb.errors import ExpressionError
from inferway.languages.dynamodb.wire_types import mistyped
from inferway.stores.tables.errors import TableError, invalid
from inferway.stores.tables.keys import Key, key_of_item, key_of_request
from inferway.stores.tables.reads import get_item
from inferway.stores.tables.request import Request, table_name
from inferway.stores.tables.rows import Rows
from inferway.stores.tables.writes import check_condition, delete_item, put_item, update_item

_MOST_GETS: Final = 100
_MOST_WRITES: Final = 25
_MOST_TRANSACTED: Final = 100
_DUPLICATES: Final = "Provided list of item keys contains duplicates"

Response = dict[str, Any]
Operation = Callable[[Rows, Request], Response]

_WRITES: Final[dict[str, Operation]] = {"PutRequest": put_item, "DeleteRequest": delete_item}
_ACTIONS: Final[dict[str, Operation]] = {
    "Put": put_item,
    "Update": update_item,
    "Delete": delete_item,
    "ConditionCheck": check_condition,
}


def batch_get_item(rows: Rows, request: Request) -> Response:
    """Give items of several tables by their keys."""
    wanted = request.required("RequestItems", dict)
    if sum(len(_list(one, "Keys")) for one in wanted.values()) > _MOST_GETS:
        raise invalid("Too many items requested for the BatchGetItem call")
    responses: dict[str, list[Any]] = {}
    for name, one in wanted.items():
        definition = rows.definition(table_name(name))
        seen: set[Key] = set()
        found = responses.setdefault(name, [])
        for key in _list(one, "Keys"):
            single = Request({**one, "TableName": name, "Key": key})
            if (place := key_of_request(definition, single.item("Key"))) in seen:
                raise invalid(_DUPLICATES)
            seen.add(place)
            found += get_item(rows, single).values()
    return {"Responses": responses, "UnprocessedKeys": {}}


def batch_write_item(rows: Rows, request: Request) -> Response:
    """Put and delete items of several tables."""
    wanted = request.required("RequestItems", dict)
    writes = [(name, write) for name in wanted for write in _list(wanted, name)]
    if len(writes) > _MOST_WRITES:
        raise invalid("Too many items requested for the BatchWriteItem call")
    seen: set[tuple[str, Key]] = set()
    for name, write in writes:
        operation, fields = _only(write, _WRITES)
        single = Request({**fields, "TableName": name})
        if (place := (single.table, _key(rows, single))) in seen:
            raise invalid(_DUPLICATES)
        seen.add(place)
        operation(rows, single)
    return {"UnprocessedItems": {}}


def transact_get_items(rows: Rows, request: Request) -> Response:
    """Give items of several tables as they are at one moment."""
    wanted = _bounded(request)
    return {"Responses": [get_item(rows, Request(_list(one, "Get", dict))) for one in wanted]}


def transact_write_items(rows: Rows, request: Request) -> Response:
    """Carry out every action or none."""
    actions = [_only(one, _ACTIONS) for one in _bounded(request)]
    singles = [(operation, Request(fields)) for operation, fields in actions]
    places = [(single.table, _key(rows, single)) for _, single in singles]
    if len(set(places)) < len(places):
        raise invalid("Transaction request cannot include multiple operations on one item")
    reasons = list(_reasons(rows, singles))
    if any(reason["Code"] != "None" for reason in reasons):
        codes = ", ".join(reason["Code"] for reason in reasons)
        text = f"Transaction cancelled, please refer cancellation reasons for specific reasons [{codes}]"
        raise TableError("TransactionCanceledException", text, {"CancellationReasons": reasons})
    return {}


def _reasons(rows: Rows, singles: list[tuple[Operation, Request]]) -> Iterator[dict[str, Any]]:
    """Carry out actions and give, for each, why it cancels the transaction; a cancelled one is rolled back whole."""
    for operation, single in singles:
        try:
            operation(rows, single)
        except ExpressionError as error:
            yield {"Code": "ValidationError", "Message": str(error)}
        except TableError as error:
            if error.kind != "ConditionalCheckFailedException":
                raise
            yield {"Code": "ConditionalCheckFailed", "Message": error.message, **error.fields}
        else:
            yield {"Code": "None"}


def _bounded(request: Request) -> list[Any]:
    wanted: list[Any] = request.required("TransactItems", list)
    if not 1 <= len(wanted) <= _MOST_TRANSACTED:
        raise invalid(
            f"1 validation error detected: Value at 'transactItems' failed to satisfy constraint: "
            f"Member must have length less than or equal to {_MOST_TRANSACTED} and greater than or equal to 1"
        )
    return wanted


def _key(rows: Rows, single: Request) -> Key:
    definition = rows.definition(single.table)
    if "Item" in single.fields:
        return key_of_item(definition, single.item("Item"))
    return key_of_request(definition, single.item("Key"))


def _only(one: Any, operations: dict[str, Operation]) -> tuple[Operation, dict[str, Any]]:
    """Give the one operation that a member names, with its fields."""
    if not isinstance(one, dict) or len(one) != 1 or not isinstance(next(iter(one.values())), dict):
        raise invalid("Supplied AttributeValue has more than one datatypes set, must contain exactly one of them")
    name, fields = next(iter(one.items()))
    if name not in operations:
        raise TableError("SerializationException", f"{name} is not expected here")
    return operations[name], fields


def _list(fields: Any, name: str, kind: type = list) -> Any:
    value = fields.get(name) if isinstance(fields, dict) else None
    if not isinstance(value, kind):
        raise mistyped(value, kind)
    return value
