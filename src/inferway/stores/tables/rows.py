"""Items as rows: one transaction's view of the database."""

from collections.abc import Callable, Iterator
from typing import Any, Final

import msgspec
from sqlalchemy import ColumnElement, Connection, and_, bindparam, delete, insert, select, tuple_, update

from inferway.languages.dynamodb.values import Item, item_size
from inferway.stores.tables.definition import Index, TableDefinition
from inferway.stores.tables.errors import TableError
from inferway.stores.tables.keys import Key, index_key
from inferway.stores.tables.schema import ENTRIES, ITEMS, TABLES

_decode: Final = msgspec.json.Decoder(dict[str, dict[str, Any]]).decode
_decode_definition: Final = msgspec.json.Decoder(TableDefinition).decode
_ONE: Final = and_(
    ITEMS.c.table_name == bindparam("table"),
    ITEMS.c.partition_key == bindparam("partition"),
    ITEMS.c.sort_key == bindparam("sort"),
)
_GET: Final = select(ITEMS.c.content).where(_ONE)
_UPDATE: Final = update(ITEMS).where(_ONE).values(size=bindparam("new_size"), content=bindparam("new_content"))
_DELETE: Final = delete(ITEMS).where(_ONE)
_FORGET: Final = delete(ENTRIES).where(
    ENTRIES.c.table_name == bindparam("table"),
    ENTRIES.c.item_partition_key == bindparam("partition"),
    ENTRIES.c.item_sort_key == bindparam("sort"),
)
_DEFINITION: Final = select(TABLES.c.definition).where(TABLES.c.name == bindparam("table"))
_BATCH: Final = 64  # rows that are read at a time: items may have 400 KB each


class Rows:
    """The items of every table, within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def definition(self, name: str) -> TableDefinition:
        """Give a table's definition; raises TableError ResourceNotFoundException."""
        found = self._connection.execute(_DEFINITION, {"table": name}).scalar()
        if found is None:
            raise TableError("ResourceNotFoundException", "Requested resource not found")
        return _decode_definition(found)

    def names(self) -> list[str]:
        """Give the names of all tables, in order."""
        return list(self._connection.execute(select(TABLES.c.name).order_by(TABLES.c.name)).scalars())

    def define(self, definition: TableDefinition) -> None:
        """Add a table."""
        row = {"name": definition.name, "definition": msgspec.json.encode(definition)}
        self._connection.execute(insert(TABLES), row)

    def redefine(self, definition: TableDefinition) -> None:
        """Change a table's indexes: every item's places in them are worked out anew."""
        encoded = msgspec.json.encode(definition)
        self._connection.execute(update(TABLES).where(TABLES.c.name == definition.name).values(definition=encoded))
        self._connection.execute(delete(ENTRIES).where(ENTRIES.c.table_name == definition.name))
        query = select(ITEMS.c.partition_key, ITEMS.c.sort_key).where(ITEMS.c.table_name == definition.name)
        for key in self._connection.execute(query).all():
            place = (key.partition_key, key.sort_key)
            self._enter(definition, place, self.get(definition, place) or {})

    def drop(self, name: str) -> None:
        """Remove a table with its items."""
        for table in (ENTRIES, ITEMS):
            self._connection.execute(delete(table).where(table.c.table_name == name))
        self._connection.execute(delete(TABLES).where(TABLES.c.name == name))

    def count(self, name: str) -> tuple[int, int]:
        """Give how many items a table has, and their bytes."""
        sizes = self._connection.execute(select(ITEMS.c.size).where(ITEMS.c.table_name == name)).scalars().all()
        return len(sizes), sum(sizes)

    def get(self, definition: TableDefinition, key: Key) -> Item | None:
        """Give an item by its key."""
        found = self._connection.execute(_GET, _place(definition, key)).scalar()
        return None if found is None else _decode(found)

    def put(self, definition: TableDefinition, key: Key, item: Item, *, replaces: bool) -> None:
        """Keep an item; `replaces` says whether one stands under the key."""
        size, content = item_size(item), msgspec.json.encode(item)
        if replaces:
            self._connection.execute(_UPDATE, {**_place(definition, key), "new_size": size, "new_content": content})
            self._forget(definition, key)
        else:
            row = {"table_name": definition.name, "partition_key": key[0], "sort_key": key[1]}
            self._connection.execute(insert(ITEMS), {**row, "size": size, "content": content})
        self._enter(definition, key, item)

    def delete(self, definition: TableDefinition, key: Key) -> None:
        """Remove an item."""
        self._connection.execute(_DELETE, _place(definition, key))
        self._forget(definition, key)

    def walk(
        self,
        definition: TableDefinition,
        index: Index | None,
        condition: Callable[[Any], list[ColumnElement[bool]]],
        after: tuple[bytes, ...] | None,
        *,
        forward: bool = True,
    ) -> Iterator[tuple[Item, int]]:
        """Give items with their sizes in the order of their keys, in the table or in an index, after a place."""
        query, order = self._source(definition, index)
        source = ENTRIES if index else ITEMS
        query = query.where(*condition(source))
        if after is not None:
            place, limit = tuple_(*order), tuple_(*after)
            query = query.where(place > limit if forward else place < limit)
        query = query.order_by(*(order if forward else [column.desc() for column in order]))
        result = self._connection.execute(query.execution_options(yield_per=_BATCH))
        try:
            for row in result:
                yield _decode(row.content), row.size
        finally:
            result.close()

    def _source(self, definition: TableDefinition, index: Index | None) -> tuple[Any, list[ColumnElement[Any]]]:
        query = select(ITEMS.c.content, ITEMS.c.size)
        if index is None:
            return query.where(ITEMS.c.table_name == definition.name), [ITEMS.c.partition_key, ITEMS.c.sort_key]
        same = and_(
            ITEMS.c.table_name == ENTRIES.c.table_name,
            ITEMS.c.partition_key == ENTRIES.c.item_partition_key,
            ITEMS.c.sort_key == ENTRIES.c.item_sort_key,
        )
        query = query.select_from(ENTRIES.join(ITEMS, same)).where(
            ENTRIES.c.table_name == definition.name, ENTRIES.c.index_name == index.name
        )
        names = ("partition_key", "sort_key", "item_partition_key", "item_sort_key")
        return query, [ENTRIES.c[name] for name in names]

    def _forget(self, definition: TableDefinition, key: Key) -> None:
        if definition.indexes:
            self._connection.execute(_FORGET, _place(definition, key))

    def _enter(self, definition: TableDefinition, key: Key, item: Item) -> None:
        for index in definition.indexes:
            place = index_key(index, item)
            if place is not None:
                row = {
                    "table_name": definition.name,
                    "index_name": index.name,
                    "partition_key": place[0],
                    "sort_key": place[1],
                    "item_partition_key": key[0],
                    "item_sort_key": key[1],
                }
                self._connection.execute(insert(ENTRIES), row)


def _place(definition: TableDefinition, key: Key) -> dict[str, Any]:
    return {"table": definition.name, "partition": key[0], "sort": key[1]}
