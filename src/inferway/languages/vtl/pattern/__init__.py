"""Java regular expressions, within bounded time."""

from __future__ import annotations

from inferway.languages.vtl.pattern.matching import Matching, matching

__all__ = ["Matching", "matching"]
