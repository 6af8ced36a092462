"""Assets and archives among a resource's properties: those that are elsewhere, and those that are missing."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import msgspec

from inferway.faults import Severity
from inferway.formats.presence import exists
from inferway.formats.resources import ARCHIVE, ASSET

_KINDS: Final = (ASSET, ARCHIVE)
_DEPTH: Final = 50


class Absent(msgspec.Struct, frozen=True, kw_only=True):
    """A file or folder that is not here, and what that means."""

    severity: Severity
    code: str
    text: str


def absent(value: object, depth: int = 0) -> Iterator[Absent]:
    """Give what the assets and archives in a value want and have not.

    https://www.pulumi.com/docs/iac/concepts/assets-archives/
    """
    if depth > _DEPTH:
        return
    if isinstance(value, list):
        for each in value:
            yield from absent(each, depth + 1)
    elif isinstance(value, dict):
        for key, held in value.items():
            if key in _KINDS and isinstance(held, dict):
                yield from _missing(held)
            yield from absent(held, depth + 1)


def _missing(held: dict[str, object]) -> Iterator[Absent]:
    path, uri = held.get("path"), held.get("uri")
    if isinstance(path, str) and not exists(Path(path)):
        yield Absent(severity=Severity.ERROR, code="missing-file", text=f"there is no file or folder {path}")
    if isinstance(uri, str):
        text = f"{uri} is not fetched: programs run without a network; download it, and use a FileAsset or FileArchive"
        yield Absent(severity=Severity.WARNING, code="remote-asset", text=text)
