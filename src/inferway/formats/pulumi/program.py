"""The program's process: its start, what it tells and prints, its end."""

import contextlib
import os
import queue
import re
import resource
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from typing import Any, Final

import msgspec

from inferway.formats.pulumi.messages import Job
from inferway.formats.pulumi.project import PYTHON
from inferway.formats.pulumi.start import Ends, start
from inferway.processes.descendants import end_descendants, end_group
from inferway.processes.lines import LineCutter

_LAST_LINES: Final = 60  # what Node.js says as it runs out of memory has to fit
_OUTPUT_AFTER_EXIT: Final = 0.5  # seconds; a descendant may hold the pipe open for ever
_AFTER_FAILURE: Final = 3.0
_STACK_SECONDS: Final = 1.0
_REST_OF_STACK: Final = 0.1
_NODE_ITSELF: Final = 512 * 1024 * 1024  # what V8 and its threads take beside the program's own
_LONGEST_STACK: Final = 1 << 18
_FRAME: Final = re.compile(r'File "([^"]+)", line (\d+) in ')
_LARGEST_REPORT: Final = 4 * 1024 * 1024
_MOST_LOGGED: Final = 200


class Cause(msgspec.Struct, frozen=True):
    """One exception of a failure. `kinds` are its class and that one's bases; `frames` are file, line, column."""

    kinds: list[str]
    text: str
    frames: list[tuple[str, int, int]]
    missing: str | None = None
    code: int | str | None = None


class Ending(msgspec.Struct, frozen=True, kw_only=True):
    """How the program ended: by a failure, by a time limit, by itself; `lines` are the last it printed.

    `stands` are the files and lines where it stood when its time was over, innermost first. `logged` are texts that it
    logged, with the file and line from where. `peak` is the most memory that it held, in bytes.
    """

    code: int
    peak: int = 0
    failure: tuple[Cause, ...] = ()
    timed_out: bool = False
    told_files: bool = False
    stands: tuple[tuple[str, int], ...] = ()
    lines: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    logged: tuple[tuple[str, str, int], ...] = ()


