"""Which content type a message has, which of several templates or schemas it selects, and whether its body is text."""

from collections.abc import Iterable, Mapping
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


class BinaryTypes:
    """The media types whose bodies are bytes rather than text: `image/png`, `image/*`, `*/*` for all.

    Source: API Gateway, "Binary media types for REST APIs in API Gateway": of an Accept header only the first counts.
    """

    __slots__ = ("_all", "_exact", "_families")

    def __init__(self, types: Iterable[str]) -> None:
        lowered = [kind.lower() for kind in types]
        self._all = "*/*" in lowered
        self._exact = frozenset(lowered)
        self._families = tuple(kind[:-1] for kind in lowered if kind.endswith("/*") and kind != "*/*")

    def hold(self, header: bytes | None) -> bool:
        """Say whether a Content-Type, or the first type of an Accept header, is one of them."""
        if self._all:
            return True
        if header is None or not self._exact:
            return False
        kind = media_type(header.partition(b",")[0])
        return kind in self._exact or kind.startswith(self._families)
