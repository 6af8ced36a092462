"""Pulumi programs in Python, run unmodified by an engine of our own, without Pulumi's command line.

The engine is a child process, so that gRPC and the SDKs never come into this one; it asks back over a socket for what
each resource is provisioned with, and sends the graph.
"""

import contextlib
import importlib
import importlib.util
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Final

import msgspec

from inferway.faults import Finding, Findings, Place, Severity
from inferway.formats.pulumi.diagnosis.places import CallPlaces
from inferway.formats.pulumi.diagnosis.script_places import ScriptPlaces
from inferway.formats.pulumi.messages import Answer, Ask, Done, Job, Limits, Line, Said, Started
from inferway.formats.pulumi.project import (
    MAIN,
    NODE,
    PROJECT_FILES,
    YAML,
    Project,
    find_project,
    imports_pulumi,
    project_file,
)
from inferway.formats.pulumi.random_resources import BadRandomError, provision_random
from inferway.formats.pulumi.start import node_runner
from inferway.formats.resources import Environment, Output, Provision, Provisioned, Resource, ResourceGraph
from inferway.processes.descendants import end_group
from inferway.processes.status import exit_status

NAMES: Final = (*PROJECT_FILES, MAIN)
"""File names that are looked for in a folder, in this order."""

LIMITS: Final = Limits()

_INSTALL: Final = "pip install 'inferway[pulumi]'"
_GRACE: Final = 15.0  # seconds beyond a program's own limit, for the engine's start and end
_ENDING: Final = 5.0
_EMPTY: Final = ResourceGraph(resources=())


def recognises(path: Path) -> bool:
    """Whether a path is a Pulumi project, or a program in Python, TypeScript or JavaScript that imports Pulumi."""
    if path.is_dir():
        return project_file(path) is not None or imports_pulumi(path / MAIN)
    return (path.name in PROJECT_FILES and path.is_file()) or imports_pulumi(path)


def read(
    path: Path, environment: Environment, provision: Provision, limits: Limits = LIMITS
) -> tuple[ResourceGraph, Findings]:
    """Run a program and give what it declares; an error among the findings where it did not run to its end.

    Takes up to `limits.seconds` and a little. `provision` is asked in this process, in this thread; what it raises
    comes through. Whatever happens, nothing of the program is left running.
    """
    project, found_first = find_project(path, environment)
    shown = _Shown(path)
    findings = tuple(shown.finding(finding) for finding in found_first)
    if project is None:
        return _EMPTY, findings
    if project.runtime == YAML:
        graph, found = _read_yaml(project, shown, environment, provision)
        return graph, (*findings, *found)
    missing = _missing(project)
    if missing is not None:
        return _EMPTY, (*findings, shown.finding(missing))
    done = _Run(project, environment, limits).converse(provision)
    return _graph(project, done, shown), (*findings, *(shown.finding(finding) for finding in done.findings))


def _missing(project: Project) -> Finding | None:
    """Say what has to be installed before the program can run."""
    absent = next((name for name in ("grpc", "pulumi") if importlib.util.find_spec(name) is None), None)
    if absent is not None:
        text = f"Pulumi programs need {absent}, which is not installed: {_INSTALL}"
        return _error("missing-extra", text, project.main)
    if project.runtime != NODE:
        return None
    if shutil.which("node") is None:
        text = "the program needs Node.js, which is not installed: apt install nodejs npm, or https://nodejs.org/"
        return _error("no-interpreter", text, project.main)
    if node_runner(project.folder) is None:
        return _error("missing-packages", _packages(project), project.root / "package.json")
    return None


def _packages(project: Project) -> str:
    if (project.root / ".pnp.cjs").exists():
        wanted = "Yarn's Plug'n'Play has no node_modules: set nodeLinker: node-modules in .yarnrc.yml, run yarn install"
        return f"{wanted} in {project.root}"
    return f"the program's packages are not installed, @pulumi/pulumi among them: run npm install in {project.root}"


def _read_yaml(
    project: Project, shown: "_Shown", environment: Environment, provision: Provision
) -> tuple[ResourceGraph, Findings]:
    # Late: programs in other languages need none of it.
    module = importlib.import_module("inferway.formats.pulumi.yaml.program")
    graph, findings = module.read(project, environment, provision, shown.file)
    return graph, findings


class _Shown:
    """Shows files as the path to the program was given, relative or whole; the engine knows whole paths only."""

    def __init__(self, path: Path) -> None:
        self._given = path if path.is_dir() else path.parent
        self._whole = self._given.resolve()

    def file(self, name: str) -> str:
        file = Path(name)
        return str(self._given / file.relative_to(self._whole)) if file.is_relative_to(self._whole) else name

    def place(self, place: Place) -> Place:
        return msgspec.structs.replace(place, file=self.file(place.file))

    def finding(self, finding: Finding) -> Finding:
        return msgspec.structs.replace(finding, place=self.place(finding.place))


