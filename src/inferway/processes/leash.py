"""Ties a child to its parent's life, then becomes the command: `python -I -S leash.py PARENT_PID COMMAND ...`.

A wrapper that execs, and no `preexec_fn`: Python code between fork and exec can deadlock in a process that has threads
(https://docs.python.org/3/library/subprocess.html#subprocess.Popen, the warning on preexec_fn). It costs some 16 ms per
start and nothing afterwards: the pid stays, no process remains beside the command.
"""

import ctypes
import os
import signal
import sys

# https://man7.org/linux/man-pages/man2/PR_SET_PDEATHSIG.2const.html: survives execve; is sent when the *thread* that
# started this process ends, so the supervisor's event loop belongs in a thread that lives as long as its process.
PR_SET_PDEATHSIG = 1
NOT_FOUND, NOT_EXECUTABLE = 127, 126  # the shell's exit codes (POSIX.1-2024, XCU 2.8.2)


def tie(parent: int, number: int) -> bool:
    """Have signal `number` sent to this process when process `parent` dies; false where that has died already."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, number, 0, 0, 0)
    return os.getppid() == parent  # else it died before prctl could ask for the signal


def main(arguments: list[str]) -> int:
    """Become `arguments[1:]`, to be killed when process `arguments[0]` dies; give an exit code if that fails."""
    parent, command = int(arguments[0]), arguments[1:]
    if not tie(parent, int(signal.SIGKILL)):
        return 1
    # Python ignores these two for itself, and exec would hand that down: a command expects the defaults.
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
    try:
        os.execvp(command[0], command)  # noqa: S606 - no shell is the point: the arguments are the caller's own list
    except OSError as error:
        sys.stderr.write(f"cannot run {command[0]}: {error.strerror}\n")
        return NOT_FOUND if isinstance(error, FileNotFoundError) else NOT_EXECUTABLE


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
