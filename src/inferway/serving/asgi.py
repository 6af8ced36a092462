"""What the ASGI applications of this room share: reading a bounded body, answering, and the server around them."""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, Final

import uvicorn

Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Application = Callable[[MutableMapping[str, Any], Receive, Send], Awaitable[None]]

_PATIENCE: Final = 4  # times the limit is read of a body too long, since a caller who writes does not listen
_KEEP_ALIVE: Final = 300  # seconds; longer than a gateway's pool keeps a connection, so that the pool closes it first


class GoneError(Exception):
    """The caller went away before its request was read."""


class BodyTooLongError(Exception):
    """A body over the limit; `size` is what was announced or read of it, in bytes."""

    def __init__(self, size: int) -> None:
        super().__init__(f"{size} bytes")
        self.size = size


async def read_body(receive: Receive, announced: int, limit: int) -> bytes:
    """Give the whole body; raises GoneError, or BodyTooLongError once it has read on for the caller to hear it.

    `announced` is the Content-Length, 0 where there is none; `limit` is in bytes.
    """
    parts: list[bytes] = []
    received = 0
    more = announced <= _PATIENCE * limit
    while more and received <= _PATIENCE * limit:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise GoneError
        part = message.get("body", b"")
        received += len(part)
        if received <= limit:
            parts.append(part)
        more = message.get("more_body", False)
    if max(announced, received) > limit:
        raise BodyTooLongError(max(announced, received))
    return b"".join(parts)


async def send_response(
    send: Send, status: int, content_type: str, body: bytes, headers: list[tuple[bytes, bytes]] | None = None
) -> None:
    """Answer with a body of this type and length, and with `headers`."""
    own = [(b"content-type", content_type.encode()), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": own + (headers or [])})
    await send({"type": "http.response.body", "body": body})


def server(application: Application, drain: float) -> uvicorn.Server:
    """Give the server for an application; after SIGTERM it waits `drain` seconds for requests under way."""
    return uvicorn.Server(
        uvicorn.Config(
            application,
            lifespan="off",
            ws="none",
            http="httptools",
            loop="uvloop",
            interface="asgi3",
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,
            timeout_keep_alive=_KEEP_ALIVE,
            timeout_graceful_shutdown=int(drain),
        )
    )
