"""Scalar types whose values are checked on their way in and out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


class ScalarError(ValueError):
    """A value is none of the scalar's; the text says why."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Scalar:
    """How a scalar's values are read from variables and literals, and written into answers.

    Both functions take and give plain JSON values and raise ScalarError. Without `parse` graphql-core's own checks hold
    (for the built-in scalars; a custom one takes anything).
    """

    serialize: Callable[[Any], Any]
    parse: Callable[[Any], Any] | None = None
