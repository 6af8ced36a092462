"""PassRequest: makes the call as the request came."""

from inferway.definition.message_steps import PassRequest
from inferway.exchange import Call, Exchange, Headers
from inferway.gateway.stage import Outcome, Parts, Stage
from inferway.gateway.stages.map_request import HOP_BY_HOP

_ITS_OWN = HOP_BY_HOP | {b"host", b"content-length", b"expect"}
"""Headers that the call gets anew: its connection's, its host, its length (RFC 9110, 7.2, 7.6.1, 8.6, 10.1.1)."""


def compile_stage(step: PassRequest, _: Parts) -> tuple[Stage, ...]:
    """Pass on all but what leads to the API, and fill the route's parameters from the query."""
    named = tuple(step.parameters.items())

    def pass_request(exchange: Exchange) -> Outcome:
        request = exchange.request
        for parameter, name in named:
            exchange.parameters[parameter] = ",".join(request.arguments().get(name, ()))
        exchange.call = Call(
            method=request.method,
            path=exchange.below,
            query=[(name, value) for name, values in request.arguments().items() for value in values],
            headers=_passed(request.headers),
            body=request.body,
        )
        return None

    return (pass_request,)


def _passed(headers: Headers) -> Headers:
    dropped: frozenset[bytes] = _ITS_OWN
    for name, value in headers:
        if name == b"connection":
            dropped = dropped | {token.strip().lower() for token in value.split(b",")}
    return [pair for pair in headers if pair[0] not in dropped]
