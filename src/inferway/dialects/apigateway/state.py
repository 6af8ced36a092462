"""What one exchange's expressions share, and the shape of what gives a variable's value."""

import time
from collections.abc import Callable

from inferway.definition.deployment import Deployment
from inferway.dialects.apigateway.identifiers import extended_request_id
from inferway.exchange import Exchange

Field = Callable[[Exchange, Deployment], object]
"""Gives the value of a variable of `$context`, None for one that is null."""


class State:
    """What one exchange's expressions share: when it began (s), its extended identifier, `$context` once it is made."""

    __slots__ = ("context", "extended_id", "requested")

    def __init__(self) -> None:
        self.extended_id = extended_request_id()
        self.requested = time.time()
        self.context: dict[str, object] | None = None


def state_of(exchange: Exchange) -> State:
    """Give the exchange's state, made on first use."""
    state = exchange.scope
    if not isinstance(state, State):
        state = exchange.scope = State()
    return state
