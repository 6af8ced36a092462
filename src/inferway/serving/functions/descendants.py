"""What a handler process has started, read from /proc: children, their children, and those that have left its group."""

import contextlib
import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Final

_PROC: Final = Path("/proc")
_PAGE_KIB: Final = os.sysconf("SC_PAGE_SIZE") // 1024


def descendants(pid: int) -> Iterator[int]:
    """Give the processes that descend from one, none where the system has no /proc."""
    children: list[int] = []
    with contextlib.suppress(OSError):
        for task in (_PROC / str(pid) / "task").iterdir():
            with contextlib.suppress(OSError):
                children += [int(child) for child in (task / "children").read_text().split()]
    for child in children:
        yield child
        yield from descendants(child)


def marked(mark: str) -> Iterator[int]:
    """Give the processes whose environment holds `mark`: a daemon that was orphaned keeps what it inherited."""
    wanted = mark.encode()
    with contextlib.suppress(OSError):
        for folder in _PROC.iterdir():
            if folder.name.isdigit():
                with contextlib.suppress(OSError):
                    if wanted in (folder / "environ").read_bytes():
                        yield int(folder.name)


def resident(pid: int) -> int:
    """Give the MiB that a process and its descendants hold in memory, 0 where the system does not tell."""
    total = 0
    for one in (pid, *descendants(pid)):
        with contextlib.suppress(OSError, IndexError, ValueError):
            total += int((_PROC / str(one) / "statm").read_text().split()[1])
    return total * _PAGE_KIB // 1024


def kill(pids: set[int]) -> None:
    """End processes at once; one that is gone already does not matter."""
    for pid in pids:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(pid, signal.SIGKILL)
