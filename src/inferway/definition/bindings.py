"""Where each named cloud resource lives here: `inferway.toml`, as data."""

import msgspec

from inferway.definition.deployment import StageSettings, Throttle, UsagePlan


class BoundEndpoint(msgspec.Struct, frozen=True, kw_only=True):
    """A model endpoint: a URL that answers `/invocations`, or a model folder to serve here."""

    name: str
    url: str = ""
    serve: str = ""
    replicas: int = 1
    environment: dict[str, str] = {}

    def __post_init__(self) -> None:
        """Refuse an endpoint that has both a url and a folder to serve, or neither."""
        if bool(self.url) == bool(self.serve):
            raise ValueError(f"endpoint {self.name!r} needs either url or serve")


class BoundKey(msgspec.Struct, frozen=True, kw_only=True):
    """An API key's value under its name."""

    name: str
    value: str
    enabled: bool = True


class BoundPlan(msgspec.Struct, frozen=True, kw_only=True):
    """A usage plan and the stages it covers, each as `API:STAGE`."""

    plan: UsagePlan
    stages: tuple[str, ...]


class Bindings(msgspec.Struct, frozen=True, kw_only=True):
    """All bindings of one project; `stages` maps an API's name or slug to its stages."""

    endpoints: dict[str, BoundEndpoint] = {}
    urls: dict[str, str] = {}
    keys: dict[str, BoundKey] = {}
    stages: dict[str, tuple[StageSettings, ...]] = {}
    plans: dict[str, BoundPlan] = {}
    account_throttle: Throttle = Throttle(rate=10_000, burst=5_000)
