"""One child process from its start to its end: its output, its exit, and the end of its whole group."""

import asyncio
import contextlib
import logging
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, cast

from inferway.processes.lines import LONGEST_LINE, LineCutter
from inferway.processes.process import Command

OnLine = Callable[[str], None]

_LEASH: Final = str(Path(__file__).with_name("leash.py"))
_OUTPUT_AFTER_EXIT: Final = 1.0  # seconds; a descendant in a session of its own may hold the pipes open for ever
_log = logging.getLogger(__name__)


class RunningProcess(asyncio.SubprocessProtocol):
    """A started process. `exited` holds its return code, as subprocess gives it: -9 when SIGKILL ended it."""

    def __init__(self, on_line: OnLine, longest_line: int = LONGEST_LINE) -> None:
        loop = asyncio.get_running_loop()
        self.exited: asyncio.Future[int] = loop.create_future()
        self._closed: asyncio.Future[None] = loop.create_future()
        self._on_line = on_line
        self._cutters = {1: LineCutter(longest_line), 2: LineCutter(longest_line)}
        self._transport: asyncio.SubprocessTransport | None = None

    @property
    def pid(self) -> int:
        """The process's id, and its group's; 0 before it was started."""
        return (self._transport.get_pid() or 0) if self._transport else 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport (asyncio's callback)."""
        # uvloop's and asyncio's transports do not share the base class
        self._transport = cast(asyncio.SubprocessTransport, transport)

    def pipe_data_received(self, fd: int, data: bytes) -> None:
        """Forward the lines that a chunk completes (asyncio's callback)."""
        self._forward(self._cutters[fd].feed(data))

    def pipe_connection_lost(self, fd: int, exc: Exception | None) -> None:
        """Forward an unfinished last line (asyncio's callback)."""
        del exc
        self._forward(self._cutters[fd].finish())

    def process_exited(self) -> None:
        """Note the exit (asyncio's callback)."""
        code = self._transport.get_returncode() if self._transport else None
        if not self.exited.done():
            self.exited.set_result(0 if code is None else code)

    def connection_lost(self, exc: Exception | None) -> None:
        """Note that process and pipes are gone (asyncio's callback)."""
        del exc
        if not self._closed.done():
            self._closed.set_result(None)

    async def end(self, grace: float) -> None:
        """SIGTERM, `grace` seconds, SIGKILL for the group; returns when the process is reaped, its output read.

        A caller that is cancelled meanwhile is so at the end, which is `grace` and a second away at most.
        """
        ending = asyncio.ensure_future(self._end(grace))
        await _whole(ending)
        ending.result()

    async def _end(self, grace: float) -> None:
        try:
            if not self.exited.done():
                self._signal(signal.SIGTERM)
                await asyncio.wait({self.exited}, timeout=grace)
            # After a clean exit too: nothing of the group may stay behind.
            self._kill_group()
            await asyncio.wait({self.exited})
            await asyncio.wait({self._closed}, timeout=_OUTPUT_AFTER_EXIT)
        finally:
            if not self.exited.done():  # the loop itself ends and has cancelled this
                self._kill_group()
            if self._transport:
                self._transport.close()

    def _forward(self, lines: list[str]) -> None:
        for line in lines:
            try:
                self._on_line(line)
            except Exception:  # noqa: BLE001 - any error of a listener would close the pipe, and SIGPIPE end the child
                _log.exception("A log listener failed")

    def _signal(self, number: signal.Signals) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, number)

    def _kill_group(self) -> None:
        with contextlib.suppress(ProcessLookupError, PermissionError):  # macOS says EPERM for a group of zombies
            os.killpg(self.pid, signal.SIGKILL)


async def run(
    command: Command, on_line: OnLine, *, descriptors: tuple[int, ...] = (), longest_line: int = LONGEST_LINE
) -> RunningProcess:
    """Start `command` in a session of its own, tied to this process's life; raises OSError when it cannot be started.

    It inherits `descriptors` under their numbers; a line of its output is cut after `longest_line` bytes. A command
    that does not exist starts, says so on its standard error and exits with 127, as in a shell.
    """
    starting = asyncio.ensure_future(_start(command, lambda: RunningProcess(on_line, longest_line), descriptors))
    try:
        await _whole(starting)
    except asyncio.CancelledError:
        # uvloop leaves a half-started process open when its start is cancelled: end the whole one in order.
        if not starting.cancelled() and starting.exception() is None:
            await starting.result().end(grace=0)
        raise
    return starting.result()


async def _whole(task: asyncio.Future[Any]) -> None:
    """Wait until a task is done, even if the caller is cancelled meanwhile; that is raised afterwards."""
    cancelled = None
    while not task.done():
        try:
            await asyncio.wait({task})
        except asyncio.CancelledError as error:
            cancelled = error
    if cancelled:
        raise cancelled


async def _start(
    command: Command, protocol_factory: Callable[[], RunningProcess], descriptors: tuple[int, ...]
) -> RunningProcess:
    _, protocol = await asyncio.get_running_loop().subprocess_exec(
        protocol_factory,
        *(sys.executable, "-I", "-S", _LEASH, str(os.getpid()), *command.argv),
        stdin=asyncio.subprocess.DEVNULL,
        env=dict(command.environment),
        cwd=command.folder or None,
        start_new_session=True,
        pass_fds=descriptors,
    )
    return protocol
