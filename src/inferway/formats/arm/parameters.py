"""The values of a template's parameters: those given, those of the file beside it, and their defaults.

Source: Azure Resource Manager, "Parameters in ARM templates" and "Create a parameter file" (https://learn.microsoft.com/
azure/azure-resource-manager/templates/parameters, …/parameter-files).
"""

import re
from collections.abc import Callable, Mapping
from itertools import islice
from pathlib import Path
from typing import Final

import msgspec

from inferway.formats.arm.relaxed import read_template
from inferway.formats.arm.template import is_true, part, word
from inferway.formats.arm.types import KINDS, breaches, described
from inferway.formats.arm.values import Unresolved, Value, kind
from inferway.formats.document import read_text
from inferway.formats.nodes import Entry, Node, SyntaxFault, Table, plain
from inferway.formats.report import Report, nearest

SECRET: Final = frozenset(("securestring", "secureobject"))
_STANDS_IN: Final[dict[str, Value]] = {
    "int": 0,
    "bool": False,
    "object": {},
    "array": [],
    "string": "local::unresolved",
}
_MOST: Final = 20
_SCHEMA: Final = re.compile(r'"\$schema"\s*:\s*"[^"]*deploymentParameters\.json', re.IGNORECASE)


class Given(msgspec.Struct, frozen=True, kw_only=True):
    """A parameter's value from outside of its template; `at` is where it stands, None for a command line."""

    value: Value
    file: str = ""
    at: Node | Entry | None = None
    vault: bool = False


def files_beside(template: Path, stack: str) -> list[Path]:
    """Give the parameter files that belong to a template, the one that counts most first."""
    stem = template.stem
    names = [f"{stem}.parameters.{stack}.json", f"{stem}.{stack}.parameters.json", f"{stem}.parameters.json"]
    found = [template.with_name(name) for name in names if template.with_name(name).is_file()]
    if found:
        return found[:1]
    others = [template.with_name("parameters.json"), *islice(sorted(template.parent.glob("*.parameters.json")), _MOST)]
    likely = [path for path in others if path.is_file() and _has_schema(path)]
    return likely if len(likely) == 1 else []


def _has_schema(path: Path) -> bool:
    try:
        return _SCHEMA.search(read_text(path)) is not None
    except SyntaxFault:
        return False


def check_given(given: Mapping[str, Given], root: Table, file: str, report: Report) -> None:
    """Report values of parameters that the template does not declare; of a command line only those near to one."""
    listed = part(root, "parameters")
    declared = list(listed.entries) if isinstance(listed, Table) else []
    folded = {name.lower() for name in declared}
    for name, value in given.items():
        near = nearest(name, declared)
        if name.lower() not in folded and (near or value.at is not None):
            said = f"the template has no parameter {name}{near}"
            report.warning(value.at or listed or root, "unknown-parameter", said, value.file or file)


def read_file(path: Path, report: Report) -> dict[str, Given]:
    """Read a parameter file."""
    try:
        root = read_template(path)
    except SyntaxFault as fault:
        report.keep(fault.finding(str(path)))
        return {}
    listed = part(root, "parameters")
    return given_values(listed, str(path)) if isinstance(listed, Table) else {}


def given_values(listed: Table, file: str) -> dict[str, Given]:
    """Give the values of a `parameters` object of a file or of a nested deployment, each with `value`."""
    made = {}
    for name, entry in listed.entries.items():
        value = part(entry.value, "value")
        vault = part(entry.value, "reference") is not None
        if value is not None or vault:
            made[name] = Given(value=plain(value) if value else None, file=file, at=entry, vault=vault)
    return made


class Declaration(msgspec.Struct, frozen=True, kw_only=True):
    """A parameter as a template declares it; `definitions` are the template's types."""

    name: str
    kind: str
    secret: bool
    entry: Entry
    nullable: bool
    default: Node | None
    definitions: Mapping[str, Entry]


def declarations(
    listed: Mapping[str, Entry], definitions: Mapping[str, Entry], file: str, report: Report
) -> dict[str, Declaration]:
    """Give the parameters that a template declares."""
    made = {}
    for name, entry in listed.items():
        whole = described(entry.value, definitions)
        written = word(part(whole, "type")).lower()
        if written not in KINDS:
            known = ", ".join(KINDS)
            wrong = f"has no type {written}{nearest(written, KINDS)}" if written else "has no type"
            report.error(entry, "bad-parameter", f"the parameter {name} {wrong}; types are {known}", file)
        made[name] = Declaration(
            name=name,
            kind=KINDS.get(written, ""),
            secret=written in SECRET,
            entry=entry,
            nullable=is_true(part(entry.value, "nullable")) or is_true(part(whole, "nullable")),
            default=part(entry.value, "defaultValue"),
            definitions=definitions,
        )
    return made


def value_of(
    declared: Declaration,
    given: Mapping[str, Given],
    file: str,
    report: Report,
    default: Callable[[Node], Value],
    giver: str = "",
) -> Value:
    """Give the value of a parameter; one that has none, or a wrong one, is reported, and something stands for it.

    `giver` is the deployment within another template that would give it, "" for the command line.
    """
    found = next((value for name, value in given.items() if name.lower() == declared.name.lower()), None)
    stands_in = _STANDS_IN.get(declared.kind, "local::unresolved")
    if found is None or (found.value is None and not found.vault):
        if declared.default is not None:
            return _checked(declared, default(declared.default), declared.default, file, report)
        if declared.nullable:
            return None
        remedy = f"the deployment {giver} gives none" if giver else f"give --param {declared.name}=VALUE"
        text = f"the parameter {declared.name} has no default and no value; {remedy}"
        report.error(declared.entry, "no-parameter-value", text, file)
        return stands_in
    if found.vault:
        text = f"the parameter {declared.name} is in Key Vault, which is not served; give --param {declared.name}=VALUE"
        report.warning(found.at or declared.entry, "unserved-secret", text, found.file or file)
        return stands_in
    at = found.at or declared.entry
    try:
        value = found.value if found.at is not None else from_text(declared, found.value)
    except Unresolved as unresolved:
        report.error(at, unresolved.code, unresolved.text, file)
        return stands_in
    return _checked(declared, value, at, found.file or file, report)


def from_text(declared: Declaration, written: str) -> Value:
    """Give the value that a command line or a bindings file writes; raises Unresolved."""
    if declared.kind in ("string", ""):
        return written
    try:
        value = msgspec.json.decode(written.lower() if declared.kind == "bool" else written)
    except (msgspec.DecodeError, RecursionError):
        value = None
    if kind(value) != declared.kind:
        said = f"the parameter {declared.name} is of the type {declared.kind}, not {written[:80]!r}"
        raise Unresolved("bad-parameter-value", said)
    return value


def _checked(declared: Declaration, value: Value, at: Node | Entry, file: str, report: Report) -> Value:
    if value is None:
        return value
    for said in breaches(value, declared.entry.value, declared.definitions, declared.secret):
        report.error(at, "bad-parameter-value", f"the parameter {declared.name}: {said}", file)
    return _STANDS_IN[declared.kind] if declared.kind and kind(value) != declared.kind else value
