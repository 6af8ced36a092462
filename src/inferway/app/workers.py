"""`inferway run --workers N`: a parent that owns models, counters and cache, and workers that serve.

Each worker listens on the same port (the kernel spreads connections) and asks the parent for every count, so that
limits stay exact on the node.
"""

import asyncio
import contextlib
import os
import signal
import socket
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import msgspec
import uvloop

from inferway.app.application import Application, Stores
from inferway.app.control_server import ControlServer
from inferway.app.edge import Edge, serve
from inferway.app.endpoint_releases import EndpointReleases, endpoint_releases
from inferway.app.homes import Homes
from inferway.app.local_servers import LocalServers
from inferway.app.options import INNER_HOST, NOT_SERVED, SERVED, RunOptions, Say, first_line, report
from inferway.app.project import Project, has_error, strict
from inferway.app.project_reader import read_project
from inferway.app.releases import OwnReleases, Seen, WorkerReleases, keep_counting, releases_of
from inferway.app.state import StateError
from inferway.app.tls import Tls
from inferway.app.watch import watch
from inferway.gateway.access_log import AccessLog
from inferway.gateway.core import Core, CoreOptions
from inferway.processes.private_folder import PrivateFolder
from inferway.processes.process import Command, ProcessFailedError
from inferway.processes.supervisor import Supervisor
from inferway.rollout.judge import Outcome
from inferway.serving.ports import bind
from inferway.stores.memory import MemoryCache, MemoryCounters
from inferway.stores.shared import SharedStore, StoreOwner

_SETTINGS: Final = "INFERWAY_WORKER"
_BACKLOG: Final = 2048
_SWAPPED_WITHIN: Final = 60.0
"""Seconds in which every worker should have swapped an edit in; later the models of before are not stopped."""


class WorkerSettings(msgspec.Struct, frozen=True, kw_only=True):
    """What a worker is told when it starts: the options, the parent's socket, and where models and functions are."""

    options: RunOptions
    socket: str
    homes: Homes
    control: str
    outcomes: dict[str, str] = {}


class GivenHomes:
    """Models and functions that another process looks after."""

    def __init__(self, homes: Homes, control: str) -> None:
        self.homes = homes
        self.control = control

    async def start(self, project: Project) -> Homes:  # noqa: ARG002 - a keeper's form
        """Give the URLs that are known."""
        return self.homes

    async def keep(self, project: Project) -> None:
        """Leave them to their owner."""

    async def stop(self) -> None:
        """Leave them to their owner."""

    def problems(self) -> dict[str, str]:
        """Know of none."""
        return {}


