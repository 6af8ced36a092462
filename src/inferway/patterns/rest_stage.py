"""The stage of a REST API, with the settings of its routes, and the usage plan of its keys."""

from collections.abc import Iterator, Mapping
from typing import Final

import msgspec

from inferway.faults import Place
from inferway.patterns.element import Element, logical_id
from inferway.patterns.routes import Route

_NAMES: Final = 2  # the keys of a setting that say which method it is of
_CACHE_SIZE: Final = "0.5"  # the smallest, in GB ("AWS::ApiGateway::Stage", CacheClusterSize)


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """What a program says of the whole API."""

    name: str
    stage: str
    keys: tuple[str, ...]
    rate: float | None
    burst: int | None
    quota: tuple[int, str] | None
    origin: str
    authorization: str
    variables: Mapping[str, str]
    description: str
    place: Place


def stage_of(settings: Settings, routes: tuple[Route, ...], api: object, deployment: Element) -> Element:
    """Give the stage of a deployment."""
    every = {} if settings.keys else _throttle(settings.rate, settings.burst)
    cached = any(route.options.cache for route in routes)
    if cached:
        every = {**every, "CachingEnabled": False}
    listed = [{"HttpMethod": "*", "ResourcePath": "/*", **every}] if every else []
    listed += [made for made in map(_setting, routes) if len(made) > _NAMES]
    return _made(
        settings,
        "Stage",
        RestApiId=api,
        DeploymentId=deployment.reference,
        StageName=settings.stage,
        **({"MethodSettings": listed} if listed else {}),
        **({"CacheClusterEnabled": True, "CacheClusterSize": _CACHE_SIZE} if cached else {}),
        **({"Variables": dict(settings.variables)} if settings.variables else {}),
    )


def plan_of(settings: Settings, api: object, stage: Element) -> Iterator[Element]:
    """Give the usage plan of the stage and its keys; nothing where the API has no keys."""
    if not settings.keys:
        return
    throttle = _throttle(settings.rate, settings.burst, "")
    quota = {"Limit": settings.quota[0], "Period": settings.quota[1]} if settings.quota else {}
    plan = _made(
        settings,
        "UsagePlan",
        UsagePlanName=settings.name,
        ApiStages=[{"ApiId": api, "Stage": stage.reference}],
        **({"Throttle": throttle} if throttle else {}),
        **({"Quota": quota} if quota else {}),
    )
    yield plan
    for name in settings.keys:
        key = _made(settings, "ApiKey", "Key", name, Name=name, Enabled=True)
        yield key
        of_plan = {"KeyId": key.reference, "KeyType": "API_KEY", "UsagePlanId": plan.reference}
        yield _made(settings, "UsagePlanKey", "Key", name, **of_plan)


def _made(settings: Settings, kind: str, *path: str, **properties: object) -> Element:
    return Element(
        id=logical_id(settings.name, *path, kind),
        type=f"AWS::ApiGateway::{kind}",
        properties=properties,
        place=settings.place,
    )


def _throttle(rate: float | None, burst: int | None, prefix: str = "Throttling") -> dict[str, object]:
    made: dict[str, object] = {}
    if rate is not None:
        made[f"{prefix}RateLimit"] = rate
    if burst is not None:
        made[f"{prefix}BurstLimit"] = burst
    return made


def _setting(route: Route) -> dict[str, object]:
    """Give the stage's settings of one route; a path's slashes are written `~1` ("MethodSetting", ResourcePath)."""
    options = route.options
    cached = {"CachingEnabled": True, "CacheTtlInSeconds": options.cache} if options.cache else {}
    path = f"/{route.path.removeprefix('/').replace('/', '~1')}"
    return {"HttpMethod": route.method, "ResourcePath": path, **_throttle(options.rate, options.burst), **cached}
