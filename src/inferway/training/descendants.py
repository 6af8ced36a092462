"""Ends everything that a training script started, as the end of a container does."""

import contextlib
import ctypes
import os
import signal
import sys
import time
from pathlib import Path
from typing import Final

# https://man7.org/linux/man-pages/man2/PR_SET_CHILD_SUBREAPER.2const.html: orphans become this process's children,
# even those that left its session.
_PR_SET_CHILD_SUBREAPER: Final = 36
_PATIENCE: Final = 5.0


def adopt_orphans() -> None:
    """Make this process the parent of its descendants' orphans (Linux)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def end_descendants() -> None:
    """Kill every child, and the orphans that they leave, until none is left."""
    deadline = time.monotonic() + _PATIENCE
    while (children := _children()) and time.monotonic() < deadline:
        for pid in children:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGKILL)
        for pid in children:
            with contextlib.suppress(ChildProcessError):
                os.waitpid(pid, 0)


def end_strays(folder: Path) -> None:
    """Kill what jobs with a folder below `folder` started and a killed container left behind (Linux).

    They are known by the SM_MODEL_DIR in the environment that they were started with.
    """
    mark = f"\0SM_MODEL_DIR={folder}/".encode()
    for entry in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):  # gone, or another user's
            if mark in b"\0" + (entry / "environ").read_bytes():
                os.kill(int(entry.name), signal.SIGKILL)


def _children() -> list[int]:
    try:
        return [int(pid) for pid in Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()]
    except OSError:  # not Linux, or a kernel without CONFIG_PROC_CHILDREN
        return []
