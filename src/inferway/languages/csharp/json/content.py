"""What tokens values become."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from inferway.languages.csharp.errors import ThrownError
from inferway.languages.csharp.json.tokens import JArray, JObject, JProperty, JToken, JValue
from inferway.languages.csharp.values import Anonymous, Char, EnumValue, KeyValuePair, Long


def token_of(value: Any, depth: int = 0) -> JToken:
    """The token for a value: `JToken.FromObject`, and what a serializer makes of it. Raises ThrownError."""
    if depth > 60:
        raise ThrownError("Newtonsoft.Json.JsonSerializationException", "Self referencing loop detected.")
    if isinstance(value, JToken):
        return value
    if isinstance(value, Char):
        return JValue(str(value))
    if value is None or isinstance(value, str | bool | float | Decimal):
        return JValue(value)
    if isinstance(value, int):
        return JValue(Long(value))
    if isinstance(value, Anonymous):
        pairs = zip(value.names, value.values, strict=True)
        return JObject(JProperty(name, token_of(each, depth + 1)) for name, each in pairs)
    if isinstance(value, Mapping):
        return JObject(JProperty(key_text(key), token_of(each, depth + 1)) for key, each in value.items())
    if isinstance(value, KeyValuePair):
        both = (("Key", value.key), ("Value", value.value))
        return JObject(JProperty(name, token_of(each, depth + 1)) for name, each in both)
    if isinstance(value, Iterable) and str(getattr(value, "element", "")) != "byte":
        return JArray(token_of(each, depth + 1) for each in value)
    return JValue(value)


def key_text(key: Any) -> str:
    """A dictionary's key as a property's name."""
    return key.label if isinstance(key, EnumValue) else str(key)


def content_tokens(value: Any) -> list[JToken]:
    """What `new JArray(content)` and `Add(content)` take a value for: a sequence gives its elements."""
    if isinstance(value, JToken) or value is None or isinstance(value, str):
        return [_single(value)]
    if isinstance(value, Iterable) and not isinstance(value, Mapping):
        return [each for item in value for each in content_tokens(item)]
    return [_single(value)]


def _single(value: Any) -> JToken:
    if isinstance(value, JToken):
        return value
    if isinstance(value, Char):
        return JValue(str(value))
    return JValue(Long(value) if value.__class__ is int else value)
