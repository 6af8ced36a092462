"""Web ACLs in front of stages, a definition's own and those of the bindings, with what they work with."""

import hashlib
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Final

import msgspec

from inferway.app.toml_reader import TomlReader, Unreadable, nearest
from inferway.definition.bindings import Bindings, BoundFirewall
from inferway.definition.deployment import Deployment
from inferway.definition.steps import Step
from inferway.definition.web_acl import ApplyWebAcl, Association, RuleGroup, WebAcl
from inferway.definition.web_acl_statements import (
    AllOf,
    AnyOf,
    CountryMatch,
    NetworkMatch,
    NoneOf,
    RateKeyKind,
    RateMatch,
    Statement,
)
from inferway.faults import Finding, Findings, Place, Severity

STANDARD_OUTPUT: Final = "-"

_READER: Final = "inferway.dialects.aws_resources.firewall.documents"
_PLACES: Final = "inferway.waf.places"
"""Modules that are imported where a project has a web ACL of its own, or a database."""


def read_geo(reader: TomlReader, value: object) -> dict[str, str]:
    """Read `[geo]`: `database` of countries, `networks` of autonomous systems, both in MaxMind's format."""
    table = reader.table(value, ("geo",), ("database", "networks"))
    return {
        field: str((reader.file.parent / reader.value(table[key], ("geo", key))).absolute())
        for key, field in (("database", "countries"), ("networks", "networks"))
        if key in table
    }


def read_log(reader: TomlReader, value: object) -> dict[str, str]:
    """Read `[waf]`: `log`, the file that entries are added to, or "-" for standard output."""
    table = reader.table(value, ("waf",), ("log",))
    name = reader.value(table.get("log", ""), ("waf", "log"))
    if not name or name == STANDARD_OUTPUT:
        return {"log": name}
    file = reader.file.parent / name
    if file.is_dir() or not file.parent.is_dir():
        raise Unreadable(f"waf.log: {name!r} is no file in a folder that is there, nor '-'", ("waf", "log"))
    return {"log": str(file.absolute())}


def read_front(reader: TomlReader, value: object, path: tuple[str, ...]) -> tuple[Step, ...]:
    """Read a stage's `web_acl`: the file that holds one."""
    file = reader.file.parent / reader.value(value, path)
    acl, findings = import_module(_READER).read_web_acl_file(file)
    for finding in findings:
        if finding not in reader.findings:
            reader.findings.append(finding)
    if acl is None:
        raise Unreadable(f"{'.'.join(path)}: {file.name} cannot be read as a web ACL", path)
    return (ApplyWebAcl(acl=acl),)


def guarded(
    deployments: tuple[Deployment, ...], associations: tuple[Association, ...], bindings: Bindings
) -> tuple[tuple[Deployment, ...], Findings]:
    """Put web ACLs in front of deployments; a stage's own in the bindings comes before a definition's."""
    firewall, findings = _checked(bindings.firewall)
    used: set[Association] = set()
    made = []
    for deployment in deployments:
        found = [each for each in associations if _is_for(each, deployment)]
        used.update(found)
        front = _bound_front(deployment, bindings) or tuple(ApplyWebAcl(acl=each.acl) for each in found[:1])
        front = tuple(_with_bindings(step, firewall) for step in front)
        for step in front:
            if isinstance(step, ApplyWebAcl):
                findings += _missing(step)
        made.append(_with_front(deployment, front) if front else deployment)
    findings += [_elsewhere(each, deployments) for each in associations if each not in used]
    return tuple(made), tuple(dict.fromkeys(findings))


def _checked(bound: BoundFirewall) -> tuple[BoundFirewall, list[Finding]]:
    """Give what is bound without databases that cannot be read, which are errors."""
    findings = []
    for field in ("countries", "networks"):
        path = getattr(bound, field)
        wrong = import_module(_PLACES).check(path) if path else ""
        if wrong:
            place = Place(file=path)
            findings.append(Finding(severity=Severity.ERROR, code="geo-database", text=wrong, place=place))
            bound = msgspec.structs.replace(bound, **{field: ""})
    return bound, findings


