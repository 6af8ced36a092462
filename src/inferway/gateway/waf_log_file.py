"""Where a web ACL's log entries go: a file, or standard output, an entry a line."""

import atexit
import threading
from typing import Final

import msgspec

from inferway.gateway.access_log_file import LineFile

_INTERVAL: Final = 0.1
_PATIENCE: Final = 5.0
_encode = msgspec.json.Encoder(enc_hook=str).encode


class EntryFile:
    """Takes entries at the cost of an append; a thread writes them, since a pipe or a terminal may take none."""

    def __init__(self, path: str) -> None:
        """Take the file's path, `-` for standard output."""
        self._file = LineFile(path)
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name="waf-log", daemon=True)
        self._thread.start()

    def append(self, entry: dict[str, object]) -> None:
        """Take an entry; what cannot be written is lost."""
        self._file.append(_encode(entry).decode())

    def close(self) -> None:
        """Write what waits and stop."""
        self._closing.set()
        self._thread.join(timeout=_PATIENCE)

    def _run(self) -> None:
        while not self._closing.wait(_INTERVAL):
            self._file.flush()
        self._file.close()


_OPEN: Final[dict[str, EntryFile]] = {}


def write_entry(path: str, entry: dict[str, object]) -> None:
    """Add an entry to a file, "-" for standard output, within some tenths of a second."""
    file = _OPEN.get(path)
    if file is None:
        file = _OPEN[path] = EntryFile(path)
    file.append(entry)


def close_entry_files() -> None:
    """Write what waits for any file; a file that gets another entry is opened again."""
    while _OPEN:
        _OPEN.popitem()[1].close()


atexit.register(close_entry_files)
