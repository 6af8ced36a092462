"""DynamoDB's API over the tables of this node, in AWS JSON 1.0: `POST /` with the operation in X-Amz-Target.

Source: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.LowLevelAPI.html
"""

import zlib
from collections.abc import Iterator
from typing import Any, Final

import msgspec

from inferway.control.authorization import Authorize
from inferway.control.aws_json import internal_error, request_id_header, signature_error
from inferway.exchange import Request, Response
from inferway.faults import Fault
from inferway.stores.tables.service import TableService

_PREFIX: Final = b"DynamoDB_20120810."
_TYPE: Final = b"application/x-amz-json-1.0"
_CORAL: Final = "com.amazon.coral.service#"
_ALL: Final = "*"
_TRANSACTED: Final = {
    "Get": "GetItem",
    "Put": "PutItem",
    "Update": "UpdateItem",
    "Delete": "DeleteItem",
    "ConditionCheck": "ConditionCheckItem",
}
"""A transaction needs the permission of each operation in it (developer guide, "IAM and transactions")."""


class DynamoDb:
    """One store of tables; `tables` is the ARN below which they are, `authorize` sees every request first."""

    def __init__(self, service: TableService, authorize: Authorize, tables: str) -> None:
        self._service = service
        self._authorize = authorize
        self._tables = tables

    async def handle(self, request: Request, below: str) -> Response:
        """Answer one request; `below` is what its path has below the service's own."""
        target = request.header(b"x-amz-target") or b""
        operation = target.removeprefix(_PREFIX).decode("latin-1") if target.startswith(_PREFIX) else ""
        try:
            fault = self._fault(request, operation)
            if fault is not None:
                refused = signature_error(fault, 400)
                return _error(refused.kind, refused.message, 400)
            if request.method != "POST" or below or not operation:
                return _error("UnknownOperationException", "POST / with an operation in X-Amz-Target is served", 400)
            answer = await self._service.answer(operation, request.body)
        except Exception:  # noqa: BLE001 - whatever happened, the caller gets an answer
            failed = internal_error(request)
            return _error(failed.kind, failed.message, failed.status)
        return _response(answer.status, answer.body)

    def _fault(self, request: Request, operation: str) -> Fault | None:
        for action, resource in self._needed(operation, _document(request.body)):
            fault = self._authorize(request, f"dynamodb:{action}", resource)
            if fault is not None:
                return fault
        return None

    def _needed(self, operation: str, document: dict[str, Any]) -> list[tuple[str, str]]:
        """Give the actions and resources that a request needs to be allowed, one at the least."""
        name, index = document.get("TableName"), document.get("IndexName")
        if isinstance(name, str):
            resource = self._arn(name)
            return [(operation, f"{resource}/index/{index}" if isinstance(index, str) else resource)]
        items = document.get("RequestItems")
        if isinstance(items, dict):
            return [(operation, self._arn(name)) for name in items] or [(operation, _ALL)]
        return [(action, self._arn(name)) for action, name in _transacted(document)] or [(operation, _ALL)]

    def _arn(self, name: str) -> str:
        return name if name.startswith("arn:") else f"{self._tables}{name}"


def _transacted(document: dict[str, Any]) -> Iterator[tuple[str, str]]:
    items = document.get("TransactItems")
    for item in items if isinstance(items, list) else ():
        for kind, part in item.items() if isinstance(item, dict) else ():
            if kind in _TRANSACTED and isinstance(part, dict) and isinstance(part.get("TableName"), str):
                yield _TRANSACTED[kind], part["TableName"]


def _document(body: bytes) -> dict[str, Any]:
    try:
        document = msgspec.json.decode(body)
    except (msgspec.DecodeError, RecursionError):  # the service says what is wrong with it
        return {}
    return document if isinstance(document, dict) else {}


def _error(kind: str, message: str, status: int) -> Response:
    return _response(status, msgspec.json.encode({"__type": f"{_CORAL}{kind}", "message": message}))


def _response(status: int, body: bytes) -> Response:
    checksum = str(zlib.crc32(body)).encode()
    headers = [request_id_header(), (b"x-amz-crc32", checksum), (b"content-type", _TYPE)]
    return Response(status=status, headers=headers, body=body)
