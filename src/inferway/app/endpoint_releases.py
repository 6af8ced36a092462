"""Canary releases of endpoints: a variant on trial, counted beside the others, and then all of the calls or none."""

import hashlib
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Final

import msgspec

from inferway.app.releases import Outcomes, Seen
from inferway.definition.bindings import Bindings
from inferway.definition.endpoints import BoundEndpoint
from inferway.rollout.board import Release
from inferway.rollout.judge import Outcome
from inferway.rollout.tally import Tally

if TYPE_CHECKING:
    from inferway.backends.endpoints.endpoint import Endpoint

_PREFIX: Final = "endpoint:"


def endpoint_releases(bindings: Bindings) -> list[Release]:
    """Give the releases of endpoints, as `endpoint:NAME`; one whose variants change is another one."""
    return [
        Release(name=f"{_PREFIX}{each.name}", id=_id(each), percent=_share(each), rule=each.canary.rule)
        for each in bindings.endpoints.values()
        if each.canary is not None
    ]


def _id(endpoint: BoundEndpoint) -> str:
    trial = endpoint.canary.variant if endpoint.canary is not None else ""
    variants = [msgspec.structs.replace(each, weight=0.0) for each in endpoint.variants.values()]
    return hashlib.sha256(msgspec.json.encode((trial, variants), order="sorted")).hexdigest()[:10]


def _share(endpoint: BoundEndpoint) -> float:
    weights = {name: each.weight for name, each in endpoint.variants.items()}
    total = sum(weights.values())
    trial = endpoint.canary.variant if endpoint.canary is not None else ""
    return round(100 * weights.get(trial, 0.0) / total, 1) if total else 0.0


class EndpointReleases:
    """The endpoints of this process that have a variant on trial: what was seen of them since the last time."""

    def __init__(self) -> None:
        self._endpoints: dict[str, tuple[Endpoint, str]] = {}
        self._told: dict[str, Seen] = {}

    def serve(self, endpoints: Iterable["Endpoint"], bindings: Bindings, outcomes: Outcomes) -> None:
        """Take on the endpoints as they are now, with the weights that the outcomes of their releases ask for."""
        known = {each.settings.name: each for each in endpoints}
        self._endpoints = {}
        for release in endpoint_releases(bindings):
            name = release.name.removeprefix(_PREFIX)
            bound, endpoint = bindings.endpoints[name], known.get(name)
            if endpoint is None or bound.canary is None or bound.canary.variant not in endpoint.weights:
                continue
            self._endpoints[release.name] = (endpoint, bound.canary.variant)
            outcome = outcomes.get(f"{release.name}@{release.id}")
            endpoint.set_weights(_weights(bound, endpoint.weights, outcome))

    def taken(self) -> dict[str, Seen]:
        """Give what was seen since the last time, by the releases' names."""
        counts = {}
        for name, (endpoint, trial) in self._endpoints.items():
            stage = Tally()
            for variant, each in endpoint.variants.items():
                if variant != trial:
                    stage.merge(each.counts.since(0))
            now = Seen(stage=stage, canary=_copy(endpoint.variants[trial].counts.since(0)))
            before = self._told.get(name)
            self._told[name] = now
            if before is None or before.canary.requests > now.canary.requests:  # begun, or begun anew
                before = Seen(stage=Tally(), canary=Tally())
            counts[name] = Seen(stage=_less(now.stage, before.stage), canary=_less(now.canary, before.canary))
        return counts


def _weights(bound: BoundEndpoint, current: Mapping[str, float], outcome: Outcome | None) -> dict[str, float]:
    """Give the weights that variants have: those of the bindings while a release is under way."""
    given = {name: bound.variants[name].weight for name in current if name in bound.variants}
    trial = bound.canary.variant if bound.canary is not None else ""
    if outcome is Outcome.PROMOTED:
        return {name: (max(1.0, given[name]) if name == trial else 0.0) for name in given}
    if outcome is Outcome.ROLLED_BACK:
        return {name: (0.0 if name == trial else weight) for name, weight in given.items()}
    return given


def _copy(tally: Tally) -> Tally:
    return Tally(requests=tally.requests, errors=tally.errors, buckets=dict(tally.buckets))


def _less(now: Tally, before: Tally) -> Tally:
    buckets = {bucket: count - before.buckets.get(bucket, 0) for bucket, count in now.buckets.items()}
    return Tally(
        requests=now.requests - before.requests,
        errors=now.errors - before.errors,
        buckets={bucket: count for bucket, count in buckets.items() if count},
    )
