"""What a test invocation and a trace show of a streamed response.

Source: API Gateway, "Troubleshoot issues with response streaming": TestInvokeMethod buffers a stream until it is
complete, 35 seconds have gone, or more than 1 MB is there.
"""

import asyncio

from inferway.body_stream import BodyStream, BrokenStreamError
from inferway.faults import Fault, FaultKind
from inferway.gateway.beginning import beginning

MEGABYTE = 1_048_576
BROKE = Fault(kind=FaultKind.BACKEND_FAILED, cause="the function failed")


class Pieces(BodyStream):
    """Gives a piece over and over, or `count` times; then it breaks off, or with `waits` gives no more."""

    def __init__(self, piece: bytes, count: int = 1_000, *, waits: bool = False) -> None:
        self.piece = piece
        self.left = count
        self.waits = waits
        self.closed = False

    async def __anext__(self) -> bytes:
        self.left -= 1
        if self.left >= 0:
            return self.piece
        if self.waits:
            await asyncio.Event().wait()
        raise BrokenStreamError(BROKE)

    def close(self) -> None:
        self.closed = True


def test_what_is_not_streamed_is_shown_whole() -> None:
    assert asyncio.run(beginning(b"x" * 2 * MEGABYTE)) == (b"x" * 2 * MEGABYTE, None)


def test_a_stream_is_cut_and_closed_once_more_than_a_megabyte_is_there() -> None:
    stream = Pieces(b"x" * MEGABYTE)
    assert asyncio.run(beginning(stream)) == (b"x" * 2 * MEGABYTE, None)
    assert stream.closed


def test_a_stream_that_takes_too_long_is_cut_and_closed() -> None:
    stream = Pieces(b"ab", 2, waits=True)
    assert asyncio.run(beginning(stream, seconds=0.01)) == (b"abab", None)
    assert stream.closed


def test_what_broke_a_stream_off_is_told() -> None:
    stream = Pieces(b"ab", 2)
    shown, broke = asyncio.run(beginning(stream))
    assert (shown, broke.fault if broke is not None else None) == (b"abab", BROKE)
    assert stream.closed
