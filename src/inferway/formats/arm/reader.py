"""A template's file to a graph of resources."""

import re
from pathlib import Path
from typing import Final

from inferway.faults import Finding, Findings, Place, Severity
from inferway.formats.arm.deployment import Deployment
from inferway.formats.arm.frame import Budget
from inferway.formats.arm.parameters import Given, check_given, files_beside, read_file
from inferway.formats.arm.relaxed import read_template
from inferway.formats.arm.scope import Scope
from inferway.formats.arm.shared import Shared
from inferway.formats.nodes import SyntaxFault, Table
from inferway.formats.report import Report
from inferway.formats.resources import Environment, Output, Provision, ResourceGraph

NAMES: Final = ("azuredeploy.json", "mainTemplate.json", "main.json", "main.bicep", "azuredeploy.bicep")
"""File names that are looked for in a folder, in this order; the first counts."""

_SCHEMA: Final = re.compile(r'"\$schema"\s*:\s*"[^"]*deploymentTemplate\.json#?"', re.IGNORECASE)
_HEAD: Final = 262_144
"""Bytes that are looked into for the schema, which commonly stands first."""

_BICEP: Final = ".bicep"


def recognises(path: Path) -> bool:
    """Whether a file is, by its schema, a template, or by its name a Bicep file."""
    if path.suffix.lower() == _BICEP:
        return path.is_file()
    if path.suffix.lower() != ".json" or not path.is_file():
        return False
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD)
    except OSError:
        return False
    encoding = "utf-16" if head.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8"
    return _SCHEMA.search(head.decode(encoding, "replace")) is not None


def read(path: Path, environment: Environment, provision: Provision) -> tuple[ResourceGraph, Findings]:
    """Read a template; an empty graph with findings where it is none."""
    if path.suffix.lower() == _BICEP:
        made = path.with_suffix(".json").name
        text = f"Bicep is read as what it is compiled to: run `az bicep build --file {path.name}` and name {made}"
        finding = Finding(severity=Severity.ERROR, code="bicep", text=text, place=Place(file=str(path)))
        return ResourceGraph(resources=(), files=(path,)), (finding,)
    report = Report()
    shared = Shared(
        environment=environment,
        provision=provision,
        report=report,
        budget=Budget(),
        resources=[],
        files=[path],
        known={},
        active={},
        trees={},
        given={},
        linking=[],
    )
    outputs: tuple[Output, ...] = ()
    try:
        outputs = _deployment(path, shared).build()
    except SyntaxFault as fault:
        report.keep(fault.finding(str(path)))
    except RecursionError:
        text = "the template's values lead to each other without end, or too deep"
        report.keep(Finding(severity=Severity.ERROR, code="too-deep", text=text, place=Place(file=str(path))))
    files = tuple(dict.fromkeys(shared.files))
    return ResourceGraph(resources=tuple(shared.resources), outputs=outputs, files=files), report.findings()


def _deployment(path: Path, shared: Shared) -> Deployment:
    root = read_template(path)
    if not isinstance(root, Table) or "resources" not in root.entries:
        raise SyntaxFault("not-arm", "a template is an object with resources", root.line, root.column)
    given: dict[str, Given] = {}
    for beside in files_beside(path, shared.environment.stack):
        given |= read_file(beside, shared.report)
        shared.files.append(beside)
    for name, value in shared.environment.parameters.items():
        for there in [known for known in given if known.lower() == name.lower()]:
            del given[there]
        given[name] = Given(value=value)
    check_given(given, root, str(path), shared.report)
    scope = Scope(root, path, shared.environment, given, report=shared.report, budget=shared.budget)
    return Deployment(root, scope, shared)
