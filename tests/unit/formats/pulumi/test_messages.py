import socket
import struct
import time
from collections.abc import Iterator

import pytest

from inferway.formats.pulumi.messages import LARGEST_FRAME, Answer, Ask, Line, Started
from inferway.formats.resources import Provisioned


@pytest.fixture
def ends() -> Iterator[tuple[socket.socket, socket.socket]]:
    one, other = socket.socketpair()
    with one, other:
        yield one, other


def test_messages_arrive_whole_and_in_order(ends: tuple[socket.socket, socket.socket]) -> None:
    one, other = Line(ends[0]), Line(ends[1])
    ask = Ask(type="t", name="n", properties={"a": [1, None]}, file="f", line=3, region="r", account="1")
    answer = Answer(provisioned=Provisioned(id="i", attributes={"k": "v"}, secrets=frozenset({"k"})))
    one.send(ask)
    one.send(answer)
    assert other.receive() == ask
    assert other.receive() == answer


def test_the_end_of_the_line(ends: tuple[socket.socket, socket.socket]) -> None:
    one, other = Line(ends[0]), Line(ends[1])
    one.send(Started(pid=1, folder="/tmp/x"))
    one.close()
    assert other.receive() == Started(pid=1, folder="/tmp/x")
    assert other.receive() is None


def test_half_a_message_is_none(ends: tuple[socket.socket, socket.socket]) -> None:
    ends[0].sendall(struct.pack(">I", 10) + b"{")
    ends[0].close()
    assert Line(ends[1]).receive() is None


def test_a_time_limit(ends: tuple[socket.socket, socket.socket]) -> None:
    with pytest.raises(TimeoutError):
        Line(ends[0]).receive(time.monotonic() + 0.01)


@pytest.mark.parametrize("data", [struct.pack(">I", LARGEST_FRAME + 1), struct.pack(">I", 4) + b"nope"])
def test_what_is_no_message(ends: tuple[socket.socket, socket.socket], data: bytes) -> None:
    ends[0].sendall(data)
    with pytest.raises(ValueError, match=r".+"):
        Line(ends[1]).receive()
