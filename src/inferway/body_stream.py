"""A streamed body: pieces as they come, and how it breaks off."""

from abc import abstractmethod
from collections.abc import AsyncGenerator, AsyncIterator

from inferway.faults import Fault


class BodyStream(AsyncGenerator[bytes, None]):
    """A body in pieces, as they come; `close` ends it at once, also before its first piece was asked for.

    (Closing a generator that was never started runs none of its code.) Reading one that broke off raises
    BrokenStreamError where a backend made it.
    """

    __slots__ = ()

    def close(self) -> None:
        """Read no more, and let go of what the pieces come from; harmless at the end, and twice."""
        raise NotImplementedError

    async def asend(self, value: None) -> bytes:
        """Give the next piece (AsyncGenerator); nothing can be sent."""
        del value
        return await self.__anext__()

    async def athrow(self, typ: object, val: object = None, tb: object = None) -> bytes:
        """End the stream with an exception (AsyncGenerator)."""
        del val, tb
        self.close()
        raise typ if isinstance(typ, BaseException | type) else GeneratorExit

    async def aclose(self) -> None:
        """Read no more (AsyncGenerator)."""
        self.close()


class WatchedStream(BodyStream):
    """A body on its way through somebody who looks on; `given_up` is called when no more of it is going to be read."""

    __slots__ = ("body",)

    def __init__(self, body: AsyncIterator[bytes]) -> None:
        self.body = body

    @abstractmethod
    def given_up(self) -> None:
        """Take note that no more is read; also at the end, and twice."""

    def close(self) -> None:
        """Read no more."""
        self.given_up()
        if isinstance(self.body, BodyStream):
            self.body.close()

    async def aclose(self) -> None:
        """Read no more."""
        self.given_up()
        if isinstance(self.body, AsyncGenerator):
            await self.body.aclose()


def holds(body: object, stream: AsyncIterator[bytes]) -> bool:
    """Say whether a response's body is a stream, however many look on."""
    while isinstance(body, WatchedStream):
        body = body.body
    return body is stream


class BrokenStreamError(Exception):
    """A streamed body broke off, as `fault` says: its response must not look whole to the client."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.cause)
        self.fault = fault
