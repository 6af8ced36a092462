"""`inferway check`: what a definition would do here, without serving it."""

from typing import Final

import typer

from inferway.app.dry_run import dry_run
from inferway.app.project import Project, strict
from inferway.app.project_reader import read_project
from inferway.cli.output import once, print_json
from inferway.cli.parameters import AsJson, BindingsFile, Definition, FormatName, Parameters, Stack, given
from inferway.cli.progress import Progress
from inferway.definition.api import Route
from inferway.definition.steps import Choose, Invoke, Refuse, Retry, ReturnResponse, Step
from inferway.definition.targets import Unserved
from inferway.faults import Finding, Findings, Severity


def check(
    path: Definition,
    bindings: BindingsFile = None,
    format_name: FormatName = None,
    parameters: Parameters = None,
    stack: Stack = "",
    as_json: AsJson = False,
) -> None:
    """Say what a definition would do here, with file and line.

    The definition and its bindings are read and compiled as `run` does it; no model is started and nothing is called.
    The last line counts the routes that are served, what differs from the service, and what is ignored. The exit
    status is 1 where there is an error, or that of the program that failed, and 0 else: a warning changes behaviour,
    a note only explains.

    \b
    Examples:
      inferway check examples/movies
      inferway check openapi.yaml --bindings staging.toml --json
    """
    progress = Progress()
    with progress.during(f"checking {path}"):
        project = read_project(path, bindings, format_name, given=given(parameters, stack))
        findings = once(strict(project.findings if project.broken else (*project.findings, *dry_run(project))))
    if as_json:
        print_json(_document(project, findings))
    else:
        for finding in findings:
            typer.echo(str(finding))
        typer.echo(_summary(project, findings))
    if _count(findings, Severity.ERROR):
        raise typer.Exit(project.exit_status or 1)


def _routes(project: Project) -> tuple[int, int]:
    """Count the routes that are served, and all."""
    routes = [
        route
        for api in {(each.api.slug, each.api.base, each.api.name): each.api for each in project.deployments}.values()
        for route in api.routes
    ]
    return sum(map(_served, routes)), len(routes)


def _served(route: Route) -> bool:
    """Whether a route does what it is defined to do, rather than fail closed."""
    return not _fails(route.pipeline.request + route.pipeline.invoke + route.pipeline.response)


def _fails(steps: tuple[Step, ...]) -> bool:
    """Whether whatever comes to these steps fails: one branch of a choice that does not is enough to be served."""
    for step in steps:
        if isinstance(step, ReturnResponse):
            return False
        if isinstance(step, Refuse) or (isinstance(step, Invoke) and isinstance(step.target, Unserved)):
            return True
        if isinstance(step, Retry) and _fails(step.steps):
            return True
        if isinstance(step, Choose) and all(map(_fails, (*(when.steps for when in step.when), step.otherwise))):
            return True
    return False


def _count(findings: Findings, severity: Severity) -> int:
    return sum(finding.severity is severity for finding in findings)


def _summary(project: Project, findings: Findings) -> str:
    served, _ = _routes(project)
    ignored = sum(map(_is_ignored, findings))
    errors = _count(findings, Severity.ERROR)
    counts = f"{served} served, {_differ(findings)} differ, {ignored} ignored"
    return f"{counts}, {errors} {'error' if errors == 1 else 'errors'}" if errors else counts


_IGNORED: Final = ("ignored-", "unclaimed-", "unknown-property", "unserved-")
"""How the codes of findings begin that say of something in a definition that it is left out."""


def _is_ignored(finding: Finding) -> bool:
    return finding.severity is not Severity.ERROR and finding.code.startswith(_IGNORED)


def _differ(findings: Findings) -> int:
    return sum(finding.severity is Severity.WARNING and not _is_ignored(finding) for finding in findings)


def _document(project: Project, findings: Findings) -> dict[str, object]:
    served, routes = _routes(project)
    return {
        "routes": routes,
        "served": served,
        "differ": _differ(findings),
        "ignored": sum(map(_is_ignored, findings)),
        "errors": _count(findings, Severity.ERROR),
        "warnings": _count(findings, Severity.WARNING),
        "notes": _count(findings, Severity.NOTE),
        "findings": [_finding(finding) for finding in findings],
    }


def _finding(finding: Finding) -> dict[str, object]:
    place = finding.place
    return {
        "severity": finding.severity,
        "code": finding.code,
        "text": finding.text,
        "file": place.file,
        "line": place.line,
        "column": place.column,
    }
