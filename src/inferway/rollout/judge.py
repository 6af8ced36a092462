"""Judges a release by its rule."""

from enum import StrEnum

import msgspec

from inferway.definition.canary import RolloutRule
from inferway.rollout.tally import Tally


class Outcome(StrEnum):
    """How a release ended."""

    PROMOTED = "promoted"
    ROLLED_BACK = "rolled back"
    RESTARTED = "restarted"
    """It had ended, and goes on from the beginning."""


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """An outcome and why."""

    outcome: Outcome
    reason: str


def judge(rule: RolloutRule, seen: Tally, seconds: float) -> Verdict | None:
    """Judge what a release has been seen to do in some seconds; None where it is too early to say."""
    if seen.requests < rule.requests:
        return None
    broken = _broken(rule, seen)
    if broken:
        return Verdict(outcome=Outcome.ROLLED_BACK, reason=broken)
    if seconds < rule.bake:
        return None
    reason = f"{_seen(rule, seen)} after {seconds:.0f} s"
    return Verdict(outcome=Outcome.PROMOTED, reason=reason)


def _broken(rule: RolloutRule, seen: Tally) -> str:
    if rule.errors is not None and seen.error_rate > rule.errors:
        return f"{seen.errors} of {seen.requests} requests failed, {seen.error_rate:.1f} %: more than {rule.errors:g} %"
    if rule.latency is not None:
        reached = seen.percentile(rule.percentile)
        if reached > rule.latency:
            of = f"p{rule.percentile:g} of {seen.requests} requests"
            return f"{of} is {reached:.3g} ms: more than {rule.latency:g} ms"
    return ""


def _seen(rule: RolloutRule, seen: Tally) -> str:
    parts = [f"{seen.errors} of {seen.requests} requests failed"]
    if rule.latency is not None:
        parts.append(f"p{rule.percentile:g} is {seen.percentile(rule.percentile):.3g} ms")
    return ", ".join(parts)
