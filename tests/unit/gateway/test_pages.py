"""Pages below no API: the exact path, the longest prefix, and a page that has nothing; requests that are watched."""

import asyncio
import io
from collections.abc import Awaitable
from pathlib import Path
from typing import Any

import pytest

from inferway.app.deploy import Rooms, deployments, link_for, mount
from inferway.app.homes import Homes
from inferway.convert import load
from inferway.definition.bindings import Bindings
from inferway.exchange import Request, Response
from inferway.gateway.access_log import AccessLog
from inferway.gateway.core import Core, CoreOptions, Page, json_page
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
"""
HOST = (b"host", b"a")


def says(name: str) -> Page:
    def page(request: Request, below: str) -> Response:
        del request
        return json_page(200, [name, below])

    return page


async def later(request: Request, below: str) -> Response | None:
    await asyncio.sleep(0)
    return None if below == "none" else json_page(200, ["later", below])


def nothing(request: Request, below: str) -> Awaitable[Response | None] | None:
    del request, below
    return None


PAGES: dict[str, Page] = {
    "/": says("root"),
    "/exact": says("exact"),
    "/a/": says("a"),
    "/a/b/": says("a/b"),
    "/later/": later,
    "/nothing/": nothing,
}


def answered(path: str) -> tuple[Response, bytes]:
    sink = io.BytesIO()

    async def main() -> Response:
        core = Core(access_log=AccessLog(sink), options=CoreOptions())
        core.activate({}, PAGES)
        response = await core.handle(Request(method="GET", path=path, headers=[HOST]))
        core._access_log.close()
        return response

    return asyncio.run(main()), sink.getvalue()


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/", b'["root",""]'),
        ("/other", b'["root","other"]'),
        ("/exact", b'["exact",""]'),
        ("/exact/", b'["root","exact/"]'),
        ("/a", b'["root","a"]'),
        ("/a/", b'["a",""]'),
        ("/a/x/y", b'["a","x/y"]'),
        ("/a/b/x", b'["a/b","x"]'),
        ("/later/x", b'["later","x"]'),
    ],
)
def test_the_longest_prefix_answers(path: str, expected: bytes) -> None:
    assert answered(path)[0].body == expected


@pytest.mark.parametrize("path", ["/later/none", "/nothing/x", "/nothing/"])
def test_a_page_that_has_nothing_there_is_a_404(path: str) -> None:
    assert answered(path)[0].status == 404


def test_what_is_below_a_page_is_logged_once_and_a_page_itself_is_not() -> None:
    assert answered("/exact")[1] == b""
    assert len(answered("/a/x")[1].splitlines()) == 1


def watched(folder: Path, **request: Any) -> tuple[Any, Response]:
    """Give the trace of a request, and what the same request is answered."""
    (folder / "openapi.yaml").write_text(DEFINITION)

    async def main() -> tuple[Any, Response]:
        made, _ = deployments(load(folder).definitions, Bindings())
        client = HttpClient()
        rooms = Rooms(counters=MemoryCounters(), cache=MemoryCache(), client=client)
        core = Core(access_log=AccessLog(None), options=CoreOptions())
        mounted = mount(made[0], link_for(made[0], Bindings(), Homes(), client), rooms)
        core.activate({("t", "prod"): mounted}, {"/page": says("page")})
        asked = Request(**({"method": "GET", "path": "/t/prod/status", "headers": [HOST]} | request))
        return await core.watch(asked, {}), await core.handle(asked)

    return asyncio.run(main())


@pytest.mark.parametrize(
    "request_",
    [
        {},
        {"query": "s=418"},
        {"query": "s=100"},
        {"query": "s=600"},
        {"path": "/t/prod/none"},
        {"path": "/t/none/status"},
        {"path": "/none"},
        {"path": "/page"},
        {"headers": []},
        {"headers": [HOST, HOST], "path": "/page"},
        {"query": "a" * 10_241},
        {"body": b"x" * 10_485_761},
        {"path": "/t/prod/a\x01"},
    ],
)
def test_a_watched_request_is_answered_as_any_other(tmp_path: Path, request_: dict[str, Any]) -> None:
    seen, response = watched(tmp_path, **request_)
    body = response.body.decode() if isinstance(response.body, bytes) else ""
    assert (seen.response["status"], seen.response["body"]) == (response.status, body)
