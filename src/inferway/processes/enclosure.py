"""Runs a command with a wall around it: `python -P -m inferway.processes.enclosure PARENT_PID COMMAND ...`.

When the command ends, or this process is sent SIGTERM, or its parent dies, everything ends that the command has
started, in whatever session. It then ends as the command did. A leash alone holds the command, not what it starts; this
costs a process beside it, so it is for programs of others that are run once, and not for what is supervised.
"""

import contextlib
import os
import resource
import signal
import subprocess
import sys
from collections.abc import Sequence
from typing import Final

from inferway.processes import leash
from inferway.processes.descendants import adopt_orphans, end_descendants, end_group

_PATIENCE: Final = 5.0
_HEARD: Final = frozenset((signal.SIGTERM, signal.SIGCHLD))


def enclosed(command: Sequence[str]) -> list[str]:
    """Give the arguments that run a command, found as a shell does, enclosed; from the thread that will see its end."""
    # -P: a file of the working folder, say a `signal.py`, must not stand in for a module of ours
    return [sys.executable, "-P", "-m", "inferway.processes.enclosure", str(os.getpid()), *command]


def end(process: "subprocess.Popen[bytes]") -> None:
    """End an enclosed command, if it runs, and all that it started; the process is reaped then.

    It must have been started with `start_new_session`.
    """
    if process.poll() is None:
        process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(_PATIENCE)
    end_group(process.pid)
    process.wait()


def main(arguments: list[str]) -> int:
    """Run `arguments[1:]` for process `arguments[0]`; give its exit code, or die of the signal that it died of."""
    signal.pthread_sigmask(signal.SIG_BLOCK, _HEARD)
    signal.signal(signal.SIGCHLD, lambda *_: None)  # one that is ignored need not become pending
    adopt_orphans()
    if not leash.tie(int(arguments[0]), int(signal.SIGTERM)):
        return 1
    mine, child = os.getpid(), os.fork()  # this process has one thread
    if not child:
        os.setsid()  # so that a command that ends its own group does not end this process
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _HEARD)
        os._exit(leash.main([str(mine), *arguments[1:]]))
    code = _watch(child)
    end_descendants()
    if code < 0:
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # the command's own is enough
        with contextlib.suppress(OSError):  # nobody may say what SIGKILL does
            signal.signal(-code, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _HEARD)
        os.kill(mine, -code)
    return code


def _watch(child: int) -> int:
    """Reap until the command has ended, or is to be ended; give its return code in subprocess's form."""
    while True:
        if signal.sigwait(_HEARD) is signal.SIGTERM:
            end_group(child)
            os.kill(child, signal.SIGKILL)  # it may not have its group yet
        while pid := (ended := os.waitpid(-1, os.WNOHANG))[0]:
            if pid == child:
                end_group(child)
                return os.waitstatus_to_exitcode(ended[1])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
