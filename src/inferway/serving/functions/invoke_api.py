"""The Lambda Invoke API in front of one function, as an ASGI application.

Sources: Lambda API reference, "Invoke" (https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html) and
"InvokeWithResponseStream" (…/API_InvokeWithResponseStream.html), and "Lambda quotas" for the sizes.
"""

import asyncio
import base64
import binascii
import json
import os
import re
import secrets
import time
import uuid
from collections.abc import Mapping, MutableMapping
from typing import Any, Final
from urllib.parse import unquote

import msgspec

from inferway.backends.event_stream import CONTENT_TYPE, encode_event
from inferway.backends.function_names import function_name_of
from inferway.serving.asgi import BodyTooLongError, GoneError, Receive, Send, read_body, send_response
from inferway.serving.contract import PROCESS_HEADER
from inferway.serving.functions.events import Events
from inferway.serving.functions.handler_process import Outcome
from inferway.serving.functions.options import FunctionSettings
from inferway.serving.functions.pool import Pool, ThrottledError
from inferway.serving.functions.result_stream import ResultStream
from inferway.serving.functions.runtime_api import Event
from inferway.serving.functions.unreadable_event import unreadable_event

_PATH: Final = re.compile(
    r"/2015-03-31/functions/(?P<name>.+)/invocations"
    r"|/2021-11-15/functions/(?P<streamed>.+)/response-streaming-invocations"
)
_LIMITS: Final = {"RequestResponse": 6_291_456, "Event": 1_048_576, "DryRun": 6_291_456}
_VERSION: Final = (b"x-amz-executed-version", b"$LATEST")
_REMAPPED: Final = (b"x-amzn-remapped-content-length", b"0")  # assumed, as docs/parity-functions.md says
_CHUNK: Final = "PayloadChunk"
_CLIENT_CONTEXT: Final = 3583  # bytes (Invoke, ClientContext)

Pairs = list[tuple[bytes, bytes]]


class _RefusedError(Exception):
    """An invocation that the service refuses: status, exception and the fields of its body."""

    def __init__(self, status: int, kind: str, fields: Mapping[str, str]) -> None:
        super().__init__(kind)
        self.status = status
        self.kind = kind
        self.fields = fields


class _Asked(msgspec.Struct, frozen=True, kw_only=True):
    """An invocation: its kind, the event, whether the log's tail is wanted and the result as a stream."""

    kind: str
    event: Event
    tail: bool
    streamed: bool


