"""`$context.error.validationErrorString`: what is wrong with a body, in the words of the service's validator.

Those are the messages of the Java library json-schema-validator 2, as gateway responses recorded on the service show
(`[object has missing required properties (["email"])]`).
"""

from collections.abc import Callable, Sequence
from typing import Any, Final

import msgspec

_NUMBER: Final = ["integer", "number"]


def _json(value: Any) -> str:
    return msgspec.json.encode(value).decode()


def _type_of(value: Any) -> str:
    if value is None:
        return "null"
    names = {bool: "boolean", int: "integer", float: "number", str: "string", list: "array", dict: "object"}
    return names[type(value)]


def _types(limit: Any) -> str:
    """Give the types that a schema allows; a number may be an integer."""
    given = limit if isinstance(limit, list) else [limit]
    return _json(sorted({one for kind in given for one in (_NUMBER if kind == "number" else [kind])}))


class _Found(msgspec.Struct, frozen=True):
    """An error as the gateway's check found it: the keyword's value, the value checked, and its length.

    `beside` are the numbers and flags that stand beside the keyword, `unexpected` the properties that none allows.
    """

    text: str
    limit: Any = None
    size: int = 0
    value: Any = None
    beside: dict[str, Any] = {}
    unexpected: list[str] = []


def _minimum(found: _Found) -> str:
    return f"numeric instance is lower than the required minimum (minimum: {found.limit}, found: {found.value})"


def _maximum(found: _Found) -> str:
    return f"numeric instance is greater than the required maximum (maximum: {found.limit}, found: {found.value})"


def _above(found: _Found) -> str:
    return f"numeric instance is not strictly greater than the required minimum {found.beside.get('minimum')}"


def _below(found: _Found) -> str:
    return f"numeric instance is not strictly lower than the required maximum {found.beside.get('maximum')}"


def _not_allowed(found: _Found) -> str:
    return f"object instance has properties which are not allowed by the schema: {_json(sorted(found.unexpected))}"


def _few_properties(found: _Found) -> str:
    return f"object has too few properties (found {found.size} but schema requires at least {found.limit})"


def _many_properties(found: _Found) -> str:
    return f"object has too many properties (found {found.size} but schema requires at most {found.limit})"


def _short(found: _Found) -> str:
    return f"string {_json(found.value)} is too short (length: {found.size}, required minimum: {found.limit})"


def _long(found: _Found) -> str:
    return f"string {_json(found.value)} is too long (length: {found.size}, maximum allowed: {found.limit})"


def _few(found: _Found) -> str:
    return f"array is too short: must have at least {found.limit} elements but instance has {found.size} elements"


def _many(found: _Found) -> str:
    return f"array is too long: must have at most {found.limit} elements but instance has {found.size} elements"


def _type(found: _Found) -> str:
    kind = _type_of(found.value)
    return f"instance type ({kind}) does not match any allowed primitive type (allowed: {_types(found.limit)})"


def _enum(found: _Found) -> str:
    return f"instance value ({_json(found.value)}) not found in enum (possible values: {_json(found.limit)})"


_WORDS: Final[dict[str, Callable[[_Found], str]]] = {
    "additionalProperties": _not_allowed,
    "enum": _enum,
    "exclusiveMaximum": _below,
    "exclusiveMinimum": _above,
    "maxItems": _many,
    "maxLength": _long,
    "maxProperties": _many_properties,
    "maximum": _maximum,
    "minItems": _few,
    "minLength": _short,
    "minProperties": _few_properties,
    "minimum": _minimum,
    "multipleOf": lambda found: f"remainder of division is not zero ({found.value} / {found.limit})",
    "pattern": lambda found: f"ECMA 262 regex {_json(found.limit)} does not match input string {_json(found.value)}",
    "type": _type,
    "uniqueItems": lambda _: "array must not contain duplicate elements",
}
"""The validator's message by keyword; another keyword keeps the words of the check itself."""


def validation_error_string(details: Sequence[tuple[str, str]]) -> str:
    """Give the errors of a body as one text in brackets; the properties that one object misses are one error."""
    made: list[str] = []
    missed: list[Any] = []
    for keyword, encoded in details:
        found = msgspec.json.decode(encoded, type=_Found)
        if keyword == "required" and isinstance(found.value, dict) and isinstance(found.limit, list):
            if found.value in missed:
                continue
            missed.append(found.value)
            names = _json(sorted(name for name in found.limit if name not in found.value))
            made.append(f"object has missing required properties ({names})")
        else:
            made.append(_WORDS[keyword](found) if keyword in _WORDS else found.text)
    return f"[{', '.join(made)}]" if made else ""