class Parent:
    """Looks after models, counters, cache and workers."""

    def __init__(self, options: RunOptions, held: list[socket.socket], say: Say) -> None:
        self._options = options
        self._held = held
        self._say = say
        self._servers = LocalServers(self._on_line)
        self._control = ControlServer(self._on_line)
        self._owner = StoreOwner(MemoryCounters(), MemoryCache(), self._told)
        self._releases = OwnReleases(say)
        self._trials = EndpointReleases()
        self._project: Project | None = None
        self._ready: dict[int, asyncio.Event] = {}
        self._workers: list[Supervisor] = []
        self._homes = Homes()
        self._control_url = ""
        self._revision = 0
        self._swapped: asyncio.Queue[bool] = asyncio.Queue()
        self._settings: WorkerSettings | None = None

    async def run(self, project: Project, on_ready: Callable[[Project, str], None]) -> int:
        """Serve until a signal comes; gives the exit status."""
        stopping = asyncio.Event()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, stopping.set)
        with PrivateFolder() as folder, contextlib.ExitStack() as closing:
            for held in self._held:
                closing.enter_context(held)
            path = folder.path / "node.sock"
            await self._owner.listen(path)
            watching: asyncio.Task[None] | None = None
            counting: asyncio.Task[None] | None = None
            try:
                await self._start(project)
                problems = self._servers.problems()
                if problems and not self._options.reload:
                    self._say(
                        "not ready: " + "; ".join(f"{name}: {first_line(text)}" for name, text in problems.items())
                    )
                    return 1
                self._settings = WorkerSettings(
                    options=self._options,
                    socket=str(path),
                    homes=self._homes,
                    control=self._control_url,
                    outcomes={name: outcome.value for name, outcome in self._releases.outcomes().items()},
                )
                self._workers = [self._worker(n + 1) for n in range(self._options.workers)]
                await asyncio.gather(*(worker.start() for worker in self._workers))
                on_ready(project, self._options.base_url)
                counting = asyncio.create_task(keep_counting(dict, self._trials.taken, self._releases))
                if self._options.reload:
                    watching = asyncio.create_task(watch(project, self._reload))
                await stopping.wait()
            except (ProcessFailedError, StateError) as error:
                self._say(str(error))
                return 1
            finally:
                for task in (watching, counting):
                    if task is not None:
                        task.cancel()
                await asyncio.gather(*(worker.stop() for worker in self._workers))
                await self._servers.stop()
                await self._control.stop()
                await self._owner.close()
        return 0

    async def _start(self, project: Project) -> None:
        """Start what the workers do not have themselves; the control plane first, since functions may call it."""
        self._control_url = await self._control.start(project)
        self._homes = await self._servers.start(project)
        await self._control.at_home(self._homes)
        self._project = project
        self._begin()

    def _begin(self) -> None:
        """Have the releases of the project watched, with the weights that the outcomes of its endpoints' ask for."""
        project = self._project
        if project is None:
            return
        releases = releases_of(project.deployments) + endpoint_releases(project.bindings)
        outcomes = self._releases.begin(releases, project.journal, self._ended)
        self._trials.serve(self._control.hosted, project.bindings, outcomes)

    def _ended(self) -> None:
        self._begin()
        self._tell_releases()

    def _tell_releases(self) -> None:
        outcomes = {name: outcome.value for name, outcome in self._releases.outcomes().items()}
        self._owner.tell("releases", [outcomes, self._releases.shown()])

    def _tell(self, topic: str) -> None:
        self._owner.tell(topic, [msgspec.to_builtins(self._homes), self._control_url, self._revision])

    def _worker(self, number: int) -> Supervisor:
        environment = {**os.environ, _SETTINGS: msgspec.json.encode(self._settings, enc_hook=str).decode()}
        command = Command(
            name=f"worker#{number}",
            argv=(sys.executable, "-P", "-m", "inferway.app.workers"),
            environment=environment,
        )
        return Supervisor(command, ready=self._until_ready, on_line=lambda _, line: self._say(line))

    async def _until_ready(self, pid: int) -> None:
        event = self._ready.setdefault(pid, asyncio.Event())
        await event.wait()
        del self._ready[pid]
        # A worker that was started again begins with what the others serve now.
        self._tell("homes")
        self._tell_releases()

    def _on_line(self, name: str, line: str) -> None:
        self._say(f"{name} | {line}")

    def _told(self, topic: str, value: Any) -> None:
        if topic == "ready":
            self._ready.setdefault(value, asyncio.Event()).set()
        elif topic == "swapped" and value[0] == self._revision:
            self._swapped.put_nowait(value[1])
        elif topic == "counts":
            self._releases.seen(msgspec.convert(value, dict[str, Seen]))
            self._tell_releases()
        elif topic == "decide":
            name, outcome, reason = value
            self._releases.decide(name, Outcome(outcome), reason)

    async def _reload(self) -> Project:
        options = self._options
        project = await asyncio.to_thread(_read, options)
        findings = strict(project.findings)
        report(findings, self._say)
        if has_error(findings):
            self._say(NOT_SERVED)
            return project
        try:
            await self._start(project)
        except StateError as error:
            self._say(str(error))
            self._say(NOT_SERVED)
            return project
        self._say(SERVED if await self._all_swapped(project) else NOT_SERVED)
        return project

    async def _all_swapped(self, project: Project) -> bool:
        """Have every worker serve a project, then stop what only the one before had; say whether all of them do."""
        self._revision += 1
        self._swapped = asyncio.Queue()
        self._tell("deploy")
        try:
            async with asyncio.timeout(_SWAPPED_WITHIN):
                swapped = [await self._swapped.get() for _ in self._workers]
        except TimeoutError:  # one was started again meanwhile, and serves the project without a word
            return True
        if all(swapped):
            await self._servers.keep(project)
        return all(swapped)


