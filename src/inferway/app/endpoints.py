"""The model endpoints of a project: those that are bound to a URL, and those that are served here."""

import asyncio
from collections.abc import Mapping
from pathlib import Path

import msgspec

from inferway.app.project import scripts_of, stamp
from inferway.definition.bindings import BoundEndpoint
from inferway.processes.process import ProcessFailedError, ProcessState
from inferway.processes.supervisor import LineListener
from inferway.serving.folder import ModelFolderError
from inferway.serving.model_server import ModelServer, ServingOptions


class Endpoints:
    """Keeps one model server per served endpoint, across deployments.

    A server belongs to a binding and its scripts as they were: when either changes, a new server is started beside the
    old one, which is stopped only when what it serves has been swapped out.
    """

    def __init__(self, on_line: LineListener) -> None:
        self._on_line = on_line
        self._servers: dict[bytes, tuple[str, ModelServer]] = {}
        self._failed: dict[bytes, tuple[str, str]] = {}

    async def start(self, bound: Mapping[str, BoundEndpoint]) -> dict[str, str]:
        """Start what is to be served and not running yet, wait until it is ready, and give every endpoint's URL.

        One that does not come up has no URL: its calls fault, and `problems` says why.
        """
        served = {_identity(endpoint): endpoint for endpoint in bound.values() if endpoint.serve}
        await asyncio.gather(
            *(self._start(identity, endpoint) for identity, endpoint in served.items() if identity not in self._servers)
        )
        urls = {name: endpoint.url for name, endpoint in bound.items() if endpoint.url}
        running = (self._servers[identity] for identity in served if identity in self._servers)
        return urls | {name: server.url for name, server in running}

    async def keep(self, bound: Mapping[str, BoundEndpoint]) -> None:
        """Stop the servers of endpoints that are bound no longer."""
        kept = {_identity(endpoint) for endpoint in bound.values()}
        self._failed = {identity: failed for identity, failed in self._failed.items() if identity in kept}
        gone = [identity for identity in self._servers if identity not in kept]
        await asyncio.gather(*(self._servers.pop(identity)[1].stop() for identity in gone))

    async def stop(self) -> None:
        """Stop every server."""
        await self.keep({})

    def problems(self) -> dict[str, str]:
        """Give what is wrong by endpoint's name; empty when all are ready."""
        wrong = dict(self._failed.values())
        for name, server in self._servers.values():
            if server.state is not ProcessState.READY:
                wrong[name] = server.state.value
        return wrong

    async def _start(self, identity: bytes, endpoint: BoundEndpoint) -> None:
        options = ServingOptions(replicas=endpoint.replicas, environment=endpoint.environment)
        server = ModelServer(endpoint.name, Path(endpoint.serve), options, on_line=self._on_line)
        try:
            await server.start()
        except (ModelFolderError, ProcessFailedError, OSError) as error:
            self._failed[identity] = (endpoint.name, str(error))
            self._on_line(endpoint.name, f"does not start: {error}")
        else:
            self._failed.pop(identity, None)
            self._servers[identity] = (endpoint.name, server)


def _identity(endpoint: BoundEndpoint) -> bytes:
    """Tell one served model from another: by its binding, and by what its scripts were like when it was started."""
    scripts = {str(file): stamp(file) for file in scripts_of(endpoint)}
    return msgspec.json.encode((endpoint, scripts), order="sorted")
