"""A SQL database behind one thread: SQLite in a file, and PostgreSQL by its URL."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final, TypeVar

from sqlalchemy import Connection, Engine, MetaData, create_engine, event
from sqlalchemy.exc import DBAPIError

Result = TypeVar("Result")

_LOCK_PATIENCE: Final = 30  # seconds that a writer waits for another process's transaction
_ATTEMPTS: Final = 20
_COLLISIONS: Final = frozenset(("40001", "40P01"))  # PostgreSQL's serialization failure and deadlock


class SqlDatabase:
    """Runs each piece of work in one transaction, in a thread of its own and off the event loop.

    SQLite keeps a write-ahead log and syncs it at each commit, so what was committed outlives the process and the
    machine's power (https://sqlite.org/pragma.html#pragma_synchronous, FULL); a writing transaction takes the write
    lock at its start, so that processes that share the file follow one another. PostgreSQL runs at SERIALIZABLE, and
    work that collides is run again: it must have no effect but on its connection.
    """

    def __init__(self, url: str, schema: MetaData) -> None:
        """Take an SQLAlchemy URL, `sqlite:////absolute/path.db` or `postgresql+psycopg://…`; nothing is opened yet."""
        self._url = url
        self._schema = schema
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="sql")
        self._engine: Engine | None = None
        self._begin = "BEGIN"

    async def open(self) -> None:
        """Connect, and make the tables that are not there; harmless when it is open.

        Raises SQLAlchemy's errors for a database that cannot be.
        """
        if self._engine is None:
            await self._in_thread(self._open)

    async def read(self, work: Callable[[Connection], Result]) -> Result:
        """Run work that changes nothing."""
        return await self._in_thread(lambda: self._transaction(work, "BEGIN"))

    async def write(self, work: Callable[[Connection], Result]) -> Result:
        """Run work; when it returns it is committed, and when it raises nothing of it happened."""
        return await self._in_thread(lambda: self._transaction(work, "BEGIN IMMEDIATE"))

    async def close(self) -> None:
        """Wait for the work under way and disconnect; harmless twice."""
        engine, self._engine = self._engine, None
        if engine is not None:
            await self._in_thread(engine.dispose)
        self._thread.shutdown()

    async def _in_thread(self, work: Callable[[], Result]) -> Result:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)

    def _open(self) -> None:
        if self._url.startswith("sqlite"):
            engine = create_engine(self._url, connect_args={"timeout": _LOCK_PATIENCE})
            event.listen(engine, "connect", _configure_sqlite)
            event.listen(engine, "begin", lambda connection: connection.exec_driver_sql(self._begin))
        else:
            engine = create_engine(self._url, isolation_level="SERIALIZABLE", pool_size=1, pool_pre_ping=True)
        self._engine = engine
        try:
            self._transaction(self._schema.create_all, "BEGIN IMMEDIATE")
        except BaseException:
            self._engine = None
            engine.dispose()
            raise

    def _transaction(self, work: Callable[[Connection], Result], begin: str) -> Result:
        if self._engine is None:
            raise RuntimeError("the database is not open")
        self._begin = begin
        for attempt in range(_ATTEMPTS):
            try:
                with self._engine.begin() as connection:
                    return work(connection)
            except DBAPIError as error:
                if attempt == _ATTEMPTS - 1 or getattr(error.orig, "sqlstate", None) not in _COLLISIONS:
                    raise
        raise AssertionError


def _configure_sqlite(connection: Any, record: object) -> None:
    del record
    connection.isolation_level = None  # the transaction's start is said by `begin`, not guessed by the driver
    for setting in (f"busy_timeout={_LOCK_PATIENCE * 1000}", "journal_mode=WAL", "synchronous=FULL"):
        connection.execute(f"PRAGMA {setting}")
