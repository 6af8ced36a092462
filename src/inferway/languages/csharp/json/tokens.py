"""JObject, JArray, JProperty and JValue: a tree whose tokens know their parents, as in Newtonsoft.Json.Linq.

A token that already has a parent is copied when it is put elsewhere
(https://www.newtonsoft.com/json/help/html/N_Newtonsoft_Json_Linq.htm).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any, Final

from inferway.languages.csharp.budget import room
from inferway.languages.csharp.dates import DateTime, DateTimeOffset, TimeSpan
from inferway.languages.csharp.types import Type
from inferway.languages.csharp.values import KeyValuePair, argument_error, index_range


class JToken:
    """Any token."""

    __slots__ = ("parent",)
    type: Type = Type("JToken")
    parent: JToken | None

    def children(self) -> Iterable[JToken]:
        """The tokens directly below."""
        return ()

    def copy(self) -> JToken:
        """A deep copy without a parent."""
        raise NotImplementedError

    def plain(self) -> object:
        """The token as Python has it: dictionaries, lists and boxed values."""
        return [child.plain() for child in self.children()]

    def __iter__(self) -> Iterator[JToken]:
        return iter(self.children())


class JValue(JToken):
    """A value: `value` is what C# calls `Value`, boxed; `kind` the JTokenType's name."""

    __slots__ = ("kind", "value")
    type = Type("JValue")

    def __init__(self, value: Any, kind: str = "") -> None:
        self.parent = None
        self.value = value
        self.kind = kind or kind_of(value)

    def copy(self) -> JToken:
        """A deep copy without a parent."""
        return JValue(self.value, self.kind)

    def plain(self) -> object:
        """The value itself; a whole number as one that JSON takes."""
        return int(self.value) if isinstance(self.value, int) and not isinstance(self.value, bool) else self.value


class JProperty(JToken):
    """A name with its value."""

    __slots__ = ("name", "value")
    type = Type("JProperty")

    def __init__(self, name: str, value: JToken) -> None:
        self.parent = None
        self.name = name
        self.value = self._own(value)

    def _own(self, value: JToken) -> JToken:
        value = value if value.parent is None else value.copy()
        value.parent = self
        return value

    def set(self, value: JToken) -> None:
        """Puts another value in the place of this one."""
        if value is not self.value:
            self.value.parent = None
            self.value = self._own(value)

    def children(self) -> Iterable[JToken]:
        """The tokens directly below."""
        return (self.value,)

    def copy(self) -> JToken:
        """A deep copy without a parent."""
        return JProperty(self.name, self.value.copy())

    def plain(self) -> object:
        """A dictionary of one."""
        return {self.name: self.value.plain()}


class JObject(JToken):
    """An object: its properties by name, in order."""

    __slots__ = ("properties",)
    type = Type("JObject")

    def __init__(self, properties: Iterable[JProperty] = ()) -> None:
        self.parent = None
        self.properties: dict[str, JProperty] = {}
        for each in properties:
            self.add(each)

    def plain(self) -> object:
        """A dictionary."""
        return {name: each.value.plain() for name, each in self.properties.items()}

    def get(self, name: str) -> JToken | None:
        """The value of a property, None where there is none."""
        found = self.properties.get(name)
        return None if found is None else found.value

    def set(self, name: str, value: JToken) -> None:
        """Sets or adds a property."""
        found = self.properties.get(name)
        if found is None:
            self.add(JProperty(name, value))
        else:
            found.set(value)

    def add(self, item: JProperty) -> None:
        """Adds a property. Raises ThrownError when the name is taken."""
        if item.name in self.properties:
            raise argument_error(
                f"Can not add property {item.name} to Newtonsoft.Json.Linq.JObject. Property with the same "
                f"name already "
                "exists on object."
            )
        if item.parent is not None:
            item = JProperty(item.name, item.value)
        item.parent = self
        self.properties[item.name] = item

    def remove(self, name: str) -> bool:
        """Removes a property; whether there was one."""
        found = self.properties.pop(name, None)
        if found is not None:
            found.parent = None
        return found is not None

    def pairs(self) -> list[KeyValuePair]:
        """What `foreach` over a JObject walks."""
        return [KeyValuePair(name, each.value) for name, each in self.properties.items()]

    def children(self) -> Iterable[JToken]:
        """The tokens directly below."""
        return list(self.properties.values())

    def copy(self) -> JToken:
        """A deep copy without a parent."""
        made = JObject()
        for name, each in self.properties.items():
            made.properties[name] = copied = JProperty(name, each.value.copy())
            copied.parent = made
        return made


class JArray(JToken):
    """An array."""

    __slots__ = ("items",)
    type = Type("JArray")

    def __init__(self, items: Iterable[JToken] = ()) -> None:
        self.parent = None
        self.items: list[JToken] = []
        for each in items:
            self.insert(len(self.items), each)

    def at(self, index: int) -> JToken:
        """One element. Raises ThrownError."""
        if not 0 <= index < len(self.items):
            raise index_range()
        return self.items[index]

    def insert(self, index: int, item: JToken) -> None:
        """Puts a token in. Raises ThrownError."""
        if not 0 <= index <= len(self.items):
            raise index_range()
        room(len(self.items) + 1)
        self.items.insert(index, self._own(item))

    def put(self, index: int, item: JToken) -> None:
        """Puts a token in the place of another. Raises ThrownError."""
        self.at(index).parent = None
        self.items[index] = self._own(item)

    def delete(self, index: int) -> None:
        """Takes a token out. Raises ThrownError."""
        self.at(index).parent = None
        del self.items[index]

    def _own(self, item: JToken) -> JToken:
        if isinstance(item, JProperty):
            raise argument_error("Can not add Newtonsoft.Json.Linq.JProperty to Newtonsoft.Json.Linq.JArray.")
        owned = item if item.parent is None else item.copy()
        above: JToken | None = self
        while above is not None:
            if above is owned:
                owned = item.copy()
                break
            above = above.parent
        owned.parent = self
        return owned

    def children(self) -> Iterable[JToken]:
        """The tokens directly below."""
        return list(self.items)

    def copy(self) -> JToken:
        """A deep copy without a parent."""
        made = JArray()
        for each in self.items:
            copied = each.copy()
            copied.parent = made
            made.items.append(copied)
        return made


_KINDS: Final[dict[type, str]] = {
    type(None): "Null",
    bool: "Boolean",
    float: "Float",
    Decimal: "Float",
    DateTime: "Date",
    DateTimeOffset: "Date",
    TimeSpan: "TimeSpan",
}


def kind_of(value: Any) -> str:
    """The name of the JTokenType of a value. Raises ThrownError for what is none."""
    found = _KINDS.get(value.__class__)
    if found is not None:
        return found
    if isinstance(value, str):
        return "String"
    if isinstance(value, int):
        return "Integer"
    if isinstance(value, float):
        return "Float"
    name = str(getattr(value, "type", value.__class__.__name__))
    if name in ("Guid", "Uri"):
        return name
    if name == "byte[]":
        return "Bytes"
    raise argument_error(f"Could not determine JSON object type for type {name}.")
