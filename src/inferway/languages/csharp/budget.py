"""What one evaluation has left: steps, characters, time."""

from __future__ import annotations

import threading
from time import monotonic
from typing import Any, Final

from inferway.languages.csharp.errors import LimitError
from inferway.languages.csharp.limits import COLLECTION_SIZE, LAMBDA_DEPTH, STRING_CHARACTERS, Limits

_SLICE: Final = 256


class Budget:
    """Counts down what an evaluation may use. `slice` is what a loop decrements; at 0 it calls `refill`."""

    __slots__ = ("characters", "depth", "limits", "slice", "started", "steps")

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.steps = limits.steps - _SLICE
        self.slice = _SLICE
        self.characters = limits.characters
        self.started = 0.0
        self.depth = 0

    def refill(self) -> None:
        """Takes the next slice. Raises LimitError when there are no steps or no time left."""
        self.spend(_SLICE - self.slice)
        self.slice = _SLICE

    def spend(self, steps: int) -> None:
        """Takes steps at once. Raises LimitError when there are no steps or no time left."""
        self.steps -= steps
        if self.steps < 0:
            raise LimitError(f"The expression takes more than {self.limits.steps} steps")
        now = monotonic()
        if not self.started:
            self.started = now
        elif now - self.started > self.limits.seconds:
            raise LimitError(f"The expression takes longer than {self.limits.seconds:g} s")

    def enter(self) -> None:
        """A lambda is called. Raises LimitError when too many call one another."""
        self.depth += 1
        if self.depth > LAMBDA_DEPTH:
            raise LimitError(f"Lambdas call one another more than {LAMBDA_DEPTH} deep")
        self.slice -= 1
        if self.slice <= 0:
            self.refill()


class _Current(threading.local):
    def __init__(self) -> None:
        super().__init__()
        self.budget = Budget(Limits())
        self.universe: Any = None


CURRENT: Final = _Current()
"""The budget of the evaluation that this thread is in."""


def spend_steps(count: int) -> None:
    """Charges work of `count` elements. Raises LimitError."""
    if count > 16:
        CURRENT.budget.spend(count)


def made(text: str) -> str:
    """Charges a string that an expression made, and gives it back. Raises LimitError."""
    if len(text) > 256:
        reserve(len(text))
    return text


def reserve(characters: int) -> None:
    """Charges a string before it is made. Raises LimitError."""
    if characters > STRING_CHARACTERS:
        raise LimitError(f"A string would be longer than {STRING_CHARACTERS} characters")
    budget = CURRENT.budget
    budget.characters -= characters
    if budget.characters < 0:
        raise LimitError(f"The expression makes more than {budget.limits.characters} characters of text")


def room(size: int) -> None:
    """Checks the size of a collection. Raises LimitError."""
    if size > COLLECTION_SIZE:
        raise LimitError(f"A collection would have more than {COLLECTION_SIZE} elements")
