"""JToken, JObject, JArray, JValue, JProperty and JsonConvert."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from inferway.languages.csharp.errors import ThrownError
from inferway.languages.csharp.json.children import child, set_child
from inferway.languages.csharp.json.content import content_tokens, token_of
from inferway.languages.csharp.json.convert import to_object, token_value
from inferway.languages.csharp.json.path import select
from inferway.languages.csharp.json.reader import failure, parse_json
from inferway.languages.csharp.json.tokens import JArray, JObject, JProperty, JToken, JValue
from inferway.languages.csharp.json.writer import write_json
from inferway.languages.csharp.library.enums import token_type
from inferway.languages.csharp.library.token_tree import (
    deep_equals,
    descendants,
    index_of,
    merge,
    path_of,
    remove,
    replace,
    value_or_null,
)
from inferway.languages.csharp.text import text_of
from inferway.languages.csharp.types import OBJECT, Type
from inferway.languages.csharp.universe import Class
from inferway.languages.csharp.values import argument_error, argument_null


def _parse(kind: type[JToken], name: str) -> Callable[[str | None], JToken]:
    def parse(text: str | None) -> JToken:
        if text is None:
            raise argument_null("json")
        found = parse_json(text)
        if not isinstance(found, kind):
            what = {"JObject": "an object", "JArray": "an array"}[name]
            shown = (
                "StartArray" if isinstance(found, JArray) else "StartObject" if isinstance(found, JObject) else "String"
            )
            shown = found.kind if isinstance(found, JValue) else shown
            raise failure(
                f"Error reading {name} from JsonReader. Current JsonReader item is not {what}: {shown}. "
                f"Path '', line 1, "
                f"position {1 if not isinstance(found, JValue) else len(text)}."
            )
        return found

    return parse


def _object(contents: Iterable[Any] | None = ()) -> JObject:
    made = JObject()
    for each in contents or ():
        _add_to_object(made, each)
    return made


def _add_to_object(made: JObject, item: Any) -> None:
    if isinstance(item, JProperty):
        made.add(item)
    elif isinstance(item, JObject):
        for each in item.children():
            made.add(each.copy())  # type: ignore[arg-type]  # an object's children are properties
    elif isinstance(item, Iterable) and not isinstance(item, str | JToken):
        for each in item:
            _add_to_object(made, each)
    else:
        name = item.type if isinstance(item, JToken) else "JValue"
        raise argument_error(f"Can not add Newtonsoft.Json.Linq.{name} to Newtonsoft.Json.Linq.JObject.")


def _array(contents: Iterable[Any] | None = ()) -> JArray:
    return JArray(each for item in contents or () for each in content_tokens(item))


def _content(value: Any) -> JToken:
    """What a property's value is made of: a sequence gives an array, however many elements it has."""
    found = content_tokens(value)
    several = isinstance(value, Iterable) and not isinstance(value, str | JToken | Mapping)
    return JArray(found) if several else found[0]


def _type_of(token: JToken) -> Any:
    return token_type(token.kind if isinstance(token, JValue) else token.type.name.removeprefix("J"))


def _value_of(types: tuple[Type, ...], token: JToken, key: Any) -> Any:
    return token_value(child(token, key), types[0])


def _get_value(token: JObject, name: str, comparison: int = 4) -> JToken | None:
    found = token.get(name)
    if found is not None or not comparison % 2:
        return found
    return next((each.value for key, each in token.properties.items() if key.upper() == name.upper()), None)


def _try_get(token: JObject, name: str, comparison: int = 4) -> tuple[bool, JToken | None]:
    found = _get_value(token, name, comparison)
    return found is not None, found


def _select(token: JToken, path: str, errors: bool = False) -> JToken | None:
    found = select(token, path)
    if len(found) > 1:
        raise ThrownError("Newtonsoft.Json.JsonException", "Path returned multiple tokens.")
    if not found and errors:
        raise ThrownError("Newtonsoft.Json.JsonException", f"Property '{path}' does not exist on JObject.")
    return found[0] if found else None


def _text(token: JToken, formatting: int) -> str:
    return write_json(token, indented=formatting == 1)


_TOKEN: Final[dict[str, Callable[..., Any]]] = {
    "JToken this[object key]": child,
    "set JToken this[object key]": lambda token, key, value: set_child(token, key, value_or_null(value)),
    "T Value<T>(object key)": lambda token, types, key: _value_of(types, token, key),
    "T ToObject<T>()": lambda token, types: to_object(token, types[0]),
    "IEnumerable<T> Values<T>()": lambda token, types: [token_value(each, types[0]) for each in token.children()],
    "JToken SelectToken(string path)": _select,
    "JToken SelectToken(string path, bool errorWhenNoMatch)": _select,
    "IEnumerable<JToken> SelectTokens(string path)": select,
    "JTokenType Type": _type_of,
    "JContainer Parent": lambda token: token.parent,
    "JToken Root": lambda token: token if token.parent is None else _TOKEN["JToken Root"](token.parent),
    "string Path": path_of,
    "bool HasValues": lambda token: any(True for _ in token.children()),
    "JToken First": lambda token: next(iter(token.children()), None),
    "JToken Last": lambda token: next(iter(list(token.children())[::-1]), None),
    "IEnumerable<JToken> Children()": lambda token: token.children(),
    "JToken DeepClone()": lambda token: token.copy(),
    "void Remove()": remove,
    "void Replace(JToken value)": replace,
    "string ToString()": text_of,
    "string ToString(Formatting formatting)": _text,
    "static JToken Parse(string json)": lambda text: parse_json(_some(text)),
    "static JToken FromObject(object o)": lambda value: (
        token_of(value).copy() if isinstance(value, JToken) else token_of(value)
    ),
    "static bool DeepEquals(JToken a, JToken b)": deep_equals,
}


