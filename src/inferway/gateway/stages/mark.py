"""Mark: says where in its definition the next step stands."""

from inferway.definition.message_steps import Mark
from inferway.exchange import Exchange
from inferway.gateway.stage import Outcome, Parts, Stage


def compile_stage(step: Mark, parts: Parts) -> tuple[Stage, ...]:  # noqa: ARG001 - the step says it all
    """Keep the step itself; where a fault has come up, the place of that stays."""

    def mark(exchange: Exchange) -> Outcome:
        if exchange.fault is None:
            exchange.mark = step
        return None

    return (mark,)
