"""One process that runs a handler, an event at a time, from its start to its end."""

import asyncio
import contextlib
import os
import socket
import sys
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

import msgspec

from inferway.processes.descendants import descendants, kill, marked, resident
from inferway.processes.lines import LONGEST_LINE
from inferway.processes.process import Command
from inferway.processes.running import OnLine, RunningProcess, run
from inferway.serving.functions import errors
from inferway.serving.functions.channel import Channel, Message
from inferway.serving.functions.environment import handler_environment
from inferway.serving.functions.execution_log import ExecutionLog
from inferway.serving.functions.options import FunctionSettings

_BOOTSTRAP: Final = str(Path(__file__).with_name("bootstrap.py"))
_WATCH: Final = 0.05  # seconds between two looks at the memory of a handler whose memory is bounded
_LONGEST_LINE: Final = LONGEST_LINE - 64  # what says how much was cut must itself pass this process's own supervisor
_LAST_MOMENT: Final = 0.5  # seconds for a process that has closed its socket to end, and say with what code
_OUTPUT_TURNS: Final = 2  # turns of the event loop after which all that was printed before a result has been read


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """What came of an event: the result or, of a function that failed, its error document; `log` is its log's tail."""

    body: bytes
    failed: bool = False
    log: bytes = b""


class InitError(Exception):
    """A handler that cannot be loaded; `document` says why."""

    def __init__(self, document: bytes) -> None:
        super().__init__(errors.summary(document))
        self.document = document


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
        self._log = ExecutionLog()
        self._channel = Channel()
        self._ending: asyncio.Future[None] | None = None
        self._process: RunningProcess
        self._mark = ""
        self.idle_since = 0.0

    @classmethod
    async def start(cls, settings: FunctionSettings, on_line: OnLine) -> "HandlerProcess":
        """Start a process and wait until its handler is loaded; raises InitError, and OSError for the interpreter."""
        self = cls(settings, on_line)
        environment = handler_environment(settings)
        self._mark = environment["AWS_LAMBDA_LOG_STREAM_NAME"]
        await self._spawn(environment)
        limit = settings.options.startup_timeout
        answer = self._channel.receive()
        try:
            end = await self._wait(answer, limit)
        except asyncio.CancelledError:
            await self.end()
            raise
        if end is _End.ANSWERED and answer.result().kind == "ready":
            return self
        document = answer.result().body if end is _End.ANSWERED else b""
        await self.end()
        if document:
            raise InitError(document)
        raise InitError(errors.timed_out("", limit) if end is _End.TIMED_OUT else errors.exited("", self._exit_code))

    @property
    def is_usable(self) -> bool:
        """Whether it lives and nothing has begun to end it."""
        return self._ending is None and not self._process.exited.done()

    async def invoke(self, head: Mapping[str, Any], event: bytes) -> Outcome:
        """Run one event. A function that overran its time or memory, or ended its process, is ended with its group."""
        request_id = str(head["id"])
        limit = self._settings.options.timeout
        loop = asyncio.get_running_loop()
        began = loop.time()
        self._log.begin(request_id)
        self._channel.send(dict(head), event)
        answer = self._channel.receive()
        end = await self._wait(answer, limit)
        for _ in range(_OUTPUT_TURNS):
            await asyncio.sleep(0)
        used = resident(self._process.pid) if head.get("tail") and end is _End.ANSWERED else 0
        if end is _End.ANSWERED:
            body, failed = _answered(answer.result())
        else:
            await self.end()
            body, failed = self._broken(end, request_id), True
            self._say(errors.summary(body))
        self._log.end(request_id, loop.time() - began, self._settings.options.memory, used)
        return Outcome(body=body, failed=failed, log=self._log.tail)

    async def end(self) -> None:
        """Kill the process, its group, and what has left the group; returns when it is reaped. Harmless twice."""
        if self._ending is None:
            self._ending = asyncio.ensure_future(self._end())
        await asyncio.shield(self._ending)

    async def _spawn(self, environment: Mapping[str, str]) -> None:
        options = self._settings.options
        ours, theirs = socket.socketpair()
        with contextlib.closing(theirs):
            command = Command(
                name=self._settings.name,
                argv=(options.python or sys.executable, _BOOTSTRAP, str(theirs.fileno()), options.handler),
                environment=environment,
                folder=str(options.path),
            )
            try:
                self._process = await run(
                    command, self._heard, descriptors=(theirs.fileno(),), longest_line=_LONGEST_LINE
                )
            except BaseException:
                ours.close()
                raise
        ours.setblocking(False)  # noqa: FBT003 - socket's own signature
        await asyncio.get_running_loop().create_unix_connection(lambda: self._channel, sock=ours)

    async def _wait(self, answer: "asyncio.Future[Message]", limit: float) -> _End:
        """Wait for an answer; a forked child may hold the socket open, so that only the exit tells of a crash."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + limit
        bounded = self._settings.options.enforce_memory
        waited: set[asyncio.Future[Any]] = {answer, self._process.exited}
        while True:
            left = deadline - loop.time()
            await asyncio.wait(waited, timeout=min(left, _WATCH) if bounded else left, return_when="FIRST_COMPLETED")
            if not answer.done() and self._process.exited.done():
                await asyncio.sleep(0)  # what it sent last may be there still
            if answer.done() and answer.exception():  # the socket closes a moment before the process has ended
                await asyncio.wait({self._process.exited}, timeout=_LAST_MOMENT)
                return _End.EXITED
            if answer.done():
                return _End.ANSWERED
            if self._process.exited.done():
                return _End.EXITED
            if loop.time() >= deadline:
                return _End.TIMED_OUT
            if bounded and resident(self._process.pid) > self._settings.options.memory:
                return _End.OUT_OF_MEMORY

    async def _end(self) -> None:
        if not self._process.exited.done():  # else its id may be another's by now
            kill({*descendants(self._process.pid), self._process.pid})
        await asyncio.wait({self._process.exited})
        # Twice: what was being forked while the first look was taken shows in the second.
        for _ in range(2):
            kill(set(marked(self._mark)) - {os.getpid()})
        await self._process.end(grace=0)
        self._channel.close()

    @property
    def _exit_code(self) -> int:
        return self._process.exited.result()

    def _broken(self, end: _End, request_id: str) -> bytes:
        if end is _End.TIMED_OUT:
            return errors.timed_out(request_id, self._settings.options.timeout)
        return errors.exited(request_id, self._exit_code)

    def _heard(self, line: str) -> None:
        self._log.add(line)
        self._on_line(line)

    def _say(self, line: str) -> None:
        self._heard(f"[ERROR] {line}")


def _answered(message: Message) -> tuple[bytes, bool]:
    if message.kind == "too large":
        return errors.too_large(), True
    return message.body, message.kind != "result"
