"""Bounds how much of a function's log is passed on, so that one that writes without end takes no time from others."""

import asyncio
from collections.abc import Callable
from typing import Final

from inferway.processes.running import OnLine

_BURST: Final = 1_048_576  # bytes that pass at once
_RATE: Final = 262_144  # bytes a second that pass for ever
_PAUSE: Final = 1.0  # seconds between two lines that say how much was dropped


class LogGate:
    """Passes lines on to `write`, up to a rate; what is beyond is dropped, and a line says how much it was."""

    def __init__(self, write: OnLine, clock: Callable[[], float] | None = None) -> None:
        self._write = write
        self._clock = clock or asyncio.get_running_loop().time
        self._left = float(_BURST)
        self._since = self._clock()
        self._lines = 0
        self._bytes = 0
        self._telling: asyncio.TimerHandle | None = None

    def pass_on(self, line: str) -> None:
        """Take a line."""
        now = self._clock()
        self._left = min(_BURST, self._left + (now - self._since) * _RATE)
        self._since = now
        size = len(line) + 1
        if size <= self._left:
            self._left -= size
            self._write(line)
            return
        self._lines += 1
        self._bytes += size
        if self._telling is None:
            self._telling = asyncio.get_running_loop().call_later(_PAUSE, self._tell)

    def close(self) -> None:
        """Say what was dropped last."""
        if self._telling is not None:
            self._telling.cancel()
            self._tell()

    def _tell(self) -> None:
        self._telling = None
        text = (
            f"{self._lines} lines, {self._bytes} bytes, of the log were dropped: more than {_RATE // 1024} KiB a second"
        )
        self._lines = self._bytes = 0
        self._write(text)
