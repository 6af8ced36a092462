"""Tokens as values: the cast operators of JToken, `Value<T>()` and `ToObject<T>()`, as Newtonsoft.Json has them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Final

from inferway.languages.csharp.change_type import change_type
from inferway.languages.csharp.errors import ThrownError
from inferway.languages.csharp.json.tokens import JArray, JObject, JProperty, JToken, JValue
from inferway.languages.csharp.text import FULL
from inferway.languages.csharp.types import INTEGRAL, NUMERIC, OBJECT, STRING, Type, is_value_type, underlying
from inferway.languages.csharp.values import Array, Dictionary, List, argument_error, argument_null

_NUMBERS: Final = frozenset({"Integer", "Float", "String", "Boolean", "Comment", "Raw"})
_STRINGS: Final = frozenset({*_NUMBERS, "Date", "Bytes", "Guid", "TimeSpan", "Uri"})
_DATES: Final = frozenset({"Date", "String", "Comment", "Raw"})
_ALLOWED: Final[dict[str, frozenset[str]]] = {
    **dict.fromkeys(NUMERIC, _NUMBERS),
    "bool": _NUMBERS,
    "char": frozenset({"Integer", "Float", "String", "Comment", "Raw"}),
    "string": _STRINGS,
    "DateTime": _DATES,
    "DateTimeOffset": _DATES,
    "TimeSpan": frozenset({"String", "Comment", "Raw", "TimeSpan"}),
    "Guid": frozenset({"String", "Comment", "Raw", "Guid", "Bytes"}),
    "Uri": frozenset({"String", "Comment", "Raw", "Uri"}),
    "[]": frozenset({"Bytes", "String", "Comment", "Raw", "Integer"}),
}


def token_as(token: JToken | None, target: Type) -> Any:
    """`(target)token`: the explicit operators of JToken. Raises ThrownError."""
    wanted = underlying(target)
    may_be_null = target.name == "?" or not is_value_type(target)
    if token is None:
        if may_be_null:
            return None
        raise argument_null("value")
    value = token.value if isinstance(token, JProperty) else token
    if isinstance(value, JValue):
        if value.value is None and may_be_null:
            return None
        if value.kind in _ALLOWED.get(wanted.name, ()):
            return change_type(value.value, wanted)
    shown = token.type.name.removeprefix("J") if not isinstance(value, JValue) else value.kind
    name = FULL.get(wanted.name, wanted.name).rpartition(".")[2]
    raise argument_error(f"Can not convert {shown} to {name}.")


def token_value(token: JToken | None, target: Type) -> Any:
    """`token.Value<T>()`. Raises ThrownError."""
    wanted = underlying(target)
    may_be_null = target.name == "?" or not is_value_type(target)
    if token is None:
        return None if may_be_null else default_of(target)
    if target.name in ("JToken", "object") or token.type == target:
        return token
    if not isinstance(token, JValue):
        raise ThrownError(
            "System.InvalidCastException",
            f"Cannot cast Newtonsoft.Json.Linq.{token.type} to Newtonsoft.Json.Linq.{'JToken'}.",
        )
    if token.value is None:
        if may_be_null:
            return None
        raise ThrownError("System.InvalidCastException", "Null object cannot be converted to a value type.")
    return change_type(token.value, wanted)


def default_of(type_: Type) -> Any:
    """`default(T)`."""
    if not is_value_type(type_) or type_.name == "?":
        return None
    if type_.name in INTEGRAL:
        return 0
    found = {"bool": False, "double": 0.0, "float": 0.0, "decimal": Decimal(0), "char": "\0"}.get(type_.name)
    return change_type(None, type_) if found is None else found


def to_object(token: JToken | None, target: Type) -> Any:
    """`token.ToObject<T>()`. Raises ThrownError."""
    wanted = underlying(target)
    if isinstance(token, JValue) and token.value is None:
        if wanted.name in ("JToken", "JValue"):
            return token
        if is_value_type(target) and target.name != "?":
            name = FULL.get(wanted.name, wanted.name)
            raise _unreadable(f"Error converting value {{null}} to type '{name}'. Path ''.")
        return None
    if token is None or wanted == OBJECT or token.type == wanted or wanted.name == "JToken":
        return token.value if isinstance(token, JValue) and wanted == OBJECT else token
    if isinstance(token, JValue):
        return _scalar(token, wanted)
    if isinstance(token, JArray):
        return _sequence(token, wanted)
    if isinstance(token, JObject) and wanted.name in ("Dictionary", "IDictionary", "IReadOnlyDictionary"):
        value_type = wanted.arguments[1]
        pairs = {name: to_object(each.value, value_type) for name, each in token.properties.items()}
        return Dictionary(pairs, wanted.arguments)
    raise _unreadable(f"Cannot deserialize the current JSON object into type '{wanted}'.")


def _scalar(token: JValue, wanted: Type) -> Any:
    if wanted.name in ("JObject", "JArray"):
        raise ThrownError("System.InvalidCastException", f"Cannot convert a value to {wanted}.")
    try:
        if wanted == STRING and token.kind == "Boolean":
            return "true" if token.value else "false"
        return change_type(token.value, wanted)
    except ThrownError as error:
        raise _unreadable(f"Could not convert to {wanted}: {error.message}") from None


def _sequence(token: JArray, wanted: Type) -> Any:
    if len(wanted.arguments) != 1:
        raise _unreadable(
            f"Cannot deserialize the current JSON array (e.g. [1,2,3]) into type '{wanted}' because the "
            f"type requires a "
            'JSON object (e.g. {"name":"value"}) to deserialize correctly.'
        )
    items = [to_object(each, wanted.arguments[0]) for each in token.items]
    return Array(items, wanted.arguments[0]) if wanted.name == "[]" else List(items, wanted.arguments[0])


def _unreadable(message: str) -> ThrownError:
    return ThrownError("Newtonsoft.Json.JsonSerializationException", message)