class Program:
    """Runs one job. `paths` is set once the program's interpreter has told its module paths, or has ended."""

    def __init__(self, job: Job, address: str, say: Callable[[Sequence[str]], None]) -> None:
        self._say = say
        self._runtime = job.runtime
        self._stands: tuple[tuple[str, int], ...] = ()
        self._lines: deque[str] = deque(maxlen=_LAST_LINES)
        self._ended: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._failure: tuple[Cause, ...] = ()
        self._files: tuple[str, ...] | None = None
        self._paths: tuple[str, ...] = ()
        self._logged: dict[tuple[str, str, int], None] = {}
        self._heard_paths = threading.Event()
        self._mine, line = socket.socketpair()
        self._asking, asked = socket.socketpair()
        with line, asked:
            started = start(job, Ends(address=address, line=line.fileno(), asked=asked.fileno()))
            self._process = subprocess.Popen(  # noqa: S603 - running the user's program is the point
                started.command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                env=started.environment,
                cwd=job.folder,
                start_new_session=True,
                pass_fds=(line.fileno(), asked.fileno()),
            )
        if job.runtime != PYTHON:  # Python's own limits itself, once it has imported what it needs
            _limit(self.pid, job.limits.memory)
        self._threads = [threading.Thread(target=each, daemon=True) for each in (self._hear, self._drain, self._wait)]
        for thread in self._threads:
            thread.start()

    @property
    def pid(self) -> int:
        """The process's id, and its group's."""
        return self._process.pid

    def paths(self) -> tuple[str, ...]:
        """Wait for the interpreter's module paths; empty where it did not come up."""
        self._heard_paths.wait()
        return self._paths

    def go(self) -> None:
        """Tell the program that its engine listens."""
        with contextlib.suppress(OSError):  # it has ended already, and the end will say why
            self._mine.sendall(b"\n")

    def stop(self) -> None:
        """Have `ended` return now."""
        self._ended.put("stopped")

    def ended(self, seconds: float) -> Ending:
        """Wait until the program has ended, at most so long; then end it with all its descendants."""
        try:
            why = self._ended.get(timeout=seconds)
        except queue.Empty:
            why = "timed out"
            self._ask_where()
        end_group(self.pid)
        self._process.wait()
        end_descendants()
        for thread in self._threads:
            thread.join(_OUTPUT_AFTER_EXIT)
        return Ending(
            code=self._process.returncode,
            peak=_peak(),
            failure=self._failure,
            timed_out=why == "timed out",
            stands=self._stands,
            told_files=self._files is not None,
            lines=tuple(self._lines),
            files=self._files or (),
            logged=tuple(self._logged),
        )

    def _ask_where(self) -> None:
        """Have the program tell its stack, and wait for that a little: it may have been stopped in any state."""
        told = bytearray()
        with contextlib.suppress(OSError):
            if self._runtime == PYTHON:
                self._process.send_signal(signal.SIGUSR2)  # the one thing that an endless loop of Python hears
            else:
                self._asking.sendall(b"?")
            self._asking.settimeout(_STACK_SECONDS)
            while len(told) < _LONGEST_STACK and (chunk := self._asking.recv(1 << 16)):
                told += chunk
                self._asking.settimeout(_REST_OF_STACK)
        frames = _FRAME.findall(told.decode("utf-8", "replace"))
        self._stands = tuple((file, int(line)) for file, line in frames)

    def _wait(self) -> None:
        self._process.wait()
        self._heard_paths.set()
        self._ended.put("ended")

    def _drain(self) -> None:
        cutter = LineCutter()
        pipe = self._process.stdout
        while pipe is not None and (chunk := os.read(pipe.fileno(), 1 << 16)):
            self._printed(cutter.feed(chunk))
        self._printed(cutter.finish())

    def _printed(self, lines: Sequence[str]) -> None:
        if lines:
            self._lines.extend(lines)
            self._say(lines)

    def _hear(self) -> None:
        held = bytearray()
        while chunk := self._received():
            held += chunk
            if len(held) > _LARGEST_REPORT:
                return
            *whole, rest = held.split(b"\n")
            held = bytearray(rest)
            for line in whole:
                self._told(bytes(line))
        self._heard_paths.set()

    def _give_up(self) -> None:
        """End a program that failed and does not end by itself; it may have something to say before."""
        time.sleep(_AFTER_FAILURE)
        self._ended.put("failed")

    def _received(self) -> bytes:
        try:
            return self._mine.recv(1 << 16)
        except OSError:
            return b""

    def _told(self, line: bytes) -> None:
        try:
            event: Any = msgspec.json.decode(line)
            if event["event"] == "paths":
                self._paths = tuple(str(path) for path in event["paths"])
                self._heard_paths.set()
            elif event["event"] == "failed":
                self._failure = self._failure or msgspec.convert(tuple(event["chain"]), tuple[Cause, ...])
                threading.Thread(target=self._give_up, daemon=True).start()
            elif event["event"] == "logged" and len(self._logged) < _MOST_LOGGED:
                self._logged[str(event["text"]), str(event["file"]), int(event["line"])] = None
            elif event["event"] == "files":
                self._files = tuple(str(file) for file in event["files"])
        except (msgspec.MsgspecError, KeyError, TypeError, ValueError):
            return  # a program that found the socket may write nonsense to it


def _peak() -> int:
    """Give the most memory that a child of this process held, in bytes: its one large child is the program."""
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * unit


def _limit(pid: int, memory: int) -> None:
    """Have a process leave no core, and get so many bytes; where the system can set that from outside: Linux.

    The limit is that of execute.py, and passes on to what the process becomes and starts.
    """
    if sys.platform == "linux":
        with contextlib.suppress(OSError):  # it has ended already
            resource.prlimit(pid, resource.RLIMIT_CORE, (0, 0))
            if memory:
                resource.prlimit(pid, resource.RLIMIT_DATA, (memory + _NODE_ITSELF, memory + _NODE_ITSELF))
