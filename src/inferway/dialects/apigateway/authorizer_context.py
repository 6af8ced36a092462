"""The variables of `$context` that tell of authorizers: what they handed on, and how asking them went.

Source: API Gateway, "Variables for data transformations for API Gateway" and "Variables for access logging for API
Gateway", and values recorded on the service.
"""

from collections.abc import Callable
from typing import Final

import msgspec

from inferway.credentials.authorizer_call import AuthorizerCall, call_of
from inferway.definition.deployment import Deployment
from inferway.dialects.apigateway.faults import error_message
from inferway.dialects.apigateway.state import Field
from inferway.exchange import Exchange
from inferway.faults import FaultKind

_DENIED: Final = frozenset((FaultKind.ACCESS_DENIED, FaultKind.PERMISSION_DENIED, FaultKind.AUTHORIZER_DENIED))
_UNSIGNED: Final = frozenset(
    (
        FaultKind.MISSING_CREDENTIALS,
        FaultKind.INCOMPLETE_SIGNATURE,
        FaultKind.UNKNOWN_CREDENTIALS,
        FaultKind.INVALID_SIGNATURE,
        FaultKind.EXPIRED_SIGNATURE,
    )
)


def authorizer_of(exchange: Exchange) -> dict[str, object] | None:
    """Give `$context.authorizer` as a map; None without an authorizer.

    Recorded: `principalId`, the function's context, `integrationLatency` (a number); of a user pool `claims`.
    """
    found, call = exchange.authorizer, call_of(exchange)
    if found is None:
        return None
    if found.claims:
        return {"claims": dict(found.claims)}
    made: dict[str, object] = {"principalId": found.principal, **found.context}
    made["principalId"] = found.principal
    if call is not None:
        made["integrationLatency"] = call.latency
    return made


def authorizer_in_event(exchange: Exchange) -> dict[str, object] | None:
    """Give what a function's event has of an authorizer; None without one.

    Each claim of a JWT has its JSON type there ("Pass JWT claims to your integration").
    """
    found = exchange.authorizer
    if found is not None and found.json_claims:
        return {"claims": {name: msgspec.json.decode(text) for name, text in found.claims.items()}}
    return authorizer_of(exchange)


def whole_authorizer(exchange: Exchange, deployment: Deployment) -> object:  # noqa: ARG001 - a field takes both
    """Give `$context.authorizer` as JSON text; None without an authorizer."""
    made = authorizer_of(exchange)
    return None if made is None else msgspec.json.encode(made).decode()


def of_authorizer(name: str) -> Field:
    """Give the field for a name below `context.authorizer`; what the function itself hands on goes first."""
    claims, _, claim = name.partition(".")
    own = AUTHORIZER.get(name)

    def value(exchange: Exchange, deployment: Deployment) -> object:  # noqa: ARG001 - a field takes both
        found = exchange.authorizer
        if found is not None:
            if claims == "claims" and found.claims:
                return found.claims.get(claim) if claim else dict(found.claims)
            if name == "principalId":
                return found.principal or None
            if name in found.context:
                return found.context[name]
        call = call_of(exchange)
        return None if own is None or call is None else own(call)

    return value


def _authorize_status(exchange: Exchange, deployment: Deployment) -> object:  # noqa: ARG001 - a field takes both
    """Give what became of asking the policies: 200, 403, None where nobody was asked."""
    if exchange.fault is not None and exchange.fault.kind in _DENIED:
        return 403
    return 200 if exchange.authorizer is not None or exchange.identity is not None else None


def _authorize_error(exchange: Exchange, deployment: Deployment) -> object:  # noqa: ARG001 - a field takes both
    return error_message(exchange) if exchange.fault is not None and exchange.fault.kind in _DENIED else None


def _authenticate_status(exchange: Exchange, deployment: Deployment) -> object:  # noqa: ARG001 - as above
    """Give what became of looking at a signature: 200, 403, None where none was asked for."""
    if exchange.identity is not None:
        return 200
    return 403 if exchange.fault is not None and exchange.fault.kind in _UNSIGNED else None


def _authenticate_error(exchange: Exchange, deployment: Deployment) -> object:  # noqa: ARG001 - as above
    return error_message(exchange) if exchange.fault is not None and exchange.fault.kind in _UNSIGNED else None


AUTHORIZER: Final[dict[str, Callable[[AuthorizerCall], object]]] = {
    "error": lambda call: call.error or None,
    "integrationLatency": lambda call: call.latency,
    "integrationStatus": lambda call: call.status,
    "latency": lambda call: call.latency,
    "requestId": lambda call: call.request_id or None,
    "status": lambda call: call.status,
}
"""The variables below `$context.authorizer` that tell how it was called; latencies in milliseconds."""
AUTHORIZE: Final[dict[str, Field]] = {"error": _authorize_error, "status": _authorize_status}
AUTHENTICATE: Final[dict[str, Field]] = {"error": _authenticate_error, "status": _authenticate_status}
