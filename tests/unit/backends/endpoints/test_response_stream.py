"""What breaks a response stream off is its last event, read here by botocore's own parser.

Source: SageMaker Runtime service model, `ResponseStream`: PayloadPart, ModelStreamError (ErrorCode
ModelInvocationTimeExceeded or StreamBroken), InternalStreamFailure.
"""

import asyncio
import importlib
import json
from collections.abc import AsyncGenerator
from typing import Any

import pytest

from inferway.backends.endpoints.response_stream import LARGEST_PART, EventStream, payload_part
from inferway.transport.errors import TransportError, TransportErrorKind

BUFFER: Any = importlib.import_module("botocore.eventstream").EventStreamBuffer


class _Counted:
    """Stands for the variant that was chosen: what it is told of the call's end."""

    def __init__(self) -> None:
        self.variant = self
        self.statuses: list[int] = []

    def count(self, started: float, *, status: int) -> None:
        self.statuses.append(status)


def read(kind: TransportErrorKind | None) -> tuple[list[tuple[str, str, bytes]], list[int]]:
    async def pieces() -> AsyncGenerator[bytes, None]:
        yield b"one"
        if kind is not None:
            raise TransportError(kind, "it ended", origin="http://model")

    async def work() -> tuple[list[bytes], list[int]]:
        chosen: Any = _Counted()
        stream = EventStream(pieces(), chosen, 0.0)
        return [event async for event in stream], chosen.statuses

    events, statuses = asyncio.run(work())
    buffer = BUFFER()
    buffer.add_data(b"".join(events))
    return [_told(event) for event in buffer], statuses


def _told(event: Any) -> tuple[str, str, bytes]:
    kind = event.headers[":message-type"]
    return kind, event.headers[f":{kind}-type"], event.payload


def test_a_stream_that_ends_has_its_parts_alone() -> None:
    assert read(None) == ([("event", "PayloadPart", b"one")], [200])


@pytest.mark.parametrize(
    ("kind", "name", "code"),
    [
        (TransportErrorKind.TIMED_OUT, "ModelStreamError", "ModelInvocationTimeExceeded"),
        (TransportErrorKind.CLOSED_EARLY, "ModelStreamError", "StreamBroken"),
        (TransportErrorKind.CLIENT_CLOSED, "InternalStreamFailure", None),
    ],
)
def test_what_breaks_a_stream_off_is_its_last_event(kind: TransportErrorKind, name: str, code: str | None) -> None:
    """CLIENT_CLOSED is the gateway's own end, which is not the model's."""
    (first, last), statuses = read(kind)
    assert first == ("event", "PayloadPart", b"one")
    assert last[:2] == ("exception", name)
    assert json.loads(last[2]).get("ErrorCode") == code
    assert statuses == [0]


def test_a_large_piece_is_several_parts() -> None:
    buffer = BUFFER()
    buffer.add_data(payload_part(b"x" * (2 * LARGEST_PART + 1)))
    assert [len(event.payload) for event in buffer] == [LARGEST_PART, LARGEST_PART, 1]
