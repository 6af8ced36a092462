"""Attribute values in DynamoDB JSON, `{"S": "a"}`: checked, in one form each, compared and measured.

Source: DynamoDB API reference, "AttributeValue"; developer guide, "Supported data types and naming rules" and
"DynamoDB item sizes and formats". Checked values are equal when their dicts are.
"""

import base64
import binascii
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, Final

from inferway.languages.dynamodb.errors import ExpressionError
from inferway.languages.dynamodb.numbers import count_digits, number_text, parse_number
from inferway.languages.dynamodb.wire_types import mistyped, mistyped_value

Value = dict[str, Any]
Item = dict[str, Value]

_DEEPEST: Final = 32
_INVALID: Final = "One or more parameter values were invalid: "
_EMPTY: Final = "Supplied AttributeValue is empty, must contain exactly one of the supported datatypes"
_SCALARS: Final = frozenset(("S", "N", "B"))


def checked_item(item: object) -> Item:
    """Give an item with its values in their one form; raises ExpressionError, as WireTypeError for other JSON."""
    if not isinstance(item, dict):
        raise mistyped(item, dict)
    return {name: checked(value) for name, value in item.items()}


def checked(value: object, depth: int = 0) -> Value:
    """Give a value in its one form: numbers without needless zeros, sets sorted.

    Raises ExpressionError, WireTypeError for JSON of another type than the value's own says.
    """
    if value is not None and not isinstance(value, dict):
        raise mistyped_value(value)
    if not value:
        raise ExpressionError(_EMPTY)
    if len(value) > 1:
        raise ExpressionError(
            "Supplied AttributeValue has more than one datatypes set, "
            "must contain exactly one of the supported datatypes"
        )
    if depth > _DEEPEST:
        raise ExpressionError("Nesting Levels have exceeded supported limits")
    (kind, content) = next(iter(value.items()))
    check = _CHECKS.get(kind)
    if check is None or content is None:
        raise ExpressionError(_EMPTY)
    return {kind: check(content, depth)}


def _text(content: object, depth: int) -> str:
    del depth
    if not isinstance(content, str):
        raise mistyped(content, str)
    return content


def _number(content: object, depth: int) -> str:
    return number_text(parse_number(_text(content, depth)))


def _binary(content: object, depth: int) -> str:
    text = _text(content, depth)
    try:
        return base64.b64encode(base64.b64decode(text, validate=True)).decode()
    except (binascii.Error, ValueError):
        raise ExpressionError("Invalid Base64 value in the request") from None


def _null(content: object, depth: int) -> bool:
    if not _boolean(content, depth):
        raise ExpressionError(f"{_INVALID}Null attribute value types must have the value of true")
    return True


def _boolean(content: object, depth: int) -> bool:
    del depth
    if not isinstance(content, bool):
        raise mistyped(content, bool)
    return content


def _list(content: object, depth: int) -> list[Value]:
    if not isinstance(content, list):
        raise mistyped(content, list)
    return [checked(value, depth + 1) for value in content]


def _map(content: object, depth: int) -> Item:
    if not isinstance(content, dict):
        raise mistyped(content, dict)
    return {name: checked(value, depth + 1) for name, value in content.items()}


def _set(kind: str, empty: str, member: Callable[[object, int], str]) -> Callable[[object, int], list[str]]:
    def check(content: object, depth: int) -> list[str]:
        if not isinstance(content, list):
            raise mistyped(content, list)
        if not content:
            raise ExpressionError(_INVALID + empty)
        members = [member(one, depth) for one in content]
        if len(set(members)) < len(members):
            shown = ", ".join(str(one) for one in content)
            raise ExpressionError(f"{_INVALID}Input collection [{shown}] contains duplicates.")
        return ordered_set(kind, members)

    return check


_CHECKS: Final[Mapping[str, Callable[[object, int], Any]]] = {
    "S": _text,
    "N": _number,
    "B": _binary,
    "NULL": _null,
    "BOOL": _boolean,
    "L": _list,
    "M": _map,
    "SS": _set("SS", "An string set  may not be empty", _text),
    "NS": _set("NS", "An number set  may not be empty", _number),
    "BS": _set("BS", "Binary sets should not be empty", _binary),
}
TYPES: Final = tuple(_CHECKS)


def ordered_set(kind: str, members: list[str]) -> list[str]:
    """Give a set's members in their one order."""
    return sorted(members, key=Decimal if kind == "NS" else None)


def kind_of(value: Value) -> str:
    """Give a value's type, `S`, `N`, `L` and so on."""
    return next(iter(value))


def compare(left: Value, right: Value) -> int | None:
    """Give -1, 0 or 1 for two texts, numbers or binaries; None for values that have no order between them."""
    kind = kind_of(left)
    if kind != kind_of(right) or kind not in _SCALARS:
        return None
    first, second = _sort_key(kind, left[kind]), _sort_key(kind, right[kind])
    return int(first > second) - int(first < second)


def _sort_key(kind: str, content: str) -> Any:
    if kind == "N":
        return Decimal(content)
    return content.encode("utf-8", "surrogatepass") if kind == "S" else base64.b64decode(content)


def length(value: Value) -> int | None:
    """Give what the function `size` gives; None for a type that it does not take."""
    kind = kind_of(value)
    if kind in {"N", "NULL", "BOOL"}:
        return None
    return len(base64.b64decode(value["B"])) if kind == "B" else len(value[kind])


def item_size(item: Item) -> int:
    """Give an item's size in bytes, names and values."""
    return sum(len(name.encode("utf-8", "surrogatepass")) + size_of(value) for name, value in item.items())


def size_of(value: Value) -> int:
    """Give a value's size in bytes; a number takes about a byte for two digits, a collection three and one each."""
    kind, content = next(iter(value.items()))
    if kind == "S":
        return len(content.encode("utf-8", "surrogatepass"))
    if kind == "N":
        return _number_size(content)
    if kind == "B":
        return len(base64.b64decode(content))
    if kind in {"SS", "NS", "BS"}:
        return sum(size_of({kind[0]: member}) for member in content)
    if kind == "L":
        return 3 + sum(1 + size_of(member) for member in content)
    if kind == "M":
        return 3 + item_size(content) + len(content)
    return 1


def _number_size(text: str) -> int:
    return (count_digits(text) + 1) // 2 + 1 + text.startswith("-")
