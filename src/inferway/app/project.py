"""One project: what a path and its bindings come to, and several as one."""

from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Final

import msgspec

from inferway.app.bindings_file import NAME
from inferway.app.project_files import Stamp
from inferway.definition.bindings import Bindings
from inferway.definition.deployment import Deployment
from inferway.definition.identity import Identity
from inferway.faults import Finding, Findings, Place, Severity
from inferway.formats.resources import Output

FAILS_EVERY_CALL: Final = frozenset(
    (
        "bad-template",
        "handler-malformed",
        "handler-missing",
        "handler-module-missing",
        "handler-syntax",
        "no-issuer",
        "no-provider",
        "private-without-policy",
    )
)
"""Warnings after which a route can only fail. The service takes such a definition, so it can be run; but an edit that
brings one is not served, and a check does not pass."""


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
    """What a path and its bindings come to.

    `stamps` tells the files that were read by what they were like then; `outputs` is what the definitions export, and
    `keys` has the values of the keys that may be shown to the operator, by the SHA-256 of each. `state` is the folder
    for what must last; `identity` is the one with which parts of the project call each other, and `surroundings` the
    environment that its functions find. These three are there once it is known where the project is served. With
    `install`, what its functions need is installed where it is not. `exit_status` is that of a program among the
    definitions that failed. `journal` is the file of what was decided about canary releases, None where there are none.
    """

    deployments: tuple[Deployment, ...]
    bindings: Bindings
    findings: Findings
    stamps: dict[Path, Stamp]
    outputs: tuple[Output, ...] = ()
    keys: Mapping[bytes, str] = {}
    state: Path | None = None
    identity: Identity | None = None
    surroundings: Mapping[str, str] = {}
    install: bool = False
    exit_status: int = 0
    journal: Path | None = None

    @property
    def broken(self) -> bool:
        """Say whether any finding is an error."""
        return has_error(self.findings)


def bound_keys(bindings: Bindings) -> dict[bytes, str]:
    """Give the values of bound keys by the SHA-256 of each."""
    return {sha256(key.value.encode()).digest(): key.value for key in bindings.keys.values()}


_SHARED: Final = ("endpoints", "functions", "tables", "training", "urls")
"""Bindings that belong to all projects served together: what has one name is one thing."""


def join(projects: list[Project]) -> Project:
    """Give several projects as one; what they bind differently under one name, or serve at one address, is an error."""
    if len(projects) == 1:
        return projects[0]
    findings = [finding for project in projects for finding in project.findings]
    shared: dict[str, dict[str, object]] = {}
    for field in _SHARED:
        shared[field] = {}
        for project in projects:
            for name, bound in getattr(project.bindings, field).items():
                if shared[field].setdefault(name, bound) != bound:
                    text = f"two projects bind {field[:-1] if field != 'training' else field} {name!r} differently"
                    findings.append(_conflict(text, project))
    addresses: dict[tuple[str, str], Project] = {}
    for project in projects:
        for deployment in project.deployments:
            address = deployment.api.slug, deployment.stage.name
            if addresses.setdefault(address, project) is not project:
                text = f"two projects have an API at /{'/'.join(part for part in address if part)}/; rename one"
                findings.append(_conflict(text, project))
    # An API knows the identities of its own project; the control plane, which all share, knows every project's.
    identities = {name: one for project in reversed(projects) for name, one in project.bindings.identities.items()}
    return Project(
        deployments=tuple(deployment for project in projects for deployment in project.deployments),
        bindings=msgspec.structs.replace(projects[0].bindings, identities=identities, **shared),
        findings=tuple(dict.fromkeys(findings)),
        stamps={file: known for project in projects for file, known in project.stamps.items()},
        outputs=tuple(output for project in projects for output in project.outputs),
        keys={digest: value for project in projects for digest, value in project.keys.items()},
        exit_status=next((project.exit_status for project in projects if project.exit_status), 0),
    )


def _conflict(text: str, project: Project) -> Finding:
    place = next((deployment.api.place for deployment in project.deployments), Place(file=NAME))
    return Finding(severity=Severity.ERROR, code="conflict", text=text, place=place)
