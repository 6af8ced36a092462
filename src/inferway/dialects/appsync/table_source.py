"""AMAZON_DYNAMODB data sources.

Source: AppSync, "Resolver mapping template reference for DynamoDB" (https://docs.aws.amazon.com/appsync/latest/devguide/
resolver-mapping-template-reference-dynamodb.html).
"""

import base64
import binascii
from collections.abc import Callable
from typing import Any, Final

import msgspec

from inferway.dialects.appsync.data_source import Outcome, Sent, SourceError, object_of, text_of, wrong_document
from inferway.dialects.appsync.table_values import for_wire, item
from inferway.exchange import Call, Exchange, Reply
from inferway.faults import Fault, FaultKind

Body = dict[str, Any]
Document = dict[str, object]


class TableSource:
    """Sends operations to one table, in DynamoDB's own protocol."""

    def __init__(self, table: str) -> None:
        self._table = table

    def call(self, document: Document) -> Call:
        """Give the call."""
        operation = text_of(document, "operation")
        make = _OPERATIONS.get(operation)
        if make is None:
            known = ", ".join(_OPERATIONS)
            raise wrong_document(f"Unsupported operation '{operation}'. Supported operations: {known}.")
        try:
            body = make(document, self._table)
        except (ValueError, AttributeError, TypeError) as error:
            raise wrong_document(f"The {operation} request is malformed: {error}") from error
        name = _WIRE_NAMES.get(operation, operation)
        headers = [
            (b"x-amz-target", f"DynamoDB_20120810.{name}".encode("ascii")),
            (b"content-type", b"application/x-amz-json-1.0"),
        ]
        return Call(method="POST", headers=headers, body=msgspec.json.encode(body))

    def outcome(self, reply: Reply, sent: Sent, exchange: Exchange) -> Outcome:
        """Give the operation's result with plain values, or DynamoDB's error."""
        try:
            document = msgspec.json.decode(reply.body) if reply.body else {}
        except msgspec.DecodeError:
            document = {}
        if not isinstance(document, dict):
            document = {}
        if reply.status != 200:
            if _is_as_wanted(document, sent.document):
                return Outcome(result=item(document.get("Item")))
            return _error(document, reply, exchange)
        return Outcome(result=_RESULTS[str(sent.document["operation"])](document, sent.document))

    def failed(self, fault: Fault) -> SourceError:
        """Give the error for a table that gave no reply."""
        kind = "DynamoDB:RequestTimeout" if fault.kind is FaultKind.BACKEND_TIMEOUT else "DynamoDB:ServiceUnavailable"
        return SourceError(message=fault.message or f"The table {self._table} cannot be reached.", type=kind)


def _is_as_wanted(error: Body, document: Document) -> bool:
    """Say whether a condition failed on an item that is already as the operation would leave it.

    Then the service takes the operation for done: an item that equals the one to put, but for the attributes of
    `equalsIgnore`, and one to delete that is not there; of an update it cannot tell. Source: AppSync, "Condition
    expressions", on condition check failures.
    """
    if not str(error.get("__type", "")).endswith("#ConditionalCheckFailedException"):
        return False
    there, operation = error.get("Item"), document["operation"]
    if operation == "DeleteItem":
        return not there
    if operation != "PutItem" or not isinstance(there, dict):
        return False
    ignored = object_of(document, "condition").get("equalsIgnore")
    left_out = set(ignored) if isinstance(ignored, list) else set()
    wanted = {**_values(document.get("attributeValues") or {}, "attributeValues"), **_key(document)}
    return {name: value for name, value in wanted.items() if name not in left_out} == {
        name: value for name, value in there.items() if name not in left_out
    }


def _error(document: Body, reply: Reply, exchange: Exchange) -> Outcome:
    """Give DynamoDB's error in the words of the SDK that the service calls it with (recorded)."""
    name = str(document.get("__type", "InternalServerError")).rpartition("#")[2]
    text = str(document.get("message") or document.get("Message") or name)
    request = (reply.header(b"x-amzn-requestid") or exchange.id.upper().replace("-", "").encode()).decode("latin-1")
    message = f"{text} (Service: DynamoDb, Status Code: {reply.status}, Request ID: {request})"
    return Outcome(result=item(document.get("Item")), error=SourceError(message=message, type=f"DynamoDB:{name}"))


