"""Event streams as botocore's own parser reads them."""

import contextlib
import importlib
import string
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from inferway.backends.endpoints.response_stream import payload_part
from inferway.backends.event_stream import encode_event, encode_exception

EVENTSTREAM: Any = importlib.import_module("botocore.eventstream")

NAMES = st.text(string.ascii_letters + ":-", min_size=1, max_size=100)


def read(data: bytes, cut: int = 0) -> list[Any]:
    """Read messages, given whole or in pieces of a size."""
    buffer, found = EVENTSTREAM.EventStreamBuffer(), []
    for start in range(0, len(data), cut or len(data) or 1):
        buffer.add_data(data[start : start + (cut or len(data))])
        found += list(buffer)
    return found


@given(name=NAMES, kind=st.text(max_size=300), payload=st.binary(max_size=5000))
def test_a_message_is_read_as_it_was_written(name: str, kind: str, payload: bytes) -> None:
    (event,) = read(encode_event(name, payload, kind))
    assert event.headers == {":message-type": "event", ":event-type": name, ":content-type": kind}
    assert event.payload == payload


@given(pieces=st.lists(st.binary(min_size=1, max_size=300), max_size=20), cut=st.integers(1, 50))
def test_a_stream_of_parts_is_the_body_however_it_is_cut(pieces: list[bytes], cut: int) -> None:
    events = read(b"".join(map(payload_part, pieces)), cut)
    assert [event.to_response_dict()["headers"][":event-type"] for event in events] == ["PayloadPart"] * len(pieces)
    assert [event.payload for event in events] == pieces


@given(data=st.data())
def test_no_bit_can_change_unseen(data: Any) -> None:
    whole = bytearray(payload_part(b"a body of some length"))
    at = data.draw(st.integers(0, len(whole) - 1))
    whole[at] ^= 1 << data.draw(st.integers(0, 7))
    with contextlib.suppress(EVENTSTREAM.ParserError):
        assert read(bytes(whole)) == []  # its length has grown, and the rest is waited for


def test_a_large_piece_is_sent_as_several() -> None:
    body = bytes(3_000_000)
    events = read(payload_part(body))
    assert len(events) == 3
    assert b"".join(event.payload for event in events) == body
    assert payload_part(b"") == b""


def test_an_exception_is_an_error_to_botocore() -> None:
    (event,) = read(encode_exception("ModelStreamError", b'{"Message":"gone"}'))
    assert event.to_response_dict()["status_code"] == 400
    assert event.headers[":exception-type"] == "ModelStreamError"
