"""A template's file and sections.

Source: CloudFormation, "Template sections" (https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/
template-anatomy.html).
"""

from typing import Final

import msgspec

from inferway.formats.cloudformation.report import Report, nearest
from inferway.formats.nodes import Entry, Leaf, Node, Sequence, SyntaxFault, Table

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

_BOOTSTRAP_RULE: Final = "CheckBootstrapVersion"
"""A rule that the CDK puts into every template; it asks for a version of what deploys to the cloud."""


class Declared(msgspec.Struct, frozen=True, kw_only=True):
    """A resource as a template declares it; `condition` is "" where it has none."""

    name: str
    type: str
    entry: Entry
    properties: Node | None
    condition: str
    depends_on: tuple[Leaf, ...]


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


def check_sections(root: Table, report: Report) -> None:
    """Report the sections that are not read."""
    for name, entry in root.entries.items():
        if name not in SECTIONS:
            report.error(entry, "unknown-section", f"{name} is no section of a template{nearest(name, SECTIONS)}")
    transform = root.entries.get("Transform")
    if transform is not None:
        listed = transform.value.items if isinstance(transform.value, Sequence) else (transform.value,)
        for item in listed:
            name = text_of(item) or text_of(part(item, "Name")) or "without a name"
            report.error(item, "unserved-transform", f"the transform {name} is not served yet; the template needs it")
    for name, entry in section(root, "Rules", report).items():
        if name != _BOOTSTRAP_RULE:
            report.note(entry, "unserved-rule", f"the rule {name} on parameters is not checked")
    if "Hooks" in root.entries:
        report.note(root.entries["Hooks"], "unserved-hooks", "hooks do nothing here")


def declared(root: Table, report: Report) -> dict[str, Declared]:
    """Give the declared resources by logical name; those without a type are reported and left out.

    Raises SyntaxFault where there are too many.
    """
    made = {}
    listed = section(root, "Resources", report)
    if len(listed) > USUAL_RESOURCES:
        text = f"{len(listed)} resources; CloudFormation refuses more than {USUAL_RESOURCES}"
        report.warning(root.entries["Resources"], "too-many-resources", text)
    if len(listed) > MOST_RESOURCES:
        at = root.entries["Resources"]
        raise SyntaxFault("too-many-resources", f"more than {MOST_RESOURCES} resources", at.line, at.column)
    for name, entry in listed.items():
        if name.startswith("Fn::"):
            report.error(entry, "unserved-intrinsic", f"{name} is not served yet")
            continue
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
            condition=text_of(part(entry.value, "Condition")) or "",
            depends_on=_depends_on(part(entry.value, "DependsOn"), report),
        )
    return made


def _depends_on(node: Node | None, report: Report) -> tuple[Leaf, ...]:
    items = node.items if isinstance(node, Sequence) else () if node is None else (node,)
    made = []
    for item in items:
        if isinstance(item, Leaf) and isinstance(item.value, str):
            made.append(item)
        else:
            report.error(item, "bad-depends-on", "DependsOn names resources")
    return tuple(made)
