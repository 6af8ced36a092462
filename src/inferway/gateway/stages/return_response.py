"""ReturnResponse: ends the pipeline with a response made here."""

from inferway.definition.steps import ReturnResponse
from inferway.exchange import Exchange, Response, header_name, header_value
from inferway.faults import Fault, FaultKind
from inferway.gateway.stage import Outcome, Parts, Stage
from inferway.gateway.stages.set_body import as_body
from inferway.gateway.stages.set_status import as_status

_NOT_GIVEN = Fault(kind=FaultKind.TEMPLATE_FAILED, cause="what is to be returned is no response")


def compile_stage(step: ReturnResponse, parts: Parts) -> tuple[Stage, ...]:
    """Compile headers, body and status; all are made before the response is, so that they see the one before it."""
    headers = tuple((header_name(header.name), parts.scope.compile(header.value)) for header in step.headers)
    body = parts.scope.compile(step.body) if step.body is not None else None
    code = parts.scope.compile(step.code) if step.code is not None else None
    given = parts.scope.compile(step.given) if step.given is not None else None
    names = frozenset(name.lower() for name, _ in headers)

    def return_response(exchange: Exchange) -> Outcome:
        made = [(name, header_value(evaluate(exchange))) for name, evaluate in headers]
        content = as_body(body(exchange)) if body is not None else None
        status = as_status(code(exchange)) if code is not None else step.status
        if isinstance(status, Fault):
            return status
        if given is None:
            return Response(status=status, headers=made, body=content or b"")
        base = given(exchange)
        if not isinstance(base, Response):
            return _NOT_GIVEN
        kept = [pair for pair in base.headers if pair[0].lower() not in names]
        return Response(
            status=status or base.status, headers=kept + made, body=base.body if content is None else content
        )

    return (return_response,)
