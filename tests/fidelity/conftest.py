"""A laboratory: an OpenAPI document compiled in this process, in front of a backend that records what it is sent."""

import asyncio
import json
import textwrap
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from inferway.app.deploy import Rooms, deployments, link_for, mount
from inferway.app.homes import Homes
from inferway.convert import load
from inferway.definition.bindings import Bindings, BoundKey, BoundPlan
from inferway.definition.identity import Identity
from inferway.definition.issuer import Issuer
from inferway.definition.stage import StageSettings, Throttle
from inferway.definition.tracing import Tracing
from inferway.exchange import Request
from inferway.faults import Severity
from inferway.gateway.access_log import AccessLog
from inferway.gateway.core import Core, CoreOptions
from inferway.serving.functions.function_server import FunctionServer
from inferway.serving.functions.options import FunctionOptions
from inferway.stores.memory import MemoryCache, MemoryCounters
from inferway.stores.tables.definition import simple_definition
from inferway.stores.tables.store import TableStore, sqlite_url
from inferway.transport.client import HttpClient

BACKEND = "http://backend.example"
"""The URL under which documents name the recording backend."""

Asked = tuple[Any, ...]
"""Method, path with query; optionally a mapping of headers; optionally a body as bytes or text."""


class Received(NamedTuple):
    """A call as the backend got it; header names are lower-case."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes


class Answer(NamedTuple):
    """A response as a client gets it; header names are lower-case, `names` has them as written."""

    status: int
    headers: dict[str, str]
    names: tuple[str, ...]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode("utf-8")

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def error(self) -> str:
        return self.headers.get("x-amzn-errortype", "")


class Reply(NamedTuple):
    """What the backend says; status 0 is a silence without end."""

    status: int = 200
    headers: Mapping[str, str] = {}
    body: bytes = b"{}"


class Backend:
    """An HTTP server that records its calls and answers each with the next reply, the last one for ever."""

    def __init__(self, replies: tuple[Reply, ...]) -> None:
        self.calls: list[Received] = []
        self._replies = list(replies or (Reply(),))
        self._server: asyncio.Server | None = None

    async def start(self) -> str:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    async def stop(self) -> None:
        if self._server is not None:
            self._server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
                method, target, _ = head[0].split(" ")
                pairs = [line.split(": ", 1) for line in head[1:] if line]
                headers = {name.lower(): value for name, value in pairs}
                body = await reader.readexactly(int(headers.get("content-length", "0")))
                self.calls.append(Received(method, target, headers, body))
                reply = self._replies.pop(0) if len(self._replies) > 1 else self._replies[0]
                if not reply.status:
                    await reader.read()
                    break
                lines = [f"HTTP/1.1 {reply.status} X"]
                lines += [f"{name}: {value}" for name, value in reply.headers.items()]
                lines += [f"content-length: {len(reply.body)}", "", ""]
                writer.write("\r\n".join(lines).encode("latin-1") + (b"" if method == "HEAD" else reply.body))
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()


class Clock:
    """A time that stands still until a test moves it."""

    def __init__(self, now: float = 1_700_000_000.0) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now


class Played(NamedTuple):
    """What came of a list of requests."""

    answers: list[Answer]
    calls: list[Received]
    findings: list[str]

    @property
    def answer(self) -> Answer:
        return self.answers[-1]

    @property
    def call(self) -> Received:
        return self.calls[-1]


class Lab:
    """Builds documents and plays requests against them."""

    backend = BACKEND
    reply = Reply

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._made = 0

    def document(self, paths: dict[str, Any], **top: Any) -> dict[str, Any]:
        """Give an OpenAPI 3.0 document; keywords are its other parts."""
        return {"openapi": "3.0.1", "info": {"title": "lab", "version": "1"}, "paths": paths, **top}

    def operation(self, integration: dict[str, Any], **parts: Any) -> dict[str, Any]:
        """Give an operation that declares whatever its integration's responses need."""
        responses: dict[str, Any] = {}
        for case in integration.get("responses", {}).values():
            names = [key.removeprefix("method.response.header.") for key in case.get("responseParameters", {})]
            declared = responses.setdefault(case["statusCode"], {"description": "", "headers": {}})
            declared["headers"] |= {name: {"schema": {"type": "string"}} for name in names}
        return {"responses": responses, "x-amazon-apigateway-integration": integration, **parts}

    def mock(self, template: str | None = '{"statusCode": 200}', **parts: Any) -> dict[str, Any]:
        """Give a MOCK integration with one template for JSON."""
        made: dict[str, Any] = {"type": "mock", "responses": {"default": {"statusCode": "200"}}}
        if template is not None:
            made["requestTemplates"] = {"application/json": template}
        return made | parts

    def rendering(self, template: str, **parts: Any) -> dict[str, Any]:
        """Give the operation of a MOCK integration whose response is a template."""
        case = {"statusCode": "200", "responseTemplates": {"application/json": template}}
        return self.operation(self.mock(responses={"default": case}), **parts)

    def http(self, uri: str = "/", method: str = "POST", **parts: Any) -> dict[str, Any]:
        """Give an HTTP integration of the recording backend."""
        made = {"type": "http", "httpMethod": method, "uri": BACKEND + uri}
        return made | {"responses": {"default": {"statusCode": "200"}}} | parts

    def proxy(self, uri: str = "/", method: str = "ANY", **parts: Any) -> dict[str, Any]:
        """Give an HTTP_PROXY integration of the recording backend."""
        return {"type": "http_proxy", "httpMethod": method, "uri": BACKEND + uri, **parts}

    def function(self, name: str = "recorded", kind: str = "aws_proxy", **parts: Any) -> dict[str, Any]:
        """Give an integration with a function, which is the recording backend where it has no other name."""
        arn = f"arn:aws:lambda:eu-west-1:123456789012:function:{name}"
        uri = f"arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/{arn}/invocations"
        return {"type": kind, "httpMethod": "POST", "uri": uri, **parts}

    def table(self, operation: str, template: str, **parts: Any) -> dict[str, Any]:
        """Give an AWS integration with an operation on a table."""
        uri = f"arn:aws:apigateway:eu-west-1:dynamodb:action/{operation}"
        made = {"type": "aws", "httpMethod": "POST", "uri": uri, "credentials": "arn:aws:iam::123456789012:role/call"}
        templates = {"requestTemplates": {"application/json": template}}
        return made | templates | {"responses": {"default": {"statusCode": "200"}}} | parts

    def sagemaker(self, **parts: Any) -> dict[str, Any]:
        """Give an AWS integration of the SageMaker endpoint `model`, which is the recording backend."""
        uri = "arn:aws:apigateway:eu-west-1:runtime.sagemaker:path/endpoints/model/invocations"
        made = {"type": "aws", "httpMethod": "POST", "uri": uri, "credentials": "arn:aws:iam::123456789012:role/call"}
        return made | {"responses": {"default": {"statusCode": "200"}}} | parts

    def play(
        self,
        document: dict[str, Any],
        *asked: Asked,
        replies: tuple[Reply, ...] = (),
        stage: StageSettings | None = None,
        keys: Mapping[str, str] | None = None,
        plans: Mapping[str, BoundPlan] | None = None,
        account: Throttle | None = None,
        identities: tuple[Identity, ...] = (),
        issuers: tuple[Issuer, ...] = (),
        clock: Clock | None = None,
        between: Callable[[int], None] | None = None,
        functions: Mapping[str, str] | None = None,
        tables: tuple[str, ...] = (),
        host: str = "lab.example",
        tracing: Tracing | None = None,
    ) -> Played:
        """Deploy a document, send the requests one after the other, and give what came back and what was called.

        `functions` are code by name, each served for real; the function `recorded` is the backend. `tables` are names
        of empty tables with the key `id`. `host` may be a domain of the document's own.
        """
        self._made += 1
        file = self._folder / f"{self._made}.json"
        file.write_text(json.dumps(document), encoding="utf-8")
        conversion = load(file)
        errors = [str(finding) for finding in conversion.findings if finding.severity is Severity.ERROR]
        assert not errors, errors
        bindings = Bindings(
            urls={},
            keys={name: BoundKey(name=name, value=value) for name, value in (keys or {}).items()},
            stages={"lab": (stage,)} if stage is not None else {},
            plans=dict(plans or {}),
            identities={identity.name: identity for identity in identities},
            issuers={issuer.name: issuer for issuer in issuers},
            tracing=tracing,
            account_throttle=account or Throttle(rate=10_000, burst=5_000),
        )

        async def scenario() -> tuple[list[Answer], list[Received]]:
            backend = Backend(replies)
            url = await backend.start()
            client = HttpClient()
            clocks = {"monotonic": clock, "wall": clock} if clock is not None else {}
            cache = MemoryCache(clock=clock) if clock is not None else MemoryCache()
            rooms = Rooms(counters=MemoryCounters(**clocks), cache=cache, client=client)
            servers = [await self._serve(name, code) for name, code in (functions or {}).items()]
            homes = {"recorded": url} | {server.name: server.url for server in servers}
            store = await self._tables(tables) if tables else None
            access_log = AccessLog(None)
            core = Core(access_log=access_log, options=CoreOptions())
            mounted = {}
            for deployment in deployments(conversion.definitions, bindings)[0]:
                link = link_for(deployment, bindings, Homes(endpoints={"model": url}), client)
                link = type(link)(
                    client=client,
                    endpoints={"model": url},
                    urls={BACKEND: url},
                    variables=deployment.stage.variables,
                    functions=homes,
                    tables=dict.fromkeys(tables, store) if store is not None else {},
                )
                mounted[deployment.api.slug, deployment.stage.name] = mount(deployment, link, rooms)
            core.activate(mounted, {})
            try:
                answers = []
                for number, one in enumerate(asked):
                    if between is not None:
                        between(number)
                    answers.append(await _ask(core, host, stage.name if stage is not None else "prod", *one))
                return answers, backend.calls
            finally:
                access_log.close()
                await client.aclose()
                await backend.stop()
                for server in servers:
                    await server.stop()
                if store is not None:
                    await store.close()

        answers, calls = asyncio.run(scenario())
        return Played(answers, calls, [str(finding) for finding in conversion.findings])

    async def _serve(self, name: str, code: str) -> FunctionServer:
        folder = self._folder / f"{self._made}-{name}"
        folder.mkdir()
        (folder / "index.py").write_text(textwrap.dedent(code), encoding="utf-8")
        options = FunctionOptions(path=folder, handler="index.handler", grace=5.0, timeout=5.0)
        server = FunctionServer(name, options, lambda _, __: None)
        await server.start()
        return server

    async def _tables(self, names: tuple[str, ...]) -> TableStore:
        store = TableStore(sqlite_url(self._folder / f"{self._made}.db"))
        await store.open(simple_definition(name, "id") for name in names)
        return store

    def render(self, template: str, *asked: Any, **settings: Any) -> str:
        """Give what a response template of a MOCK integration makes of a request."""
        request = asked or ("GET", "/t")
        paths = {"/t": {"x-amazon-apigateway-any-method": self.rendering(template)}}
        return self.play(self.document(paths), request, **settings).answer.text

    def send(self, template: str, *asked: Any, **settings: Any) -> str:
        """Give the body that a request template makes of a request."""
        request = asked or ("POST", "/t", {}, b"{}")
        integration = self.http(requestTemplates={"application/json": template})
        paths = {"/t": {"x-amazon-apigateway-any-method": self.operation(integration)}}
        return self.play(self.document(paths), request, **settings).call.body.decode("utf-8")


async def _ask(
    core: Core,
    host: str,
    stage: str,
    method: str,
    target: str,
    headers: Mapping[str, str] | None = None,
    body: bytes | str = b"",
) -> Answer:
    path, _, query = target.partition("?")
    sent = {"Host": host, **(headers or {})}
    content = body.encode() if isinstance(body, str) else body
    if content:
        sent["Content-Length"] = str(len(content))
    response = await core.handle(
        Request(
            method=method,
            path=f"/lab/{stage}{path}" if host == "lab.example" else path,
            query=query,
            headers=[(name.lower().encode(), value.encode()) for name, value in sent.items()],
            names=[name.encode() for name in sent],
            body=content,
            client="192.0.2.7",
        )
    )
    streamed = response.body
    body = streamed if isinstance(streamed, bytes) else b"".join([piece async for piece in streamed])
    made = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in response.headers]
    table: dict[str, str] = {}
    for name, value in made:
        key = name.lower()
        table[key] = f"{table[key]}, {value}" if key in table else value
    return Answer(response.status, table, tuple(name for name, _ in made), body)


@pytest.fixture
def lab(tmp_path: Path) -> Lab:
    return Lab(tmp_path)


@pytest.fixture
def clock() -> Clock:
    return Clock()