def _is_for(association: Association, deployment: Deployment) -> bool:
    if association.api != deployment.api.id:
        return False
    return deployment.api.base is not None if association.stage is None else association.stage == deployment.stage.name


def _bound_front(deployment: Deployment, bindings: Bindings) -> tuple[Step, ...]:
    stages = bindings.stages.get(deployment.api.name) or bindings.stages.get(deployment.api.slug) or ()
    return next((stage.front for stage in stages if stage.name == deployment.stage.name), ())


def _with_bindings(step: Step, bound: BoundFirewall) -> Step:
    if not isinstance(step, ApplyWebAcl):
        return step
    return msgspec.structs.replace(step, countries=bound.countries, networks=bound.networks, log=bound.log)


def _with_front(deployment: Deployment, front: tuple[Step, ...]) -> Deployment:
    """Give a deployment with steps in front, of its canary too: it is another one, as its identifier says."""
    stage = msgspec.structs.replace(deployment.stage, front=front)
    identity = hashlib.sha256(deployment.id.encode() + msgspec.json.encode(front)).hexdigest()[:10]
    return msgspec.structs.replace(deployment, id=identity, stage=stage)


def _elsewhere(association: Association, deployments: tuple[Deployment, ...]) -> Finding:
    ids = sorted({f"{each.api.id}/{each.stage.name}" for each in deployments if each.api.id})
    asked = f"{association.api}/{association.stage}" if association.stage is not None else association.api
    text = f"web ACL {association.acl.name} stands in front of {asked}, which is not served here{nearest(asked, ids)}"
    return Finding(severity=Severity.WARNING, code="web-acl-elsewhere", text=text, place=association.place)


def statements(acl: WebAcl) -> Iterator[Statement]:
    """Give every statement of an ACL, those within others too."""
    for entry in acl.rules:
        if isinstance(entry, RuleGroup):
            waiting: list[Statement] = [rule.statement for rule in entry.rules]
            waiting += [entry.within] if entry.within is not None else []
        else:
            waiting = [entry.statement]
        while waiting:
            statement = waiting.pop()
            yield statement
            if isinstance(statement, AllOf | AnyOf):
                waiting += statement.statements
            elif isinstance(statement, NoneOf):
                waiting.append(statement.statement)
            elif isinstance(statement, RateMatch) and statement.within is not None:
                waiting.append(statement.within)


def _missing(step: ApplyWebAcl) -> Iterator[Finding]:
    """Report what a web ACL asks for and the bindings do not give: databases of addresses, a log."""
    if step.acl.logging is not None and not step.log:
        text = f"the log of web ACL {step.acl.name} goes nowhere until [waf] log is bound"
        yield Finding(severity=Severity.NOTE, code="web-acl-log", text=text, place=step.acl.place)
    all_of_it = tuple(statements(step.acl))
    asks_networks = any(isinstance(each, NetworkMatch) for each in all_of_it) or any(
        key.kind is RateKeyKind.ASN for each in all_of_it if isinstance(each, RateMatch) for key in each.keys
    )
    wanted = (
        (any(isinstance(each, CountryMatch) for each in all_of_it), step.countries, "countries", "database"),
        (asks_networks, step.networks or step.countries, "autonomous systems", "networks"),
    )
    for asked, bound, what, key in wanted:
        if asked and not bound:
            text = f"web ACL {step.acl.name} asks for {what}; such statements match nothing until [geo] {key} is bound"
            yield Finding(severity=Severity.WARNING, code="no-geo-database", text=text, place=step.acl.place)


def acl_files(bindings: Bindings) -> tuple[Path, ...]:
    """Give the files that web ACLs of the bindings were read from."""
    steps = (step for stages in bindings.stages.values() for stage in stages for step in stage.front)
    return tuple(Path(step.acl.place.file) for step in steps if isinstance(step, ApplyWebAcl))
