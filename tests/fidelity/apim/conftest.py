"""A laboratory: a service as a format hands it over, deployed in this process, over a backend that records."""

import asyncio
import json
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import pytest

from inferway.app.deploy import Rooms, deployments, mount
from inferway.backends.link import Link
from inferway.definition.api import ApiDefinition
from inferway.definition.bindings import Bindings, BoundKey
from inferway.dialects.apim.provisioning import provision
from inferway.dialects.apim.reader import read
from inferway.exchange import Request
from inferway.faults import Place
from inferway.formats.resources import Environment, OnePlace, Resource, ResourceGraph
from inferway.gateway.access_log import AccessLog
from inferway.gateway.core import Core, CoreOptions
from inferway.stores.memory import MemoryCache, MemoryCounters
from inferway.transport.client import HttpClient

BACKEND = "https://backend.example"
PREFIX = "azure-native:apimanagement:"
SERVICE = "svc"
MASTER = "master-key"

Given = tuple[str, str, Mapping[str, Any]]
"""Type, of azure-native without its prefix, logical name, properties."""

Asked = tuple[Any, ...]
"""Method, path with query; optionally a mapping of headers; optionally a body as bytes or text."""


class Received(NamedTuple):
    """A call as the backend got it; header names are lower-case, of several lines the last counts."""

    method: str
    target: str
    headers: dict[str, str]
    lines: list[tuple[str, str]]
    body: bytes


