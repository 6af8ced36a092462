"""SetHeader: sets a header of the call, or of the response."""

from inferway.definition.message_steps import Exists, Message, SetHeader
from inferway.exchange import NO_RESPONSE, Call, Exchange, Response, header_name, header_value
from inferway.gateway.stage import Outcome, Parts, Stage


def compile_stage(step: SetHeader, parts: Parts) -> tuple[Stage, ...]:
    """Compile the values; none removes the header. A header of a response goes out in the case it is written in."""
    name, written = header_name(step.name.lower()), header_name(step.name)
    values = tuple(parts.scope.compile(value) for value in step.values)
    message, exists, joined = step.message, step.exists, step.joined

    def set_header(exchange: Exchange) -> Outcome:
        holder = holder_of(exchange, message)
        there = [value for key, value in holder.headers if key.lower() == name]
        if there and exists is Exists.SKIP:
            return None
        made = there if exists is Exists.APPEND else []
        made = made + [header_value(evaluate(exchange)) for evaluate in values]
        if joined and len(made) > 1:
            made = [b",".join(made)]
        key = name if isinstance(holder, Call) else written
        holder.headers = [pair for pair in holder.headers if pair[0].lower() != name] + [(key, one) for one in made]
        return None

    return (set_header,)


def holder_of(exchange: Exchange, message: Message) -> Call | Response:
    """Give the message that a step works on."""
    if message is Message.CALL or (message is Message.CURRENT and exchange.response is NO_RESPONSE):
        return exchange.call
    return exchange.response
