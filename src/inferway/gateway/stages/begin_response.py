"""BeginResponse: an empty response where no backend was called."""

from inferway.definition.message_steps import BeginResponse
from inferway.exchange import NO_RESPONSE, Exchange, Response
from inferway.gateway.stage import Outcome, Parts, Stage


def compile_stage(step: BeginResponse, parts: Parts) -> tuple[Stage, ...]:  # noqa: ARG001 - the step says it all
    """Make the response per request: later steps change it."""
    status = step.status

    def begin_response(exchange: Exchange) -> Outcome:
        if exchange.response is NO_RESPONSE:
            exchange.response = Response(status=status, headers=[])
        return None

    return (begin_response,)
