"""A function's handler processes: started on demand, kept warm, one event each."""

import asyncio

from inferway.processes.running import OnLine
from inferway.serving.functions import errors
from inferway.serving.functions.handler_process import HandlerProcess, InitError, NotTakenError, Outcome
from inferway.serving.functions.options import FunctionSettings
from inferway.serving.functions.runtime_api import Event
from inferway.serving.functions.runtime_connection import Sink


class ThrottledError(Exception):
    """As many events are under way as the function's concurrency allows."""


class Pool:
    """At most `concurrency` handler processes. An event goes to the one that was used last."""

    def __init__(self, settings: FunctionSettings, on_line: OnLine) -> None:
        self._settings = settings
        self._on_line = on_line
        self._idle: list[HandlerProcess] = []
        self._processes: set[HandlerProcess] = set()
        self._busy = 0
        self._free = asyncio.Condition()
        self._trimming: asyncio.TimerHandle | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        """Start the first process, so that its handler is loaded; raises InitError and OSError."""
        self._put(await self._new())

    async def invoke(self, event: Event, *, measured: bool = False, sink: Sink | None = None) -> Outcome:
        """Run an event at once, a streamed result to the `sink`; raises ThrottledError when every place is taken."""
        if self._busy >= self._settings.options.concurrency:
            raise ThrottledError
        self._busy += 1
        try:
            return await self._run(event, measured, sink)
        finally:
            self._busy -= 1
            async with self._free:
                self._free.notify()

    async def invoke_later(self, event: Event) -> Outcome:
        """Run an event as soon as a place is free."""
        while True:
            async with self._free:
                await self._free.wait_for(lambda: self._busy < self._settings.options.concurrency)
            try:
                return await self.invoke(event)
            except ThrottledError:  # another event was quicker
                continue

    async def close(self) -> None:
        """End every process."""
        if self._trimming is not None:
            self._trimming.cancel()
        await asyncio.gather(*(process.end() for process in self._processes))

    async def _run(self, event: Event, measured: bool, sink: Sink | None) -> Outcome:
        while True:
            process = self._warm()
            is_new = process is None
            try:
                process = process or await self._new()
            except InitError as error:
                return Outcome(body=errors.with_request(error.document, event.id), failed=True)
            try:
                return await process.invoke(event, measured=measured, sink=sink)
            except NotTakenError:
                if is_new:  # it is the handler that ends itself, not one that ended while nobody looked
                    return Outcome(body=errors.exited(event.id, process.exit_code), failed=True)
            finally:
                if process.is_usable:
                    self._put(process)
                else:
                    self._processes.discard(process)

    async def _new(self) -> HandlerProcess:
        process = await HandlerProcess.start(self._settings, self._on_line)
        self._processes.add(process)
        return process

    def _warm(self) -> HandlerProcess | None:
        while self._idle:
            process = self._idle.pop()
            if process.is_usable:
                return process
            self._end_soon(process)
        return None

    def _put(self, process: HandlerProcess) -> None:
        process.idle_since = asyncio.get_running_loop().time()
        self._idle.append(process)
        if self._trimming is None and len(self._idle) > 1:
            self._trim_later()

    def _trim_later(self) -> None:
        loop = asyncio.get_running_loop()
        due = self._idle[0].idle_since + self._settings.options.keep_warm
        self._trimming = loop.call_at(due, self._trim)

    def _trim(self) -> None:
        """End the processes beyond one that have waited long; the list begins with the one that waits longest."""
        self._trimming = None
        now = asyncio.get_running_loop().time()
        while len(self._idle) > 1 and self._idle[0].idle_since + self._settings.options.keep_warm <= now:
            self._end_soon(self._idle.pop(0))
        if len(self._idle) > 1:
            self._trim_later()

    def _end_soon(self, process: HandlerProcess) -> None:
        self._processes.discard(process)
        task = asyncio.get_running_loop().create_task(process.end())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
