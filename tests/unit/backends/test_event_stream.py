"""AWS's event streams, held against botocore's own reader and the specification's vectors."""

import struct
from importlib import import_module
from typing import Any
from zlib import crc32

import pytest

from inferway.backends.event_stream import Event, EventReader, encode_event, encode_exception

EventStreamBuffer: Any = import_module("botocore.eventstream").EventStreamBuffer

# Smithy's specification has these two messages among its examples ("Amazon Event Stream Specification", test vectors).
EMPTY = bytes.fromhex("000000100000000005c248eb7d98c8ff")
PAYLOAD_ONLY = bytes.fromhex("0000001d00000000fd528c5a7b27666f6f273a27626172277dc3653936")


def test_botocore_reads_what_is_encoded() -> None:
    buffer = EventStreamBuffer()
    buffer.add_data(encode_event("PayloadChunk", b"\x00body") + encode_exception("ModelStreamError", b'{"a":1}'))
    first, second = list(buffer)
    assert first.payload == b"\x00body"
    assert first.headers == {
        ":message-type": "event",
        ":event-type": "PayloadChunk",
        ":content-type": "application/octet-stream",
    }
    assert (second.headers[":exception-type"], second.payload) == ("ModelStreamError", b'{"a":1}')


@pytest.mark.parametrize("size", [1, 3, 7, 1000])
def test_messages_are_read_wherever_they_are_cut(size: int) -> None:
    data = EMPTY + PAYLOAD_ONLY + encode_event("chunk", b"x" * 40)
    reader = EventReader()
    events: list[Event] = []
    for at in range(0, len(data), size):
        events += reader.feed(data[at : at + size])
    assert [event.payload for event in events] == [b"", b"{'foo':'bar'}", b"x" * 40]


@pytest.mark.parametrize("at", [0, 5, 9, 13, 20, 26])
def test_a_changed_byte_is_noticed(at: int) -> None:
    data = bytearray(PAYLOAD_ONLY)
    data[at] ^= 0x40
    with pytest.raises(ValueError, match="checksum"):
        EventReader().feed(bytes(data))


def test_a_message_is_given_with_its_last_byte() -> None:
    reader = EventReader()
    assert reader.feed(PAYLOAD_ONLY[:-1]) == []
    assert [event.payload for event in reader.feed(PAYLOAD_ONLY[-1:])] == [b"{'foo':'bar'}"]


def test_a_message_beyond_the_limit_is_refused_before_it_is_read() -> None:
    lengths = struct.pack(">II", 1 << 30, 0)
    with pytest.raises(ValueError, match="1073741824 bytes"):
        EventReader().feed(lengths + struct.pack(">I", crc32(lengths)))


def test_a_large_message_in_single_bytes_ends() -> None:
    """Within a moment: put together anew for each byte, a megabyte was half a terabyte to copy."""
    reader = EventReader()
    data = encode_event("chunk", bytes(1_000_000))
    events = [event for at in range(len(data)) for event in reader.feed(data[at : at + 1])]
    assert [len(event.payload) for event in events] == [1_000_000]
