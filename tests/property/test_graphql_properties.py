"""Whatever a client sends to a GraphQL API, there is a response of the vendor's form, and nothing is raised."""

import asyncio
import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inferway.definition.deployment import Deployment
from inferway.definition.stage import StageSettings
from inferway.definition.targets import Target
from inferway.dialects.appsync.dialect import AppSync
from inferway.dialects.appsync.provisioning import provision
from inferway.dialects.appsync.reader import read
from inferway.exchange import Call, Exchange, Reply, Request
from inferway.faults import Place
from inferway.formats.resources import Environment, OnePlace, Resource, ResourceGraph
from inferway.gateway.pipeline import CompiledRoute, compile_pipeline, compile_steps
from inferway.gateway.stage import Parts
from inferway.stores.memory import MemoryCache, MemoryCounters

HERE = OnePlace(Place(file="program.py"))
SCHEMA = """
type Query { f(a: String, n: Int = 1, i: In, l: [In!]): T  g(d: AWSDateTime!): [T!]!  e: Size  u: U  n: Node }
type Mutation { m(i: In!): T }
input In { k: String!  n: Float  in: In  s: Size  j: AWSJSON }
enum Size { BIG SMALL }
interface Node { id: ID! }
type T implements Node { id: ID!  t: T  list: [T]  s: Size  d: AWSDate  x: Int }
type V { v: String }
union U = T | V
"""
TEMPLATE = '{"version": "2018-05-29", "operation": "Invoke", "payload": $util.toJson($ctx)}'
FEW = settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


class Backend:
    """Replies with what a test has put in."""

    reply: object = None

    def invoke(self, call: Call) -> Reply:
        return Reply(status=200, headers=[], body=json.dumps(self.reply).encode())


def served(backend: Backend) -> CompiledRoute:
    environment = Environment(keys={"key": "k"})
    given_resources: list[tuple[str, str, dict[str, Any]]] = [
        ("aws:appsync/graphQLApi:GraphQLApi", "api", {"authenticationType": "API_KEY", "schema": SCHEMA}),
        ("aws:appsync/apiKey:ApiKey", "key", {}),
        ("aws:appsync/dataSource:DataSource", "s", {"type": "AWS_LAMBDA", "lambdaConfig": {"functionArn": "f"}}),
    ]
    for field in ("Query.f", "Query.g", "Query.e", "Query.u", "Query.n", "Mutation.m", "T.t"):
        kind, _, name = field.partition(".")
        properties = {
            "type": kind,
            "field": name,
            "dataSource": "s",
            "requestTemplate": TEMPLATE,
            "responseTemplate": "$util.toJson($ctx.result)",
        }
        given_resources.append(("aws:appsync/resolver:Resolver", field, properties))
    resources = []
    for kind, name, properties in given_resources:
        bare = Resource(type=kind, name=name, properties=properties, places=HERE)
        made = provision(bare, environment)
        assert made is not None
        resources.append(
            Resource(type=kind, name=name, properties=properties, places=HERE, id=made.id, attributes=made.attributes)
        )
    (api,), _ = read(ResourceGraph(resources=tuple(resources)))
    deployment = Deployment(id="1", api=api, stage=StageSettings(), keys=api.keys)
    dialect = AppSync()
    scope = dialect.scope(deployment)

    def connect(target: Target, timeout: float) -> Backend:
        return backend

    parts = Parts(
        deployment=deployment,
        route=api.routes[0],
        scope=scope,
        counters=MemoryCounters(),
        cache=MemoryCache(),
        connect=connect,
        compile_steps=compile_steps,
        compile_pipeline=compile_pipeline,
    )
    return CompiledRoute(parts, dialect.faults(deployment, scope), dialect.finish(deployment))


BACKEND = Backend()


@pytest.fixture(scope="module")
def route() -> CompiledRoute:
    return served(BACKEND)


def answered(route: CompiledRoute, body: bytes, headers: tuple[tuple[bytes, bytes], ...] = ()) -> tuple[int, Any]:
    request = Request(method="POST", path="/graphql", headers=[(b"x-api-key", b"k"), *headers], body=body)
    exchange = Exchange(request=request, parameters={}, route="", id="1", started=0.0)
    response = asyncio.run(route.serve(exchange))
    assert isinstance(response.body, bytes)
    document = json.loads(response.body)
    if response.status == 400:
        (error,) = document["errors"]
        assert error["errorType"] == "MalformedHttpRequestException"
    else:
        assert response.status == 200, document
        assert set(document) <= {"data", "errors"}
        assert all(isinstance(error["message"], str) for error in document.get("errors", []))
    return response.status, document


