"""One process that runs a handler, an event at a time, from its start to its end."""

import asyncio
import os
from enum import StrEnum
from typing import Any, Final

import msgspec

from inferway.processes.descendants import descendants, kill, marked
from inferway.processes.leash import NOT_EXECUTABLE, NOT_FOUND
from inferway.processes.lines import LONGEST_LINE
from inferway.processes.process import Command
from inferway.processes.running import OnLine, RunningProcess, run
from inferway.serving.functions import errors
from inferway.serving.functions.environment import handler_environment
from inferway.serving.functions.execution_log import ExecutionLog
from inferway.serving.functions.memory import held, peak
from inferway.serving.functions.options import FunctionSettings
from inferway.serving.functions.runtime_api import Event, Kind, Message, RuntimeApi
from inferway.serving.functions.runtime_connection import Sink
from inferway.serving.functions.runtimes import command_of

_WATCH: Final = 0.05  # seconds between two looks at the memory of a handler whose memory is bounded
_LONGEST_LINE: Final = LONGEST_LINE - 64  # what says how much was cut must itself pass this process's own supervisor
_ANSWER_AFTER_EXIT: Final = 0.005  # seconds for what a process that has ended had sent to be read
_OUTPUT_TURNS: Final = 2  # turns of the event loop after which all that was printed before a result has been read


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """What came of an event: the result or, of a function that failed, its error document; `log` is its log's tail."""

    body: bytes
    failed: bool = False
    log: bytes = b""


class InitError(Exception):
    """A handler that cannot be loaded; `document` says why, and `is_hopeless` that there is nothing to run it with."""

    def __init__(self, document: bytes, code: int = 0) -> None:
        super().__init__(errors.summary(document))
        self.document = document
        self.is_hopeless = code in (NOT_FOUND, NOT_EXECUTABLE)


class NotTakenError(Exception):
    """The process ended before it took the event, which another one may run."""


class _End(StrEnum):
    ANSWERED = "answered"
    EXITED = "exited"
    TIMED_OUT = "timed out"
    OUT_OF_MEMORY = "out of memory"


