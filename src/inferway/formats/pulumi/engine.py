"""The engine's process: runs one Pulumi program against our own services; `python -m inferway.formats.pulumi.engine N`.

N is an inherited socket, over which the job comes and the graph goes (messages.py). The program starts first, and while
it imports Pulumi, so does this process: both take 0.2 s.
"""

import contextlib
import queue
import socket
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from functools import cache
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Final

from inferway.faults import Finding, Place, Severity
from inferway.formats.pulumi.collected import Collected
from inferway.formats.pulumi.diagnosis import endings
from inferway.formats.pulumi.diagnosis.mistakes import Mistake
from inferway.formats.pulumi.diagnosis.programs import diagnose
from inferway.formats.pulumi.messages import Answer, Ask, Done, Job, Line, Said, Started
from inferway.formats.pulumi.node_sdk import NodeSdk
from inferway.formats.pulumi.program import Program
from inferway.formats.pulumi.project import PYTHON
from inferway.formats.pulumi.sdk import Sdk
from inferway.formats.pulumi.start import node_modules
from inferway.formats.resources import Provisioned
from inferway.processes.descendants import adopt_orphans, end_descendants
from inferway.processes.private_folder import PrivateFolder

_DIAGNOSIS_SECONDS: Final = 60.0
_LONGEST_FOLDER: Final = 70
_MOST_SAID: Final = 1 << 20  # characters


class Engine:
    """Runs one job and answers over one line."""

    def __init__(self, line: Line, job: Job) -> None:
        self._line = line
        self._job = job
        self._answers: queue.SimpleQueue[Answer | None] = queue.SimpleQueue()
        self._asking = threading.Lock()
        self._saying = threading.Lock()
        self._said = 0
        self._mistakes: tuple[Mistake, ...] = ()
        self._collected = Collected(job.limits)

    def run(self) -> None:
        """Run the program to its end and send what it declared; nothing of it is left running."""
        started = time.monotonic()
        with PrivateFolder(parent=_socket_folder()) as private:
            folder = str(private.path)
            address = f"unix:{folder}/engine"
            program = Program(self._job, address, self._say)
            self._line.send(Started(pid=program.pid, folder=folder))
            threading.Thread(target=self._listen, args=(program,), daemon=True).start()
            sdk = cache(lambda: _sdk(self._job, program))
            diagnosing = threading.Thread(target=self._diagnose, args=(sdk,), daemon=True)
            diagnosing.start()
            service, services = _late("service"), _late("services")
            talk = services.Talk(ask=self._ask, say=self._say)
            run = services.Services(self._job, sdk, talk, self._collected)
            server = service.serve(run, address)
            program.go()
            ending = program.ended(self._job.limits.seconds - (time.monotonic() - started))
            diagnosing.join(_DIAGNOSIS_SECONDS)
            server.stop(0)
        findings = endings.findings(self._job, ending, self._collected, self._mistakes)
        done = Done(
            resources=self._collected.resources,
            outputs=self._collected.outputs,
            findings=findings,
            files=ending.files,
            code=ending.code,
        )
        self._line.send(done)

    def _say(self, lines: Sequence[str]) -> None:
        """Pass on what the program says, up to a bound; past it the end is told in findings all the same."""
        with self._saying:
            shown = []
            for line in lines:
                room = _MOST_SAID - self._said
                if room > 0:
                    shown.append(line[:room])
                    self._said += len(line) + 1
                    if room <= len(line) + 1:
                        shown.append("… what it says from here on is not shown")
        if shown:
            with contextlib.suppress(OSError):
                self._line.send(Said(lines=tuple(shown)))

    def _diagnose(self, sdk: Callable[[], Sdk | NodeSdk]) -> None:
        # Reading the text takes the time in which the program imports its SDKs on another core.
        try:
            known = sdk()
            if isinstance(known, Sdk):  # only Python's text is read
                self._mistakes = diagnose(Path(self._job.main), known)
        except Exception as error:  # noqa: BLE001 - SDKs are anyone's; what reads them must not fail the program
            text = f"the program's text is not diagnosed: {type(error).__name__}: {error}"
            self._collected.find(Severity.WARNING, "not-diagnosed", text, Place(file=self._job.main))

    def _listen(self, program: Program) -> None:
        """Pass answers on; the end of the line is the end of the reader, and so of the program."""
        while True:
            try:
                message = self._line.receive()
            except (ValueError, OSError):
                message = None
            if not isinstance(message, Answer):
                self._answers.put(None)
                program.stop()
                return
            self._answers.put(message)

    def _ask(self, ask: Ask) -> Provisioned | None:
        with self._asking:
            self._line.send(ask)
            answer = self._answers.get()
            if answer is None:
                self._answers.put(None)  # for whoever asks next
                raise ConnectionAbortedError("the reader is gone")
            return answer.provisioned


def _socket_folder() -> str | None:
    # A socket's path has 108 bytes at most: https://man7.org/linux/man-pages/man7/unix.7.html
    return "/tmp" if len(tempfile.gettempdir()) > _LONGEST_FOLDER else None  # noqa: S108 - a folder of its own there


def _sdk(job: Job, program: Program) -> Sdk | NodeSdk:
    return Sdk(program.paths()) if job.runtime == PYTHON else NodeSdk(tuple(node_modules(Path(job.folder))))


def _late(name: str) -> ModuleType:
    # Late on purpose: the program starts before this process has imported gRPC.
    return import_module(f"inferway.formats.pulumi.{name}")


def main(arguments: list[str]) -> int:
    """Run the job that comes over the socket of this number; gives an exit code."""
    adopt_orphans()
    line = Line(socket.socket(fileno=int(arguments[0])))
    job = line.receive()
    if not isinstance(job, Job):
        return 1
    # A reader that hangs up wants no answer, only that nothing of the program stays.
    with contextlib.suppress(ConnectionError):
        try:
            Engine(line, job).run()
        except ImportError as error:
            line.send(_nothing("missing-extra", f"Pulumi programs need {error.name}: {endings.INSTALL}", job))
        except (FileNotFoundError, PermissionError) as error:
            interpreter = error.filename or job.python or sys.executable
            text = f"{interpreter} cannot be run: {error.strerror}"
            line.send(_nothing("no-interpreter", text, job))
        finally:
            end_descendants()
    return 0


def _nothing(code: str, text: str, job: Job) -> Done:
    finding = Finding(severity=Severity.ERROR, code=code, text=text, place=Place(file=job.main))
    return Done(resources=(), outputs=(), findings=(finding,), files=())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
