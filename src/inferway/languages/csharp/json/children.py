"""A token by its key."""

from __future__ import annotations

from typing import Any

from inferway.languages.csharp.json.tokens import JArray, JObject, JToken
from inferway.languages.csharp.values import argument_error, invalid_operation


def child(token: JToken, key: Any) -> JToken | None:
    """`token[key]` where the token's class is not known from the source. Raises ThrownError."""
    if isinstance(token, JObject):
        if isinstance(key, str):
            return token.get(key)
        raise argument_error(f"Accessed JObject values with invalid key value: {key}. Object property name expected.")
    if isinstance(token, JArray):
        if isinstance(key, int):
            return token.at(key)
        shown = f'"{key}"'
        raise argument_error(f"Accessed JArray values with invalid key value: {shown}. Int32 array index expected.")
    raise invalid_operation(f"Cannot access child value on Newtonsoft.Json.Linq.{token.type}.")


def set_child(token: JToken, key: Any, value: JToken) -> None:
    """`token[key] = value` where the token's class is not known from the source. Raises ThrownError."""
    if isinstance(token, JObject) and isinstance(key, str):
        token.set(key, value)
    elif isinstance(token, JArray) and isinstance(key, int):
        token.put(key, value)
    elif isinstance(token, JObject | JArray):
        child(token, key)
    else:
        raise invalid_operation(f"Cannot set child value on Newtonsoft.Json.Linq.{token.type}.")
