"""JSON in and out of templates, as Jackson reads and writes it."""

import math
from decimal import Decimal
from typing import Any, Final

import msgspec

from inferway.languages.vtl import JavaFailure, java_text

DEPTH: Final = 200
"""Containers in containers that are written; a template can put a map into itself."""

_ENCODER: Final = msgspec.json.Encoder()


def read_json(text: str) -> Any:
    """Give a JSON text as plain values; ValueError where it is none."""
    try:
        return msgspec.json.decode(text)
    except (msgspec.DecodeError, UnicodeEncodeError) as error:
        raise ValueError(str(error)) from error
    except RecursionError as error:
        raise ValueError("nested too deeply") from error


def write_json(value: object) -> str:
    """Give a template's value as JSON; JavaFailure where it is nested too deeply."""
    return _ENCODER.encode(plain(value)).decode()


def plain(value: Any, depth: int = 0) -> Any:
    """Give a template's value as plain JSON values: texts for keys and for what JSON has no kind of."""
    kind = value.__class__
    if value is None or kind is str or kind is bool or kind is int:
        return value
    if depth > DEPTH:
        raise JavaFailure("java.lang.StackOverflowError")
    if isinstance(value, dict):
        return {_key(key): plain(item, depth + 1) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item, depth + 1) for item in value]
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
