"""SetStatus: sets the response's status."""

from inferway.definition.message_steps import SetStatus
from inferway.exchange import Exchange
from inferway.faults import Fault, FaultKind
from inferway.gateway.stage import Outcome, Parts, Stage

_FINAL = range(200, 600)


def compile_stage(step: SetStatus, parts: Parts) -> tuple[Stage, ...]:
    """Compile the status."""
    evaluate = parts.scope.compile(step.status)

    def set_status(exchange: Exchange) -> Outcome:
        status = as_status(evaluate(exchange))
        if isinstance(status, Fault):
            return status
        exchange.response.status = status
        return None

    return (set_status,)


def as_status(value: object) -> int | Fault:
    """Give a value as a status that can end a request (RFC 9110, 15), else a fault."""
    text = str(value).strip()
    status = int(text) if text.isascii() and text.isdigit() and len(text) == 3 else 0
    if status not in _FINAL:
        return Fault(kind=FaultKind.TEMPLATE_FAILED, cause=f"the status that was set is {text[:100]!r}")
    return status
