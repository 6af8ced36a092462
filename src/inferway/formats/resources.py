"""Neutral resources: what every file format is turned into, and what dialects read."""

from collections.abc import Mapping
from typing import Protocol

import msgspec

from inferway.faults import Place


class Places(Protocol):
    """Finds where a value stands in its source file."""

    def find(self, *path: str | int) -> Place:
        """Give the place of the value at a path of keys and indexes; of its nearest parent where it is absent."""
        ...


class Resource(msgspec.Struct, frozen=True, kw_only=True):
    """One declared resource: its type as the format writes it, its logical name, and its properties as plain JSON."""

    type: str
    name: str
    properties: Mapping[str, object]
    places: Places


class ResourceGraph(msgspec.Struct, frozen=True, kw_only=True):
    """All resources of one definition, references between them resolved."""

    resources: tuple[Resource, ...]
