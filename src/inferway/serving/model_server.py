"""Runs a model folder as a local endpoint: one or more processes behind one port."""

import asyncio
import contextlib
import os
import socket
import sys
from collections.abc import Mapping
from pathlib import Path

import msgspec

from inferway.processes.process import Command, ProcessState, ProcessStatus, Supervision
from inferway.processes.supervisor import LineListener, Supervisor
from inferway.serving.contract import BAD_FOLDER
from inferway.serving.folder import PROGRAM, ModelFolderError, check_model_folder
from inferway.serving.ping import until_ready
from inferway.serving.ports import reserve


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
    """A model folder behind `GET /ping` and `POST /invocations` at `url`.

    The replicas share the port, over which the kernel spreads connections; the port stays reserved while a replica is
    started again.
    """

    def __init__(
        self,
        name: str,
        folder: Path,
        options: ServingOptions | None = None,
        *,
        on_line: LineListener | None = None,
    ) -> None:
        self._name = name
        self._folder = folder.resolve()
        self._options = options or ServingOptions()
        self._on_line = on_line
        self._reservation: socket.socket | None = None
        self._replicas: tuple[Supervisor, ...] = ()

    @property
    def url(self) -> str:
        """The endpoint's address, `http://127.0.0.1:PORT`; raises RuntimeError before it was started."""
        if self._reservation is None:
            raise RuntimeError(f"the model server {self._name} is not started")
        host = f"[{self._options.host}]" if ":" in self._options.host else self._options.host
        return f"http://{host}:{self._port(self._reservation)}"

    @property
    def processes(self) -> tuple[ProcessStatus, ...]:
        """Where each replica stands."""
        return tuple(replica.status for replica in self._replicas)

    @property
    def state(self) -> ProcessState:
        """READY while any replica is; else what the replicas have in common, or the state of the first."""
        states = [status.state for status in self.processes]
        if ProcessState.READY in states:
            return ProcessState.READY
        return states[0] if states else ProcessState.STOPPED

    async def start(self) -> None:
        """Start every replica and return when all are ready.

        Raises ModelFolderError for a folder that cannot be served, ProcessFailedError when a replica does not come up,
        and OSError when the port is taken; nothing is left running then.
        """
        if self._reservation is not None:
            raise RuntimeError(f"the model server {self._name} is already started")
        options = self._options
        findings = check_model_folder(self._folder, options.environment.get("SAGEMAKER_PROGRAM", PROGRAM))
        if findings:
            raise ModelFolderError(findings)
        self._reservation = reserve(options.host, options.port)
        port = self._port(self._reservation)
        names = [self._name] if options.replicas == 1 else [f"{self._name}#{n + 1}" for n in range(options.replicas)]
        self._replicas = tuple(self._replica(name, port) for name in names)
        try:
            async with asyncio.TaskGroup() as group:
                for replica in self._replicas:
                    group.create_task(replica.start())
        except BaseExceptionGroup as errors:
            await self.stop()
            raise errors.exceptions[0] from None
        except asyncio.CancelledError:
            await self.stop()
            raise

    async def stop(self) -> None:
        """Let the replicas finish the requests under way, end them, and give the port back; harmless twice."""
        await asyncio.gather(*(replica.stop() for replica in self._replicas))
        if self._reservation is not None:
            with contextlib.closing(self._reservation):
                self._reservation = None

    def _replica(self, name: str, port: int) -> Supervisor:
        options = self._options
        command = Command(
            name=name,
            # -P: the current folder's files must not take the place of installed modules.
            argv=(
                *(sys.executable, "-P", "-m", "inferway.serving.container", str(self._folder)),
                *("--host", options.host, "--threads", str(options.threads), "--shared-port"),
            ),
            environment=self._environment(port),
        )
        supervision = Supervision(
            ready_within=options.startup_timeout, hopeless_exits=frozenset({BAD_FOLDER}), grace=options.grace
        )
        return Supervisor(
            command,
            ready=lambda pid: until_ready(options.host, port, pid),
            supervision=supervision,
            on_line=self._on_line,
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

    @staticmethod
    def _port(reservation: socket.socket) -> int:
        return int(reservation.getsockname()[1])
