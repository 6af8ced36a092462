"""What `configuration.<environment>.yaml` changes of the artifacts.

Source: APIOps CLI, "Environment Overrides" (https://github.com/Azure/apiops-cli/blob/main/docs/guides/
environment-overrides.md); APIOps Toolkit, configuration.prod.yaml.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from inferway.faults import Finding, Place, Severity
from inferway.formats.cursor import Report
from inferway.formats.document import parse_document, read_text
from inferway.formats.nodes import Entry, Leaf, Node, NodePlaces, Sequence, SyntaxFault, Table, plain, table

_TOKEN: Final = re.compile(r"\{#\[?\s*([A-Za-z0-9_.-]{1,128})\s*\]?#\}")
_NAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,49}")
_CONTENT: Final = re.compile(r"^\s*[^\s#]", re.MULTILINE)
"""What a file holds that is more than space and comments."""

_OWN: Final = ("name", "properties")
_DEEPEST: Final = 8


class Overrides:
    """One file of overrides, or none. Tokens `{#NAME#}` in it are parameters."""

    def __init__(self, path: Path | None, parameters: Mapping[str, str], report: Report) -> None:
        self.path = path
        self._report = report
        self._used: set[int] = set()
        self._root: Node | None = None
        if path is not None:
            self._root = self._read(path, parameters)

    @property
    def service(self) -> str:
        """The name of the service, "" where none is given or none is filled in."""
        name = _leaf(_entry(self._root, "apimServiceName"))
        return name if _NAME.fullmatch(name) else ""

    def of(self, *path: tuple[str, str]) -> Table | None:
        """Give what is overridden of an artifact, by sections and names from the outermost in: `properties`."""
        node = self._root
        for key, name in path:
            node = next(
                (item for item in _items(_entry(node, key)) if _leaf(_entry(item, "name")).lower() == name.lower()),
                None,
            )
            if node is None:
                return None
            self._used.add(id(node))
        properties = _entry(node, "properties")
        if not isinstance(properties, Table):
            return None
        entry = Entry(line=properties.line, column=properties.column, value=properties)
        return table({"properties": entry}, properties.line, properties.column)

    def check(self) -> None:
        """Report overrides of artifacts that are not there, and what of them changes nothing."""
        for name, node in _named(self._root, 0):
            for key, entry in node.entries.items() if isinstance(node, Table) else ():
                if key not in _OWN and not isinstance(entry.value, Sequence):
                    text = f"{key} of {name} changes nothing here; what overrides an artifact stands below properties"
                    self._say("bad-override", text, entry.value)
            if id(node) not in self._used:
                text = f"it overrides {name}, which is no artifact here; names of artifacts are those of their folders"
                self._say("unmatched-override", text, node)

    def places(self, properties: Table) -> NodePlaces:
        """Give the places of what `of` gave."""
        return NodePlaces(str(self.path), properties)

    def _read(self, path: Path, parameters: Mapping[str, str]) -> Node | None:
        try:
            text = read_text(path)
            for found in dict.fromkeys(_TOKEN.finditer(text)):
                if found[1] not in parameters:
                    line = text.count("\n", 0, found.start()) + 1
                    said = f"the token {found[1]} has no value; give --param {found[1]}=VALUE"
                    place = Place(file=str(path), line=line)
                    self._report[Finding(severity=Severity.WARNING, code="no-token-value", text=said, place=place)] = (
                        None
                    )
            if not _CONTENT.search(text):
                return None
            return parse_document(_TOKEN.sub(lambda found: parameters.get(found[1], found[0]), text))
        except SyntaxFault as fault:
            self._report[fault.finding(str(path))] = None
            return None

    def _say(self, code: str, text: str, node: Node) -> None:
        place = Place(file=str(self.path), line=node.line, column=node.column)
        self._report[Finding(severity=Severity.WARNING, code=code, text=text, place=place)] = None


def merged(left: Mapping[str, object], right: Mapping[str, object]) -> dict[str, object]:
    """Give a mapping with another one in it, deep; lists are replaced."""
    made = dict(left)
    for key, value in right.items():
        there = made.get(key)
        made[key] = merged(there, value) if isinstance(there, Mapping) and isinstance(value, Mapping) else value
    return made


def as_mapping(node: Node) -> dict[str, object]:
    """Give a mapping's plain data, an empty one for anything else."""
    value = plain(node)
    return value if isinstance(value, dict) else {}


def _entry(node: Node | None, key: str) -> Node | None:
    entry = node.entries.get(key) if isinstance(node, Table) else None
    return entry.value if entry is not None else None


def _items(node: Node | None) -> tuple[Node, ...]:
    return node.items if isinstance(node, Sequence) else ()


def _leaf(node: Node | None) -> str:
    return str(node.value) if isinstance(node, Leaf) and node.value is not None else ""


def _named(node: Node | None, level: int) -> Iterator[tuple[str, Node]]:
    """Give each entry of each section that has a name."""
    if not isinstance(node, Table) or level > _DEEPEST:
        return
    for key, entry in node.entries.items():
        for item in _items(entry.value) if key != "properties" else ():
            name = _leaf(_entry(item, "name"))
            if name:
                yield f"{key}/{name}", item
                yield from _named(item, level + 1)
