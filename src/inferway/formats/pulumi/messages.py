"""What the reader and the engine's process say to each other over a socket: length-prefixed JSON."""

import contextlib
import socket
import struct
import threading
import time
from collections.abc import Mapping
from typing import Final

import msgspec

from inferway.faults import Finding
from inferway.formats.resources import Provisioned

LARGEST_FRAME: Final = 128 * 1024 * 1024
_LENGTH: Final = struct.Struct(">I")


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """What one run of a program may take.

    `seconds` from its start to its end; `memory` in bytes that each of its processes may ask for, 0 for no limit, what
    Python itself reserves for threads included; `resources` it may declare and `size` in bytes of all their properties.
    """

    seconds: float = 60.0
    memory: int = 2 * 1024**3
    resources: int = 10_000
    size: int = 64 * 1024 * 1024


class Job(msgspec.Struct, frozen=True, kw_only=True, tag=True, tag_field="message"):
    """The program to run.

    `main` is its file and `program` what Node.js is told to run; `folder` the one it runs in, `root` the project's;
    `python` its interpreter, `options` those of its runtime; `configuration` is by `namespace:key`, of which
    `secret_keys` are secret.
    """

    runtime: str
    main: str
    program: str
    folder: str
    root: str
    project: str
    stack: str
    python: str
    options: Mapping[str, object]
    configuration: Mapping[str, str]
    secret_keys: tuple[str, ...]
    stack_references: Mapping[str, Mapping[str, object]]
    region: str
    account: str
    limits: Limits


class Started(msgspec.Struct, frozen=True, kw_only=True, tag=True, tag_field="message"):
    """The program runs, in a session and process group of this number; the engine's socket stands in a folder."""

    pid: int
    folder: str


class Said(msgspec.Struct, frozen=True, kw_only=True, tag=True, tag_field="message"):
    """Lines that the program printed or logged, to be shown while it runs."""

    lines: tuple[str, ...]


class Ask(msgspec.Struct, frozen=True, kw_only=True, tag=True, tag_field="message"):
    """Wanted: what this resource is provisioned with, in that Region and account."""

    type: str
    name: str
    properties: Mapping[str, object]
    file: str
    line: int
    region: str
    account: str


class Answer(msgspec.Struct, frozen=True, kw_only=True, tag=True, tag_field="message"):
    """What a resource is provisioned with; None for a type that nobody knows."""

    provisioned: Provisioned | None


class Made(msgspec.Struct, frozen=True, kw_only=True):
    """A resource that the program declared. `secrets` are the paths of its secret properties, `a.b.0`."""

    type: str
    name: str
    properties: Mapping[str, object]
    id: str
    attributes: Mapping[str, object]
    secrets: tuple[str, ...]
    file: str
    line: int


class Exported(msgspec.Struct, frozen=True, kw_only=True):
    """An output of the program's stack."""

    name: str
    value: object
    secret: bool


class Done(msgspec.Struct, frozen=True, kw_only=True, tag=True, tag_field="message"):
    """All there is: the end of a run; `code` is the program's exit code, negative where a signal ended it."""

    resources: tuple[Made, ...]
    outputs: tuple[Exported, ...]
    findings: tuple[Finding, ...]
    files: tuple[str, ...]
    code: int = 0


Message = Job | Started | Said | Ask | Answer | Done
_decoder: Final = msgspec.json.Decoder(Message)


class Line:
    """One end of the socket; sending is safe from several threads, receiving belongs to one."""

    def __init__(self, end: socket.socket) -> None:
        self._end = end
        self._lock = threading.Lock()

    def send(self, message: Message) -> None:
        """Send a message; raises OSError when the other end is gone."""
        data = msgspec.json.encode(message)
        with self._lock:
            self._end.sendall(_LENGTH.pack(len(data)) + data)

    def receive(self, until: float | None = None) -> Message | None:
        """Give the next message, None at the end.

        Raises TimeoutError when `until`, a time of time.monotonic(), has come, and ValueError for what is no message.
        """
        head = self._exactly(_LENGTH.size, until)
        if head is None:
            return None
        (length,) = _LENGTH.unpack(head)
        if length > LARGEST_FRAME:
            raise ValueError(f"a message of {length} bytes")
        data = self._exactly(length, until)
        return None if data is None else _decoder.decode(data)

    def close(self) -> None:
        """Hang up; a receiver at either end sees the end."""
        with contextlib.suppress(OSError):
            self._end.shutdown(socket.SHUT_RDWR)
        self._end.close()

    def _exactly(self, count: int, until: float | None) -> bytes | None:
        data = bytearray()
        while len(data) < count:
            if until is not None:
                self._end.settimeout(max(0.001, until - time.monotonic()))
            try:
                chunk = self._end.recv(min(count - len(data), 1 << 20))
            except ConnectionError:
                return None
            if not chunk:
                return None
            data += chunk
        return bytes(data)
