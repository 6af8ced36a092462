"""From a path to definitions: recognise the format, read it, and let every dialect read what it claims."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

import msgspec

from inferway.definition.api import ApiDefinition
from inferway.dialects.apigateway import reader as apigateway
from inferway.faults import Finding, Findings, Place, Severity
from inferway.formats import openapi
from inferway.formats.resources import Resource, ResourceGraph


class Conversion(msgspec.Struct, frozen=True, kw_only=True):
    """What a path holds: its APIs, what there is to know about them, and the files that were read."""

    definitions: tuple[ApiDefinition, ...]
    findings: Findings
    files: tuple[Path, ...]


class Format(msgspec.Struct, frozen=True, kw_only=True):
    """A file syntax: the names to look for in a folder, whether a file is of it, and its reader."""

    names: tuple[str, ...]
    recognises: Callable[[Path], bool]
    read: Callable[[Path], tuple[ResourceGraph, Findings]]


class Reader(msgspec.Struct, frozen=True, kw_only=True):
    """A dialect's reader with the resource types that it claims."""

    claims: frozenset[str]
    read: Callable[[ResourceGraph], tuple[tuple[ApiDefinition, ...], Findings]]


FORMATS: Final = {
    "openapi": Format(names=openapi.NAMES, recognises=openapi.recognises, read=openapi.read),
}
"""In the order in which they are tried."""

DIALECTS: Final = {
    "apigateway": Reader(claims=apigateway.CLAIMS, read=apigateway.read),
}


def load(path: Path, format: str | None = None) -> Conversion:  # noqa: A002 - the word of the command line
    """Read a file or a folder. It never raises for what it finds there; findings stand in the order of their places.

    `format` names one of FORMATS where the content should not decide. An error among the findings means that the
    definitions are not all that the path asks for.
    """
    if format is not None and format not in FORMATS:
        return _nothing(path, f"no format has the name {format!r}; there are {_formats()}", "unknown-format")
    file = path
    if path.is_dir():
        files = _in_folder(path, format)
        if len(files) != 1:
            return _nothing(path, *_ambiguous(path, files, format))
        file = files[0]
    elif not path.exists():
        return _nothing(path, "there is no such file or folder", "no-such-path")
    name = format or next((known for known, syntax in FORMATS.items() if syntax.recognises(file)), None)
    if name is None:
        return _nothing(path, f"no format recognises this file; there are {_formats()}", "unknown-format")
    graph, findings = FORMATS[name].read(file)
    return _read(graph, findings, (file,))


def _read(graph: ResourceGraph, found: Findings, files: tuple[Path, ...]) -> Conversion:
    definitions: list[ApiDefinition] = []
    findings = list(found)
    for dialect in DIALECTS.values():
        apis, more = dialect.read(graph)
        definitions += apis
        findings += more
    findings += [_unclaimed(resource) for resource in graph.resources if not _claimed(resource)]
    return Conversion(definitions=tuple(definitions), findings=in_order(findings), files=files)


def in_order(findings: list[Finding]) -> Findings:
    """Give each finding once, by file, line, column, and errors first at one place."""
    severities = list(Severity)
    return tuple(
        sorted(
            dict.fromkeys(findings),
            key=lambda found: (
                (found.place.file, found.place.line, found.place.column),
                severities.index(found.severity),
                (found.code, found.text),
            ),
        )
    )


def _claimed(resource: Resource) -> bool:
    return any(resource.type in dialect.claims for dialect in DIALECTS.values())


def _unclaimed(resource: Resource) -> Finding:
    text = f"{resource.name} of type {resource.type} is nothing that Inferway reads; it is left out"
    return Finding(severity=Severity.WARNING, code="unclaimed-resource", text=text, place=resource.places.find())


def _in_folder(folder: Path, format_name: str | None) -> list[Path]:
    formats = FORMATS.values() if format_name is None else (FORMATS[format_name],)
    return [folder / name for syntax in formats for name in syntax.names if (folder / name).is_file()]


def _ambiguous(folder: Path, files: list[Path], format_name: str | None) -> tuple[str, str]:
    if files:
        names = ", ".join(file.name for file in files)
        return f"the folder holds several definitions: {names}; name one of them", "several-definitions"
    names = _formats() if format_name is None else f"{format_name} ({', '.join(FORMATS[format_name].names)})"
    return f"the folder holds no definition; looked for {names} in {folder}", "no-definition"


def _formats() -> str:
    return "; ".join(f"{name} ({', '.join(syntax.names)})" for name, syntax in FORMATS.items())


def _nothing(path: Path, text: str, code: str) -> Conversion:
    finding = Finding(severity=Severity.ERROR, code=code, text=text, place=Place(file=str(path)))
    return Conversion(definitions=(), findings=(finding,), files=())
