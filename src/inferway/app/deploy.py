"""Definitions and bindings to deployments, and deployments to what the core serves."""

import hashlib
import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final

import msgspec

from inferway.app import parts as concrete
from inferway.app.bound_certificates import certificate_file, check_certificates
from inferway.app.bound_issuers import check_issuers
from inferway.app.bound_truststores import check_truststores
from inferway.app.canaries import Revisions, joined_canary, revision_of, with_canary
from inferway.app.homes import Homes
from inferway.app.toml_reader import nearest
from inferway.backends.backend import Backend
from inferway.backends.function_names import function_name_of
from inferway.backends.link import PARAMETER, Link
from inferway.credentials.tokens.key_sets import KeySets
from inferway.definition import steps
from inferway.definition.api import ApiDefinition, Route
from inferway.definition.authorizer_steps import InvokeAuthorizer
from inferway.definition.bindings import Bindings, BoundKey
from inferway.definition.deployment import Deployment
from inferway.definition.guard_steps import RequireCertificate
from inferway.definition.identity import Identity
from inferway.definition.stage import StageSettings
from inferway.definition.steps import Step
from inferway.definition.targets import LambdaFunction, SageMakerEndpoint, Table, Target
from inferway.definition.traversal import every_step
from inferway.definition.usage import ApiKey, UsagePlan
from inferway.faults import Finding, Findings, Place, Severity
from inferway.gateway.core import Mounted
from inferway.gateway.pipeline import CompiledFront, CompiledRoute, compile_pipeline, compile_steps
from inferway.gateway.stage import Parts
from inferway.gateway.telemetry import EVERY_STEP, finishing
from inferway.gateway.timing import timed_parts
from inferway.gateway.trace import edited, traced_parts
from inferway.stores.memory import MemoryCache
from inferway.stores.protocols import Counters, ResponseCache
from inferway.transport.client import HttpClient

DEFAULT_STAGE: Final = StageSettings()

_NOWHERE: Final = "http://127.0.0.1:9"
"""The discard port, on which nothing is expected to listen."""


class Rooms(msgspec.Struct, frozen=True, kw_only=True):
    """What every deployment of one process shares."""

    counters: Counters
    cache: ResponseCache
    client: HttpClient
    key_sets: KeySets = KeySets()


def deployments(
    definitions: tuple[ApiDefinition, ...], bindings: Bindings, revisions: Revisions = MappingProxyType({})
) -> tuple[tuple[Deployment, ...], Findings]:
    """Join each API with its stages, keys and plans; findings name what does not fit together."""
    made: list[Deployment] = []
    findings: list[Finding] = []
    addresses: dict[tuple[str, str | None], ApiDefinition] = {}
    for api in definitions:
        first = addresses.setdefault((api.slug, api.base), api)
        if first is not api:
            address = f"/{api.slug}/{api.base}/" if api.base else f"/{api.slug}/"
            text = f"two APIs have the address {address}: {first.place} and this one; rename one of them"
            findings.append(Finding(severity=Severity.ERROR, code="slug", text=text, place=api.place))
            continue
        stages = stages_of(api, bindings)
        for stage in stages:
            revision, missing = revision_of(api, stage, revisions)
            findings += missing
            beside = None if revision is None else _deployment(revision, stage, bindings)
            made.append(with_canary(_deployment(api, stage, bindings), beside))
        findings += _check_stages(api, stages, bindings)
        findings += check_issuers(api, bindings.issuers)
        findings += check_truststores(api, bindings.storage)
        findings += check_certificates(api, stages, bindings)
    findings += _check_names(definitions, bindings)
    if made:
        findings += _check_plans(made, bindings, made[0].api.place)
    return tuple(made), tuple(findings)


