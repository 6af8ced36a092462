"""ReturnResponse: ends the pipeline with a response made here."""

from inferway.definition.steps import ReturnResponse
from inferway.exchange import Exchange, Response, header_name, header_value
from inferway.gateway.stage import Outcome, Parts, Stage


def compile_stage(step: ReturnResponse, parts: Parts) -> tuple[Stage, ...]:
    """Compile headers and body."""
    headers = tuple((header_name(header.name), parts.scope.compile(header.value)) for header in step.headers)
    body = parts.scope.compile(step.body) if step.body is not None else None

    def return_response(exchange: Exchange) -> Outcome:
        return Response(
            status=step.status,
            headers=[(name, header_value(evaluate(exchange))) for name, evaluate in headers],
            body=str(body(exchange)).encode() if body is not None else b"",
        )

    return (return_response,)