WORDS = st.sampled_from(
    [
        *("{", "}", "(", ")", ":", "$", "...", "on", "@", "!", "=", "[", "]", "|", "&", ",", "#x\n", "\n"),
        *("query", "mutation", "subscription", "fragment", "type", "null", "true", "1", "-1.5e3", '"x"', '"""b"""'),
        *("f", "g", "m", "t", "id", "list", "T", "V", "In", "A", "Size", "BIG", "__typename", "__schema", "types"),
        *("i", "k", "d", "$a", "$b", "@skip", "if", "x:", "A on T", "{id}", "{f{id}}", "...A", "(a:1)", "\ufeff"),
    ]
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["id", "t", "list", "s", "d", "x", "__typename", "k", "n", "in", "query"]), inner
        )
    ),
    max_leaves=12,
)


@FEW
@given(st.binary(max_size=60))
def test_any_bytes(route: CompiledRoute, body: bytes) -> None:
    answered(route, body)


@FEW
@given(JSON)
def test_any_json(route: CompiledRoute, body: object) -> None:
    answered(route, json.dumps(body).encode())


@FEW
@given(st.lists(WORDS, max_size=30).map(" ".join))
def test_any_query(route: CompiledRoute, query: str) -> None:
    answered(route, json.dumps({"query": query}).encode())


@FEW
@given(JSON, JSON)
def test_any_variables(route: CompiledRoute, one: object, other: object) -> None:
    query = "query($a: In, $b: AWSDateTime!, $c: [In!], $d: Size) { f(i: $a, l: $c) { id s } g(d: $b) { id } e }"
    for variables in (one, {"a": one, "b": other}, {"a": other, "b": "2024-01-01T00:00:00Z", "c": [one], "d": other}):
        answered(route, json.dumps({"query": query, "variables": variables}).encode())


@FEW
@given(JSON)
def test_any_result(route: CompiledRoute, result: object) -> None:
    BACKEND.reply = result
    query = (
        '{ f { id t { id s d x list { id x } } } g(d: "2024-01-01T00:00:00Z") { id } e u { ... on V { v } } n { id } }'
    )
    status, document = answered(route, json.dumps({"query": query}).encode())
    assert status == 200
    assert "data" in document


DEEP = 3_000


@pytest.mark.parametrize(
    "query",
    [
        "{" * DEEP,
        "{f" * DEEP + "}" * DEEP,
        "{f{" + "t{" * 90 + "id" + "}" * 90 + "}}",
        "{" + "e " * 7_000 + "}",
        "{" + " ".join(f"a{number}:e" for number in range(4_900)) + "}",
        "{" + "f{id t{id s d x}} " * 800 + "}",
        "fragment A on Query { ...B } fragment B on Query { ...A } { ...A }",
        "{...F0}"
        + "".join(f"fragment F{n} on Query{{...F{n + 1} a{n}:e}}" for n in range(900))
        + "fragment F900 on Query{e}",
        "{f{...F0}}"
        + "".join(f"fragment F{n} on T{{x:t{{...F{n + 1}}} y:t{{...F{n + 1}}}}}" for n in range(60))
        + "fragment F60 on T{id}",
        "{__schema{types{fields{type{fields{type{fields{type{fields{type{name}}}}}}}}}}}",
        '{f(a:"' + "x" * 1_048_577 + '"){id}}',
        "{f(i:" + "{in:" * DEEP + "{}" + "}" * DEEP + "){id}}",
        "query(" + " ".join(f"$a{number}:Int" for number in range(3_000)) + "){e}",
        "{f(l:[" + '{k:"x"}' * 1_000 + "]){id}}",
        "{e" + " @skip(if:true)" * 2_000 + "}",
    ],
)
def test_what_is_meant_to_hurt(route: CompiledRoute, query: str) -> None:
    BACKEND.reply = {"id": 1}
    answered(route, json.dumps({"query": query}).encode())


def test_variables_that_nest_without_end(route: CompiledRoute) -> None:
    nested = '{"in":' * DEEP + "{}" + "}" * DEEP
    body = b'{"query": "query($a: In) { f(i: $a) { id } }", "variables": {"a": ' + nested.encode() + b"}}"
    assert answered(route, body)[0] in (200, 400)
