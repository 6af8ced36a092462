"""Refuse: always faults."""

from inferway.definition.steps import Refuse
from inferway.exchange import Exchange
from inferway.faults import Fault
from inferway.gateway.stage import Outcome, Parts, Stage


def compile_stage(step: Refuse, parts: Parts) -> tuple[Stage, ...]:  # noqa: ARG001 - the step says it all
    """Make the fault once."""
    fault = Fault(kind=step.kind, cause=step.cause)

    def refuse(exchange: Exchange) -> Outcome:  # noqa: ARG001 - a stage takes an exchange
        return fault

    return (refuse,)