class _Run:
    """One engine process, from its start to its end."""

    def __init__(self, project: Project, environment: Environment, limits: Limits) -> None:
        self._environment = environment
        self._main = project.main
        self._findings: list[Finding] = []
        self._until = time.monotonic() + limits.seconds + _GRACE
        self._job = Job(
            runtime=project.runtime,
            main=str(project.main),
            program=project.program,
            root=str(project.root),
            folder=str(project.folder),
            project=project.name,
            stack=project.stack,
            python=project.python,
            options=project.options,
            configuration=project.configuration,
            secret_keys=tuple(sorted(project.secret_keys)),
            stack_references=environment.stack_references,
            region=project.configuration.get("aws:region") or environment.region,
            account=environment.account,
            limits=limits,
        )

    def converse(self, provision: Provision) -> Done:
        """Start the engine, answer what it asks, and give its last word."""
        mine, theirs = socket.socketpair()
        line = Line(mine)
        started: Started | None = None
        with theirs:
            process = subprocess.Popen(  # noqa: S603 - our own module
                # -P: a file of the working folder, say a `queue.py`, must not stand in for a module of ours
                [sys.executable, "-P", "-m", "inferway.formats.pulumi.engine", str(theirs.fileno())],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                start_new_session=True,
                pass_fds=(theirs.fileno(),),
            )
        try:
            line.send(self._job)
            while True:
                message = line.receive(self._until)
                if isinstance(message, Started):
                    started = message
                elif isinstance(message, Ask):
                    place = msgspec.structs.replace(self._environment, region=message.region, account=message.account)
                    line.send(Answer(provisioned=self._provisioned(_resource(message), place, provision)))
                elif isinstance(message, Said):
                    self._show(message)
                elif isinstance(message, Done):
                    return msgspec.structs.replace(message, findings=(*message.findings, *self._findings))
                else:
                    return self._silent(process)
        except (TimeoutError, ConnectionError, ValueError):
            return self._silent(process)
        finally:
            line.close()
            _end(process, started)

    def _provisioned(self, resource: Resource, place: Environment, provision: Provision) -> Provisioned | None:
        try:
            return provision_random(resource, place) or provision(resource, place)
        except BadRandomError as error:
            text = f"{resource.name} ({resource.type}) cannot be made: {error}"
            self._findings.append(_error("bad-random", text, self._main, resource.places.find()))
            return None

    def _show(self, said: Said) -> None:
        """Show what the program says to the operator, on standard error: results stand on standard output."""
        with contextlib.suppress(OSError, ValueError):  # nobody has to listen
            sys.stderr.write("".join(f"{self._job.project} | {line}\n" for line in said.lines))
            sys.stderr.flush()

    def _silent(self, process: "subprocess.Popen[bytes]") -> Done:
        """Give the finding of an engine that ended, or hung, without its last word: a fault of ours."""
        process.kill()
        last = process.stderr.read()[-2000:].decode("utf-8", "replace").strip() if process.stderr else ""
        text = f"the engine broke off: {last.splitlines()[-1] if last else 'it said nothing'}"
        return Done(resources=(), outputs=(), findings=(_error("engine-failed", text, self._main),), files=())


def _end(process: "subprocess.Popen[bytes]", started: Started | None) -> None:
    """End the engine. Its line is closed, upon which it ends the program by itself; past its time it is killed.

    The folder of one that its program killed goes with it.
    """
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(_ENDING)
    if started and process.returncode is None:
        end_group(started.pid)
    end_group(process.pid)
    process.wait()
    if started:
        shutil.rmtree(started.folder, ignore_errors=True)
    if process.stderr:
        process.stderr.close()


def _resource(ask: Ask) -> Resource:
    places = _places(Place(file=ask.file, line=ask.line))
    return Resource(type=ask.type, name=ask.name, properties=ask.properties, places=places)


def _places(place: Place) -> CallPlaces | ScriptPlaces:
    return CallPlaces(place) if place.file.endswith(".py") else ScriptPlaces(place)


def _graph(project: Project, done: Done, shown: _Shown) -> ResourceGraph:
    resources = tuple(
        Resource(
            type=made.type,
            name=made.name,
            properties=made.properties,
            places=_places(shown.place(Place(file=made.file, line=made.line))),
            id=made.id,
            attributes=made.attributes,
        )
        for made in done.resources
    )
    outputs = tuple(Output(name=each.name, value=each.value, secret=each.secret) for each in done.outputs)
    files = tuple(dict.fromkeys((*project.files, *(Path(file) for file in done.files))))
    return ResourceGraph(resources=resources, outputs=outputs, files=files, exit_status=exit_status(done.code))


def _error(code: str, text: str, file: Path, place: Place | None = None) -> Finding:
    return Finding(severity=Severity.ERROR, code=code, text=text, place=place or Place(file=str(file)))
