"""The registry's table."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import msgspec
import pytest

from inferway.registry.errors import InvalidRequestError
from inferway.registry.record import Kind, Query, Record
from inferway.registry.records import METADATA, Records
from inferway.stores.sql import SqlDatabase


@asynccontextmanager
async def opened(folder: Path) -> AsyncIterator[Records]:
    database = SqlDatabase(f"sqlite:///{folder / 'r.db'}", METADATA)
    await database.open()
    try:
        yield Records(database)
    finally:
        await database.close()


def record(name: str, created: float = 1.0, kind: Kind = Kind.MODEL, **more: Any) -> Record:
    fields: dict[str, Any] = {"status": "", "modified": created, "document": b"{}", **more}
    return Record(kind=kind, name=name, created=created, **fields)


def names(records: tuple[Record, ...]) -> list[str]:
    return [one.name for one in records]


def test_names_that_differ_in_case_alone_are_the_same(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with opened(tmp_path) as records:
            assert await records.insert(record("Model"))
            assert not await records.insert(record("mODEL"))
            assert await records.insert(record("Model", kind=Kind.ENDPOINT))
            found = await records.get(Kind.MODEL, "MODEL")
            assert found is not None
            assert found.name == "Model"
            assert await records.delete(Kind.MODEL, "model")
            assert not await records.delete(Kind.MODEL, "model")
            assert await records.get(Kind.MODEL, "Model") is None

    asyncio.run(scenario())


def test_of_many_at_once_exactly_one_is_kept(tmp_path: Path) -> None:
    async def scenario() -> list[bool]:
        async with opened(tmp_path) as one, opened(tmp_path) as other:
            tasks = [records.insert(record("same")) for records in (one, other) for _ in range(20)]
            return list(await asyncio.gather(*tasks))

    assert sum(asyncio.run(scenario())) == 1


def test_versions_are_numbered_by_two_processes_without_gaps(tmp_path: Path) -> None:
    def make(version: int) -> Record:
        return record(f"g/{version}", kind=Kind.MODEL_PACKAGE, group="g", version=version)

    async def scenario() -> list[int]:
        async with opened(tmp_path) as one, opened(tmp_path) as other:
            tasks = [
                records.insert_version(Kind.MODEL_PACKAGE, "G", make) for records in (one, other) for _ in range(20)
            ]
            return [kept.version for kept in await asyncio.gather(*tasks)]

    assert sorted(asyncio.run(scenario())) == list(range(1, 41))


def test_a_change_that_raises_changes_nothing(tmp_path: Path) -> None:
    def refuse(_: Record) -> Record:
        raise LookupError

    async def scenario() -> None:
        async with opened(tmp_path) as records:
            await records.insert(record("m", status="before"))
            with pytest.raises(LookupError):
                await records.change(Kind.MODEL, "m", refuse)
            found = await records.get(Kind.MODEL, "m")
            assert found is not None
            assert found.status == "before"
            assert await records.change(Kind.MODEL, "none", refuse) is None

    asyncio.run(scenario())


@pytest.mark.parametrize(
    ("more", "wanted"),
    [
        ({}, ["b", "A", "c", "d_e"]),
        ({"sort_by": "Name"}, ["A", "b", "c", "d_e"]),
        ({"sort_by": "Name", "descending": True}, ["d_e", "c", "b", "A"]),
        ({"created_after": 1.0}, ["A", "c", "d_e"]),
        ({"created_before": 2.0}, ["b"]),
        ({"modified_after": 2.0}, ["d_e"]),
        ({"status": "on"}, ["c"]),
        ({"name_contains": "E"}, ["d_e"]),
        ({"name_contains": "_"}, ["d_e"]),
        ({"name_contains": "%"}, []),
    ],
)
@pytest.mark.parametrize("limit", [1, 2, 10])
def test_pages_hold_what_a_query_asks_for(tmp_path: Path, more: dict[str, Any], wanted: list[str], limit: int) -> None:
    async def scenario() -> list[str]:
        async with opened(tmp_path) as records:
            for one in (record("A", 2.0), record("b", 1.0), record("c", 2.0, status="on"), record("d_e", 3.0)):
                await records.insert(one)
            found: list[str] = []
            query = Query(kind=Kind.MODEL, limit=limit, **more)
            while True:
                page = await records.page(query)
                assert len(page.records) <= limit
                found += names(page.records)
                if not page.token:
                    return found
                query = msgspec.structs.replace(query, token=page.token)

    assert asyncio.run(scenario()) == wanted


@pytest.mark.parametrize("token", ["x", "!!!", "W10=", "WyJhIiwgImIiXQ==", "eyJhIjoxfQ=="])
def test_a_token_that_no_page_gave_is_refused(tmp_path: Path, token: str) -> None:
    async def scenario() -> None:
        async with opened(tmp_path) as records:
            await records.page(Query(kind=Kind.MODEL, token=token))

    with pytest.raises(InvalidRequestError):
        asyncio.run(scenario())
