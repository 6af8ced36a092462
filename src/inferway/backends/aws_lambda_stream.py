"""A Lambda function whose result is passed on while it makes it.

Sources: Lambda API reference, "InvokeWithResponseStream" (https://docs.aws.amazon.com/lambda/latest/api/
API_InvokeWithResponseStream.html); API Gateway, "Set up a Lambda proxy integration with payload response streaming"
(https://docs.aws.amazon.com/apigateway/latest/developerguide/response-transfer-mode-lambda.html): metadata as JSON,
eight NUL bytes, and the payload; the NULs must come within the first 16 KB.
"""

from typing import Final

import msgspec

from inferway.backends.aws_lambda import error_message, find_function, prepare_event
from inferway.backends.event_stream import EventReader
from inferway.backends.link import Link, Unreachable, transport_fault
from inferway.backends.passed_on import PassedOn, gathered, passed_on
from inferway.body_stream import BodyStream, BrokenStreamError
from inferway.definition.targets import LambdaStream
from inferway.exchange import Call, Reply
from inferway.faults import Fault, FaultKind
from inferway.transport.errors import TransportError
from inferway.transport.options import CallOptions
from inferway.transport.prepared import PreparedCall

DELIMITER: Final = bytes(8)
MOST_METADATA: Final = 16_384
"""Bytes within which the metadata and the NULs behind it must have come."""

_OK: Final = 200
_MOST_REFUSAL: Final = 65_536
_SENT_ON: Final = frozenset((b"x-amzn-trace-id",))


class _Complete(msgspec.Struct):
    code: str = msgspec.field(default="", name="ErrorCode")
    details: str = msgspec.field(default="", name="ErrorDetails")


_decode_complete: Final = msgspec.json.Decoder(_Complete).decode


class LambdaStreamBackend:
    """One function."""

    __slots__ = ("_name", "_prepared")

    def __init__(self, name: str, prepared: PreparedCall) -> None:
        self._name = name
        self._prepared = prepared.streaming()

    async def invoke(self, call: Call) -> Reply | Fault:
        """Send the event and give the metadata as the reply's body, the payload as its stream.

        A function that fails before its metadata is whole gives a reply with `error`, as one that is not streamed does;
        a result that does not begin with metadata is BACKEND_RESULT_MALFORMED. Another status than 200 is the Lambda
        service's own exception.
        """
        target = f"function {self._name!r}"
        headers = [pair for pair in call.headers if pair[0] in _SENT_ON] if call.headers else ()
        try:
            reply = passed_on(await self._prepared.send(call.body, headers), target)
        except TransportError as error:
            return transport_fault(error, target)
        assert isinstance(reply.stream, PassedOn)  # noqa: S101 - a call that streams gives one
        payload = _Payload(reply.stream)
        try:
            if reply.status != _OK:
                whole = await gathered(reply, _MOST_REFUSAL)
                return whole or msgspec.structs.replace(reply, stream=None)
            metadata = await payload.metadata()
        except BrokenStreamError as error:
            payload.close()
            return error.fault
        except BaseException:
            payload.close()
            raise
        if isinstance(metadata, Fault):
            payload.close()
            return metadata
        if metadata is None:
            payload.close()
            return msgspec.structs.replace(reply, stream=None, error=payload.failure)
        return msgspec.structs.replace(reply, body=metadata, stream=payload)


class _Payload(BodyStream):
    """What a function streams, out of the service's events."""

    __slots__ = ("_events", "_is_over", "_reader", "_ready", "failure")

    def __init__(self, events: PassedOn) -> None:
        self._events = events
        self._reader = EventReader()
        self._ready: list[bytes] = []
        self._is_over = False
        self.failure: str | None = None

    async def metadata(self) -> bytes | Fault | None:
        """Read up to the delimiter and give what stands before it; None where the function failed before."""
        came = b""
        while (at := came.find(DELIMITER)) < 0 and len(came) <= MOST_METADATA:
            if not await self._read():
                return None if self.failure is not None else _malformed("it ends before its metadata does")
            came += b"".join(self._ready)
            self._ready = []
        if not 0 <= at <= MOST_METADATA - len(DELIMITER):
            return _malformed(f"no delimiter within {MOST_METADATA} bytes")
        rest = came[at + len(DELIMITER) :]
        self._ready = [rest] if rest else []
        return came[:at]

    async def __anext__(self) -> bytes:
        """Give the next piece of the payload."""
        while not self._ready:
            if not await self._read():
                if self.failure is not None:
                    fault = Fault(kind=FaultKind.BACKEND_FAILED, cause=f"the function failed: {self.failure}")
                    raise BrokenStreamError(fault)
                raise StopAsyncIteration
        return self._ready.pop(0)

    async def _read(self) -> bool:
        """Read on; False at the end."""
        if self._is_over:
            return False
        try:
            piece = await self._events.__anext__()
        except StopAsyncIteration:
            self._is_over = True
            raise BrokenStreamError(_broken("the event stream ends before it is complete")) from None
        try:
            for event in self._reader.feed(piece):
                self._take(event.headers.get(":event-type") or event.headers.get(":exception-type", ""), event.payload)
        except ValueError as error:
            self.close()
            raise BrokenStreamError(_broken(str(error))) from error
        return True

    def _take(self, kind: str, payload: bytes) -> None:
        if self._is_over:
            return
        if kind == "PayloadChunk":
            if payload:
                self._ready.append(payload)
            return
        self._is_over = True
        if kind == "InvokeComplete":
            complete = _decode_complete(payload)
            if complete.code:
                self.failure = error_message(complete.details.encode()) or complete.code
        else:
            self.failure = f"{kind}: {payload.decode('utf-8', 'replace')}"

    def close(self) -> None:
        """Read no more."""
        self._is_over = True
        self._ready = []
        self._events.close()


def _malformed(cause: str) -> Fault:
    return Fault(kind=FaultKind.BACKEND_RESULT_MALFORMED, cause=f"malformed streamed Lambda proxy response: {cause}")


def _broken(cause: str) -> Fault:
    return Fault(kind=FaultKind.BACKEND_BROKE_PROTOCOL, cause=f"InvokeWithResponseStream: {cause}")


def connect(target: LambdaStream, link: Link, timeout: float) -> LambdaStreamBackend | Unreachable:
    """Connect a function by the URL it is bound to; one that is not bound, or did not start, faults on every call."""
    name, url = find_function(link, target.name)
    if isinstance(url, Unreachable):
        return url
    options = CallOptions(total_timeout=timeout, read_timeout=min(timeout, target.idle))
    prepared = prepare_event(name, "2021-11-15", "response-streaming-invocations", url, link.client, options)
    return prepared if isinstance(prepared, Unreachable) else LambdaStreamBackend(name, prepared)
