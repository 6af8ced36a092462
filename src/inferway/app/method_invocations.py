"""Test invocations of a running development gateway: the page behind `inferway invoke`.

As Amazon API Gateway's TestInvokeMethod does it: one method is run as it is defined, without asking who calls, with the
log of what it did; or, as its TestInvokeAuthorizer does it, the method's authorizer alone. On the loopback interface
only, since it lets everyone in.
"""

import time
from collections.abc import Callable, Mapping
from typing import Final, Protocol

import msgspec

from inferway.app import parts as concrete
from inferway.app.loopback import local, not_json
from inferway.app.tracing import sent
from inferway.definition.deployment import Deployment
from inferway.exchange import Exchange, Headers, Request, Response
from inferway.gateway.beginning import beginning
from inferway.gateway.core import Core, Mounted, Page, json_page
from inferway.gateway.identifiers import request_id
from inferway.gateway.pipeline import CompiledRoute
from inferway.gateway.trace import Recorder, StepRecord

PATH: Final = "/_inferway/invoke"


class Asked(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A method to invoke: `path` as at the gateway, with its query; `variables` go over the stage's own.

    With `authorizer` only who may call it is asked.
    """

    method: str = "GET"
    path: str
    headers: tuple[tuple[str, str], ...] = ()
    body: str = ""
    variables: Mapping[str, str] = {}
    authorizer: bool = False


class Invoked(msgspec.Struct, frozen=True, kw_only=True):
    """What came of it; `latency` in milliseconds, `headers` as pairs, `body` as text."""

    status: int
    latency: int
    headers: tuple[tuple[str, str], ...]
    body: str
    log: str


class ExecutionLog(Protocol):
    """A dialect's module of test invocations."""

    def tested(self, deployment: Deployment, variables: Mapping[str, str]) -> Deployment:
        """Give what is invoked."""
        ...

    def execution_log(
        self, exchange: Exchange, response: Response, body: bytes, deployment: Deployment, latency: float | None
    ) -> str:
        """Give the log."""
        ...

    def shown_headers(self, exchange: Exchange, response: Response) -> Headers:
        """Give the headers of a response that a test shows."""
        ...


class AuthorizerTests(Protocol):
    """A dialect's module of tests of authorizers."""

    def tested_authorizer(self, deployment: Deployment, variables: Mapping[str, str]) -> Deployment:
        """Give what is invoked."""
        ...

    def authorizer_test(self, exchange: Exchange, response: Response, deployment: Deployment, took: float) -> object:
        """Give what came of it, as JSON has it."""
        ...


Remount = Callable[[Deployment], Mounted]
"""Compiles a deployment anew, with nothing shared with what is served but what stands behind it."""


def invocation_pages(core: Core, remount: Remount) -> Mapping[str, Page]:
    """Give the page."""

    async def page(request: Request, below: str) -> Response:  # noqa: ARG001 - a page's form
        no = not_json(request)
        if no is not None:
            return no
        try:
            asked = msgspec.json.decode(request.body, type=Asked)
            made = sent(asked.method, asked.path, asked.headers, asked.body, request.header(b"host") or b"localhost")
            return await (_ask(core, remount, made, asked) if asked.authorizer else _invoke(core, remount, made, asked))
        except ValueError as error:
            return json_page(400, {"message": f"this cannot be invoked: {error}"})

    return {PATH: local(page, "what invokes methods")}


async def _invoke(core: Core, remount: Remount, request: Request, asked: Asked) -> Response:
    mounted, below = core.find(request)
    if mounted is None:
        return json_page(400, {"message": f"no API is served at {request.path}"})
    log = concrete.execution_log(mounted.deployment.api.dialect)
    if log is None:
        return json_page(400, {"message": "only methods of Amazon API Gateway are invoked; see `inferway trace`"})
    deployment = log.tested(mounted.deployment, asked.variables)
    variant = remount(deployment)
    found = variant.tree.match(request.method, below)
    if found is None:
        return json_page(400, {"message": f"the API has no method {request.method} {below or '/'}"})
    recorder = Recorder()
    exchange = _begun(request, found, below, recorder)
    response = await variant.watched(found[0].label, {}).serve(exchange)
    body, broke = await beginning(response.body)
    exchange.fault = exchange.fault if broke is None else broke.fault
    text = log.execution_log(exchange, response, body, deployment, _integration(recorder.steps))
    invoked = Invoked(
        status=response.status,
        latency=round((time.perf_counter() - exchange.started) * 1000),
        headers=tuple(
            (name.decode("latin-1"), value.decode("utf-8", "replace"))
            for name, value in log.shown_headers(exchange, response)
        ),
        body=body.decode("utf-8", "replace"),
        log=text,
    )
    return json_page(200, invoked)


async def _ask(core: Core, remount: Remount, request: Request, asked: Asked) -> Response:
    """Ask the authorizer of a method."""
    mounted, below = core.find(request)
    if mounted is None:
        return json_page(400, {"message": f"no API is served at {request.path}"})
    tests: AuthorizerTests | None = concrete.authorizer_tests(mounted.deployment.api.dialect)
    if tests is None:
        return json_page(400, {"message": "only authorizers of Amazon API Gateway are tested; see `inferway trace`"})
    deployment = tests.tested_authorizer(mounted.deployment, asked.variables)
    variant = remount(deployment)
    found = variant.tree.match(request.method, below)
    if found is None:
        text = f"the API has no method {request.method} {below or '/'} that asks an authorizer"
        return json_page(400, {"message": text})
    exchange = _begun(request, found, below, Recorder())
    response = await found[0].serve(exchange)
    took = (time.perf_counter() - exchange.started) * 1000
    return json_page(200, tests.authorizer_test(exchange, response, deployment, took))


def _begun(request: Request, found: tuple[CompiledRoute, dict[str, str]], below: str, recorder: Recorder) -> Exchange:
    route, parameters = found
    started = time.perf_counter()
    return Exchange(
        request=request, parameters=parameters, route=route.label, id=request_id(), started=started, below=below,
        trace=recorder,
    )  # fmt: skip


def _integration(steps: list[StepRecord]) -> float | None:
    return next((step.took for step in steps if step.step == "Invoke"), None)
