"""What is wrong with a request or a field, as data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

PathStep = str | int


@dataclass(frozen=True, kw_only=True, slots=True)
class Location:
    """A place in a document's text, 1-based."""

    line: int
    column: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Problem:
    """One thing that is wrong.

    `kind` is the name of the validation rule that refused a document (`FieldsOnCorrectType`; the specification's rules,
    by graphql-js's names), or one of `Syntax`, `Operation`, `TooDeep`, `TooMany`, `Variable…` (see `variables`),
    `NullForNonNull`, `NotAList`, `BadLeaf`, `Resolver` (`cause` is what the resolver raised) and `Internal`.
    `message` says it in graphql-core's words. `detail` holds the names in it, `trail` the names of the fields around
    the place in the document, `path` where it happened in the answer. `nodes` are the document's nodes that it is
    about, the value of the argument around them last.
    """

    kind: str
    message: str
    locations: tuple[Location, ...] = ()
    path: tuple[PathStep, ...] | None = None
    trail: tuple[str, ...] = ()
    detail: Mapping[str, str] = field(default_factory=dict)
    cause: BaseException | None = None
    nodes: tuple[Any, ...] = ()


class RequestError(Exception):
    """A request that is not executed at all, with all that is wrong with it."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("; ".join(problem.message for problem in problems))
        self.problems = problems
