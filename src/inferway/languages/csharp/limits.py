"""The limits of one expression: its source, and what an evaluation may use."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, kw_only=True, slots=True)
class Limits:
    """Bounds on one expression. Exceeding any of them is a CSharpError that no `catch` catches.

    API Management publishes no figures for these beyond "a policy expression has a limited execution time"
    (https://learn.microsoft.com/azure/api-management/api-management-policy-expressions); ours keep one evaluation from
    taking a node down.
    """

    source_characters: int = 262_144
    """Length of the source (a policy document of the service is at most 256 KiB)."""
    nesting: int = 100
    """Depth of the syntax tree's brackets, blocks and operators."""
    steps: int = 300_000
    """Loop iterations, calls of lambdas, elements that LINQ walks or compares, values of JSON, in one evaluation."""
    characters: int = 50_000_000
    """Characters of all the strings that one evaluation makes by `+`, interpolation and calls."""
    seconds: float = 1.0
    """Time of one evaluation, looked at every 256 steps: nothing else of its process runs meanwhile."""


STRING_CHARACTERS: Final = 10_000_000
"""Characters of one string made in an expression."""
COLLECTION_SIZE: Final = 1_000_000
"""Elements of one collection grown in an expression."""
JSON_DEPTH: Final = 64
"""Depth of a JSON document; Newtonsoft.Json's own default since 13.0."""
LAMBDA_DEPTH: Final = 60
"""Depth of lambdas that call one another."""
