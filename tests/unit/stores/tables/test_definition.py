"""Tests of what a table is."""

import pytest

from inferway.stores.tables.definition import KeySchema, TableDefinition, simple_definition


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
