"""A laboratory: a definition with a canary release, served by a core in this process."""

import asyncio
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from inferway.app.deploy import Rooms, deployments, link_for, mount
from inferway.app.homes import Homes
from inferway.app.releases import put_canary
from inferway.convert import load
from inferway.definition.bindings import Bindings
from inferway.definition.canary import Canary
from inferway.definition.deployment import Deployment
from inferway.definition.stage import StageSettings
from inferway.exchange import Request
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
        responses:
          default:
            statusCode: "200"
            responseTemplates:
              application/json: 'REVISION $stageVariables.v $!stageVariables.w $!context.isCanaryRequest $context.stage'
"""

Served = Callable[..., tuple[list[str], list[dict[str, Any]]]]


def definition(folder: Path, revision: str = "one") -> Path:
    file = folder / f"{revision}.yaml"
    file.write_text(DEFINITION.replace("REVISION", revision))
    return file


@pytest.fixture
def made(tmp_path: Path) -> Callable[..., Deployment]:
    """Give a deployment of a stage with these settings."""

    def make(canary: Canary | None, **stage: Any) -> Deployment:
        settings = StageSettings(name="prod", **stage, canary=canary)
        revisions = {
            path: load(Path(path)).definitions for path in ([canary.definition] if canary and canary.definition else [])
        }
        bindings = Bindings(stages={"t": (settings,)})
        (deployment,), findings = deployments(load(definition(tmp_path)).definitions, bindings, revisions)
        assert not [finding for finding in findings if finding.severity == "error"], findings
        return deployment

    return make


@pytest.fixture
def served() -> Served:
    """Give the bodies of some requests for a deployment one after the other, and the access log."""

    def serve(deployment: Deployment, requests: int = 1, **asked: Any) -> tuple[list[str], list[dict[str, Any]]]:
        sink = io.BytesIO()

        async def main() -> list[str]:
            client = HttpClient()
            rooms = Rooms(counters=MemoryCounters(), cache=MemoryCache(), client=client)
            core = Core(access_log=AccessLog(sink), options=CoreOptions())
            mounted = mount(deployment, link_for(deployment, Bindings(), Homes(), client), rooms)
            settings = deployment.stage.canary
            if deployment.canary is not None and settings is not None:
                beside = mount(deployment.canary, link_for(deployment.canary, Bindings(), Homes(), client), rooms)
                put_canary(mounted, beside, settings.percent)
            core.activate({("t", "prod"): mounted}, {})
            bodies = []
            for _ in range(requests):
                given = {"method": "GET", "path": "/t/prod/a", "headers": [(b"host", b"a")]} | asked
                response = await core.handle(Request(**given))
                assert isinstance(response.body, bytes)
                bodies.append(response.body.decode())
            core._access_log.close()
            return bodies

        bodies = asyncio.run(main())
        return bodies, [json.loads(line) for line in sink.getvalue().splitlines()]

    return serve
