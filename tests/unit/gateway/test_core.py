"""The core: limits, statuses that end nothing, clients that left, and what is said where no API is."""

import asyncio
import io
import json
from pathlib import Path
from typing import Any

import pytest

from inferway.app.deploy import Rooms, deployments, link_for, mount
from inferway.app.homes import Homes
from inferway.convert import load
from inferway.definition.bindings import Bindings
from inferway.exchange import Request, Response
from inferway.faults import Fault, FaultKind
from inferway.gateway.access_log import AccessLog
from inferway.gateway.core import Core, CoreOptions, json_page
from inferway.rollout.tally import Tally
from inferway.stores.memory import MemoryCache, MemoryCounters
from inferway.transport.client import HttpClient

DEFINITION = """
openapi: "3.0.1"
info: {title: t, version: "1"}
paths:
  /status:
    get:
      responses: {"200": {description: ok}}
      x-amazon-apigateway-integration:
        type: mock
        requestTemplates:
          application/json: |
            #set($context.responseOverride.status = $input.params("s")){"statusCode": 200}
        responses: {default: {statusCode: "200"}}
  /where/{proxy+}:
    get:
      responses: {"200": {description: ok}}
      x-amazon-apigateway-integration:
        type: mock
        requestTemplates: {application/json: '{"statusCode": 200}'}
        responses: {default: {statusCode: "200", responseTemplates: {application/json: $context.path}}}
  /closed:
    get:
      responses: {"200": {description: ok}}
      x-amazon-apigateway-auth: {type: AWS_IAM}
      x-amazon-apigateway-integration: {type: http_proxy, httpMethod: GET, uri: "http://127.0.0.1:PORT/"}
  /slow:
    get:
      responses: {"200": {description: ok}}
      x-amazon-apigateway-integration: {type: http_proxy, httpMethod: GET, uri: "http://127.0.0.1:PORT/"}
"""
HOST = (b"host", b"a")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "openapi.yaml").write_text(DEFINITION)
    return tmp_path


def core_of(folder: Path, sink: io.BytesIO | None) -> Core:
    made, _ = deployments(load(folder).definitions, Bindings())
    client = HttpClient()
    rooms = Rooms(counters=MemoryCounters(), cache=MemoryCache(), client=client)
    core = Core(access_log=AccessLog(sink), options=CoreOptions())
    core.activate(
        {("t", "prod"): mount(made[0], link_for(made[0], Bindings(), Homes(), client), rooms)},
        {"/_inferway/health": lambda request, below: json_page(200, {"status": "ok"})},
    )
    return core


def ask(folder: Path, **request: Any) -> tuple[Response, list[dict[str, Any]]]:
    """Give the response to one request, and the access log."""
    sink = io.BytesIO()

    async def main() -> Response:
        core = core_of(folder, sink)
        given = {"method": "GET", "path": "/t/prod/status", "headers": [HOST]} | request
        response = await core.handle(Request(**given))
        core._access_log.close()
        return response

    response = asyncio.run(main())
    return response, [json.loads(line) for line in sink.getvalue().splitlines()]


@pytest.mark.parametrize("status", ["100", "101", "199", "600", "999"])
def test_a_status_that_ends_no_response_becomes_the_vendors_500(folder: Path, status: str) -> None:
    """RFC 9110, 15: a final status is between 200 and 599."""
    response, (entry,) = ask(folder, query=f"s={status}")
    assert (response.status, response.body) == (500, b'{"message": "Internal server error"}')
    assert (entry["status"], bool(entry["cause"])) == (500, True)


@pytest.mark.parametrize(
    ("host", "path"),
    [(b"a", "/t/prod/where/a%2Fb/"), (b"a", "/prod/where/a%2Fb/"), (b"t.localhost", "/prod/where/a%2Fb/")],
)
def test_what_leads_to_an_api_is_no_part_of_its_path(folder: Path, host: bytes, path: str) -> None:
    """`$context.path` is the stage and the path below it (API Gateway, "Variables for data models")."""
    response, _ = ask(folder, path=path, headers=[(b"host", host)])
    assert (response.status, response.body) == (200, b"/prod/where/a%2Fb/")

    async def watched() -> object:
        trace = await core_of(folder, None).watch(Request(method="GET", path=path, headers=[(b"host", host)]), {})
        return trace.response["body"]

    assert asyncio.run(watched()) == "/prod/where/a%2Fb/"


