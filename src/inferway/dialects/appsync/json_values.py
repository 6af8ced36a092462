"""JSON in and out of templates, as Jackson reads and writes it."""

import math
import re
from decimal import Decimal
from typing import Any, Final

import msgspec

from inferway.languages.vtl import JavaFailure, java_text

DEPTH: Final = 200
"""Containers in containers that are written; a template can put a map into itself."""

MOST_VALUES: Final = 1_000_000
"""Values that are written, a shared one each time: a template can make a few lists into endless ones."""

_LAST_COMMA: Final = re.compile(r'("(?:[^"\\]|\\.)*+")|,(?=\s*[}\]])', re.DOTALL)
"""A text, which is kept as it is, or the last comma of an object or a list."""

_ENCODER: Final = msgspec.json.Encoder()


def read_json(text: str) -> Any:
    """Give a JSON text as plain values; ValueError where it is none."""
    try:
        return msgspec.json.decode(text)
    except (msgspec.DecodeError, UnicodeEncodeError) as error:
        raise ValueError(str(error)) from error
    except RecursionError as error:
        raise ValueError("nested too deeply") from error


def read_lenient_json(text: str) -> Any:
    """Give a JSON text whose objects and lists may end in a comma; ValueError where it is none.

    So are the documents that a request template gives: the templates that AppSync's console writes for a table end
    that way, as many published ones do.
    """
    try:
        return read_json(text)
    except ValueError:
        return read_json(_LAST_COMMA.sub(lambda found: found[1] or "", text))


def write_json(value: object) -> str:
    """Give a template's value as JSON; JavaFailure where it is nested too deeply."""
    return _ENCODER.encode(plain(value)).decode()


def plain(value: Any) -> Any:
    """Give a template's value as plain JSON values: texts for keys and for what JSON has no kind of.

    Raises JavaFailure where it is nested too deeply or holds too much.
    """
    return _plain(value, 0, [MOST_VALUES])


def _plain(value: Any, depth: int, room: list[int]) -> Any:
    kind = value.__class__
    if value is None or kind is str or kind is bool or kind is int:
        return value
    if depth > DEPTH:
        raise JavaFailure("java.lang.StackOverflowError")
    if isinstance(value, dict | list | tuple):
        room[0] -= len(value)
        if room[0] < 0:
            raise JavaFailure("java.lang.OutOfMemoryError")
        if isinstance(value, dict):
            return {_key(key): _plain(item, depth + 1, room) for key, item in value.items()}
        return [_plain(item, depth + 1, room) for item in value]
    if kind is float:
        return value if math.isfinite(value) else java_text(value)
    if isinstance(value, bool | int):
        return int(value)
    if isinstance(value, str):
        return str.__str__(value)
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() and abs(value) < 10**18 else float(value)
    return java_text(value)


def _key(key: object) -> str:
    return key if key.__class__ is str else java_text(key)
