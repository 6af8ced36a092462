"""One pipeline carries an APIM policy, an AppSync pipeline resolver and an API Gateway method, each as plain data.

The definitions are made by hand; what their expressions compute stands in a table of Python callables, so that the
test is about steps and stages, not about any vendor's language.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from inferway.definition.api import ApiDefinition, RequestLimits, Route
from inferway.definition.deployment import Deployment
from inferway.definition.expression import Expression
from inferway.definition.message_steps import SetHeader
from inferway.definition.stage import StageSettings
from inferway.definition.steps import (
    Assignment,
    Choose,
    EvaluateTemplate,
    Invoke,
    MapRequest,
    MapResponse,
    Pipeline,
    Refuse,
    ResponseCase,
    Retry,
    ReturnResponse,
    RunPipeline,
    SetVariable,
    Step,
    When,
)
from inferway.definition.targets import HttpUrl, Target
from inferway.dialects.dialect import EarlyReturn, Evaluate, EvaluationError, Overrides
from inferway.exchange import NO_REPLY, Call, Exchange, Frame, Reply, Request, Response, Result
from inferway.faults import Fault, FaultKind, Place
from inferway.gateway.pipeline import CompiledRoute, compile_pipeline, compile_steps
from inferway.gateway.stage import Outcome, Parts
from inferway.stores.memory import MemoryCache, MemoryCounters

HERE = Place(file="test")
BACKEND = HttpUrl(url="http://model", place=HERE)
Table = dict[str, Callable[[Exchange], object]]


def expression(name: str) -> Expression:
    return Expression(language="table", text=name, place=HERE)


class TableScope:
    def __init__(self, table: Table) -> None:
        self.table = table

    def compile(self, expression: Expression) -> Evaluate:
        return self.table[expression.text]

    def request_overrides(self, exchange: Exchange) -> Overrides | None:
        return None

    def response_overrides(self, exchange: Exchange) -> Overrides | None:
        return None


class PlainFaults:
    def render(self, fault: Fault, exchange: Exchange) -> Response:
        return Response(status=599, headers=[], body=fault.kind.value.encode())


def finish(exchange: Exchange, response: Response) -> None:
    response.headers.append((b"finished", b"once"))


class ScriptedBackend:
    """Replies in turn with what it is given, and keeps the calls."""

    def __init__(self, *replies: Reply | Fault) -> None:
        self.replies = list(replies)
        self.calls: list[Call] = []

    def invoke(self, call: Call) -> Awaitable[Reply | Fault]:
        self.calls.append(call)
        reply = self.replies.pop(0)

        async def later() -> Reply | Fault:
            await asyncio.sleep(0)
            return reply

        return later()


def parts(pipeline: Pipeline, table: Table, backend: ScriptedBackend) -> Parts:
    route = Route(method="POST", path="/predict", pipeline=pipeline, place=HERE)
    limits = RequestLimits(url=1000, headers=1000, body=1000)
    api = ApiDefinition(dialect="table", name="t", slug="t", limits=limits, routes=(route,), place=HERE)

    def connect(target: Target, timeout: float) -> ScriptedBackend:
        return backend

    return Parts(
        deployment=Deployment(id="1", api=api, stage=StageSettings()),
        route=route,
        scope=TableScope(table),
        counters=MemoryCounters(),
        cache=MemoryCache(),
        connect=connect,
        compile_steps=compile_steps,
        compile_pipeline=compile_pipeline,
    )


def exchange(body: bytes = b"") -> Exchange:
    request = Request(method="POST", path="/predict", headers=[(b"host", b"x")], body=body)
    return Exchange(request=request, parameters={}, route="POST /predict", id="1", started=0.0)


def serve(pipeline: Pipeline, table: Table, backend: ScriptedBackend) -> tuple[Response, Exchange]:
    route = CompiledRoute(parts(pipeline, table, backend), PlainFaults(), finish)
    served = exchange(b"question")
    return asyncio.run(route.serve(served)), served


def reply(status: int, body: bytes = b"") -> Reply:
    return Reply(status=status, headers=[], body=body)


def count(exchange: Exchange) -> object:
    tries = exchange.variables.get("tries")
    return (tries if isinstance(tries, int) else 0) + 1


APIM_TABLE: Table = {
    "mask": lambda exchange: exchange.request.body.decode().replace("question", "q***"),
    "count": count,
    "is 503": lambda exchange: exchange.reply is not NO_REPLY and exchange.reply.status == 503,
    "is 429": lambda exchange: exchange.reply.status == 429,
    "tries": lambda exchange: exchange.variables["tries"],
    "busy": lambda _: "busy, come back",
    "cause": lambda exchange: f"on-error saw {exchange.fault.kind}" if exchange.fault else "",
    "fails": lambda _: raising(EvaluationError("the policy expression failed")),
}


def raising(error: Exception) -> Any:
    raise error


def apim_policy(*inside: Step) -> Pipeline:
    """inbound: set-variable, set-header; backend: retry around forward-request and choose; outbound; on-error."""
    return Pipeline(
        request=(SetVariable(name="masked", value=expression("mask")), MapRequest(method="ANY", forward=True)),
        invoke=(
            Retry(
                condition=expression("is 503"),
                count=2,
                interval=0,
                steps=(
                    SetVariable(name="tries", value=expression("count")),
                    SetHeader(name="x-try", values=(expression("tries"),)),
                    Invoke(target=BACKEND),
                    *inside,
                    Choose(
                        when=(
                            When(
                                condition=expression("is 429"),
                                steps=(ReturnResponse(status=503, body=expression("busy")),),
                            ),
                        ),
                    ),
                ),
            ),
        ),
        response=(MapResponse(forward=True), SetHeader(name="x-tries", values=(expression("tries"),))),
        error=(ReturnResponse(status=500, body=expression("cause")),),
    )


def test_apim_retry_runs_its_steps_again_and_outbound_follows() -> None:
    backend = ScriptedBackend(reply(503), reply(503), reply(200, b"answer"))
    response, served = serve(apim_policy(), APIM_TABLE, backend)
    assert (response.status, response.body) == (200, b"answer")
    assert (b"x-tries", b"3") in response.headers
    assert [dict(call.headers)[b"x-try"] for call in backend.calls] == [b"3", b"3", b"3"]
    assert served.variables["masked"] == "q***"


def test_apim_return_response_inside_choose_inside_retry_ends_the_pipeline() -> None:
    backend = ScriptedBackend(reply(503), reply(429))
    response, _ = serve(apim_policy(), APIM_TABLE, backend)
    assert (response.status, response.body) == (503, b"busy, come back")
    assert not any(name == b"x-tries" for name, _ in response.headers)
    assert (b"finished", b"once") in response.headers


def test_apim_a_refusal_runs_on_error() -> None:
    refusal = Refuse(kind=FaultKind.THROTTLED, cause="test")
    response, served = serve(apim_policy(refusal), APIM_TABLE, ScriptedBackend(reply(200)))
    assert (response.status, response.body) == (500, b"on-error saw throttled")
    assert served.fault is not None


def test_apim_a_failing_expression_runs_on_error_too() -> None:
    failing = SetVariable(name="x", value=expression("fails"))
    response, _ = serve(apim_policy(failing), APIM_TABLE, ScriptedBackend(reply(200)))
    assert (response.status, response.body) == (500, b"on-error saw template failed")


def test_apim_an_unreachable_backend_is_retried_and_then_faults() -> None:
    down = Fault(kind=FaultKind.BACKEND_UNREACHABLE, retryable=True)
    response, _ = serve(apim_policy(), APIM_TABLE, ScriptedBackend(down, reply(200, b"up")))
    assert response.body == b"up"
    response, _ = serve(apim_policy(), APIM_TABLE, ScriptedBackend(down, down, down))
    assert response.body == b"on-error saw backend unreachable"


def function(name: str, *, early: str = "") -> RunPipeline:
    request = expression(early or f"{name} request")
    return RunPipeline(
        name=name,
        pipeline=Pipeline(
            request=(EvaluateTemplate(template=request, into="call"),),
            invoke=(Invoke(target=BACKEND),),
            response=(EvaluateTemplate(template=expression(f"{name} response"), into="result"),),
        ),
    )


def stash(exchange: Exchange) -> object:
    exchange.frame.stash["seen"] = [*_seen(exchange), exchange.frame.call]
    return f"{exchange.frame.previous}>{exchange.reply.body.decode()}"


def _seen(exchange: Exchange) -> list[object]:
    seen = exchange.frame.stash.get("seen", [])
    assert isinstance(seen, list)
    return seen


APPSYNC_TABLE: Table = {
    "before": lambda exchange: exchange.frame.arguments,
    "first request": lambda exchange: f"first({exchange.frame.arguments})",
    "first response": stash,
    "second request": lambda exchange: f"second({exchange.frame.previous})",
    "second response": stash,
    "returns early": lambda _: raising(EarlyReturn("cached")),
    "after": lambda exchange: (exchange.frame.previous, exchange.frame.stash.get("seen")),
}


def resolve(*functions: RunPipeline, backend: ScriptedBackend) -> tuple[Outcome, Frame]:
    pipeline = Pipeline(
        request=(EvaluateTemplate(template=expression("before"), into="call"),),
        invoke=functions,
        response=(EvaluateTemplate(template=expression("after"), into="result"),),
    )
    compiled = compile_pipeline(pipeline, parts(pipeline, APPSYNC_TABLE, backend))
    frame = Frame(arguments="id", source=None, previous=None, stash={})
    return asyncio.run(_resolve(compiled(exchange().in_frame(frame)))), frame


async def _resolve(running: Awaitable[Outcome]) -> Outcome:
    return await running


def test_appsync_functions_pass_their_results_on_and_share_a_stash() -> None:
    backend = ScriptedBackend(reply(200, b"one"), reply(200, b"two"))
    outcome, frame = resolve(function("first"), function("second"), backend=backend)
    assert outcome is None
    assert frame.result == ("None>one>two", ["first(id)", "second(None>one)"])


def test_appsync_an_early_return_skips_its_function_only() -> None:
    """`#return` in a function's request template: neither its data source nor its response template runs."""
    backend = ScriptedBackend(reply(200, b"two"))
    outcome, frame = resolve(function("first", early="returns early"), function("second"), backend=backend)
    assert outcome is None
    assert frame.result == ("cached>two", ["second(cached)"])
    assert len(backend.calls) == 1


