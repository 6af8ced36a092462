"""EvaluateTemplate: evaluates a template into the frame of the running field."""

from inferway.definition.steps import EvaluateTemplate
from inferway.dialects.dialect import EarlyReturn
from inferway.exchange import Exchange, Result
from inferway.gateway.stage import Outcome, Parts, Stage


def compile_stage(step: EvaluateTemplate, parts: Parts) -> tuple[Stage, ...]:
    """Compile the template; `into` is `call` or `result`."""
    if step.into not in ("call", "result"):
        raise ValueError(f"a template is evaluated into call or result, not {step.into!r}")
    evaluate, into = parts.scope.compile(step.template), step.into

    def evaluate_template(exchange: Exchange) -> Outcome:
        try:
            value = evaluate(exchange)
        except EarlyReturn as early:
            return Result(early.value)
        setattr(exchange.frame, into, value)
        return None

    return (evaluate_template,)
