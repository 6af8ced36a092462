"""Newtonsoft.Json's tokens: reading, writing, changing and converting them."""

from __future__ import annotations

from inferway.languages.csharp.json.content import token_of
from inferway.languages.csharp.json.reader import parse_json
from inferway.languages.csharp.json.tokens import JArray, JObject, JProperty, JToken, JValue
from inferway.languages.csharp.json.writer import write_json

__all__ = ["JArray", "JObject", "JProperty", "JToken", "JValue", "parse_json", "token_of", "write_json"]
