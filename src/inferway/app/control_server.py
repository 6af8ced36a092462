"""The control plane of a node with several workers: it lives in their parent, which they hand its requests to."""

import asyncio
from collections.abc import Iterable
from importlib import import_module
from typing import TYPE_CHECKING, Final

from inferway.app.edge import Edge, InnerServer, configured, listen
from inferway.app.homes import Homes
from inferway.app.options import url_of
from inferway.app.project import Project
from inferway.gateway.access_log import AccessLog
from inferway.gateway.core import Core, CoreOptions
from inferway.processes.supervisor import LineListener
from inferway.transport.client import HttpClient

if TYPE_CHECKING:
    from inferway.app.durable import Durable
    from inferway.backends.endpoints.endpoint import Endpoint

_HOST: Final = "127.0.0.1"


class ControlServer:
    """A server on a free port of the loopback interface, started where a project has a control plane."""

    def __init__(self, on_line: LineListener) -> None:
        self._on_line = on_line
        self._core = Core(access_log=AccessLog(None), options=CoreOptions())
        self._client: HttpClient | None = None
        self._durable: Durable | None = None
        self._url = ""
        self._server: InnerServer | None = None
        self._serving: asyncio.Task[None] | None = None

    async def start(self, project: Project) -> str:
        """Give the server's URL, "" where the project has no control plane; one that is there takes new bindings.

        Raises StateError.
        """
        if project.state is None:
            return self._url
        if self._client is None:
            self._client = HttpClient()
        if self._durable is None:
            self._durable = import_module("inferway.app.durable").Durable(project.state, self._on_line)
        await self._durable.open(project, self._client)
        self._core.activate({}, self._durable.pages())
        if self._server is None:
            listener = listen(_HOST, 0)
            self._server = InnerServer(configured(Edge(self._core, _nothing, _nothing), asgi=False))
            self._serving = asyncio.create_task(self._server.serve(sockets=[listener]))
            self._url = url_of(_HOST, int(listener.getsockname()[1]))
        return self._url

    async def at_home(self, homes: Homes) -> None:
        """Say where the bound endpoints are now."""
        if self._durable is not None:
            await self._durable.at_home(homes)

    @property
    def hosted(self) -> Iterable["Endpoint"]:
        """The bound endpoints that are served here."""
        return () if self._durable is None else self._durable.hosted

    async def stop(self) -> None:
        """Let requests under way finish and let go of all; harmless where nothing was started."""
        if self._server is not None and self._serving is not None:
            self._server.should_exit = True
            await self._serving
        if self._durable is not None:
            await self._durable.close()
        if self._client is not None:
            await self._client.aclose()


async def _nothing() -> None:
    """Start and end with nothing more than the server."""
