"""DynamoDB's typed values and plain ones.

Sources: AppSync, "DynamoDB helpers in $util.dynamodb" and "Type system (request mapping)", "Type system (response
mapping)" (https://docs.aws.amazon.com/appsync/latest/devguide/resolver-mapping-template-reference-dynamodb.html).
"""

from decimal import Decimal, InvalidOperation
from typing import Any, Final

from inferway.dialects.appsync.json_values import plain
from inferway.languages.vtl import java_text

_DEPTH: Final = 32
"""Levels that DynamoDB lets values nest."""

_MAGNITUDE: Final = 126
"""The largest power of ten in a number (DynamoDB, "Service, account, and table quotas")."""


def typed(value: Any) -> dict[str, Any]:
    """Give a plain value as DynamoDB has it: lists, never sets; numbers as they are."""
    if value is None:
        return {"NULL": None}
    if isinstance(value, bool):
        return {"BOOL": value}
    if isinstance(value, str):
        return {"S": str(value)}
    if isinstance(value, int | float | Decimal):
        return {"N": value}
    if isinstance(value, dict):
        return {"M": {java_text(key): typed(item) for key, item in value.items()}}
    if isinstance(value, list):
        return {"L": [typed(item) for item in value]}
    return {"S": java_text(value)}


def untyped(value: Any) -> Any:
    """Give DynamoDB's value plain: a number as an integer where it is one, a set as a list."""
    if not isinstance(value, dict) or len(value) != 1:
        return None
    kind, held = next(iter(value.items()))
    if kind == "N":
        return _number(held)
    if kind == "NS":
        return [_number(item) for item in held]
    if kind == "M":
        return {name: untyped(item) for name, item in held.items()}
    if kind == "L":
        return [untyped(item) for item in held]
    return None if kind == "NULL" else held


def item(values: Any) -> Any:
    """Give an item plain; None where there is none."""
    return {name: untyped(value) for name, value in values.items()} if isinstance(values, dict) else None


def for_wire(value: Any) -> Any:
    """Give a typed value as DynamoDB takes it: numbers as texts, null as true. ValueError for what it is not."""
    return _wire(plain(value), 0)


def _wire(value: Any, depth: int) -> Any:
    if not isinstance(value, dict) or len(value) != 1 or depth > _DEPTH:
        raise ValueError('a value must name its type, as in {"S": "text"}')
    kind, held = next(iter(value.items()))
    if kind == "N":
        return {kind: _digits(held)}
    if kind == "NULL":
        return {kind: True}
    if kind == "M" and isinstance(held, dict):
        return {kind: {name: _wire(inner, depth + 1) for name, inner in held.items()}}
    if kind == "L" and isinstance(held, list):
        return {kind: [_wire(inner, depth + 1) for inner in held]}
    if kind == "NS" and isinstance(held, list):
        return {kind: [_digits(inner) for inner in held]}
    if (kind in ("S", "B") and isinstance(held, str)) or (kind == "BOOL" and isinstance(held, bool)):
        return value
    if kind == "S" and isinstance(held, int | float):
        return {kind: java_text(held)}
    if kind in ("SS", "BS") and isinstance(held, list) and all(isinstance(inner, str) for inner in held):
        return value
    raise ValueError(f"{kind[:20]!r} does not go with its value")


def _digits(value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise ValueError("a number must be a number or its text")  # noqa: TRY004 - a template's failure
    return value if isinstance(value, str) else repr(value)


def _number(text: Any) -> Any:
    try:
        number = Decimal(str(text))
        if number.adjusted() > _MAGNITUDE:
            return None
        return int(number) if number == number.to_integral_value() and "." not in str(text) else float(number)
    except (InvalidOperation, OverflowError, ValueError):
        return None
