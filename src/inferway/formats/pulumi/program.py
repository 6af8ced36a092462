"""The program's process: its start, what it tells and prints, its end."""

import contextlib
import json
import os
import queue
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import msgspec

from inferway.formats.pulumi.messages import Job
from inferway.processes.descendants import end_descendants, end_group
from inferway.processes.lines import LineCutter

_EXECUTE: Final = Path(__file__).with_name("execute.py")
_LAST_LINES: Final = 150  # a stack has to fit
_OUTPUT_AFTER_EXIT: Final = 0.5  # seconds; a descendant may hold the pipe open for ever
_STACK_SECONDS: Final = 1.0
_LARGEST_REPORT: Final = 4 * 1024 * 1024
_DEAD: Final = "http://127.0.0.1:9"  # the discard port (RFC 863): nobody answers


class Cause(msgspec.Struct, frozen=True):
    """One exception of a failure. `kinds` are its class and that one's bases; `frames` are file, line, column."""

    kinds: list[str]
    text: str
    frames: list[tuple[str, int, int]]
    missing: str | None = None
    code: int | str | None = None


class Ending(msgspec.Struct, frozen=True, kw_only=True):
    """How the program ended: by a failure, by a time limit, by itself; `lines` are the last it printed."""

    code: int
    failure: tuple[Cause, ...] = ()
    timed_out: bool = False
    told_files: bool = False
    lines: tuple[str, ...] = ()
    files: tuple[str, ...] = ()


class Program:
    """Runs one job. `paths` is set once the program's interpreter has told its module paths, or has ended."""

    def __init__(self, job: Job, address: str) -> None:
        self._job = job
        self._lines: deque[str] = deque(maxlen=_LAST_LINES)
        self._ended: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._failure: tuple[Cause, ...] = ()
        self._files: tuple[str, ...] | None = None
        self._paths: tuple[str, ...] = ()
        self._heard_paths = threading.Event()
        self._heard_stacks = 0
        self._mine, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603 - running the user's program is the point
                self._command(address, theirs.fileno()),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                env=_environment(job),
                cwd=job.folder,
                start_new_session=True,
                pass_fds=(theirs.fileno(),),
            )
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
            failure=self._failure,
            timed_out=why == "timed out",
            told_files=self._files is not None,
            lines=tuple(self._lines),
            files=self._files or (),
        )

    def _ask_where(self) -> None:
        """Have the program print its stack, and wait for that a little."""
        already = self._heard_stacks
        with contextlib.suppress(ProcessLookupError):
            self._process.send_signal(signal.SIGUSR2)
        until = time.monotonic() + _STACK_SECONDS
        while self._heard_stacks == already and time.monotonic() < until:
            time.sleep(0.01)

    def _command(self, address: str, line: int) -> list[str]:
        job = self._job
        given = {
            "line": line,
            "parent": os.getpid(),
            "address": address,
            "main": job.main,
            "folder": job.folder,
            "project": job.project,
            "stack": job.stack,
            "memory": job.limits.memory,
        }
        return [job.python or sys.executable, str(_EXECUTE), json.dumps(given)]

    def _wait(self) -> None:
        self._process.wait()
        self._heard_paths.set()
        self._ended.put("ended")

    def _drain(self) -> None:
        cutter = LineCutter()
        pipe = self._process.stdout
        while pipe is not None and (chunk := os.read(pipe.fileno(), 1 << 16)):
            for line in cutter.feed(chunk):
                self._lines.append(line)
                self._heard_stacks += line.startswith('  File "')
        self._lines.extend(cutter.finish())

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
                self._failure = msgspec.convert(tuple(event["chain"]), tuple[Cause, ...])
            elif event["event"] == "files":
                self._files = tuple(str(file) for file in event["files"])
        except (msgspec.MsgspecError, KeyError, TypeError):
            return  # a program that found the socket may write nonsense to it


def _environment(job: Job) -> Mapping[str, str]:
    """Give the program's environment: ours, with its configuration, and proxies that lead nowhere."""
    made = {key: value for key, value in os.environ.items() if not key.startswith("PULUMI_")}
    for key in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        made[key] = made[key.lower()] = _DEAD
    made["NO_PROXY"] = made["no_proxy"] = "localhost,127.0.0.1"
    made["PULUMI_CONFIG"] = json.dumps(dict(job.configuration))
    made["PULUMI_CONFIG_SECRET_KEYS"] = "[]"  # noqa: S105 - a list of names
    made["PYTHONUNBUFFERED"] = "1"
    made.setdefault("MALLOC_ARENA_MAX", "2")  # glibc reserves 64 MB for each thread otherwise
    return made
