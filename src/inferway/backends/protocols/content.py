"""Bodies that SageMaker's callers send: JSON, JSON Lines and CSV, as values; what is neither goes on as it is."""

import csv
import io
from typing import Any, Final

import msgspec

from inferway.backends.protocols.sent import UnsuitedError

_JSON_LINES: Final = frozenset(("application/jsonlines", "application/x-jsonlines", "application/jsonlines+json"))


def media_type(content_type: str) -> str:
    """Give a content type without its parameters, in lower case; "" counts as JSON."""
    return content_type.partition(";")[0].strip().lower() or "application/json"


def is_json(kind: str) -> bool:
    """Say whether a media type is JSON's."""
    return kind == "application/json" or kind.endswith("+json")


def decode_json(body: bytes) -> Any:
    """Give a JSON body's value; raises UnsuitedError."""
    try:
        return msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise UnsuitedError(f"the body is no JSON: {error}") from error


def rows(kind: str, body: bytes) -> list[Any] | None:
    """Give the rows of CSV or JSON Lines, None for another media type; raises UnsuitedError.

    A cell of CSV is a number where it is written as one, else a text: the first line is data, as SageMaker has it
    ("Common data formats for inference": no header record).
    """
    if kind in _JSON_LINES:
        return [decode_json(line) for line in body.splitlines() if line.strip()]
    if kind != "text/csv":
        return None
    try:
        lines = [line for line in csv.reader(io.StringIO(body.decode("utf-8")), strict=True) if line]
    except (csv.Error, UnicodeDecodeError) as error:
        raise UnsuitedError(f"the body is no CSV: {error}") from error
    return [[_cell(cell) for cell in line] for line in lines]


def _cell(text: str) -> int | float | str:
    for number in (int, float):
        try:
            return number(text)
        except ValueError:
            continue
    return text