def _values(given: object, what: str) -> Body:
    if not isinstance(given, dict):
        raise ValueError(f"{what} must be an object")  # noqa: TRY004 - a template's failure
    return {name: for_wire(value) for name, value in given.items()}


def _key(document: Document) -> Body:
    if document.get("key") is None:
        raise wrong_document("Value for field '$[key]' not found.")
    return _values(document["key"], "key")


def _expression(body: Body, into: str, part: Document) -> None:
    """Put an expression with its names and values into a request."""
    expression = part.get("expression")
    if isinstance(expression, str) and expression.strip():
        body[into] = expression
    names, values = part.get("expressionNames"), part.get("expressionValues")
    if names:
        body.setdefault("ExpressionAttributeNames", {}).update(names)
    if values:
        body.setdefault("ExpressionAttributeValues", {}).update(_values(values, "expressionValues"))


def _condition(body: Body, document: Document) -> None:
    condition = object_of(document, "condition")
    if condition:
        if object_of(condition, "conditionalCheckFailedHandler", "condition.").get("strategy", "Reject") != "Reject":
            raise wrong_document("A conditionalCheckFailedHandler other than Reject is not served by Inferway.")
        _expression(body, "ConditionExpression", condition)
        body["ReturnValuesOnConditionCheckFailure"] = "ALL_OLD"


def _get_item(document: Document, table: str) -> Body:
    body: Body = {"TableName": table, "Key": _key(document)}
    if document.get("consistentRead") is not None:
        body["ConsistentRead"] = bool(document["consistentRead"])
    _expression(body, "ProjectionExpression", object_of(document, "projection"))
    return body


def _put_item(document: Document, table: str) -> Body:
    values = _values(document.get("attributeValues") or {}, "attributeValues")
    body: Body = {"TableName": table, "Item": values | _key(document)}
    _condition(body, document)
    return body


def _update_item(document: Document, table: str) -> Body:
    body: Body = {"TableName": table, "Key": _key(document), "ReturnValues": "ALL_NEW"}
    _expression(body, "UpdateExpression", object_of(document, "update"))
    _condition(body, document)
    return body


def _delete_item(document: Document, table: str) -> Body:
    body: Body = {"TableName": table, "Key": _key(document), "ReturnValues": "ALL_OLD"}
    _condition(body, document)
    return body


_READ: Final = {
    "index": "IndexName",
    "limit": "Limit",
    "consistentRead": "ConsistentRead",
    "scanIndexForward": "ScanIndexForward",
    "select": "Select",
    "totalSegments": "TotalSegments",
    "segment": "Segment",
}


def _scan(document: Document, table: str) -> Body:
    body: Body = {"TableName": table}
    body |= {name: document[own] for own, name in _READ.items() if document.get(own) is not None}
    token = document.get("nextToken")
    if token is not None:
        body["ExclusiveStartKey"] = _read_token(str(token))
    _expression(body, "FilterExpression", object_of(document, "filter"))
    _expression(body, "ProjectionExpression", object_of(document, "projection"))
    return body


def _query(document: Document, table: str) -> Body:
    query = object_of(document, "query")
    if not query:
        raise wrong_document("Value for field '$[query]' not found.")
    body = _scan(document, table)
    _expression(body, "KeyConditionExpression", query)
    return body


def _tables(document: Document) -> dict[str, Any]:
    tables = object_of(document, "tables")
    if not tables:
        raise wrong_document("Value for field '$[tables]' not found.")
    for name, given in tables.items():
        keys = given.get("keys") if isinstance(given, dict) else given
        if not keys:
            raise wrong_document(f"RequestItem keys '$[tables][{name}]' can't be empty")
    return tables


