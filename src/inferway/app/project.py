"""One project: the definitions at a path, its bindings, and what is found in them."""

from pathlib import Path
from typing import Final

import msgspec

from inferway.app.bindings_file import NAME, read_bindings
from inferway.app.deploy import deployments
from inferway.convert import load
from inferway.definition.bindings import Bindings, BoundEndpoint
from inferway.definition.check import check
from inferway.definition.deployment import Deployment
from inferway.faults import Finding, Findings, Place, Severity
from inferway.serving.folder import check_model_folder

Stamp = tuple[int, int]
"""What tells one content of a file from another: its time of change in nanoseconds and its size in bytes."""


def stamp(file: Path) -> Stamp:
    """Give a file's stamp; zeros where it is gone."""
    try:
        status = file.stat()
    except OSError:
        return 0, 0
    return status.st_mtime_ns, status.st_size


FAILS_EVERY_CALL: Final = frozenset(("bad-template",))
"""Warnings after which a route can only fail. The service takes such a definition, so it can be run; but an edit that
brings one is not served, and a check does not pass."""


FROM_BINDINGS: Final = frozenset(("no-keys", "no-usage-plan", "unknown-api", "unknown-route", "unknown-stage"))
"""Findings that follow from what the bindings hold."""


def strict(findings: Findings) -> Findings:
    """Give findings with those after which a route can only fail as errors."""
    return tuple(
        msgspec.structs.replace(finding, severity=Severity.ERROR) if finding.code in FAILS_EVERY_CALL else finding
        for finding in findings
    )


def has_error(findings: Findings) -> bool:
    """Say whether any finding is an error."""
    return any(finding.severity is Severity.ERROR for finding in findings)


class Project(msgspec.Struct, frozen=True, kw_only=True):
    """What a path and its bindings come to; `stamps` tells the files that were read by what they were like then."""

    deployments: tuple[Deployment, ...]
    bindings: Bindings
    findings: Findings
    stamps: dict[Path, Stamp]

    @property
    def broken(self) -> bool:
        """Say whether any finding is an error."""
        return has_error(self.findings)


def scripts_of(endpoint: BoundEndpoint) -> list[Path]:
    """Give the Python files of a served model's `code` folder."""
    return sorted((Path(endpoint.serve) / "code").rglob("*.py")) if endpoint.serve else []


def bindings_path(path: Path, given: Path | None) -> Path | None:
    """Give the bindings file: the one named, else the one beside the definition."""
    if given is not None:
        return given
    beside = (path if path.is_dir() else path.parent) / NAME
    return beside if beside.is_file() else None


def read_project(path: Path, given_bindings: Path | None = None, format_name: str | None = None) -> Project:
    """Read the definitions and the bindings; nothing is started and nothing raised for what they hold."""
    conversion = load(path, format_name)
    file = bindings_path(path, given_bindings)
    bindings, bound = read_bindings(file) if file is not None else (Bindings(), ())
    made, joined = deployments(conversion.definitions, bindings)
    checked = tuple(finding for api in conversion.definitions for finding in check(api))
    models = tuple(
        finding
        for endpoint in bindings.endpoints.values()
        if endpoint.serve
        for finding in check_model_folder(Path(endpoint.serve))
    )
    if has_error(bound) or not conversion.definitions:
        # What the bindings lack may stand in the part that could not be read.
        joined = tuple(finding for finding in joined if finding.code not in FROM_BINDINGS)
    findings = (*conversion.findings, *checked, *bound, *joined, *models)
    if not conversion.definitions and not any(finding.severity is Severity.ERROR for finding in findings):
        nothing = Finding(
            severity=Severity.ERROR, code="no-api", text="no API is defined here", place=Place(file=str(path))
        )
        findings = (*findings, nothing)
    files = (*(conversion.files or (path,)), *((file,) if file is not None else ()))
    scripts = [script for endpoint in bindings.endpoints.values() for script in scripts_of(endpoint)]
    stamps = {read: stamp(read) for read in (*files, *scripts)}
    return Project(deployments=made, bindings=bindings, findings=findings, stamps=stamps)
