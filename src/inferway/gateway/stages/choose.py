"""Choose: runs the steps of the first branch whose condition is true."""

from collections.abc import Awaitable

from inferway.definition.steps import Choose
from inferway.exchange import Exchange
from inferway.gateway.stage import Outcome, Parts, Stage, run


def compile_stage(step: Choose, parts: Parts) -> tuple[Stage, ...]:
    """Compile each branch."""
    branches = tuple(
        (parts.scope.compile(when.condition), parts.compile_steps(when.steps, parts)) for when in step.when
    )
    otherwise = parts.compile_steps(step.otherwise, parts)

    def choose(exchange: Exchange) -> Outcome | Awaitable[Outcome]:
        for condition, stages in branches:
            if condition(exchange) is True:
                return run(stages, exchange)
        return run(otherwise, exchange) if otherwise else None

    return (choose,)
