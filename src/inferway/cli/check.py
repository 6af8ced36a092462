"""`inferway check`: what a definition would do here, without serving it."""

import typer

from inferway.app.dry_run import dry_run
from inferway.app.project import Project, read_project, strict
from inferway.cli.output import once, print_json
from inferway.cli.parameters import AsJson, BindingsFile, Definition, FormatName
from inferway.cli.progress import Progress
from inferway.definition.api import Route
from inferway.definition.steps import Invoke, Refuse
from inferway.definition.targets import Unserved
from inferway.faults import Finding, Findings, Severity


def check(
    path: Definition, bindings: BindingsFile = None, format_name: FormatName = None, as_json: AsJson = False
) -> None:
    """Say what a definition would do here, with file and line.

    The definition and its bindings are read and compiled as `run` does it; no model is started and nothing is called.
    The exit status is 1 where there is an error, 0 else: a warning changes behaviour, a note only explains.

    \b
    Examples:
      inferway check examples/movies
      inferway check openapi.yaml --bindings staging.toml --json
    """
    progress = Progress()
    with progress.during(f"checking {path}"):
        project = read_project(path, bindings, format_name)
        findings = once(strict(project.findings if project.broken else (*project.findings, *dry_run(project))))
    if as_json:
        print_json(_document(project, findings))
    else:
        for finding in findings:
            typer.echo(str(finding))
        typer.echo(_summary(project, findings))
    if _count(findings, Severity.ERROR):
        raise typer.Exit(1)


def _routes(project: Project) -> tuple[int, int]:
    """Count the routes that are served, and all."""
    routes = [
        route
        for api in {deployment.api.slug: deployment.api for deployment in project.deployments}.values()
        for route in api.routes
    ]
    return sum(map(_served, routes)), len(routes)


def _served(route: Route) -> bool:
    """Whether a route does what it is defined to do, rather than fail closed."""
    steps = route.pipeline.request + route.pipeline.invoke + route.pipeline.response
    return not any(
        isinstance(step, Refuse) or (isinstance(step, Invoke) and isinstance(step.target, Unserved)) for step in steps
    )


def _count(findings: Findings, severity: Severity) -> int:
    return sum(finding.severity is severity for finding in findings)


def _summary(project: Project, findings: Findings) -> str:
    served, routes = _routes(project)
    first = _plural(served, "route") if served == routes else f"{served} of {_plural(routes, 'route')}"
    notes = _count(findings, Severity.NOTE)
    counts = [f"{first} served", _plural(_count(findings, Severity.WARNING), "warning")]
    counts += [_plural(notes, "note")] if notes else []
    return ", ".join([*counts, _plural(_count(findings, Severity.ERROR), "error")])


def _plural(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def _document(project: Project, findings: Findings) -> dict[str, object]:
    served, routes = _routes(project)
    return {
        "routes": routes,
        "served": served,
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
