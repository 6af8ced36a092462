"""A template's file and sections.

Source: CloudFormation, "Template sections" (https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/
template-anatomy.html).
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

import msgspec

from inferway.formats.cloudformation.short_forms import expand
from inferway.formats.document import read_document
from inferway.formats.nodes import Entry, Leaf, Node, Sequence, SyntaxFault, Table
from inferway.formats.report import Report, nearest

VERSION: Final = "2010-09-09"

SECTIONS: Final = frozenset(
    (
        "AWSTemplateFormatVersion",
        "Conditions",
        "Description",
        "Hooks",
        "Mappings",
        "Metadata",
        "Outputs",
        "Parameters",
        "Resources",
        "Rules",
        "Transform",
    )
)
ATTRIBUTES: Final = frozenset(
    (
        "Condition",
        "CreationPolicy",
        "DeletionPolicy",
        "DependsOn",
        "Metadata",
        "Properties",
        "Type",
        "UpdatePolicy",
        "UpdateReplacePolicy",
    )
)
"""What a resource may have."""

USUAL_RESOURCES: Final = 500
"""Resources that the service takes in a template ("CloudFormation quotas")."""

MOST_RESOURCES: Final = 5_000
"""Resources that are read here."""

Resolve = Callable[[Node], Node | None]
"""Gives what a function gives; None for AWS::NoValue."""


class Declared(msgspec.Struct, frozen=True, kw_only=True):
    """A resource as a template declares it; `condition` is "" where it has none."""

    name: str
    type: str
    entry: Entry
    properties: Node | None
    metadata: Node | None
    condition: str
    depends_on: tuple[Leaf, ...]


def read_template(path: Path) -> Table:
    """Read a template's file; raises SyntaxFault."""
    root = read_document(path, expand)
    if not isinstance(root, Table):
        raise _no_template(root)
    return root


def _no_template(root: Node) -> SyntaxFault:
    return SyntaxFault("not-cloudformation", "a template is a mapping with Resources", root.line, root.column)


def section(root: Table, name: str, report: Report) -> dict[str, Entry]:
    """Give the entries of a section; none, with an error where it is no mapping."""
    entry = root.entries.get(name)
    if entry is None or (isinstance(entry.value, Leaf) and entry.value.value is None):
        return {}
    if not isinstance(entry.value, Table):
        report.error(entry, "bad-section", f"{name} must be a mapping")
        return {}
    return dict(entry.value.entries)


def text_of(node: Node | None) -> str | None:
    """Give a text, a number or truth value as JSON writes it; None for anything else."""
    if not isinstance(node, Leaf) or node.value is None:
        return None
    if isinstance(node.value, bool):
        return "true" if node.value else "false"
    return str(node.value)


def part(node: Node, name: str) -> Node | None:
    """Give a mapping's value; None where it has none or is no mapping."""
    entry = node.entries.get(name) if isinstance(node, Table) else None
    return entry.value if entry is not None else None


def check_sections(root: Table, report: Report, *, bare: bool = False) -> None:
    """Report what is no section, and sections that are not read.

    Raises SyntaxFault for what is no template: one is without resources only where it is a `bare` one.
    """
    if "Resources" not in root.entries and not bare:
        raise _no_template(root)
    for name, entry in root.entries.items():
        if name not in SECTIONS and name != "Fn::Transform":
            report.error(entry, "unknown-section", f"{name} is no section of a template{nearest(name, SECTIONS)}")
    version = part(root, "AWSTemplateFormatVersion")
    if version is not None and text_of(version) != VERSION:
        report.error(version, "bad-version", f"the only version of templates is {VERSION}")
    if "Hooks" in root.entries:
        report.note(root.entries["Hooks"], "unserved-hooks", "hooks do nothing here")


def declared(listed: Mapping[str, Entry], resolve: Resolve, report: Report) -> dict[str, Declared]:
    """Give the declared resources by logical name; those without a type are reported and left out.

    Raises SyntaxFault where there are too many.
    """
    if len(listed) > USUAL_RESOURCES:
        text = f"{len(listed)} resources; CloudFormation refuses more than {USUAL_RESOURCES}"
        report.warning(next(iter(listed.values())), "too-many-resources", text)
    if len(listed) > MOST_RESOURCES:
        at = next(iter(listed.values()))
        raise SyntaxFault("too-many-resources", f"more than {MOST_RESOURCES} resources", at.line, at.column, at.file)
    made = {}
    for name, entry in listed.items():
        kind = text_of(part(entry.value, "Type"))
        if not isinstance(entry.value, Table) or not kind:
            report.error(entry, "no-type", f"the resource {name} needs a Type")
            continue
        for attribute, value in entry.value.entries.items():
            if attribute not in ATTRIBUTES:
                text = f"a resource has no attribute {attribute}{nearest(attribute, ATTRIBUTES)}; it is ignored"
                report.warning(value, "unknown-attribute", text)
        made[name] = Declared(
            name=name,
            type=kind,
            entry=entry,
            properties=part(entry.value, "Properties"),
            metadata=part(entry.value, "Metadata"),
            condition=_condition(part(entry.value, "Condition"), resolve, report),
            depends_on=_depends_on(part(entry.value, "DependsOn"), resolve, report),
        )
    return made


def _condition(node: Node | None, resolve: Resolve, report: Report) -> str:
    """Give the name of a condition, which a function may give; "" where there is none."""
    made = resolve(node) if isinstance(node, Table) else node
    name = text_of(made)
    if made is not None and name is None:
        report.error(made, "bad-condition", "the Condition of a resource is the name of one")
    return name or ""


def _depends_on(node: Node | None, resolve: Resolve, report: Report) -> tuple[Leaf, ...]:
    items = node.items if isinstance(node, Sequence) else () if node is None else (node,)
    made = []
    for item in items:
        name = resolve(item) if isinstance(item, Table) else item
        if isinstance(name, Leaf) and isinstance(name.value, str):
            made.append(name)
        elif name is not None:
            report.error(item, "bad-depends-on", "DependsOn names resources")
    return tuple(made)
