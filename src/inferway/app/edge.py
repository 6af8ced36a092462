"""The server: uvicorn around the core, through the protocol edge or the ASGI one."""

import asyncio
import contextlib
import gc
import signal
import socket
from collections.abc import Awaitable, Callable, Generator
from typing import Any, Final

import uvicorn

from inferway.app.tls import Tls
from inferway.gateway.core import Core
from inferway.gateway.protocol import HttpProtocol, reap
from inferway.gateway.server import AsgiServer

_COLLECT_AFTER: Final = 10_000
"""Objects after which circles among the youngest are looked for. Requests make hardly any, and at Python's 700 the
looking takes a part of every request's time."""
READ_TIMEOUT: Final = 30.0
IDLE_TIMEOUT: Final = 75.0
GRACE: Final = 35
"""Seconds that requests under way have to finish after a signal: longer than the longest integration, 29 s."""


class Edge(AsgiServer):
    """The application object of uvicorn, from which the protocol edge takes the core and its time limits (seconds)."""

    def __init__(
        self, core: Core, startup: Callable[[], Awaitable[None]], shutdown: Callable[[], Awaitable[None]]
    ) -> None:
        super().__init__(core, startup, shutdown)
        self.core = core
        self.read_timeout = READ_TIMEOUT
        self.idle_timeout = IDLE_TIMEOUT


class Server(uvicorn.Server):
    """uvicorn's server, which ends with status 0 on the signal that stops it, after telling `on_stop`."""

    def __init__(self, config: uvicorn.Config, on_stop: Callable[[], None], tls: Tls | None = None) -> None:
        super().__init__(config)
        self._on_stop = on_stop
        self._tls = tls

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listen on the first socket with TLS and on the others as they are, where there is TLS."""
        if self._tls is None or not sockets:
            await super().startup(sockets)
            return
        await super().startup(sockets[1:])

        def protocol() -> asyncio.Protocol:
            make: Any = self.config.http_protocol_class
            made: asyncio.Protocol = make(
                config=self.config, server_state=self.server_state, app_state=self.lifespan.state
            )
            return made

        loop = asyncio.get_running_loop()
        self.servers.append(
            await loop.create_server(protocol, sock=sockets[0], ssl=self._tls.context, backlog=self.config.backlog)
        )

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        """Stop on SIGINT or SIGTERM; a second one stops at once."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, self._stop, number)
        try:
            yield
        finally:
            for number in (signal.SIGINT, signal.SIGTERM):
                loop.remove_signal_handler(number)

    def _stop(self, number: int) -> None:
        self._on_stop()
        self.force_exit = self.should_exit and number == signal.SIGINT
        self.should_exit = True


class InnerServer(uvicorn.Server):
    """A server inside a process that handles signals itself."""

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        """Leave them to the process."""
        yield


def configured(edge: Edge, *, asgi: bool) -> uvicorn.Config:
    """Give uvicorn's settings for an edge."""
    return uvicorn.Config(
        edge,
        http="httptools" if asgi else HttpProtocol,
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        timeout_keep_alive=int(IDLE_TIMEOUT),
        timeout_graceful_shutdown=GRACE,
    )


async def serve(
    edge: Edge, listeners: list[socket.socket], *, asgi: bool, on_stop: Callable[[], None], tls: Tls | None = None
) -> None:
    """Serve on listening sockets until a signal ends it; with TLS the first speaks it, and no other one does."""
    gc.set_threshold(_COLLECT_AFTER, *gc.get_threshold()[1:])
    server = Server(configured(edge, asgi=asgi), on_stop, tls)
    reaper = None if asgi else asyncio.create_task(reap(server.server_state))
    try:
        await server.serve(sockets=listeners)
    finally:
        if reaper is not None:
            reaper.cancel()


def listen(host: str, port: int) -> socket.socket:
    """Give a listening socket; OSError where the address cannot be had."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(2048)
    except OSError:
        listener.close()
        raise
    listener.setblocking(False)  # noqa: FBT003 - socket's own signature
    return listener
