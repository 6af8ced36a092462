"""A file that takes the lines of a stage's access log, in the format of its own definition.

What rotates logs may rename the file, remove it, or cut it: it is opened again where its name leads to another file,
and written to its end.
"""

import os
import sys
from pathlib import Path
from typing import Final

STANDARD_OUTPUT: Final = "-"

_MAX_WAITING: Final = 100_000
_MOST_BYTES: Final = 67_108_864
"""Characters of lines that may wait: their number alone bounds no memory, as a client's header may stand in each."""

_MODE: Final = 0o640
_OPEN: Final = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NONBLOCK | os.O_CLOEXEC
"""A pipe that nobody reads is no reason to wait (open(2), O_NONBLOCK)."""


class LineFile:
    """Takes lines at the cost of an append, and writes them when it is told to, in one piece.

    Lines that cannot be written (a full disk, a folder that is gone) or that wait behind 100,000 others, or behind
    64 MiB of them, are lost and counted in `lost`; nobody waits for them.
    """

    __slots__ = ("_broken", "_descriptor", "_identity", "_path", "_size", "_waiting", "lost")

    def __init__(self, path: str) -> None:
        """Take the file's path, or `-` for standard output; nothing is opened before there is a line."""
        self._path = path
        self._waiting: list[str] = []
        self._size = 0
        self._descriptor = -1
        self._identity = (0, 0)
        self._broken = False
        self.lost = 0

    def append(self, line: str) -> None:
        """Take a line, without its end."""
        if len(self._waiting) < _MAX_WAITING and self._size < _MOST_BYTES:
            self._waiting.append(line)
            self._size += len(line)
        else:
            self.lost += 1

    def flush(self) -> None:
        """Write what waits."""
        waiting, self._waiting = self._waiting, []
        self._size = 0
        if not waiting:
            return
        data = ("\n".join(waiting) + "\n").encode("utf-8", "backslashreplace")
        try:
            self._write(data)
        except (OSError, ValueError):
            self.lost += len(waiting)

    def close(self) -> None:
        """Write what waits and close the file."""
        self.flush()
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1

    def _write(self, data: bytes) -> None:
        if self._path == STANDARD_OUTPUT:
            sys.stdout.buffer.write(data)
            sys.stdout.buffer.flush()
            return
        self._open()
        if self._broken:  # an earlier write stopped within a line
            data = b"\n" + data
        view = memoryview(data)
        try:
            while view:
                written = os.write(self._descriptor, view)
                self._broken = True
                view = view[written:]
        finally:
            if not view:
                self._broken = False

    def _open(self) -> None:
        """Open the file, again where its name has come to lead elsewhere."""
        try:
            found = Path(self._path).stat()
            here = (found.st_dev, found.st_ino)
        except FileNotFoundError:
            here = (0, 0)
        if self._descriptor >= 0 and here == self._identity:
            return
        opened = os.open(self._path, _OPEN, _MODE)
        if self._descriptor >= 0:
            os.close(self._descriptor)
        found = os.fstat(opened)
        self._descriptor, self._identity, self._broken = opened, (found.st_dev, found.st_ino), False
