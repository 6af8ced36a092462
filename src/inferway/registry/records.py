"""The registry's table, in SQL."""

import base64
import binascii
from collections.abc import Callable, Iterable
from typing import Any, Final

import msgspec
from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Float,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    and_,
    delete,
    func,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.exc import IntegrityError

from inferway.registry.errors import InvalidRequestError
from inferway.registry.record import Kind, Page, Query, Record
from inferway.stores.sql import SqlDatabase

METADATA: Final = MetaData()
TABLE: Final = Table(
    "registry",
    METADATA,
    Column("kind", String(32), primary_key=True),
    Column("key", String(255), primary_key=True),
    Column("name", String(255), nullable=False),
    Column("status", String(32), nullable=False),
    Column("created", Float, nullable=False),
    Column("modified", Float, nullable=False),
    Column("group", String(63), nullable=False),
    Column("version", Integer, nullable=False),
    Column("approval", String(32), nullable=False),
    Column("document", LargeBinary, nullable=False),
)
Index("registry_by_creation", TABLE.c.kind, TABLE.c.created)
Index("registry_by_group", TABLE.c.kind, TABLE.c.group, TABLE.c.version)

_SORTED: Final = {"CreationTime": TABLE.c.created, "Name": TABLE.c.key, "Status": TABLE.c.status}


class Records:
    """Things by kind and name."""

    def __init__(self, database: SqlDatabase) -> None:
        self._database = database

    async def insert(self, record: Record) -> bool:
        """Keep a new thing; False where the name is taken. Of several at once exactly one wins."""

        try:
            await self._database.write(lambda connection: connection.execute(insert(TABLE).values(_row(record))))
        except IntegrityError:
            return False
        return True

    async def insert_version(self, kind: Kind, group: str, make: Callable[[int], Record]) -> Record:
        """Keep the next version of a group, which `make` gives by its number, from 1."""

        def work(connection: Connection) -> Record:
            last = select(func.max(TABLE.c.version)).where(TABLE.c.kind == kind, TABLE.c.group == group.lower())
            record = make((connection.execute(last).scalar() or 0) + 1)
            connection.execute(insert(TABLE).values(_row(record)))
            return record

        return await self._database.write(work)

    async def get(self, kind: Kind, name: str) -> Record | None:
        """Give a thing."""
        return await self._database.read(lambda connection: _get(connection, kind, name))

    async def change(self, kind: Kind, name: str, change: Callable[[Record], Record]) -> Record | None:
        """Put what `change` makes of a thing in its place, and give that; None where there is none.

        What `change` raises leaves all as it was.
        """

        def work(connection: Connection) -> Record | None:
            found = _get(connection, kind, name)
            if found is None:
                return None
            changed = change(found)
            connection.execute(update(TABLE).where(*_is(kind, name)).values(_row(changed)))
            return changed

        return await self._database.write(work)

    async def replace(self, record: Record) -> None:
        """Put a record in the place of the one of its kind and name, if there is one."""
        await self.change(record.kind, record.name, lambda _: record)

    async def delete(self, kind: Kind, name: str) -> bool:
        """Forget a thing; False where there is none."""
        return await self._database.write(
            lambda connection: connection.execute(delete(TABLE).where(*_is(kind, name))).rowcount > 0
        )

    async def with_status(self, kind: Kind, statuses: Iterable[str]) -> tuple[Record, ...]:
        """Give every thing of a kind in one of these states, oldest first."""
        query = select(TABLE).where(TABLE.c.kind == kind, TABLE.c.status.in_(list(statuses))).order_by(TABLE.c.created)
        return await self._database.read(
            lambda connection: tuple(_record(row) for row in connection.execute(query).mappings())
        )

    async def page(self, query: Query) -> Page:
        """Give a page of things; raises InvalidRequestError for a token that none of these pages gave."""
        column = _SORTED[query.sort_by]
        order = [column, TABLE.c.key]
        statement = (
            select(TABLE)
            .where(*_conditions(query))
            .order_by(*(part.desc() if query.descending else part.asc() for part in order))
            .limit(query.limit + 1)
        )
        rows = await self._database.read(lambda connection: connection.execute(statement).mappings().all())
        more = len(rows) > query.limit
        rows = rows[: query.limit]
        token = _token(rows[-1][column.name], rows[-1]["key"]) if more else ""
        return Page(records=tuple(_record(row) for row in rows), token=token)


def _is(kind: Kind, name: str) -> tuple[ColumnElement[bool], ...]:
    return (TABLE.c.kind == kind, TABLE.c.key == name.lower())


def _get(connection: Connection, kind: Kind, name: str) -> Record | None:
    row = connection.execute(select(TABLE).where(*_is(kind, name))).mappings().first()
    return None if row is None else _record(row)


def _row(record: Record) -> dict[str, Any]:
    row = {**msgspec.structs.asdict(record), "key": record.name.lower(), "group": record.group.lower()}
    return {**row, "kind": record.kind.value}


def _record(row: Any) -> Record:
    return Record(**{name: row[name] for name in Record.__struct_fields__} | {"kind": Kind(row["kind"])})


def _conditions(query: Query) -> list[ColumnElement[bool]]:
    columns = TABLE.c
    conditions = [columns.kind == query.kind]
    if query.group is not None:
        conditions.append(columns.group == query.group.lower())
    if query.versioned is not None:
        conditions.append(columns.version > 0 if query.versioned else columns.version == 0)
    if query.name_contains:
        conditions.append(columns.key.contains(query.name_contains.lower(), autoescape=True))
    if query.status:
        conditions.append(columns.status == query.status)
    if query.approval:
        conditions.append(columns.approval == query.approval)
    for column, after, before in (
        (columns.created, query.created_after, query.created_before),
        (columns.modified, query.modified_after, query.modified_before),
    ):
        if after is not None:
            conditions.append(column > after)
        if before is not None:
            conditions.append(column < before)
    if query.token:
        conditions.append(_beyond(query))
    return conditions


def _beyond(query: Query) -> ColumnElement[bool]:
    """Give the condition that a record comes after the one that a token names."""
    column, key = _SORTED[query.sort_by], TABLE.c.key
    value, last = _read_token(query.token, is_number=column is TABLE.c.created)
    if query.descending:
        return or_(column < value, and_(column == value, key < last))
    return or_(column > value, and_(column == value, key > last))


def _token(value: float | str, key: str) -> str:
    return base64.urlsafe_b64encode(msgspec.json.encode([value, key])).decode()


def _read_token(token: str, *, is_number: bool) -> tuple[float | str, str]:
    try:
        value, key = msgspec.json.decode(base64.urlsafe_b64decode(token), type=tuple[float | str, str])
    except (binascii.Error, msgspec.MsgspecError, ValueError):
        raise InvalidRequestError("Invalid NextToken") from None
    if isinstance(value, str) is is_number:
        raise InvalidRequestError("Invalid NextToken")
    return value, key