def test_appsync_an_early_return_of_the_resolver_is_its_result() -> None:
    pipeline = Pipeline(request=(EvaluateTemplate(template=expression("returns early"), into="call"),))
    compiled = compile_pipeline(pipeline, parts(pipeline, APPSYNC_TABLE, ScriptedBackend()))
    outcome = asyncio.run(_resolve(compiled(exchange())))
    assert isinstance(outcome, Result)
    assert outcome.value == "cached"


def test_api_gateway_the_first_matching_case_makes_the_response() -> None:
    pipeline = Pipeline(
        request=(MapRequest(method="POST", headers=(Assignment(name="X-A", value=expression("tries a")),)),),
        invoke=(Invoke(target=BACKEND),),
        response=(
            MapResponse(
                cases=(
                    ResponseCase(status=200, pattern="2..", place=HERE),
                    ResponseCase(status=418, pattern="2.4", place=HERE),
                    ResponseCase(status=502, place=HERE),
                ),
            ),
        ),
    )
    table: Table = {"tries a": lambda _: "b\r\nevil: yes"}
    backend = ScriptedBackend(reply(204, b"x"), reply(404, b"y"))
    response, _ = serve(pipeline, table, backend)
    assert (response.status, response.body) == (200, b"x")
    assert dict(backend.calls[0].headers)[b"x-a"] == b"b evil: yes"
    response, _ = serve(pipeline, table, backend)
    assert (response.status, response.body) == (502, b"y")
