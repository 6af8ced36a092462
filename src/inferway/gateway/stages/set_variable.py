"""SetVariable: evaluates an expression and keeps the value under a name."""

from inferway.definition.steps import SetVariable
from inferway.exchange import Exchange
from inferway.gateway.stage import Outcome, Parts, Stage


def compile_stage(step: SetVariable, parts: Parts) -> tuple[Stage, ...]:
    """Compile the expression."""
    name, evaluate = step.name, parts.scope.compile(step.value)

    def set_variable(exchange: Exchange) -> Outcome:
        exchange.variables[name] = evaluate(exchange)
        return None

    return (set_variable,)
