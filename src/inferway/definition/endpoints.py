"""What an endpoint is: production variants by weight, shadows, inference components, and what is kept of its calls."""

from collections.abc import Iterator
from typing import Final

import msgspec

from inferway.definition.balancing import (
    Balancing,
    CircuitBreaker,
    HealthCheck,
    OutlierEjection,
    Queue,
    Retries,
    Routing,
)
from inferway.definition.canary import VariantCanary
from inferway.faults import Place

ONLY_VARIANT: Final = "AllTraffic"
"""The name that the service's own console and SDK give an endpoint's only variant."""


def shadow_sampling(shadow: float, production: float) -> float:
    """Give the percentage of calls that a shadow gets: its weight's share of the production variant's."""
    return min(100.0, 100 * shadow / production) if production > 0 else 0.0


class Instances(msgspec.Struct, frozen=True, kw_only=True):
    """Who answers: URLs that answer `POST /invocations`, or a model folder to serve here, in `replicas` processes."""

    url: str = ""
    urls: tuple[str, ...] = ()
    serve: str = ""
    replicas: int = 1
    environment: dict[str, str] = {}

    def __post_init__(self) -> None:
        """Refuse what could not be called."""
        if not 1 <= self.replicas <= 64:
            raise ValueError("replicas is 1 to 64")

    @property
    def known_urls(self) -> tuple[str, ...]:
        """The URLs that are given."""
        return (self.url, *self.urls) if self.url else self.urls

    @property
    def has_one_home(self) -> bool:
        """Say whether exactly one of url, urls and serve is given."""
        return sum((bool(self.url), bool(self.urls), bool(self.serve))) == 1


class BoundModel(Instances, frozen=True, kw_only=True):
    """Where a model lives that a definition declares, and that variants of its endpoint configurations name."""

    name: str


class BoundVariant(Instances, frozen=True, kw_only=True):
    """A production variant and its share of the calls: its weight over the sum of all.

    `model` is what a definition says it serves, by the name of a BoundModel.
    """

    name: str
    weight: float = 1.0
    model: str = ""

    def __post_init__(self) -> None:
        """Refuse a share that is none."""
        super().__post_init__()
        if not 0 <= self.weight <= 1e9:
            raise ValueError(f"the weight of variant {self.name!r} is 0 or more")


class BoundShadow(Instances, frozen=True, kw_only=True):
    """A shadow variant: `sampling` percent of the calls are mirrored to it, `at_once` at a time and no more."""

    name: str
    sampling: float = 100.0
    at_once: int = 16
    model: str = ""

    def __post_init__(self) -> None:
        """Refuse numbers that mean nothing."""
        super().__post_init__()
        if not 0 <= self.sampling <= 100 or not 1 <= self.at_once <= 1000:
            raise ValueError(f"shadow {self.name!r}: sampling is 0 to 100 percent, at_once 1 to 1000 calls")


class BoundComponent(Instances, frozen=True, kw_only=True):
    """An inference component, or a model of a multi-model endpoint: calls that name it in a header go to its instances.

    The model `*` stands for all that are not named.
    """

    name: str


