"""Reads metrics out of a training script's output."""

import math
import re
import signal
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from types import FrameType
from typing import Final

from inferway.training.events import Measured
from inferway.training.plan import Metric

_PATIENCE: Final = 1.0  # seconds that one expression may search one line


class _TooSlowError(Exception):
    """An expression is still searching a line."""


def check_metric(metric: Metric) -> str:
    """Say what is wrong with a metric's expression, or nothing."""
    try:
        pattern = re.compile(metric.regex)
    except (re.error, RecursionError, OverflowError) as error:
        return f"not a regular expression: {error}"
    return "" if pattern.groups else "it has no group that could hold the value"


class Meter:
    """Applies every metric to each line and keeps the last value; belongs to the main thread, whose SIGALRM it uses.

    CPython's `re` looks for signals while it searches, so that an expression that would backtrack for years is given up
    and left out from then on.
    """

    def __init__(self, metrics: Sequence[Metric], patience: float = _PATIENCE) -> None:
        self._patterns = {metric.name: re.compile(metric.regex) for metric in metrics}
        self._patience = patience
        self.last: dict[str, Measured] = {}

    def read(self, line: str) -> Iterator[str]:
        """Note the values in a line; give a remark for each expression that was given up."""
        for name, pattern in list(self._patterns.items()):
            try:
                with _alarm(self._patience):
                    match = pattern.search(line)
            except _TooSlowError:
                del self._patterns[name]
                yield f"the metric {name} took longer than {self._patience:g} s over one line and is left out"
                continue
            value = _number(match.group(1)) if match else None
            if value is not None:
                self.last[name] = Measured(name=name, value=value, at=time.time())


@contextmanager
def _alarm(seconds: float) -> Iterator[None]:
    def ring(number: int, frame: FrameType | None) -> None:
        del number, frame
        raise _TooSlowError

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _number(text: str | None) -> float | None:
    try:
        value = float(text or "")
    except ValueError:
        return None
    return value if math.isfinite(value) else None
