import asyncio
import json
from collections.abc import Awaitable, Mapping
from types import MappingProxyType
from typing import Any

import pytest

from inferway.definition.api import ApiDefinition, RequestLimits, Route
from inferway.definition.deployment import Deployment
from inferway.definition.expression import Expression
from inferway.definition.stage import StageSettings
from inferway.definition.steps import EvaluateTemplate, ExecuteGraphql, GraphqlField, Pipeline, Refuse
from inferway.definition.targets import Target
from inferway.dialects.dialect import EarlyReturn, Evaluate, EvaluationError, Overrides
from inferway.dialects.graphql import FieldError, GraphqlRequest
from inferway.exchange import Exchange, Request, Response
from inferway.faults import Fault, FaultKind, Place
from inferway.gateway.pipeline import compile_pipeline, compile_steps
from inferway.gateway.stage import Outcome, Parts, run
from inferway.languages.graphql import Answer, FieldCall, Limits, Problem, Scalar
from inferway.stores.memory import MemoryCache, MemoryCounters

HERE = Place(file="test")
REFUSED = Fault(kind=FaultKind.MALFORMED_REQUEST)


class PlainManners:
    """Answers with data, and the problems' kinds and messages."""

    prelude = ""
    scalars: Mapping[str, Scalar] = MappingProxyType({})

    def limits(self, depth: int, pipelines: int) -> Limits:
        return Limits(depth=depth, pipelines=pipelines or 100)

    def read(self, request: Request) -> GraphqlRequest | Fault:
        return GraphqlRequest(query=request.body.decode()) if request.body else REFUSED

    def refuse(self, problems: tuple[Problem, ...]) -> Response | Fault:
        return Response(status=422, headers=[], body=json.dumps([problem.kind for problem in problems]).encode())

    def answer(self, answer: Answer) -> Response:
        said = [(problem.message, getattr(problem.cause, "data", None)) for problem in answer.problems]
        return Response(status=200, headers=[], body=json.dumps([answer.data, said]).encode())

    def field_error(self, failure: Fault | Exception, call: FieldCall) -> FieldError:
        kind = failure.kind.value if isinstance(failure, Fault) else type(failure).__name__
        return FieldError(f"{call.name}: {kind}")


class TableScope:
    def __init__(self, table: dict[str, Evaluate]) -> None:
        self._table = table
        self.manners = PlainManners()

    def compile(self, expression: Expression) -> Evaluate:
        return self._table[expression.text]

    def request_overrides(self, exchange: Exchange) -> Overrides | None:
        return None

    def response_overrides(self, exchange: Exchange) -> Overrides | None:
        return None


class SilentScope(TableScope):
    """A scope of a dialect without GraphQL."""

    def __init__(self) -> None:
        super().__init__({})
        del self.manners


def field(name: str, *steps: Any) -> GraphqlField:
    made = steps or (EvaluateTemplate(template=Expression(language="table", text=name, place=HERE), into="result"),)
    return GraphqlField(type_name="Query", field_name=name, pipeline=Pipeline(request=made), place=HERE)


def execute(
    table: dict[str, Evaluate], *fields: GraphqlField, query: str, schema: str, timeout: float = 30.0, scope: Any = None
) -> Outcome:
    step = ExecuteGraphql(schema=schema, fields=fields, timeout=timeout, place=HERE)
    route = Route(method="POST", path="/graphql", pipeline=Pipeline(invoke=(step,)), place=HERE)
    limits = RequestLimits(url=1000, headers=1000, body=1000)
    api = ApiDefinition(dialect="table", name="t", slug="t", limits=limits, routes=(route,), place=HERE)

    def connect(target: Target, timeout: float) -> Any:
        raise AssertionError("nothing is connected")

    parts = Parts(
        deployment=Deployment(id="1", api=api, stage=StageSettings()),
        route=route,
        scope=scope or TableScope(table),
        counters=MemoryCounters(),
        cache=MemoryCache(),
        connect=connect,
        compile_steps=compile_steps,
        compile_pipeline=compile_pipeline,
    )
    request = Request(method="POST", path="/graphql", body=query.encode())
    exchange = Exchange(request=request, parameters={}, route="", id="1", started=0.0)
    return asyncio.run(run(compile_steps((step,), parts), exchange))


