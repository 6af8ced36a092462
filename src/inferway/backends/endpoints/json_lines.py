"""Appends lines to files from a thread of its own, so that a slow or full disk delays no call; bounded."""

import logging
import queue
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Final

import msgspec

MOST_WAITING: Final = 64 * 1024 * 1024
"""Bytes that may wait to be written; what comes beyond is dropped, and counted."""

_log: Final = logging.getLogger("inferway.endpoints")


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """A line to be: `place` gives its file and `make` its bytes, both in the writer's thread; `size` is its own."""

    place: Callable[[], Path]
    make: Callable[[], bytes]
    size: int


class JsonLines:
    """One writer; its thread begins with the first line."""

    def __init__(self, most_waiting: int = MOST_WAITING) -> None:
        self._most = most_waiting
        self._waiting = 0
        self._queue: queue.SimpleQueue[Line | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()
        self.written = 0
        self.dropped = 0
        self.failed = 0
        self.problem = ""

    def put(self, line: Line) -> bool:
        """Have a line written; False where too much waits already and it is dropped."""
        with self._lock:
            if self._waiting + line.size > self._most:
                self.dropped += 1
                return False
            self._waiting += line.size
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="json-lines", daemon=True)
            self._thread.start()
        self._queue.put(line)
        return True

    def close(self, seconds: float = 5.0) -> None:
        """Write what waits, for some seconds; harmless twice."""
        thread, self._thread = self._thread, None
        if thread is not None:
            self._queue.put(None)
            thread.join(seconds)

    def _run(self) -> None:
        while (line := self._queue.get()) is not None:
            try:
                self._write(line)
            except Exception as error:  # noqa: BLE001 - whatever a disk does, calls go on, and it is said once
                self._fail(str(error))
            finally:
                with self._lock:
                    self._waiting -= line.size

    def _write(self, line: Line) -> None:
        file = line.place()
        data = line.make() + b"\n"
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("ab") as opened:
            opened.write(data)
        self.written += 1
        self.problem = ""

    def _fail(self, text: str) -> None:
        self.failed += 1
        if not self.problem:
            _log.warning("What was captured cannot be written: %s", text)
        self.problem = text
