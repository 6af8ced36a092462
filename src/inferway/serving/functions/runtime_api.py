"""The Lambda Runtime API of one handler process: HTTP on loopback, on a port of its own.

Source: Lambda guide, "Using the Lambda runtime API for custom runtimes"
(https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html).
"""

import asyncio
import base64
import binascii
import re
import socket
from collections.abc import Mapping
from enum import StrEnum
from typing import Final

import msgspec

from inferway.serving.functions import errors
from inferway.serving.functions.runtime_connection import RuntimeConnection, RuntimeRequest, Sink

MAX_RESULT: Final = 6_291_556
"""Bytes of a result: 6 MB and what surrounds it (the service's own message names this number)."""

MAX_STREAM: Final = 209_715_200
"""Bytes of a streamed result ("Lambda quotas": 200 MB)."""

_MOST_CONNECTIONS: Final = 64  # of one handler process, which needs one
_NEXT: Final = "/2018-06-01/runtime/invocation/next"
_INIT_ERROR: Final = "/2018-06-01/runtime/init/error"
_ANSWER: Final = re.compile(r"/2018-06-01/runtime/invocation/([^/]+)/(response|error)")
_OK: Final = b'{"status":"OK"}'
_MODE: Final = "lambda-runtime-function-response-mode"
_ERROR_TYPE: Final = "lambda-runtime-function-error-type"
_ERROR_BODY: Final = "lambda-runtime-function-error-body"
_OF_BROWSERS: Final = ("origin", "sec-fetch-site", "sec-fetch-mode")


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """An event for a handler: `deadline` in seconds since 1970, `client_context` as JSON in ASCII, "" for none."""

    id: str
    deadline: float
    arn: str
    trace: str
    client_context: str = ""
    identity: str = ""
    body: bytes

    def headers(self) -> bytes:
        """Give the header lines of "Next invocation"."""
        lines = (
            f"Lambda-Runtime-Aws-Request-Id: {self.id}\r\nLambda-Runtime-Deadline-Ms: {int(self.deadline * 1000)}\r\n"
            f"Lambda-Runtime-Invoked-Function-Arn: {self.arn}\r\nLambda-Runtime-Trace-Id: {self.trace}\r\n"
        )
        if self.client_context:
            lines += f"Lambda-Runtime-Client-Context: {self.client_context}\r\n"
        if self.identity:
            lines += f"Lambda-Runtime-Cognito-Identity: {self.identity}\r\n"
        return lines.encode("latin-1", "replace")


class Kind(StrEnum):
    """What a handler process says."""

    READY = "ready"
    NOT_LOADED = "not loaded"
    RESULT = "result"
    ERROR = "error"
    TOO_LARGE = "too large"


class Message(msgspec.Struct, frozen=True, kw_only=True):
    """What a handler process says; `body` is a result, or an error's document."""

    kind: Kind
    body: bytes = b""


