"""Where log entries go: a file, or standard output, an entry a line."""

import sys
from pathlib import Path
from typing import BinaryIO, Final

import msgspec

_encode = msgspec.json.Encoder(enc_hook=str).encode
_OPEN: Final[dict[str, BinaryIO]] = {}


def write_entry(path: str, entry: dict[str, object]) -> None:
    """Add an entry to a file, "-" for standard output; what cannot be written is lost. Lines are written whole."""
    line = _encode(entry) + b"\n"
    try:
        stream = _OPEN.get(path)
        if stream is None:
            stream = _OPEN[path] = sys.stdout.buffer if path == "-" else _open(path)
        stream.write(line)
        stream.flush()
    except (OSError, ValueError):
        _OPEN.pop(path, None)


def _open(path: str) -> BinaryIO:
    """Open a file that stays open: lines of several workers do not mix, as each is one write at the end."""
    return Path(path).open("ab", buffering=0)
