"""How much memory a handler's processes hold, and have held."""

import contextlib
from pathlib import Path
from typing import Final

from inferway.processes.descendants import descendants, resident

_PROC: Final = Path("/proc")


def held(pid: int) -> int:
    """Give the MiB that a process and its descendants hold in memory, 0 where the system does not tell."""
    return resident(pid)


def peak(pid: int) -> int:
    """Give the most MiB that a process has held, with what its descendants hold now.

    https://man7.org/linux/man-pages/man5/proc_pid_status.5.html, VmHWM; 0 where the system does not tell.
    """
    most = 0
    with contextlib.suppress(OSError, IndexError, ValueError):
        status = (_PROC / str(pid) / "status").read_bytes()
        start = status.index(b"VmHWM:")
        most = int(status[start + 6 : start + 30].split()[0]) // 1024
    return most + sum(resident(child) for child in set(descendants(pid)) - {pid})
