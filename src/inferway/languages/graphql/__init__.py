"""GraphQL: a schema, its resolvers as callables, and requests against them, over graphql-core.

`Engine(schema_from_sdl(...), resolvers)` prepares documents (parsed, measured and validated once) and executes them.
What is wrong with a document, its variables or its fields comes out as Problems, which say in data what happened, so
that whoever answers the client can word them as another server would.
"""

from __future__ import annotations

from inferway.languages.graphql.engine import Answer, Engine, Prepared
from inferway.languages.graphql.example import example
from inferway.languages.graphql.field import FieldCall, Resolver
from inferway.languages.graphql.limits import Limits
from inferway.languages.graphql.problems import Location, Problem, RequestError
from inferway.languages.graphql.scalars import Scalar, ScalarError
from inferway.languages.graphql.schema import Schema, SchemaError, schema_from_sdl

__all__ = [
    "Answer",
    "Engine",
    "FieldCall",
    "Limits",
    "Location",
    "Prepared",
    "Problem",
    "RequestError",
    "Resolver",
    "Scalar",
    "ScalarError",
    "Schema",
    "SchemaError",
    "example",
    "schema_from_sdl",
]
