"""Pulumi's settings files: YAML mappings, each value with its place."""

from collections.abc import Mapping
from pathlib import Path

from inferway.faults import Finding, Findings, Place, Severity
from inferway.formats.document import read_document
from inferway.formats.nodes import Entry, Node, NodePlaces, SyntaxFault, Table, plain


class Settings:
    """A YAML file whose top is a mapping."""

    def __init__(self, file: Path, root: Table) -> None:
        self.file = file
        self._places = NodePlaces(str(file), root)
        self._root = root

    def get(self, key: str) -> object:
        """Give the value of a key as plain JSON; None where it is absent."""
        entry = self._root.entries.get(key)
        return plain(entry.value) if entry else None

    def entries(self, key: str) -> Mapping[str, Entry]:
        """Give the entries of the mapping under a key; none where there is no mapping."""
        entry = self._root.entries.get(key)
        node: Node | None = entry.value if entry else None
        return node.entries if isinstance(node, Table) else {}

    def place(self, *path: str | int) -> Place:
        """Give the place of a value, of its nearest parent where it is absent."""
        return self._places.find(*path)


def read_settings(file: Path | None) -> tuple[Settings | None, Findings]:
    """Read a file; None and a finding where it is no mapping, None alone where there is none."""
    if file is None or not file.is_file():
        return None, ()
    try:
        root = read_document(file)
    except SyntaxFault as fault:
        return None, (fault.finding(str(file)),)
    if not isinstance(root, Table):
        text = f"{file.name} is a mapping"
        place = Place(file=str(file))
        return None, (Finding(severity=Severity.ERROR, code="not-a-mapping", text=text, place=place),)
    return Settings(file, root), ()
