"""Java's regular expressions in Python, with bounded time.

`compile_java` reads the syntax of java.util.regex.Pattern (JDK 17, https://docs.oracle.com/en/java/javase/17/docs/api/
java.base/java/util/regex/Pattern.html). It translates a pattern for Python's `re` and bounds its time (see `cost`);
where the bound is too large for the subject at hand, or `re` cannot run the pattern as Java does, a matcher that counts
its steps takes its place (see `matcher`).
"""

from functools import lru_cache

from inferway.languages.regex.escapes import Flags
from inferway.languages.regex.nodes import RegexCostError, RegexError
from inferway.languages.regex.pattern import STEPS, JavaMatch, JavaPattern

__all__ = ["STEPS", "Flags", "JavaMatch", "JavaPattern", "RegexCostError", "RegexError", "compile_java"]


@lru_cache(maxsize=512)
def compile_java(pattern: str, flags: Flags = Flags(), budget: int = STEPS) -> JavaPattern:  # noqa: B008 - frozen
    """Compiles a pattern in Java's syntax; the last 512 are kept.

    `budget` is how many steps one operation may take on the matcher that counts them; past it the operation raises
    RegexCostError. Raises RegexError with the 0-based index when the pattern is not Java's, or not supported: `\\G`,
    `\\X`, `\\b{g}`, canonical equivalence, scripts and blocks outside of `charset`'s tables, above 4,096 characters.
    """
    return JavaPattern(pattern, flags, budget)
