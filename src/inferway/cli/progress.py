"""Shows what takes more than a second: a spinner on a terminal, a plain line elsewhere."""

import contextlib
import sys
from collections.abc import Iterator
from threading import Lock, Timer
from typing import Final

from rich.console import Console
from rich.status import Status

_SHOWN_AFTER: Final = 1.0  # seconds


class Progress:
    """What is under way, on standard error; lines said meanwhile stay whole."""

    def __init__(self) -> None:
        self._console = Console(file=sys.stderr, markup=False, highlight=False, emoji=False, soft_wrap=True)
        self._lock = Lock()
        self._timer: Timer | None = None
        self._status: Status | None = None

    def say(self, line: str) -> None:
        """Print one line for the operator."""
        with self._lock:
            self._console.print(line)

    def begin(self, text: str) -> None:
        """Show `text` if `end` does not come within a second."""
        self.end()
        with self._lock:
            self._timer = Timer(_SHOWN_AFTER, self._show, (text,))
            self._timer.daemon = True
            self._timer.start()

    def end(self) -> None:
        """Show nothing any more; harmless when nothing is under way."""
        with self._lock:
            timer, status = self._timer, self._status
            self._timer = self._status = None
        if timer is not None:
            timer.cancel()
        if status is not None:
            status.stop()

    @contextlib.contextmanager
    def during(self, text: str) -> Iterator[None]:
        """Show `text` while a block that takes more than a second runs."""
        self.begin(text)
        try:
            yield
        finally:
            self.end()

    def _show(self, text: str) -> None:
        with self._lock:
            if self._timer is None:
                return
            if self._console.is_terminal:
                self._status = self._console.status(f"{text} …")
                self._status.start()
            else:
                self._console.print(f"{text} …")
