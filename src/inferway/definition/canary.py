"""A canary release: which share of a stage's requests another revision takes, and the rule that ends it."""

import msgspec


class RolloutRule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """When a release is promoted or rolled back by itself.

    `errors` is the largest share of its requests, in percent, that may end in a 5XX; `latency` the most milliseconds
    that they may take at `percentile`. Nothing is judged before `requests` of them. From then on a bound that does not
    hold rolls the release back at once; one whose bounds hold is promoted after `bake` seconds.
    """

    errors: float | None = None
    latency: float | None = None
    percentile: float = 99.0
    requests: int = 100
    bake: float = 300.0

    def __post_init__(self) -> None:
        """Refuse a rule that could not be judged."""
        if self.errors is None and self.latency is None:
            raise ValueError("a rule needs errors or latency")
        if self.errors is not None and not 0 <= self.errors < 100:
            raise ValueError("errors is a percentage from 0 to below 100")
        if self.latency is not None and not 0 < self.latency < 1e9:
            raise ValueError("latency is a number of milliseconds above 0")
        if not 0 < self.percentile <= 100:
            raise ValueError("percentile is above 0, to 100")
        if self.requests < 1 or not 0 <= self.bake <= 30 * 86_400:
            raise ValueError("requests is at least 1, bake 0 to 2592000 seconds")


class VariantCanary(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A variant of an endpoint that is on trial: after its rule it gets all of the calls, or none any more."""

    variant: str
    rule: RolloutRule


class Canary(msgspec.Struct, frozen=True, kw_only=True):
    """A stage's canary release as a definition or the bindings give it.

    It takes `percent` of the requests, with `variables` over the stage's own. `definition` is the path of its revision
    of the API, "" for the stage's own. With `use_stage_cache` it shares the stage's cache where both serve the same
    revision.
    """

    percent: float = 0.0
    variables: dict[str, str] = {}
    use_stage_cache: bool = False
    definition: str = ""
    rule: RolloutRule | None = None

    def __post_init__(self) -> None:
        """Refuse a share that is none."""
        if not 0 <= self.percent <= 100:
            raise ValueError("a canary's percent is 0 to 100")
