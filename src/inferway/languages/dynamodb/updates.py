"""Applies update expressions to an item, after "Using update expressions in DynamoDB"."""

import copy
from typing import Any, Final

from inferway.languages.dynamodb.errors import ExpressionError
from inferway.languages.dynamodb.nodes import Attribute, Call, Change, Constant, Operand, Path, Sum, Update
from inferway.languages.dynamodb.numbers import add
from inferway.languages.dynamodb.paths import find
from inferway.languages.dynamodb.values import Item, Value, kind_of, ordered_set

_WRONG_TYPE: Final = "An operand in the update expression has an incorrect data type"
_MISSING: Final = "The provided expression refers to an attribute that does not exist in the item"
_BAD_PATH: Final = "The document path provided in the update expression is invalid for update"


def apply(update: Update, item: Item) -> Item:
    """Give the item as the update makes it; every operand is taken from the item as it was. Raises ExpressionError."""
    assignments = [(action.path, _value(action.value, item)) for action in update.set]
    assignments += [(action.path, _added(find(item, action.path), action)) for action in update.add]
    removals = list(update.remove)
    for change in update.delete:
        left = _deleted(find(item, change.path), change)
        if left is None:
            removals.append(change.path)
        else:
            assignments.append((change.path, left))
    changed = copy.deepcopy(item)
    # Places within a list are those that it has before: what is removed goes last, from the list's end.
    for path, value in assignments:
        _put(changed, path, value)
    for path in sorted(removals, key=_place, reverse=True):
        _remove(changed, path)
    return changed


def _value(operand: Operand, item: Item) -> Value:
    match operand:
        case Constant():
            return operand.value
        case Attribute():
            found = find(item, operand.path)
            if found is None:
                raise ExpressionError(_MISSING)
            return found
        case Call(name="if_not_exists", operands=(Attribute() as attribute, otherwise)):
            found = find(item, attribute.path)
            return _value(otherwise, item) if found is None else found
        case Call(name="list_append", operands=(first, second)):
            lists = [_value(first, item), _value(second, item)]
            if any("L" not in one for one in lists):
                raise ExpressionError(_WRONG_TYPE)
            return {"L": lists[0]["L"] + lists[1]["L"]}
        case Sum():
            left, right = _value(operand.left, item), _value(operand.right, item)
            if "N" not in left or "N" not in right:
                raise ExpressionError(_WRONG_TYPE)
            return {"N": add(left["N"], right["N"], minus=operand.operator == "-")}
        case _:
            raise ExpressionError(_WRONG_TYPE)


def _added(value: Value | None, change: Change) -> Value:
    kind = kind_of(change.value)
    if value is None:
        return change.value
    if kind_of(value) != kind:
        raise ExpressionError(_WRONG_TYPE)
    if kind == "N":
        return {"N": add(value["N"], change.value["N"])}
    return {kind: ordered_set(kind, list({*value[kind], *change.value[kind]}))}


def _deleted(value: Value | None, change: Change) -> Value | None:
    """Give what is left of a set; None when nothing is, or nothing was there."""
    if value is None:
        return None
    kind = kind_of(change.value)
    if kind_of(value) != kind:
        raise ExpressionError(_WRONG_TYPE)
    left = [member for member in value[kind] if member not in change.value[kind]]
    return {kind: left} if left else None


def _holder(item: Item, path: Path) -> Any:
    """Give the map or list that holds a path's last part; None where there is none of the right kind."""
    if len(path) == 1:
        return item
    parent = find(item, path[:-1])
    return None if parent is None else parent.get("L" if isinstance(path[-1], int) else "M")


def _put(item: Item, path: Path, value: Value) -> None:
    holder, last = _holder(item, path), path[-1]
    if holder is None:
        raise ExpressionError(_BAD_PATH)
    if isinstance(last, int) and last >= len(holder):
        holder.append(value)  # beyond a list's end is its end
    else:
        holder[last] = value


def _remove(item: Item, path: Path) -> None:
    holder, last = _holder(item, path), path[-1]
    if holder is None:
        if len(path) > 1 and find(item, path[:-1]) is None:
            raise ExpressionError(_BAD_PATH)
        return
    if isinstance(last, int):
        if last < len(holder):
            del holder[last]
    else:
        holder.pop(last, None)


def _place(path: Path) -> tuple[tuple[int, str], ...]:
    return tuple((part, "") if isinstance(part, int) else (-1, part) for part in path)
