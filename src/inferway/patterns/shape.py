"""What a route and a field ask of their targets, and what these give back."""

from collections.abc import Mapping
from typing import Final, Protocol

import msgspec

from inferway.patterns.element import Element
from inferway.patterns.templates import Template

METHODS: Final = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "ANY")
"""The methods of a route; ANY stands for all that have no route of their own."""

Errors = Mapping[int, str | tuple[str, Template]]
"""The pattern of each status, alone or with a template of its own."""


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """What a route or a field says of its use of a target.

    `method` and `path` are a route's, `parameters` the names of those in its path. `request`, `response` and `errors`
    are "" and nothing where the program gives none: a target's own are used.
    """

    method: str = ""
    path: str = ""
    parameters: tuple[str, ...] = ()
    query: Mapping[str, bool] = {}
    headers: Mapping[str, bool] = {}
    request: Template = ""
    response: Template = ""
    errors: Errors = {}


class Case(msgspec.Struct, frozen=True, kw_only=True):
    """How one outcome is answered: `pattern` selects it, "" for all others. `content` is its type."""

    status: int
    pattern: str = ""
    template: str = ""
    content: str = "application/json"
    headers: Mapping[str, str] = {}


class Integration(msgspec.Struct, frozen=True, kw_only=True):
    """A route's backend: the integration's properties, its answers, and what else the template needs for it.

    `allowed` are actions with their resource, which the API's role has to have; `schema` is of the request's body,
    where the target knows it.
    """

    properties: Mapping[str, object]
    cases: tuple[Case, ...] = ()
    elements: tuple[Element, ...] = ()
    allowed: tuple[tuple[str, object], ...] = ()
    schema: Mapping[str, object] = {}
    needs_role: bool = False


class DataSource(msgspec.Struct, frozen=True, kw_only=True):
    """A field's backend: its name, its type and settings, and the templates that the field uses it with."""

    name: str
    type: str
    settings: Mapping[str, object] = {}
    request: str = ""
    response: str = ""
    elements: tuple[Element, ...] = ()
    allowed: tuple[tuple[str, object], ...] = ()


class Target(Protocol):
    """What answers the requests of a route or the fields of a GraphQL API."""

    def integration(self, asked: Asked) -> Integration:
        """Give the backend of a route; raises ValueError for what cannot be asked of it."""
        ...

    def source(self, asked: Asked) -> DataSource:
        """Give the backend of a GraphQL field; raises ValueError for what cannot be asked of it."""
        ...


RESULT: Final = """#if($ctx.error)
$util.error($ctx.error.message, $ctx.error.type)
#end
$util.toJson($ctx.result)"""
"""A field's response template that passes on the result, or the error."""