def run_workers(
    project: Project,
    options: RunOptions,
    held: list[socket.socket],
    say: Say,
    on_ready: Callable[[Project, str], None],
) -> int:
    """Serve a project with several workers on the port that is reserved; gives the exit status."""

    if options.tls is not None:
        Tls(options.tls, options.host)  # the authority is there before workers make certificates with it

    async def main() -> int:
        return await Parent(options, held, say).run(project, on_ready)

    return uvloop.run(main())


def _read(options: RunOptions) -> Project:
    """Read the project that the options name; what the command line gives a definition counts here as well."""
    return read_project(
        options.path, options.bindings, options.format, options.base_url, options.given, options.inner_url
    )


def _log_line(name: str, line: str) -> None:
    sys.stderr.write(f"{name} | {line}\n")


class Worker:
    """One worker's side."""

    def __init__(self, settings: WorkerSettings) -> None:
        self._settings = settings
        self._given = GivenHomes(settings.homes, settings.control)
        self._releases = WorkerReleases(self._tell_parent)
        self._releases.told(settings.outcomes, [])
        self._application: Application | None = None
        self._store: SharedStore | None = None
        self._tasks: set[asyncio.Task[Any]] = set()

    async def run(self) -> None:
        """Serve until a signal comes or the parent is gone."""
        options = self._settings.options
        store = self._store = await SharedStore.connect(Path(self._settings.socket), self._told)
        access_log = AccessLog(sys.stderr.buffer if options.access_log else None)
        core = Core(access_log=access_log, options=CoreOptions())
        stores = Stores(counters=store, cache=store)
        tls = None if options.tls is None else Tls(options.tls, options.host)
        application = Application(core, self._given, stores, _log_line, {}, self._releases, tls)
        self._application = application
        self._spawn(self._end_with(store))

        async def startup() -> None:
            await self._deploy()
            self._spawn(store.tell("ready", os.getpid()))

        edge = Edge(core, startup, application.stop)
        addresses = [(options.host, options.port)] + ([(INNER_HOST, options.inner_port)] if tls is not None else [])
        listeners = [bind(host, port, shared=True) for host, port in addresses]
        for listener in listeners:
            listener.listen(_BACKLOG)
            listener.setblocking(False)  # noqa: FBT003 - socket's own signature
        try:
            await serve(edge, listeners, asgi=options.asgi, on_stop=application.drain, tls=tls)
        finally:
            for task in self._tasks:
                task.cancel()
            access_log.close()

    async def _swap(self, store: SharedStore, revision: int) -> None:
        swapped = False
        try:
            swapped = await self._deploy()
        finally:
            await store.tell("swapped", [revision, swapped])

    async def _deploy(self) -> bool:
        """Read the project and serve it; say whether it is served."""
        options = self._settings.options
        project = await asyncio.to_thread(_read, options)
        if self._application is None or project.broken:
            return False
        return not has_error(await self._application.deploy(project))

    async def _end_with(self, store: SharedStore) -> None:
        await store.lost()
        os.kill(os.getpid(), signal.SIGTERM)

    async def _tell_parent(self, topic: str, value: Any) -> None:
        if self._store is not None:
            await self._store.tell(topic, value)

    def _told(self, topic: str, value: Any) -> None:
        if topic == "releases":
            self._releases.told(*value)
            return
        self._given.homes, self._given.control, revision = msgspec.convert(value, tuple[Homes, str, int])
        if topic == "deploy" and self._store is not None:
            self._spawn(self._swap(self._store, revision))

    def _spawn(self, work: Any) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def main() -> None:
    """Run as a worker, with the settings that the parent put into the environment."""
    settings = msgspec.json.decode(os.environ[_SETTINGS], type=WorkerSettings, dec_hook=lambda kind, text: kind(text))
    uvloop.run(Worker(settings).run())


if __name__ == "__main__":
    main()
