"""What tokens of JSON do within their tree: move, merge, compare, say where they stand."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from inferway.languages.csharp.errors import ThrownError
from inferway.languages.csharp.json.content import token_of
from inferway.languages.csharp.json.tokens import JArray, JObject, JProperty, JToken, JValue
from inferway.languages.csharp.values import invalid_operation


def value_or_null(value: JToken | None) -> JToken:
    """A token, that of null where there is none."""
    return JValue(None, "Null") if value is None else value


def remove(token: JToken) -> None:
    """`token.Remove()`. Raises ThrownError."""
    parent = token.parent
    if isinstance(parent, JArray):
        parent.delete(next(at for at, each in enumerate(parent.items) if each is token))
    elif isinstance(parent, JObject) and isinstance(token, JProperty):
        parent.remove(token.name)
    elif isinstance(parent, JProperty):
        raise ThrownError(
            "Newtonsoft.Json.JsonException", "Cannot add or remove items from Newtonsoft.Json.Linq.JProperty."
        )
    else:
        raise invalid_operation("The parent is missing.")


def replace(token: JToken, value: JToken | None) -> None:
    """`token.Replace(value)`. Raises ThrownError."""
    parent = token.parent
    if isinstance(parent, JArray):
        parent.put(next(at for at, each in enumerate(parent.items) if each is token), value_or_null(value))
    elif isinstance(parent, JProperty):
        parent.set(value_or_null(value))
    else:
        raise invalid_operation("The parent is missing.")


def path_of(token: JToken) -> str:
    """`token.Path`."""
    parts: list[str] = []
    current: JToken | None = token
    while current is not None:
        above = current.parent
        if isinstance(current, JProperty):
            plain = current.name.replace("_", "").isalnum()
            parts.append(f".{current.name}" if plain else f"['{current.name}']")
        elif isinstance(above, JArray):
            parts.append(f"[{next(at for at, each in enumerate(above.items) if each is current)}]")
        current = above
    return "".join(reversed(parts)).removeprefix(".")


def deep_equals(left: JToken | None, right: JToken | None) -> bool:
    """`JToken.DeepEquals`."""
    if left is None or right is None:
        return left is right
    if isinstance(left, JValue) and isinstance(right, JValue):
        return left.kind == right.kind and bool(left.value == right.value)
    if isinstance(left, JArray) and isinstance(right, JArray):
        pairs = zip(left.items, right.items, strict=False)
        return len(left.items) == len(right.items) and all(deep_equals(a, b) for a, b in pairs)
    if isinstance(left, JObject) and isinstance(right, JObject):
        one, two = left.properties, right.properties
        return one.keys() == two.keys() and all(deep_equals(one[name].value, two[name].value) for name in one)
    return False


def descendants(token: JToken) -> Iterable[JToken]:
    """`token.Descendants()`, each before its own children."""
    stack = list(token.children())[::-1]
    while stack:
        each = stack.pop()
        yield each
        stack.extend(list(each.children())[::-1])


def merge(token: JObject, other: Any) -> None:
    """`a.Merge(b)`: arrays grow, objects merge, null changes nothing."""
    for name, each in token_of(other).properties.items():  # type: ignore[attr-defined]  # anything else fails below
        found = token.get(name)
        if isinstance(found, JObject) and isinstance(each.value, JObject):
            merge(found, each.value)
        elif isinstance(found, JArray) and isinstance(each.value, JArray):
            for item in each.value.items:
                found.insert(len(found.items), item)
        elif not (isinstance(each.value, JValue) and each.value.value is None and found is not None):
            token.set(name, each.value)


def index_of(array: JArray, item: JToken | None) -> int:
    """The index of an item of an array, -1 when it is none."""
    return next((at for at, each in enumerate(array.items) if each is item), -1)
