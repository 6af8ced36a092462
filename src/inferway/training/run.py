"""One training job's process, seen from the gateway."""

import asyncio
import os
import shutil
import sys
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

from inferway.processes.descendants import kill, marked
from inferway.processes.process import Command
from inferway.processes.running import RunningProcess, run
from inferway.training.contract import PACKING_GRACE, PLAN_FILE, STOP_GRACE
from inferway.training.environment import inherited
from inferway.training.events import Ended, Event, Phase, parse_line
from inferway.training.plan import TrainingPlan, encode

OnEvent = Callable[[Event], None]
OnLine = Callable[[str, str], None]
"""Takes the job's name and a line that its script printed; is called in the event loop and must not block."""

_AT_CANCELLATION: Final = 2.0  # seconds for a job to end when the gateway itself does


class StopReason(StrEnum):
    """Why a job was stopped, if it was."""

    NONE = ""
    ASKED = "asked"
    RUNTIME = "runtime"


class TrainingRun:
    """A training container from its start to its end; `on_event` hears of phases and metrics as they come."""

    def __init__(self, plan: TrainingPlan, folder: Path, *, on_event: OnEvent, on_line: OnLine) -> None:
        self._plan = plan
        self._folder = folder
        self._on_event = on_event
        self._on_line = on_line
        self._stop = asyncio.Event()
        self._ended: Ended | None = None
        self._timer: asyncio.TimerHandle | None = None
        self.stopped = StopReason.NONE

    def stop(self, reason: StopReason = StopReason.ASKED) -> None:
        """Send SIGTERM, and SIGKILL after two minutes; `run` returns when the job is over."""
        if not self._stop.is_set():
            self.stopped = reason
            self._stop.set()

    async def run(self) -> Ended:
        """Run the job to its end; raises OSError where it cannot be started.

        Cancelled, it ends the process at once, and everything that it started.
        """
        await asyncio.to_thread(self._write_plan)
        command = Command(
            name=self._plan.name,
            argv=(sys.executable, "-P", "-m", "inferway.training.container", str(self._folder)),
            environment={**inherited(os.environ), **_import_path(), "PYTHONUNBUFFERED": "1"},
        )
        child = await run(command, self._heard)
        grace = _AT_CANCELLATION
        try:
            await self._watch(child)
            grace = STOP_GRACE + PACKING_GRACE
        finally:
            if self._timer is not None:
                self._timer.cancel()
            await child.end(grace)
            if self._ended is None:  # the container could not clear up behind the script
                await asyncio.to_thread(end_strays, self._folder)
        return self._ended or self._lost(child.exited.result())

    async def _watch(self, child: RunningProcess) -> None:
        stop = asyncio.create_task(self._stop.wait())
        try:
            waited: tuple[asyncio.Future[Any], ...] = (stop, child.exited)
            await asyncio.wait(waited, return_when=asyncio.FIRST_COMPLETED)
        finally:
            stop.cancel()

    def _heard(self, line: str) -> None:
        event = parse_line(line)
        if isinstance(event, str):
            self._on_line(self._plan.name, event)
            return
        if isinstance(event, Ended):
            self._ended = event
        elif isinstance(event, Phase) and event.status == "Training":
            loop = asyncio.get_running_loop()
            self._timer = loop.call_later(self._plan.max_runtime, self.stop, StopReason.RUNTIME)
        elif isinstance(event, Phase) and self._timer is not None:  # the script is done: packing takes its own time
            self._timer.cancel()
        self._on_event(event)

    def _lost(self, code: int) -> Ended:
        """Put into words that the container itself ended without a word."""
        code = code if code >= 0 else 128 - code
        return Ended(exit_code=code, failure=f"AlgorithmError: the training process was killed, exit code: {code}")

    def _write_plan(self) -> None:
        shutil.rmtree(self._folder, ignore_errors=True)  # of a job by this name in a store that is gone
        self._folder.mkdir(parents=True)
        (self._folder / PLAN_FILE).write_bytes(encode(self._plan))


def end_strays(folder: Path) -> None:
    """Kill what jobs with a folder below `folder` started and a killed container left behind (Linux).

    They are known by the SM_MODEL_DIR in the environment that they were started with.
    """
    kill(marked(f"\0SM_MODEL_DIR={folder}/"))


def _import_path() -> dict[str, str]:
    """Let the container find this package, however it was made importable here."""
    return {"PYTHONPATH": os.environ["PYTHONPATH"]} if "PYTHONPATH" in os.environ else {}
