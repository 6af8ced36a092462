"""Runs a CDK app in a process of its own, so that it synthesizes; the CDK's command line is not needed.

Sources: https://docs.aws.amazon.com/cdk/v2/guide/apps.html; how the command line runs an app: through a shell, in the
project's folder, with `CDK_OUTDIR`, `CDK_CONTEXT_JSON` and what is beside them here (https://github.com/aws/aws-cdk-cli,
packages/@aws-cdk/toolkit-lib/lib/api/cloud-assembly/environment.ts and private/exec.ts; names in aws-cdk-lib/cx-api).
"""

import json
import os
import subprocess
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

_SHELL: Final = ("/bin/sh", "-c")
_NOT_STARTED: Final = 126  # as shells say it
_OVERFLOW: Final = "CONTEXT_OVERFLOW_LOCATION_ENV"
_OVERFLOW_FILE: Final = "context-overflow.json"
_LARGEST_CONTEXT: Final = 100_000
"""Bytes; Linux takes 131,072 in one variable (https://man7.org/linux/man-pages/man2/execve.2.html)."""

_HIDDEN: Final = ("AWS_", "AZURE_", "ARM_", "GOOGLE_", "GCP_")
"""Prefixes of variables that may hold a cloud's credentials."""

_OWN: Final = frozenset(("CDK_OUTDIR", "CDK_CONTEXT_JSON", _OVERFLOW))

CONTEXT: Final = {
    "aws:cdk:disable-asset-staging": True,
    "aws:cdk:enable-asset-metadata": False,
    "aws:cdk:version-reporting": False,
}
"""Assets stay where they are, so that a function runs from its own folder; the manifests say where that is."""

BUNDLING: Final = "aws:cdk:bundling-stacks"
"""The context that lists the stacks whose assets are bundled; what is not bundled is taken as it is."""


class Ending(msgspec.Struct, frozen=True, kw_only=True):
    """How an app ended: its exit code, whether it took too long, the last lines that it printed."""

    code: int
    timed_out: bool
    lines: tuple[str, ...]


class App(msgspec.Struct, frozen=True, kw_only=True):
    """An app's command, in a shell's syntax, and what it is run with; `seconds` bound the run."""

    command: str
    folder: Path
    out: Path
    context: Mapping[str, object] = {}
    account: str = ""
    region: str = ""
    seconds: float = 300.0


def synthesize(app: App) -> Ending:
    """Run an app to its end, or to the end of its time; then nothing that it started is left."""
    try:
        process = _started(app)
    except (OSError, ValueError) as error:  # a command that is too long, or no text
        why = getattr(error, "strerror", None) or str(error)
        return Ending(code=_NOT_STARTED, timed_out=False, lines=(f"the command cannot be run: {why}",))
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
    return Ending(code=process.returncode, timed_out=timed_out, lines=tuple(lines))


def _started(app: App) -> subprocess.Popen[bytes]:
    return subprocess.Popen(  # noqa: S603 - running the app is what this is for
        enclosure.enclosed((*_SHELL, app.command)),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        cwd=app.folder,
        env=_environment(app),
        start_new_session=True,
    )


def _environment(app: App) -> dict[str, str]:
    made = {key: value for key, value in os.environ.items() if key not in _OWN and not key.startswith(_HIDDEN)}
    for key in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        made[key] = made[key.lower()] = _DEAD
    made["NO_PROXY"] = made["no_proxy"] = "localhost,127.0.0.1"
    made["AWS_CONFIG_FILE"] = made["AWS_SHARED_CREDENTIALS_FILE"] = os.devnull
    made["AWS_EC2_METADATA_DISABLED"] = "true"
    made["AWS_REGION"] = made["AWS_DEFAULT_REGION"] = made["CDK_DEFAULT_REGION"] = app.region
    made["CDK_DEFAULT_ACCOUNT"] = app.account
    made["CDK_OUTDIR"] = str(app.out)
    made["PYTHONUNBUFFERED"] = "1"
    # What the project has installed comes first, as it does where a shell has activated it.
    installed = (app.folder / ".venv" / "bin", app.folder / "node_modules" / ".bin")
    made["PATH"] = os.pathsep.join([*(str(path) for path in installed if path.is_dir()), made.get("PATH", os.defpath)])
    return made | _context(app)


def _context(app: App) -> dict[str, str]:
    """Give the context in a variable, or in a file where it is too large for one."""
    context = {**app.context, **CONTEXT}
    text = json.dumps(context)
    if len(text) <= _LARGEST_CONTEXT:
        return {"CDK_CONTEXT_JSON": text}
    path = app.out.with_name(f"{app.out.name}-{_OVERFLOW_FILE}")
    path.write_text(text, "utf-8")
    return {"CDK_CONTEXT_JSON": json.dumps(CONTEXT), _OVERFLOW: str(path)}


def _drain(process: subprocess.Popen[bytes], lines: deque[str]) -> None:
    cutter, pipe = LineCutter(), process.stdout
    if pipe is None:
        return
    with pipe:
        while chunk := os.read(pipe.fileno(), 1 << 16):
            lines.extend(cutter.feed(chunk))
        lines.extend(cutter.finish())
