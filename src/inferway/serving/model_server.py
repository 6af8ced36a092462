"""Runs a model folder as a local endpoint: one or more processes behind one port."""

import os
import sys
from collections.abc import Mapping
from pathlib import Path

import msgspec

from inferway.processes.process import Command, ProcessState, ProcessStatus, Supervision
from inferway.processes.supervisor import LineListener
from inferway.serving.contract import BAD_FOLDER
from inferway.serving.folder import PROGRAM, ModelFolderError, check_model_folder
from inferway.serving.local_server import LocalServer


class ServingOptions(msgspec.Struct, frozen=True, kw_only=True):
    """How a model folder is served.

    Port 0 is a free one. `threads` is the number of predictions that one replica makes at a time; more than 1 asks for
    a script that is safe to call from several threads, which SageMaker does not. `environment` is added to this
    process's own. Times are in seconds.
    """

    host: str = "127.0.0.1"
    port: int = 0
    replicas: int = 1
    threads: int = 1
    environment: Mapping[str, str] = {}
    startup_timeout: float = 60.0
    grace: float = 30.0


class ModelServer:
    """A model folder behind `GET /ping` and `POST /invocations` at `url`."""

    def __init__(
        self,
        name: str,
        folder: Path,
        options: ServingOptions | None = None,
        *,
        on_line: LineListener | None = None,
    ) -> None:
        self._folder = folder.resolve()
        self._options = options or ServingOptions()
        supervision = Supervision(
            ready_within=self._options.startup_timeout,
            hopeless_exits=frozenset({BAD_FOLDER}),
            grace=self._options.grace,
        )
        self._server = LocalServer(name, self._options, self._command, supervision=supervision, on_line=on_line)

    @property
    def url(self) -> str:
        """The endpoint's address, `http://127.0.0.1:PORT`; raises RuntimeError before it was started."""
        return self._server.url

    @property
    def processes(self) -> tuple[ProcessStatus, ...]:
        """Where each replica stands."""
        return self._server.processes

    @property
    def state(self) -> ProcessState:
        """READY while any replica is; else what the replicas have in common, or the state of the first."""
        return self._server.state

    async def start(self) -> None:
        """Start every replica and return when all are ready.

        Raises ModelFolderError for a folder that cannot be served, ProcessFailedError when a replica does not come up,
        and OSError when the port is taken; nothing is left running then.
        """
        self._server.refuse_second_start()
        findings = check_model_folder(self._folder, self._options.environment.get("SAGEMAKER_PROGRAM", PROGRAM))
        if findings:
            raise ModelFolderError(findings)
        await self._server.start(self._options.replicas)

    async def stop(self) -> None:
        """Let the replicas finish the requests under way, end them, and give the port back; harmless twice."""
        await self._server.stop()

    def _command(self, name: str, port: int) -> Command:
        options = self._options
        return Command(
            name=name,
            # -P: the current folder's files must not take the place of installed modules.
            argv=(
                *(sys.executable, "-P", "-m", "inferway.serving.container", str(self._folder)),
                *("--host", options.host, "--threads", str(options.threads), "--shared-port"),
            ),
            environment=self._environment(port),
        )

    def _environment(self, port: int) -> Mapping[str, str]:
        """What a container finds: SM_MODEL_DIR, SAGEMAKER_PROGRAM and their like, over this process's environment."""
        return {
            **os.environ,
            "PYTHONUNBUFFERED": "1",
            "SAGEMAKER_PROGRAM": PROGRAM,
            "SAGEMAKER_SUBMIT_DIRECTORY": str(self._folder / "code"),
            **self._options.environment,
            "SM_MODEL_DIR": str(self._folder),
            "SAGEMAKER_BIND_TO_PORT": str(port),
        }
