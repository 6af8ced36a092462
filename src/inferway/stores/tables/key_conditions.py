"""A key condition as ranges of key bytes.

Source: DynamoDB developer guide, "Key condition expressions for the Query operation".
"""

from collections.abc import Callable
from typing import Any, Final

from sqlalchemy import ColumnElement

from inferway.languages.dynamodb.nodes import Attribute, Between, Both, Call, Comparison, Condition, Constant, Operand
from inferway.languages.dynamodb.values import Value, kind_of
from inferway.stores.tables.definition import Index, TableDefinition
from inferway.stores.tables.errors import invalid
from inferway.stores.tables.keys import encode_key

Ranges = Callable[[Any], list[ColumnElement[bool]]]
Range = tuple[str, str, tuple[Value, ...]]

_MIRRORED: Final = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "="}
_UNSUPPORTED: Final = "Query key condition not supported"
_COMPARE: Final[dict[str, Callable[[Any, list[bytes]], list[ColumnElement[bool]]]]] = {
    "=": lambda column, keys: [column == keys[0]],
    "<": lambda column, keys: [column < keys[0]],
    "<=": lambda column, keys: [column <= keys[0]],
    ">": lambda column, keys: [column > keys[0]],
    ">=": lambda column, keys: [column >= keys[0]],
    "between": lambda column, keys: [column >= keys[0], column <= keys[1]],
    "begins_with": lambda column, keys: _with_prefix(column, keys[0]),
}


def key_ranges(condition: Condition | None, definition: TableDefinition, index: Index | None) -> Ranges:
    """Give the conditions on key columns that a key condition stands for; raises TableError."""
    schema = index.keys if index else definition.keys
    parts = {name: (operator, values) for name, operator, values in _parts(condition)}
    if len(parts) < len(_parts(condition)):
        raise invalid("KeyConditionExpressions must only contain one condition per key")
    if schema.partition not in parts:
        raise invalid(f"Query condition missed key schema element: {schema.partition}")
    if set(parts) - set(schema.names):
        missed = schema.sort or next(iter(set(parts) - set(schema.names)))
        raise invalid(f"Query condition missed key schema element: {missed}" if schema.sort else _UNSUPPORTED)
    if parts[schema.partition][0] != "=":
        raise invalid(_UNSUPPORTED)
    for name, (_, values) in parts.items():
        if any(kind_of(value) != definition.types[name] for value in values):
            raise invalid(
                "One or more parameter values were invalid: Condition parameter type does not match schema type"
            )

    def ranges(source: Any) -> list[ColumnElement[bool]]:
        found: list[ColumnElement[bool]] = []
        for name, (operator, values) in parts.items():
            column = source.c.partition_key if name == schema.partition else source.c.sort_key
            found += _COMPARE[operator](column, [encode_key(value) for value in values])
        return found

    return ranges


def _parts(condition: Condition | None) -> list[Range]:
    """Give each part of a key condition: the attribute, the operator and the values."""
    match condition:
        case Both():
            return _parts(condition.left) + _parts(condition.right)
        case Comparison(operator=operator) if operator != "<>":
            if isinstance(condition.left, Constant):
                return [(_name(condition.right), _MIRRORED[operator], (condition.left.value,))]
            return [(_name(condition.left), operator, (_constant(condition.right),))]
        case Between():
            return [(_name(condition.operand), "between", (_constant(condition.low), _constant(condition.high)))]
        case Call(name="begins_with", operands=(attribute, start)):
            if "N" in _constant(start):
                raise invalid(_UNSUPPORTED)
            return [(_name(attribute), "begins_with", (_constant(start),))]
        case Comparison():
            raise invalid("Unsupported operator on KeyCondition: operator: <>")
        case _:
            raise invalid("Invalid operator used in KeyConditionExpression")


def _name(operand: Operand) -> str:
    if not isinstance(operand, Attribute) or len(operand.path) > 1:
        raise invalid(
            "Invalid KeyConditionExpression: KeyConditionExpressions cannot have conditions on nested attributes"
        )
    return str(operand.path[0])


def _constant(operand: Operand) -> Value:
    if not isinstance(operand, Constant):
        raise invalid("Invalid condition in KeyConditionExpression: Multiple attribute names used in one condition")
    return operand.value


def _with_prefix(column: Any, prefix: bytes) -> list[ColumnElement[bool]]:
    stem = prefix.rstrip(b"\xff")
    conditions: list[ColumnElement[bool]] = [column >= prefix]
    if stem:  # the first key beyond all that begin so
        conditions.append(column < stem[:-1] + bytes([stem[-1] + 1]))
    return conditions
