"""`inferway run`: one process that serves a project until a signal ends it."""

import asyncio
import signal
import socket
import sys
from collections.abc import Awaitable, Callable

import msgspec
import uvloop

from inferway.app import tracing
from inferway.app.application import Application, Stores
from inferway.app.edge import Edge, listen, serve
from inferway.app.local_servers import LocalServers
from inferway.app.loopback import is_loopback
from inferway.app.method_invocations import invocation_pages
from inferway.app.options import INNER_HOST, NOT_SERVED, SERVED, RunOptions, Say, first_line, report, url_of
from inferway.app.project import Project, has_error, strict
from inferway.app.project_reader import read_project
from inferway.app.releases import OwnReleases
from inferway.app.tls import Tls
from inferway.app.watch import watch
from inferway.app.workers import run_workers
from inferway.definition.deployment import Deployment
from inferway.gateway.access_log import AccessLog
from inferway.gateway.core import Core, CoreOptions, Mounted
from inferway.serving.ports import reserve
from inferway.stores.memory import MemoryCache, MemoryCounters


def claim(options: RunOptions) -> tuple[RunOptions, list[socket.socket]]:
    """Take hold of the address: give the options with its port and URL, and what holds it and the inner one.

    It comes before a project is read, since definitions may export the URL. Raises OSError where it cannot be had.
    """
    hold = reserve if options.workers > 1 else listen
    held = [hold(options.host, options.port)]
    port, scheme, inner = int(held[0].getsockname()[1]), "http", 0
    if options.tls is not None:
        held.append(hold(INNER_HOST, 0))
        scheme, inner = "https", int(held[1].getsockname()[1])
    url = url_of(options.host, port, scheme)
    return msgspec.structs.replace(options, port=port, base_url=url, inner_port=inner), held


def run(
    project: Project,
    options: RunOptions,
    held: list[socket.socket],
    say: Say,
    on_ready: Callable[[Project, str], None],
) -> int:
    """Serve a project at the address that is held; gives the exit status."""
    if options.workers > 1:
        return run_workers(project, options, held, say, on_ready)
    url = options.base_url
    access_log = AccessLog(sys.stderr.buffer if options.access_log else None)

    async def main() -> int:
        core = Core(access_log=access_log, options=CoreOptions())
        tls = None if options.tls is None else Tls(options.tls, options.host)
        application = _application(core, options, say, tls)
        tasks: list[asyncio.Task[None]] = []
        status = 0

        async def deploy() -> None:
            nonlocal status
            findings = await application.deploy(project)
            report(findings, say)
            problems = application.problems()
            if problems:
                say("not ready: " + "; ".join(f"{name}: {first_line(text)}" for name, text in problems.items()))
            if has_error(findings) or (problems and not options.reload):
                status = 1
                signal.raise_signal(signal.SIGTERM)
                return
            if not problems:
                on_ready(project, url)
            if options.reload:
                await watch(project, edited(ready=not problems))

        def edited(*, ready: bool) -> Callable[[], Awaitable[Project]]:
            async def again() -> Project:
                nonlocal ready
                project = await reload(application, options, say)
                if not ready and not application.problems():
                    ready = True
                    on_ready(project, url)
                return project

            return again

        async def startup() -> None:
            tasks.append(asyncio.create_task(deploy()))
            await asyncio.sleep(0)

        async def shutdown() -> None:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await application.stop()

        edge = Edge(core, startup, shutdown)
        await serve(edge, held, asgi=options.asgi, on_stop=application.drain, tls=tls)
        return status

    try:
        return uvloop.run(main())
    finally:
        access_log.close()


def _application(core: Core, options: RunOptions, say: Say, tls: Tls | None) -> Application:
    """Give the application that serves through a core, in a process of its own."""

    def on_line(name: str, line: str) -> None:
        say(f"{name} | {line}")

    stores = Stores(counters=MemoryCounters(), cache=MemoryCache())
    watched = options.trace and is_loopback(options.host)

    def remount(deployment: Deployment) -> Mounted:
        return application.remount(deployment)  # which is made with these pages

    pages = {**tracing.pages(core), **invocation_pages(core, remount)} if watched else {}
    application = Application(core, LocalServers(on_line), stores, on_line, pages, OwnReleases(say), tls)
    return application


def read_again(options: RunOptions) -> Project:
    """Read the project that the options name, for the address that they name."""
    return read_project(
        options.path, options.bindings, options.format, options.base_url, options.given, options.inner_url
    )


async def reload(application: Application, options: RunOptions, say: Say) -> Project:
    """Read the project again and swap it in, or say what is wrong and leave what is served as it is."""
    project = await asyncio.to_thread(read_again, options)
    findings = strict(project.findings)
    report(findings, say)
    broken = has_error(findings)
    if not broken:
        findings = await application.deploy(project)
        report(findings, say)
        broken = has_error(findings)
    say(NOT_SERVED if broken else SERVED)
    return project