class RuntimeApi:
    """Answers one handler process: `give` it an event, `receive` what it says. One event is under way at a time.

    Whoever else on this machine finds the port could speak in the process's place; what a browser sends is refused.
    """

    def __init__(self) -> None:
        self._server: asyncio.Server | None = None
        self._connections: set[RuntimeConnection] = set()
        self._asking: RuntimeConnection | None = None
        self._event: Event | None = None
        self._current = ""
        self._sink: Sink | None = None
        self._is_ready = False
        self._awaited: asyncio.Future[Message] | None = None
        self._early: Message | None = None
        self.address = ""

    async def open(self) -> None:
        """Listen; `address` is then `127.0.0.1:PORT`."""
        sock = socket.create_server(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{sock.getsockname()[1]}"
        self._server = await asyncio.get_running_loop().create_server(self._connected, sock=sock)

    def close(self) -> None:
        """Stop listening, and close what is open."""
        if self._server is not None:
            self._server.close()
        for connection in tuple(self._connections):
            connection.close()

    @property
    def is_taken(self) -> bool:
        """Whether the process has fetched the event that it was given."""
        return self._event is None

    def give(self, event: Event, sink: Sink | None = None) -> None:
        """Have the process run an event, as soon as it asks for one; a result that it streams goes to the `sink`."""
        self._event = event
        self._sink = sink
        if self._asking is not None:
            self._hand_over(self._asking, event)

    def receive(self) -> "asyncio.Future[Message]":
        """Give the future of what the process says next."""
        future: asyncio.Future[Message] = asyncio.get_running_loop().create_future()
        if self._early is not None:
            future.set_result(self._early)
            self._early = None
        else:
            self._awaited = future
        return future

    def sink(self, method: str, path: str, headers: Mapping[str, str]) -> Sink | None:
        """Give what takes a result that is streamed (Answers)."""
        if self._sink is None or method != "POST" or headers.get(_MODE) != "streaming":
            return None
        match = _ANSWER.fullmatch(path)
        return self._sink if match and match[2] == "response" and match[1] == self._current else None

    def request(self, connection: RuntimeConnection, request: RuntimeRequest) -> None:
        """Answer a request (Answers)."""
        if any(name in request.headers for name in _OF_BROWSERS):
            _refuse(connection, 403, "Forbidden", "not for browsers")
        elif request.method == "GET" and request.path == _NEXT:
            self._next(connection)
        elif request.method == "POST" and request.path == _INIT_ERROR:
            self._init_error(connection, request)
        elif request.method == "POST" and (match := _ANSWER.fullmatch(request.path)):
            self._answer(connection, request, match[1], match[2])
        else:
            _refuse(connection, 404, "ResourceNotFound", "404 page not found")

    def gone(self, connection: RuntimeConnection) -> None:
        """Forget a connection (Answers)."""
        self._connections.discard(connection)
        if self._asking is connection:
            self._asking = None

    def _connected(self) -> RuntimeConnection:
        connection = RuntimeConnection(self, MAX_RESULT, is_welcome=len(self._connections) < _MOST_CONNECTIONS)
        self._connections.add(connection)
        return connection

    def _next(self, connection: RuntimeConnection) -> None:
        if self._current:
            _refuse(connection, 403, "InvalidStateTransition", "an event is under way")
            return
        if self._asking is not None:  # it has asked in vain: the last to ask is the one that listens
            self._asking.close()
        self._asking = connection
        if not self._is_ready:
            self._is_ready = True
            self._say(Message(kind=Kind.READY))
        if self._event is not None:
            self._hand_over(connection, self._event)

    def _hand_over(self, connection: RuntimeConnection, event: Event) -> None:
        self._current, self._event, self._asking = event.id, None, None
        connection.answer(200, event.body, event.headers())

    def _init_error(self, connection: RuntimeConnection, request: RuntimeRequest) -> None:
        if self._is_ready:
            _refuse(connection, 403, "InvalidStateTransition", "the start is over")
            return
        connection.answer(202, _OK)
        self._say(Message(kind=Kind.NOT_LOADED, body=_document(request)))

    def _answer(self, connection: RuntimeConnection, request: RuntimeRequest, event_id: str, verb: str) -> None:
        if event_id != self._current:
            _refuse(connection, 400, "InvalidRequestID", "Invalid request ID")
            return
        self._current, self._sink = "", None
        most = MAX_STREAM if request.streamed else MAX_RESULT
        if request.size > most:
            text = f"Exceeded maximum allowed payload size ({most} bytes)."
            _refuse(connection, 413, "RequestEntityTooLarge", text)
            self._say(Message(kind=Kind.TOO_LARGE))
            return
        connection.answer(202, _OK)
        # A response that was being streamed says in a trailer that it has failed.
        if verb == "error" or _ERROR_TYPE in request.headers:
            self._say(Message(kind=Kind.ERROR, body=_document(request)))
        else:
            self._say(Message(kind=Kind.RESULT, body=request.body))

    def _say(self, message: Message) -> None:
        awaited, self._awaited = self._awaited, None
        if awaited is None:
            self._early = message
        elif not awaited.done():
            awaited.set_result(message)


def _document(request: RuntimeRequest) -> bytes:
    """Give the error's document: the body, a streamed response's trailer, or one with the type that the header says."""
    trailer = request.headers.get(_ERROR_BODY)
    if trailer is not None:
        try:
            return base64.b64decode(trailer)
        except binascii.Error:
            return errors.document(request.headers.get(_ERROR_TYPE, "Runtime.Unknown"), "")
    return request.body or errors.document(request.headers.get(_ERROR_TYPE, "Runtime.Unknown"), "")


def _refuse(connection: RuntimeConnection, status: int, kind: str, text: str) -> None:
    connection.answer(status, msgspec.json.encode({"errorMessage": text, "errorType": kind}))
