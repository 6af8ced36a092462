"""A Python program that makes patterns, as a format: it is run, and what it made is read."""

import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import msgspec

from inferway.faults import Finding, Findings, Place, Severity
from inferway.formats.document import read_text
from inferway.formats.nodes import SyntaxFault
from inferway.formats.resources import Environment, Output, Provision, Resource, ResourceGraph
from inferway.patterns.graph import graph_of
from inferway.processes import enclosure
from inferway.processes.private_folder import PrivateFolder

NAMES: Final = ("patterns.py",)
"""File names that are looked for in a folder; a program of another name is named itself (`app.py` is often a CDK's)."""

LONGEST_RUN: Final = 30.0
"""Seconds that a program may take."""

_EXECUTE: Final = Path(__file__).with_name("execute.py")
_IMPORT: Final = re.compile(r"^\s*(?:from|import)\s+inferway\.patterns\b", re.MULTILINE)
_LAST: Final = 2000


class _Made(msgspec.Struct, frozen=True):
    template: dict[str, object]
    file: str
    line: int
    places: Mapping[str, tuple[str, int]] = {}


class _Error(msgspec.Struct, frozen=True):
    text: str
    line: int
    file: str = ""


class _Told(msgspec.Struct, frozen=True):
    patterns: tuple[_Made, ...] = ()
    files: tuple[str, ...] = ()
    error: _Error | None = None


def recognises(path: Path) -> bool:
    """Whether a file is a Python program that imports patterns."""
    if path.suffix != ".py" or not path.is_file():
        return False
    try:
        return _IMPORT.search(read_text(path)) is not None
    except SyntaxFault:
        return False


def read(path: Path, environment: Environment, provision: Provision) -> tuple[ResourceGraph, Findings]:
    """Run a program and read what it made; findings say how it failed."""
    told, failed = _run(path.resolve(), environment.python or sys.executable)
    findings: list[Finding] = [_error(path, failed, 0)] if failed else []
    resources: list[Resource] = []
    outputs: list[Output] = []
    if told.error is not None:
        error = _error(path, told.error.text, told.error.line)
        at = _place(path, told.error.file or str(path), told.error.line)
        findings.append(msgspec.structs.replace(error, place=at))
    elif not failed and not told.patterns:
        findings.append(_error(path, "the program makes no pattern that is one of its globals", 0))
    for made in told.patterns:
        place = _place(path, made.file, made.line)
        places = {name: _place(path, *where) for name, where in made.places.items()}
        graph, found = graph_of(made.template, place, places, environment, provision)
        resources += (resource for resource in graph.resources if not _is_there(resource, resources))
        outputs += graph.outputs
        findings += found
    files = tuple(dict.fromkeys((path, *map(Path, told.files))))
    return ResourceGraph(resources=tuple(resources), outputs=tuple(outputs), files=files), tuple(findings)


def _place(path: Path, file: str, line: int) -> Place:
    """Give a place, its file as the program's path was given."""
    return Place(file=str(path) if Path(file).resolve() == path.resolve() else file, line=line)


def _is_there(resource: Resource, resources: list[Resource]) -> bool:
    """Whether a resource is there already: two patterns may use one function, or one table."""
    same = (resource.type, resource.name, resource.properties)
    return any((one.type, one.name, one.properties) == same for one in resources)


def _error(path: Path, text: str, line: int) -> Finding:
    place = Place(file=str(path), line=line)
    return Finding(severity=Severity.ERROR, code="program-failed", text=text, place=place)


def _run(path: Path, python: str) -> tuple[_Told, str]:
    """Run a program; what it told, and why it told nothing, "" where it did."""
    if shutil.which(python) is None:
        return _Told(), f"{python} cannot be run: there is no such program"
    with PrivateFolder() as folder:
        result, printed = folder.path / "result.json", folder.path / "printed"
        with printed.open("wb") as output:
            process = subprocess.Popen(  # noqa: S603 - running it is what is asked
                enclosure.enclosed((python, str(_EXECUTE), str(path), str(result))),
                cwd=path.parent,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
            try:
                process.wait(LONGEST_RUN)
            except subprocess.TimeoutExpired:
                return _Told(), f"the program took longer than {LONGEST_RUN:.0f} seconds"
            finally:
                enclosure.end(process)
        try:
            return msgspec.json.decode(result.read_bytes(), type=_Told), ""
        except (OSError, msgspec.DecodeError):
            said = printed.read_bytes()[-_LAST:].decode("utf-8", "replace").strip()
            return _Told(), f"the program ended with {process.returncode} and told nothing: {said}"
