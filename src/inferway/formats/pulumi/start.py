"""How the program of each language is started."""

import json
import os
import shutil
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from shlex import split
from typing import Final

import msgspec

from inferway.formats.pulumi.environment import environment
from inferway.formats.pulumi.messages import Job
from inferway.processes import leash

_EXECUTE: Final = Path(__file__).with_name("execute.py")
_PRELOAD: Final = Path(__file__).with_name("preload.cjs")
_RUN: Final = Path("node_modules", "@pulumi", "pulumi", "cmd", "run", "index.js")


class Start(msgspec.Struct, frozen=True, kw_only=True):
    """A command and its environment."""

    command: list[str]
    environment: Mapping[str, str]


class Ends(msgspec.Struct, frozen=True, kw_only=True):
    """What the program talks to the engine through: its services' address, and two sockets that it inherits.

    Over `line` it tells what happens, over `asked` where it stands: when a byte comes, or in Python SIGUSR2.
    """

    address: str
    line: int
    asked: int


def start(job: Job, ends: Ends) -> Start:
    """Give how to start a job's program; raises FileNotFoundError, its interpreter's name in it, where that is none."""
    return _STARTS[job.runtime](job, ends)


def node_modules(folder: Path) -> Iterator[Path]:
    """Give the folders in which Node.js looks for packages (https://nodejs.org/api/modules.html#all-together)."""
    for each in (folder, *folder.parents):
        if each.name != "node_modules" and (each / "node_modules").is_dir():
            yield each / "node_modules"


def node_runner(folder: Path) -> Path | None:
    """Give Pulumi's own script that runs a program, from the packages of the program; None where there is none."""
    return next((each for root in (folder, *folder.parents) if (each := root / _RUN).is_file()), None)


def _python(job: Job, ends: Ends) -> Start:
    given = {
        "line": ends.line,
        "asked": ends.asked,
        "parent": os.getpid(),
        "address": ends.address,
        "main": job.main,
        "folder": job.folder,
        "root": job.root,
        "project": job.project,
        "stack": job.stack,
        "memory": job.limits.memory,
    }
    made = environment(job)
    made["PYTHONUNBUFFERED"] = "1"
    return Start(command=[job.python or sys.executable, str(_EXECUTE), json.dumps(given)], environment=made)


def _node(job: Job, ends: Ends) -> Start:
    """Run Pulumi's own script, as its language host does.

    https://github.com/pulumi/pulumi/blob/master/sdk/nodejs/cmd/pulumi-language-nodejs/main.go. What we load before it
    stands in NODE_OPTIONS, for the script takes a `--require` of the command line for a loader of ES modules.
    """
    node, runner = shutil.which("node"), node_runner(Path(job.folder))
    if node is None or runner is None:
        raise FileNotFoundError(2, os.strerror(2), "node")
    options = job.options
    made = environment(job)
    heap = f" --max-old-space-size={job.limits.memory >> 20}" if job.limits.memory else ""
    made["NODE_OPTIONS"] = f"--require {json.dumps(str(_PRELOAD))}{heap}"
    made["INFERWAY_ENDS"] = json.dumps({"line": ends.line, "asked": ends.asked, "root": job.root})
    made["PULUMI_NODEJS_TYPESCRIPT"] = "false" if options.get("typescript") is False else "true"
    if isinstance(options.get("tsconfig"), str):
        made["PULUMI_NODEJS_TSCONFIG_PATH"] = str(options["tsconfig"])
    arguments = [
        f"--monitor={ends.address}",
        f"--engine={ends.address}",
        f"--project={job.project}",
        f"--root-directory={job.root}",
        f"--stack={job.stack}",
        "--organization=organization",
        f"--pwd={job.folder}",
        "--parallel=16",
        job.program,
    ]
    tie = [sys.executable, "-I", "-S", leash.__file__, str(os.getpid())]
    own = split(str(options.get("nodeargs") or ""))
    return Start(command=[*tie, node, *own, str(runner), *arguments], environment=made)


_STARTS: Final[Mapping[str, Callable[[Job, Ends], Start]]] = {"python": _python, "nodejs": _node}
