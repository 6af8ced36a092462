"""What the rest of Inferway asks of a vendor dialect."""

from collections.abc import Callable
from typing import ClassVar, Final, Protocol

from inferway.definition.deployment import Deployment
from inferway.definition.expression import Expression
from inferway.exchange import Exchange, Response
from inferway.faults import Fault

Evaluate = Callable[[Exchange], object]
"""An expression compiled: gives its value for an exchange, or raises EvaluationError."""


Finish = Callable[[Exchange, Response], None]
"""What is done to a response before it leaves."""


WITHHELD: Final = object()
"""What an expression for a header of a call gives where the one that the client sent is not passed on."""


def never(exchange: Exchange) -> None:
    """Give nothing: an expression of which it is known beforehand that it has no value."""


class EvaluationError(Exception):
    """An expression could not be evaluated; the text says why and where, for the operator."""


class EarlyReturn(Exception):  # noqa: N818 - it is a result, not an error
    """A template ended its pipeline with a value of its own."""

    def __init__(self, value: object) -> None:
        super().__init__("the template returned early")
        self.value = value


class Overrides:
    """What a template overrode in the call or the response that it was evaluated for."""

    __slots__ = ("headers", "path", "query", "status")

    def __init__(
        self, *, path: dict[str, str], query: dict[str, list[str]], headers: dict[str, list[str]], status: int = 0
    ) -> None:
        self.path = path
        self.query = query
        self.headers = headers
        self.status = status


class Scope(Protocol):
    """What a deployment's expressions see."""

    def compile(self, expression: Expression) -> Evaluate:
        """Compile an expression; ValueError with its place where it is malformed."""
        ...

    def request_overrides(self, exchange: Exchange) -> Overrides | None:
        """Give what the request template overrode; raises EvaluationError where it did so against the rules."""
        ...

    def response_overrides(self, exchange: Exchange) -> Overrides | None:
        """Give what the templates overrode in the response; raises EvaluationError as above."""
        ...


class Faults(Protocol):
    """Turns a fault into the vendor's response, with the deployment's customisations."""

    def render(self, fault: Fault, exchange: Exchange) -> Response:
        """Give the response; never raises."""
        ...


class Dialect(Protocol):
    """One vendor's way of saying and doing things, at run time; its module `reader` reads its definitions."""

    name: str
    methods: ClassVar[frozenset[str] | None]
    """What a route's method `ANY` stands for; None for whatever a client sends."""

    def scope(self, deployment: Deployment) -> Scope:
        """Give the scope of a deployment's expressions."""
        ...

    def faults(self, deployment: Deployment, scope: Scope) -> Faults:
        """Give the renderer of a deployment's faults."""
        ...

    def finish(self, deployment: Deployment) -> Finish:
        """Give what does to every response of a deployment what the vendor does last, such as adding headers."""
        ...

    def timed(self, deployment: Deployment) -> frozenset[str]:
        """Give the names of the classes of steps whose times `finish` is going to ask for."""
        ...
