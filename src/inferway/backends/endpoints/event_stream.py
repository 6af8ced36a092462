"""Messages of `application/vnd.amazon.eventstream`, the form in which a response stream is sent.

Source: "Event stream encoding" (https://docs.aws.amazon.com/lexv2/latest/dg/event-stream-encoding.html) and Smithy's
"Amazon Event Stream" specification (https://smithy.io/2.0/aws/amazon-eventstream.html): a prelude of two lengths with a
CRC-32 of its own, headers, payload, and a CRC-32 of all that.
"""

import struct
import zlib
from typing import Final

CONTENT_TYPE: Final = b"application/vnd.amazon.eventstream"

LARGEST_PAYLOAD: Final = 1024 * 1024
"""Bytes of payload in one message; botocore takes 24 MiB, other readers 16: a larger piece is sent as several."""

_TEXT: Final = 7
"""The type of a header's value that is a text."""
_OVERHEAD: Final = 16
_LONGEST_NAME: Final = 255
_LONGEST_VALUE: Final = 32_767


def message(headers: dict[str, str], payload: bytes) -> bytes:
    """Give one message. Raises ValueError for a header that is too long."""
    fields = b"".join([_header(name, value) for name, value in headers.items()])
    prelude = struct.pack("!II", _OVERHEAD + len(fields) + len(payload), len(fields))
    framed = prelude + struct.pack("!I", zlib.crc32(prelude)) + fields + payload
    return framed + struct.pack("!I", zlib.crc32(framed))


def payload_part(piece: bytes) -> bytes:
    """Give the PayloadPart events for a piece of a reply's body."""
    headers = {":event-type": "PayloadPart", ":content-type": "application/octet-stream", ":message-type": "event"}
    parts = [piece[start : start + LARGEST_PAYLOAD] for start in range(0, len(piece), LARGEST_PAYLOAD)]
    return b"".join([message(headers, part) for part in parts])


def exception(kind: str, document: bytes) -> bytes:
    """Give an exception within a stream: its type (such as `ModelStreamError`) and its JSON document."""
    headers = {":exception-type": kind, ":content-type": "application/json", ":message-type": "exception"}
    return message(headers, document)


def _header(name: str, value: str) -> bytes:
    key, text = name.encode(), value.encode()
    if not 0 < len(key) <= _LONGEST_NAME or len(text) > _LONGEST_VALUE:
        raise ValueError(f"the header {name[:50]!r} cannot stand in an event stream")
    return struct.pack(f"!B{len(key)}sBH{len(text)}s", len(key), key, _TEXT, len(text), text)
