"""Rules that hold for every API, whichever vendor's definition it was read from."""

import re
from collections import Counter
from typing import Final

from inferway.definition.api import ApiDefinition, Route
from inferway.definition.steps import Invoke, MapResponse, ParameterIn, Pipeline, Step
from inferway.faults import Finding, Findings, Place, Severity

_VARIABLE: Final = re.compile(r"\{([^{}/+]+)(\+?)\}")
_METHOD: Final = re.compile(r"[A-Z]+")


def check(definition: ApiDefinition) -> Findings:
    """Give what is wrong with a definition as a whole; a reader checks what only its vendor's rules know."""
    findings: list[Finding] = []
    if not definition.slug:
        findings.append(_error("no-slug", "the API has no slug, so no address", definition.place))
    if not definition.routes:
        text = "the API has no routes; nothing is served"
        findings.append(Finding(severity=Severity.WARNING, code="no-routes", text=text, place=definition.place))
    findings += _duplicates(definition)
    for route in definition.routes:
        findings += _check_route(route)
    return tuple(findings)


def _duplicates(definition: ApiDefinition) -> list[Finding]:
    findings = []
    routes: dict[tuple[str, str], Route] = {}
    for route in definition.routes:
        first = routes.setdefault((route.method, _VARIABLE.sub(r"{\2}", route.path)), route)
        if first is not route:
            text = f"{route.method} {route.path} is there already, at {first.place}"
            findings.append(_error("duplicate-route", text, route.place))
    for kind, named in (("model", definition.models), ("error response", definition.error_responses)):
        names = Counter(part.name if hasattr(part, "name") else part.kind for part in named)
        findings += [
            _error("duplicate-name", f"the {kind} {name} is there {count} times", definition.place)
            for name, count in names.items()
            if count > 1
        ]
    return findings


def _check_route(route: Route) -> list[Finding]:
    found: list[tuple[str, str]] = []
    if not _METHOD.fullmatch(route.method):
        found.append(("bad-method", f"{route.method!r} is no method"))
    found += _check_path(route)
    if route.pipeline == Pipeline():
        found.append(("empty-pipeline", f"{route.method} {route.path} has no steps, so it can give no response"))
    found += _check_steps(route.pipeline)
    return [_error(code, text, route.place) for code, text in found]


def _check_path(route: Route) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    if not route.path.startswith("/"):
        found.append(("bad-path", f"the path {route.path!r} does not start with a slash"))
    parts = route.path.split("/")[1:]
    names: set[str] = set()
    for index, part in enumerate(parts):
        variable = _VARIABLE.fullmatch(part)
        if variable is None:
            if "{" in part or "}" in part:
                found.append(("bad-path", f"{part!r} in {route.path} is neither a name nor a variable"))
            continue
        if variable[1] in names:
            found.append(("duplicate-variable", f"{route.path} has the variable {variable[1]} twice"))
        names.add(variable[1])
        if variable[2] and index != len(parts) - 1:
            found.append(("greedy-not-last", f"nothing may follow {part} in {route.path}"))
    found += [
        ("missing-variable", f"{route.path} has no variable {parameter.name}, which is declared as its path parameter")
        for parameter in route.parameters
        if parameter.location is ParameterIn.PATH and parameter.name not in names
    ]
    return found


def _check_steps(pipeline: Pipeline) -> list[tuple[str, str]]:
    found = [
        ("bad-timeout", f"a timeout of {step.timeout} s")
        for step in pipeline.invoke
        if isinstance(step, Invoke) and step.timeout <= 0
    ]
    for step in pipeline.response:
        found += _check_cases(step)
    return found


def _check_cases(step: Step) -> list[tuple[str, str]]:
    if not isinstance(step, MapResponse):
        return []
    patterns = Counter(case.pattern for case in step.cases)
    return [
        ("duplicate-case", f"the response case {'default' if pattern is None else pattern!r} is there {count} times")
        for pattern, count in patterns.items()
        if count > 1
    ]


def _error(code: str, text: str, place: Place) -> Finding:
    return Finding(severity=Severity.ERROR, code=code, text=text, place=place)
