"""graphql-core's executor, with values checked as the schema's scalars ask, bounded, and its errors told apart.

The specification: https://spec.graphql.org/October2021/#sec-Value-Completion.
"""

from __future__ import annotations

from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLError,
    GraphQLList,
    GraphQLNonNull,
    GraphQLScalarType,
)
from graphql.execution.executor import Executor

from inferway.languages.graphql.problems import Location, Problem
from inferway.languages.graphql.scalars import Scalar, ScalarError

_NO_LISTS = (dict, str, bytes, int, float)
"""Kinds of JSON values, and bytes, that are none."""


class CompletionError(Exception):
    """A value does not fit its field's type."""

    def __init__(self, kind: str, message: str, **detail: str) -> None:
        super().__init__(message)
        self.kind = kind
        self.detail = detail


class Budget:
    """What one execution may still use."""

    __slots__ = ("fields", "pipelines")

    def __init__(self, fields: int, pipelines: int) -> None:
        self.fields = fields
        self.pipelines = pipelines

    def take_field(self) -> None:
        """Count one value of the answer."""
        self.fields -= 1
        if self.fields < 0:
            raise CompletionError("TooMany", "The answer holds too many values")

    def take_pipeline(self, limit: int) -> None:
        """Count one call of a resolver."""
        self.pipelines -= 1
        if self.pipelines < 0:
            raise CompletionError("TooManyResolvers", f"More than {limit} resolvers in one request", limit=str(limit))


class BoundedExecutor(Executor[Any]):
    """Completes values; `context_value` has the `budget` and the `scalars`."""

    def complete_value(
        self,
        return_type: Any,
        field_details_list: Any,
        info: Any,
        path: Any,
        result: Any,
        position_context: Any,
    ) -> Any:
        """Complete a value, or raise what says why it does not fit."""
        if isinstance(return_type, GraphQLNonNull):
            inner = return_type.of_type
            completed = self.complete_value(inner, field_details_list, info, path, result, position_context)
            if completed is None:
                named = "" if isinstance(inner, GraphQLList) else str(inner)
                raise CompletionError(
                    "NullForNonNull",
                    f"Cannot return null for non-nullable field {info.parent_type}.{info.field_name}.",
                    type=named,
                    parent=info.parent_type.name,
                )
            return completed
        self.context_value.budget.take_field()
        if result is None:
            return None
        if isinstance(return_type, GraphQLScalarType | GraphQLEnumType) and not isinstance(result, Exception):
            return self._leaf(return_type, result)
        if isinstance(return_type, GraphQLList) and isinstance(result, _NO_LISTS):
            raise CompletionError("NotAList", f"Expected a list for {info.parent_type}.{info.field_name}.")
        return super().complete_value(return_type, field_details_list, info, path, result, position_context)

    def _leaf(self, return_type: GraphQLScalarType | GraphQLEnumType, result: Any) -> Any:
        scalar: Scalar | None = self.context_value.scalars.get(return_type.name)
        if isinstance(return_type, GraphQLEnumType):
            if return_type.name.startswith("__"):  # introspection's own, whose values are no texts
                return return_type.coerce_output_value(result)
            if not isinstance(result, str) or result not in return_type.values:
                text = f"{str(result)[:100]!r} is no {return_type}"
                raise CompletionError("BadEnum", text, type=return_type.name, given=str(result)[:200])
            return result
        try:
            made = scalar.serialize(result) if scalar is not None else return_type.coerce_output_value(result)
        except (ScalarError, GraphQLError, TypeError, ValueError) as error:
            raise CompletionError("BadLeaf", str(error), type=return_type.name, cause=str(error)) from error
        return made


def problem_of(error: GraphQLError) -> Problem:
    """Give the Problem for an error of an execution."""
    cause = error.original_error
    while isinstance(cause, GraphQLError) and cause.original_error is not None:
        cause = cause.original_error
    locations = tuple(Location(line=place.line, column=place.column) for place in error.locations or ())
    path = tuple(error.path) if error.path is not None else None
    if isinstance(cause, CompletionError):
        return Problem(
            kind=cause.kind, message=str(cause), locations=locations, path=path, detail=cause.detail, cause=cause
        )
    kind = "Execution" if cause is None or isinstance(cause, GraphQLError) else "Resolver"
    return Problem(kind=kind, message=error.message, locations=locations, path=path, cause=cause)
