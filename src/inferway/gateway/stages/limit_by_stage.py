"""LimitByStage: the stage's throttle of this route, then the account's."""

from collections.abc import Awaitable

from inferway.definition.steps import LimitByStage
from inferway.exchange import Exchange
from inferway.gateway.stage import Outcome, Parts, Stage
from inferway.gateway.stages.limit_by_usage_plan import THROTTLED, when_taken
from inferway.stores.protocols import Limiter


def compile_stage(step: LimitByStage, parts: Parts) -> tuple[Stage, ...]:  # noqa: ARG001 - the step has no data
    """A route with a throttle of its own has a bucket of its own; `*/*` sets the rate of each, not a shared one."""
    deployment, route = parts.deployment, parts.route
    label = f"{route.path}/{route.method}"
    throttle = deployment.stage.settings(route.path, route.method).throttle
    stages = []
    if throttle is not None:
        name = f"stage:{deployment.api.slug}:{deployment.stage.name}"
        stages.append(_limit(parts.counters.token_bucket(name, throttle), label))
    stages.append(_limit(parts.counters.token_bucket("account", deployment.account_throttle), "account"))
    return tuple(stages)


def _limit(limiter: Limiter, key: str) -> Stage:
    def limit(exchange: Exchange) -> Outcome | Awaitable[Outcome]:  # noqa: ARG001 - a stage takes an exchange
        taken = limiter.take(key)
        if taken is True:
            return None
        return THROTTLED if taken is False else when_taken(taken, THROTTLED)

    return limit
