"""Ends a server whose process was stopped by a signal, so that it is started again: it would never answer."""

import asyncio
import contextlib
import os
import signal
from pathlib import Path
from typing import Final

from inferway.serving.local_server import LocalServer

_EVERY: Final = 1.0  # seconds between two looks


async def end_when_stopped(server: LocalServer) -> None:
    """Look at the server's processes for ever, and kill one that stands still because of SIGSTOP or its like.

    A handler can send it to its parent; on the service it cannot reach anything but its own processes.
    """
    while True:
        await asyncio.sleep(_EVERY)
        for process in server.processes:
            if process.pid and _is_stopped(process.pid):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(process.pid, signal.SIGKILL)


def _is_stopped(pid: int) -> bool:
    """Say whether a process is in state T (https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html)."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "T"
    except (OSError, IndexError):
        return False