def stages_of(api: ApiDefinition, bindings: Bindings) -> tuple[StageSettings, ...]:
    """Give the stages of an API: those that its definition declares and those that the bindings add or change."""
    if api.base is not None:
        return (StageSettings(name=api.base),)
    stages = {stage.name: stage for stage in api.stages}
    for bound in bindings.stages.get(api.name) or bindings.stages.get(api.slug) or ():
        declared = stages.get(bound.name, bound)
        stages[bound.name] = msgspec.structs.replace(
            declared,
            variables={**declared.variables, **bound.variables},
            routes={**declared.routes, **bound.routes},
            cache=declared.cache or bound.cache,
            access_log_format=bound.access_log_format or declared.access_log_format,
            access_log=bound.access_log or declared.access_log,
            tracing=declared.tracing or bound.tracing,
            canary=joined_canary(declared.canary, bound.canary),
            vpc=bound.vpc or declared.vpc,
            vpc_endpoint=bound.vpc_endpoint or declared.vpc_endpoint,
            client_certificate=bound.client_certificate or declared.client_certificate,
        )
    return tuple(stages.values()) or (DEFAULT_STAGE,)


def _deployment(api: ApiDefinition, stage: StageSettings, bindings: Bindings) -> Deployment:
    covering = {f"{api.name}:{stage.name}", f"{api.slug}:{stage.name}"}
    declared = tuple(plan for plan in api.plans if not plan.stages or stage.name in plan.stages)
    bound = tuple(bound.plan for bound in bindings.plans.values() if covering & set(bound.stages))
    plans = tuple(_with_bound_keys(plan, bindings) for plan in declared) + bound
    keys = api.keys + tuple(key for bound_key in bindings.keys.values() for key in _keys_for(bound_key, api))
    identity = hashlib.sha256(msgspec.json.encode((api, stage, plans))).hexdigest()[:10]
    return Deployment(
        id=identity,
        api=api,
        stage=stage,
        keys=keys,
        plans=plans,
        account_throttle=bindings.account_throttle,
        identities=tuple(bindings.identities.values()),
        issuers=tuple(bindings.issuers.values()),
        tracing=bindings.tracing,
    )


def _with_bound_keys(plan: UsagePlan, bindings: Bindings) -> UsagePlan:
    bound = tuple(key.name for key in bindings.keys.values() if key.product and key.product in (plan.id, plan.name))
    return msgspec.structs.replace(plan, keys=plan.keys + bound)


def _keys_for(bound: BoundKey, api: ApiDefinition) -> list[ApiKey]:
    """Give what a bound key is for an API: one of a product where that is the API's; any key where none is declared.

    Where keys are declared, those that bindings give values to are found by name as the definition is read.
    """
    if bound.product:
        if not any(bound.product in (plan.id, plan.name) for plan in api.plans):
            return []
    elif api.keys:
        return []
    values = [value for value in (bound.value, bound.secondary) if value]
    return [
        ApiKey(id=bound.name, name=bound.name, digest=hashlib.sha256(value.encode()).digest(), enabled=bound.enabled)
        for value in values
    ]


def _check_names(definitions: tuple[ApiDefinition, ...], bindings: Bindings) -> list[Finding]:
    """Report APIs that the bindings name and no definition has."""
    names = [name for api in definitions for name in (api.name, api.slug)]
    place = Place(file=str(definitions[0].place.file)) if definitions else Place(file="inferway.toml")
    named = [(name, "[apis]") for name in bindings.stages]
    named += [
        (stage.partition(":")[0], f"usage plan {plan!r}")
        for plan, bound in bindings.plans.items()
        for stage in bound.stages
    ]
    return [
        Finding(
            severity=Severity.WARNING,
            code="unknown-api",
            text=f"{where} in the bindings names the API {name!r}{nearest(name, names)}",
            place=place,
        )
        for name, where in named
        if name not in names
    ]


def _check_plans(made: list[Deployment], bindings: Bindings, place: Place) -> list[Finding]:
    """Report a plan for a stage that its API does not have: without this its limits would silently not hold."""
    stages: dict[str, list[str]] = {}
    for deployment in made:
        for name in {deployment.api.name, deployment.api.slug}:
            stages.setdefault(name, []).append(deployment.stage.name)
    findings = []
    for plan, bound in bindings.plans.items():
        for covered in bound.stages:
            api, _, stage = covered.partition(":")
            if api in stages and stage not in stages[api]:
                text = f"usage plan {plan!r} covers the stage {stage!r} of {api!r}{nearest(stage, stages[api])}"
                findings.append(Finding(severity=Severity.ERROR, code="unknown-stage", text=text, place=place))
    return findings


