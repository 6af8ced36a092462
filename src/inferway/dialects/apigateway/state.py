"""What one exchange's expressions share, and the shape of what gives a variable's value."""

import re
import time
from collections.abc import Callable
from typing import Final

from inferway.definition.deployment import Deployment
from inferway.dialects.apigateway.identifiers import extended_request_id
from inferway.exchange import Exchange

Field = Callable[[Exchange, Deployment], object]
"""Gives the value of a variable of `$context`, None for one that is null."""


_REQUEST_ID: Final = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,128}")


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


def request_id_of(exchange: Exchange) -> str:
    """Give what the service calls a request: what its client called it in `x-amzn-RequestId`, else our own name for it.

    Sources: API Gateway, "Variables for data transformations" (`$context.requestId`: clients can override it), and a
    response recorded in awsdocs/amazon-api-gateway-developer-guide issue 71; which values are taken is assumed.
    """
    given = exchange.request.header(b"x-amzn-requestid")
    return exchange.id if given is None or _REQUEST_ID.fullmatch(given) is None else given.decode("ascii")
