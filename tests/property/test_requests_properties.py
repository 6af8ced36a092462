"""Whatever bytes a client sends, the protocol edge answers or closes; whatever a request holds, the core responds."""

import asyncio
import re
from functools import cache
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inferway.app.deploy import Rooms, deployments, link_for, mount
from inferway.app.homes import Homes
from inferway.convert import load
from inferway.definition.bindings import Bindings
from inferway.definition.deployment import Deployment
from inferway.exchange import Request, Response
from inferway.gateway.access_log import AccessLog
from inferway.gateway.core import Core, CoreOptions
from inferway.gateway.protocol import HttpProtocol
from inferway.stores.memory import MemoryCache, MemoryCounters
from inferway.transport.client import HttpClient

DEFINITION = """
openapi: "3.0.1"
info: {title: sample, version: "1"}
x-amazon-apigateway-request-validators:
  all: {validateRequestParameters: true, validateRequestBody: true}
paths:
  /mock/{id}:
    x-amazon-apigateway-any-method:
      parameters:
        - {name: id, in: path, required: true, schema: {type: string}}
      responses: {"200": {description: ok, headers: {X-Id: {schema: {type: string}}}}}
      x-amazon-apigateway-integration:
        type: mock
        requestTemplates:
          application/json: |
            #set($context.responseOverride.header.X-Id = $input.params("id"))
            #set($context.responseOverride.header.X-Got = $input.params("got"))
            #set($context.responseOverride.header[$input.params("name")] = "value")
            {"statusCode": 200}
        responses:
          default:
            statusCode: "200"
            responseTemplates:
              application/json: '{"id": "$input.params("id")", "all": $input.json("$"), "a": "$input.path("$.a")"}'
  /checked:
    post:
      x-amazon-apigateway-request-validator: all
      parameters:
        - {name: q, in: query, required: true, schema: {type: string}}
        - {name: X-H, in: header, required: true, schema: {type: string}}
      requestBody: {content: {application/json: {schema: {$ref: "#/components/schemas/Body"}}}}
      responses: {"200": {description: ok}}
      x-amazon-apigateway-integration:
        type: mock
        requestTemplates: {application/json: '{"statusCode": $input.params("q")}'}
        responses: {default: {statusCode: "200"}}
  /all/{proxy+}:
    x-amazon-apigateway-any-method:
      parameters:
        - {name: proxy, in: path, required: true, schema: {type: string}}
      responses: {"200": {description: ok}}
      x-amazon-apigateway-integration:
        {type: http_proxy, httpMethod: ANY, uri: "http://127.0.0.1:9/{proxy}", timeoutInMillis: 50,
         requestParameters: {integration.request.path.proxy: method.request.path.proxy}}
components:
  schemas:
    Body: {type: object, required: [a], properties: {a: {type: string, pattern: "^(x|xx)+$"}}}
"""
SOME = settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
HEADER_NAME = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+")


class Sink:
    """A transport that keeps what is written and closes when it is told to."""

    def __init__(self) -> None:
        self.data = b""
        self.closed = False
        self.ended = False
        self.protocol: Any = None

    def write(self, data: bytes) -> None:
        assert not self.ended, "written after the end"
        self.data += data

    def close(self) -> None:
        if not self.closed:
            self.closed = True
            self.protocol.connection_lost(None)

    abort = close

    def write_eof(self) -> None:
        self.ended = True

    def can_write_eof(self) -> bool:
        return True

    def is_closing(self) -> bool:
        return self.closed

    def pause_reading(self) -> None:
        pass

    def resume_reading(self) -> None:
        pass

    def get_write_buffer_size(self) -> int:
        return 0

    def get_extra_info(self, name: str) -> Any:
        return ("127.0.0.1", 1) if name == "peername" else None


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sample")
    (folder / "openapi.yaml").write_text(DEFINITION)
    return folder


@cache
def read(folder: Path) -> tuple[Deployment, ...]:
    conversion = load(folder)
    made, findings = deployments(conversion.definitions, Bindings())
    assert not [str(found) for found in (*conversion.findings, *findings) if found.severity == "error"]
    return made


def core_of(folder: Path) -> Core:
    """Compile the sample in the running loop."""
    made = read(folder)
    client = HttpClient()
    rooms = Rooms(counters=MemoryCounters(), cache=MemoryCache(), client=client)
    core = Core(access_log=AccessLog(None), options=CoreOptions(max_body_bytes=100_000))
    mounted = {
        (deployment.api.slug, deployment.stage.name): mount(
            deployment, link_for(deployment, Bindings(), Homes(), client), rooms
        )
        for deployment in made
    }
    core.activate(mounted, {})
    return core


def well_formed(response: Response) -> None:
    assert 200 <= response.status <= 599
    for name, value in response.headers:
        assert HEADER_NAME.fullmatch(name), name
        assert not set(value) & {*range(9), *range(10, 32), 127}, value
    assert isinstance(response.body, bytes)


