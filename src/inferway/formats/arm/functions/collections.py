"""Functions on lists and mappings, and those that take texts too.

Source: Azure Resource Manager, "Array functions", "Object functions", "Lambda functions for ARM templates"
(https://learn.microsoft.com/azure/azure-resource-manager/templates/template-functions-array, -object, -lambda).
"""

from collections.abc import Mapping
from functools import cmp_to_key
from typing import Final

from inferway.formats.arm.functions import texts
from inferway.formats.arm.functions.arguments import a_function, a_list, a_mapping, a_text, a_truth, an_integer, wrong
from inferway.formats.arm.values import Unresolved, Value, access, find_key, kind, text

_LONGEST_RANGE: Final = 10_000
"""Items that `range` gives at most."""


def concat(*values: Value) -> Value:
    """`concat` of lists, else of texts."""
    if values and isinstance(values[0], list):
        return [item for value in values for item in a_list(value)]
    if any(isinstance(value, list | Mapping) for value in values):
        raise Unresolved("bad-argument", "concat takes lists only or texts only")
    return "".join(text(value) for value in values)


def contains(holder: Value, wanted: Value) -> Value:
    """`contains`: a part of a text, a key, an item."""
    if isinstance(holder, str):
        return text(wanted) in holder
    if isinstance(holder, Mapping):
        return find_key(holder, text(wanted)) is not None
    return any(same(item, wanted) for item in a_list(holder))


def same(left: Value, right: Value) -> bool:
    """Say whether values are equal: of one type, texts with their case."""
    return kind(left) == kind(right) and bool(left == right)


def array(value: Value) -> Value:
    """`array`."""
    return value if isinstance(value, list) else [value]


def create_array(*values: Value) -> Value:
    """`createArray`."""
    return list(values)


def create_object(*pairs: Value) -> Value:
    """`createObject` of keys and values in turn."""
    if len(pairs) % 2:
        raise Unresolved("bad-argument", "createObject takes a value for each key")
    return {a_text(pairs[at]): pairs[at + 1] for at in range(0, len(pairs), 2)}


def length(value: Value) -> Value:
    """`length` of a text, a list or a mapping."""
    if not isinstance(value, str | list | Mapping):
        raise wrong("a string, an array or an object", value)
    return len(value)


def empty(value: Value) -> Value:
    """`empty`; null is empty too."""
    return value is None or not length(value)


def first(value: Value) -> Value:
    """`first` item or character; null and "" where there is none."""
    return value[:1] if isinstance(value, str) else next(iter(a_list(value)), None)


def last(value: Value) -> Value:
    """`last` item or character."""
    return value[-1:] if isinstance(value, str) else next(reversed(a_list(value)), None)


def take(value: Value, count: Value) -> Value:
    """`take` from the front."""
    number = max(0, an_integer(count))
    return value[:number] if isinstance(value, str) else a_list(value)[:number]


def skip(value: Value, count: Value) -> Value:
    """`skip` at the front."""
    number = max(0, an_integer(count))
    return value[number:] if isinstance(value, str) else a_list(value)[number:]


def index_of(holder: Value, wanted: Value) -> Value:
    """`indexOf` in a text or a list."""
    if isinstance(holder, str):
        return texts.index_of(holder, wanted)
    return next((at for at, item in enumerate(a_list(holder)) if same(item, wanted)), -1)


def last_index_of(holder: Value, wanted: Value) -> Value:
    """`lastIndexOf` in a text or a list."""
    if isinstance(holder, str):
        return texts.last_index_of(holder, wanted)
    items = a_list(holder)
    return next((at for at in reversed(range(len(items))) if same(items[at], wanted)), -1)


def flatten(value: Value) -> Value:
    """`flatten` by one level."""
    return [item for part in a_list(value) for item in (part if isinstance(part, list) else [part])]


def index_from_end(value: Value, at: Value) -> Value:
    """`indexFromEnd`: 1 is the last."""
    return access(a_list(value), len(value) - an_integer(at))


def try_index_from_end(value: Value, at: Value) -> Value:
    """`tryIndexFromEnd`."""
    return access(a_list(value), len(value) - an_integer(at), safe=True)


def try_get(value: Value, *path: Value) -> Value:
    """`tryGet`: null where a part is not there."""
    for key in path:
        if value is None:
            return None
        value = access(value, key, safe=True)
    return value


