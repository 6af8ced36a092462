"""The log of one invocation, for the tail that a caller may ask for."""

from typing import Final

from inferway.serving.functions.options import DEFAULT_MEMORY

TAIL: Final = 4096
"""Bytes of the log's end that the service gives (Invoke, LogType)."""


class ExecutionLog:
    """Keeps the end of what is added. `memory` in MiB is what the function may use, 0 where nothing states it."""

    __slots__ = ("_init", "_kept", "_memory")

    def __init__(self, memory: int) -> None:
        self._kept = bytearray()
        self._memory = memory or DEFAULT_MEMORY
        self._init = 0.0

    def started(self, duration: float) -> None:
        """Note how many seconds the start took; the first event's report says it, as after a cold start."""
        self._init = duration

    def begin(self, request_id: str) -> None:
        """Forget the last invocation, and note the start of this one."""
        self._kept.clear()
        self.add(f"START RequestId: {request_id} Version: $LATEST")

    def add(self, line: str) -> None:
        """Add a line."""
        self._kept += line.encode("utf-8", "replace") + b"\n"
        if len(self._kept) > 16 * TAIL:
            del self._kept[:-TAIL]

    def end(self, request_id: str, duration: float, used: int) -> None:
        """Note the end, with the invocation's time in seconds and the memory in MiB that it used."""
        milliseconds = duration * 1000
        init = f"Init Duration: {self._init * 1000:.2f} ms\t" if self._init else ""
        self._init = 0.0
        self.add(f"END RequestId: {request_id}")
        self.add(
            f"REPORT RequestId: {request_id}\tDuration: {milliseconds:.2f} ms\t"
            f"Billed Duration: {int(milliseconds) + 1} ms\tMemory Size: {self._memory} MB\t"
            f"Max Memory Used: {used} MB\t{init}"
        )

    @property
    def tail(self) -> bytes:
        """The last 4 KB."""
        return bytes(self._kept[-TAIL:])
