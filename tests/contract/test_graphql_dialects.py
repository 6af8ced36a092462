"""What the core takes for granted of a dialect with GraphQL APIs, held to each of them as it is."""

import asyncio
import json
from typing import Any

import pytest

from inferway.definition.api import ApiDefinition
from inferway.definition.check import check
from inferway.definition.codec import decode, encode
from inferway.definition.deployment import Deployment
from inferway.definition.stage import StageSettings
from inferway.definition.targets import LambdaFunction, Target
from inferway.dialects.appsync.dialect import AppSync
from inferway.dialects.appsync.reader import read
from inferway.dialects.dialect import Dialect
from inferway.dialects.graphql import FieldError, GraphqlScope
from inferway.exchange import Call, Exchange, Reply, Request, Response
from inferway.faults import Fault, FaultKind, Findings, Place
from inferway.formats.resources import OnePlace, Resource, ResourceGraph
from inferway.gateway.pipeline import CompiledRoute, compile_pipeline, compile_steps
from inferway.gateway.stage import Parts
from inferway.languages.graphql import Problem
from inferway.stores.memory import MemoryCache, MemoryCounters

HERE = OnePlace(Place(file="program.py", line=1))
SCHEMA = "type Query { rating(user: ID!): Float  title: String }"


def appsync() -> tuple[Dialect, ApiDefinition, Findings, bytes]:
    """A dialect, one API of it with a field over the function `ratings`, and a key that lets callers in."""
    resources: tuple[tuple[str, str, dict[str, Any], dict[str, object]], ...] = (
        ("aws:appsync/graphQLApi:GraphQLApi", "ratings", {"authenticationType": "API_KEY", "schema": SCHEMA}, {}),
        ("aws:appsync/apiKey:ApiKey", "key", {}, {"key": "secret"}),
        (
            "aws:appsync/dataSource:DataSource",
            "f",
            {"type": "AWS_LAMBDA", "lambdaConfig": {"functionArn": "ratings"}},
            {},
        ),
        (
            "aws:appsync/resolver:Resolver",
            "resolver",
            {
                "type": "Query",
                "field": "rating",
                "dataSource": "f",
                "requestTemplate": (
                    '{"version": "2018-05-29", "operation": "Invoke", '
                    '"payload": {"user": $util.toJson($ctx.args.user)}}'
                ),
                "responseTemplate": "$util.toJson($ctx.result)",
            },
            {},
        ),
    )
    dialect = AppSync()
    graph = ResourceGraph(
        resources=tuple(
            Resource(type=kind, name=name, properties=properties, places=HERE, id=name, attributes=attributes)
            for kind, name, properties, attributes in resources
        )
    )
    (api,), findings = read(graph)
    return dialect, api, findings, b"secret"


DIALECTS = {"appsync": appsync}


@pytest.fixture(params=DIALECTS)
def made(request: pytest.FixtureRequest) -> tuple[Dialect, ApiDefinition, Findings, bytes]:
    return DIALECTS[request.param]()


class Backend:
    def __init__(self, reply: Reply | Fault) -> None:
        self.reply = reply
        self.calls: list[Call] = []

    def invoke(self, call: Call) -> Reply | Fault:
        self.calls.append(call)
        return self.reply


def serve(made: Any, body: bytes, backend: Backend, key: bytes | None = None) -> Response:
    dialect, api, _, own = made
    deployment = Deployment(id="1", api=api, stage=StageSettings(), keys=api.keys)
    scope = dialect.scope(deployment)

    def connect(target: Target, timeout: float) -> Backend:
        assert isinstance(target, LambdaFunction)
        assert timeout > 0
        return backend

    route = next(route for route in api.routes if route.method == "POST")
    parts = Parts(
        deployment=deployment,
        route=route,
        scope=scope,
        counters=MemoryCounters(),
        cache=MemoryCache(),
        connect=connect,
        compile_steps=compile_steps,
        compile_pipeline=compile_pipeline,
    )
    compiled = CompiledRoute(parts, dialect.faults(deployment, scope), dialect.finish(deployment))
    request = Request(method="POST", path=route.path, headers=[(b"x-api-key", own if key is None else key)], body=body)
    exchange = Exchange(request=request, parameters={}, route=compiled.label, id="1", started=0.0)
    return asyncio.run(compiled.serve(exchange))


def asked(query: str) -> bytes:
    return json.dumps({"query": query}).encode()


def reply(value: object) -> Reply:
    return Reply(status=200, headers=[], body=json.dumps(value).encode())


def document(response: Response) -> Any:
    assert isinstance(response.body, bytes)
    return json.loads(response.body)


def test_its_definition_is_sound_and_keeps_through_the_codec(made: Any) -> None:
    _, api, _, _ = made
    assert check(api) == ()
    assert decode(encode(api)) == api


def test_a_field_runs_its_pipeline_and_the_rest_reads_its_source(made: Any) -> None:
    backend = Backend(reply(4.5))
    response = serve(made, asked('{ rating(user: "7") title }'), backend)
    assert (response.status, document(response)) == (200, {"data": {"rating": 4.5, "title": None}})
    assert [json.loads(call.body) for call in backend.calls] == [{"user": "7"}]


def test_a_backend_s_fault_is_the_field_s_alone(made: Any) -> None:
    backend = Backend(Fault(kind=FaultKind.BACKEND_UNREACHABLE, cause="secret detail"))
    response = serve(made, asked('{ rating(user: "7") title }'), backend)
    assert response.status == 200
    assert document(response)["data"] == {"rating": None, "title": None}
    assert b"secret detail" not in (response.body if isinstance(response.body, bytes) else b"")


def test_a_caller_without_a_key_reaches_nothing(made: Any) -> None:
    backend = Backend(reply(4.5))
    assert serve(made, asked("{ title }"), backend, key=b"wrong").status == 401
    assert serve(made, asked("{ title }"), backend, key=b"").status == 401
    assert backend.calls == []


def test_a_query_that_does_not_fit_reaches_nothing(made: Any) -> None:
    backend = Backend(reply(4.5))
    for query in ("{ nothing }", "{ rating }", "{", "query($u: ID!) { rating(user: $u) }"):
        assert "errors" in document(serve(made, asked(query), backend))
    assert backend.calls == []


def test_its_scope_has_manners(made: Any) -> None:
    dialect, api, _, _ = made
    scope = dialect.scope(Deployment(id="1", api=api, stage=StageSettings()))
    assert isinstance(scope, GraphqlScope)
    refused = scope.manners.refuse((Problem(kind="Anything", message="anything at all"),))
    assert isinstance(refused, Response | Fault)
    assert scope.manners.limits(0, 0).pipelines > 0


@pytest.mark.parametrize("kind", FaultKind)
def test_any_fault_of_a_pipeline_becomes_a_field_s_error(made: Any, kind: FaultKind) -> None:
    dialect, api, _, _ = made
    scope = dialect.scope(Deployment(id="1", api=api, stage=StageSettings()))
    assert isinstance(scope, GraphqlScope)
    call = _Call()
    for failure in (Fault(kind=kind, cause="secret detail"), ValueError("secret detail")):
        error = scope.manners.field_error(failure, call)  # type: ignore[arg-type]  # a call as far as names go
        assert isinstance(error, FieldError)
        assert "secret detail" not in error.message


class _Call:
    """A field's call without a query around it."""

    name, parent, type = "rating", "Query", "Float"
