"""The functions that need nothing but their arguments, by their names in lower case."""

from collections.abc import Callable
from typing import Final

import msgspec

from inferway.formats.arm.functions import collections, dates, networks, numbers, texts
from inferway.formats.arm.hashes import guid, unique_string
from inferway.formats.arm.values import Unresolved, Value, text


class Function(msgspec.Struct, frozen=True, kw_only=True):
    """A function, its name as it is documented, and how many arguments it takes at least and at most."""

    name: str
    run: Callable[..., Value]
    least: int
    most: int


_MANY: Final = 1_000


def _constant(value: Value) -> Callable[[], Value]:
    return lambda: value


def _fail(message: Value) -> Value:
    raise Unresolved("failed", f"the template fails by itself: {text(message)[:500]}")


def _unique_string(*values: Value) -> Value:
    return unique_string(*map(text, values))


def _guid(*values: Value) -> Value:
    return guid(*map(text, values))


_LISTED: Final[tuple[tuple[str, Callable[..., Value], int, int], ...]] = (
    ("base64", texts.to_base64, 1, 1),
    ("base64ToJson", texts.base64_to_json, 1, 1),
    ("base64ToString", texts.from_base64, 1, 1),
    ("dataUri", texts.data_uri, 1, 1),
    ("dataUriToString", texts.data_uri_to_string, 1, 1),
    ("endsWith", texts.ends_with, 2, 2),
    ("format", texts.format_text, 1, _MANY),
    ("guid", _guid, 1, _MANY),
    ("join", texts.join, 2, 2),
    ("json", texts.json, 1, 1),
    ("padLeft", texts.pad_left, 2, 3),
    ("replace", texts.replace, 3, 3),
    ("split", texts.split, 2, 2),
    ("startsWith", texts.starts_with, 2, 2),
    ("string", texts.string, 1, 1),
    ("substring", texts.substring, 2, 3),
    ("toLower", texts.to_lower, 1, 1),
    ("toUpper", texts.to_upper, 1, 1),
    ("trim", texts.trim, 1, 1),
    ("uniqueString", _unique_string, 1, _MANY),
    ("uri", texts.uri, 2, 2),
    ("uriComponent", texts.uri_component, 1, 1),
    ("uriComponentToString", texts.uri_component_to_string, 1, 1),
    ("array", collections.array, 1, 1),
    ("concat", collections.concat, 0, _MANY),
    ("contains", collections.contains, 2, 2),
    ("createArray", collections.create_array, 0, _MANY),
    ("createObject", collections.create_object, 0, _MANY),
    ("empty", collections.empty, 1, 1),
    ("filter", collections.keep, 2, 2),
    ("first", collections.first, 1, 1),
    ("flatten", collections.flatten, 1, 1),
    ("groupBy", collections.group_by, 2, 2),
    ("indexFromEnd", collections.index_from_end, 2, 2),
    ("indexOf", collections.index_of, 2, 2),
    ("intersection", collections.intersection, 1, _MANY),
    ("items", collections.items, 1, 1),
    ("last", collections.last, 1, 1),
    ("lastIndexOf", collections.last_index_of, 2, 2),
    ("length", collections.length, 1, 1),
    ("map", collections.each, 2, 2),
    ("mapValues", collections.map_values, 2, 2),
    ("max", collections.largest, 1, _MANY),
    ("min", collections.smallest, 1, _MANY),
    ("objectKeys", collections.object_keys, 1, 1),
    ("range", collections.number_range, 2, 2),
    ("reduce", collections.fold, 3, 3),
    ("shallowMerge", collections.shallow_merge, 1, 1),
    ("skip", collections.skip, 2, 2),
    ("sort", collections.ordered, 2, 2),
    ("take", collections.take, 2, 2),
    ("toObject", collections.to_object, 2, 3),
    ("tryGet", collections.try_get, 2, _MANY),
    ("tryIndexFromEnd", collections.try_index_from_end, 2, 2),
    ("union", collections.union, 1, _MANY),
    ("add", numbers.add, 2, 2),
    ("bool", numbers.truth, 1, 1),
    ("div", numbers.divide, 2, 2),
    ("equals", numbers.equals, 2, 2),
    ("false", _constant(False), 0, 0),  # noqa: FBT003 - the value of the language's own function
    ("float", numbers.decimal, 1, 1),
    ("greater", numbers.compared(lambda order: order > 0), 2, 2),
    ("greaterOrEquals", numbers.compared(lambda order: order >= 0), 2, 2),
    ("int", numbers.integer, 1, 1),
    ("less", numbers.compared(lambda order: order < 0), 2, 2),
    ("lessOrEquals", numbers.compared(lambda order: order <= 0), 2, 2),
    ("mod", numbers.modulo, 2, 2),
    ("mul", numbers.multiply, 2, 2),
    ("not", numbers.negate, 1, 1),
    ("null", _constant(None), 0, 0),
    ("sub", numbers.subtract, 2, 2),
    ("true", _constant(True), 0, 0),  # noqa: FBT003 - as above
    ("dateTimeAdd", dates.date_time_add, 2, 3),
    ("dateTimeFromEpoch", dates.date_time_from_epoch, 1, 1),
    ("dateTimeToEpoch", dates.date_time_to_epoch, 1, 1),
    ("parseCidr", networks.parse_cidr, 1, 1),
    ("cidrSubnet", networks.cidr_subnet, 3, 3),
    ("cidrHost", networks.cidr_host, 2, 2),
    ("pickZones", networks.pick_zones, 3, 5),
    ("toLogicalZone", networks.same_zone, 3, 3),
    ("toLogicalZones", networks.same_zone, 3, 3),
    ("toPhysicalZone", networks.same_zone, 3, 3),
    ("toPhysicalZones", networks.same_zone, 3, 3),
    ("fail", _fail, 1, 1),
)

FUNCTIONS: Final = {
    name.lower(): Function(name=name, run=run, least=least, most=most) for name, run, least, most in _LISTED
}

TAKING_APART: Final = frozenset(
    [
        "base64tojson",
        "base64tostring",
        "bool",
        "cidrhost",
        "cidrsubnet",
        "datauritostring",
        "datetimeadd",
        "datetimetoepoch",
        "first",
        "float",
        "int",
        "items",
        "json",
        "last",
        "objectkeys",
        "parsecidr",
        "skip",
        "split",
        "substring",
        "take",
    ]
)
"""Functions that look into their first argument: of one that stands for what only the cloud knows they know nothing."""

UNSERVED: Final = frozenset(("builduri", "externalinput", "parseuri", "providers", "resourceinput", "this"))
"""Functions that the language has and that are not served."""
