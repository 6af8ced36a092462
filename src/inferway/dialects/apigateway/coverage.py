"""What is made of each of the service's types of resource, for the documentation and for summaries."""

from collections.abc import Mapping
from typing import Final

from inferway.dialects.apigateway.resource_kinds import BY_TYPE
from inferway.formats.openapi import DOCUMENT
from inferway.formats.resources import Coverage

COVERAGE: Final[Mapping[str, tuple[Coverage, str]]] = {
    DOCUMENT: (Coverage.SERVED, "each path and method, with the service's extensions"),
    **{name: (kind.coverage, kind.reason) for name, kind in BY_TYPE.items()},
}
"""Each type, in both spellings, with what is read of it or what happens instead."""
