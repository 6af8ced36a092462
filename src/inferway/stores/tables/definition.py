"""What a table is: its keys and its indexes."""

from typing import Final

import msgspec

KEY_TYPES: Final = ("S", "N", "B")


class KeySchema(msgspec.Struct, frozen=True, kw_only=True):
    """The names of the partition key and, or "", the sort key."""

    partition: str
    sort: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """The names that there are."""
        return (self.partition, self.sort) if self.sort else (self.partition,)


class Index(msgspec.Struct, frozen=True, kw_only=True):
    """A secondary index; `projection` is ALL, KEYS_ONLY, or INCLUDE with `attributes`."""

    name: str
    keys: KeySchema
    is_local: bool = False
    projection: str = "ALL"
    attributes: tuple[str, ...] = ()


class TableDefinition(msgspec.Struct, frozen=True, kw_only=True):
    """A table; `types` has the type, S, N or B, of every attribute that is a key of it or of an index.

    Raises ValueError for a key attribute without a type.
    """

    name: str
    keys: KeySchema
    types: dict[str, str]
    indexes: tuple[Index, ...] = ()

    def __post_init__(self) -> None:
        for schema in (self.keys, *(index.keys for index in self.indexes)):
            for name in schema.names:
                if self.types.get(name) not in KEY_TYPES:
                    raise ValueError(f"table {self.name!r}: key attribute {name!r} needs a type of S, N or B")

    def index(self, name: str) -> Index | None:
        """Give an index by name."""
        return next((index for index in self.indexes if index.name == name), None)


def simple_definition(name: str, partition: str, sort: str = "") -> TableDefinition:
    """Give a table from `NAME` or `NAME:TYPE` of its keys, of type S where none is said; raises ValueError."""
    keys = [key.partition(":") for key in (partition, sort) if key]
    return TableDefinition(
        name=name,
        keys=KeySchema(partition=keys[0][0], sort=keys[1][0] if sort else ""),
        types={key: kind or "S" for key, _, kind in keys},
    )
