"""The log of one invocation, for the tail that a caller may ask for."""

from typing import Final

TAIL: Final = 4096
"""Bytes of the log's end that the service gives (Invoke, LogType)."""


class ExecutionLog:
    """Keeps the end of what is added."""

    __slots__ = ("_kept",)

    def __init__(self) -> None:
        self._kept = bytearray()

    def begin(self, request_id: str) -> None:
        """Forget the last invocation, and note the start of this one."""
        self._kept.clear()
        self.add(f"START RequestId: {request_id} Version: $LATEST")

    def add(self, line: str) -> None:
        """Add a line."""
        self._kept += line.encode("utf-8", "replace") + b"\n"
        if len(self._kept) > 16 * TAIL:
            del self._kept[:-TAIL]

    def end(self, request_id: str, duration: float, memory: int, used: int) -> None:
        """Note the end, with the invocation's time in seconds and the memory in MiB that it might and did use."""
        milliseconds = duration * 1000
        self.add(f"END RequestId: {request_id}")
        self.add(
            f"REPORT RequestId: {request_id}\tDuration: {milliseconds:.2f} ms\t"
            f"Billed Duration: {int(milliseconds) + 1} ms\tMemory Size: {memory} MB\tMax Memory Used: {used} MB\t"
        )

    @property
    def tail(self) -> bytes:
        """The last 4 KB."""
        return bytes(self._kept[-TAIL:])
