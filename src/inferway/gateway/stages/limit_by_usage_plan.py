"""LimitByUsagePlan: the throttle and the quota of the caller's usage plan."""

from collections.abc import Awaitable
from typing import Final

from inferway.definition.steps import LimitByUsagePlan
from inferway.definition.usage import UsagePlan
from inferway.exchange import Exchange
from inferway.faults import Fault, FaultKind
from inferway.gateway.stage import Outcome, Parts, Stage
from inferway.stores.protocols import Limiter

THROTTLED: Final = Fault(kind=FaultKind.THROTTLED, retryable=True)
EXCEEDED: Final = Fault(kind=FaultKind.QUOTA_EXCEEDED)


def compile_stage(step: LimitByUsagePlan, parts: Parts) -> tuple[Stage, ...]:  # noqa: ARG001 - the step has no data
    """Settle for each key which buckets and window it draws from; first the throttle, then the quota."""
    throttles: dict[str, Limiter] = {}
    quotas: dict[str, Limiter] = {}
    for plan in parts.deployment.plans:
        throttle = _throttle(plan, parts)
        quota = parts.counters.fixed_window(f"quota:{plan.id}", plan.quota) if plan.quota else None
        for key in plan.keys:
            if throttle is not None:
                throttles[key] = throttle
            if quota is not None:
                quotas[key] = quota
    stages = []
    if throttles:
        stages.append(limit_key(throttles, THROTTLED))
    if quotas:
        stages.append(limit_key(quotas, EXCEEDED))
    return tuple(stages)


def _throttle(plan: UsagePlan, parts: Parts) -> Limiter | None:
    """Give the plan's throttle of this route, else its general one.

    Both count per client: "per-client or per-method throttling limits for that API stage as set in a usage plan"
    (API Gateway, "Throttle requests to your REST APIs").
    """
    api, stage, route = parts.deployment.api, parts.deployment.stage, parts.route
    own = plan.routes.get(f"{route.path}/{route.method}")
    if own is not None:
        name = f"plan:{plan.id}:{api.slug}:{stage.name}:{route.path}/{route.method}"
        return parts.counters.token_bucket(name, own)
    return parts.counters.token_bucket(f"plan:{plan.id}", plan.throttle) if plan.throttle else None


def limit_key(limiters: dict[str, Limiter], fault: Fault) -> Stage:
    """Give a stage that takes one from the allowance of the caller's key."""

    def limit(exchange: Exchange) -> Outcome | Awaitable[Outcome]:
        key = exchange.key
        limiter = limiters.get(key.id) if key is not None else None
        if key is None or limiter is None:
            return None
        taken = limiter.take(key.id)
        if taken is True:
            return None
        return fault if taken is False else when_taken(taken, fault)

    return limit


async def when_taken(taken: Awaitable[bool], fault: Fault) -> Outcome:
    """Wait for a shared store's answer."""
    return None if await taken else fault
