"""SetMethod: sets the call's method."""

from inferway.definition.message_steps import SetMethod
from inferway.exchange import Exchange, header_name
from inferway.faults import Fault, FaultKind
from inferway.gateway.stage import Outcome, Parts, Stage


def compile_stage(step: SetMethod, parts: Parts) -> tuple[Stage, ...]:
    """Compile the method; what is no token is a fault (RFC 9110, 9.1)."""
    evaluate = parts.scope.compile(step.method)

    def set_method(exchange: Exchange) -> Outcome:
        try:
            exchange.call.method = header_name(str(evaluate(exchange))).decode("ascii")
        except ValueError:
            return Fault(kind=FaultKind.TEMPLATE_FAILED, cause="the method that was set is none")
        return None

    return (set_method,)
