"""The parts of .NET that expressions may use, as tables of members."""

from __future__ import annotations

from typing import Final

from inferway.languages.csharp.library import (
    collections,
    conversion,
    dates,
    encoding,
    enums,
    exceptions,
    linq,
    numbers,
    objects,
    regex,
    strings,
    tokens,
)
from inferway.languages.csharp.universe import Class

CLASSES: Final[tuple[Class, ...]] = (
    *objects.CLASSES,
    *strings.CLASSES,
    *numbers.CLASSES,
    *conversion.CLASSES,
    *dates.CLASSES,
    *collections.CLASSES,
    *tokens.CLASSES,
    *regex.CLASSES,
    *encoding.CLASSES,
    *exceptions.CLASSES,
    *enums.CLASSES,
    *linq.CLASSES,
)
EXTENSIONS: Final[tuple[Class, ...]] = (*linq.EXTENSIONS, *tokens.EXTENSIONS)
