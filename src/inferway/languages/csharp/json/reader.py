"""Reads JSON as Newtonsoft.Json does: lenient, with ISO dates taken for dates."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any, Final, NoReturn

from inferway.languages.csharp.budget import spend_steps
from inferway.languages.csharp.date_parse import parse_moment
from inferway.languages.csharp.dates import EPOCH, MILLISECOND, DateTime
from inferway.languages.csharp.errors import ThrownError
from inferway.languages.csharp.json.tokens import JArray, JObject, JToken, JValue
from inferway.languages.csharp.limits import JSON_DEPTH
from inferway.languages.csharp.values import Long

_ISO: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d(:?\d\d)?)?", re.ASCII)
_MICROSOFT: Final = re.compile(r"/Date\((-?\d{1,15})([+-]\d{4})?\)/", re.ASCII)


def failure(message: str) -> ThrownError:
    """A JsonReaderException."""
    return ThrownError("Newtonsoft.Json.JsonReaderException", message)


def parse_json(text: str) -> JToken:
    """The token that a JSON text holds. Raises ThrownError (JsonReaderException)."""
    spend_steps(len(text) // 64 + sum(map(text.count, ",[{")))  # about a step for each value
    try:
        found = _FAST.decode(text)
    except (ValueError, RecursionError):
        found = None  # what strict JSON refuses, the lenient reader may take, or explain
    token = _Lenient(text).document() if found is None else found
    _check_depth(token)
    return token


def _check_depth(token: JToken) -> None:
    level: list[JToken] = [token]
    for _ in range(2 * JSON_DEPTH + 1):
        level = [below for each in level if not isinstance(each, JValue) for below in each.children()]
        if not level:
            return
    raise failure(f"The reader's MaxDepth of {JSON_DEPTH} has been exceeded.")


def string_token(text: str) -> JValue:
    """A JSON string: a date where it looks like one, as DateParseHandling.DateTime has it."""
    if len(text) >= 16 and text[0] in "0123456789/" and len(text) <= 40:
        if text[10] == "T" and _ISO.fullmatch(text):
            try:
                return JValue(iso_date(text), "Date")
            except ThrownError:
                return JValue(text, "String")
        found = _MICROSOFT.fullmatch(text)
        if found is not None:
            return JValue(DateTime(EPOCH + int(found[1]) * MILLISECOND, 2 if found[2] else 1), "Date")
    return JValue(text, "String")


def iso_date(text: str) -> DateTime:
    """An ISO date and time: UTC with `Z`, local with an offset, else unspecified. Raises ThrownError."""
    ticks, offset = parse_moment(text)
    if offset is None:
        return DateTime(ticks)
    return DateTime(ticks - offset, 1 if text.endswith(("Z", "z")) else 2)


def _token(value: Any) -> JToken:
    kind = value.__class__
    if kind is str:
        return string_token(value)
    if kind is int:
        return JValue(Long(value), "Integer")
    if isinstance(value, JToken):
        return value
    if kind is list:
        return JArray(_token(each) for each in value)
    return JValue(value)


def _object(pairs: list[tuple[str, Any]]) -> JObject:
    made = JObject()
    for name, value in pairs:
        made.set(name, _token(value))
    return made


class _Fast:
    def __init__(self) -> None:
        self._decoder = json.JSONDecoder(object_pairs_hook=_object, strict=False)

    def decode(self, text: str) -> JToken:
        return _token(self._decoder.decode(text.removeprefix("\ufeff")))


_FAST: Final = _Fast()
_SPACE: Final = re.compile(r"(?:\s+|/\*.*?\*/|//[^\r\n]*)*", re.DOTALL)
_NUMBER: Final = re.compile(
    r"[+-]?(?:0[xX][0-9a-fA-F]+|\d+(?:\.\d*)?(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?)", re.ASCII
)
_NAME: Final = re.compile(r"[A-Za-z_$][\w$-]*")
_STRING: Final = re.compile(r"\"((?:[^\"\\]|\\.)*)\"|'((?:[^'\\]|\\.)*)'", re.DOTALL)
_ESCAPE: Final = re.compile(r"\\(?:u([0-9a-fA-F]{4})|(.))", re.DOTALL)
_ESCAPES: Final = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", '"': '"', "'": "'", "/": "/", "\\": "\\"}
_WORDS: Final[dict[str, Callable[[], JValue]]] = {
    "true": lambda: JValue(True),  # noqa: FBT003 - the value itself
    "false": lambda: JValue(False),  # noqa: FBT003 - the value itself
    "null": lambda: JValue(None, "Null"),
    "undefined": lambda: JValue(None, "Undefined"),
    "NaN": lambda: JValue(float("nan")),
    "Infinity": lambda: JValue(float("inf")),
}


class _Lenient:
    """Newtonsoft's own grammar: comments, single quotes, bare names, commas at the end, hexadecimal numbers."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.path: list[str] = []

    def document(self) -> JToken:
        self.space()
        if self.at >= len(self.text):
            raise failure(
                f"Error reading JToken from JsonReader. Path '', line {self.line()}, position {self.column()}."
            )
        found = self.value()
        self.space()
        if self.at < len(self.text):
            shown = self.text[self.at]
            raise failure(f"Additional text encountered after finished reading JSON content: {shown}. {self.place()}")
        return found

    def line(self) -> int:
        if self.at == 0:
            return 0  # recorded: nothing is read yet
        return self.text.count("\n", 0, self.at) + (1 if self.text else 0)

    def column(self) -> int:
        return self.at - (self.text.rfind("\n", 0, self.at) + 1)

    def place(self) -> str:
        return f"Path '{'.'.join(self.path)}', line {self.line()}, position {self.column()}."

    def fail(self, message: str) -> NoReturn:
        raise failure(f"{message} {self.place()}")

    def space(self) -> None:
        found = _SPACE.match(self.text, self.at)
        self.at = found.end() if found else self.at

    def value(self) -> JToken:
        self.space()
        if len(self.path) > JSON_DEPTH:
            self.fail(f"The reader's MaxDepth of {JSON_DEPTH} has been exceeded.")
        character = self.text[self.at : self.at + 1]
        if character == "{":
            return self.object()
        if character == "[":
            return self.array()
        if character in ("'", '"') and character:
            return string_token(self.string())
        return self.scalar()

    def scalar(self) -> JToken:  # noqa: RET503 - fail() raises
        number = _NUMBER.match(self.text, self.at)
        if number is not None and number[0] not in ("+", "-"):
            self.at = number.end()
            return _number(number[0])
        word = _NAME.match(self.text, self.at)
        name = word[0] if word else ""
        if self.text.startswith("-Infinity", self.at):
            self.at += len("-Infinity")
            return JValue(float("-inf"))
        if name in _WORDS:
            self.at += len(name)
            return _WORDS[name]()
        if self.at >= len(self.text):
            self.fail("Unexpected end while parsing value.")
        self.fail(f"Unexpected character encountered while parsing value: {self.text[self.at]}.")

    def string(self) -> str:
        found = _STRING.match(self.text, self.at)
        if found is None:
            self.at = len(self.text)
            self.fail(f"Unterminated string. Expected delimiter: {self.text[self.at - 1 : self.at] and chr(34)}.")
        self.at = found.end()
        raw = found[1] if found[1] is not None else found[2]
        return _ESCAPE.sub(self._escape, raw)

    def _escape(self, found: re.Match[str]) -> str:
        if found[1]:
            return chr(int(found[1], 16))
        if found[2] not in _ESCAPES:
            self.fail(f"Bad JSON escape sequence: \\{found[2]}.")
        return _ESCAPES[found[2]]

    def object(self) -> JToken:
        made = JObject()
        self.at += 1
        while True:
            self.space()
            if self.text.startswith("}", self.at):
                self.at += 1
                return made
            name = self.name()
            self.space()
            if not self.text.startswith(":", self.at):
                self.fail("Invalid character after parsing property name. Expected ':'.")
            self.at += 1
            self.path.append(name)
            made.set(name, self.value())
            self.path.pop()
            self.separator("}", "object")

    def name(self) -> str:
        if self.text.startswith(("'", '"'), self.at):
            return self.string()
        found = _NAME.match(self.text, self.at)
        if found is None:
            if self.at >= len(self.text):
                self.fail("Unexpected end when reading JSON.")
            self.fail(f"Invalid property identifier character: {self.text[self.at]}.")
        self.at = found.end()
        return found[0]

    def array(self) -> JToken:
        made = JArray()
        self.at += 1
        while True:
            self.space()
            if self.text.startswith("]", self.at):
                self.at += 1
                return made
            self.path.append(f"[{len(made.items)}]")
            made.insert(len(made.items), self.value())
            self.path.pop()
            self.separator("]", "array")

    def separator(self, end: str, _what: str) -> None:
        self.space()
        if self.text.startswith(",", self.at):
            self.at += 1
        elif self.at >= len(self.text):
            self.fail("Unexpected end of content while loading JToken.")
        elif not self.text.startswith(end, self.at):
            self.fail(f"After parsing a value an unexpected character was encountered: {self.text[self.at]}.")


def _number(text: str) -> JToken:
    sign, digits = (-1, text[1:]) if text[0] == "-" else (1, text.lstrip("+"))
    if digits[:2].lower() == "0x":
        return JValue(Long(sign * int(digits, 16)), "Integer")
    if digits.isdigit():
        octal = len(digits) > 1 and digits[0] == "0" and not set(digits) & {"8", "9"}
        return JValue(Long(sign * int(digits, 8 if octal else 10)), "Integer")
    return JValue(sign * float(digits), "Float")
