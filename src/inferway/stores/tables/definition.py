"""What a table is: its keys and its indexes."""

from typing import Final

import msgspec

from inferway.definition.bindings import BoundTable

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
    return bound_definition(BoundTable(name=name, partition_key=partition, sort_key=sort))


def bound_definition(bound: BoundTable) -> TableDefinition:
    """Give a table as it is bound; raises ValueError for a key that has no name or a type that no key can have.

    An attribute has one type, wherever it is a key: S where none is said.
    """
    types: dict[str, str] = {}
    keys = _keys(bound.partition_key, bound.sort_key, types)
    indexes = tuple(
        Index(
            name=index.name,
            keys=_keys(index.partition_key, index.sort_key, types),
            is_local=index.is_local,
            projection=index.projection,
            attributes=index.attributes,
        )
        for index in bound.indexes
    )
    return TableDefinition(
        name=bound.name, keys=keys, types={name: kind or "S" for name, kind in types.items()}, indexes=indexes
    )


def _keys(partition: str, sort: str, types: dict[str, str]) -> KeySchema:
    """Give the names of two keys, and note their types."""
    for key in (partition, sort) if sort else (partition,):
        name, _, kind = key.partition(":")
        if kind and types.get(name, "") not in ("", kind):
            raise ValueError(f"key attribute {name!r} is {types[name]} and {kind}")
        types[name] = kind or types.get(name, "")
    return KeySchema(partition=partition.partition(":")[0], sort=sort.partition(":")[0])
