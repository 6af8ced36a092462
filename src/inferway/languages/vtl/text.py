"""Values → text, as Java's `toString` writes them."""

from __future__ import annotations

import math
from decimal import Decimal
from typing import Any, Final, Protocol, runtime_checkable

from inferway.languages.vtl.equality import java_class
from inferway.languages.vtl.limits import STRING_CHARACTERS, TEXT_DEPTH
from inferway.languages.vtl.values import JavaArray, JavaClass, JavaFailure, JsonList, MapEntry, string_hash


@runtime_checkable
class HasText(Protocol):
    """A host object that says how it prints."""

    def vtl_text(self) -> str:
        """The object's text."""


def java_text(value: object) -> str:
    """The text of any value of a template: `true`, `1.0E10`, `{a=1}`, `[1, x]`, JSON for a JsonList; null is `null`.

    Raises JavaFailure beyond 20,000,000 characters or 200 nested containers.
    """
    if isinstance(value, str):
        return value if value.__class__ is str else str.__str__(value)
    if value is None:
        return "null"
    if value is True:
        return "true"
    if value is False:
        return "false"
    if isinstance(value, int):
        return int.__repr__(value)
    if isinstance(value, float):
        return double_text(value)
    if isinstance(value, dict | list) and not isinstance(value, JavaArray):
        if isinstance(value, HasText):
            return value.vtl_text()
        writer = _Writer()
        writer.json(value, 0) if isinstance(value, JsonList) else writer.value(value, 0)
        return "".join(writer.parts)
    if isinstance(value, MapEntry):
        return f"{java_text(value.key)}={java_text(value.value)}"
    if isinstance(value, JavaClass):
        return f"class {value.name}"
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, HasText):
        return value.vtl_text()
    if isinstance(value, JavaArray):
        return f"{java_class(value)}@{id(value) & 0xFFFFFFF:x}"
    name = java_class(value)
    return f"{name}@{string_hash(name) & 0xFFFFFFF:x}"


def json_text(value: object) -> str:
    """A value as JSON, as `$input.json` gives it: Jayway's provider over json-smart.

    `/` stays in a list's or map's strings, but is escaped in a single string, and where a JsonList prints itself.
    Raises JavaFailure beyond 20,000,000 characters or 200 nested containers.
    """
    writer = _Writer(slashes=isinstance(value, str))
    writer.json(value, 0)
    return "".join(writer.parts)


def double_text(value: float) -> str:
    """`Double.toString`: plain between 10⁻³ and 10⁷, else with an exponent; always a digit after the point."""
    if 1e-3 <= value < 1e7 or -1e7 < value <= -1e-3:
        # Here Python writes the same shortest digits, without an exponent.
        return float.__repr__(value)
    if not math.isfinite(value):
        return "NaN" if math.isnan(value) else ("Infinity" if value > 0 else "-Infinity")
    if value == 0:
        return repr(value)
    sign, digits, exponent = Decimal(repr(value)).as_tuple()
    number = "".join(map(str, digits)).rstrip("0")
    point = len(digits) + int(exponent)
    minus = "-" if sign else ""
    if 1e-3 <= abs(value) < 1e7:
        if point <= 0:
            return f"{minus}0.{'0' * -point}{number}"
        whole = number[:point].ljust(point, "0")
        return f"{minus}{whole}.{number[point:] or '0'}"
    return f"{minus}{number[0]}.{number[1:] or '0'}E{point - 1}"


_PART: Final = 16
"""What a part costs besides its characters, so that many small ones cannot take long."""


class _Writer:
    """Writes nested containers, within the limits."""

    __slots__ = ("_escapes", "open", "parts", "room")

    def __init__(self, *, slashes: bool = True) -> None:
        self._escapes = _ESCAPES if slashes else _ESCAPES_WITHOUT_SLASH
        self.parts: list[str] = []
        self.room = STRING_CHARACTERS
        self.open: list[int] = []

    def put(self, text: str) -> None:
        self.room -= len(text) + _PART
        if self.room < 0:
            raise JavaFailure("java.lang.OutOfMemoryError: the text is too long")
        self.parts.append(text)

    def _enter(self, value: object) -> None:
        if len(self.open) > TEXT_DEPTH:
            raise JavaFailure("java.lang.StackOverflowError")
        self.open.append(id(value))

    def value(self, value: Any, depth: int) -> None:
        if isinstance(value, JsonList):
            self.json(value, depth)
        elif isinstance(value, dict):
            self._map(value, depth)
        elif isinstance(value, list) and not isinstance(value, JavaArray):
            self._list(value, depth)
        else:
            self.put(java_text(value))

    def _map(self, value: dict[Any, Any], depth: int) -> None:
        self._enter(value)
        self.put("{")
        first = True
        for key, item in value.items():
            if not first:
                self.put(", ")
            first = False
            self._item(value, key, "(this Map)", depth)
            self.put("=")
            self._item(value, item, "(this Map)", depth)
        self.put("}")
        self.open.pop()

    def _list(self, value: list[Any], depth: int) -> None:
        self._enter(value)
        self.put("[")
        first = True
        for item in value:
            if not first:
                self.put(", ")
            first = False
            self._item(value, item, "(this Collection)", depth)
        self.put("]")
        self.open.pop()

    def _item(self, container: object, item: Any, itself: str, depth: int) -> None:
        if item is container:
            self.put(itself)
        elif item.__class__ is str:
            self.put(item)
        elif isinstance(item, dict | list) and id(item) in self.open:
            raise JavaFailure("java.lang.StackOverflowError")
        else:
            self.value(item, depth + 1)

    def _string(self, text: str) -> str:
        return f'"{text.translate(self._escapes)}"'

    def json(self, value: Any, depth: int) -> None:
        """json-smart's writer: `/` is escaped, null stays."""
        if isinstance(value, str):
            self.put(self._string(value))
        elif isinstance(value, dict):
            self._json_items(value, "{", "}", depth)
        elif isinstance(value, list):
            self._json_items(value, "[", "]", depth)
        elif isinstance(value, float) and not math.isfinite(value):
            self.put("null")
        elif value is None or isinstance(value, bool | int | float | Decimal):
            self.put(java_text(value))
        else:
            self.put(self._string(java_text(value)))

    def _json_items(self, value: Any, opening: str, closing: str, depth: int) -> None:
        if id(value) in self.open:
            raise JavaFailure("java.lang.StackOverflowError")
        self._enter(value)
        self.put(opening)
        for position, item in enumerate(value.items() if isinstance(value, dict) else value):
            if position:
                self.put(",")
            if isinstance(value, dict):
                self.put(f"{self._string(java_text(item[0]))}:")
                self.json(item[1], depth + 1)
            else:
                self.json(item, depth + 1)
        self.put(closing)
        self.open.pop()


_ESCAPES: Final[dict[int, str]] = {
    **{code: f"\\u{code:04X}" for code in (*range(0x20), *range(0x7F, 0xA0), *range(0x2000, 0x2100))},
    0x22: '\\"',
    0x5C: "\\\\",
    0x08: "\\b",
    0x0C: "\\f",
    0x0A: "\\n",
    0x0D: "\\r",
    0x09: "\\t",
    0x2F: "\\/",
}
_ESCAPES_WITHOUT_SLASH: Final = {code: text for code, text in _ESCAPES.items() if code != 0x2F}
