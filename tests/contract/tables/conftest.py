"""A store of tables in a file, asked as the gateway asks it."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from inferway.stores.tables.definition import Index, KeySchema, TableDefinition, simple_definition
from inferway.stores.tables.store import TableStore, sqlite_url

MODELS = simple_definition("models", "id")
RATINGS = TableDefinition(
    name="ratings",
    keys=KeySchema(partition="user", sort="movie"),
    types={"user": "S", "movie": "N", "genre": "S", "score": "N"},
    indexes=(
        Index(name="by_genre", keys=KeySchema(partition="genre", sort="score")),
        Index(name="keys_only", keys=KeySchema(partition="genre"), projection="KEYS_ONLY"),
    ),
)
BLOBS = simple_definition("blobs", "id:B", "at:S")


class Service:
    """Operations by name: `ask` gives the response, `refused` the error's name and message."""

    def __init__(self, store: TableStore) -> None:
        self.store = store

    async def ask(self, operation: str, **request: Any) -> dict[str, Any]:
        answer = await self.store.answer(operation, json.dumps(request).encode())
        assert answer.status == 200, answer.body
        response: dict[str, Any] = json.loads(answer.body)
        return response

    async def refused(self, operation: str, **request: Any) -> dict[str, Any]:
        answer = await self.store.answer(operation, json.dumps(request).encode())
        assert answer.status == 400, answer.body
        error: dict[str, Any] = json.loads(answer.body)
        error["kind"] = error.pop("__type").partition("#")[2]
        return error

    async def put(self, table: str, item: dict[str, Any]) -> None:
        await self.ask("PutItem", TableName=table, Item=item)

    async def get(self, table: str, key: dict[str, Any]) -> dict[str, Any] | None:
        found: dict[str, Any] | None = (await self.ask("GetItem", TableName=table, Key=key)).get("Item")
        return found


Scenario = Callable[[Service], Awaitable[None]]


@pytest.fixture
def serve(tmp_path: Path) -> Callable[[Scenario], None]:
    """Run a scenario with a store of the three tables."""

    async def run(scenario: Scenario) -> None:
        store = TableStore(sqlite_url(tmp_path / "tables.db"))
        await store.open([MODELS, RATINGS, BLOBS])
        try:
            await scenario(Service(store))
        finally:
            await store.close()

    return lambda scenario: asyncio.run(run(scenario))
