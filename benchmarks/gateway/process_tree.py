"""A process and its children: started on one core, read through /proc, ended together."""

import os
import signal
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final

_TICKS: Final = os.sysconf("SC_CLK_TCK")


class ProcessTree:
    """One started program with everything that it starts."""

    def __init__(self, command: list[str], *, core: int, environment: Mapping[str, str], log: Path) -> None:
        with log.open("wb") as output:
            self._process = subprocess.Popen(
                ["taskset", "--cpu-list", str(core), *command],
                env={**os.environ, **environment},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self._log = log

    def ended(self) -> bool:
        """Whether the program has ended by itself."""
        return self._process.poll() is not None

    def output(self) -> str:
        """Give the end of what it printed."""
        return self._log.read_text(errors="replace")[-2000:]

    def cpu_seconds(self) -> float:
        """Give user and system time of the tree, from /proc/PID/stat (proc(5): fields 14 and 15, in ticks)."""
        ticks = 0
        for pid in self._members():
            with suppress(OSError):
                fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
                ticks += int(fields[11]) + int(fields[12])
        return ticks / _TICKS

    def memory(self, kind: str) -> float:
        """Give `Pss` or `Rss` of the tree in MB (10^6 bytes), from /proc/PID/smaps_rollup."""
        kilobytes = 0
        for pid in self._members():
            with suppress(OSError):
                for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
                    if line.startswith(f"{kind}:"):
                        kilobytes += int(line.split()[1])
        return kilobytes * 1024 / 1e6

    def stop(self) -> None:
        """End the tree: politely, then not."""
        for sent in (signal.SIGTERM, signal.SIGKILL):
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, sent)
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(5)
                return

    def _members(self) -> Iterator[int]:
        waiting = [self._process.pid]
        while waiting:
            pid = waiting.pop()
            yield pid
            for children in Path(f"/proc/{pid}/task").glob("*/children"):
                with suppress(OSError):
                    waiting.extend(int(child) for child in children.read_text().split())
