"""SetBody: sets the body of the call, or of the response."""

from inferway.definition.message_steps import SetBody
from inferway.exchange import Exchange
from inferway.gateway.stage import Outcome, Parts, Stage
from inferway.gateway.stages.set_header import holder_of


def compile_stage(step: SetBody, parts: Parts) -> tuple[Stage, ...]:
    """Compile the value."""
    evaluate, message = parts.scope.compile(step.value), step.message

    def set_body(exchange: Exchange) -> Outcome:
        value = evaluate(exchange)
        holder_of(exchange, message).body = as_body(value)
        return None

    return (set_body,)


def as_body(value: object) -> bytes:
    """Give a value as a body: bytes as they are, nothing for None, anything else as text in UTF-8."""
    if isinstance(value, bytes):
        return value
    return b"" if value is None else str(value).encode("utf-8", "replace")
