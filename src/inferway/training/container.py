"""The process that runs one training job: `python -m inferway.training.container FOLDER`.

It does what SageMaker does around a training image: brings the data in, runs the script, passes SIGTERM on and lets two
minutes go by before SIGKILL, packs the model. Standing between the gateway and the script, it keeps megabytes of output
and slow metric expressions out of the gateway's process. On its standard output go the lines of `events`.
"""

import contextlib
import os
import selectors
import shlex
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import FrameType
from typing import Final

from inferway.processes import leash
from inferway.processes.descendants import adopt_orphans, end_descendants
from inferway.training.archive import copy, pack
from inferway.training.contract import FAILURE_LIMIT, LOG_FILE, ML_FOLDER, PLAN_FILE, STOP_GRACE
from inferway.training.environment import arguments, script_environment, script_hyperparameters
from inferway.training.events import Ended, Phase
from inferway.training.folder import LayoutError, lay_out
from inferway.training.metrics import Meter
from inferway.training.output import Output, tell
from inferway.training.plan import TrainingPlan, decode

_CHUNK: Final = 65_536
_TICK: Final = 0.2  # seconds between two looks at the script and the clock
_NICENESS: Final = 5  # the gateway answers first
_PATIENCE: Final = 5.0  # seconds for all that the script started to be gone


class Container:
    """One job, from its data to its model."""

    def __init__(self, folder: Path, plan: TrainingPlan, grace: float = STOP_GRACE) -> None:
        self._folder = folder
        self._ml = folder / ML_FOLDER
        self._plan = plan
        self._grace = grace
        self._script: subprocess.Popen[bytes] | None = None
        self._kill_at = float("inf")

    def run(self) -> Ended:
        """Run the job and give how it ended; its copies of data and code are gone then, as the service's are."""
        try:
            return self._run()
        finally:
            for copied in ("input/data", "code"):
                shutil.rmtree(self._ml / copied, ignore_errors=True)

    def _run(self) -> Ended:
        signal.signal(signal.SIGTERM, self._asked_to_stop)
        self._enter("Downloading")
        try:
            code = lay_out(self._plan, self._ml)
        except LayoutError as error:
            return Ended(exit_code=1, failure=f"ClientError: {error}"[:FAILURE_LIMIT])
        if self._kill_at < float("inf"):
            return Ended(exit_code=128 + signal.SIGTERM, failure="stopped before the script was started")
        self._enter("Training")
        command = self._command(code)
        with Output(self._folder / LOG_FILE, Meter(self._plan.metrics)) as output:
            exit_code = self._execute(command, code, output)
            words = list(output.last_words)
        failure = self._failure(command, exit_code, words) if exit_code else ""
        self._enter("Uploading")
        try:
            model = self._upload(exit_code)
        except OSError as error:
            text = f"InternalServerError: the model could not be kept: {error}"
            return Ended(exit_code=exit_code or 1, failure=failure or text[:FAILURE_LIMIT])
        return Ended(exit_code=exit_code, failure=failure, model=model)

    def _enter(self, status: str) -> None:
        tell(Phase(status=status, at=time.time()))

    def _asked_to_stop(self, number: int, frame: FrameType | None) -> None:
        """Pass SIGTERM on, and note when patience ends."""
        del frame
        self._kill_at = min(self._kill_at, time.monotonic() + self._grace)
        if self._script is not None and self._script.poll() is None:
            self._script.send_signal(number)

    def _command(self, code: Path) -> list[str]:
        line = arguments(script_hyperparameters(self._plan.hyperparameters))
        interpreter = ["/bin/sh"] if self._plan.program.endswith(".sh") else [sys.executable]
        return [*interpreter, str(code / self._plan.program), *line]

    def _execute(self, command: list[str], code: Path, output: Output) -> int:
        environment = script_environment(self._plan, self._ml, code)
        with subprocess.Popen(  # noqa: S603 - running the job's own script is what this is for
            [sys.executable, "-I", "-S", str(leash.__file__), str(os.getpid()), *command],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=environment,
            cwd=code,
        ) as script:
            self._script = script
            if self._kill_at < float("inf"):  # SIGTERM came before there was a script to pass it to
                script.send_signal(signal.SIGTERM)
            self._listen(script, output)
        return script.returncode if script.returncode >= 0 else 128 - script.returncode

    def _listen(self, script: subprocess.Popen[bytes], output: Output) -> None:
        """Take the output in until the script has exited and no more is there."""
        pipe = script.stdout
        if pipe is None:
            raise RuntimeError("the script was started without a pipe")
        os.set_blocking(pipe.fileno(), False)
        with selectors.DefaultSelector() as selector:
            selector.register(pipe, selectors.EVENT_READ)
            is_open = running = True
            while True:
                readable = bool(is_open and selector.select(_TICK))
                if readable:
                    data = os.read(pipe.fileno(), _CHUNK)
                    if data:
                        output.feed(data)
                    else:
                        is_open = False
                        selector.unregister(pipe)
                elif not is_open:
                    with contextlib.suppress(subprocess.TimeoutExpired):
                        script.wait(_TICK)
                if time.monotonic() > self._kill_at and script.poll() is None:
                    script.kill()
                if running and script.poll() is not None:
                    end_descendants(_PATIENCE)  # one that holds the pipe would keep it open, and write, for ever
                    running = False
                elif not running and not readable:
                    return

    def _failure(self, command: list[str], exit_code: int, words: list[str]) -> str:
        """Give the FailureReason of a script that failed.

        What it wrote to output/failure, else the training toolkit's ExecuteUserScriptError with the last lines; the
        service adds the class and the exit code.
        """
        tail = f", exit code: {exit_code}"
        room = FAILURE_LIMIT - len("AlgorithmError: ") - len(tail)
        text = _beginning(self._ml / "output/failure", room)
        if not text:
            head = f'ExecuteUserScriptError:\nExitCode {exit_code}\nErrorMessage "'
            shown = f'"\nCommand "{shlex.join(command)}"'[: room // 2]
            text = head + _last("\n".join(words), room - len(head) - len(shown)) + shown
        return f"AlgorithmError: {text[:room]}{tail}"

    def _upload(self, exit_code: int) -> bool:
        """Keep the model, of a script that failed only if it was stopped, and the other output; raises OSError."""
        model, data = self._ml / "model", self._ml / "output/data"
        stopped = self._kill_at < float("inf")
        if any(data.iterdir()):
            pack(data, self._plan.output)
        if (exit_code and not stopped) or not any(model.iterdir()):
            return False
        if self._plan.compressed:
            pack(model, self._plan.artifact)
        else:
            copy(model, self._plan.artifact)
        return True


def _beginning(file: Path, characters: int) -> str:
    """Give the beginning of a text file that may be missing, huge, no text, or no file at all."""
    try:
        if not file.is_file():
            return ""
        with file.open("rb") as stream:
            text = stream.read(4 * characters).decode("utf-8", "replace")
    except OSError:
        return ""
    return text.strip().replace("\0", "")[:characters]


def _last(text: str, characters: int) -> str:
    return text if len(text) <= characters else f"…{text[len(text) - characters + 1 :]}"


def main(arguments_: list[str]) -> int:
    """Run the job of a folder; 0 once its end was told, whatever it was."""
    folder = Path(arguments_[0])
    os.nice(_NICENESS)
    adopt_orphans()
    tell(Container(folder, decode((folder / PLAN_FILE).read_bytes())).run())
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
