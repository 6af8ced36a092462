"""Tests of what a table is."""

import pytest

from inferway.definition.bindings import BoundIndex, BoundTable
from inferway.stores.tables.definition import Index, KeySchema, TableDefinition, bound_definition, simple_definition


def test_a_simple_definition_has_keys_of_type_s_where_none_is_said() -> None:
    assert simple_definition("t", "id", "at:N") == TableDefinition(
        name="t", keys=KeySchema(partition="id", sort="at"), types={"id": "S", "at": "N"}
    )
    assert simple_definition("t", "id:B").keys.names == ("id",)


@pytest.mark.parametrize("key", ["id:X", "id:BOOL"])
def test_a_key_is_a_text_a_number_or_binary(key: str) -> None:
    # CreateTable, AttributeType: "S", "N" or "B"
    with pytest.raises(ValueError, match="key attribute 'id' needs a type of S, N or B"):
        simple_definition("t", key)


def test_a_bound_table_has_its_indexes() -> None:
    bound = BoundTable(
        name="t",
        partition_key="id",
        sort_key="at:N",
        indexes=(
            BoundIndex(name="by-owner", partition_key="owner", sort_key="at"),
            BoundIndex(
                name="mine",
                partition_key="id",
                sort_key="size:N",
                is_local=True,
                projection="INCLUDE",
                attributes=("x",),
            ),
        ),
    )
    assert bound_definition(bound) == TableDefinition(
        name="t",
        keys=KeySchema(partition="id", sort="at"),
        types={"id": "S", "at": "N", "owner": "S", "size": "N"},
        indexes=(
            Index(name="by-owner", keys=KeySchema(partition="owner", sort="at")),
            Index(
                name="mine",
                keys=KeySchema(partition="id", sort="size"),
                is_local=True,
                projection="INCLUDE",
                attributes=("x",),
            ),
        ),
    )


def test_an_attribute_has_one_type() -> None:
    bound = BoundTable(name="t", partition_key="id:S", indexes=(BoundIndex(name="i", partition_key="id:N"),))
    with pytest.raises(ValueError, match="key attribute 'id' is S and N"):
        bound_definition(bound)
