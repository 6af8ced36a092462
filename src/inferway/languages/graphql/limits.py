"""The limits of one document and of one execution."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Limits:
    """Bounds on one request; exceeding any is a Problem, never an exception of another kind."""

    characters: int = 1_048_576
    """Length of a document's text."""
    tokens: int = 15_000
    """Tokens of a document (graphql-java's own default)."""
    nesting: int = 100
    """Levels of fields and inline fragments, fragments written out, whatever `depth` allows."""
    depth: int = 0
    """Levels of fields that a document may nest, fragments written out; 0 for `nesting` alone."""
    selections: int = 20_000
    """Fields that a document selects, fragments written out."""
    pairs: int = 20_000
    """Pairs of fields with one response name in one selection set, its fragments included: each is compared."""
    errors: int = 100
    """Validation errors that are reported."""
    pipelines: int = 10_000
    """Resolvers that one request may call."""
    fields: int = 250_000
    """Values that one answer may hold."""
    cached_documents: int = 500
    """Prepared documents that are kept, the least recently used dropped first."""
    cached_characters: int = 65_536
    """The longest document that is kept."""
