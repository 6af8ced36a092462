"""What a dialect with GraphQL APIs gives the core beside its scope."""

from collections.abc import Mapping
from typing import Protocol, runtime_checkable

import msgspec

from inferway.dialects.dialect import Scope
from inferway.exchange import Request, Response
from inferway.faults import Fault
from inferway.languages.graphql import Answer, FieldCall, Limits, Problem, Scalar


class FieldError(Exception):
    """A field's own error, for the client: its kind and data in the vendor's words."""

    def __init__(self, message: str, kind: str = "", data: object = None, info: object = None) -> None:
        super().__init__(message)
        self.message = message
        self.kind = kind
        self.data = data
        self.info = info


class GraphqlRequest(msgspec.Struct, frozen=True, kw_only=True):
    """A GraphQL request as its transport carries it."""

    query: str
    operation: str = ""
    variables: dict[str, object] = {}


class Manners(Protocol):
    """How one vendor's GraphQL goes over the wire.

    `prelude` is SDL that its schemas take for granted, `scalars` holds its scalar types, and those built-in ones that
    it writes in its own way.
    """

    prelude: str
    scalars: Mapping[str, Scalar]

    def limits(self, depth: int, pipelines: int) -> Limits:
        """Give the limits of a request; 0 stands for the vendor's own largest."""
        ...

    def read(self, request: Request) -> GraphqlRequest | Fault:
        """Give what a request asks for, or why it asks for nothing."""
        ...

    def refuse(self, problems: tuple[Problem, ...]) -> Response | Fault:
        """Give the response to a request that is not executed."""
        ...

    def answer(self, answer: Answer) -> Response:
        """Give the response to a request that was."""
        ...

    def field_error(self, failure: Fault | Exception, call: FieldCall) -> FieldError:
        """Give the error that the client gets for a field whose pipeline failed."""
        ...


@runtime_checkable
class GraphqlScope(Scope, Protocol):
    """The scope of a dialect with GraphQL APIs."""

    manners: Manners