@pytest.mark.parametrize("status", ["200", "204", "418", "599"])
def test_a_final_status_is_sent(folder: Path, status: str) -> None:
    assert ask(folder, query=f"s={status}")[0].status == int(status)


@pytest.mark.parametrize(
    ("request_", "status", "fault"),
    [
        ({"version": "0.9", "headers": []}, 400, "malformed request"),
        ({"version": "2.0"}, 400, "malformed request"),
        ({"headers": []}, 400, "malformed request"),
        ({"path": "/t/prod/a\x01"}, 400, "malformed request"),
        ({"query": "a b"}, 400, "malformed request"),
        ({"query": "a" * 10_241}, 414, "URI too long"),
        ({"headers": [HOST, (b"a", b"x" * 10_241)]}, 431, "headers too large"),
        ({"body": b"x" * 10_485_761}, 413, "body too large"),
        ({"method": "DELETE"}, 403, "unknown route"),
        ({"path": "/t/none/status"}, 403, "access denied"),
        ({"path": "/none"}, 404, "unknown API"),
        ({"path": "*", "method": "OPTIONS"}, 404, "unknown API"),
        ({"path": ""}, 404, "unknown API"),
    ],
)
def test_what_is_refused_is_logged_once(folder: Path, request_: dict[str, Any], status: int, fault: str) -> None:
    response, entries = ask(folder, **request_)
    assert response.status == status
    assert [(entry["status"], entry["fault"], bool(entry["cause"])) for entry in entries] == [(status, fault, True)]


def test_a_system_page_is_not_logged(folder: Path) -> None:
    response, entries = ask(folder, path="/_inferway/health")
    assert (response.status, entries) == (200, [])


def test_a_malformed_request_for_a_system_page_is_refused(folder: Path) -> None:
    assert ask(folder, path="/_inferway/health", headers=[HOST, HOST])[0].status == 400


def test_a_request_whose_client_left_is_logged_once(folder: Path) -> None:
    sink = io.BytesIO()

    async def main() -> None:
        accepted = asyncio.Event()

        async def hold(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            accepted.set()
            await reader.read()
            writer.close()

        server = await asyncio.start_server(hold, "127.0.0.1", 0)
        definition = folder / "openapi.yaml"
        definition.write_text(DEFINITION.replace("PORT", str(server.sockets[0].getsockname()[1])))
        core = core_of(folder, sink)
        task = asyncio.ensure_future(core.handle(Request(method="GET", path="/t/prod/slow", headers=[HOST])))
        await accepted.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        core._access_log.close()
        server.close()
        await asyncio.sleep(0.05)

    asyncio.run(main())
    (entry,) = [json.loads(line) for line in sink.getvalue().splitlines()]
    assert (entry["status"], entry["fault"], entry["path"]) == (499, "client left", "/t/prod/slow")


def test_what_an_edge_refuses_has_the_vendors_form_below_an_api_and_its_own_elsewhere(folder: Path) -> None:
    async def main() -> tuple[Response, Response]:
        core = core_of(folder, None)
        fault = Fault(kind=FaultKind.MALFORMED_REQUEST, cause="why")
        of_api = core.refuse(Request(method="GET", path="/t/prod/a"), fault)
        of_none = core.refuse(Request(method="GET", path="/none"), fault)
        core._access_log.close()
        return of_api, of_none

    of_api, of_none = asyncio.run(main())
    assert (of_api.status, of_api.body) == (400, b'{"message":"Bad Request"}')
    assert (of_none.status, of_none.body) == (400, b'{"error":{"code":"malformed_request","message":"why"}}')


def test_a_release_is_judged_by_what_was_served(folder: Path) -> None:
    """A flood of refused requests must not have a release promoted, by their number or by how fast they were."""

    async def main() -> tuple[list[int], Tally]:
        core = core_of(folder, None)
        mounted, _ = core.find(Request(method="GET", path="/t/prod/status", headers=[HOST]))
        assert mounted is not None
        mounted.tally = Tally()
        asked = [("/closed", "")] * 5 + [("/nowhere", ""), ("/status", ""), ("/status", "s=404")]
        asked += [("/status", "s=503"), ("/status", "s=999")]
        statuses = []
        for path, query in asked:
            request = Request(method="GET", path=f"/t/prod{path}", query=query, headers=[HOST])
            statuses.append((await core.handle(request)).status)
        return statuses, mounted.tally

    statuses, tally = asyncio.run(main())
    assert statuses == [403] * 6 + [200, 404, 503, 500]
    assert (tally.requests, tally.errors) == (4, 2)