def intersection(*values: Value) -> Value:
    """`intersection` of lists, or of mappings where key and value are the same."""
    made = values[0]
    for other in values[1:]:
        if isinstance(made, Mapping):
            holder = a_mapping(other)
            made = {key: value for key, value in made.items() if key in holder and same(holder[key], value)}
        else:
            there = {(kind(item), text(item)) for item in a_list(other)}
            made = [item for item in a_list(made) if (kind(item), text(item)) in there]
    return made


def union(*values: Value) -> Value:
    """`union`: items once each; mappings merge, also those within them."""
    made = values[0]
    for other in values[1:]:
        made = _merged(made, a_mapping(other)) if isinstance(made, Mapping) else [*a_list(made), *a_list(other)]
    return made if isinstance(made, Mapping) else _distinct(a_list(made))


def _distinct(items: list[Value]) -> list[Value]:
    seen: set[tuple[str, str]] = set()
    made = []
    for item in items:
        mark = (kind(item), text(item))
        if mark not in seen:
            seen.add(mark)
            made.append(item)
    return made


def _merged(left: Mapping[str, Value], right: Mapping[str, Value]) -> dict[str, Value]:
    made = dict(left)
    for key, value in right.items():
        there = made.get(key)
        made[key] = _merged(there, value) if isinstance(there, Mapping) and isinstance(value, Mapping) else value
    return made


def shallow_merge(values: Value) -> Value:
    """`shallowMerge`: later keys win."""
    made: dict[str, Value] = {}
    for value in a_list(values):
        made |= a_mapping(value)
    return made


def items(value: Value) -> Value:
    """`items`: keys in their order with their values."""
    return [{"key": key, "value": part} for key, part in sorted(a_mapping(value).items())]


def object_keys(value: Value) -> Value:
    """`objectKeys`."""
    return sorted(a_mapping(value))


def number_range(start: Value, count: Value) -> Value:
    """`range`."""
    if not 0 <= an_integer(count) <= _LONGEST_RANGE:
        raise Unresolved("bad-argument", f"range gives 0 to {_LONGEST_RANGE:,} numbers, not {count}")
    return list(range(an_integer(start), start + count))


def _numbers(values: tuple[Value, ...]) -> list[int]:
    given = a_list(values[0]) if len(values) == 1 and not isinstance(values[0], int) else list(values)
    if not given:
        raise Unresolved("bad-argument", "there is no number to choose from")
    return [an_integer(value) for value in given]


def smallest(*values: Value) -> Value:
    """`min`."""
    return min(_numbers(values))


def largest(*values: Value) -> Value:
    """`max`."""
    return max(_numbers(values))


def keep(values: Value, test: Value) -> Value:
    """`filter`."""
    run = a_function(test)
    return [item for at, item in enumerate(a_list(values)) if a_truth(run(item, at))]


def each(values: Value, function: Value) -> Value:
    """`map`."""
    run = a_function(function)
    return [run(item, at) for at, item in enumerate(a_list(values))]


def map_values(value: Value, function: Value) -> Value:
    """`mapValues`."""
    run = a_function(function)
    return {key: run(part) for key, part in a_mapping(value).items()}


def fold(values: Value, start: Value, function: Value) -> Value:
    """`reduce`."""
    run = a_function(function)
    for at, item in enumerate(a_list(values)):
        start = run(start, item, at)
    return start


def ordered(values: Value, before: Value) -> Value:
    """`sort`: the function says whether the first comes before the second."""
    run = a_function(before)

    def compare(left: Value, right: Value) -> int:
        return -1 if a_truth(run(left, right)) else 1 if a_truth(run(right, left)) else 0

    return sorted(a_list(values), key=cmp_to_key(compare))


def group_by(values: Value, function: Value) -> Value:
    """`groupBy`."""
    run = a_function(function)
    made: dict[str, list[Value]] = {}
    for at, item in enumerate(a_list(values)):
        made.setdefault(a_text(run(item, at)), []).append(item)
    return made


def to_object(values: Value, key: Value, value: Value = None) -> Value:
    """`toObject`."""
    name, run = a_function(key), None if value is None else a_function(value)
    return {a_text(name(item)): item if run is None else run(item) for item in a_list(values)}
