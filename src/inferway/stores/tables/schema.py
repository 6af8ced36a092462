"""The SQL tables that hold tables."""

from typing import Final

from sqlalchemy import Column, Integer, LargeBinary, MetaData, String, Table
from sqlalchemy import Index as SqlIndex

SCHEMA: Final = MetaData()

TABLES: Final = Table(
    "dynamo_tables",
    SCHEMA,
    Column("name", String(255), primary_key=True),
    Column("definition", LargeBinary, nullable=False),
)

ITEMS: Final = Table(
    "dynamo_items",
    SCHEMA,
    Column("table_name", String(255), primary_key=True),
    Column("partition_key", LargeBinary, primary_key=True),
    Column("sort_key", LargeBinary, primary_key=True),
    Column("size", Integer, nullable=False),
    Column("content", LargeBinary, nullable=False),
)

ENTRIES: Final = Table(
    "dynamo_entries",
    SCHEMA,
    Column("table_name", String(255), primary_key=True),
    Column("index_name", String(255), primary_key=True),
    Column("partition_key", LargeBinary, primary_key=True),
    Column("sort_key", LargeBinary, primary_key=True),
    Column("item_partition_key", LargeBinary, primary_key=True),
    Column("item_sort_key", LargeBinary, primary_key=True),
    SqlIndex("dynamo_entries_of_item", "table_name", "item_partition_key", "item_sort_key"),
)
"""Which items stand where in the secondary indexes."""
