"""LimitByFixedWindow: at most so many calls per window of a fixed length, per key."""

from inferway.definition.guard_steps import LimitByFixedWindow
from inferway.faults import FaultKind
from inferway.gateway.stage import Parts, Stage
from inferway.gateway.stages.limit_by_sliding_window import Told, limit


def compile_stage(step: LimitByFixedWindow, parts: Parts) -> tuple[Stage, ...]:
    """Compile the key; steps with the same counter share its counts."""
    window = parts.counters.period_window(step.counter, step.calls, step.seconds, step.start)
    return (limit(step, parts, window, Told(kind=FaultKind.QUOTA_EXCEEDED, calls=step.calls)),)