class HandlerProcess:
    """A started process whose handler is loaded; `start` makes it. `is_usable` is false once it can take no event."""

    def __init__(self, settings: FunctionSettings, on_line: OnLine) -> None:
        self._settings = settings
        self._on_line = on_line
        self._log = ExecutionLog(settings.options.memory)
        self._api = RuntimeApi()
        self._ending: asyncio.Future[None] | None = None
        self._process: RunningProcess
        self._mark = ""
        self.idle_since = 0.0

    @classmethod
    async def start(cls, settings: FunctionSettings, on_line: OnLine) -> "HandlerProcess":
        """Start a process and wait until its handler is loaded; raises InitError, and OSError for the interpreter."""
        self = cls(settings, on_line)
        began = asyncio.get_running_loop().time()
        answer = self._api.receive()
        await self._spawn()
        limit = settings.options.startup_timeout
        try:
            end = await self._wait(answer, limit)
        except asyncio.CancelledError:
            await self.end()
            raise
        if end is _End.ANSWERED and answer.result().kind is Kind.READY:
            self._log.started(asyncio.get_running_loop().time() - began)
            return self
        document = answer.result().body if end is _End.ANSWERED else b""
        await self.end()
        if document:
            raise InitError(document)
        if end is _End.TIMED_OUT:
            raise InitError(errors.timed_out("", limit))
        raise InitError(errors.exited("", self.exit_code), self.exit_code)

    @property
    def is_usable(self) -> bool:
        """Whether it lives and nothing has begun to end it."""
        return self._ending is None and not self._process.exited.done()

    async def invoke(self, event: Event, *, measured: bool, sink: Sink | None = None) -> Outcome:
        """Run one event. A function that overran its time or memory, or ended its process, is ended with its group.

        With `measured` the log's tail says how much memory it has used; a result that is streamed goes to the `sink`,
        and leaves none in the outcome. Raises NotTakenError.
        """
        loop = asyncio.get_running_loop()
        began = loop.time()
        self._log.begin(event.id)
        answer = self._api.receive()
        self._api.give(event, sink)
        end = await self._wait(answer, self._settings.options.timeout)
        for _ in range(_OUTPUT_TURNS):
            await asyncio.sleep(0)
        bound = self._settings.options.bound
        lives = end in (_End.ANSWERED, _End.TIMED_OUT)
        used = peak(self._process.pid) if (measured or bound) and lives else 0
        if end is _End.OUT_OF_MEMORY or (bound and end is _End.ANSWERED and used > bound):
            end, used = _End.OUT_OF_MEMORY, bound
        if end is _End.ANSWERED:
            body, failed = _answered(answer.result())
        else:
            await self.end()
            if end is _End.EXITED and not self._api.is_taken:
                raise NotTakenError
            body, failed = self._broken(end, event.id), True
            self._heard(self._last_words(end, event.id, body))
        self._log.end(event.id, loop.time() - began, used)
        return Outcome(body=body, failed=failed, log=self._log.tail)

    async def end(self) -> None:
        """Kill the process, its group, and what has left the group; returns when it is reaped. Harmless twice."""
        if self._ending is None:
            self._ending = asyncio.ensure_future(self._end())
        await asyncio.shield(self._ending)

    async def _spawn(self) -> None:
        await self._api.open()
        environment = handler_environment(self._settings, self._api.address)
        self._mark = environment["AWS_LAMBDA_LOG_STREAM_NAME"]
        command = Command(
            name=self._settings.name,
            argv=command_of(self._settings),
            environment=environment,
            folder=str(self._settings.root),
        )
        try:
            self._process = await run(command, self._heard, longest_line=_LONGEST_LINE)
        except BaseException:
            self._api.close()
            raise

    async def _wait(self, answer: "asyncio.Future[Message]", limit: float) -> _End:
        """Wait for an answer, the process's end, or the end of its time or memory."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + limit
        bound = self._settings.options.bound
        waited: set[asyncio.Future[Any]] = {answer, self._process.exited}
        while True:
            left = deadline - loop.time()
            await asyncio.wait(waited, timeout=min(left, _WATCH) if bound else left, return_when="FIRST_COMPLETED")
            if not answer.done() and self._process.exited.done():
                await asyncio.sleep(_ANSWER_AFTER_EXIT)
            if answer.done():
                return _End.ANSWERED
            if self._process.exited.done():
                return _End.EXITED
            if loop.time() >= deadline:
                return _End.TIMED_OUT
            if bound and held(self._process.pid) > bound:
                return _End.OUT_OF_MEMORY

    async def _end(self) -> None:
        self._api.close()
        if not self._process.exited.done():  # else its id may be another's by now
            kill({*descendants(self._process.pid), self._process.pid})
        await asyncio.wait({self._process.exited})
        # Twice: what was being forked while the first look was taken shows in the second.
        for _ in range(2):
            kill(set(marked(self._mark)) - {os.getpid()})
        await self._process.end(grace=0)

    @property
    def exit_code(self) -> int:
        """How it has ended, negative for a signal."""
        return self._process.exited.result()

    def _broken(self, end: _End, request_id: str) -> bytes:
        if end is _End.TIMED_OUT:
            return errors.timed_out(request_id, self._settings.options.timeout)
        return errors.exited(request_id, -9 if end is _End.OUT_OF_MEMORY else self.exit_code)

    def _last_words(self, end: _End, request_id: str, body: bytes) -> str:
        if end is _End.TIMED_OUT:
            return errors.timed_out_line(request_id, self._settings.options.timeout)
        why = f" (more than its {self._settings.options.bound} MB of memory)" if end is _End.OUT_OF_MEMORY else ""
        return f"[ERROR] {errors.summary(body)}{why}"

    def _heard(self, line: str) -> None:
        self._log.add(line)
        self._on_line(line)


def _answered(message: Message) -> tuple[bytes, bool]:
    if message.kind is Kind.TOO_LARGE:
        return errors.too_large(), True
    return message.body, message.kind is not Kind.RESULT
