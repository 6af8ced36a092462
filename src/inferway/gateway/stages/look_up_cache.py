"""LookUpCache: answers from the stage's cache when it holds the answer to the same key parameters."""

from collections.abc import Awaitable, Callable

from inferway.definition.stage import CacheSettings, UnauthorizedInvalidation
from inferway.definition.steps import LookUpCache, Parameter, ParameterIn
from inferway.exchange import Exchange, Response
from inferway.faults import Fault, FaultKind
from inferway.gateway.content_coding import encoding_answers
from inferway.gateway.permission import Permission, compile_permission
from inferway.gateway.stage import Outcome, Parts, Stage
from inferway.stores.protocols import CachedResponse

KEY = "cache key"
"""The exchange variable under which a missed look-up leaves its key for StoreInCache."""

_DENIED = Fault(kind=FaultKind.CACHE_INVALIDATION_DENIED)
_WARNING = (b"Warning", b"199 Cache-control headers were ignored because the caller was unauthorized.")
_Part = Callable[[Exchange], str]


def settings_in_force(parts: Parts) -> CacheSettings | None:
    """Give the cache settings of the route, None where its responses are not cached.

    Only GET is cached unless the stage turns caching on for another method by name
    (API Gateway, "Cache settings for REST APIs").
    """
    stage, route = parts.deployment.stage, parts.route
    if not stage.cache:
        return None
    own = stage.routes.get(f"{route.path}/{route.method}")
    named = own is not None and own.caching is not None
    settings = stage.settings(route.path, route.method)
    caching = settings.caching if settings.caching is not None else True
    cache = settings.cache or CacheSettings()
    if not caching or cache.ttl == 0 or (route.method != "GET" and not named):
        return None
    return cache


def compile_stage(step: LookUpCache, parts: Parts) -> tuple[Stage, ...]:
    """Compile away where the route is not cached. The key is the namespace, the method and the key parameters."""
    settings = settings_in_force(parts)
    if settings is None:
        return ()
    deployment = parts.deployment
    stage = deployment.stage.name if deployment.shares_cache else f"{deployment.stage.name}/canary"
    prefix = "\n".join((deployment.api.slug, stage, step.namespace, parts.route.method))
    values = tuple(_PART[parameter.location](parameter) for parameter in step.key_parameters)
    get, permits = parts.cache.get, _permission(step, parts)

    def look_up_cache(exchange: Exchange) -> Outcome | Awaitable[Outcome]:
        key = "\n".join((prefix, *(value(exchange) for value in values))).encode("utf-8", "surrogatepass")
        exchange.variables[KEY] = key
        if _wants_invalidation(exchange):
            if not settings.require_authorization or (permits is not None and permits(exchange) is None):
                return None
            if settings.unauthorized is UnauthorizedInvalidation.FAIL_WITH_403:
                return _DENIED
            if settings.unauthorized is UnauthorizedInvalidation.SUCCEED_WITH_RESPONSE_HEADER:
                exchange.finalizers.append(_warn)
        kept = get(key)
        if kept is None or isinstance(kept, CachedResponse):
            return _respond(kept)
        return _when_got(kept)

    if step.encode_from is not None:
        return (encoding_answers(look_up_cache, step.encode_from),)
    return (look_up_cache,)


def _permission(step: LookUpCache, parts: Parts) -> Permission | None:
    """Give who may invalidate; None where callers have no policies that could say so."""
    asked = step.invalidation
    return compile_permission(asked.action, asked.resource, asked.policy, parts) if asked is not None else None


def _wants_invalidation(exchange: Exchange) -> bool:
    control = exchange.request.header(b"cache-control")
    return control is not None and b"max-age=0" in control.replace(b" ", b"").lower()


def _warn(exchange: Exchange) -> None:
    exchange.response.headers.append(_WARNING)


async def _when_got(getting: Awaitable[CachedResponse | None]) -> Outcome:
    return _respond(await getting)


def _respond(kept: CachedResponse | None) -> Response | None:
    return None if kept is None else Response(status=kept.status, headers=list(kept.headers), body=kept.body)


def _from_path(parameter: Parameter) -> _Part:
    return lambda exchange: exchange.parameters.get(parameter.name, "")


def _from_query(parameter: Parameter) -> _Part:
    return lambda exchange: "\0".join(exchange.request.arguments().get(parameter.name, ()))


def _from_header(parameter: Parameter) -> _Part:
    name = parameter.name.lower().encode("latin-1", "replace")
    return lambda exchange: (exchange.request.header(name) or b"").decode("latin-1")


_PART: dict[ParameterIn, Callable[[Parameter], _Part]] = {
    ParameterIn.PATH: _from_path,
    ParameterIn.QUERY: _from_query,
    ParameterIn.HEADER: _from_header,
}