class Answer(NamedTuple):
    """A response as a client gets it; header names are lower-case, lines of one name joined with a comma."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode("utf-8")

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def message(self) -> str:
        return str(self.json["message"])


class Reply(NamedTuple):
    """What the backend says; status 0 hangs up, -1 says nothing."""

    status: int = 200
    headers: Mapping[str, str] = {}
    body: bytes = b"{}"


class Backend:
    """An HTTP server that records its calls and answers each with the next reply, the last one for ever."""

    def __init__(self, replies: tuple[Reply, ...]) -> None:
        self.calls: list[Received] = []
        self._replies = list(replies or (Reply(headers={"content-type": "application/json"}),))
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
                head = (await reader.readuntil(b"\r\n\r\n")).decode("utf-8").split("\r\n")
                method, target, _ = head[0].split(" ")
                lines = [(name.lower(), value) for name, value in (line.split(": ", 1) for line in head[1:] if line)]
                headers = dict(lines)
                body = await reader.readexactly(int(headers.get("content-length", "0")))
                self.calls.append(Received(method, target, headers, lines, body))
                reply = self._replies.pop(0) if len(self._replies) > 1 else self._replies[0]
                if reply.status < 0:
                    await reader.read()
                if reply.status <= 0:
                    break
                said = [f"HTTP/1.1 {reply.status} X"]
                said += [f"{name}: {value}" for name, value in reply.headers.items()]
                said += [f"content-length: {len(reply.body)}", "", ""]
                writer.write("\r\n".join(said).encode("utf-8") + (b"" if method == "HEAD" else reply.body))
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

    @property
    def answer(self) -> Answer:
        return self.answers[-1]

    @property
    def call(self) -> Received:
        return self.calls[-1]

    @property
    def statuses(self) -> list[int]:
        return [answer.status for answer in self.answers]


class Lab:
    """Builds services and plays requests against them."""

    backend = BACKEND
    reply = Reply
    master = MASTER

    def policy(self, inbound: str = "", backend: str = "", outbound: str = "", on_error: str = "") -> str:
        """Give a policy document; each section begins with `<base />`."""
        return (
            f"<policies><inbound><base />{inbound}</inbound><backend>{backend or '<base />'}</backend>"
            f"<outbound><base />{outbound}</outbound><on-error><base />{on_error}</on-error></policies>"
        )

    def service(
        self,
        *extra: Given,
        api: Mapping[str, Any] | None = None,
        operation: Mapping[str, Any] | None = None,
        api_policy: str = "",
        operation_policy: str = "",
        global_policy: str = "",
    ) -> list[Given]:
        """Give a service with one API, `ml-model`, and its operation `predict`, POST /predict; it wants no key."""
        common = {"resourceGroupName": "group", "serviceName": SERVICE}
        own = {**common, "apiId": "ml-model"}
        made: list[Given] = [
            ("ApiManagementService", "service", {**common, "publisherName": "x"}),
            (
                "Api",
                "api",
                {
                    **own,
                    "displayName": "ML model API",
                    "path": "ml-model",
                    "serviceUrl": BACKEND,
                    "subscriptionRequired": False,
                    **(api or {}),
                },
            ),
            (
                "ApiOperation",
                "operation",
                {
                    **own,
                    "operationId": "predict",
                    "displayName": "Predict",
                    "method": "POST",
                    "urlTemplate": "/predict",
                    **(operation or {}),
                },
            ),
        ]
        for kind, more, value in (
            ("Policy", common, global_policy),
            ("ApiPolicy", own, api_policy),
            ("ApiOperationPolicy", {**own, "operationId": "predict"}, operation_policy),
        ):
            if value:
                properties = {**more, "policyId": "policy", "format": "rawxml", "value": value}
                made.append((kind, kind.lower(), properties))
        return made + [
            (kind, name, properties if ":" in kind or "/" in kind else {**common, **properties})
            for kind, name, properties in extra
        ]

    def product(self, *apis: str, name: str = "starter", policy: str = "", required: bool = True) -> list[Given]:
        """Give a product with its APIs and its policy."""
        made: list[Given] = [
            ("Product", name, {"productId": name, "displayName": name.title(), "subscriptionRequired": required})
        ]
        made += [("ProductApi", f"{name}-{api}", {"productId": name, "apiId": api}) for api in apis or ("ml-model",)]
        if policy:
            made.append(("ProductPolicy", f"{name}-policy", {"productId": name, "policyId": "policy", "value": policy}))
        return made

    def read(self, service: list[Given]) -> tuple[tuple[ApiDefinition, ...], list[str]]:
        """Provision and read a service; give the APIs and the findings as text."""
        environment = Environment(base_url="http://127.0.0.1:8080", keys={"master": MASTER}, secret=b"s")
        resources = []
        for line, (kind, name, properties) in enumerate(service, 1):
            resource = Resource(
                type=kind if ":" in kind or "/" in kind else PREFIX + kind,
                name=name,
                properties=properties,
                places=OnePlace(Place(file="program.py", line=line)),
            )
            given = provision(resource, environment)
            assert given is not None
            resources.append(
                Resource(
                    type=resource.type,
                    name=name,
                    properties=properties,
                    places=resource.places,
                    id=given.id,
                    attributes=given.attributes,
                )
            )
        apis, findings = read(ResourceGraph(resources=tuple(resources)))
        return apis, [str(finding) for finding in findings]

    def play(
        self,
        service: list[Given],
        *asked: Asked,
        replies: tuple[Reply, ...] = (),
        keys: Mapping[str, tuple[str, str]] | None = None,
        clock: Clock | None = None,
        between: Callable[[int], None] | None = None,
        findings: bool = False,
        urls: Mapping[str, str] | None = None,
    ) -> Played:
        """Deploy a service, send the requests one after the other, and give what came back and what was called.

        `keys` maps names to a value and a product; `urls` binds a URL to a path of the backend. Without `findings`
        there may be none.
        """
        apis, found = self.read(service)
        assert findings or not found, found
        bound = {
            name: BoundKey(name=name, value=value, product=product) for name, (value, product) in (keys or {}).items()
        }

        async def scenario() -> tuple[list[Answer], list[Received]]:
            backend = Backend(replies)
            url = await backend.start()
            client = HttpClient()
            counters = MemoryCounters(monotonic=clock, wall=clock) if clock is not None else MemoryCounters()
            rooms = Rooms(counters=counters, cache=MemoryCache(), client=client)
            places = {BACKEND: url} | {given: url + path for given, path in (urls or {}).items()}
            link = Link(client=client, endpoints={}, urls=places, variables={})
            core = Core(access_log=AccessLog(None), options=CoreOptions())
            made, problems = deployments(apis, Bindings(keys=bound))
            assert findings or not problems, problems
            core.activate({(one.api.slug, one.api.base or ""): mount(one, link, rooms) for one in made}, {})
            try:
                answers = []
                for number, one in enumerate(asked):
                    if between is not None:
                        between(number)
                    answers.append(await _ask(core, *one))
                return answers, backend.calls
            finally:
                await client.aclose()
                await backend.stop()

        return Played(*asyncio.run(scenario()))

    def ask(self, service: list[Given], *replies: Reply, headers: Mapping[str, str] | None = None) -> Played:
        """Post one JSON body to the operation."""
        return self.play(service, ("POST", "/ml-model/predict", headers or {}, '{"a": 1}'), replies=replies)

    def value(self, expression: str, **asked: Any) -> str:
        """Give what an expression evaluates to in the inbound section, as text."""
        policy = self.policy(inbound=f"<return-response><set-body>{expression}</set-body></return-response>")
        request = asked.pop("request", ("POST", "/ml-model/predict", {}, '{"a": 1}'))
        return self.play(self.service(api_policy=policy, **asked), request).answer.text


async def _ask(
    core: Core, method: str, target: str, headers: Mapping[str, str] | None = None, body: bytes | str = b""
) -> Answer:
    path, _, query = target.partition("?")
    sent = {"Host": "gateway.example", **(headers or {})}
    content = body.encode() if isinstance(body, str) else body
    if content:
        sent = {"Content-Length": str(len(content)), "Content-Type": "application/json", **sent}
    response = await core.handle(
        Request(
            method=method,
            path=path,
            query=query,
            headers=[(name.lower().encode(), value.encode()) for name, value in sent.items()],
            names=[name.encode() for name in sent],
            body=content,
            client="192.0.2.7",
            scheme="https",
        )
    )
    assert isinstance(response.body, bytes)
    table: dict[str, str] = {}
    for name, value in response.headers:
        key = name.decode("latin-1").lower()
        text = value.decode("utf-8")
        table[key] = f"{table[key]}, {text}" if key in table else text
    return Answer(response.status, table, response.body)


@pytest.fixture
def lab() -> Lab:
    return Lab()


@pytest.fixture
def clock() -> Clock:
    return Clock()
