"""How long steps took, kept on an exchange where somebody is going to ask."""

from collections.abc import Awaitable
from time import perf_counter

import msgspec

from inferway.definition.steps import Step
from inferway.exchange import Exchange, Took, times_of
from inferway.gateway.stage import SETTLED, Outcome, Parts, Stage


def timed_parts(parts: Parts, names: frozenset[str]) -> Parts:
    """Give parts that note when each step of these classes began and ended; without names the same parts."""
    if not names:
        return parts
    compile_plain = parts.compile_steps

    def compile_steps(sequence: tuple[Step, ...], inner: Parts) -> tuple[Stage, ...]:
        made: list[Stage] = []
        for step in sequence:
            name = type(step).__name__
            stages = compile_plain((step,), inner)
            made += [_timed(name, stage) for stage in stages] if name in names else stages
        return tuple(made)

    return msgspec.structs.replace(parts, compile_steps=compile_steps)


def _timed(name: str, stage: Stage) -> Stage:
    def timed(exchange: Exchange) -> Outcome | Awaitable[Outcome]:
        began = perf_counter()
        try:
            outcome = stage(exchange)
        except BaseException:
            times_of(exchange).append(Took(name, began, perf_counter()))
            raise
        if outcome is None or type(outcome) in SETTLED:
            times_of(exchange).append(Took(name, began, perf_counter()))
            return outcome
        return _when_over(name, exchange, outcome, began)  # type: ignore[arg-type]  # SETTLED tells mypy nothing

    return timed


async def _when_over(name: str, exchange: Exchange, running: Awaitable[Outcome], began: float) -> Outcome:
    try:
        return await running
    finally:
        times_of(exchange).append(Took(name, began, perf_counter()))