def _some(text: str | None) -> str:
    if text is None:
        raise argument_null("json")
    return text


_CONTAINER: Final[dict[str, Callable[..., Any]]] = {
    "int Count": lambda token: len(list(token.children())),
    "IEnumerable<JToken> Descendants()": lambda token: list(descendants(token)),
    "void Merge(object content)": merge,
}


_OBJECT: Final[dict[str, Callable[..., Any]]] = {
    "new()": JObject,
    "new(JObject other)": lambda other: other.copy(),
    "new(params object[] content)": _object,
    "JToken this[string name]": JObject.get,
    "set JToken this[string name]": lambda token, name, value: token.set(name, value_or_null(value)),
    "static JObject Parse(string json)": _parse(JObject, "JObject"),
    "static JObject FromObject(object o)": token_of,
    "void Add(string name, JToken value)": lambda token, name, value: token.add(JProperty(name, value_or_null(value))),
    "void Add(object content)": _add_to_object,
    "bool Remove(string name)": JObject.remove,
    "bool ContainsKey(string name)": lambda token, name: name in token.properties,
    "JProperty Property(string name)": lambda token, name: token.properties.get(name),
    "IEnumerable<JProperty> Properties()": lambda token: list(token.properties.values()),
    "IEnumerable<JToken> PropertyValues()": lambda token: [each.value for each in token.properties.values()],
    "JToken GetValue(string name)": _get_value,
    "JToken GetValue(string name, StringComparison comparison)": _get_value,
    "bool TryGetValue(string name, out JToken value)": _try_get,
    "bool TryGetValue(string name, StringComparison comparison, out JToken value)": _try_get,
    "int Count": lambda token: len(token.properties),
}


_ARRAY: Final[dict[str, Callable[..., Any]]] = {
    "new()": JArray,
    "new(params object[] content)": _array,
    "JToken this[int index]": JArray.at,
    "set JToken this[int index]": lambda array, index, value: array.put(index, value_or_null(value)),
    "static JArray Parse(string json)": _parse(JArray, "JArray"),
    "static JArray FromObject(object o)": token_of,
    "void Add(JToken item)": lambda array, item: array.insert(len(array.items), value_or_null(item)),
    "void Add(object content)": lambda array, item: array.insert(len(array.items), _content(item)),
    "void Insert(int index, JToken item)": lambda array, index, item: array.insert(index, value_or_null(item)),
    "void RemoveAt(int index)": JArray.delete,
    "bool Remove(JToken item)": lambda array, item: (
        index_of(array, item) >= 0 and array.delete(index_of(array, item)) is None
    ),
    "int IndexOf(JToken item)": index_of,
    "bool Contains(JToken item)": lambda array, item: index_of(array, item) >= 0,
    "void Clear()": lambda array: array.items.clear(),
    "int Count": lambda array: len(array.items),
}


_JVALUE: Final[dict[str, Callable[..., Any]]] = {
    "new(object value)": JValue,
    "object Value": lambda token: token.value,
    "static JValue CreateNull()": lambda: JValue(None, "Null"),
    "static JValue CreateString(string value)": lambda text: JValue(text, "String"),
}


_PROPERTY: Final[dict[str, Callable[..., Any]]] = {
    "new(string name, object content)": lambda name, value: JProperty(name, _content(value)),
    "string Name": lambda token: token.name,
    "JToken Value": lambda token: token.value,
    "set JToken Value": lambda token, value: token.set(value_or_null(value)),
}


def _serialize(value: Any, formatting: int = 0) -> str:
    return write_json(token_of(value), indented=formatting == 1)


def _deserialize(types: tuple[Type, ...], text: str | None, *_: Any) -> Any:
    return to_object(parse_json(_some(text)), types[0])


_CONVERT: Final[dict[str, Callable[..., Any]]] = {
    "static string SerializeObject(object value)": _serialize,
    "static string SerializeObject(object value, Formatting formatting)": _serialize,
    "static T DeserializeObject<T>(string value)": _deserialize,
    "static object DeserializeObject(string value)": lambda text: to_object(parse_json(_some(text)), OBJECT),
}


EXTENSIONS: Final = (
    Class(
        name="JsonExtensions",
        members={
            "static T Value<T>(this IEnumerable<JToken> token)": lambda types, token: token_value(token, types[0]),
            "static IEnumerable<T> Values<T>(this IEnumerable<JToken> tokens)": lambda types, tokens: [
                token_value(each, types[0]) for token in tokens for each in token.children()
            ],
        },
    ),
)


CLASSES: Final = (
    Class(name="JToken", members=_TOKEN, bases=("IEnumerable<JToken>",), python=JToken),
    Class(name="JContainer", members=_CONTAINER, bases=("JToken",), python=(JObject, JArray, JProperty)),
    Class(
        name="JObject",
        members=_OBJECT,
        bases=("IEnumerable<KeyValuePair<string, JToken>>", "JContainer"),
        python=JObject,
    ),
    Class(name="JArray", members=_ARRAY, bases=("JContainer",), python=JArray),
    Class(name="JValue", members=_JVALUE, bases=("JToken",), python=JValue),
    Class(name="JProperty", members=_PROPERTY, bases=("JContainer",), python=JProperty),
    Class(name="JsonConvert", members=_CONVERT),
)
