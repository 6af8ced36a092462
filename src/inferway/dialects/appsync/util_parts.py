"""The parts of `$util`: time, dynamodb, list, map, str, math, http, transform, log.

Sources: AppSync, "Time helpers in $util.time", "List helpers in $util.list", "Map helpers in $util.map", "DynamoDB
helpers in $util.dynamodb", "HTTP helpers in $util.http", "Transformation helpers in $util.transform", "Math helpers in
$util.math", "String helpers in $util.str" (below https://docs.aws.amazon.com/appsync/latest/devguide/).
"""

import math
import unicodedata
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from random import random, randrange
from typing import Any, ClassVar, Final

from inferway.dialects.appsync.filter_expressions import filter_expression
from inferway.dialects.appsync.java_time import (
    format_time,
    iso_milliseconds,
    iso_text,
    milliseconds,
    moment_of,
    parse_time,
    zone,
)
from inferway.dialects.appsync.json_values import read_json, write_json
from inferway.dialects.appsync.table_values import typed
from inferway.dialects.appsync.text_codecs import text
from inferway.languages.vtl import JavaLong, java_text

Methods = Mapping[tuple[str, int], Callable[..., object]]


def _now() -> datetime:
    return datetime.now(UTC)


def _integer(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError(f"a number is needed, not {value!r:.80}")  # noqa: TRY004 - a template's failure
    return int(value)


class Time:
    """`$util.time`."""

    vtl_methods: ClassVar[Methods] = {
        ("nowISO8601", 0): lambda _: iso_text(_now()),
        ("nowEpochSeconds", 0): lambda _: JavaLong(milliseconds(_now()) // 1000),
        ("nowEpochMilliSeconds", 0): lambda _: JavaLong(milliseconds(_now())),
        ("nowFormatted", 1): lambda _, pattern: format_time(_now(), text(pattern)),
        ("nowFormatted", 2): lambda _, pattern, at: format_time(_now().astimezone(zone(text(at))), text(pattern)),
        ("parseFormattedToEpochMilliSeconds", 2): lambda _, given, pattern: JavaLong(
            milliseconds(parse_time(text(given), text(pattern), None))
        ),
        ("parseFormattedToEpochMilliSeconds", 3): lambda _, given, pattern, at: JavaLong(
            milliseconds(parse_time(text(given), text(pattern), zone(text(at))))
        ),
        ("parseISO8601ToEpochMilliSeconds", 1): lambda _, given: JavaLong(iso_milliseconds(text(given))),
        ("epochMilliSecondsToSeconds", 1): lambda _, given: JavaLong(_integer(given) // 1000),
        ("epochMilliSecondsToISO8601", 1): lambda _, given: iso_text(moment_of(_integer(given))),
        ("epochMilliSecondsToFormatted", 2): lambda _, given, pattern: format_time(
            moment_of(_integer(given)), text(pattern)
        ),
        ("epochMilliSecondsToFormatted", 3): lambda _, given, pattern, at: format_time(
            moment_of(_integer(given), zone(text(at))), text(pattern)
        ),
    }


def _s3_object(key: object, bucket: object, region: object, version: object = None) -> dict[str, Any]:
    held = {"key": key, "bucket": bucket, "region": region} | ({} if version is None else {"version": version})
    return {"S": write_json({"s3": held})}


def _from_s3(given: object) -> object:
    held = read_json(text(given))
    if not isinstance(held, dict) or not isinstance(held.get("s3"), dict):
        raise ValueError("fromS3ObjectJson: the text is no S3 object")  # noqa: TRY004 - a template's failure
    return held["s3"]


def _members(value: object) -> list[Any]:
    if not isinstance(value, list):
        raise ValueError(f"a list is needed, not {value!r:.80}")  # noqa: TRY004 - a template's failure
    return value


def _map(value: object) -> dict[Any, Any]:
    if not isinstance(value, dict):
        raise ValueError(f"a map is needed, not {value!r:.80}")  # noqa: TRY004 - a template's failure
    return value


_TYPED: Final[dict[tuple[str, int], Callable[..., Any]]] = {
    ("toDynamoDB", 1): typed,
    ("toString", 1): lambda value: {"S": value} if value is not None else {"S": None},
    ("toStringSet", 1): lambda value: {"SS": [java_text(item) for item in _members(value)]},
    ("toNumber", 1): lambda value: {"N": value},
    ("toNumberSet", 1): lambda value: {"NS": list(_members(value))},
    ("toBinary", 1): lambda value: {"B": value},
    ("toBinarySet", 1): lambda value: {"BS": list(_members(value))},
    ("toBoolean", 1): lambda value: {"BOOL": value},
    ("toNull", 0): lambda: {"NULL": None},
    ("toList", 1): lambda value: {"L": [typed(item) for item in _members(value)]},
    ("toMap", 1): lambda value: {"M": {java_text(key): typed(item) for key, item in _map(value).items()}},
    ("toMapValues", 1): lambda value: {java_text(key): typed(item) for key, item in _map(value).items()},
    ("toS3Object", 3): _s3_object,
    ("toS3Object", 4): _s3_object,
}


def _host(function: Callable[..., Any]) -> Callable[..., object]:
    return lambda _, *given: function(*given)


def _as_json(function: Callable[..., Any]) -> Callable[..., object]:
    return lambda _, *given: write_json(function(*given))


class DynamoDb:
    """`$util.dynamodb`: each helper gives a map, and as `…Json` its text."""

    vtl_methods: ClassVar[Methods] = {
        **{key: _host(function) for key, function in _TYPED.items()},
        **{(f"{name}Json", count): _as_json(function) for (name, count), function in _TYPED.items()},
        ("fromS3ObjectJson", 1): lambda _, given: _from_s3(given),
    }


def _mark(value: object) -> tuple[str, object]:
    """Give what equal values share; looking up marks takes a list's time once, not once per value."""
    if value is None or isinstance(value, str | bool | int | float):
        return ("truth" if isinstance(value, bool) else "value"), value
    return "json", write_json(value)


def _chosen(given: object, others: object, *, among: bool) -> list[Any]:
    marks = {_mark(item) for item in _members(others)}
    return [item for item in _members(given) if (_mark(item) in marks) is among]


def _chosen_keys(given: object, others: object, *, among: bool) -> dict[Any, Any]:
    marks = {_mark(item) for item in _members(others)}
    return {key: value for key, value in _map(given).items() if (_mark(key) in marks) is among}


def _sorted(given: object, descending: object, by: object) -> list[Any]:
    members = list(_members(given))
    name = by if isinstance(by, str) else ""

    def key(value: Any) -> tuple[int, Any]:
        held = value.get(name) if name and isinstance(value, dict) else value
        if isinstance(held, bool):
            return 1, int(held)
        if isinstance(held, int | float):
            return 1, held
        return (0, 0) if held is None else (2, java_text(held))

    return sorted(members, key=key, reverse=descending is True)


class Lists:
    """`$util.list`."""

    vtl_methods: ClassVar[Methods] = {
        ("copyAndRetainAll", 2): lambda _, given, kept: _chosen(given, kept, among=True),
        ("copyAndRemoveAll", 2): lambda _, given, gone: _chosen(given, gone, among=False),
        ("sortList", 3): lambda _, given, descending, by: _sorted(given, descending, by),
    }


class Maps:
    """`$util.map`."""

    vtl_methods: ClassVar[Methods] = {
        ("copyAndRetainAllKeys", 2): lambda _, given, kept: _chosen_keys(given, kept, among=True),
        ("copyAndRemoveAllKeys", 2): lambda _, given, gone: _chosen_keys(given, gone, among=False),
    }


_FORMS: Final = {"nfc": "NFC", "nfd": "NFD", "nfkc": "NFKC", "nfkd": "NFKD"}


def _normalized(given: object, form: object) -> str:
    known = _FORMS.get(text(form).lower())
    if known is None:
        raise ValueError(f"normalize: {text(form)[:20]!r} is no form")
    return unicodedata.normalize(known, text(given))  # type: ignore[arg-type]  # one of the four forms


_TEXT_CHARACTERS: Final = 20_000_000


def _replaced(given: str, found: str, new: str) -> str:
    if len(given) + given.count(found) * len(new) > _TEXT_CHARACTERS:
        raise ValueError(f"toReplace: a text of more than {_TEXT_CHARACTERS} characters")
    return given.replace(found, new)


class Strings:
    """`$util.str`."""

    vtl_methods: ClassVar[Methods] = {
        ("toUpper", 1): lambda _, given: text(given).upper(),
        ("toLower", 1): lambda _, given: text(given).lower(),
        ("toReplace", 3): lambda _, given, found, new: _replaced(text(given), text(found), text(new)),
        ("normalize", 2): lambda _, given, form: _normalized(given, form),
    }


def _double(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError(f"a number is needed, not {value!r:.80}")  # noqa: TRY004 - a template's failure
    return float(value)


class Math:
    """`$util.math`."""

    vtl_methods: ClassVar[Methods] = {
        ("roundNum", 1): lambda _, given: math.floor(_double(given) + 0.5),
        ("minVal", 2): lambda _, one, other: min(_double(one), _double(other)),
        ("maxVal", 2): lambda _, one, other: max(_double(one), _double(other)),
        ("randomDouble", 0): lambda _: random(),
        ("randomWithinRange", 2): lambda _, low, high: randrange(_integer(low), _integer(high)),
    }


_UNCOPIED: Final = frozenset(("host", "connection", "content-length", "accept-encoding", "transfer-encoding", "expect"))
"""Headers that are the first connection's own, which `copyHeaders` leaves out."""


class Http:
    """`$util.http`; `headers` takes those that go into the response."""

    __slots__ = ("_headers",)

    def __init__(self, headers: list[tuple[str, str]]) -> None:
        self._headers = headers

    def add(self, name: object, value: object) -> str:
        """Add a header to the response."""
        self._headers.append((text(name), java_text(value)))
        return ""

    def add_all(self, given: object) -> str:
        """Add headers to the response."""
        self._headers += [(java_text(name), java_text(value)) for name, value in _map(given).items()]
        return ""

    vtl_methods: ClassVar[Methods] = {
        ("addResponseHeader", 2): add,
        ("addResponseHeaders", 1): add_all,
        ("copyHeaders", 1): lambda _, given: {
            name: value for name, value in _map(given).items() if java_text(name).lower() not in _UNCOPIED
        },
    }


class Transform:
    """`$util.transform`."""

    vtl_methods: ClassVar[Methods] = {
        ("toDynamoDBFilterExpression", 1): lambda _, given: write_json(filter_expression(given)),
        ("toDynamoDBConditionExpression", 1): lambda _, given: write_json(filter_expression(given)),
    }


class Log:
    """`$util.log`, whose lines go nowhere yet."""

    vtl_methods: ClassVar[Methods] = {
        (level, count): lambda _, *__: "" for level in ("info", "debug", "error") for count in range(1, 9)
    }


PARTS: Final[dict[str, object]] = {
    "time": Time(),
    "dynamodb": DynamoDb(),
    "list": Lists(),
    "map": Maps(),
    "str": Strings(),
    "math": Math(),
    "transform": Transform(),
    "log": Log(),
}
"""By the name under `$util`, `http` aside, which belongs to a request. `rds` and `xml` are not served yet."""
