"""One instance of an endpoint: a container that answers `POST /invocations` and `GET /ping`.

Source: "Use your own inference code with hosting services"
(https://docs.aws.amazon.com/sagemaker/latest/dg/your-algorithms-inference-code.html).
"""

from collections.abc import Awaitable, Callable
from typing import Final
from urllib.parse import urlsplit

import msgspec

from inferway.exchange import Headers, Reply
from inferway.transport.client import HttpClient
from inferway.transport.options import CallOptions
from inferway.transport.prepared import PreparedCall

MAX_TIMEOUT: Final = 60.0
"""Seconds that the service waits for a container."""

MAX_BODY: Final = 6_291_456
"""Bytes of a request or reply body."""

SENT_ON: Final = frozenset((b"accept", b"content-type"))
SENT_PREFIX: Final = b"x-amzn-sagemaker-"

HeaderSet = tuple[tuple[bytes, bytes], ...]

INVOCATIONS: Final = b"/invocations"


class Outgoing(msgspec.Struct, frozen=True):
    """What is sent to an instance: headers and body of a POST, and the path below the instance's URL."""

    headers: HeaderSet
    body: bytes
    target: bytes = INVOCATIONS


_MOST_PREPARED: Final = 32


class Calls:
    """The calls of one kind to one instance. The few sets of headers that callers send are settled once each."""

    __slots__ = ("_prepare", "prepared")

    def __init__(self, prepare: Callable[[Headers], PreparedCall]) -> None:
        self._prepare = prepare
        self.prepared: dict[HeaderSet, PreparedCall] = {(): prepare([])}

    def send(self, headers: HeaderSet, body: bytes) -> Awaitable[Reply]:
        """Send the body; raises ValueError for headers that HTTP does not allow, and, when awaited, TransportError."""
        prepared = self.prepared.get(headers)
        if prepared is None:
            if len(self.prepared) >= _MOST_PREPARED:
                return self.prepared[()].send(body, headers)
            prepared = self.prepared[headers] = self._prepare(list(headers))
        return prepared.send(body)


class Container:
    """One instance by its URL. Raises ValueError for a URL that cannot be called."""

    __slots__ = ("_base", "_calls", "_origin", "_streams", "url")

    def __init__(self, url: str, client: HttpClient) -> None:
        parts = urlsplit(url)
        self.url = url
        self._base = parts.path.rstrip("/").encode("ascii").removesuffix(INVOCATIONS)
        self._origin = client.origin(f"{parts.scheme}://{parts.netloc}")
        self._calls: dict[tuple[float, bytes], Calls] = {}
        self._streams: dict[tuple[float, bytes], Calls] = {}

    def calls(self, seconds: float, target: bytes = INVOCATIONS) -> Calls:
        """Give the calls that may take so many seconds."""
        made = self._calls.get((seconds, target))
        if made is None:
            options = CallOptions(total_timeout=seconds, read_timeout=seconds, max_body_bytes=MAX_BODY)
            made = Calls(lambda headers: self._prepare(target, headers, options))
            self._calls[seconds, target] = made
        return made

    def streams(self, seconds: float, target: bytes = INVOCATIONS) -> Calls:
        """Give the calls with a streamed reply: all of it within `seconds`, no piece later than any reply may be."""
        made = self._streams.get((seconds, target))
        if made is None:
            options = CallOptions(total_timeout=seconds, read_timeout=MAX_TIMEOUT)
            made = Calls(lambda headers: self._prepare(target, headers, options).streaming())
            self._streams[seconds, target] = made
        return made

    def long_call(self, outgoing: Outgoing, seconds: float, most: int) -> Awaitable[Reply]:
        """Send one call that may take long and bring `most` bytes."""
        options = CallOptions(total_timeout=seconds, read_timeout=seconds, max_body_bytes=most)
        return self._prepare(outgoing.target, list(outgoing.headers), options).send(outgoing.body)

    async def is_well(self, path: str, seconds: float) -> bool:
        """Ask the instance how it is."""
        options = CallOptions(total_timeout=seconds, read_timeout=seconds, connect_timeout=seconds)
        reply = await self._origin.request(b"GET", self._base + path.encode("ascii"), options=options)
        return reply.status // 100 == 2

    def _prepare(self, target: bytes, headers: Headers, options: CallOptions) -> PreparedCall:
        return self._origin.prepare(b"POST", self._base + target, headers, options)
