"""What a streamed function sends that is no result, or more than one."""

import asyncio
from typing import Any

import pytest

from inferway.backends.aws_lambda_stream import DELIMITER, LambdaStreamBackend
from inferway.backends.event_stream import encode_event
from inferway.body_stream import BrokenStreamError
from inferway.exchange import Call, Reply
from inferway.faults import Fault, FaultKind
from inferway.transport.stream import ReplyStream

HEAD = encode_event("PayloadChunk", b'{"statusCode":200}' + DELIMITER)
DONE = encode_event("InvokeComplete", b"{}", "application/json")


class Prepared:
    """A call whose reply has these pieces."""

    def __init__(self, pieces: list[bytes]) -> None:
        self._pieces = pieces

    def streaming(self) -> "Prepared":
        return self

    def resume(self, stream: ReplyStream) -> None:
        """Send on (Source)."""

    def drop(self, stream: ReplyStream) -> None:
        """Close (Source)."""

    async def send(self, body: bytes, headers: object) -> Reply:
        stream = ReplyStream(asyncio.get_running_loop(), self)
        stream.put(list(self._pieces))
        stream.end()
        return Reply(200, [], b"", None, stream)


def result(*pieces: bytes) -> tuple[bytes, Any] | Fault:
    """Give the payload, and the fault that broke it off if one did; or the fault of the whole call."""

    async def read() -> tuple[bytes, Any] | Fault:
        prepared: Any = Prepared(list(pieces))
        reply = await LambdaStreamBackend("f", prepared).invoke(Call(body=b"{}"))
        if isinstance(reply, Fault):
            return reply
        assert reply.stream is not None
        payload = b""
        try:
            async for piece in reply.stream:
                payload += piece
        except BrokenStreamError as error:
            return payload, error.fault
        return payload, None

    return asyncio.run(read())


def test_what_comes_behind_the_end_is_no_part_of_the_payload() -> None:
    behind = encode_event("PayloadChunk", b"more")
    assert result(HEAD, encode_event("PayloadChunk", b"x") + DONE + behind, behind) == (b"x", None)


def test_the_metadata_may_be_cut_anywhere() -> None:
    data = HEAD + encode_event("PayloadChunk", b"x\0\0y") + DONE
    assert all(result(data[:at], data[at:]) == (b"x\0\0y", None) for at in range(1, len(data)))


@pytest.mark.parametrize("complete", [b"{not json", b'{"ErrorCode": 5}', b"[]", b""])
def test_an_end_that_is_malformed_breaks_the_call_off(complete: bytes) -> None:
    fault = result(HEAD + encode_event("PayloadChunk", b"x") + encode_event("InvokeComplete", complete))
    assert isinstance(fault, Fault)
    assert fault.kind is FaultKind.BACKEND_BROKE_PROTOCOL
