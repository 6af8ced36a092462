"""Canary releases of a running gateway: what is served of each, and who counts, judges and decides.

One process has the board; where workers serve, that is their parent, to whom they tell once a second what they have
seen, and who tells them how each release has ended.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any, Final, Protocol

import msgspec

from inferway.definition.deployment import Deployment, Part
from inferway.gateway.core import Mounted, Split
from inferway.rollout.board import Board, Entry, Release
from inferway.rollout.journal import Decision, Journal
from inferway.rollout.judge import Outcome
from inferway.rollout.tally import Tally

INTERVAL: Final = 1.0
"""Seconds between two judgements."""

Outcomes = Mapping[str, Outcome]
"""How releases ended, by `NAME@ID`."""


class Seen(msgspec.Struct, kw_only=True):
    """What both sides of a release have been seen to do."""

    stage: Tally
    canary: Tally


def name_of(deployment: Deployment) -> str:
    """Give what a deployment's release is called: `API:STAGE`."""
    return f"{deployment.api.slug}:{deployment.stage.name}"


def releases_of(deployments: tuple[Deployment, ...]) -> list[Release]:
    """Give the canary releases of some deployments."""
    return [
        Release(name=name_of(each), id=each.canary.id, percent=settings.percent, rule=settings.rule)
        for each in deployments
        if each.canary is not None and (settings := each.stage.canary) is not None
    ]


def settled(deployment: Deployment, outcomes: Outcomes) -> Deployment:
    """Give what is served of a deployment when its release has ended: the canary's revision, or the stage's alone."""
    canary = deployment.canary
    outcome = outcomes.get(f"{name_of(deployment)}@{canary.id}") if canary is not None else None
    if canary is None or outcome is None:
        return deployment
    if outcome is Outcome.PROMOTED:
        return msgspec.structs.replace(canary, part=Part.WHOLE, shares_cache=True)
    return msgspec.structs.replace(deployment, part=Part.WHOLE, canary=None)


def put_canary(stage: Mounted, canary: Mounted, percent: float) -> Seen:
    """Have a mounted canary take its share of a mounted stage's requests; gives what counts both from now on."""
    stage.tally, canary.tally = Tally(), Tally()
    stage.canary = Split(canary, percent)
    return Seen(stage=stage.tally, canary=canary.tally)


class Releases(Protocol):
    """Whoever has the board, for an application that serves releases."""

    def begin(self, releases: list[Release], journal: Path | None, redeploy: Callable[[], None]) -> Outcomes:
        """Watch these releases; give how those ended that have. `redeploy` is called whenever one ends."""
        ...

    def seen(self, counts: dict[str, Seen]) -> None:
        """Take what was seen since the last time, by the releases' names."""
        ...

    def shown(self) -> list[dict[str, object]]:
        """Give what there is to know of every release."""
        ...

    def decide(self, name: str, outcome: Outcome, reason: str) -> str:
        """End a release as an operator asks; gives what stands in the way, "" where nothing does."""
        ...


