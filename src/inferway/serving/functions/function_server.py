"""Runs a function in front of a pool of handler processes, in a process of its own."""

import asyncio
import logging
import sys

import msgspec

from inferway.faults import Severity
from inferway.processes.process import Command, ProcessState, ProcessStatus, Supervision
from inferway.processes.supervisor import LineListener
from inferway.serving.contract import BAD_FOLDER
from inferway.serving.functions.check import FunctionError, check_function
from inferway.serving.functions.environment import passed_on
from inferway.serving.functions.options import FunctionOptions, settings_of
from inferway.serving.functions.preparation import Preparation
from inferway.serving.functions.process import SETTINGS, encode_settings
from inferway.serving.functions.runtimes import other_version
from inferway.serving.functions.stopped import end_when_stopped
from inferway.serving.local_server import LocalServer


class FunctionServer:
    """A function behind the Lambda Invoke API at `url`: `POST /2015-03-31/functions/NAME/invocations`.

    `name` is the function's name or ARN; log lines go to `on_line` with the bare name. With `quiet`
    nothing is said of what `check_function` finds, since whoever starts it has said so.
    """

    def __init__(
        self, name: str, options: FunctionOptions, on_line: LineListener | None = None, *, quiet: bool = False
    ) -> None:
        self._options = msgspec.structs.replace(options, path=options.path.resolve())
        self._settings = settings_of(name, self._options)
        self._on_line = on_line or _log_line
        self._quiet = quiet
        self._preparation = Preparation(self._say)
        self._watch: asyncio.Task[None] | None = None
        supervision = Supervision(
            ready_within=options.startup_timeout + 10.0,
            hopeless_exits=frozenset({BAD_FOLDER}),
            grace=options.grace + 5.0,
        )
        self._server = LocalServer(
            self._settings.name, self._options, self._command, supervision=supervision, on_line=on_line
        )

    @property
    def name(self) -> str:
        """The function's bare name."""
        return self._settings.name

    @property
    def arn(self) -> str:
        """The function's ARN, as its handler sees it."""
        return self._settings.arn

    @property
    def url(self) -> str:
        """The server's address, `http://127.0.0.1:PORT`; raises RuntimeError before it was started."""
        return self._server.url

    @property
    def state(self) -> ProcessState:
        """Where the server's process stands."""
        return self._server.state

    @property
    def processes(self) -> tuple[ProcessStatus, ...]:
        """The server's process; handler processes are its own affair."""
        return self._server.processes

    async def start(self) -> None:
        """Start the server and one handler process, and return when its handler is loaded, or cannot be.

        Each event of a handler that cannot be loaded fails, as on the service; a line of the log says why. Raises
        FunctionError for code that cannot be put together or run here and dependencies that cannot be installed,
        ProcessFailedError when no process can be started, and OSError when the port is taken; nothing is left running
        then.
        """
        self._server.refuse_second_start()
        findings = await asyncio.to_thread(check_function, self._options)
        if any(finding.severity is Severity.ERROR for finding in findings):
            raise FunctionError(findings)
        for finding in () if self._quiet else findings:
            self._say(str(finding))
        if said := await asyncio.to_thread(other_version, self._settings):
            self._say(said)
        try:
            self._settings = await self._preparation.prepare(self._settings)
            await self._server.start()
        except BaseException:
            await self._preparation.close()
            raise
        self._watch = asyncio.create_task(end_when_stopped(self._server))

    async def stop(self) -> None:
        """Let the events under way finish, end the processes, and give the port back; harmless twice."""
        if self._watch is not None:
            self._watch.cancel()
        await self._server.stop()
        await self._preparation.close()

    def _say(self, line: str) -> None:
        self._on_line(self._settings.name, line)

    def _command(self, name: str, port: int) -> Command:
        # The process finds what they were put together to, and an environment holds no long texts.
        options = msgspec.structs.replace(self._settings.options, code=(), layers=())
        return Command(
            name=name,
            # -P: the current folder's files must not take the place of installed modules.
            argv=(sys.executable, "-P", "-m", "inferway.serving.functions.process"),
            environment={
                **passed_on(),
                "PYTHONUNBUFFERED": "1",
                "PORT": str(port),
                SETTINGS: encode_settings(msgspec.structs.replace(self._settings, options=options)),
            },
        )


def _log_line(name: str, line: str) -> None:
    logging.getLogger("inferway.functions").info("%s: %s", name, line)
