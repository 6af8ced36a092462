"""Resources of a GraphQL API in both spellings, provisioned in order."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from inferway.definition.api import ApiDefinition
from inferway.dialects.appsync.provisioning import provision
from inferway.dialects.appsync.reader import read
from inferway.faults import Findings, Place
from inferway.formats.resources import Environment, OnePlace, Resource, ResourceGraph

Given = tuple[str, str, Mapping[str, Any]]
Read = Callable[..., tuple[tuple[ApiDefinition, ...], Findings]]

SCHEMA = "schema { query: Query } type Query { f(a: String): String }"


@pytest.fixture
def made() -> Callable[..., tuple[Resource, ...]]:
    """Provision resources; a property `{"ref": [name, output]}` is an output of one before, "" its identifier."""

    def make(*given: Given, environment: Environment | None = None) -> tuple[Resource, ...]:
        done: dict[str, Resource] = {}

        def settle(value: Any) -> Any:
            if isinstance(value, dict) and set(value) == {"ref"}:
                name, output = value["ref"]
                return done[name].attributes[output] if output else done[name].id
            if isinstance(value, dict):
                return {key: settle(item) for key, item in value.items()}
            return [settle(item) for item in value] if isinstance(value, list) else value

        for line, (kind, name, properties) in enumerate(given, 1):
            place = OnePlace(Place(file="program.py", line=line))
            bare = Resource(type=kind, name=name, properties=settle(dict(properties)), places=place)
            gives = provision(bare, environment or Environment(secret=b"secret"))
            done[name] = bare
            if gives is not None:
                done[name] = Resource(
                    type=kind,
                    name=name,
                    properties=bare.properties,
                    places=place,
                    id=gives.id,
                    attributes=gives.attributes,
                )
        return tuple(done.values())

    return make


@pytest.fixture
def read_all(made: Callable[..., tuple[Resource, ...]]) -> Read:
    def read_resources(*given: Given) -> tuple[tuple[ApiDefinition, ...], Findings]:
        return read(ResourceGraph(resources=made(*given)))

    return read_resources


@pytest.fixture
def pulumi() -> Callable[..., tuple[Given, ...]]:
    """An API in Pulumi's spelling with one resolver."""

    def make(
        *,
        api: Mapping[str, Any] = {},
        source: Mapping[str, Any] = {"type": "AWS_LAMBDA", "lambdaConfig": {"functionArn": "f"}},
        resolver: Mapping[str, Any] = {},
        key: Mapping[str, Any] = {},
    ) -> tuple[Given, ...]:
        own = {"ref": ["modelApi", ""]}
        return (
            (
                "aws:appsync/graphQLApi:GraphQLApi",
                "modelApi",
                {"authenticationType": "API_KEY", "schema": SCHEMA, **api},
            ),
            ("aws:appsync/dataSource:DataSource", "source", {"apiId": own, **source}),
            (
                "aws:appsync/resolver:Resolver",
                "resolver",
                {
                    "apiId": own,
                    "type": "Query",
                    "field": "f",
                    "dataSource": {"ref": ["source", "name"]},
                    "requestTemplate": '{"version": "2018-05-29", "operation": "Invoke"}',
                    "responseTemplate": "$util.toJson($ctx.result)",
                    **resolver,
                },
            ),
            ("aws:appsync/apiKey:ApiKey", "key", {"apiId": own, **key}),
        )

    return make
