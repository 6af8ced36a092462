"""The releases that are under way, with what was seen of each, until they end."""

from collections.abc import Callable, Iterable

import msgspec

from inferway.definition.canary import RolloutRule
from inferway.rollout.journal import Decision, Journal
from inferway.rollout.judge import Outcome, Verdict, judge
from inferway.rollout.tally import Tally

_P99 = 99.0


class Release(msgspec.Struct, frozen=True, kw_only=True):
    """A release by the `name` of what it is for (`API:STAGE`) and the `id` of its revision, and the rule that ends it.

    `percent` is the share of requests that it takes.
    """

    name: str
    id: str
    percent: float
    rule: RolloutRule | None = None


class Entry(msgspec.Struct, kw_only=True):
    """A release, when it began (in the board's own time), and what was seen since of it and of what it is beside."""

    release: Release
    began: float
    stage: Tally
    canary: Tally


class Board:
    """All releases of one node. It counts, judges and decides; whoever serves them acts on its decisions."""

    def __init__(self, journal: Journal, *, clock: Callable[[], float], now: Callable[[], float]) -> None:
        """`clock` measures seconds that pass, `now` gives the Unix time for the journal."""
        self.journal = journal
        self._clock = clock
        self._now = now
        self.entries: dict[str, Entry] = {}
        self._ended: dict[str, Release] = {}

    def enter(self, releases: Iterable[Release]) -> None:
        """Watch these releases and no others; one that is watched already, and is the same, goes on."""
        entries: dict[str, Entry] = {}
        self._ended = {}
        for release in releases:
            if self.journal.outcome(release.name, release.id) is not None:
                self._ended[release.name] = release
                continue
            known = self.entries.get(release.name)
            if known is not None and known.release == release:
                entries[release.name] = known
            else:
                entries[release.name] = Entry(release=release, began=self._clock(), stage=Tally(), canary=Tally())
        self.entries = entries

    def seconds(self, entry: Entry) -> float:
        """Give how long a release has been under way."""
        return self._clock() - entry.began

    def judge(self) -> list[Decision]:
        """Decide what can be decided by rules, and give these decisions."""
        made = []
        for entry in list(self.entries.values()):
            rule = entry.release.rule
            verdict = judge(rule, entry.canary, self.seconds(entry)) if rule is not None else None
            if verdict is not None:
                made.append(self._decide(entry, verdict, "rule"))
        return made

    def decide(self, name: str, outcome: Outcome, reason: str = "") -> Decision:
        """End a release as an operator asks, or begin one anew that has ended.

        Raises KeyError where none of the name is under way, or has ended.
        """
        verdict = Verdict(outcome=outcome, reason=reason)
        if outcome is not Outcome.RESTARTED:
            return self._decide(self.entries[name], verdict, "operator")
        release = self._ended.pop(name)
        self.entries[name] = Entry(release=release, began=self._clock(), stage=Tally(), canary=Tally())
        decision = Decision(
            time=self._now(), name=name, release=release.id, outcome=outcome, by="operator", reason=reason
        )
        self.journal.write(decision)
        return decision

    def can_decide(self, name: str, outcome: Outcome) -> bool:
        """Say whether there is a release of the name that can be ended, or begun anew."""
        return name in (self._ended if outcome is Outcome.RESTARTED else self.entries)

    def _decide(self, entry: Entry, verdict: Verdict, by: str) -> Decision:
        seen = entry.canary
        decision = Decision(
            time=self._now(),
            name=entry.release.name,
            release=entry.release.id,
            outcome=verdict.outcome,
            by=by,
            reason=verdict.reason,
            requests=seen.requests,
            errors=seen.errors,
            latency=round(seen.percentile(_P99), 3),
        )
        del self.entries[entry.release.name]
        self.journal.write(decision)
        return decision
