"""Test invocations: a body that is streamed, and too long to be shown."""

import asyncio

from inferway.app.method_invocations import _MOST_BODY, _whole
from inferway.body_stream import BodyStream


class Endless(BodyStream):
    """Goes on for ever, until it is closed."""

    def __init__(self) -> None:
        self.closed = False

    async def __anext__(self) -> bytes:
        return b"x" * 1_048_576

    def close(self) -> None:
        self.closed = True


def test_a_stream_that_is_cut_is_closed() -> None:
    endless = Endless()
    assert _MOST_BODY < len(asyncio.run(_whole(endless))) <= _MOST_BODY + 1_048_576
    assert endless.closed
