"""Runs one step over one exchange."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from inferway.definition.api import ApiDefinition, RequestLimits, Route
from inferway.definition.deployment import Deployment
from inferway.definition.expression import Expression
from inferway.definition.stage import StageSettings
from inferway.definition.steps import Pipeline, Step
from inferway.definition.targets import Target
from inferway.definition.usage import ApiKey, UsagePlan
from inferway.exchange import Call, Exchange, Reply, Request
from inferway.faults import Place
from inferway.gateway.pipeline import compile_pipeline, compile_steps
from inferway.gateway.stage import Outcome, Parts, run
from inferway.stores.memory import MemoryCache, MemoryCounters

HERE = Place(file="test")


class LiteralScope:
    """Every expression is its own text; one of the language `fails` raises."""

    def compile(self, expression: Expression) -> Callable[[Exchange], object]:
        return lambda exchange: expression.text

    def request_overrides(self, exchange: Exchange) -> None:
        return None

    def response_overrides(self, exchange: Exchange) -> None:
        return None


class Bench:
    """Compiles steps and runs them."""

    def __init__(self) -> None:
        self.connected: list[tuple[Target, float]] = []
        self.reply = Reply(status=200, headers=[], body=b"")
        self.counters = MemoryCounters()

    def text(self, text: str) -> Expression:
        return Expression(language="text", text=text, place=HERE)

    def exchange(self, **request: Any) -> Exchange:
        given = Request(**{"method": "POST", "path": "/svc/ml/x", "client": "192.0.2.1", **request})
        made = Exchange(request=given, parameters={}, route="POST /x", id="1", started=0.0)
        made.call = Call(method=given.method, path="/x", headers=list(given.headers), body=given.body)
        return made

    def parts(self, keys: tuple[ApiKey, ...] = (), plans: tuple[UsagePlan, ...] = ()) -> Parts:
        route = Route(method="POST", path="/x", pipeline=Pipeline(), place=HERE)
        limits = RequestLimits(url=1000, headers=1000, body=1000)
        api = ApiDefinition(dialect="test", name="t", slug="svc", base="ml", limits=limits, routes=(route,), place=HERE)
        bench = self

        class Backend:
            def invoke(self, call: Call) -> Reply:
                return bench.reply

        def connect(target: Target, timeout: float) -> Backend:
            bench.connected.append((target, timeout))
            return Backend()

        return Parts(
            deployment=Deployment(id="1", api=api, stage=StageSettings(name="ml"), keys=keys, plans=plans),
            route=route,
            scope=LiteralScope(),
            counters=self.counters,
            cache=MemoryCache(),
            connect=connect,
            compile_steps=compile_steps,
            compile_pipeline=compile_pipeline,
        )

    def run(self, step: Step, exchange: Exchange, **parts: Any) -> Outcome:
        stages = compile_steps((step,), self.parts(**parts))
        return asyncio.run(run(stages, exchange))


@pytest.fixture
def bench() -> Bench:
    return Bench()
