"""An endpoint with all that it can be asked, as a deployment's routes call it."""

from typing import Final

from inferway.backends.endpoints import errors
from inferway.backends.endpoints.async_queue import AsyncInvocations
from inferway.backends.endpoints.endpoint import Endpoint
from inferway.backends.endpoints.response_stream import invoke_stream
from inferway.exchange import Call, Reply
from inferway.faults import Fault, FaultKind

LARGEST_REPLY: Final = 10 * 1024 * 1024
"""Bytes of a stream that is gathered into one reply (API Gateway's own limit of a payload)."""


class Served:
    """One endpoint; without a queue nothing asynchronous can be asked of it."""

    def __init__(self, endpoint: Endpoint, invocations: AsyncInvocations | None = None) -> None:
        self.invoke = endpoint.invoke
        self._endpoint = endpoint
        self._invocations = invocations

    async def invoke_async(self, call: Call) -> Reply:
        """Keep an invocation, and give the service's 202 or its refusal."""
        if self._invocations is None:
            return errors.validation_error(f"Endpoint {self._endpoint.name} has no AsyncInferenceConfig.")
        return await self._invocations.accept(self._endpoint, call)

    async def invoke_stream(self, call: Call) -> Reply | Fault:
        """Give the events of a response stream as one body, since an integration of this kind gathers them."""
        reply = await invoke_stream(self._endpoint, call)
        if isinstance(reply, Fault) or reply.stream is None:
            return reply
        pieces, size = [], 0
        try:
            async for piece in reply.stream:
                pieces.append(piece)
                size += len(piece)
                if size > LARGEST_REPLY:
                    cause = f"the stream of endpoint {self._endpoint.name!r} has more than {LARGEST_REPLY} bytes"
                    return Fault(kind=FaultKind.BACKEND_BROKE_PROTOCOL, cause=cause)
        finally:
            await reply.stream.aclose()
        return Reply(reply.status, reply.headers, b"".join(pieces))
