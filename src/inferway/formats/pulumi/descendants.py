"""Finds and ends what a process has left behind, whatever session or group it moved to."""

import contextlib
import ctypes
import os
import signal
import sys
import time
from pathlib import Path
from typing import Final

# https://man7.org/linux/man-pages/man2/PR_SET_CHILD_SUBREAPER.2const.html: orphans below become our children.
_PR_SET_CHILD_SUBREAPER: Final = 36
_PROC: Final = Path("/proc")


def adopt() -> None:
    """Let every orphaned descendant become a child of this process; on Linux only, elsewhere nothing happens."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def end_all(within: float = 3.0) -> bool:
    """Kill every child of this process, and theirs as they come up; say whether none is left after `within` seconds."""
    until = time.monotonic() + within
    while children := _children():
        for pid in children:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        with contextlib.suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        if time.monotonic() > until:
            return False
        time.sleep(0.005)
    return True


def end_group(group: int) -> None:
    """Kill a process group; harmless where there is none."""
    with contextlib.suppress(ProcessLookupError, PermissionError):  # macOS says EPERM for a group of zombies
        os.killpg(group, signal.SIGKILL)


def _children() -> list[int]:
    if not _PROC.joinpath("self", "stat").exists():
        return []
    mine, found = os.getpid(), []
    for entry in _PROC.iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError, IndexError, ValueError):
                # "pid (name) state ppid ...": the name may hold anything, so read from its end.
                if int(entry.joinpath("stat").read_text().rpartition(")")[2].split()[1]) == mine:
                    found.append(int(entry.name))
    return found
