"""Which content type a message has, and which of several templates or schemas it selects."""

from collections.abc import Mapping
from typing import TypeVar

DEFAULT = "application/json"

Choice = TypeVar("Choice")


def media_type(value: bytes | None) -> str:
    """Give a Content-Type header's media type in lower case without parameters; none counts as application/json.

    Source: API Gateway, "Method request behavior for payloads without mapping templates".
    """
    if not value:
        return DEFAULT
    if value == b"application/json":
        return DEFAULT
    return value.decode("latin-1").partition(";")[0].strip().lower() or DEFAULT


def accepted(choices: Mapping[str, Choice], accept: bytes | None) -> tuple[str, Choice] | None:
    """Give the choice that the first media type of an Accept header names, else the one for JSON, else the first.

    Source: API Gateway, "Select a mapping template" and "Amazon API Gateway important notes" (of several media types
    only the first one counts).
    """
    if accept is not None and len(choices) > 1:
        wanted = accept.decode("latin-1").partition(",")[0].partition(";")[0].strip().lower()
        if wanted in choices:
            return wanted, choices[wanted]
    if DEFAULT in choices:
        return DEFAULT, choices[DEFAULT]
    return next(iter(choices.items()), None)
