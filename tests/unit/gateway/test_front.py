"""Steps in front of a stage: they come before the route is looked up, in service and under watch."""

import asyncio
from pathlib import Path

import msgspec
import pytest

from inferway.app.deploy import Rooms, deployments, link_for, mount
from inferway.app.homes import Homes
from inferway.convert import load
from inferway.definition.bindings import Bindings
from inferway.definition.expression import Expression
from inferway.definition.steps import Refuse, ReturnResponse, SetVariable, Step
from inferway.exchange import Request
from inferway.faults import FaultKind, Place
from inferway.gateway.access_log import AccessLog
from inferway.gateway.core import Core, CoreOptions
from inferway.stores.memory import MemoryCache, MemoryCounters
from inferway.transport.client import HttpClient

DEFINITION = """
openapi: "3.0.1"
info: {title: t, version: "1"}
paths:
  /a:
    get:
      responses: {"200": {description: ok}}
      x-amazon-apigateway-integration:
        type: mock
        requestTemplates: {application/json: '{"statusCode": 200}'}
        responses: {default: {statusCode: "200"}}
"""
DENY = Refuse(kind=FaultKind.ACCESS_DENIED, cause="not from here")
TEXT = Expression(language="vtl", text="$context.stage", place=Place(file="f"))


def served(folder: Path, front: tuple[Step, ...]) -> Core:
    """Give a core that serves the definition, with these steps in front."""
    (folder / "openapi.yaml").write_text(DEFINITION)
    (made,), _ = deployments(load(folder).definitions, Bindings())
    made = msgspec.structs.replace(made, stage=msgspec.structs.replace(made.stage, front=front))
    client = HttpClient()
    rooms = Rooms(counters=MemoryCounters(), cache=MemoryCache(), client=client)
    core = Core(access_log=AccessLog(None), options=CoreOptions())
    core.activate({("t", "prod"): mount(made, link_for(made, Bindings(), Homes(), client), rooms)}, {})
    return core


def steps(folder: Path, front: tuple[Step, ...]) -> list[str]:
    """Give the steps that a trace has of a request."""

    async def main() -> list[str]:
        request = Request(method="GET", path="/t/prod/a", headers=[(b"host", b"a")])
        return [step.step for step in (await served(folder, front).watch(request, {})).steps]

    return asyncio.run(main())


def ask(folder: Path, front: tuple[Step, ...], path: str) -> tuple[int, bytes, int]:
    """Give the response's status and body, and the status that a watched request gets."""

    async def main() -> tuple[int, bytes, int]:
        core = served(folder, front)
        request = Request(method="GET", path=f"/t/prod{path}", headers=[(b"host", b"a")])
        response = await core.handle(request)
        watched = await core.watch(request, {})
        status = watched.response["status"]
        assert isinstance(response.body, bytes)
        assert isinstance(status, int)
        return response.status, response.body, status

    return asyncio.run(main())


@pytest.mark.parametrize("path", ["/a", "/there-is-no-such-route"])
def test_a_refusal_in_front_comes_before_the_route_is_looked_up(tmp_path: Path, path: str) -> None:
    assert ask(tmp_path, (DENY,), path) == (403, b'{"message":"Forbidden"}', 403)


def test_a_step_in_front_is_a_step_of_the_trace(tmp_path: Path) -> None:
    assert steps(tmp_path, (SetVariable(name="v", value=TEXT), DENY)) == ["SetVariable", "Refuse"]


def test_a_response_in_front_ends_the_request(tmp_path: Path) -> None:
    assert ask(tmp_path, (ReturnResponse(status=418, body=TEXT),), "/a") == (418, b"prod", 418)


def test_a_request_that_nothing_ends_in_front_goes_on(tmp_path: Path) -> None:
    assert ask(tmp_path, (SetVariable(name="v", value=TEXT),), "/a")[0] == 200
    assert ask(tmp_path, (SetVariable(name="v", value=TEXT),), "/b")[0] == 403
