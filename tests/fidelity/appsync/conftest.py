"""A laboratory: AppSync resources as a format hands them over, compiled in this process, over backends that record."""

import asyncio
import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

import pytest

from inferway.definition.deployment import Deployment
from inferway.definition.stage import StageSettings
from inferway.definition.targets import HttpUrl, LambdaFunction, Table, Target
from inferway.dialects.appsync.dialect import AppSync
from inferway.dialects.appsync.provisioning import provision
from inferway.dialects.appsync.reader import read
from inferway.exchange import Call, Exchange, Reply, Request, Response
from inferway.faults import Fault, Place
from inferway.formats.resources import Environment, OnePlace, Resource, ResourceGraph
from inferway.gateway.pipeline import CompiledRoute, compile_pipeline, compile_steps
from inferway.gateway.routing import RouteTree
from inferway.gateway.stage import Parts
from inferway.stores.memory import MemoryCache, MemoryCounters

KEY = "da2-test"
Given = tuple[str, str, Mapping[str, Any]]
"""Type, name, properties."""


class Ref(NamedTuple):
    """An output of a resource before; `id` is its identifier."""

    name: str
    output: str = "id"


class Answer(NamedTuple):
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def data(self) -> Any:
        return self.json["data"]

    @property
    def errors(self) -> Any:
        return self.json.get("errors", [])


Replier = Callable[[Call], Reply | Fault]


class Backend:
    """Records its calls and replies as it is told."""

    def __init__(self, replier: Replier, calls: list[Call]) -> None:
        self._replier = replier
        self._calls = calls

    async def invoke(self, call: Call) -> Reply | Fault:
        self._calls.append(call)
        await asyncio.sleep(0)
        return self._replier(call)


def resolved(value: Any, made: Mapping[str, tuple[str, Mapping[str, object]]]) -> Any:
    if isinstance(value, Ref):
        physical, outputs = made[value.name]
        return physical if value.output == "id" else outputs[value.output]
    if isinstance(value, dict):
        return {name: resolved(item, made) for name, item in value.items()}
    return [resolved(item, made) for item in value] if isinstance(value, list) else value


def graph_of(given: Iterable[Given], environment: Environment) -> ResourceGraph:
    made: dict[str, tuple[str, Mapping[str, object]]] = {}
    resources = []
    for number, (kind, name, properties) in enumerate(given, 1):
        place = OnePlace(Place(file="program.py", line=number))
        resource = Resource(type=kind, name=name, properties=resolved(dict(properties), made), places=place)
        provisioned = provision(resource, environment)
        if provisioned is not None:
            made[name] = (provisioned.id, provisioned.attributes)
            resource = Resource(
                type=kind,
                name=name,
                properties=resource.properties,
                places=place,
                id=provisioned.id,
                attributes=provisioned.attributes,
            )
        resources.append(resource)
    return ResourceGraph(resources=tuple(resources))


class Laboratory:
    """One API, served."""

    def __init__(self, given: Iterable[Given], repliers: Mapping[str, Replier]) -> None:
        self.environment = Environment(keys={"key": KEY}, secret=b"test")
        self.graph = graph_of(given, self.environment)
        apis, self.findings = read(self.graph)
        self.calls: list[Call] = []
        self._repliers = repliers
        (self.api,) = apis
        deployment = Deployment(id="1", api=self.api, stage=StageSettings(), keys=self.api.keys)
        dialect = AppSync()
        scope = dialect.scope(deployment)
        faults, finish = dialect.faults(deployment, scope), dialect.finish(deployment)
        self._tree = RouteTree(
            CompiledRoute(
                Parts(
                    deployment=deployment,
                    route=route,
                    scope=scope,
                    counters=MemoryCounters(),
                    cache=MemoryCache(),
                    connect=self._connect,
                    compile_steps=compile_steps,
                    compile_pipeline=compile_pipeline,
                ),
                faults,
                finish,
            )
            for route in self.api.routes
        )

    def _connect(self, target: Target, timeout: float) -> Backend:
        assert isinstance(target, LambdaFunction | Table | HttpUrl)
        name = target.url if isinstance(target, HttpUrl) else target.name
        return Backend(self._repliers[name], self.calls)

    def ask(
        self, query: str, variables: Mapping[str, Any] | None = None, *, key: str | None = KEY, **extra: Any
    ) -> Answer:
        body = json.dumps({"query": query, **({"variables": variables} if variables is not None else {}), **extra})
        return self.send(body.encode(), key=key)

    def send(
        self,
        body: bytes = b"",
        *,
        key: str | None = KEY,
        method: str = "POST",
        query: str = "",
        headers: Iterable[tuple[bytes, bytes]] = (),
    ) -> Answer:
        given = [(b"host", b"x"), (b"content-type", b"application/json"), *headers]
        if key is not None:
            given.append((b"x-api-key", key.encode()))
        request = Request(method=method, path="/graphql", query=query, headers=given, body=body, client="127.0.0.1")
        return asyncio.run(self._serve(request))

    async def _serve(self, request: Request) -> Answer:
        exchange = Exchange(request=request, parameters={}, route="", id="0f-1", started=0.0)
        found = self._tree.match(request.method, request.path)
        if found is None:
            raise AssertionError("no route")
        response: Response = await found[0].serve(exchange)
        assert isinstance(response.body, bytes)
        headers = {name.decode().lower(): value.decode() for name, value in response.headers}
        return Answer(response.status, headers, response.body)

    def codes(self, *, but: Iterable[str] = ("key-expiry", "no-resolver")) -> list[str]:
        return [finding.code for finding in self.findings if finding.code not in but]


