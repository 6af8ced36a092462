"""The limits of one template: its source, and what a render may use."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Limits:
    """Bounds on one template. Exceeding any of them is a VtlError, except `foreach` in the profiles that stop silently.

    The vendor's own figures are the template size (300 KB) and the 1,000 iterations of a `#foreach`
    ("Amazon API Gateway quotas", https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html);
    the rest keep one render from taking a node down.
    """

    template_characters: int = 307_200
    """Length of the source."""
    nesting: int = 64
    """Depth of blocks, brackets and strings in the source."""
    parts: int = 1_000
    """Properties, calls and indexes of one reference; operators of one expression; `#elseif` of one `#if`."""
    tokens: int = 50_000
    """Tokens of the source, and of each string in it."""
    foreach: int = 1_000
    """Iterations of one `#foreach`; `apigateway` and `appsync` stop there silently, `velocity17` has no such limit."""
    steps: int = 1_000_000
    """Loop iterations, macro calls and block renderings of one render, together."""
    range_size: int = 100_000
    """Elements of one `[a..b]`, checked before it is built."""
    characters: int = 50_000_000
    """Characters written by one render, together with those of the strings that it makes on the way."""
    seconds: float = 10.0
    """Time of one render; looked at every 32 steps, a backstop behind the other limits."""
    macro_depth: int = 20
    """Depth of nested macro calls (Velocity's `velocimacro.max.depth`)."""


# What no render may exceed, whatever its limits.
STRING_CHARACTERS = 20_000_000
"""Characters of one string made in a template."""
COLLECTION_SIZE = 1_000_000
"""Elements of one list or map grown in a template."""
INTEGER_BITS = 8_192
"""Bits of one BigInteger."""
TEXT_DEPTH = 200
"""Depth of nested containers that can be printed, hashed or compared."""
