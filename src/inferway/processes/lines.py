"""Cuts a child's output into lines of bounded length."""

from typing import Final

LONGEST_LINE: Final = 8192


class LineCutter:
    """Turns chunks of bytes into text lines, holding at most `longest` bytes of an unfinished one.

    Bytes that are not UTF-8 become U+FFFD. A longer line is cut, and says by how many bytes.
    """

    __slots__ = ("_cut", "_held", "_longest")

    def __init__(self, longest: int = LONGEST_LINE) -> None:
        self._longest = longest
        self._held = bytearray()
        self._cut = 0

    def feed(self, data: bytes) -> list[str]:
        """Give the lines that `data` completes."""
        *finished, rest = data.split(b"\n")
        lines = []
        for part in finished:
            self._hold(part)
            lines.append(self._take())
        self._hold(rest)
        return lines

    def finish(self) -> list[str]:
        """Give the last line if the output did not end with a newline."""
        return [self._take()] if self._held or self._cut else []

    def _hold(self, part: bytes) -> None:
        room = self._longest - len(self._held)
        self._held += part[:room]
        self._cut += max(0, len(part) - room)

    def _take(self) -> str:
        line = self._held.decode("utf-8", "replace").rstrip("\r")
        if self._cut:
            line += f"… ({self._cut} bytes cut)"
        self._held.clear()
        self._cut = 0
        return line
