"""The gateway's core: takes a Request and gives a Response, and knows no server."""

from asyncio import CancelledError
from collections.abc import Awaitable, Callable, Iterable, Mapping
from random import random
from time import perf_counter
from typing import Final

import msgspec

from inferway.definition.api import RequestLimits
from inferway.definition.deployment import Deployment, Part
from inferway.definition.steps import RequireApiKey
from inferway.definition.traversal import every_step
from inferway.dialects.dialect import Faults, Finish
from inferway.exchange import Exchange, Request, Response
from inferway.faults import Fault, FaultKind
from inferway.gateway.access_log import AccessLog
from inferway.gateway.access_log_file import STANDARD_OUTPUT
from inferway.gateway.beginning import beginning
from inferway.gateway.framing import inspect, target_is_clean
from inferway.gateway.identifiers import request_id
from inferway.gateway.pipeline import CompiledFront, CompiledRoute
from inferway.gateway.routing import Addresses, RouteTree
from inferway.gateway.trace import Recorder, Trace, describe
from inferway.rollout.tally import Tally

_JSON: Final = (b"content-type", b"application/json")

_OWN_STATUS: Final = {
    FaultKind.UNKNOWN_API: 404,
    FaultKind.MALFORMED_REQUEST: 400,
    FaultKind.BODY_TOO_LARGE: 413,
    FaultKind.URI_TOO_LONG: 414,
    FaultKind.HEADERS_TOO_LARGE: 431,
}
"""Statuses of faults that arise before any API is known, so that no vendor's form applies."""


CLIENT_LEFT: Final = 499
"""The status under which the access log holds a request whose client left before its response (nginx's number)."""

_NO_ROUTE: Final = Fault(kind=FaultKind.UNKNOWN_ROUTE, cause="no route")
_LEFT: Final = Fault(kind=FaultKind.CLIENT_LEFT, cause="the client left before its response")


_FINAL: Final = range(200, 600)
"""Statuses that can end a request (RFC 9110, 15); after a 1xx a client would wait for the rest for ever."""


def _no_final_status(response: Response) -> Fault:
    return Fault(kind=FaultKind.MISCONFIGURED, cause=f"the response's status would be {response.status}")


_FAILED: Final = 500
"""From this status on a request counts as failed, for the rule of a release."""


def _since(started: float) -> float:
    return (perf_counter() - started) * 1000


CompileWatched = Callable[[str, Mapping[str, str]], CompiledRoute]
"""Compiles the route of a label for a request that is watched; edits to expressions stand by their `id` in a trace."""


class Mounted:
    """A deployment compiled and ready to serve."""

    __slots__ = (
        "_finish",
        "canary",
        "deployment",
        "faults",
        "front",
        "limits",
        "slug",
        "stage",
        "tally",
        "tree",
        "watched",
        "watched_front",
    )

    def __init__(
        self,
        *,
        deployment: Deployment,
        routes: tuple[CompiledRoute, ...],
        faults: Faults,
        finish: Finish,
        watched: CompileWatched,
        front: CompiledFront | None = None,
        watched_front: Callable[[], CompiledFront] | None = None,
        methods: frozenset[str] | None = None,
    ) -> None:
        """`methods` are what a route's `ANY` stands for (`RouteTree`)."""
        self.deployment = deployment
        self.slug = deployment.api.slug
        # The service logs a canary release apart, in a group of its own with this suffix ("canary-release").
        self.stage = f"{deployment.stage.name}/Canary" if deployment.part is Part.CANARY else deployment.stage.name
        self.limits: RequestLimits = deployment.api.limits
        self.tree = RouteTree(routes, methods)
        self.front = front
        self.watched_front = watched_front
        self.canary: Split | None = None
        self.tally: Tally | None = None
        self.faults = faults
        self._finish = finish
        self.watched = watched

    def fail(self, fault: Fault, exchange: Exchange) -> Response:
        """Give the vendor's response to a fault that arose before a route was found."""
        exchange.fault = fault
        return self.end(self.faults.render(fault, exchange), exchange)

    def end(self, ended: Fault | Response, exchange: Exchange) -> Response:
        """Give what a request gets that ended before its route was looked up."""
        if isinstance(ended, Fault):
            return self.fail(ended, exchange)
        exchange.response = ended
        self._finish(exchange, ended)
        return ended


class Split:
    """A canary release of a deployment that is served, and its share of the requests in percent."""

    __slots__ = ("_mounted", "_share")

    def __init__(self, mounted: Mounted, percent: float) -> None:
        self._mounted = mounted
        self._share = percent / 100

    def pick(self, stage: Mounted) -> Mounted:
        """Give who serves the next request, by chance."""
        return self._mounted if random() < self._share else stage


Page = Callable[[Request, str], Response | Awaitable[Response | None] | None]
"""Answers a request below no API, given the path below the page's own; None where it has nothing there."""


class CoreOptions(msgspec.Struct, frozen=True, kw_only=True):
    """`max_body_bytes`: the largest request body that an edge takes in, whatever the API."""

    max_body_bytes: int = 10_485_760