def body(outcome: Outcome) -> Any:
    assert isinstance(outcome, Response)
    assert isinstance(outcome.body, bytes)
    return json.loads(outcome.body)


SCHEMA = "type Query { f(a: Int): String  g: String  t: T } type T { id: ID }"


def raising(error: Exception) -> Any:
    raise error


def test_each_field_has_a_frame_of_its_own() -> None:
    def of_field(exchange: Exchange) -> object:
        frame = exchange.frame
        assert frame.field is not None
        frame.stash["seen"] = len(frame.stash)
        return f"{frame.field.name} {frame.arguments} {frame.previous} {frame.stash}"

    outcome = execute({"f": of_field, "g": of_field}, field("f"), field("g"), query="{f(a: 1) g}", schema=SCHEMA)
    assert body(outcome) == [{"f": "f {'a': 1} None {'seen': 0}", "g": "g {} None {'seen': 0}"}, []]


def test_an_early_return_is_the_field_s_value() -> None:
    outcome = execute({"f": lambda _: raising(EarlyReturn("early"))}, field("f"), query="{f}", schema=SCHEMA)
    assert body(outcome) == [{"f": "early"}, []]


def test_failures_become_the_dialect_s_field_errors() -> None:
    table: dict[str, Evaluate] = {"f": lambda _: raising(EvaluationError("no"))}
    refused = field("g", Refuse(kind=FaultKind.MISCONFIGURED, cause="secret"))
    outcome = execute(table, field("f"), refused, query="{f g}", schema=SCHEMA)
    assert body(outcome) == [
        {"f": None, "g": None},
        [["f: EvaluationError", None], ["g: misconfigured", None]],
    ]


def test_a_field_s_own_error_goes_out_with_what_is_selected_of_its_data() -> None:
    error = FieldError("own", data={"id": 1, "hidden": 2})
    outcome = execute({"t": lambda _: raising(error)}, field("t"), query="{t{id}}", schema=SCHEMA)
    assert body(outcome) == [{"t": None}, [["own", {"id": 1}]]]


def test_errors_beside_the_value_are_filtered_too() -> None:
    def appending(exchange: Exchange) -> object:
        assert exchange.frame.field is not None
        exchange.frame.field.errors.append(FieldError("beside", data={"id": 1, "hidden": 2}))
        return {"id": 3}

    outcome = execute({"t": appending}, field("t"), query="{t{id}}", schema=SCHEMA)
    assert body(outcome) == [{"t": {"id": "3"}}, [["beside", {"id": 1}]]]


def test_what_the_dialect_cannot_read_is_its_fault() -> None:
    assert execute({}, query="", schema=SCHEMA) is REFUSED


def test_a_document_that_is_refused_is_the_dialect_s_to_word() -> None:
    assert body(execute({}, query="{nope}", schema=SCHEMA)) == ["FieldsOnCorrectType"]


def test_a_request_that_takes_too_long_is_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    async def never(exchange: Exchange) -> Outcome:
        await asyncio.Event().wait()
        return None

    def compile_step(pipeline: Pipeline, parts: Parts) -> Any:
        def nested(exchange: Exchange) -> Awaitable[Outcome]:
            return never(exchange)

        return nested

    monkeypatch.setitem(globals(), "compile_pipeline", compile_step)
    outcome = execute({"f": lambda _: "x"}, field("f"), query="{f}", schema=SCHEMA, timeout=0.01)
    assert isinstance(outcome, Fault)
    assert outcome.kind is FaultKind.BACKEND_TIMEOUT


def test_a_schema_that_is_none_fails_the_deployment_at_its_place() -> None:
    with pytest.raises(ValueError, match=r"^test: "):
        execute({}, query="{f}", schema="type Query {")


def test_a_dialect_without_graphql_fails_the_deployment() -> None:
    with pytest.raises(ValueError, match=r"^test: this dialect has no GraphQL"):
        execute({}, query="{f}", schema=SCHEMA, scope=SilentScope())
