"""Keeps a child process running: readiness, restarts with backoff, and an orderly end."""

import asyncio
import contextlib
import logging
import signal
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Final

from inferway.processes.process import Command, ProcessFailedError, ProcessState, ProcessStatus, Supervision
from inferway.processes.running import RunningProcess, run

Readiness = Callable[[int], Awaitable[None]]
"""Takes the process's id and returns when the process is ready; raises when it never will be."""

LineListener = Callable[[str, str], None]
"""Takes a process's name and a line of its output; is called in the event loop and must not block."""

_LAST_WORDS: Final = 20  # lines of output that a failure quotes
_MOST_DOUBLINGS: Final = 32
_log = logging.getLogger("inferway.processes")


class Supervisor:
    """Looks after one process. Belongs to the event loop it was started in, in a thread that outlives the process."""

    def __init__(
        self,
        command: Command,
        *,
        ready: Readiness,
        supervision: Supervision | None = None,
        on_line: LineListener | None = None,
    ) -> None:
        self._command = command
        self._ready = ready
        self._supervision = supervision or Supervision()
        self._on_line = on_line or _log_line
        self._last_words: deque[str] = deque(maxlen=_LAST_WORDS)
        self._state = ProcessState.STOPPED
        self._pid = 0
        self._restarts = 0
        self._last_exit = ""
        self._exit_code = 0
        self._task: asyncio.Task[None] | None = None
        self._came_up: asyncio.Event = asyncio.Event()

    @property
    def status(self) -> ProcessStatus:
        """Where the process stands now."""
        return ProcessStatus(
            name=self._command.name,
            state=self._state,
            pid=self._pid,
            restarts=self._restarts,
            last_exit=self._last_exit,
        )

    async def start(self) -> None:
        """Start the process and return when it is ready; raises ProcessFailedError when it does not come up."""
        if self._task and not self._task.done():
            raise RuntimeError(f"{self._command.name} is already started")
        self._came_up.clear()
        self._restarts, self._last_exit = 0, ""
        self._task = asyncio.create_task(self._supervise(), name=f"supervise {self._command.name}")
        came_up = asyncio.create_task(self._came_up.wait())
        try:
            await asyncio.wait({self._task, came_up}, return_when=asyncio.FIRST_COMPLETED)
        except asyncio.CancelledError:
            await self.stop()
            raise
        finally:
            came_up.cancel()
        if not self._came_up.is_set():
            raise ProcessFailedError(self._obituary())

    async def stop(self) -> None:
        """End the process and its whole group; harmless when it is not running."""
        if self._task:
            self._task.cancel()
            await asyncio.wait({self._task})
        if self._state is not ProcessState.FAILED:
            self._state = ProcessState.STOPPED

    async def _supervise(self) -> None:
        failures = 0
        while True:
            self._state = ProcessState.STARTING
            settled = await self._live_once()
            failures = 1 if settled else failures + 1
            if not self._came_up.is_set() and (
                failures >= self._supervision.start_attempts or self._exit_code in self._supervision.hopeless_exits
            ):
                self._state = ProcessState.FAILED
                return
            self._state = ProcessState.BACKING_OFF
            _log.warning("%s: %s; starting it again", self._command.name, self._last_exit)
            await asyncio.sleep(self._delay(failures))
            self._restarts += 1

    async def _live_once(self) -> bool:
        """Run the process until it ends, and say whether it had settled; `_last_exit` says how it ended."""
        self._last_words.clear()
        self._exit_code = 0
        try:
            child = await run(self._command, self._heard)
        except OSError as error:
            self._last_exit = f"cannot be started: {error}"
            return False
        self._pid = child.pid
        unready = ""
        try:
            unready = await self._bring_up(child)
            if unready:
                return False
            self._state = ProcessState.READY
            self._came_up.set()
            loop = asyncio.get_running_loop()
            since = loop.time()
            await asyncio.wait({child.exited})
            return loop.time() - since >= self._supervision.settled_after
        finally:
            await child.end(self._supervision.grace)
            self._pid = 0
            self._exit_code = child.exited.result()
            self._last_exit = unready or _ending(self._exit_code)

    async def _bring_up(self, child: RunningProcess) -> str:
        """Wait until the child is ready; say why it is not, or nothing."""
        ready = asyncio.ensure_future(self._ready(child.pid))
        within = self._supervision.ready_within
        waited: set[asyncio.Future[None] | asyncio.Future[int]] = {ready, child.exited}
        try:
            await asyncio.wait(waited, timeout=within, return_when=asyncio.FIRST_COMPLETED)
            if child.exited.done():
                return f"{_ending(child.exited.result())} before it was ready"
            if not ready.done():
                return f"was not ready within {within:g} s"
            failure = ready.exception()
            return f"cannot be ready: {failure}" if failure else ""
        finally:
            ready.cancel()
            await asyncio.wait({ready})

    def _delay(self, failures: int) -> float:
        doublings = min(failures - 1, _MOST_DOUBLINGS)
        return min(self._supervision.longest_delay, self._supervision.first_delay * 2.0**doublings)

    def _heard(self, line: str) -> None:
        self._last_words.append(line)
        self._on_line(self._command.name, line)

    def _obituary(self) -> str:
        if self._state is not ProcessState.FAILED:
            return f"{self._command.name} was stopped before it was ready"
        lines = "".join(f"\n  {line}" for line in self._last_words)
        return f"{self._command.name} {self._last_exit}{lines}"


def _ending(code: int) -> str:
    """Put a return code of subprocess's kind into words."""
    if code >= 0:
        return f"exited with code {code}"
    with contextlib.suppress(ValueError):  # a real-time signal has no name
        return f"was ended by {signal.Signals(-code).name}"
    return f"was ended by signal {-code}"


def _log_line(name: str, line: str) -> None:
    _log.info("%s: %s", name, line)