class Core:
    """Routes requests to what is deployed; activation swaps all at once and disturbs no request under way."""

    def __init__(self, *, access_log: AccessLog, options: CoreOptions) -> None:
        self.options = options
        self._access_log = access_log
        self._addresses: Addresses[Mounted] = Addresses({}, _first_segments, _hosts, _alias)
        self._mounted: tuple[tuple[str, Mounted], ...] = ()
        self._pages: Mapping[str, Page] = {}

    def activate(self, mounted: Mapping[tuple[str, str], Mounted], pages: Mapping[str, Page]) -> None:
        """Serve these deployments, by slug and base, and these pages, by path or prefix (`…/`), from now on."""
        self._addresses = Addresses(mounted, _first_segments, _hosts, _alias)
        self._mounted = tuple(
            (f"/{slug}/{base}" if base else f"/{slug}", deployed) for (slug, base), deployed in mounted.items()
        )
        self._pages = pages
        self._access_log.lead(_access_logs(mounted.values()))

    async def handle(self, request: Request) -> Response:
        """Give the response to a request; only cancellation is raised."""
        started = perf_counter()
        path = request.path
        host, size, fault = inspect(request)
        mounted, below, known = self._addresses.find(host, path)
        if mounted is None:
            return await self._unmounted(request, fault, known, started)
        exchange = Exchange(request=request, parameters={}, route="", id=request_id(), started=started, below=below)
        if fault is None:
            fault = _excess(request, size, mounted.limits)
        if fault is not None:
            response = mounted.fail(fault, exchange)
        elif mounted.front is not None and (ended := await mounted.front.serve(exchange)) is not None:
            response = mounted.end(ended, exchange)
        else:
            if mounted.canary is not None:
                mounted = mounted.canary.pick(mounted)
            found = mounted.tree.match(request.method, below)
            if found is None:
                response = mounted.fail(_NO_ROUTE, exchange)
            else:
                exchange.route, exchange.parameters = found[0].label, found[1]
                try:
                    response = await found[0].serve(exchange)
                except CancelledError:
                    exchange.fault = _LEFT
                    left = Response(status=CLIENT_LEFT, headers=[])
                    self._access_log.record(exchange, left, mounted.slug, mounted.stage, _since(started))
                    raise
                if response.status not in _FINAL:
                    response = mounted.fail(_no_final_status(response), exchange)
        took = _since(started)
        if mounted.tally is not None and exchange.route:
            failed = response.status >= _FAILED
            # What the gateway refused says nothing of what it serves: anybody could have a release promoted with it.
            if failed or exchange.fault is None:
                mounted.tally.add(took, failed=failed)
        self._access_log.record(exchange, response, mounted.slug, mounted.stage, took)
        return response

    def routes(self) -> list[dict[str, object]]:
        """Give every route that is served, with its address."""
        return [
            {
                "api": mounted.deployment.api.name,
                "method": route.method,
                "path": f"{prefix}{route.path}",
                "example_body": route.example_body,
                "key_header": next(
                    (step.header for step in every_step(route.pipeline) if isinstance(step, RequireApiKey)), ""
                ),
                "parameters": [
                    {"in": parameter.location.value, "name": parameter.name, "example": parameter.example}
                    for parameter in route.parameters
                ],
            }
            for prefix, mounted in self._mounted
            for route in mounted.deployment.api.routes
        ]

    def find(self, request: Request) -> tuple[Mounted | None, str]:
        """Give who serves a request, and the path below what leads there; None where no API does."""
        mounted, below, _ = self._addresses.find(inspect(request)[0], request.path)
        return mounted, below

    async def watch(self, request: Request, edits: Mapping[str, str]) -> Trace:
        """Handle a request and give what happened to it, with expressions edited for it alone.

        Raises ValueError, with its place, for an edit that cannot be compiled.
        """
        recorder = Recorder()
        host, size, fault = inspect(request)
        mounted, below, known = self._addresses.find(host, request.path)
        exchange = Exchange(
            request=request,
            parameters={},
            route="",
            id=request_id(),
            started=perf_counter(),
            below=below,
            trace=recorder,
        )
        if mounted is None:
            return describe(exchange, await self._unmounted(request, fault, known, exchange.started), recorder)
        fault = fault or _excess(request, size, mounted.limits)
        ended: Fault | Response | None = fault
        if ended is None and mounted.watched_front is not None:
            ended = await mounted.watched_front().serve(exchange)
        found = None if ended is not None else mounted.tree.match(request.method, below)
        if found is None:
            response = mounted.end(ended or _NO_ROUTE, exchange)
        else:
            exchange.route, exchange.parameters = found[0].label, found[1]
            response = await mounted.watched(found[0].label, edits).serve(exchange)
            if response.status not in _FINAL:
                response = mounted.fail(_no_final_status(response), exchange)
            if not isinstance(response.body, bytes):
                response.body, broke = await beginning(response.body)
                exchange.fault = exchange.fault if broke is None else broke.fault
        seen = describe(exchange, response, recorder)
        seen.api, seen.stage = mounted.deployment.api.name, mounted.stage
        return seen

    def refuse(self, request: Request, fault: Fault) -> Response:
        """Give the response to a request that an edge could not take in whole, in the vendor's form where it can."""
        host, _, _ = inspect(request)
        mounted, below, _ = self._addresses.find(host, request.path)
        exchange = Exchange(
            request=request, parameters={}, route="", id=request_id(), started=perf_counter(), below=below
        )
        if mounted is None:
            response = _own_fault(fault, fault.cause)
            exchange.fault = fault
            self._access_log.record(exchange, response, "", "", 0.0)
        else:
            response = mounted.fail(fault, exchange)
            self._access_log.record(exchange, response, mounted.slug, mounted.stage, 0.0)
        return response

    def _page(self, path: str) -> tuple[Page, str] | None:
        """Give the page of a path, else that of the longest prefix, and the path below it."""
        page = self._pages.get(path)
        if page is not None:
            return page, ""
        cut = path.rfind("/")
        while cut >= 0:
            page = self._pages.get(path[: cut + 1])
            if page is not None:
                return page, path[cut + 1 :]
            cut = path.rfind("/", 0, cut)
        return None

    async def _unmounted(self, request: Request, fault: Fault | None, known: bool, started: float) -> Response:
        exchange = Exchange(request=request, parameters={}, route="", id=request_id(), started=started)
        found = self._page(request.path) if fault is None else None
        if found is not None:
            page, below = found
            given = page(request, below)
            answer = await given if isinstance(given, Awaitable) else given
            if answer is not None:
                if below:
                    self._access_log.record(exchange, answer, "", "", _since(started))
                return answer
        any_stage = self._addresses.owner(inspect(request)[0], request.path) if known else None
        if any_stage is not None:
            wrong = Fault(kind=FaultKind.ACCESS_DENIED, message="Forbidden", cause="the API has no such stage")
            response = any_stage.fail(fault or wrong, exchange)
        else:
            unknown = Fault(kind=FaultKind.UNKNOWN_API, cause=f"no API is served at {request.path[:200]!r}")
            exchange.fault = fault or unknown
            served = f"Served here: {', '.join(f'{prefix}/' for prefix, _ in self._mounted) or 'nothing'}"
            response = _own_fault(exchange.fault, f"{exchange.fault.cause}. {served}")
        self._access_log.record(exchange, response, "", "", _since(started))
        return response


