"""A table of items, called with DynamoDB's own protocol.

Source: DynamoDB developer guide, "DynamoDB low-level API".
"""

from typing import Final

import msgspec

from inferway.backends.link import PARAMETER, Link, Unreachable
from inferway.definition.targets import Table
from inferway.exchange import Call, Reply
from inferway.faults import Fault, FaultKind
from inferway.stores.tables.service import TableService

_TARGET: Final = b"x-amz-target"
_VERSION: Final = b"DynamoDB_20120810."
_JSON: Final = (b"content-type", b"application/x-amz-json-1.0")
_OF_MANY: Final = frozenset(("BatchGetItem", "BatchWriteItem", "TransactGetItems", "TransactWriteItems", "ListTables"))
_decode: Final = msgspec.json.Decoder(dict[str, msgspec.Raw]).decode


class TableBackend:
    """One table; the operation stands in the call's `x-amz-target`, a request that names no table means this one."""

    __slots__ = ("_name", "_service")

    def __init__(self, name: str, service: TableService) -> None:
        self._name = name
        self._service = service

    async def invoke(self, call: Call) -> Reply | Fault:
        """Carry out the operation: status 200 with its result, or 400 with the service's error."""
        target = next((value for name, value in call.headers if name == _TARGET), b"")
        if not target.startswith(_VERSION):
            cause = f"table {self._name!r}: x-amz-target {target.decode('latin-1')!r} is no DynamoDB operation"
            return Fault(kind=FaultKind.MISCONFIGURED, cause=cause)
        operation = target[len(_VERSION) :].decode("latin-1")
        body = call.body if operation in _OF_MANY else self._with_table(call.body)
        answer = await self._service.answer(operation, body)
        return Reply(status=answer.status, headers=[_JSON], body=answer.body)

    def _with_table(self, body: bytes) -> bytes:
        try:
            fields = _decode(body)
        except msgspec.DecodeError:
            return body  # the service says what is wrong with it
        if "TableName" in fields or not self._name:
            return body
        return msgspec.json.encode({"TableName": self._name, **fields})


def connect(target: Table, link: Link, timeout: float) -> TableBackend | Unreachable:  # noqa: ARG001 - the form of connect
    """Connect a table by its name; one that is not bound faults on every call.

    A name in braces is one that each call says itself; any table's store answers for all.
    """
    name = link.substitute(target.name)
    if PARAMETER.search(name):
        service = next(iter(link.tables.values()), None)
        if service is None:
            cause = "no table is bound: add [tables.NAME] to inferway.toml"
            return Unreachable(Fault(kind=FaultKind.BACKEND_UNBOUND, cause=cause))
        return TableBackend("", service)
    service = link.tables.get(name)
    if service is None:
        cause = f"table {name!r} is not bound: add [tables.{name}] to inferway.toml"
        return Unreachable(Fault(kind=FaultKind.BACKEND_UNBOUND, cause=cause))
    return TableBackend(name, service)
