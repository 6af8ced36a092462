"""From a project to the folder that its app has synthesized to."""

import atexit
import os
import shlex
import shutil
import sys
from pathlib import Path
from typing import Final

import msgspec

from inferway.faults import Finding, Findings, Place, Severity
from inferway.formats.cdk.failure import cannot_bundle, failure
from inferway.formats.cdk.manifest import MANIFEST
from inferway.formats.cdk.program import BUNDLING, App, Ending, synthesize
from inferway.formats.cdk.project import Project
from inferway.formats.resources import Environment
from inferway.processes.private_folder import PrivateFolder
from inferway.processes.status import exit_status

_PYTHONS: Final = frozenset(("python", "python3"))
_CANNOT_RUN: Final = frozenset((126, 127))
"""A shell's exit codes for a command that cannot be run, or is not there (POSIX.1-2024, XCU 2.8.2)."""


class Synthesis(msgspec.Struct, frozen=True, kw_only=True):
    """Where an app has synthesized to, None where it failed; `cannot_run` where its command is not there.

    `exit_status` is that of a command that failed.
    """

    out: Path | None
    findings: Findings
    cannot_run: bool = False
    exit_status: int = 0


def run(project: Project, environment: Environment, path: Path) -> Synthesis:
    """Run a project's app; `path` is the file that findings are about where no other is told."""
    own = project.out / MANIFEST
    before = own.stat().st_mtime_ns if own.is_file() else 0
    folder = PrivateFolder("cdk")
    # What has no folder of its own, such as an inline template, is there for as long as it may be served.
    atexit.register(folder.remove)
    app = _app(project, environment, folder.path / "cdk.out")
    ending, findings = _ended(app, path)
    if ending.timed_out or ending.code != 0:
        found = (failure(ending, path, project.folder.resolve()),)
        status = exit_status(ending.code)
        return Synthesis(out=None, findings=found, cannot_run=ending.code in _CANNOT_RUN, exit_status=status)
    if (app.out / MANIFEST).is_file():
        return Synthesis(out=app.out, findings=findings)
    if own.is_file() and own.stat().st_mtime_ns != before:
        return Synthesis(out=own.parent, findings=findings)
    text = "the program ended without synthesizing; it has to call app.synth()"
    found = (Finding(severity=Severity.ERROR, code="no-assembly", text=text, place=Place(file=str(path))),)
    return Synthesis(out=None, findings=found)


def _ended(app: App, path: Path) -> tuple[Ending, Findings]:
    """Run an app; once more without bundling where that needs a container, which nobody may be able to run here."""
    ending = synthesize(app)
    if ending.code == 0 or ending.timed_out or not cannot_bundle(ending) or app.context.get(BUNDLING) == []:
        return ending, ()
    shutil.rmtree(app.out, ignore_errors=True)
    again = synthesize(msgspec.structs.replace(app, context={**app.context, BUNDLING: []}))
    if again.timed_out or again.code != 0:
        return ending, ()
    text = (
        "the app bundles assets with a tool that does not run here, such as Docker; nothing is bundled: functions run"
        " from their source as it is. Install what they need beside it, or bundle locally (for JavaScript: esbuild)"
    )
    finding = Finding(severity=Severity.WARNING, code="unbundled-assets", text=text, place=Place(file=str(path)))
    return again, (finding,)


def _app(project: Project, environment: Environment, out: Path) -> App:
    default = Environment()
    account, region = environment.account, environment.region
    if (account, region) == (default.account, default.region):
        looked_up = project.looked_up
        account, region = looked_up[0] or account, looked_up[1] or region
    command = _command(project, environment)
    return App(
        command=f"{{ {project.build}\n}} && {command}" if project.build else command,
        folder=project.folder.resolve(),
        out=out,
        context={**project.context, **environment.parameters},
        account=account,
        region=region,
    )


def _command(project: Project, environment: Environment) -> str:
    """Give the app's command as the command line would run it; Python is the one that is asked for.

    Where none is, it is that of the environment that is active or stands in the project's folder, else ours.
    """
    first, _, rest = project.app.partition(" ")
    file = project.folder / project.app
    if file.suffix == ".js" and file.is_file() and not file.stat().st_mode & 0o111:
        return f"node {shlex.quote(project.app)}"
    active = "VIRTUAL_ENV" in os.environ or (project.folder / ".venv" / "bin").is_dir()
    if first in _PYTHONS and (environment.python or not active):
        return f"{shlex.quote(environment.python or sys.executable)} {rest}"
    return project.app
