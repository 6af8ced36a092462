"""A template's sections, and what a resource in it says of itself.

Source: Azure Resource Manager, "Understand the structure and syntax of ARM templates" (https://learn.microsoft.com/
azure/azure-resource-manager/templates/syntax).
"""

from typing import Final

from inferway.formats.nodes import Entry, Leaf, Node, Sequence, Table
from inferway.formats.report import Report

SECTIONS: Final = frozenset(
    (
        "$schema",
        "apiProfile",
        "asserts",
        "comments",
        "contentVersion",
        "definitions",
        "extensions",
        "functions",
        "imports",
        "languageVersion",
        "metadata",
        "outputs",
        "parameters",
        "resources",
        "variables",
        "_comments",
    )
)
MANAGING: Final = frozenset(
    ("comments", "condition", "copy", "dependsOn", "existing", "metadata", "resources", "scope", "import", "extension")
)
"""What a resource says to the service that deploys it; the rest is the resource."""


def part(node: Node | Entry | None, *path: str) -> Node | None:
    """Give the node at a path of keys; None where there is none."""
    found = node.value if isinstance(node, Entry) else node
    for key in path:
        entry = found.entries.get(key) if isinstance(found, Table) else None
        found = entry.value if entry is not None else None
    return found


def word(node: Node | None) -> str:
    """Give a text as it is written, "" for anything else."""
    return node.value if isinstance(node, Leaf) and isinstance(node.value, str) else ""


def is_true(node: Node | None) -> bool:
    """Say whether a truth value is written that is true."""
    return isinstance(node, Leaf) and node.value is True


def section(root: Table, name: str, file: str, report: Report) -> dict[str, Entry]:
    """Give the entries of a section; none, with an error where it is no mapping."""
    entry = root.entries.get(name)
    if entry is None or (isinstance(entry.value, Leaf) and entry.value.value is None):
        return {}
    if not isinstance(entry.value, Table):
        report.error(entry, "bad-section", f"{name} must be an object", file)
        return {}
    return dict(entry.value.entries)


def items(node: Node | None) -> tuple[Node, ...]:
    """Give the items of a list, none for anything else."""
    return node.items if isinstance(node, Sequence) else ()
