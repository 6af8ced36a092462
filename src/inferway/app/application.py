"""A running gateway: what is deployed, the models behind it, and how both are replaced while it serves."""

import asyncio
from collections.abc import Coroutine, Mapping
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol

import msgspec

from inferway.app.bound_truststores import without_tls
from inferway.app.deploy import Rooms, link_for, mount, unbound
from inferway.app.endpoint_releases import EndpointReleases, endpoint_releases
from inferway.app.firewall_page import PATH as FIREWALL
from inferway.app.firewall_page import firewall_page
from inferway.app.homes import Homes
from inferway.app.project import Project
from inferway.app.release_pages import release_pages
from inferway.app.releases import Outcomes, Releases, Seen, keep_counting, name_of, put_canary, releases_of, settled
from inferway.app.site import site
from inferway.app.state import StateError
from inferway.app.tls import Tls
from inferway.backends.link import Link
from inferway.backends.published import fetcher
from inferway.credentials.tokens.key_sets import KeySets
from inferway.definition.deployment import Deployment
from inferway.exchange import Request, Response
from inferway.faults import Finding, Findings, Place, Severity
from inferway.gateway.core import Core, Mounted, Page, json_page
from inferway.processes.supervisor import LineListener
from inferway.stores.memory import MemoryCache, MemoryCounters
from inferway.stores.protocols import Counters, ResponseCache
from inferway.transport.client import HttpClient

if TYPE_CHECKING:
    from inferway.app.durable import Durable

_DURABLE: Final = "inferway.app.durable"


class Stores(msgspec.Struct, frozen=True, kw_only=True):
    """Where counters and cached responses live."""

    counters: Counters
    cache: ResponseCache


class Keeper(Protocol):
    """Whoever looks after models and functions.

    `control` is the URL of the process that has the control plane, "" where it is this one.
    """

    control: str

    async def start(self, project: Project) -> Homes:
        """Give the URLs of what the project binds and is up, once it is."""
        ...

    async def keep(self, project: Project) -> None:
        """Let go of what is bound no longer."""
        ...

    async def stop(self) -> None:
        """Let go of all."""
        ...

    def problems(self) -> dict[str, str]:
        """Give what is wrong by name."""
        ...


