"""AWS's event streams on the wire, `application/vnd.amazon.eventstream`: what is streamed, in messages with checksums.

Source: Smithy, "Amazon Event Stream Specification" (https://smithy.io/2.0/aws/amazon-eventstream.html).
"""

import struct
from typing import Final
from zlib import crc32

import msgspec

CONTENT_TYPE: Final = b"application/vnd.amazon.eventstream"

_PRELUDE: Final = struct.Struct(">III")
_WORD: Final = struct.Struct(">I")
_STRING: Final = 7
# By type of header, the length of its value in bytes; those of 6 (bytes) and 7 (text) come with a length of their own.
_FIXED: Final = {0: 0, 1: 0, 2: 1, 3: 2, 4: 4, 5: 8, 8: 8, 9: 16}
_TIMESTAMP_OR_ID: Final = 10
_MOST_HEADERS: Final = 131_072
_MOST: Final = 16_777_216 + _MOST_HEADERS + 16


class Event(msgspec.Struct, frozen=True):
    """One message: those of its headers that are text, and its payload."""

    headers: dict[str, str]
    payload: bytes


def encode_event(name: str, payload: bytes, content_type: str = "application/octet-stream") -> bytes:
    """Give an event of this name as a message."""
    return _encode({":message-type": "event", ":event-type": name, ":content-type": content_type}, payload)


def encode_exception(name: str, payload: bytes) -> bytes:
    """Give an exception of this name, its members as JSON, as a message."""
    headers = {":message-type": "exception", ":exception-type": name, ":content-type": "application/json"}
    return _encode(headers, payload)


def _encode(headers: dict[str, str], payload: bytes) -> bytes:
    lines = b"".join(
        struct.pack(f">B{len(name)}sBH", len(name), name.encode("ascii"), _STRING, len(value.encode())) + value.encode()
        for name, value in headers.items()
    )
    lengths = struct.pack(">II", len(lines) + len(payload) + 16, len(lines))
    message = lengths + _WORD.pack(crc32(lengths)) + lines + payload
    return message + _WORD.pack(crc32(message))


class EventReader:
    """Reads messages from pieces of a stream, wherever those are cut."""

    __slots__ = ("_missing", "_pieces")

    def __init__(self) -> None:
        self._pieces: list[bytes] = []
        self._missing = _PRELUDE.size

    def feed(self, piece: bytes) -> list[Event]:
        """Give the messages that are whole by now; raises ValueError for what is none, or longer than 16 MB."""
        pieces = self._pieces
        if piece:
            pieces.append(piece)
        self._missing -= len(piece)
        if self._missing > 0:  # put together once, not for each of many small pieces
            return []
        data = pieces[0] if len(pieces) == 1 else b"".join(pieces)
        events: list[Event] = []
        at, needed = 0, _PRELUDE.size
        while len(data) - at >= _PRELUDE.size:
            total, head, checksum = _PRELUDE.unpack_from(data, at)
            if crc32(data[at : at + 8]) != checksum:
                raise ValueError("the checksum of a message's lengths is wrong")
            if total > _MOST or head > _MOST_HEADERS or head + 16 > total:
                raise ValueError(f"a message of {total} bytes, {head} of them headers")
            if len(data) - at < total:
                needed = total
                break
            message = data[at : at + total]
            if crc32(message[:-4]) != _WORD.unpack(message[-4:])[0]:
                raise ValueError("the checksum of a message is wrong")
            events.append(Event(_headers(message[12 : 12 + head]), message[12 + head : -4]))
            at += total
        self._pieces = [data[at:]] if at < len(data) else []
        self._missing = needed - (len(data) - at)
        return events


def _headers(lines: bytes) -> dict[str, str]:
    headers = {}
    at = 0
    try:
        while at < len(lines):
            name_end = at + 1 + lines[at]
            name, kind = lines[at + 1 : name_end].decode("ascii"), lines[name_end]
            at = name_end + 1
            if kind in _FIXED:
                at += _FIXED[kind]
                continue
            if kind >= _TIMESTAMP_OR_ID:
                raise ValueError(f"a header of the unknown type {kind}")
            (length,) = struct.unpack_from(">H", lines, at)
            value = lines[at + 2 : at + 2 + length]
            at += 2 + length
            if kind == _STRING:
                headers[name] = value.decode()
    except (IndexError, struct.error) as error:
        raise ValueError("a message's headers are cut short") from error
    if at != len(lines):
        raise ValueError("a message's headers are cut short")
    return headers
