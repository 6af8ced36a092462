"""What is made of each type of the service's resources, for the documentation and for summaries."""

from collections.abc import Mapping
from typing import Final

from inferway.dialects.appsync.parts import TYPES, Kind
from inferway.dialects.appsync.unserved_types import UNSERVED_TYPES
from inferway.formats.resources import Coverage

_SERVED: Final = {
    Kind.API: "queries and mutations with its kinds of authorization",
    Kind.SCHEMA: "what requests are parsed and checked against",
    Kind.SOURCE: "functions, HTTP endpoints, tables and NONE answer for it",
    Kind.RESOLVER: "its mapping templates, alone or with functions",
    Kind.FUNCTION: "a step of pipeline resolvers",
    Kind.KEY: "its value, or the one that is bound, lets requests in",
}

COVERAGE: Final[Mapping[str, tuple[Coverage, str]]] = {
    **{name: (Coverage.SERVED, _SERVED[kind]) for name, kind in TYPES.items()},
    **{name: (kind.coverage, kind.reason) for name, kind in UNSERVED_TYPES.items()},
}
"""Each type, in both spellings, with what is read of it or what happens instead."""