class Application:
    """Serves one project. Belongs to the event loop it is started in."""

    def __init__(
        self,
        core: Core,
        keeper: Keeper,
        stores: Stores,
        on_line: LineListener,
        pages: Mapping[str, Page] | None = None,
        releases: Releases | None = None,
        tls: Tls | None = None,
    ) -> None:
        self._core = core
        self._keeper = keeper
        self._stores = stores
        self._own_pages: Mapping[str, Page] = {
            "/_inferway/health": _health,
            "/_inferway/ready": self._ready,
            FIREWALL: firewall_page,
            **(pages or {}),
            **(release_pages(releases) if releases is not None else {}),
        }
        self._client: HttpClient | None = None
        self._key_sets = KeySets()
        self._durable: Durable | None = None
        self._on_line = on_line
        self._active = False
        self._draining = False
        self._releases = releases
        self._tls = tls
        self._counted: dict[str, Seen] = {}
        self._trials = EndpointReleases()
        self._homes = Homes()
        self._project: Project | None = None
        self._tasks: set[asyncio.Task[Any]] = set()
        self._changing = asyncio.Lock()

    async def deploy(self, project: Project) -> Findings:
        """Start the project's models, compile its deployments, and swap them in.

        Gives the findings of this step. With an error among them nothing changes: what was served stays.
        """
        async with self._changing:
            if self._client is None:
                self._client = HttpClient()
                self._key_sets = KeySets(fetcher(self._client))
            self._activate_system()
            if project.state is not None:
                try:
                    await self._open(project, project.state, self._client)
                except StateError as error:
                    place = Place(file=str(project.state))
                    return (Finding(severity=Severity.ERROR, code="state", text=str(error), place=place),)
            homes = self._homes = await self._keeper.start(project)
            if self._durable is not None:
                await self._durable.at_home(homes)
            mounted, findings = self._mount(project, homes, self._client)
            if mounted is not None:
                findings += _without_tls(project) if self._tls is None else self._tls.serve(project)
                self._core.activate(mounted, self._pages(project))
                self._active = True
                await self._keeper.keep(project)
            return findings

    async def _open(self, project: Project, folder: Path, client: HttpClient) -> None:
        """Open what lasts; its pages are there before functions start, which may call them as they load."""
        if self._durable is None:
            durable: Durable = import_module(_DURABLE).Durable(folder, self._on_line, self._keeper.control)
            self._durable = durable
        await self._durable.open(project, client)
        if not self._active:
            self._core.activate({}, {**self._own_pages, **self._durable.pages()})

    def _mount(
        self, project: Project, homes: Homes, client: HttpClient
    ) -> tuple[dict[tuple[str, str], Mounted] | None, Findings]:
        rooms = Rooms(counters=self._stores.counters, cache=self._stores.cache, client=client, key_sets=self._key_sets)
        mounted: dict[tuple[str, str], Mounted] = {}
        counted: dict[str, Seen] = {}
        outcomes = self._begin(project)
        findings: list[Finding] = []

        def mount_one(deployment: Deployment) -> Mounted | None:
            link = self._link(deployment, project, homes, client)
            findings.extend(unbound(deployment.api, deployment.stage, link, project.bindings))
            try:
                return mount(deployment, link, rooms)
            except ValueError as error:
                place = deployment.api.place
                findings.append(Finding(severity=Severity.ERROR, code="deployment", text=str(error), place=place))
                return None

        for declared in project.deployments:
            deployment = settled(declared, outcomes)
            made = mount_one(deployment)
            canary = mount_one(deployment.canary) if deployment.canary is not None else None
            if made is not None:
                mounted[deployment.api.slug, deployment.stage.name] = made
            if made is not None and canary is not None and deployment.stage.canary is not None:
                counted[name_of(deployment)] = put_canary(made, canary, deployment.stage.canary.percent)
        broken = any(finding.severity is Severity.ERROR for finding in findings)
        if not broken:
            self._counted = counted
        return (None if broken else mounted), tuple(findings)

    def _link(self, deployment: Deployment, project: Project, homes: Homes, client: HttpClient) -> Link:
        link = link_for(deployment, project.bindings, homes, client, project.identity)
        durable = self._durable
        return msgspec.structs.replace(
            link,
            tables=durable.tables(project) if durable is not None else {},
            runtime=durable.runtime(project) if durable is not None else "",
            served=durable.endpoints() if durable is not None else {},
        )

    def remount(self, deployment: Deployment) -> Mounted:
        """Compile a deployment of what is served, with counters and a cache of its own; it is served nowhere.

        Raises ValueError for an expression that cannot be compiled, and before anything is served.
        """
        if self._project is None or self._client is None:
            raise ValueError("nothing is served yet")
        link = self._link(deployment, self._project, self._homes, self._client)
        rooms = Rooms(counters=MemoryCounters(), cache=MemoryCache(), client=self._client, key_sets=self._key_sets)
        return mount(deployment, link, rooms)

    def _begin(self, project: Project) -> Outcomes:
        """Have the project's canary releases watched, from its first deployment on."""
        first, self._project = self._project is None, project
        if self._releases is None:
            return {}
        if first:
            self._spawn(keep_counting(lambda: self._counted, self._trials.taken, self._releases))
        hosted = self._durable.hosted if self._durable is not None else ()
        releases = releases_of(project.deployments) + (endpoint_releases(project.bindings) if hosted else [])
        outcomes = self._releases.begin(releases, project.journal, self._again)
        self._trials.serve(hosted, project.bindings, outcomes)
        return outcomes

    def _again(self) -> None:
        """Deploy the project as it is, since a release has ended."""
        if self._project is not None:
            self._spawn(self.deploy(self._project))

    def _spawn(self, work: Coroutine[Any, Any, Any]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def stop(self) -> None:
        """Let calls under way finish, then stop the models."""
        self._draining = True
        for task in self._tasks:
            task.cancel()
        if self._durable is not None:
            await self._durable.drop_copies()
        if self._client is not None:
            await self._client.aclose()
        await self._keeper.stop()
        if self._durable is not None:
            await self._durable.close()

    def drain(self) -> None:
        """Say at the readiness page that no more requests should come."""
        self._draining = True

    def problems(self) -> dict[str, str]:
        """Give what stands in the way of serving, by name; empty when ready."""
        if self._draining:
            return {"gateway": "shutting down"}
        return self._keeper.problems() if self._active else {"gateway": "starting"}

    def _activate_system(self) -> None:
        if not self._active:
            self._core.activate({}, self._own_pages)

    def _pages(self, project: Project) -> Mapping[str, Page]:
        folder = project.bindings.site
        managed = self._durable.pages() if self._durable is not None else {}
        return {**self._own_pages, **managed, **({"/": site(Path(folder))} if folder else {})}

    def _ready(self, request: Request, below: str) -> Response:  # noqa: ARG002 - a page's form
        problems = self.problems()
        return json_page(
            503 if problems else 200, {"status": "not ready", "problems": problems} if problems else {"status": "ready"}
        )


def _without_tls(project: Project) -> Findings:
    return tuple(dict.fromkeys(finding for each in project.deployments for finding in without_tls(each.api)))


def _health(request: Request, below: str) -> Response:  # noqa: ARG001 - a page's form
    return json_page(200, {"status": "ok"})