def _batch_get(document: Document, table: str) -> Body:  # noqa: ARG001 - an operation's form
    items: Body = {}
    for name, given in _tables(document).items():
        wanted = given if isinstance(given, dict) else {"keys": given}
        part: Body = {"Keys": [_values(key, "key") for key in wanted["keys"]]}
        if wanted.get("consistentRead") is not None:
            part["ConsistentRead"] = bool(wanted["consistentRead"])
        _expression(part, "ProjectionExpression", object_of(wanted, "projection"))
        items[name] = part
    return {"RequestItems": items}


def _batch_write(request: str, member: str) -> Callable[[Document, str], Body]:
    def make(document: Document, table: str) -> Body:  # noqa: ARG001 - an operation's form
        return {
            "RequestItems": {
                name: [{request: {member: _values(value, "item")}} for value in given]
                for name, given in _tables(document).items()
            }
        }

    return make


_OPERATIONS: Final[dict[str, Callable[[Document, str], Body]]] = {
    "GetItem": _get_item,
    "PutItem": _put_item,
    "UpdateItem": _update_item,
    "DeleteItem": _delete_item,
    "Query": _query,
    "Scan": _scan,
    "BatchGetItem": _batch_get,
    "BatchPutItem": _batch_write("PutRequest", "Item"),
    "BatchDeleteItem": _batch_write("DeleteRequest", "Key"),
}
_WIRE_NAMES: Final = {"BatchPutItem": "BatchWriteItem", "BatchDeleteItem": "BatchWriteItem"}

OPERATIONS: Final = tuple(_OPERATIONS)
"""What is served; `Sync`, `TransactGetItems` and `TransactWriteItems` are not yet."""


def _page(body: Body, document: Document) -> object:  # noqa: ARG001 - a result's form
    last = body.get("LastEvaluatedKey")
    return {
        "items": [item(values) for values in body.get("Items", [])],
        "nextToken": _make_token(last) if last else None,
        "scannedCount": body.get("ScannedCount", body.get("Count", 0)),
    }


def _got(body: Body, document: Document) -> object:  # noqa: ARG001 - a result's form
    responses = body.get("Responses", {})
    left = body.get("UnprocessedKeys", {})
    return {
        "data": {name: [item(values) for values in items] for name, items in responses.items()},
        "unprocessedKeys": {name: [item(key) for key in part.get("Keys", [])] for name, part in left.items()},
    }


def _written(body: Body, document: Document) -> object:
    left = body.get("UnprocessedItems", {})
    member = "unprocessedItems" if document.get("operation") == "BatchPutItem" else "unprocessedKeys"
    return {
        "data": {name: [item(_values(value, "item")) for value in given] for name, given in _tables(document).items()},
        member: {
            name: [item(next(iter(next(iter(request.values())).values()))) for request in part]
            for name, part in left.items()
        },
    }


def _put(body: Body, document: Document) -> object:  # noqa: ARG001 - a result's form
    """Give the item that was put: DynamoDB itself gives none back."""
    return item(_values(document.get("attributeValues") or {}, "attributeValues") | _key(document))


_RESULTS: Final[dict[str, Callable[[Body, Document], object]]] = {
    "GetItem": lambda body, _: item(body.get("Item")),
    "PutItem": _put,
    "UpdateItem": lambda body, _: item(body.get("Attributes")),
    "DeleteItem": lambda body, _: item(body.get("Attributes")) or None,
    "Query": _page,
    "Scan": _page,
    "BatchGetItem": _got,
    "BatchPutItem": _written,
    "BatchDeleteItem": _written,
}


def _make_token(key: object) -> str:
    return base64.b64encode(msgspec.json.encode(key)).decode("ascii")


def _read_token(token: str) -> object:
    try:
        key = msgspec.json.decode(base64.b64decode(token, validate=True))
    except (binascii.Error, ValueError, msgspec.DecodeError, RecursionError):
        raise wrong_document("Invalid pagination token given.") from None
    if not isinstance(key, dict):
        raise wrong_document("Invalid pagination token given.")
    return key
