"""Tests of a SQL database behind one thread."""

import asyncio
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Column, Connection, Integer, MetaData, Table, insert, select
from sqlalchemy.exc import OperationalError

from inferway.stores.sql import SqlDatabase

SCHEMA = MetaData()
NUMBERS = Table("numbers", SCHEMA, Column("n", Integer, primary_key=True))


def put(number: int, error: type[Exception] | None = None) -> Callable[[Connection], None]:
    def work(connection: Connection) -> None:
        connection.execute(insert(NUMBERS), {"n": number})
        if error is not None:
            raise error

    return work


def pragma(name: str) -> Callable[[Connection], object]:
    return lambda connection: connection.exec_driver_sql(f"PRAGMA {name}").scalar()


def all_numbers(connection: Connection) -> list[int]:
    return list(connection.execute(select(NUMBERS.c.n)).scalars())


def test_work_is_committed_whole_or_not_at_all(tmp_path: Path) -> None:
    async def scenario() -> None:
        database = SqlDatabase(f"sqlite:///{tmp_path / 'a.db'}", SCHEMA)
        await database.open()
        await database.open()
        await database.write(put(1))
        with pytest.raises(KeyError):
            await database.write(put(2, KeyError))
        assert await database.read(all_numbers) == [1]
        assert await database.read(pragma("journal_mode")) == "wal"
        # sqlite.org says of synchronous that FULL is 2
        assert await database.read(pragma("synchronous")) == 2
        threads = {await database.read(lambda _: threading.get_ident()) for _ in range(3)}
        assert len(threads) == 1
        assert threads != {threading.get_ident()}
        await database.close()
        await database.close()

    asyncio.run(scenario())


def test_a_database_that_cannot_be_is_said(tmp_path: Path) -> None:
    async def scenario() -> None:
        database = SqlDatabase(f"sqlite:///{tmp_path / 'no' / 'folder' / 'a.db'}", SCHEMA)
        with pytest.raises(OperationalError, match="unable to open database file"):
            await database.open()
        with pytest.raises(RuntimeError, match="not open"):
            await database.read(all_numbers)
        await database.close()

    asyncio.run(scenario())