class OwnReleases:
    """The board of one node, in this process."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self._say = say
        self._file: Path | None = None
        self._board = _board(None)
        self._redeploy: Callable[[], None] = _nothing

    def begin(self, releases: list[Release], journal: Path | None, redeploy: Callable[[], None]) -> Outcomes:
        """Watch these releases. A journal that cannot be read is as empty as one that is not there."""
        self._redeploy = redeploy
        if journal != self._file:
            self._file = journal
            try:
                self._board = _board(journal)
            except OSError as error:
                self._say(f"what was decided about canary releases cannot be read: {error}")
                self._board = _board(None)
        self._board.enter(releases)
        return self.outcomes()

    def outcomes(self) -> dict[str, Outcome]:
        """Give how releases ended."""
        decisions = {f"{each.name}@{each.release}": each.outcome for each in self._board.journal.decisions}
        return {key: outcome for key, outcome in decisions.items() if outcome is not Outcome.RESTARTED}

    def seen(self, counts: dict[str, Seen]) -> None:
        """Count, then judge."""
        for name, each in counts.items():
            entry = self._board.entries.get(name)
            if entry is not None:
                entry.stage.merge(each.stage)
                entry.canary.merge(each.canary)
        decisions = self._board.judge()
        for decision in decisions:
            self._announce(decision)
        if decisions:
            self._redeploy()

    def shown(self) -> list[dict[str, object]]:
        """Give releases under way, then decisions, the latest first."""
        under_way = [_entry_shown(entry, self._board.seconds(entry)) for entry in self._board.entries.values()]
        return under_way + [_decision_shown(each) for each in reversed(self._board.journal.decisions)]

    def decide(self, name: str, outcome: Outcome, reason: str) -> str:
        """End a release."""
        if not self._board.can_decide(name, outcome):
            there = ", ".join(self._board.entries) or "none"
            how = "has ended" if outcome is Outcome.RESTARTED else "is under way"
            return f"no canary release of {name!r} {how}; under way are: {there}"
        self._announce(self._board.decide(name, outcome, reason))
        self._redeploy()
        return self._board.journal.problem and f"decided, but not kept: {self._board.journal.problem}"

    def _announce(self, decision: Decision) -> None:
        reason = f": {decision.reason}" if decision.reason else ""
        self._say(f"canary {decision.name} is {decision.outcome} by {decision.by}{reason}")
        if self._board.journal.problem:
            self._say(f"this decision could not be kept: {self._board.journal.problem}")


def _board(journal: Path | None) -> Board:
    return Board(Journal(journal), clock=time.monotonic, now=time.time)


def _nothing() -> None:
    pass


def _entry_shown(entry: Entry, seconds: float) -> dict[str, object]:
    return {
        "name": entry.release.name,
        "release": entry.release.id,
        "state": "under way",
        "percent": entry.release.percent,
        "seconds": round(seconds, 1),
        "rule": msgspec.to_builtins(entry.release.rule),
        "stage": _tally_shown(entry.stage, entry.release),
        "canary": _tally_shown(entry.canary, entry.release),
    }


def _tally_shown(tally: Tally, release: Release) -> dict[str, object]:
    percentile = release.rule.percentile if release.rule is not None else 99.0
    return {
        "requests": tally.requests,
        "errors": tally.errors,
        "percentile": percentile,
        "latency": round(tally.percentile(percentile), 1),
    }


def _decision_shown(decision: Decision) -> dict[str, object]:
    shown: dict[str, object] = msgspec.to_builtins(decision)
    return {"state": shown.pop("outcome"), **shown}


class WorkerReleases:
    """A worker's view of the board that its parent has; `tell` takes a topic and its value to the parent."""

    def __init__(self, tell: Callable[[str, Any], Awaitable[Any]]) -> None:
        self._tell = tell
        self._outcomes: dict[str, Outcome] = {}
        self._redeploy: Callable[[], None] = _nothing
        self._shown: list[dict[str, object]] = []
        self._telling: set[asyncio.Future[Any]] = set()

    def begin(self, releases: list[Release], journal: Path | None, redeploy: Callable[[], None]) -> Outcomes:  # noqa: ARG002 - the protocol's form
        """Give what the parent has told."""
        self._redeploy = redeploy
        return self._outcomes

    def seen(self, counts: dict[str, Seen]) -> None:
        """Tell the parent."""
        self._say("counts", msgspec.to_builtins(counts))

    def shown(self) -> list[dict[str, object]]:
        """Give what the parent told last."""
        return self._shown

    def decide(self, name: str, outcome: Outcome, reason: str) -> str:
        """Hand it to the parent."""
        under_way = any(each["name"] == name and each["state"] == "under way" for each in self._shown)
        if under_way is (outcome is Outcome.RESTARTED):
            return f"no canary release of {name!r} {'has ended' if under_way else 'is under way'}"
        self._say("decide", [name, outcome.value, reason])
        return ""

    def told(self, outcomes: dict[str, str], shown: list[dict[str, object]]) -> None:
        """Take the state of the board; what ended since is served as it ended."""
        before, self._outcomes = self._outcomes, {key: Outcome(value) for key, value in outcomes.items()}
        self._shown = shown
        if before != self._outcomes:
            self._redeploy()

    def _say(self, topic: str, value: Any) -> None:
        task = asyncio.ensure_future(self._tell(topic, value))
        self._telling.add(task)
        task.add_done_callback(self._telling.discard)


async def keep_counting(
    counting: Callable[[], Mapping[str, Seen]], taken: Callable[[], Mapping[str, Seen]], releases: Releases
) -> None:
    """Hand on what was counted, once a second, for as long as there is a gateway.

    What `counting` gives goes on counting and is begun anew here; `taken` gives what came since the last time.
    """
    while True:
        await asyncio.sleep(INTERVAL)
        counts = {name: Seen(stage=_moved(each.stage), canary=_moved(each.canary)) for name, each in counting().items()}
        counts.update(taken())
        if counts:
            releases.seen(counts)


def _moved(tally: Tally) -> Tally:
    """Give what was counted, and begin anew."""
    moved = Tally(requests=tally.requests, errors=tally.errors, buckets=tally.buckets)
    tally.requests, tally.errors, tally.buckets = 0, 0, {}
    return moved
