"""SetHeader: sets a header of the call, or of the response once there is one."""

from inferway.definition.steps import SetHeader
from inferway.exchange import NO_RESPONSE, Exchange, header_name, header_value
from inferway.gateway.stage import Outcome, Parts, Stage


def compile_stage(step: SetHeader, parts: Parts) -> tuple[Stage, ...]:
    """Compile the values; none removes the header."""
    name = header_name(step.name.lower())
    values = tuple(parts.scope.compile(value) for value in step.values)

    def set_header(exchange: Exchange) -> Outcome:
        holder = exchange.call if exchange.response is NO_RESPONSE else exchange.response
        kept = [pair for pair in holder.headers if pair[0].lower() != name]
        kept += [(name, header_value(evaluate(exchange))) for evaluate in values]
        holder.headers = kept
        return None

    return (set_header,)
