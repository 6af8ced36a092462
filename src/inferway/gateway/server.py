"""The ASGI edge: one raw callable for any ASGI server."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, MutableMapping
from contextlib import suppress
from typing import Any, Final
from urllib.parse import quote

from inferway.exchange import Headers, Request, Response
from inferway.faults import Fault, FaultKind
from inferway.gateway.core import Core
from inferway.gateway.framing import coding_is_plain

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

_BODILESS: Final = frozenset((204, 304))


class AsgiServer:
    """Turns ASGI's messages into a Request and a Response into ASGI's messages."""

    def __init__(
        self, core: Core, startup: Callable[[], Awaitable[None]], shutdown: Callable[[], Awaitable[None]]
    ) -> None:
        self._core = core
        self._startup = startup
        self._shutdown = shutdown

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection scope: a request, or the server's lifespan. WebSockets are refused."""
        if scope["type"] == "http":
            await self._serve(scope, receive, send)
        elif scope["type"] == "lifespan":
            await self._live(receive, send)
        else:
            await send({"type": "websocket.close", "code": 1000})

    async def _live(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                await self._startup()
                await send({"type": "lifespan.startup.complete"})
            else:
                await self._shutdown()
                await send({"type": "lifespan.shutdown.complete"})
                return

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers: Headers = list(scope["headers"])
        client = scope.get("client")
        raw = scope.get("raw_path")
        request = Request(
            method=scope["method"],
            path=raw.decode("latin-1") if raw else quote(scope["path"]),
            query=scope["query_string"].decode("latin-1"),
            headers=headers,
            client=client[0] if client else "",
            scheme=scope["scheme"],
            version=scope["http_version"],
        )
        fault = await self._read(request, receive)
        response = await self._core.handle(request) if fault is None else self._core.refuse(request, fault)
        if not coding_is_plain(headers):
            response.headers.append((b"connection", b"close"))
        # A client may leave before it is answered: send then raises OSError (ASGI, "Disconnected Client"),
        # and RuntimeError where a server writes to a socket of uvloop's that is closed.
        with suppress(OSError, RuntimeError):
            await _respond(response, request.method, receive, send)

    async def _read(self, request: Request, receive: Receive) -> Fault | None:
        """Read the body into the request. HTTP/1 without a length or a coding has none."""
        if request.version[0] == "1" and not any(
            name in (b"content-length", b"transfer-encoding") for name, _ in request.headers
        ):
            return None
        chunks: list[bytes] = []
        size = 0
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                return Fault(kind=FaultKind.MALFORMED_REQUEST, cause="the client left before its request was whole")
            chunk = message.get("body", b"")
            size += len(chunk)
            if size > self._core.options.max_body_bytes:
                return Fault(kind=FaultKind.BODY_TOO_LARGE, cause=f"a body of more than {size} bytes")
            chunks.append(chunk)
            if not message.get("more_body", False):
                request.body = b"".join(chunks)
                return None


async def _respond(response: Response, method: str, receive: Receive, send: Send) -> None:
    body = response.body
    headers = response.headers
    if not isinstance(body, bytes) and (method == "HEAD" or response.status in _BODILESS):
        if isinstance(body, AsyncGenerator):
            await body.aclose()
        await send({"type": "http.response.start", "status": response.status, "headers": headers})
        await send({"type": "http.response.body", "body": b""})
    elif isinstance(body, bytes):
        if response.status not in _BODILESS:
            headers = [*headers, (b"content-length", b"%d" % len(body))]
        if method == "HEAD" or response.status in _BODILESS:
            body = b""
        await send({"type": "http.response.start", "status": response.status, "headers": headers})
        await send({"type": "http.response.body", "body": body})
    else:
        await _stream(response, body, receive, send)


async def _stream(response: Response, body: AsyncIterator[bytes], receive: Receive, send: Send) -> None:
    """Send a body as it is made, until its client leaves: a server may drop in silence what is sent to one that left.

    Where it breaks off BrokenStreamError is raised, by which a server knows to end the response without its end.
    """
    try:
        async with asyncio.timeout(None) as presence:
            watching = asyncio.ensure_future(_until_left(receive, presence))
            try:
                await send({"type": "http.response.start", "status": response.status, "headers": response.headers})
                async for chunk in body:
                    await send({"type": "http.response.body", "body": chunk, "more_body": True})
                await send({"type": "http.response.body", "body": b""})
            finally:
                watching.cancel()
                if isinstance(body, AsyncGenerator):
                    await body.aclose()
    except TimeoutError:
        if not presence.expired():
            raise


async def _until_left(receive: Receive, presence: asyncio.Timeout) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    presence.reschedule(asyncio.get_running_loop().time())
