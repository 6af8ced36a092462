"""Decides conditions on an item, after "Condition and filter expressions, operators, and functions"."""

import base64
from collections.abc import Callable
from typing import Final

from inferway.languages.dynamodb.errors import ExpressionError
from inferway.languages.dynamodb.nodes import (
    Attribute,
    Between,
    Both,
    Call,
    Comparison,
    Condition,
    Constant,
    Either,
    Membership,
    Negation,
    Operand,
)
from inferway.languages.dynamodb.paths import find
from inferway.languages.dynamodb.values import Item, Value, compare, kind_of, length

_ORDERS: Final[dict[str, Callable[[int], bool]]] = {
    "<": lambda order: order < 0,
    "<=": lambda order: order <= 0,
    ">": lambda order: order > 0,
    ">=": lambda order: order >= 0,
}


def holds(condition: Condition, item: Item) -> bool:
    """Say whether a condition holds for an item; raises ExpressionError."""
    match condition:
        case Both():
            return holds(condition.left, item) and holds(condition.right, item)
        case Either():
            return holds(condition.left, item) or holds(condition.right, item)
        case Negation():
            return not holds(condition.condition, item)
        case Comparison():
            return _compares(condition.operator, _value(condition.left, item), _value(condition.right, item))
        case Between():
            value = _value(condition.operand, item)
            low, high = _value(condition.low, item), _value(condition.high, item)
            return _compares(">=", value, low) and _compares("<=", value, high)
        case Membership():
            value = _value(condition.operand, item)
            return value is not None and any(value == _value(other, item) for other in condition.among)
        case Call():
            return _FUNCTIONS[condition.name](*[_value(operand, item) for operand in condition.operands])


def _value(operand: Operand, item: Item) -> Value | None:
    match operand:
        case Constant():
            return operand.value
        case Attribute():
            return find(item, operand.path)
        case Call(name="size"):
            value = _value(operand.operands[0], item)
            size = None if value is None else length(value)
            return None if size is None else {"N": str(size)}
        case _:
            raise ExpressionError("The function is not allowed to be used this way in an expression")


def _compares(operator: str, left: Value | None, right: Value | None) -> bool:
    if operator == "<>":  # what is not there differs from everything
        return left is None or right is None or left != right
    if left is None or right is None:
        return False
    if operator == "=":
        return left == right
    order = compare(left, right)
    return order is not None and _ORDERS[operator](order)


def _contains(value: Value | None, member: Value | None) -> bool:
    if value is None or member is None:
        return False
    kind, content = next(iter(value.items()))
    of = kind_of(member)
    if kind == "L":
        return member in content
    if kind == "S":
        return of == "S" and member["S"] in content
    if kind == "B":
        return of == "B" and base64.b64decode(member["B"]) in base64.b64decode(content)
    return kind == f"{of}S" and member[of] in content


def _begins_with(value: Value | None, start: Value | None) -> bool:
    if value is None or start is None or kind_of(value) != kind_of(start):
        return False
    if "S" in value:
        return bool(value["S"].startswith(start["S"]))
    return "B" in value and base64.b64decode(value["B"]).startswith(base64.b64decode(start["B"]))


_FUNCTIONS: Final[dict[str, Callable[..., bool]]] = {
    "attribute_exists": lambda value: value is not None,
    "attribute_not_exists": lambda value: value is None,
    "attribute_type": lambda value, kind: value is not None and kind is not None and kind.get("S") in value,
    "begins_with": _begins_with,
    "contains": _contains,
}