def _check_stages(api: ApiDefinition, stages: tuple[StageSettings, ...], bindings: Bindings) -> list[Finding]:
    findings: list[Finding] = []

    def say(severity: Severity, code: str, text: str, place: Place) -> None:
        findings.append(Finding(severity=severity, code=code, text=text, place=place))

    labels = [f"{route.path}/{route.method}" for route in api.routes]
    declared = [stage.name for stage in api.stages]
    for stage in stages:
        if declared and stage.name not in declared:
            text = f"the stage {stage.name!r} stands in the bindings only; the definition has {', '.join(declared)}"
            say(Severity.NOTE, "bound-stage", text, api.place)
        for label in stage.routes:
            if label not in labels and label != "*/*":
                text = f"stage {stage.name!r} sets the route {label!r}{nearest(label, labels)}"
                say(Severity.WARNING, "unknown-route", text, api.place)
        deployment = _deployment(api, stage, bindings)
        signed = next((route for route in api.routes if _asks_for_signature(route)), None)
        if signed is not None and not deployment.identities:
            text = "signatures are required and no identity is bound: every call is refused; add [identities.NAME]"
            say(Severity.WARNING, "no-identities", f"{text} with an access_key and a secret_key", signed.place)
        keyed = next((route for route in api.routes if route.api_key_required), None)
        if keyed is not None and not deployment.keys:
            text = "API keys are required and none is bound: every call is refused; add [keys] to inferway.toml"
            say(Severity.WARNING, "no-keys", text, keyed.place)
        elif keyed is not None and not deployment.plans and api.base is None:
            text = (
                f"no usage plan covers {api.slug}:{stage.name}; the service would refuse every key, here each bound "
                "key is accepted without limits"
            )
            say(Severity.NOTE, "no-usage-plan", text, keyed.place)
    return findings


def _asks_for_signature(route: Route) -> bool:
    return any(isinstance(step, steps.RequireSignature) for step in route.pipeline.request)


def unbound(api: ApiDefinition, stage: StageSettings, link: Link, bindings: Bindings) -> Findings:
    """Report endpoints, functions and tables that routes call and nothing binds; calling them is a fault."""
    found = {
        finding: None
        for route in api.routes
        for target in _targets(route.pipeline)
        for finding in _unbound(target, stage, link, bindings)
    }
    return tuple(found)


def _unbound(target: Target, stage: StageSettings, link: Link, bindings: Bindings) -> Iterator[Finding]:
    if isinstance(target, SageMakerEndpoint):
        noun, table, names = "endpoint", "endpoints", list(bindings.endpoints)
    elif isinstance(target, LambdaFunction):
        noun, table, names = "function", "functions", list(bindings.functions)
    elif isinstance(target, Table):
        noun, table, names = "table", "tables", list(bindings.tables)
    else:
        return
    missing = link.missing(target.name)
    if missing:
        text = f"{noun} {target.name!r} needs the variable {missing[0]!r}, which stage {stage.name!r} has not"
        yield Finding(severity=Severity.WARNING, code="unset-stage-variable", text=text, place=target.place)
        return
    name = link.substitute(target.name)
    if noun == "function":
        name, names = function_name_of(name), [function_name_of(bound) for bound in names]
    is_bound = name in names
    if is_bound or PARAMETER.search(name):
        return
    key = name if re.fullmatch(r"[A-Za-z0-9_-]+", name) else f'"{name}"'
    what = {"endpoint": "a url or serve", "function": "a path and a handler, or a url", "table": "a partition_key"}[
        noun
    ]
    text = f"{noun} {name!r} is not bound{nearest(name, names)}; add [{table}.{key}] with {what} to inferway.toml"
    yield Finding(severity=Severity.WARNING, code=f"unbound-{noun}", text=text, place=target.place)


