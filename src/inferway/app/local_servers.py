"""The servers that a project runs here: of its models and its functions."""

import asyncio
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Protocol

import msgspec

from inferway.app.function_options import options_of
from inferway.app.homes import Homes
from inferway.app.project import Project
from inferway.app.project_files import code_of, scripts_below, stamp
from inferway.definition.bindings import BoundFunction
from inferway.definition.endpoints import BoundEndpoint
from inferway.processes.process import ProcessFailedError, ProcessState
from inferway.processes.supervisor import LineListener
from inferway.serving.folder import ModelFolderError
from inferway.serving.functions.check import FunctionError
from inferway.serving.functions.function_server import FunctionServer
from inferway.serving.model_server import ModelServer, ServingOptions


class _Server(Protocol):
    @property
    def url(self) -> str: ...

    @property
    def state(self) -> ProcessState: ...

    async def start(self) -> None: ...

    async def stop(self) -> None: ...


class _Replica(msgspec.Struct, frozen=True, kw_only=True):
    """One process of a part of an endpoint, with a port of its own, so that calls can be spread by what is known."""

    name: str
    endpoint: str
    part: str
    serve: str
    environment: dict[str, str]


_Bound = BoundEndpoint | _Replica | BoundFunction


class LocalServers:
    """Keeps one server per model and function that runs here, across deployments.

    A server belongs to a binding and its scripts as they were: when either changes, a new server is started beside the
    old one, which is stopped only when what it serves has been swapped out.
    """

    control = ""

    def __init__(self, on_line: LineListener) -> None:
        self._on_line = on_line
        self._servers: dict[bytes, tuple[str, _Server]] = {}
        self._failed: dict[bytes, tuple[str, str]] = {}

    async def start(self, project: Project) -> Homes:
        """Start what is to run here and does not yet, wait until it is ready, and give every URL.

        One that does not come up has no URL: its calls fault, and `problems` says why.
        """
        wanted = dict(_wanted(project))
        await asyncio.gather(
            *(
                self._start(identity, bound, project)
                for identity, bound in wanted.items()
                if identity not in self._servers
            )
        )
        bindings = project.bindings
        plain = {name for name, endpoint in bindings.endpoints.items() if endpoint.is_plain}
        endpoints = {name: bindings.endpoints[name].url for name in plain if bindings.endpoints[name].url}
        functions = {name: function.url for name, function in bindings.functions.items() if function.url}
        instances = {
            name: {key: part.known_urls for key, part in endpoint.slots()}
            for name, endpoint in bindings.endpoints.items()
            if name not in plain
        }
        for identity, bound in wanted.items():
            if identity not in self._servers:
                continue
            url = self._servers[identity][1].url
            if isinstance(bound, _Replica):
                instances[bound.endpoint][bound.part] += (url,)
            else:
                (endpoints if isinstance(bound, BoundEndpoint) else functions)[bound.name] = url
        return Homes(endpoints=endpoints, functions=functions, instances=instances)

    async def keep(self, project: Project) -> None:
        """Stop the servers of what is bound no longer."""
        await self._keep({identity for identity, _ in _wanted(project)})

    async def stop(self) -> None:
        """Stop every server."""
        await self._keep(set())

    def problems(self) -> dict[str, str]:
        """Give what is wrong by name; empty when all are ready."""
        wrong = dict(self._failed.values())
        for name, server in self._servers.values():
            if server.state is not ProcessState.READY:
                wrong[name] = server.state.value
        return wrong

    async def _keep(self, kept: set[bytes]) -> None:
        self._failed = {identity: failed for identity, failed in self._failed.items() if identity in kept}
        gone = [identity for identity in self._servers if identity not in kept]
        await asyncio.gather(*(self._servers.pop(identity)[1].stop() for identity in gone))

    async def _start(self, identity: bytes, bound: _Bound, project: Project) -> None:
        try:
            server = self._make(bound, project)
            await server.start()
        except (ModelFolderError, FunctionError, ProcessFailedError, OSError, ValueError) as error:
            self._failed[identity] = (bound.name, str(error))
            self._on_line(bound.name, f"does not start: {error}")
        else:
            self._failed.pop(identity, None)
            self._servers[identity] = (bound.name, server)

    def _make(self, bound: _Bound, project: Project) -> _Server:
        if isinstance(bound, _Replica):
            one = ServingOptions(environment=bound.environment)
            return ModelServer(bound.name, Path(bound.serve), one, on_line=self._on_line)
        if isinstance(bound, BoundEndpoint):
            serving = ServingOptions(replicas=bound.replicas, environment=bound.environment)
            return ModelServer(bound.name, Path(bound.serve), serving, on_line=self._on_line)
        options = options_of(bound, project.surroundings, project.install)
        # Its findings are among the project's.
        return FunctionServer(bound.name, options, on_line=self._on_line, quiet=True)


def _wanted(project: Project) -> Iterator[tuple[bytes, _Bound]]:
    """Give what runs here, each with what tells it from others: its binding, and its scripts as they are now."""
    for endpoint in project.bindings.endpoints.values():
        for bound in _replicas(endpoint):
            yield _identity(bound, scripts_below(Path(bound.serve) / "code"), {}), bound
    for function in project.bindings.functions.values():
        if function.runs_here:
            yield _identity(function, code_of(function), project.surroundings), function


def _replicas(endpoint: BoundEndpoint) -> Iterator[BoundEndpoint | _Replica]:
    """Give what of an endpoint runs here: all as one where it is nothing but a folder, else process by process."""
    if endpoint.is_plain:
        if endpoint.serve:
            yield endpoint
        return
    for key, part in endpoint.slots():
        for number in range(part.replicas if part.serve else 0):
            name = "/".join(filter(None, (endpoint.name, key.partition("/")[2])))
            yield _Replica(
                name=f"{name}#{number + 1}" if part.replicas > 1 else name,
                endpoint=endpoint.name,
                part=key,
                serve=part.serve,
                environment=part.environment,
            )


def _identity(bound: _Bound, scripts: list[Path], surroundings: Mapping[str, str]) -> bytes:
    stamps = {str(file): stamp(file) for file in scripts}
    return msgspec.json.encode((type(bound).__name__, bound, stamps, surroundings), order="sorted")
