"""InvokeEndpointWithResponseStream: a container's reply as an event stream, piece by piece as it comes.

Source: SageMaker Runtime API reference, "InvokeEndpointWithResponseStream", its `ResponseStream` and the codes of a
`ModelStreamError`; the words of a stream whose time is over stand in sagemaker-python-sdk issue 1119. That a container
may take 60 seconds to begin and eight minutes in all: "Invoke models for real-time inference".
"""

import time
from collections.abc import AsyncGenerator
from typing import Any, Final

import msgspec

from inferway.backends.endpoints import errors
from inferway.backends.endpoints.container import MAX_BODY, HeaderSet, Outgoing
from inferway.backends.endpoints.endpoint import INVOKED_VARIANT, Chosen, Endpoint, sent_on
from inferway.backends.endpoints.headers import NEW_SESSION, broken, wanted
from inferway.backends.endpoints.variant import Sending
from inferway.backends.event_stream import CONTENT_TYPE, encode_event, encode_exception
from inferway.exchange import Call, Headers, Reply
from inferway.faults import Fault
from inferway.transport.errors import TransportError, TransportErrorKind

LARGEST_PART: Final = 1024 * 1024
"""Bytes of one event's payload; botocore takes 24 MiB, other readers 16."""

LONGEST: Final = 480.0
"""Seconds that a stream may take."""

_ACCEPT: Final = b"x-amzn-sagemaker-accept"
_CUSTOM: Final = b"x-amzn-sagemaker-custom-attributes"
_LARGEST_REFUSAL: Final = MAX_BODY


async def invoke_stream(endpoint: Endpoint, call: Call) -> Reply | Fault:
    """Give the reply, whose `stream` has the container's body in events; errors before its head are whole replies."""
    if len(call.body) > MAX_BODY:
        return errors.too_large(MAX_BODY)
    headers = sent_on(call.headers)
    flaws = broken(headers)
    if flaws:
        return errors.validation_error(flaws)
    asked = wanted(headers)
    if asked.session == NEW_SESSION:
        return errors.validation_error(
            "1 validation error detected: Value 'NEW_SESSION' at 'sessionId' failed to satisfy constraint: Member must "
            "satisfy regular expression pattern: ^[a-zA-Z0-9](-*[a-zA-Z0-9])*$"
        )
    if endpoint.settings.asynchronous is not None:
        return errors.validation_error(errors.ASYNCHRONOUS.format(endpoint.name))
    outgoing = endpoint.outgoing(_for_container(headers), call.body)
    if isinstance(outgoing, Reply):
        return outgoing
    chosen = endpoint.choose(asked)
    if isinstance(chosen, Reply):
        return chosen
    started = time.perf_counter()
    sent = await endpoint.send(chosen, _streaming(outgoing), started)
    if not isinstance(sent, tuple):
        return sent
    reply = sent[0]
    if reply.stream is None or reply.status // 100 != 2:
        body = await _whole(reply)
        chosen.variant.count(started, status=reply.status)
        return errors.model_error(endpoint.name, reply.status, body)
    shown: Headers = [
        (b"content-type", CONTENT_TYPE),
        *((b"x-amzn-sagemaker-content-type", value) for name, value in reply.headers if name == b"content-type"),
        *(pair for pair in reply.headers if pair[0] == _CUSTOM),
        (INVOKED_VARIANT, chosen.shown.encode()),
    ]
    return Reply(200, shown, b"", None, EventStream(reply.stream, chosen, started))


def _streaming(outgoing: Outgoing) -> Sending:
    return lambda container: container.streams(LONGEST, outgoing.target).send(outgoing.headers, outgoing.body)


def _for_container(headers: HeaderSet) -> HeaderSet:
    """Give the headers for the container: what it is to accept has a name of its own in this operation."""
    accept = [(b"accept", value) for name, value in headers if name == _ACCEPT]
    others = [pair for pair in headers if pair[0] not in {_ACCEPT, b"accept"}]
    return (*others, *accept)


async def _whole(reply: Reply) -> bytes:
    if reply.stream is None:
        return reply.body
    pieces, size = [], 0
    try:
        async for piece in reply.stream:
            pieces.append(piece)
            size += len(piece)
            if size > _LARGEST_REFUSAL:
                break
    except TransportError:
        pass  # what has come of an error's text is better than none
    finally:
        await reply.stream.aclose()
    return b"".join(pieces)


class EventStream(AsyncGenerator[bytes, None]):
    """A container's stream as events; what breaks it off is its last event. Whoever does not read on closes it."""

    def __init__(self, pieces: AsyncGenerator[bytes, None], chosen: Chosen, started: float) -> None:
        self._pieces = pieces
        self._chosen = chosen
        self._started = started
        self._is_over = False

    async def __anext__(self) -> bytes:
        """Give the events of the next piece."""
        if self._is_over:
            raise StopAsyncIteration
        try:
            piece = await self._pieces.__anext__()
        except StopAsyncIteration:
            self._end(200)
            raise
        except TransportError as error:
            self._end(0)
            return _broken_off(error)
        return payload_part(piece)

    async def asend(self, value: None) -> bytes:
        """Give the next events (AsyncGenerator); nothing can be sent."""
        del value
        return await self.__anext__()

    async def athrow(self, typ: Any, val: Any = None, tb: Any = None) -> bytes:
        """End the stream with an exception (AsyncGenerator)."""
        self._end(200)
        return await self._pieces.athrow(typ, val, tb)

    async def aclose(self) -> None:
        """Read no more."""
        self._end(200)
        await self._pieces.aclose()

    def _end(self, status: int) -> None:
        if not self._is_over:
            self._is_over = True
            self._chosen.variant.count(self._started, status=status)


def payload_part(piece: bytes) -> bytes:
    """Give the PayloadPart events for a piece of a reply's body; a large one is several."""
    parts = [piece[start : start + LARGEST_PART] for start in range(0, len(piece), LARGEST_PART)]
    return b"".join([encode_event("PayloadPart", part) for part in parts])


def _broken_off(error: TransportError) -> bytes:
    if error.kind is TransportErrorKind.CLIENT_CLOSED:
        return encode_exception("InternalStreamFailure", msgspec.json.encode({"Message": "The stream was ended."}))
    if error.kind is TransportErrorKind.TIMED_OUT:
        code = "ModelInvocationTimeExceeded"
        text = "Your model primary did not complete sending the inference response in the allotted time."
    else:
        code, text = "StreamBroken", "The connection to your model primary broke off."
    return encode_exception("ModelStreamError", msgspec.json.encode({"Message": text, "ErrorCode": code}))