class InvokeApi:
    """`POST /2015-03-31/functions/NAME/invocations`, `…/2021-11-15/…/response-streaming-invocations`, `GET /ping`."""

    def __init__(self, settings: FunctionSettings, pool: Pool, events: Events) -> None:
        self._settings = settings
        self._pool = pool
        self._events = events
        self._process = [(PROCESS_HEADER, str(os.getpid()).encode())]

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        """Answer one request (ASGI 3)."""
        if scope["path"] == "/ping":
            await send_response(send, 200, "application/json", b"", self._process)
            return
        request_id = str(uuid.uuid4())
        own: Pairs = [(b"x-amzn-requestid", request_id.encode())]
        try:
            asked = await self._ask(scope, receive, request_id)
            if asked.streamed and asked.kind == "RequestResponse":
                await self._stream(asked, send, own)
                return
            status, headers, body = await self._invoke(asked)
        except _RefusedError as refusal:
            own.append((b"x-amzn-errortype", refusal.kind.encode()))
            await send_response(send, refusal.status, "application/json", msgspec.json.encode(refusal.fields), own)
        except GoneError:
            return
        else:
            await send_response(send, status, "application/json", body, own + headers)

    async def _ask(self, scope: Mapping[str, Any], receive: Receive, request_id: str) -> _Asked:
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        kind = headers.get("x-amz-invocation-type", "RequestResponse")
        body, streamed = await self._event(scope, receive, headers, kind)
        event = Event(
            id=request_id,
            deadline=time.time() + self._settings.options.timeout,
            arn=self._settings.arn,
            trace=_trace(headers.get("x-amzn-trace-id", "")),
            client_context=_client_context(headers.get("x-amz-client-context", "")),
            body=body,
        )
        return _Asked(kind=kind, event=event, tail=headers.get("x-amz-log-type") == "Tail", streamed=streamed)

    async def _invoke(self, asked: _Asked) -> tuple[int, Pairs, bytes]:
        if asked.kind == "DryRun":
            return 204, [], b""
        if asked.kind == "Event":
            if not self._events.accept(asked.event):
                raise _throttled()
            return 202, [], b""
        try:
            outcome = await self._pool.invoke(asked.event, measured=asked.tail)
        except ThrottledError:
            raise _throttled() from None
        return 200, _headers(outcome, asked.event.trace, asked.tail), outcome.body

    async def _stream(self, asked: _Asked, send: Send, own: Pairs) -> None:
        """Answer with the result as it is made, in events. A caller who leaves does not end the function."""
        result = ResultStream()
        running = asyncio.ensure_future(self._pool.invoke(asked.event, measured=asked.tail, sink=result))
        running.add_done_callback(lambda _: result.end())
        piece = await result.next()
        if piece is None and isinstance(running.exception(), ThrottledError):
            raise _throttled()
        headers = [(b"content-type", CONTENT_TYPE), _VERSION, (b"x-amzn-trace-id", _line(asked.event.trace)), *own]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        while piece is not None:
            await send({"type": "http.response.body", "body": encode_event(_CHUNK, piece), "more_body": True})
            piece = await result.next()
        await send({"type": "http.response.body", "body": _last_events(running.result(), asked.tail)})

    async def _event(
        self, scope: Mapping[str, Any], receive: Receive, headers: Mapping[str, str], kind: str
    ) -> tuple[bytes, bool]:
        """Give the event's JSON, once the route and the invocation type are known to be right, and if it streams."""
        route = _PATH.fullmatch(unquote(scope["path"]))
        if route is None or scope["method"] != "POST":
            raise _RefusedError(404, "UnknownOperationException", {"Message": "there is POST …/invocations"})
        name = route["name"] or route["streamed"]
        if function_name_of(name) != self._settings.name:
            text = f"Function not found: {self._arn_of(name)}"
            raise _RefusedError(404, "ResourceNotFoundException", {"Type": "User", "Message": text})
        streamed = route["streamed"] is not None
        limit = _LIMITS.get(kind)
        if limit is None or (streamed and kind == "Event"):
            raise _invalid(f"unknown invocation type {kind!r}", "InvalidParameterValueException")
        try:
            event = await read_body(receive, int(headers.get("content-length", "0")), limit)
        except BodyTooLongError as error:
            text = f"{error.size} byte payload is too large for the {kind} invocation type (limit {limit} bytes)"
            raise _RefusedError(413, "RequestTooLargeException", {"Type": "User", "Message": text}) from None
        if not event:
            return b"{}", streamed
        try:
            msgspec.json.decode(event, type=msgspec.Raw)
            event.decode("utf-8")
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise _invalid(unreadable_event(event, str(error))) from None
        return event, streamed

    def _arn_of(self, name: str) -> str:
        return f"{self._settings.arn.rpartition(':')[0]}:{function_name_of(name)}"


def _last_events(outcome: Outcome, tail: bool) -> bytes:
    """Give what ends a stream: the result of a handler that does not stream, and how the event ended."""
    complete = {}
    if outcome.failed:
        complete = {"ErrorCode": "Unhandled", "ErrorDetails": outcome.body.decode("utf-8", "replace")}
    if tail:
        complete["LogResult"] = base64.b64encode(outcome.log).decode("ascii")
    whole = encode_event(_CHUNK, outcome.body) if outcome.body and not outcome.failed else b""
    return whole + encode_event("InvokeComplete", msgspec.json.encode(complete), "application/json")


def _line(text: str) -> bytes:
    return text.encode("latin-1", "replace")


def _headers(outcome: Outcome, trace: str, tail: bool) -> Pairs:
    headers = [_VERSION, _REMAPPED, (b"x-amzn-trace-id", _line(trace))]
    if outcome.failed:
        headers.append((b"x-amz-function-error", b"Unhandled"))
    if tail:
        headers.append((b"x-amz-log-result", base64.b64encode(outcome.log)))
    return headers


def _trace(given: str) -> str:
    """Give the trace header of an event: the caller's, with a segment of its own where that names none.

    Source: X-Ray guide, "Tracing header"; that the service's answers say `Sampled=0` is assumed.
    """
    root = given or f"Root=1-{int(time.time()):08x}-{secrets.token_hex(12)}"
    return root if ";" in root else f"{root};Parent={secrets.token_hex(8)};Sampled=0"


def _client_context(text: str) -> str:
    """Give the client context as one line of JSON in ASCII, as a header can hold it."""
    if not text:
        return ""
    try:
        if len(text) <= _CLIENT_CONTEXT:
            return json.dumps(msgspec.json.decode(base64.b64decode(text, validate=True)))
    except (binascii.Error, msgspec.DecodeError, ValueError):
        pass
    raise _invalid("Client context must be a valid Base64-encoded JSON object.")


def _invalid(text: str, kind: str = "InvalidRequestContentException") -> _RefusedError:
    return _RefusedError(400, kind, {"Type": "User", "message": text})


def _throttled() -> _RefusedError:
    fields = {
        "Reason": "ReservedFunctionConcurrentInvocationLimitExceeded",
        "Type": "User",
        "message": "Rate Exceeded.",
    }
    return _RefusedError(429, "TooManyRequestsException", fields)
