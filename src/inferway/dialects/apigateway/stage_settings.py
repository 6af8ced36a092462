"""Reads stages, with the settings of their methods.

Sources: CloudFormation Template Reference, "AWS::ApiGateway::Stage" and "AWS::ApiGateway::Stage MethodSetting" (slashes
of a path are written `~1`); API Gateway, "Cache settings for REST APIs in API Gateway".
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

import msgspec

from inferway.definition.api import Route
from inferway.definition.stage import (
    LOG_DESTINATION,
    CacheSettings,
    RouteSettings,
    StageSettings,
    Throttle,
    UnauthorizedInvalidation,
)
from inferway.dialects.apigateway.canary_settings import read_canary
from inferway.dialects.apigateway.documents import Parts
from inferway.dialects.apigateway.numbers import number
from inferway.dialects.apigateway.quotas import report_variables
from inferway.dialects.apigateway.resource_kinds import SETTINGS_REPORTED
from inferway.dialects.apigateway.resource_view import View, say
from inferway.formats.cursor import Cursor

_EVERY: Final = "*/*"
_UNLIMITED: Final = Throttle(rate=10_000, burst=5_000)
"""The account's default throttle, of which a setting that gives only the rate or the burst keeps the other."""


def read_stages(parts: Parts, routes: tuple[Route, ...], certificates: Mapping[str, str]) -> tuple[StageSettings, ...]:
    """Read the stages of an API; those that a deployment makes by the way included.

    `certificates` has the names of client certificates by their identifiers.
    """
    made: dict[str, StageSettings] = {}
    for stage, view, name in _stages(parts):
        if name.text() in made:
            name.error("duplicate-stage", f"the API has the stage {name.text()} already")
            continue
        settings: list[tuple[str, View]] = [(_label(each), each) for each in view.items("MethodSettings")]
        if stage is not view:
            settings.append((_EVERY, view))
        settings += [
            (separate["MethodPath"].text(), separate.inside("Settings"))
            for separate in parts.of("method-settings")
            if separate["StageName"].text() == name.text()
        ]
        report_variables(view["Variables"])
        made[name.text()] = StageSettings(
            name=name.text(),
            variables={key: value.text() for key, value in view["Variables"].entries()},
            routes=dict(_routes(settings, routes)),
            cache=view["CacheClusterEnabled"].flag(),
            access_log_format=_access_log(view.inside("AccessLogSetting")),
            tracing=view["TracingEnabled"].flag(),
            canary=read_canary(view, "CanarySetting"),
            client_certificate=_named(view["ClientCertificateId"].text(), certificates),
        )
    return tuple(_with_canaries(made, parts).values())


def _with_canaries(made: dict[str, StageSettings], parts: Parts) -> dict[str, StageSettings]:
    """Give stages with the canary releases of deployments that are made into them."""
    for deployment in parts.of("deployment"):
        canary, name = read_canary(deployment, "DeploymentCanarySettings"), deployment["StageName"].text()
        if canary is not None and name in made and made[name].canary is None:
            made[name] = msgspec.structs.replace(made[name], canary=canary)
    return made


def _stages(parts: Parts) -> Iterator[tuple[View, View, Cursor]]:
    """Give each stage's resource, the properties that describe it, and its name."""
    named = set()
    for stage in parts.of("stage"):
        if stage["StageName"].text():
            named.add(stage["StageName"].text())
            yield stage, stage, stage["StageName"]
        else:
            stage.at.error("no-stage-name", f"{stage.label} needs a StageName")
    for deployment in parts.of("deployment"):
        of_canary = deployment["DeploymentCanarySettings"].present and deployment["StageName"].text() in named
        if deployment["StageName"].text() and not of_canary:
            yield deployment, deployment.inside("StageDescription"), deployment["StageName"]


def _named(certificate: str, names: Mapping[str, str]) -> str:
    """Give a client certificate's name; one that is made elsewhere has its identifier alone."""
    return names.get(certificate, certificate)


def _access_log(setting: View) -> str:
    if setting["DestinationArn"].value:
        text = (
            "access log lines go to the gateway's own log, not to this destination; "
            "access_log in [apis.NAME.stages.STAGE] of the bindings names a file for them"
        )
        setting["DestinationArn"].note(LOG_DESTINATION, text)
    return setting["Format"].text()


def _label(setting: View) -> str:
    """Give `PATH/METHOD` without a slash at its start, as Pulumi writes it."""
    path = setting["ResourcePath"].text().removeprefix("/").replace("~1", "/").replace("~0", "~")
    return f"{path.removeprefix('/')}/{setting['HttpMethod'].text('*').upper()}"


def _routes(settings: Iterable[tuple[str, View]], routes: tuple[Route, ...]) -> Iterator[tuple[str, RouteSettings]]:
    for label, setting in settings:
        made = _settings(setting)
        if made == RouteSettings():
            continue
        path, _, verb = label.rpartition("/")
        if label.lstrip("/") == _EVERY:
            yield _EVERY, made
            continue
        path = "/" + path.replace("~1", "/").strip("/")
        if verb != "*":
            yield f"{path}/{verb}", made
            continue
        for route in routes:
            if route.path == path:
                yield f"{path}/{route.method}", made


def _settings(setting: View) -> RouteSettings:
    for name, (severity, text) in SETTINGS_REPORTED.items():
        if setting[name].value and setting[name].text().lower() not in {"off", "false"}:
            say(setting[name], severity, "unserved-setting", text)
    caching = setting["CachingEnabled"]
    ttl = setting["CacheTtlInSeconds"]
    return RouteSettings(
        throttle=throttle_of(setting["ThrottlingRateLimit"], setting["ThrottlingBurstLimit"]),
        caching=caching.flag() if caching.value is not None and caching.present else None,
        cache=_cache(setting, ttl) if ttl.value is not None and ttl.present else None,
    )


def _cache(setting: View, ttl: Cursor) -> CacheSettings:
    seconds = ttl.integer()
    if seconds is None or not 0 <= seconds <= 3600:
        ttl.error("bad-ttl", "a cache's time to live is 0 to 3600 seconds")
        seconds = 300
    authorized = setting["RequireAuthorizationForCacheControl"]
    strategy = setting["UnauthorizedCacheControlHeaderStrategy"].text()
    known = {each.value: each for each in UnauthorizedInvalidation}
    return CacheSettings(
        ttl=seconds,
        require_authorization=authorized.flag() if authorized.present else True,
        unauthorized=known.get(strategy, UnauthorizedInvalidation.SUCCEED_WITH_RESPONSE_HEADER),
    )


def throttle_of(rate: Cursor, burst: Cursor) -> Throttle | None:
    """Give a throttle of a rate and a burst; None where neither is given, or each is the -1 that stands for none."""
    rates, bursts = number(rate), number(burst, whole=True)
    if rates is None and bursts is None:
        return None
    try:
        return Throttle(
            rate=_UNLIMITED.rate if rates is None else rates, burst=_UNLIMITED.burst if bursts is None else int(bursts)
        )
    except ValueError as error:
        (rate if rates is not None else burst).error("bad-throttle", str(error))
        return None
