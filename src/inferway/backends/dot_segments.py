"""Paths that would lead out of the place that a target has for them."""

import re
from typing import Final

_DOTS: Final = frozenset((".", ".."))
_PARAMETERS: Final = re.compile(r";[^/\\]*")


def climbs(path: str) -> bool:
    """Say whether a decoded path, or a part of one, has a dot segment (RFC 3986, 3.3).

    Some servers take a backslash for a slash, and servlet containers `..;x` for `..` (a segment's parameters).
    """
    return "." in path and not _DOTS.isdisjoint(_PARAMETERS.sub("", path).replace("\\", "/").split("/"))
