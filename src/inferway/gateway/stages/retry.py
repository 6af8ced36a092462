"""Retry: runs its steps once, then again while the condition is true."""

import asyncio
from collections.abc import Awaitable

from inferway.definition.steps import Retry
from inferway.exchange import Exchange
from inferway.faults import Fault
from inferway.gateway.stage import Outcome, Parts, Stage, run


def compile_stage(step: Retry, parts: Parts) -> tuple[Stage, ...]:
    """Compile the steps and settle the waits. A retryable fault is retried like a reply that meets the condition."""
    stages = parts.compile_steps(step.steps, parts)
    condition = parts.scope.compile(step.condition)
    waits = tuple(_wait(step, attempt) for attempt in range(step.count))

    async def attempts(exchange: Exchange) -> Outcome:
        outcome = await run(stages, exchange)
        for wait in waits:
            if isinstance(outcome, Fault):
                if not outcome.retryable:
                    return outcome
                exchange.fault = outcome
            elif outcome is not None or condition(exchange) is not True:
                return outcome
            await asyncio.sleep(wait)
            outcome = await run(stages, exchange)
        return outcome

    def retry(exchange: Exchange) -> Outcome | Awaitable[Outcome]:
        return attempts(exchange)

    return (retry,)


def _wait(step: Retry, attempt: int) -> float:
    wait = step.interval + attempt * step.delta
    return min(wait, step.max_interval) if step.max_interval > 0 else wait
