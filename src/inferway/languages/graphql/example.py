"""A query that shows one field of a schema."""

from __future__ import annotations

from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    get_named_type,
    is_leaf_type,
)

from inferway.languages.graphql.schema import Schema

_SAMPLES: dict[str, object] = {"Int": 1, "Float": 1.5, "Boolean": True, "ID": "1"}
_DEPTH = 5


def example(schema: Schema, operation: str, name: str) -> tuple[str, dict[str, Any]]:
    """Give a query of one root field, its required arguments as variables, and sample values for them."""
    root = schema.core.get_type(schema.roots().get(operation, ""))
    if not isinstance(root, GraphQLObjectType) or name not in root.fields:
        return "{ __typename }", {}
    field = root.fields[name]
    needed = {key: given.type for key, given in field.args.items() if isinstance(given.type, GraphQLNonNull)}
    declared = f"({', '.join(f'${key}: {kind}' for key, kind in needed.items())})" if needed else ""
    passed = f"({', '.join(f'{key}: ${key}' for key in needed)})" if needed else ""
    variables = {key: _sample(kind, 0) for key, kind in needed.items()}
    return f"{operation}{declared} {{ {name}{passed}{_selection(field)} }}", variables


def _selection(field: GraphQLField) -> str:
    kind = get_named_type(field.type)
    if is_leaf_type(kind):
        return ""
    fields: dict[str, GraphQLField] = getattr(kind, "fields", {})
    leaves = [name for name, inner in fields.items() if is_leaf_type(get_named_type(inner.type)) and not inner.args]
    return f" {{ {' '.join(leaves) or '__typename'} }}"


def _sample(kind: Any, depth: int) -> Any:
    if isinstance(kind, GraphQLNonNull):
        return _sample(kind.of_type, depth)
    if isinstance(kind, GraphQLList):
        return [_sample(kind.of_type, depth)]
    if isinstance(kind, GraphQLEnumType):
        return next(iter(kind.values))
    if isinstance(kind, GraphQLInputObjectType):
        fields = {name: field.type for name, field in kind.fields.items() if isinstance(field.type, GraphQLNonNull)}
        return {name: _sample(inner, depth + 1) for name, inner in fields.items()} if depth < _DEPTH else {}
    return _SAMPLES.get(kind.name, "text")
