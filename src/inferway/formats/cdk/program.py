"""Runs a CDK app in a process of its own, so that it synthesizes; node is needed, the CDK's command line is not.

Sources: https://docs.aws.amazon.com/cdk/v2/guide/apps.html; `CDK_OUTDIR` and `CDK_CONTEXT_JSON` are how the command
line itself tells an app where to write and with which context (aws-cdk, packages/aws-cdk-lib/cx-api).
"""

import json
import os
import re
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import msgspec

from inferway.processes import enclosure
from inferway.processes.lines import LineCutter

_LAST_LINES: Final = 60
_OUTPUT_AFTER_EXIT: Final = 1.0
"""Seconds; a descendant may hold the pipe open for ever."""

_DEAD: Final = "http://127.0.0.1:9"
"""The discard port (RFC 863): an app that wants the network gets none."""

_FRAME: Final = re.compile(r'^\s*File "(?P<file>[^"]+)", line (?P<line>[0-9]+)')

CONTEXT: Final = {"aws:cdk:disable-asset-staging": True, "aws:cdk:version-reporting": False}
"""Assets stay where they are, so that a function runs from its own folder."""


class Ending(msgspec.Struct, frozen=True, kw_only=True):
    """How an app ended: its exit code, whether it took too long, its last lines, and which line of its own failed."""

    code: int
    timed_out: bool
    lines: tuple[str, ...]
    file: str = ""
    line: int = 0

    @property
    def last(self) -> str:
        """The last line that says something."""
        said = [line.strip() for line in self.lines if line.strip() and not line.startswith(("  ", "b'!!"))]
        return said[-1][:500] if said else ""


class App(msgspec.Struct, frozen=True, kw_only=True):
    """An app's file, and what it is run with; `python` is "" for the running interpreter, `seconds` bound the run."""

    main: Path
    out: Path
    python: str = ""
    context: Mapping[str, object] = {}
    seconds: float = 120.0


def synthesize(app: App) -> Ending:
    """Run an app to its end, or to the end of its time; then nothing that it started is left."""
    process = subprocess.Popen(  # noqa: S603 - running the app is what this is for
        enclosure.enclosed((app.python or sys.executable, app.main.name)),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        cwd=app.main.parent,
        env=_environment(app),
        start_new_session=True,
    )
    lines: deque[str] = deque(maxlen=_LAST_LINES)
    reader = threading.Thread(target=_drain, args=(process, lines), daemon=True)
    reader.start()
    timed_out = False
    try:
        process.wait(app.seconds)
    except subprocess.TimeoutExpired:
        timed_out = True
    finally:
        enclosure.end(process)
    reader.join(_OUTPUT_AFTER_EXIT)
    said = tuple(lines)
    file, line = _failed_at(said, app.main.parent)
    return Ending(code=process.returncode, timed_out=timed_out, lines=said, file=file, line=line)


def _environment(app: App) -> dict[str, str]:
    made = {key: value for key, value in os.environ.items() if not key.startswith("CDK_")}
    for key in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        made[key] = made[key.lower()] = _DEAD
    made["NO_PROXY"] = made["no_proxy"] = "localhost,127.0.0.1"
    made["CDK_OUTDIR"] = str(app.out)
    made["CDK_CONTEXT_JSON"] = json.dumps({**app.context, **CONTEXT})
    made["PYTHONUNBUFFERED"] = "1"
    return made


def _drain(process: subprocess.Popen[bytes], lines: deque[str]) -> None:
    cutter, pipe = LineCutter(), process.stdout
    if pipe is None:
        return
    with pipe:
        while chunk := os.read(pipe.fileno(), 1 << 16):
            lines.extend(cutter.feed(chunk))
        lines.extend(cutter.finish())


def _failed_at(lines: tuple[str, ...], folder: Path) -> tuple[str, int]:
    """Give the innermost line of the app's own files in the last traceback; "" and 0 where there is none."""
    at = ("", 0)
    for line in lines:
        found = _FRAME.match(line)
        if found is None:
            continue
        file = folder / found["file"]
        if file.is_relative_to(folder) and "site-packages" not in file.parts:
            at = (str(file), int(found["line"][:9]))
    return at
