"""A backend's reply that is passed on while it arrives."""

import msgspec

from inferway.backends.link import transport_fault
from inferway.body_stream import BodyStream, BrokenStreamError
from inferway.exchange import Reply
from inferway.faults import Fault, FaultKind
from inferway.transport.errors import TransportError
from inferway.transport.stream import ReplyStream


class PassedOn(BodyStream):
    """The body of a reply from a target; what breaks it off is raised as BrokenStreamError."""

    __slots__ = ("_stream", "_target")

    def __init__(self, stream: ReplyStream, target: str) -> None:
        self._stream = stream
        self._target = target

    async def __anext__(self) -> bytes:
        """Give the next piece."""
        try:
            return await self._stream.__anext__()
        except TransportError as error:
            raise BrokenStreamError(transport_fault(error, self._target)) from error

    def close(self) -> None:
        """Read no more."""
        self._stream.close()


def passed_on(reply: Reply, target: str) -> Reply:
    """Give a reply whose stream, if it has one, breaks off with the fault of this target."""
    if not isinstance(reply.stream, ReplyStream):
        return reply
    return msgspec.structs.replace(reply, stream=PassedOn(reply.stream, target))


async def whole(reply: Reply, most: int, target: str) -> Reply | Fault:
    """Give a streamed reply whole, or the fault that one which was never streamed would have been."""
    try:
        made = await gathered(reply, most)
    except BrokenStreamError as error:
        return error.fault
    cause = f"{target}: the reply's body exceeds {most} bytes"
    return made or Fault(kind=FaultKind.BACKEND_BROKE_PROTOCOL, cause=cause)


async def gathered(reply: Reply, most: int) -> Reply | None:
    """Give a streamed reply whole, as if it had not been; None where its body has more than `most` bytes.

    Raises BrokenStreamError.
    """
    if reply.stream is None:
        return reply
    pieces, size = [], 0
    try:
        async for piece in reply.stream:
            size += len(piece)
            if size > most:
                return None
            pieces.append(piece)
    finally:
        await reply.stream.aclose()
    return msgspec.structs.replace(reply, body=b"".join(pieces), stream=None)
