"""From what is bound and declared to the endpoints that are served, with the places that their parts have now."""

from collections.abc import Mapping

import msgspec

from inferway.definition.bindings import Bindings, Declared
from inferway.definition.endpoints import (
    ONLY_VARIANT,
    BoundEndpoint,
    BoundModel,
    BoundShadow,
    BoundVariant,
    DeclaredEndpoint,
    Instances,
    ServedEndpoint,
    ServedShadow,
    ServedVariant,
)
from inferway.faults import Finding, Findings, Severity

Urls = Mapping[str, tuple[str, ...]]
"""The URLs of an endpoint's parts, by their keys (BoundEndpoint.slots)."""


def served_endpoint(endpoint: BoundEndpoint, urls: Urls) -> ServedEndpoint:
    """Give an endpoint with its parts where they are; one that is not up has no URLs."""
    balancing = endpoint.balancing
    variants = tuple(
        ServedVariant(
            name=variant.name,
            urls=urls.get(f"variants/{variant.name}", ()),
            weight=variant.weight,
            balancing=balancing,
        )
        for variant in endpoint.variants.values()
    )
    if endpoint.has_one_home:
        variants = (ServedVariant(name=ONLY_VARIANT, urls=urls.get("", ()), balancing=balancing),)
    return ServedEndpoint(
        name=endpoint.name,
        variants=variants,
        shadows=tuple(
            ServedShadow(
                name=shadow.name,
                urls=urls.get(f"shadows/{shadow.name}", ()),
                sampling=shadow.sampling,
                at_once=shadow.at_once,
            )
            for shadow in endpoint.shadows.values()
        ),
        components=tuple(
            ServedVariant(name=each.name, urls=urls.get(f"components/{each.name}", ()), balancing=balancing)
            for each in endpoint.components.values()
        ),
        models=tuple(
            ServedVariant(name=each.name, urls=urls.get(f"models/{each.name}", ()), balancing=balancing)
            for each in endpoint.models.values()
        ),
        capture=endpoint.capture,
        asynchronous=endpoint.asynchronous,
        protocol=endpoint.protocol,
        model=endpoint.model,
        version=endpoint.version,
        tensor=endpoint.tensor,
    )


def with_declared_endpoints(bindings: Bindings, declared: Declared) -> tuple[Bindings, Findings]:
    """Put what definitions say of endpoints under what the bindings say, which comes first.

    A variant lives where the bindings say of it, else where they say of its model; a declared endpoint none of whose
    variants lives anywhere stays unbound, as one that is only named, and where they could live is told.
    """
    endpoints, findings = dict(bindings.endpoints), list[Finding]()
    for each in declared.endpoints:
        bound = endpoints.get(each.name)
        if bound is not None and bound.has_one_home and len(each.variants) > 1:
            continue  # one place answers for all
        made, missing = _joined(each, bound, bindings.models)
        if made is not None:
            endpoints[each.name] = made
        findings += missing
    return msgspec.structs.replace(bindings, endpoints=endpoints), tuple(findings)


def _joined(
    declared: DeclaredEndpoint, bound: BoundEndpoint | None, models: Mapping[str, BoundModel]
) -> tuple[BoundEndpoint | None, list[Finding]]:
    given = bound.variants if bound is not None else {}
    only = bound if bound is not None and bound.has_one_home else None
    variants: dict[str, BoundVariant] = {}
    missing: list[Finding] = []
    for variant in declared.variants:
        own = given.get(variant.name)
        home = own if own is not None and own.has_one_home else (only or models.get(variant.model))
        if home is None:
            missing.append(_homeless(declared, "variant", variant.name, variant.model))
            continue
        weight = own.weight if own is not None and own.weight != 1.0 else variant.weight
        variants[variant.name] = _moved(msgspec.structs.replace(variant, weight=weight), home)
    variants |= {name: one for name, one in given.items() if name not in variants and one.has_one_home}
    if not variants:
        return (bound, []) if bound is not None else (None, missing)
    shadows = dict(bound.shadows) if bound is not None else {}
    for shadow in declared.shadows:
        own_shadow = shadows.get(shadow.name)
        model = models.get(shadow.model)
        if own_shadow is not None and own_shadow.has_one_home:
            continue
        if model is None:
            missing.append(_homeless(declared, "shadow", shadow.name, shadow.model))
            shadows.pop(shadow.name, None)
        else:
            shadows[shadow.name] = _moved_shadow(shadow, model)
    base = bound if bound is not None else BoundEndpoint(name=declared.name, variants=variants)
    made = msgspec.structs.replace(
        base,
        url="",
        urls=(),
        serve="",
        variants=variants,
        shadows=shadows,
        routing=base.routing if bound is not None and bound.routing != declared.routing else declared.routing,
        capture=base.capture or declared.capture,
        asynchronous=base.asynchronous or declared.asynchronous,
    )
    return made, missing


def _moved(variant: BoundVariant, home: Instances) -> BoundVariant:
    return msgspec.structs.replace(
        variant,
        url=home.url,
        urls=home.urls,
        serve=home.serve,
        replicas=max(home.replicas, 1),
        environment=home.environment,
    )


def _moved_shadow(shadow: BoundShadow, home: Instances) -> BoundShadow:
    return msgspec.structs.replace(
        shadow, url=home.url, urls=home.urls, serve=home.serve, replicas=home.replicas, environment=home.environment
    )


def _homeless(declared: DeclaredEndpoint, kind: str, name: str, model: str) -> Finding:
    text = (
        f"{kind} {name!r} of endpoint {declared.name!r} is left out: nothing says where it lives; add [models.{model}] "
        f"or [endpoints.{declared.name}.{kind}s.{name}] with a url or serve to inferway.toml"
    )
    return Finding(severity=Severity.WARNING, code="unbound-variant", text=text, place=declared.place)
