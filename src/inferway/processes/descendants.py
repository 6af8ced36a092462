"""What a process has started: found and ended, whatever session or group it moved to, and measured."""

import contextlib
import ctypes
import os
import signal
import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

# https://man7.org/linux/man-pages/man2/PR_SET_CHILD_SUBREAPER.2const.html: orphans become this process's children,
# even those that left its session.
_PR_SET_CHILD_SUBREAPER: Final = 36
_PROC: Final = Path("/proc")
_PAGE_KIB: Final = os.sysconf("SC_PAGE_SIZE") // 1024
_PAUSE: Final = 0.005


def adopt_orphans() -> None:
    """Let every orphaned descendant become a child of this process; on Linux only, elsewhere nothing happens."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def end_descendants(within: float = 3.0) -> bool:
    """Kill every child of this process, and theirs as they come up; say whether none is left after `within` seconds."""
    until = time.monotonic() + within
    while children := _children():
        kill(children)
        with contextlib.suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        if time.monotonic() > until:
            return False
        time.sleep(_PAUSE)
    return True


def end_group(group: int) -> None:
    """Kill a process group; harmless where there is none."""
    with contextlib.suppress(ProcessLookupError, PermissionError):  # macOS says EPERM for a group of zombies
        os.killpg(group, signal.SIGKILL)


def kill(pids: Iterable[int]) -> None:
    """End processes at once; one that is gone already, or another user's, does not matter."""
    for pid in pids:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(pid, signal.SIGKILL)


def descendants(pid: int) -> Iterator[int]:
    """Give the processes that descend from one, none where the system does not tell.

    The kernel's own list is quick, and sure only while they stand still
    (https://man7.org/linux/man-pages/man5/proc_tid_children.5.html).
    """
    children: list[int] = []
    with contextlib.suppress(OSError):
        for task in (_PROC / str(pid) / "task").iterdir():
            with contextlib.suppress(OSError):
                children += [int(child) for child in (task / "children").read_text().split()]
    for child in children:
        yield child
        yield from descendants(child)


def marked(mark: str) -> Iterator[int]:
    """Give the processes whose environment holds `mark`: a daemon that was orphaned keeps what it inherited.

    A mark may be a part of a variable: one that begins with a variable's name is found in that variable alone if it
    begins with NUL.
    """
    wanted = mark.encode()
    for pid in _all():
        with contextlib.suppress(OSError):  # gone, or another user's
            if wanted in b"\0" + (_PROC / str(pid) / "environ").read_bytes():
                yield pid


def resident(pid: int) -> int:
    """Give the MiB that a process and its descendants hold in memory, 0 where the system does not tell."""
    total = 0
    for one in (pid, *descendants(pid)):
        with contextlib.suppress(OSError, IndexError, ValueError):
            total += int((_PROC / str(one) / "statm").read_text().split()[1])
    return total * _PAGE_KIB // 1024


def _children() -> list[int]:
    """Give this process's children by their own word, which is slower than `descendants` and misses none."""
    mine, found = os.getpid(), []
    for pid in _all():
        with contextlib.suppress(OSError, IndexError, ValueError):
            # "pid (name) state ppid ...": the name may hold anything, so read from its end.
            if int((_PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()[1]) == mine:
                found.append(pid)
    return found


def _all() -> list[int]:
    with contextlib.suppress(OSError):
        return [int(entry.name) for entry in _PROC.iterdir() if entry.name.isdigit()]
    return []
