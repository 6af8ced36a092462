"""How a call of an authorizer went, for access logs and for whom it let in.

Source: API Gateway, "Variables for access logging for API Gateway" (`$context.authorizer.…`).
"""

from typing import Final

import msgspec

from inferway.exchange import Exchange, Reply

AUTHORIZER_CALL: Final = "authorizer call"
"""The exchange variable under which it stands."""

REPLY: Final = "authorizer reply"
"""The exchange variable under which what its function said stands, of an exchange that is watched."""


_REQUEST_ID: Final = b"x-amzn-requestid"


class AuthorizerCall(msgspec.Struct, frozen=True, kw_only=True):
    """A call of an authorizer: its latency in milliseconds, 0 where a result was kept, status, id, and error."""

    latency: int = 0
    status: int = 0
    request_id: str = ""
    error: str = ""


def called(reply: Reply) -> AuthorizerCall:
    """Give the call that a function replied to; its latency is not known yet."""
    return AuthorizerCall(status=reply.status, request_id=(reply.header(_REQUEST_ID) or b"").decode("latin-1"))


def call_of(exchange: Exchange) -> AuthorizerCall | None:
    """Give the call that was made for an exchange, None where it has no authorizer."""
    made = exchange.variables.get(AUTHORIZER_CALL)
    return made if isinstance(made, AuthorizerCall) else None
