"""Deploys a project without starting any model or calling anything, for what that finds."""

import asyncio

import msgspec

from inferway.app.application import Application, Stores
from inferway.app.local_servers import LocalServers
from inferway.app.project import Project
from inferway.definition.bindings import BoundFunction
from inferway.definition.endpoints import BoundEndpoint
from inferway.faults import Findings
from inferway.gateway.access_log import AccessLog
from inferway.gateway.core import Core, CoreOptions
from inferway.stores.memory import MemoryCache, MemoryCounters


def dry_run(project: Project) -> Findings:
    """Give what deploying a project would find: everything is compiled and connected, and no connection opened."""
    return asyncio.run(_deploy(_without_models(project)))


def _without_models(project: Project) -> Project:
    """Give every model that would be served here an address at which nothing is."""
    bindings = project.bindings
    endpoints = {
        name: BoundEndpoint(name=name, url="http://127.0.0.1:9") if endpoint.folders else endpoint
        for name, endpoint in bindings.endpoints.items()
    }
    functions = {
        name: BoundFunction(name=name, url="http://127.0.0.1:9") if function.runs_here else function
        for name, function in bindings.functions.items()
    }
    bindings = msgspec.structs.replace(bindings, endpoints=endpoints, functions=functions)
    return msgspec.structs.replace(project, bindings=bindings, state=None)


async def _deploy(project: Project) -> Findings:
    core = Core(access_log=AccessLog(None), options=CoreOptions())
    stores = Stores(counters=MemoryCounters(), cache=MemoryCache())
    application = Application(core, LocalServers(_unheard), stores, _unheard)
    try:
        return await application.deploy(project)
    finally:
        await application.stop()


def _unheard(name: str, line: str) -> None:
    """Drop a line of a model's log: none is started."""
