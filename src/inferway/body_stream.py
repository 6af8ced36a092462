"""A streamed body: pieces as they come, and how it breaks off."""

from collections.abc import AsyncGenerator

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


class BrokenStreamError(Exception):
    """A streamed body broke off, as `fault` says: its response must not look whole to the client."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.cause)
        self.fault = fault
