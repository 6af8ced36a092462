"""A training script's output: kept in a file, measured, and passed on in part."""

import sys
import time
from collections import deque
from pathlib import Path
from typing import IO, Final, Self

from inferway.processes.lines import LineCutter
from inferway.training.contract import LOG_LIMIT
from inferway.training.events import Event, event_line, text_line
from inferway.training.metrics import Meter

_LAST_WORDS: Final = 20  # lines that a failure may quote
_LINES_A_SECOND: Final = 50  # that are passed on; all stand in the file


def tell(event: Event) -> None:
    """Tell the parent process something."""
    sys.stdout.write(event_line(event) + "\n")
    sys.stdout.flush()


class Output:
    """What a script prints, standard output and error alike; at most LOG_LIMIT bytes of it are kept."""

    def __init__(self, log: Path, meter: Meter, limit: int = LOG_LIMIT) -> None:
        self._path = log
        self._meter = meter
        self._room = limit
        self._lost = 0
        self._cutter = LineCutter()
        self._second = 0.0
        self._passed = 0
        self._told: dict[str, float] = {}
        self._file: IO[bytes] | None = None
        self.last_words: deque[str] = deque(maxlen=_LAST_WORDS)

    def __enter__(self) -> Self:
        """Open the file."""
        self._file = self._path.open("wb", buffering=0)
        return self

    def __exit__(self, *_: object) -> None:
        """Take in the last line, say how much was left out, and tell every metric's last value."""
        for line in self._cutter.finish():
            self._take(line)
        if self._file is not None:
            if self._lost:
                self._file.write(f"\n… ({self._lost} more bytes were not kept)\n".encode())
            self._file.close()
        self._measure_up(at_once=True)

    def feed(self, data: bytes) -> None:
        """Take in a chunk."""
        kept = data[: self._room]
        self._room -= len(kept)
        self._lost += len(data) - len(kept)
        if kept and self._file is not None:
            self._file.write(kept)
        for line in self._cutter.feed(data):
            self._take(line)
        self._measure_up(at_once=False)

    def remark(self, text: str) -> None:
        """Add a line of the container's own."""
        if self._file is not None:
            self._file.write(f"[inferway] {text}\n".encode())
        self._pass_on(f"[inferway] {text}")

    def _take(self, line: str) -> None:
        if line.strip():
            self.last_words.append(line)
        self._pass_on(line)
        for remark in self._meter.read(line):
            self.remark(remark)

    def _pass_on(self, line: str) -> None:
        now = time.monotonic()
        if now - self._second >= 1.0:
            skipped = self._passed - _LINES_A_SECOND
            self._second, self._passed = now, 0
            if skipped > 0:
                sys.stdout.write(text_line(f"… ({skipped} more lines are in {self._path})") + "\n")
        self._passed += 1
        if self._passed <= _LINES_A_SECOND:
            sys.stdout.write(text_line(line) + "\n")
            sys.stdout.flush()

    def _measure_up(self, *, at_once: bool) -> None:
        """Tell new values, each metric's at most once a second."""
        for name, measured in self._meter.last.items():
            told = self._told.get(name, 0.0)
            if measured.at != told and (at_once or measured.at - told >= 1.0):
                self._told[name] = measured.at
                tell(measured)