def replying(value: object, status: int = 200, error: str | None = None) -> Replier:
    reply = Reply(status=status, headers=[], body=json.dumps(value).encode(), error=error)
    return lambda _: reply


RESULT = "$util.toJson($context.result)"


class Build:
    """Resources by their Pulumi spelling, with the least that each needs."""

    Ref = Ref
    KEY = KEY
    RESULT = RESULT
    replying = staticmethod(replying)

    @staticmethod
    def api(schema: str, **more: Any) -> list[Given]:
        properties = {"authenticationType": "API_KEY", "schema": schema, **more}
        return [
            ("aws:appsync/graphQLApi:GraphQLApi", "exampleApi", properties),
            ("aws:appsync/apiKey:ApiKey", "key", {"apiId": Ref("exampleApi")}),
        ]

    @staticmethod
    def source(name: str, kind: str, **more: Any) -> Given:
        return ("aws:appsync/dataSource:DataSource", name, {"apiId": Ref("exampleApi"), "type": kind, **more})

    @staticmethod
    def function_source(name: str = "source", function: str = "f") -> Given:
        return Build.source(name, "AWS_LAMBDA", lambdaConfig={"functionArn": function})

    @staticmethod
    def table_source(name: str = "source", table: str = "t") -> Given:
        return Build.source(name, "AMAZON_DYNAMODB", dynamodbConfig={"tableName": table})

    @staticmethod
    def resolver(field: str, request: str | None, response: str | None = RESULT, **more: Any) -> Given:
        kind, _, name = field.partition(".")
        properties: dict[str, Any] = {
            "apiId": Ref("exampleApi"),
            "type": kind,
            "field": name,
            "dataSource": "source",
            "requestTemplate": request,
            "responseTemplate": response,
            **more,
        }
        kept = {key: value for key, value in properties.items() if value is not None}
        return ("aws:appsync/resolver:Resolver", field, kept)

    @staticmethod
    def function(name: str, request: str, response: str = RESULT, source: str = "source") -> Given:
        properties = {
            "apiId": Ref("exampleApi"),
            "name": name,
            "dataSource": source,
            "requestMappingTemplate": request,
            "responseMappingTemplate": response,
        }
        return ("aws:appsync/function:Function", name, properties)

    @staticmethod
    def pipeline(field: str, before: str, after: str, *functions: str) -> Given:
        return Build.resolver(
            field,
            before,
            after,
            dataSource=None,
            kind="PIPELINE",
            pipelineConfig={"functions": [Ref(name, "functionId") for name in functions]},
        )


@pytest.fixture
def build() -> type[Build]:
    return Build


@pytest.fixture
def serve() -> type[Laboratory]:
    return Laboratory


@pytest.fixture
def local(build: type[Build]) -> Callable[..., Laboratory]:
    """One field of a type, over a NONE data source, with these templates."""

    def make(request: str, response: str = RESULT, returns: str = "String", more: str = "") -> Laboratory:
        schema = f"type Query {{ f(a: String, n: Int, l: [String]): {returns} }} {more}"
        given = [
            *build.api(schema),
            build.source("source", "NONE"),
            build.resolver("Query.f", request, response),
        ]
        return Laboratory(given, {})

    return make