class Capture(msgspec.Struct, frozen=True, kw_only=True):
    """Data capture (SageMaker API reference, `DataCaptureConfig`): `sampling` percent of the calls, kept in files.

    `destination` is an S3 URI that the bindings' storage maps to a folder, or a folder. Bodies of the content types in
    `json` and `csv` are kept as texts, others in base64.
    """

    destination: str
    sampling: float = 100.0
    input: bool = True
    output: bool = True
    json: tuple[str, ...] = ()
    csv: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse a sampling that is none."""
        if not 0 <= self.sampling <= 100:
            raise ValueError("the sampling of a capture is 0 to 100 percent")


class AsyncInference(msgspec.Struct, frozen=True, kw_only=True):
    """Asynchronous calls (`AsyncInferenceConfig`): S3 URIs or folders below which results and failures are put.

    `concurrency` calls run at a time for each instance; `waiting` more are kept.
    """

    output: str
    failure: str = ""
    concurrency: int = 4
    waiting: int = 1000

    def __post_init__(self) -> None:
        """Refuse numbers that mean nothing."""
        if not 1 <= self.concurrency <= 1000 or not 1 <= self.waiting <= 100_000:
            raise ValueError("concurrency is 1 to 1000 calls for each instance, waiting 1 to 100000")


class BoundEndpoint(Instances, frozen=True, kw_only=True):
    """A model endpoint: one place that answers for it, or variants, or inference components; and what is done besides.

    What is None is not done. `protocol` is what its instances speak, "" for SageMaker's own; some need the name of the
    `model`, with its `version` and the `tensor` that rows become, "" for the server's choice.
    """

    name: str
    variants: dict[str, BoundVariant] = {}
    shadows: dict[str, BoundShadow] = {}
    components: dict[str, BoundComponent] = {}
    models: dict[str, BoundComponent] = {}
    routing: Routing = Routing.RANDOM
    health: HealthCheck | None = None
    ejection: OutlierEjection | None = None
    breaker: CircuitBreaker | None = None
    retry: Retries | None = None
    queue: Queue | None = None
    capture: Capture | None = None
    asynchronous: AsyncInference | None = None
    protocol: str = ""
    model: str = ""
    version: str = ""
    tensor: str = ""
    canary: VariantCanary | None = None

    def __post_init__(self) -> None:
        """Refuse an endpoint that nobody answers for, or two do."""
        super().__post_init__()
        homes = (self.url, self.urls, self.serve, self.variants, self.components, self.models)
        if sum(map(bool, homes)) != 1:
            raise ValueError(
                f"endpoint {self.name!r} needs either url or serve, or instead urls, variants, components or models"
            )

    @property
    def balancing(self) -> Balancing:
        """How its calls are spread."""
        return Balancing(
            routing=self.routing,
            health=self.health,
            ejection=self.ejection,
            breaker=self.breaker,
            retry=self.retry,
            queue=self.queue,
        )

    @property
    def is_plain(self) -> bool:
        """Say whether it is one URL or one folder and nothing besides, so that calls go straight there."""
        more = self.shadows or self.capture or self.asynchronous or self.protocol
        return bool(self.url or self.serve) and not more and self.balancing == Balancing()

    def slots(self) -> Iterator[tuple[str, Instances]]:
        """Give all that answers for a part of it, each by a key: "", or `variants/NAME` and the like."""
        if self.has_one_home:
            yield "", self
        for kind in ("variants", "shadows", "components", "models"):
            for name, part in getattr(self, kind).items():
                yield f"{kind}/{name}", part

    @property
    def folders(self) -> tuple[str, ...]:
        """The model folders that are served here for it."""
        return tuple(part.serve for _, part in self.slots() if part.serve)


class DeclaredEndpoint(msgspec.Struct, frozen=True, kw_only=True):
    """An endpoint as a definition declares it: variants and shadows by the models that they name, not by places."""

    name: str
    variants: tuple[BoundVariant, ...] = ()
    shadows: tuple[BoundShadow, ...] = ()
    routing: Routing = Routing.RANDOM
    capture: Capture | None = None
    asynchronous: AsyncInference | None = None
    place: Place


class ServedVariant(msgspec.Struct, frozen=True, kw_only=True):
    """A production variant that is up, an inference component, or a model of a multi-model endpoint."""

    name: str
    urls: tuple[str, ...]
    weight: float = 1.0
    balancing: Balancing = Balancing()


class ServedShadow(msgspec.Struct, frozen=True, kw_only=True):
    """A shadow variant that is up."""

    name: str
    urls: tuple[str, ...]
    sampling: float = 100.0
    at_once: int = 16


class ServedEndpoint(msgspec.Struct, frozen=True, kw_only=True):
    """An endpoint with where each of its parts is; `protocol` is what its instances speak, "" for their own."""

    name: str
    variants: tuple[ServedVariant, ...] = ()
    shadows: tuple[ServedShadow, ...] = ()
    components: tuple[ServedVariant, ...] = ()
    models: tuple[ServedVariant, ...] = ()
    capture: Capture | None = None
    asynchronous: AsyncInference | None = None
    protocol: str = ""
    model: str = ""
    version: str = ""
    tensor: str = ""
