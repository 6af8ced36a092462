"""Tables of items that speak DynamoDB's operations, durable in a SQL database."""

import logging
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, Final

import msgspec
from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from inferway.languages.dynamodb.errors import ExpressionError
from inferway.languages.dynamodb.wire_types import WireTypeError
from inferway.stores.sql import SqlDatabase
from inferway.stores.tables import batches, reads, tables, writes
from inferway.stores.tables.definition import TableDefinition
from inferway.stores.tables.errors import TableError, invalid
from inferway.stores.tables.request import Request
from inferway.stores.tables.rows import Rows
from inferway.stores.tables.schema import SCHEMA
from inferway.stores.tables.service import TableAnswer

Operation = Callable[[Rows, Request], dict[str, Any]]

_LARGEST_REQUEST: Final = 16_777_216  # bytes (BatchWriteItem: "the total request size exceeds 16 MB")
_READS: Final[dict[str, Operation]] = {
    "BatchGetItem": batches.batch_get_item,
    "DescribeTable": tables.describe_table,
    "GetItem": reads.get_item,
    "ListTables": tables.list_tables,
    "Query": reads.query,
    "Scan": reads.scan,
    "TransactGetItems": batches.transact_get_items,
}
_WRITES: Final[dict[str, Operation]] = {
    "BatchWriteItem": batches.batch_write_item,
    "CreateTable": tables.create_table,
    "DeleteItem": writes.delete_item,
    "DeleteTable": tables.delete_table,
    "PutItem": writes.put_item,
    "TransactWriteItems": batches.transact_write_items,
    "UpdateItem": writes.update_item,
}
_decode: Final = msgspec.json.Decoder(dict[str, Any]).decode
_log = logging.getLogger("inferway.tables")


class TableStore:
    """All tables of one database. Each operation is one transaction; several processes may share the database."""

    def __init__(self, url: str) -> None:
        """Take an SQLAlchemy URL, as `sqlite_url` gives it; nothing is opened yet."""
        self._database = SqlDatabase(url, SCHEMA)

    async def open(self, definitions: Iterable[TableDefinition] = ()) -> None:
        """Open the database and make the tables that are not there.

        Raises TableMismatchError for a table that is there with other keys, and SQLAlchemy's errors.
        """
        await self._database.open()
        wanted = tuple(definitions)
        if wanted:
            await self._database.write(lambda connection: _ensure(Rows(connection), wanted))

    async def close(self) -> None:
        """Close the database; harmless twice."""
        await self._database.close()

    async def call(self, operation: str, request: dict[str, Any]) -> dict[str, Any]:
        """Carry out an operation, `PutItem` or another, and give its response; raises TableError."""
        carry_out = _READS.get(operation) or _WRITES.get(operation)
        if carry_out is None:
            raise TableError("UnknownOperationException", f"{operation} is not served")

        def work(connection: Connection) -> dict[str, Any]:
            try:
                return carry_out(Rows(connection), Request(request))
            except WireTypeError as error:
                raise TableError("SerializationException", str(error)) from None
            except ExpressionError as error:
                raise invalid(str(error)) from None

        if operation in _READS:
            return await self._database.read(work)
        return await self._database.write(work)

    async def answer(self, operation: str, body: bytes) -> TableAnswer:
        """Carry out an operation in DynamoDB's JSON 1.0 protocol; raises nothing."""
        try:
            if len(body) > _LARGEST_REQUEST:
                return _failed(TableError("RequestEntityTooLargeException", "the request is too large", status=413))
            response = await self.call(operation, _decode(body))
        except TableError as error:
            return _failed(error)
        except msgspec.DecodeError as error:
            return _failed(TableError("SerializationException", str(error)))
        except (SQLAlchemyError, RuntimeError):
            _log.exception("%s failed", operation)
            return _failed(TableError("InternalServerError", "The request processing has failed", status=500))
        return TableAnswer(status=200, body=msgspec.json.encode(response))


class TableMismatchError(Exception):
    """A table that is there already with other keys than a definition says."""


def sqlite_url(file: Path) -> str:
    """Give the URL of an SQLite database in a file, whose folder must be there."""
    return f"sqlite:///{file.resolve()}"


def _failed(error: TableError) -> TableAnswer:
    return TableAnswer(status=error.status, body=error.body)


def _ensure(rows: Rows, wanted: tuple[TableDefinition, ...]) -> None:
    there = set(rows.names())
    for definition in wanted:
        if definition.name not in there:
            rows.define(definition)
            continue
        kept = rows.definition(definition.name)
        if kept == definition:
            continue
        if kept.keys != definition.keys or any(kept.types[name] != definition.types[name] for name in kept.keys.names):
            raise TableMismatchError(f"table {definition.name!r} is there already, with other keys")
        rows.redefine(definition)
