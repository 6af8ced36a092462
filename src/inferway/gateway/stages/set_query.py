"""SetQuery: sets a parameter of the call's query."""

from inferway.definition.message_steps import Exists, SetQuery
from inferway.exchange import Exchange
from inferway.gateway.stage import Outcome, Parts, Stage


def compile_stage(step: SetQuery, parts: Parts) -> tuple[Stage, ...]:
    """Compile the values; none removes the parameter."""
    name, exists = step.name, step.exists
    values = tuple(parts.scope.compile(value) for value in step.values)

    def set_query(exchange: Exchange) -> Outcome:
        call = exchange.call
        there = any(key == name for key, _ in call.query)
        if there and exists is Exists.SKIP:
            return None
        kept = call.query if exists is Exists.APPEND else [pair for pair in call.query if pair[0] != name]
        call.query = kept + [(name, str(evaluate(exchange))) for evaluate in values]
        return None

    return (set_query,)