async def feed(core: Core, pieces: list[bytes]) -> Sink:
    """Give bytes to a protocol piece by piece, and let it finish."""
    state = SimpleNamespace(connections=set(), tasks=set(), total_requests=0)
    config = SimpleNamespace(app=SimpleNamespace(core=core, read_timeout=30.0, idle_timeout=75.0))
    protocol = HttpProtocol(config, state, {})
    sink = Sink()
    sink.protocol = protocol
    protocol.connection_made(sink)  # type: ignore[arg-type]  # a stand-in
    for piece in pieces:
        if sink.closed:
            break
        protocol.data_received(piece)
        await asyncio.sleep(0)
    for _ in range(1000):
        await asyncio.sleep(0 if _ < 900 else 0.01)
        if sink.closed or sink.ended or protocol._idle is not None:
            break
    else:
        raise AssertionError("neither answered nor closed")
    task = protocol._task
    if not sink.closed:
        protocol.expire(float("inf"))
    assert sink.closed
    assert protocol not in state.connections
    assert task is not None
    await asyncio.wait([task])
    assert task.cancelled() or task.exception() is None
    return sink


LINES = st.sampled_from(
    [
        b"GET /sample/prod/mock/1 HTTP/1.1\r\n",
        b"POST /sample/prod/checked?q=200 HTTP/1.1\r\n",
        b"POST /sample/prod/mock/%0d%0a?name=%0d%0aX HTTP/1.1\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        b"CONNECT a:1 HTTP/1.1\r\n",
        b"GET http://a/b HTTP/1.0\r\n",
        b"HEAD / HTTP/1.1\r\n",
        b"Host: a\r\n",
        b"Host: b\r\n",
        b"Content-Length: 5\r\n",
        b"Content-Length: 0\r\n",
        b"Content-Length: 99999999\r\n",
        b"Transfer-Encoding: chunked\r\n",
        b"Expect: 100-continue\r\n",
        b"Connection: close\r\n",
        b"Connection: upgrade\r\n",
        b"Upgrade: websocket\r\n",
        b"Content-Type: application/json\r\n",
        b"X-H: 1\r\n",
        b"\r\n",
        b"5\r\nhello\r\n",
        b"0\r\n\r\n",
        b"0\r\nHost: c\r\n\r\n",
        b"hello",
        b'{"a":"x"}',
        b"ffffffffffffffff\r\n",
    ]
)


@given(st.lists(st.one_of(LINES, LINES, LINES, st.binary(max_size=20)), max_size=30))
@SOME
def test_any_bytes_are_answered_or_end_the_connection(folder: Path, pieces: list[bytes]) -> None:
    async def main() -> Sink:
        return await feed(core_of(folder), pieces)

    sink = asyncio.run(main())
    assert sink.data == b"" or sink.data.startswith(b"HTTP/1.1 ")
    assert b"\r\nX: value" not in sink.data


@given(st.lists(LINES, max_size=30), st.lists(st.integers(0, 600), max_size=5))
@SOME
def test_how_bytes_are_cut_changes_nothing(folder: Path, pieces: list[bytes], cuts: list[int]) -> None:
    """Whole or cut anywhere, the same statuses come back in the same order."""
    whole = b"".join(pieces)
    edges = sorted({0, len(whole), *(cut for cut in cuts if cut < len(whole))})
    cut = [whole[start:end] for start, end in pairwise(edges)]

    async def main() -> list[list[bytes]]:
        core = core_of(folder)
        return [re.findall(rb"HTTP/1.1 [2-5]\d\d", (await feed(core, given)).data) for given in ([whole], cut)]

    at_once, in_pieces = asyncio.run(main())
    assert at_once == in_pieces


TEXT = st.text(st.characters(max_codepoint=255), max_size=30)
VALUE = st.one_of(st.binary(max_size=30), st.sampled_from([b"application/json", b"*/*", b"a", b"1", b"text/html;q=x"]))
HEADERS = st.lists(
    st.tuples(
        st.sampled_from(
            [
                b"host",
                b"content-type",
                b"accept",
                b"content-length",
                b"x-h",
                b"x-api-key",
                b"transfer-encoding",
                b"cookie",
            ]
        ),
        VALUE,
    ),
    max_size=8,
)
PATHS = st.one_of(
    TEXT,
    TEXT.map(lambda text: f"/sample/prod/mock/{text}"),
    TEXT.map(lambda text: f"/sample/prod/all/{text}"),
    st.just("/sample/prod/checked"),
    TEXT.map(lambda text: f"/sample/{text}"),
)
QUERIES = st.one_of(
    TEXT, TEXT.map(lambda text: f"name={text}"), TEXT.map(lambda text: f"q={text}&got={text}"), st.just("q=200")
)
BODIES = st.one_of(
    st.binary(max_size=200), st.sampled_from([b'{"a":"x"}', b'{"a":1}', b"[" * 5000, b'"\\ud800"', b"1e999"])
)


@given(
    st.sampled_from(["GET", "POST", "HEAD", "OPTIONS", "DELETE", "PROPFIND", ""]),
    PATHS,
    QUERIES,
    HEADERS,
    BODIES,
    st.sampled_from(["1.0", "1.1", "2", "0.9", ""]),
)
@SOME
def test_any_request_gets_a_well_formed_response(
    folder: Path, method: str, path: str, query: str, headers: list[tuple[bytes, bytes]], body: bytes, version: str
) -> None:
    async def main() -> Response:
        sound = [(b"host", b"a"), *headers] if not any(name == b"host" for name, _ in headers) else headers
        request = Request(method=method, path=path, query=query, headers=sound, body=body, version=version)
        return await core_of(folder).handle(request)

    well_formed(asyncio.run(main()))
