"""Invoke: sends the call to its target and keeps the reply."""

from collections.abc import Awaitable

from inferway.definition.steps import Invoke
from inferway.exchange import Exchange, Reply
from inferway.faults import Fault
from inferway.gateway.stage import Outcome, Parts, Stage


def compile_stage(step: Invoke, parts: Parts) -> tuple[Stage, ...]:
    """Connect the target at deployment."""
    call_backend = parts.connect(step.target, step.timeout).invoke

    def invoke(exchange: Exchange) -> Outcome | Awaitable[Outcome]:
        replied = call_backend(exchange.call)
        if isinstance(replied, Reply):
            exchange.reply = replied
            return None
        return replied if isinstance(replied, Fault) else _when_replied(exchange, replied)

    return (invoke,)


async def _when_replied(exchange: Exchange, replying: Awaitable[Reply | Fault]) -> Outcome:
    replied = await replying
    if isinstance(replied, Fault):
        return replied
    exchange.reply = replied
    return None
