"""Supervised processes behind one port of this machine."""

import asyncio
import contextlib
import socket
from collections.abc import Callable
from typing import Protocol

from inferway.processes.process import Command, ProcessState, ProcessStatus, Supervision
from inferway.processes.supervisor import LineListener, Supervisor
from inferway.serving.ping import until_ready
from inferway.serving.ports import reserve

MakeCommand = Callable[[str, int], Command]
"""Takes a replica's name and the port, and gives what to run."""


class Listening(Protocol):
    """Where a server listens: port 0 is a free one."""

    @property
    def host(self) -> str:
        """The address or name to bind."""
        ...

    @property
    def port(self) -> int:
        """The port to bind."""
        ...


class LocalServer:
    """One or more processes that answer `GET /ping` at `url`, and whatever else they serve.

    They share the port, over which the kernel spreads connections; the port stays reserved while one of them is started
    again.
    """

    def __init__(
        self,
        name: str,
        listening: Listening,
        command: MakeCommand,
        *,
        supervision: Supervision,
        on_line: LineListener | None = None,
    ) -> None:
        self._name = name
        self._host = listening.host
        self._wanted_port = listening.port
        self._command = command
        self._supervision = supervision
        self._on_line = on_line
        self._reservation: socket.socket | None = None
        self._replicas: tuple[Supervisor, ...] = ()

    @property
    def url(self) -> str:
        """The address, `http://127.0.0.1:PORT`; raises RuntimeError before it was started."""
        if self._reservation is None:
            raise RuntimeError(f"the server of {self._name} is not started")
        host = f"[{self._host}]" if ":" in self._host else self._host
        return f"http://{host}:{_port(self._reservation)}"

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

    def refuse_second_start(self) -> None:
        """Raise RuntimeError when it is started already."""
        if self._reservation is not None:
            raise RuntimeError(f"the server of {self._name} is already started")

    async def start(self, replicas: int = 1) -> None:
        """Start every replica and return when all are ready.

        Raises ProcessFailedError when a replica does not come up, and OSError when the port is taken; nothing is left
        running then.
        """
        self.refuse_second_start()
        self._reservation = reserve(self._host, self._wanted_port)
        port = _port(self._reservation)
        names = [self._name] if replicas == 1 else [f"{self._name}#{n + 1}" for n in range(replicas)]
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
        return Supervisor(
            self._command(name, port),
            ready=lambda pid: until_ready(self._host, port, pid),
            supervision=self._supervision,
            on_line=self._on_line,
        )


def _port(reservation: socket.socket) -> int:
    return int(reservation.getsockname()[1])