def _first_segments(mounted: Mounted) -> set[str]:
    """Give what a deployment without a base claims at the root: literal first segments only."""
    firsts = {route.path.strip("/").partition("/")[0] for route in mounted.deployment.api.routes}
    return {first for first in firsts if first and "{" not in first}


def _hosts(mounted: Mounted) -> list[tuple[str, str]]:
    """Give the domain names that a deployment is served on, each with the path below which it is."""
    return [
        (host.name, host.base if host.stage else f"{host.base}/{mounted.stage}".strip("/"))
        for host in mounted.deployment.api.hosts
        if host.stage in ("", mounted.stage)
    ]


def _access_logs(mounted: Iterable[Mounted]) -> dict[tuple[str, str], str]:
    """Give where each stage's access log goes that goes somewhere, by API and stage; a canary release has its own."""
    paths = {}
    for deployed in mounted:
        path, stage = deployed.deployment.stage.access_log, deployed.deployment.stage.name
        if path:
            paths[deployed.slug, stage] = path
            paths[deployed.slug, f"{stage}/Canary"] = path if path == STANDARD_OUTPUT else f"{path}.Canary"
    return paths


def _alias(mounted: Mounted) -> str:
    """Give what its vendor would know an API by."""
    return mounted.deployment.api.id


def _excess(request: Request, header_bytes: int, limits: RequestLimits) -> Fault | None:
    """Hold a request to the vendor's limits on its parts."""
    length = len(request.path) + len(request.query)
    if length > limits.url:
        return Fault(kind=FaultKind.URI_TOO_LONG, cause=f"a URL of {length} bytes")
    if header_bytes > limits.headers:
        return Fault(kind=FaultKind.HEADERS_TOO_LARGE, cause=f"headers of {header_bytes} bytes")
    if len(request.body) > limits.body:
        return Fault(kind=FaultKind.BODY_TOO_LARGE, cause=f"a body of {len(request.body)} bytes")
    if not target_is_clean(request):
        return Fault(kind=FaultKind.MALFORMED_REQUEST, cause="a control character in the URL")
    return None


def _own_fault(fault: Fault, message: str) -> Response:
    body = msgspec.json.encode({"error": {"code": fault.kind.value.lower().replace(" ", "_"), "message": message}})
    return Response(status=_OWN_STATUS.get(fault.kind, 500), headers=[_JSON], body=body)


def json_page(status: int, document: object) -> Response:
    """Give a system page."""
    return Response(status=status, headers=[_JSON], body=msgspec.json.encode(document))
