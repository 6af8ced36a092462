"""Variables against their definitions.

Kinds of Problem: `VariableNull` (a required value is missing or null), `VariableUnknownField`, `VariableNotAnObject`,
`VariableEnum` and `VariableScalar` (`cause` says why). `detail` holds `variable`, the `type` that was expected,
`named`, its name without wrappers, and `value`, the kind of JSON value that came.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLError,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLScalarType,
    OperationDefinitionNode,
    Undefined,
    VariableDefinitionNode,
    get_named_type,
    is_input_type,
    type_from_ast,
)

from inferway.languages.graphql.problems import Location, Problem
from inferway.languages.graphql.scalars import ScalarError
from inferway.languages.graphql.schema import Schema


class _Wrong(Exception):  # noqa: N818 - it becomes a Problem
    def __init__(self, kind: str, message: str, expected: GraphQLInputType, value: Any, cause: str = "") -> None:
        super().__init__(message)
        self.kind = kind
        self.detail = {
            "type": str(expected),
            "named": get_named_type(expected).name,
            "value": json_kind(value),
            "cause": cause,
        }
        if isinstance(value, str | int | float):
            self.detail["given"] = str(value)[:200]


def json_kind(value: Any) -> str:
    """Give what a JSON value is: null, boolean, integer, number, string, list or object."""
    for kind, name in _KINDS.items():
        if value is None or isinstance(value, kind):
            return "null" if value is None else name
    return "object"


_KINDS: dict[type, str] = {
    bool: "boolean",
    int: "integer",
    float: "number",
    str: "string",
    list: "list",
    dict: "object",
}


def check_variables(
    schema: Schema, operation: OperationDefinitionNode, variables: Mapping[str, Any]
) -> Iterator[Problem]:
    """Give what is wrong with an operation's variables, the first of each."""
    for node in operation.variable_definitions or ():
        expected = type_from_ast(schema.core, node.type)
        name = node.variable.name.value
        if expected is None or not is_input_type(expected):
            continue
        if name not in variables and (node.default_value is not None or not isinstance(expected, GraphQLNonNull)):
            continue
        try:
            _check(expected, variables.get(name))
        except _Wrong as wrong:
            yield _problem(wrong, node, name)
        except RecursionError:
            deep = _Wrong("VariableScalar", "nested too deeply", expected, None, "nested too deeply")
            yield _problem(deep, node, name)


def _problem(wrong: _Wrong, node: VariableDefinitionNode, name: str) -> Problem:
    token = node.loc.start_token if node.loc is not None else None
    return Problem(
        kind=wrong.kind,
        message=f"Variable '${name}': {wrong}",
        locations=(Location(line=token.line, column=token.column),) if token is not None else (),
        detail={"variable": name, **wrong.detail},
    )


def _check(expected: Any, value: Any) -> None:
    if isinstance(expected, GraphQLNonNull):
        if value is None:
            raise _Wrong("VariableNull", f"{expected} must not be null", expected, value)
        _check(expected.of_type, value)
    elif value is None:
        return
    elif isinstance(expected, GraphQLList):
        for item in value if isinstance(value, list) else (value,):
            _check(expected.of_type, item)
    elif isinstance(expected, GraphQLInputObjectType):
        _check_object(expected, value)
    elif isinstance(expected, GraphQLEnumType):
        if not isinstance(value, str) or value not in expected.values:
            raise _Wrong("VariableEnum", f"{str(value)[:100]!r} is no {expected}", expected, value)
    elif isinstance(expected, GraphQLScalarType):
        _check_scalar(expected, value)


def _check_object(expected: GraphQLInputObjectType, value: Any) -> None:
    if not isinstance(value, dict):
        raise _Wrong("VariableNotAnObject", f"{expected} must be an object", expected, value)
    for name in value:
        if name not in expected.fields:
            raise _Wrong("VariableUnknownField", f"{expected} has no field {name[:100]!r}", expected, name)
    for name, field in expected.fields.items():
        if name in value or (isinstance(field.type, GraphQLNonNull) and _required(field)):
            _check(field.type, value.get(name))


def _required(field: Any) -> bool:
    default = getattr(field, "default", None) or getattr(field, "default_value", Undefined)
    return default is Undefined or default is None


def _check_scalar(expected: GraphQLScalarType, value: Any) -> None:
    try:
        expected.coerce_input_value(value)
    except ScalarError as error:
        raise _Wrong("VariableScalar", str(error), expected, value, str(error)) from error
    except (GraphQLError, TypeError, ValueError) as error:
        raise _Wrong("VariableScalar", str(error), expected, value) from error
