"""StoreInCache: keeps the response that the matching LookUpCache missed."""

from collections.abc import Awaitable

from inferway.definition.steps import StoreInCache
from inferway.exchange import Exchange
from inferway.gateway.stage import Outcome, Parts, Stage
from inferway.gateway.stages.look_up_cache import KEY, settings_in_force
from inferway.stores.protocols import CachedResponse


def compile_stage(step: StoreInCache, parts: Parts) -> tuple[Stage, ...]:  # noqa: ARG001 - the step has no data
    """Compile away where the route is not cached."""
    settings = settings_in_force(parts)
    if settings is None:
        return ()
    put, ttl = parts.cache.put, settings.ttl

    def store_in_cache(exchange: Exchange) -> Outcome | Awaitable[Outcome]:
        response, key = exchange.response, exchange.variables.get(KEY)
        if not isinstance(key, bytes) or not isinstance(response.body, bytes):
            return None
        kept = CachedResponse(status=response.status, headers=tuple(response.headers), body=response.body)
        storing = put(key, kept, ttl)
        return None if storing is None else _when_stored(storing)

    return (store_in_cache,)


async def _when_stored(storing: Awaitable[None]) -> Outcome:
    await storing
    return None
