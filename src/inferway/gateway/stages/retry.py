"""Retry: runs its steps once, then again while the condition is true."""

import asyncio
import random
from collections.abc import Awaitable

from inferway.definition.steps import Retry
from inferway.exchange import Exchange
from inferway.faults import Fault
from inferway.gateway.stage import Outcome, Parts, Stage, run


def compile_stage(step: Retry, parts: Parts) -> tuple[Stage, ...]:
    """Compile the steps and settle the waits. A retryable fault is retried like a reply that meets the condition."""
    stages = parts.compile_steps(step.steps, parts)
    condition = parts.scope.compile(step.condition)
    count = step.count

    async def attempts(exchange: Exchange) -> Outcome:
        outcome = await run(stages, exchange)
        for attempt in range(count):
            if isinstance(outcome, Fault):
                if not outcome.retryable:
                    return outcome
            elif outcome is not None or condition(exchange) is not True:
                return outcome
            await asyncio.sleep(_wait(step, attempt))
            outcome = await run(stages, exchange)
        return outcome

    def retry(exchange: Exchange) -> Outcome | Awaitable[Outcome]:
        return attempts(exchange)

    return (retry,)


def _wait(step: Retry, attempt: int) -> float:
    if step.first_fast and attempt == 0:
        return 0.0
    if step.exponential:
        wait = step.interval + (2.0**attempt - 1) * random.uniform(step.delta * 0.8, step.delta * 1.2)
    else:
        wait = step.interval + attempt * step.delta
    return min(wait, step.max_interval) if step.max_interval > 0 else wait
