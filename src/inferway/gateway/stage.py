"""What a compiled step is, and what its compile function is given."""

from collections.abc import Awaitable, Callable
from typing import Protocol

import msgspec

from inferway.backends.backend import Backend
from inferway.credentials.tokens.key_sets import KeySets
from inferway.definition.api import Route
from inferway.definition.deployment import Deployment
from inferway.definition.steps import Pipeline, Step
from inferway.definition.targets import Target
from inferway.dialects.dialect import Scope
from inferway.exchange import Exchange, Response, Result
from inferway.faults import Fault
from inferway.stores.protocols import Counters, ResponseCache

Outcome = Response | Fault | Result | None
"""None: go on with the next stage. Anything else ends the pipeline."""

Stage = Callable[[Exchange], Outcome | Awaitable[Outcome]]
"""A compiled step. It answers at once where it can, and is awaited only where it gives an awaitable."""

SETTLED = frozenset((Response, Fault, Result))
"""The types of an outcome that is there already."""


class Connect(Protocol):
    """Connects a target at deployment; `timeout` in seconds covers a whole call."""

    def __call__(self, target: Target, timeout: float) -> Backend:
        """Give the backend of a target; one that faults on every call where the target cannot be reached."""
        ...


class Parts(msgspec.Struct, frozen=True, kw_only=True):
    """What compile functions work with: one deployment's settings and the rooms below."""

    deployment: Deployment
    route: Route
    scope: Scope
    counters: Counters
    cache: ResponseCache
    connect: Connect
    key_sets: KeySets = KeySets()
    compile_steps: Callable[[tuple[Step, ...], "Parts"], tuple[Stage, ...]]
    compile_pipeline: Callable[[Pipeline, "Parts"], "NestedPipeline"]


class NestedPipeline(Protocol):
    """A compiled pipeline that runs inside another one."""

    def __call__(self, exchange: Exchange) -> Awaitable[Outcome]:
        """Run it on an exchange whose frame is its own."""
        ...


async def run(stages: tuple[Stage, ...], exchange: Exchange) -> Outcome:
    """Run stages in order until one ends the pipeline."""
    for stage in stages:
        outcome = stage(exchange)
        if outcome is None:
            continue
        if type(outcome) not in SETTLED:
            outcome = await outcome  # type: ignore[misc]  # SETTLED tells mypy nothing
        if outcome is not None:
            return outcome  # type: ignore[return-value]  # as above
    return None
