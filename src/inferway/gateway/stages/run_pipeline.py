"""RunPipeline: runs a function's own pipeline; its result is the previous result of what follows."""

from collections.abc import Awaitable

from inferway.definition.steps import RunPipeline
from inferway.exchange import Exchange, Result
from inferway.gateway.stage import Outcome, Parts, Stage


def compile_stage(step: RunPipeline, parts: Parts) -> tuple[Stage, ...]:
    """Compile the inner pipeline; it shares the stash and has a call and a result of its own."""
    nested = parts.compile_pipeline(step.pipeline, parts)

    async def run_nested(exchange: Exchange) -> Outcome:
        outer = exchange.frame
        frame = outer.inner()
        outcome = await nested(exchange.in_frame(frame))
        if isinstance(outcome, Result):
            outer.previous = outcome.value
            return None
        if outcome is None:
            outer.previous = frame.result
        return outcome

    def run_pipeline(exchange: Exchange) -> Outcome | Awaitable[Outcome]:
        return run_nested(exchange)

    return (run_pipeline,)
