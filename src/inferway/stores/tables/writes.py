"""PutItem, UpdateItem and DeleteItem.

Source: DynamoDB API reference, the operations of these names.
"""

from typing import Any, Final

from inferway.languages.dynamodb.nodes import Update
from inferway.languages.dynamodb.paths import project
from inferway.languages.dynamodb.updates import apply
from inferway.languages.dynamodb.values import Item, checked_item, item_size
from inferway.stores.tables.errors import invalid
from inferway.stores.tables.keys import key_of_item, key_of_request
from inferway.stores.tables.request import Request
from inferway.stores.tables.rows import Rows

_LARGEST: Final = 409_600  # bytes of an item (developer guide, "Quotas")

Response = dict[str, Any]


def put_item(rows: Rows, request: Request) -> Response:
    """Put an item in the place of the one with its key."""
    definition = rows.definition(request.table)
    item = request.item("Item")
    returned = request.one_of("ReturnValues", "NONE", "ALL_OLD")
    condition = request.condition("ConditionExpression")
    request.check_use()
    key = key_of_item(definition, item)
    if item_size(item) > _LARGEST:
        raise invalid("Item size has exceeded the maximum allowed size")
    old = rows.get(definition, key)
    request.must_hold(condition, old)
    rows.put(definition, key, item, replaces=old is not None)
    return {"Attributes": old} if returned == "ALL_OLD" and old is not None else {}


def delete_item(rows: Rows, request: Request) -> Response:
    """Delete the item with a key."""
    definition = rows.definition(request.table)
    key = key_of_request(definition, request.item("Key"))
    returned = request.one_of("ReturnValues", "NONE", "ALL_OLD")
    condition = request.condition("ConditionExpression")
    request.check_use()
    old = rows.get(definition, key)
    request.must_hold(condition, old)
    if old is not None:
        rows.delete(definition, key)
    return {"Attributes": old} if returned == "ALL_OLD" and old is not None else {}


def update_item(rows: Rows, request: Request) -> Response:
    """Change the attributes of the item with a key, or make one."""
    definition = rows.definition(request.table)
    key_attributes = request.item("Key")
    key = key_of_request(definition, key_attributes)
    returned = request.one_of("ReturnValues", "NONE", "ALL_OLD", "UPDATED_OLD", "ALL_NEW", "UPDATED_NEW")
    condition = request.condition("ConditionExpression")
    update = request.update()
    request.check_use()
    for path in update.paths():
        if path[0] in definition.keys.names:
            raise invalid(
                "One or more parameter values were invalid: "
                f"Cannot update attribute {path[0]}. This attribute is part of the key"
            )
    old = rows.get(definition, key)
    request.must_hold(condition, old)
    new = apply(update, old if old is not None else key_attributes)
    if any(len(path) > 1 for path in update.paths()):
        checked_item(new)  # what is put into the depth of an item may nest too deeply there
    key_of_item(definition, new)
    if item_size(new) > _LARGEST:
        raise invalid("Item size to update has exceeded the maximum allowed size")
    rows.put(definition, key, new, replaces=old is not None)
    return _returned(returned, update, old, new)


def _returned(returned: str, update: Update, old: Item | None, new: Item) -> Response:
    if returned == "NONE":
        return {}
    item = old if returned.endswith("OLD") else new
    if item is None:
        return {}
    if returned.startswith("UPDATED"):
        item = project(item, update.paths())
        return {"Attributes": item} if item else {}
    return {"Attributes": item}


def check_condition(rows: Rows, request: Request) -> Response:
    """Check a condition on the item with a key, within a transaction (TransactWriteItems, ConditionCheck)."""
    definition = rows.definition(request.table)
    key = key_of_request(definition, request.item("Key"))
    request.required("ConditionExpression", str)
    condition = request.condition("ConditionExpression")
    request.check_use()
    request.must_hold(condition, rows.get(definition, key))
    return {}
