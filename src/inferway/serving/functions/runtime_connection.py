"""One connection to the Runtime API: HTTP/1.1 read strictly in order, requests of any form that clients send."""

import asyncio
from collections.abc import Callable, Mapping
from typing import Final, Protocol

import httptools
import msgspec

_MOST_HEADERS: Final = 262_144  # bytes; an error's document may come in a trailer
_CONTINUE: Final = b"HTTP/1.1 100 Continue\r\n\r\n"
_REASONS: Final = {200: b"OK", 202: b"Accepted", 400: b"Bad Request", 403: b"Forbidden", 404: b"Not Found"}


class RuntimeRequest(msgspec.Struct, frozen=True, kw_only=True):
    """A request: header and trailer names in lower case; `size` in bytes is the body's, whose excess is not kept.

    One whose body was `streamed` has none left here.
    """

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes
    size: int
    streamed: bool = False


class Sink(Protocol):
    """What takes a body in pieces while it comes."""

    def put(self, piece: bytes, resume: Callable[[], None]) -> bool:
        """Take a piece; False says to send no more until `resume` is called."""


class Answers(Protocol):
    """What answers the requests of a connection, and hears of its end."""

    def sink(self, method: str, path: str, headers: Mapping[str, str]) -> Sink | None:
        """Give what the body of a request is to be streamed to, None where it is to be whole."""

    def request(self, connection: "RuntimeConnection", request: RuntimeRequest) -> None:
        """Answer a request, now or later."""

    def gone(self, connection: "RuntimeConnection") -> None:
        """Note that a connection has ended."""


class RuntimeConnection(asyncio.Protocol):
    """Gives whole requests to `answers`, the next one once the last is answered.

    An answer is held back while the next request, sent before it, waits for its own: the two are then one write.
    """

    def __init__(self, answers: Answers, most: int, *, is_welcome: bool) -> None:
        self._answers = answers
        self._most = most
        self._is_welcome = is_welcome
        self._parser = httptools.HttpRequestParser(self)
        self._transport: asyncio.Transport | None = None
        self._waiting: list[tuple[RuntimeRequest, bool]] = []
        self._busy = False
        self._keep_alive = True
        self._is_reading = False
        self._held = b""
        self._sink: Sink | None = None
        self._begin()

    def answer(self, status: int, body: bytes, headers: bytes = b"") -> None:
        """Answer the request under way; `headers` are whole lines."""
        if self._transport is None or self._transport.is_closing():
            return
        head = b"HTTP/1.1 %d %b\r\nContent-Type: application/json\r\n" % (status, _REASONS.get(status, b"-"))
        self._held += b"%b%bContent-Length: %d\r\n\r\n%b" % (head, headers, len(body), body)
        self._busy = False
        if self._keep_alive and self._waiting:
            self._advance()
        elif not self._is_reading:
            self._flush()
        if not self._keep_alive and not self._busy:
            self._flush()
            self._transport.close()

    def close(self) -> None:
        """Close the connection."""
        if self._transport is not None:
            self._transport.close()

    # asyncio.Protocol's

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport; end a connection that is one too many."""
        self._transport = transport  # type: ignore[assignment]  # uvloop's transports are no subclasses of asyncio's
        if not self._is_welcome:
            transport.close()

    def data_received(self, data: bytes) -> None:
        """Read on; what is no HTTP ends the connection."""
        self._is_reading = True
        try:
            self._parser.feed_data(data)
        except (httptools.HttpParserError, httptools.HttpParserUpgrade):
            self.close()
        finally:
            self._is_reading = False
        if not self._busy:  # else who has sent the next request does not wait for the answer to the last alone
            self._flush()

    def connection_lost(self, exc: Exception | None) -> None:
        """Say so."""
        del exc
        self._waiting.clear()
        self._answers.gone(self)

    # httptools' callbacks

    def on_message_begin(self) -> None:
        """Begin a request."""
        self._begin()

    def on_url(self, url: bytes) -> None:
        """Keep the path."""
        self._url += url
        self._read += len(url)
        if self._read > _MOST_HEADERS:
            self.close()

    def on_header(self, name: bytes, value: bytes) -> None:
        """Keep a header, or a trailer."""
        self._read += len(name) + len(value)
        if self._read > _MOST_HEADERS:
            self.close()
        else:
            self._headers[name.decode("latin-1").lower()] = value.decode("latin-1")

    def on_headers_complete(self) -> None:
        """Let a client that waits for leave to send its body go on."""
        if self._headers.get("expect", "").lower() == "100-continue" and self._transport is not None:
            self._transport.write(_CONTINUE)
        if not self._busy:
            method = self._parser.get_method().decode("latin-1")
            self._sink = self._answers.sink(method, self._url.decode("latin-1"), self._headers)

    def on_body(self, body: bytes) -> None:
        """Keep a piece of the body, up to the limit, or hand it on."""
        self._size += len(body)
        if self._sink is not None:
            if not self._sink.put(body, self._resume) and self._transport is not None:
                self._transport.pause_reading()
        elif self._size <= self._most:
            self._parts.append(body)

    def on_message_complete(self) -> None:
        """Hand the request over when its turn has come."""
        request = RuntimeRequest(
            method=self._parser.get_method().decode("latin-1"),
            path=self._url.decode("latin-1"),
            headers=self._headers,
            body=b"".join(self._parts),
            size=self._size,
            streamed=self._sink is not None,
        )
        self._waiting.append((request, self._parser.should_keep_alive()))
        if not self._busy:
            self._advance()

    def _begin(self) -> None:
        self._url = b""
        self._headers: dict[str, str] = {}
        self._parts: list[bytes] = []
        self._size = 0
        self._read = 0
        self._sink = None

    def _resume(self) -> None:
        if self._transport is not None and not self._transport.is_closing():
            self._transport.resume_reading()

    def _flush(self) -> None:
        if self._held and self._transport is not None:
            self._transport.write(self._held)
            self._held = b""

    def _advance(self) -> None:
        request, self._keep_alive = self._waiting.pop(0)
        self._busy = True
        self._answers.request(self, request)
