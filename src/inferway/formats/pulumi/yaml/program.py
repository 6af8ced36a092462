"""A Pulumi program in YAML or JSON, read and evaluated."""

import re
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Final

import msgspec

from inferway.faults import Findings
from inferway.formats.document import read_document
from inferway.formats.nodes import SyntaxFault, Table, plain
from inferway.formats.pulumi.invokes import Surroundings
from inferway.formats.pulumi.messages import Limits
from inferway.formats.pulumi.project import Project, project_file
from inferway.formats.pulumi.sdk import Declaration as Class
from inferway.formats.pulumi.sdk import Sdk
from inferway.formats.pulumi.yaml import configured
from inferway.formats.pulumi.yaml.asking import Asker
from inferway.formats.pulumi.yaml.declarations import Declaration, declarations, default_providers, entries, in_order
from inferway.formats.pulumi.yaml.evaluation import Evaluation, Stacks
from inferway.formats.pulumi.yaml.functions import call
from inferway.formats.pulumi.yaml.resources import Program, register
from inferway.formats.pulumi.yaml.scope import Scope
from inferway.formats.pulumi.yaml.suggestion import meant
from inferway.formats.pulumi.yaml.values import failed
from inferway.formats.report import Report
from inferway.formats.resources import Environment, Output, Provision, Resource, ResourceGraph

LIMITS: Final = Limits()

_ORGANIZATION: Final = "organization"
_EVALUATED: Final = ("variables", "resources", "outputs")
_KNOWN: Final = frozenset(
    {
        *_EVALUATED,
        *configured.SECTIONS,
        *("name", "runtime", "description", "main", "author", "website", "license", "stackConfigDir", "backend"),
        *(
            "options",
            "template",
            "plugins",
            "packages",
            "requiredPulumiVersion",
            "refresh",
            "pulumi",
            "sdks",
            "version",
        ),
    }
)
_TOKEN: Final = re.compile(r"[a-z][a-z0-9-]{0,50}:[\w/.-]{1,100}:\w{1,100}")
_JSON_FIRST: Final = "Main.json"


def read(
    project: Project,
    environment: Environment,
    provision: Provision,
    shown: Callable[[str], str] = str,
    limits: Limits = LIMITS,
) -> tuple[ResourceGraph, Findings]:
    """Evaluate a project's program; everything that is wrong with it is found at once.

    `shown` gives a file as findings name it, of its whole path. `provision` is asked for each resource in
    the order of dependency; what it raises comes through, nothing else is raised.
    """
    file = _program_file(project.main)
    report = Report(shown(str(file)), shown)
    read_files: dict[Path, None] = dict.fromkeys((file, *project.files))
    try:
        root = _mapping(file)
        program = _program(project, environment, provision, (root, report, read_files, limits))
        outputs = _evaluated(program, root)
    except SyntaxFault as fault:
        found = (*report.findings(), fault.finding(report.file))
        return ResourceGraph(resources=(), files=tuple(read_files)), found
    graph = ResourceGraph(resources=tuple(program.made.values()), outputs=outputs, files=tuple(read_files))
    return graph, report.findings()


def _mapping(file: Path) -> Table:
    root = read_document(file)
    if not isinstance(root, Table):
        raise SyntaxFault("not-a-mapping", f"{file.name} is a mapping", root.line, root.column)
    return root


def _program_file(main: Path) -> Path:
    """Give the file to evaluate. Main.json wins over the others (pulumi-yaml's LoadDir)."""
    if main.is_dir():
        names = (_JSON_FIRST, "Main.yaml", "Pulumi.yaml", "Pulumi.yml")
        return next((main / name for name in names if (main / name).is_file()), main / "Pulumi.yaml")
    other = main.with_name(_JSON_FIRST)
    return other if main.name in {"Main.yaml", "Pulumi.yaml", "Pulumi.yml"} and other.is_file() else main


def _program(
    project: Project,
    environment: Environment,
    provision: Provision,
    document: tuple[Table, Report, dict[Path, None], Limits],
) -> Program:
    root, report, read_files, limits = document
    told = {"cwd": str(project.folder), "rootDirectory": str(project.root), "project": project.name}
    told |= {"stack": project.stack, "organization": _ORGANIZATION}
    scope = Scope(report, told)
    checked = project_file(project.root) == _program_file(project.main)
    configured.bind(scope, root, project, report, checked=checked)
    region = project.configuration.get("aws:region") or environment.region
    made: dict[str, Resource] = {}
    here = msgspec.structs.replace(environment, region=region)
    asker = Asker(made=made, environment=here, provision=provision, file=report.file)
    return Program(
        evaluation=Evaluation(
            scope=scope,
            report=report,
            call=call,
            look_up=asker.look_up,
            folder=project.folder,
            surroundings=Surroundings(region=region, account=environment.account),
            stacks=Stacks(outputs={name: dict(held) for name, held in environment.stack_references.items()}),
            files=read_files,
            defaults=default_providers(root),
        ),
        environment=here,
        provision=provision,
        classes=_classes(),
        urn=f"urn:pulumi:{project.stack}::{project.name}",
        made=made,
        asker=asker,
        claimed={},
        size=[0],
        limits=limits,
    )


def _classes() -> Callable[[str], Class | None]:
    """Give what finds the SDK's class of a type, where that SDK is installed; its text is read, nothing is imported."""
    sdk = Sdk(tuple(sys.path))
    return cache(lambda token: sdk.resource(token) if _TOKEN.fullmatch(token) else None)


def _evaluated(program: Program, root: Table) -> tuple[Output, ...]:
    """Evaluate everything; gives the outputs."""
    report = program.evaluation.report
    _sections(root, report)
    found = declarations(root, report)
    for name, declared in list(found.items()):
        if program.evaluation.scope.find(name) is not None:
            report.error(declared.entry, "duplicate-name", f"{name} is configuration already; it needs another name")
            del found[name]
    ordered, circular = in_order(found, program.evaluation.defaults.values(), report)
    for name in circular:
        program.evaluation.scope.bind(name, failed(found[name].entry))
    for declared in ordered:
        if declared.name not in circular:
            _declare(program, declared)
    return _outputs(program, root)


def _declare(program: Program, declared: Declaration) -> None:
    scope = program.evaluation.scope
    if not declared.is_resource:
        scope.bind(declared.name, program.evaluation.value(declared.entry.value))
        return
    made = register(program, declared)
    scope.bind(declared.name, made if made is not None else failed(declared.entry))


def _outputs(program: Program, root: Table) -> tuple[Output, ...]:
    made = []
    for name, entry in entries(root, "outputs", program.evaluation.report):
        value = program.evaluation.value(entry.value)
        if not value.failed:
            made.append(Output(name=name, value=plain(value.node), secret=value.secret))
    return tuple(made)


def _sections(root: Table, report: Report) -> None:
    """Tell of sections that are not evaluated."""
    for key, entry in root.entries.items():
        if key == "components":
            names = ", ".join(list(entry.value.entries)[:8]) if isinstance(entry.value, Table) else ""
            text = (
                f"components ({names}) are for other programs to use; they are not served: write their resources here"
            )
            report.warning(entry, "components-not-read", text)
        elif key == "imports":
            text = "imports of Pulumi ESC are not read; give their values as parameters"
            report.warning(entry, "environment-not-read", text)
        elif key not in _KNOWN:
            hint = meant(key, _EVALUATED)
            if hint:
                report.error(entry, "unknown-section", f"a program has no section {key}{hint}")