def _targets(pipeline: steps.Pipeline) -> list[Target]:
    return [step.target for step in every_step(pipeline) if isinstance(step, steps.Invoke | InvokeAuthorizer)]


def mount(deployment: Deployment, link: Link, rooms: Rooms) -> Mounted:
    """Compile a deployment. Raises ValueError, with its place, for an expression that cannot be compiled."""
    dialect = concrete.dialect(deployment.api.dialect)
    scope = dialect.scope(deployment)
    faults, finish = dialect.faults(deployment, scope), dialect.finish(deployment)

    def connect(target: Target, timeout: float) -> Backend:
        return concrete.connect(target, link, timeout)

    timed = dialect.timed(deployment)
    if deployment.tracing is not None:
        names = {"inferway.api": deployment.api.name, "inferway.stage": deployment.stage.name}
        finish, timed = finishing(finish, deployment.tracing, names), EVERY_STEP

    def parts_of(route: Route, cache: ResponseCache) -> Parts:
        parts = Parts(
            deployment=deployment,
            route=route,
            scope=scope,
            counters=rooms.counters,
            cache=cache,
            connect=connect,
            key_sets=rooms.key_sets,
            compile_steps=compile_steps,
            compile_pipeline=compile_pipeline,
        )
        return timed_parts(parts, timed)

    routes = {
        f"{route.method} {route.path}": CompiledRoute(parts_of(route, rooms.cache), faults, finish)
        for route in deployment.api.routes
    }

    def watched(label: str, edits: Mapping[str, str]) -> CompiledRoute:
        route = next(route for route in deployment.api.routes if f"{route.method} {route.path}" == label)
        route = msgspec.structs.replace(route, pipeline=edited(route.pipeline, edits))
        cache = MemoryCache() if edits else rooms.cache  # what an edit makes is for nobody else to see
        return CompiledRoute(traced_parts(parts_of(route, cache)), faults, finish)

    front = (*_certificates(deployment.api), *deployment.stage.front)
    anywhere = Route(method="ANY", path="/{proxy+}", pipeline=steps.Pipeline(), place=deployment.api.place)

    def watched_front() -> CompiledFront:
        return CompiledFront(front, traced_parts(parts_of(anywhere, rooms.cache)))

    return Mounted(
        deployment=deployment,
        routes=tuple(routes.values()),
        faults=faults,
        finish=finish,
        watched=watched,
        front=CompiledFront(front, parts_of(anywhere, rooms.cache)) if front else None,
        watched_front=watched_front if front else None,
        methods=dialect.methods,
    )


def _certificates(api: ApiDefinition) -> tuple[Step, ...]:
    """Give the step that asks for certificates, where a domain of the API does."""
    domains = tuple(dict.fromkeys(host.name for host in api.hosts if host.truststore))
    return (RequireCertificate(domains=domains),) if domains else ()


def link_for(
    deployment: Deployment, bindings: Bindings, homes: Homes, client: HttpClient, identity: Identity | None = None
) -> Link:
    """Give what the deployment's backends are connected with."""
    return Link(
        client=client,
        endpoints=homes.endpoints,
        urls=_urls(bindings, homes),
        variables=deployment.stage.variables,
        bound=frozenset(bindings.endpoints),
        managed=frozenset(name for name, endpoint in bindings.endpoints.items() if not endpoint.is_plain),
        functions=homes.functions,
        identity=identity,
        event_streams=bindings.event_streams,
        certificate=certificate_file(deployment.stage, bindings),
    )


def _urls(bindings: Bindings, homes: Homes) -> dict[str, str]:
    """Give bound URLs with those of endpoints put in; an endpoint that is not up has one where nothing listens."""
    urls = {}
    for url, target in bindings.urls.items():
        kind, _, place = target.partition(":")
        name, slash, path = place.partition("/")
        urls[url] = homes.url(name, _NOWHERE).rstrip("/") + slash + path if kind == "endpoint" else target
    return urls
