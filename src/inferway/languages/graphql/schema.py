"""A schema from SDL."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from graphql import (
    DocumentNode,
    GraphQLEnumType,
    GraphQLError,
    GraphQLObjectType,
    GraphQLScalarType,
    GraphQLSchema,
    GraphQLSyntaxError,
    Node,
    Source,
    build_ast_schema,
    concat_ast,
    parse,
    validate_schema,
)
from graphql.validation.validate import validate_sdl

from inferway.languages.graphql.problems import Location
from inferway.languages.graphql.scalars import Scalar

SDL_CHARACTERS = 1_048_576
"""Length of a schema's text."""
SDL_TOKENS = 200_000


class SchemaError(ValueError):
    """The SDL is no schema; `location` is where in its text, None where that is unknown."""

    def __init__(self, message: str, location: Location | None = None) -> None:
        super().__init__(message)
        self.location = location


@dataclass(frozen=True, kw_only=True, slots=True)
class Schema:
    """A schema ready to execute, with how its scalars are written into answers."""

    core: GraphQLSchema
    scalars: Mapping[str, Scalar]

    def fields(self, type_name: str) -> dict[str, str] | None:
        """Give the fields of an object type with the names of their types; None where there is no such type."""
        found = self.core.get_type(type_name)
        if not isinstance(found, GraphQLObjectType):
            return None
        return {name: str(field.type) for name, field in found.fields.items()}

    def object_types(self) -> tuple[str, ...]:
        """Give the names of the object types, those of introspection left out."""
        return tuple(
            name
            for name, found in self.core.type_map.items()
            if isinstance(found, GraphQLObjectType) and not name.startswith("__")
        )

    def roots(self) -> dict[str, str]:
        """Give the names of the root types by operation: `query`, `mutation`, `subscription`."""
        types = {
            "query": self.core.query_type,
            "mutation": self.core.mutation_type,
            "subscription": self.core.subscription_type,
        }
        return {operation: root.name for operation, root in types.items() if root is not None}

    def directives(self, type_name: str, field_name: str = "") -> tuple[str, ...]:
        """Give the names of the directives on an object type, its extensions too, or on one of its fields."""
        found = self.core.get_type(type_name)
        if not isinstance(found, GraphQLObjectType):
            return ()
        if field_name:
            field = found.fields.get(field_name)
            nodes = [field.ast_node] if field is not None else []
        else:
            nodes = [found.ast_node, *found.extension_ast_nodes]
        return tuple(directive.name.value for node in nodes if node is not None for directive in node.directives or ())


def schema_from_sdl(sdl: str, prelude: str, scalars: Mapping[str, Scalar]) -> Schema:
    """Build a schema; `prelude` is SDL that the schema's author takes for granted. Raises SchemaError."""
    if len(sdl) > SDL_CHARACTERS:
        raise SchemaError(f"the schema has {len(sdl)} characters, more than {SDL_CHARACTERS}")
    try:
        own = parse(Source(sdl), max_tokens=SDL_TOKENS)
        # A schema that says itself what the prelude says is taken at its word.
        said = {_name(node) for node in own.definitions}
        given = parse(prelude).definitions if prelude else ()
        kept = tuple(node for node in given if _name(node) not in said)
        document = concat_ast([DocumentNode(definitions=kept), own])
        wrong = validate_sdl(document)
        if not wrong:
            schema = build_ast_schema(document, assume_valid_sdl=True)
            wrong = validate_schema(schema)
    except GraphQLSyntaxError as error:
        raise SchemaError(error.message, _location(error)) from error
    except GraphQLError as error:
        raise SchemaError(error.message, _location(error)) from error
    except (TypeError, ValueError, RecursionError) as error:
        raise SchemaError(str(error) or "the schema is nested too deeply") from error
    if wrong:
        raise SchemaError(wrong[0].message, _location(wrong[0]))
    _bind(schema, scalars)
    return Schema(core=schema, scalars=scalars)


def _bind(schema: GraphQLSchema, scalars: Mapping[str, Scalar]) -> None:
    for name, scalar in scalars.items():
        found = schema.type_map.get(name)
        if scalar.parse is not None and isinstance(found, GraphQLScalarType) and found.ast_node is not None:
            found.coerce_input_value = scalar.parse
            found.parse_value = scalar.parse  # type: ignore[method-assign, assignment]  # literals are read with it


def _name(node: Node) -> str:
    return str(getattr(getattr(node, "name", None), "value", ""))


def _location(error: GraphQLError) -> Location | None:
    places = error.locations
    return Location(line=places[0].line, column=places[0].column) if places else None


def enum_names(schema: GraphQLSchema, name: str) -> tuple[str, ...]:
    """Give the values of an enum by name."""
    found = schema.type_map.get(name)
    return tuple(found.values) if isinstance(found, GraphQLEnumType) else ()
