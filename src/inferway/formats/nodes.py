"""The tree of a YAML or JSON document, each value with its place."""

from collections.abc import Collection, Mapping
from typing import Final

import msgspec

from inferway.faults import Finding, Place, Severity

DEPTH: Final = 100
"""How many containers may nest."""

MOST_VALUES: Final = 500_000
"""Values in a document with every alias written out, against documents that grow without end."""

Scalar = str | int | float | bool | None


class Leaf(msgspec.Struct, frozen=True, kw_only=True):
    """A text, number, truth value or null; line and column are where its text starts, both 1-based.

    `block` marks a YAML block text, whose lines are lines of the file, each indented up to `column`. `file`, here and
    in every part of a tree, is "" for the document's own; a part that was included from another file names that one.
    """

    value: Scalar
    line: int
    column: int
    block: bool = False
    file: str = ""


class Sequence(msgspec.Struct, frozen=True, kw_only=True):
    """A list of nodes; `values` counts it and all in it, a shared part wherever it is used, `levels` its nesting."""

    items: tuple["Node", ...]
    line: int
    column: int
    values: int
    levels: int
    file: str = ""


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """A value of a mapping with the place of its key."""

    line: int
    column: int
    value: "Node"
    file: str = ""


class Table(msgspec.Struct, frozen=True, kw_only=True):
    """A mapping from texts to nodes, measured as a Sequence is."""

    entries: Mapping[str, Entry]
    line: int
    column: int
    values: int
    levels: int
    file: str = ""


Node = Leaf | Sequence | Table


class SyntaxFault(Exception):  # noqa: N818 - it becomes a Finding
    """The text is no document; line and column are 1-based, 0 where unknown; `file` is as in a Leaf."""

    def __init__(self, code: str, text: str, line: int = 0, column: int = 0, file: str = "") -> None:
        super().__init__(text)
        self.code = code
        self.text = text
        self.line = line
        self.column = column
        self.file = file

    def placed(self, line: int, column: int, file: str) -> "SyntaxFault":
        """Give the same fault at a place."""
        return SyntaxFault(self.code, self.text, line, column, file)

    def finding(self, file: str) -> Finding:
        """Give the finding that refuses the document."""
        place = Place(file=self.file or file, line=self.line, column=self.column)
        return Finding(severity=Severity.ERROR, code=self.code, text=self.text, place=place)


def plain(node: Node) -> object:
    """Give the node as plain JSON data."""
    if isinstance(node, Leaf):
        return node.value
    if isinstance(node, Sequence):
        return [plain(item) for item in node.items]
    return {key: plain(entry.value) for key, entry in node.entries.items()}


def node_of(value: object, line: int, column: int, file: str = "") -> Node:
    """Give plain JSON data as a tree, all of it at one place; raises SyntaxFault where it holds too much."""
    if isinstance(value, Mapping):
        parts = {
            str(key): Entry(line=line, column=column, value=node_of(value[key], line, column, file), file=file)
            for key in value
        }
        return table(parts, line, column, file)
    if isinstance(value, list | tuple):
        return sequence(tuple(node_of(item, line, column, file) for item in value), line, column, file)
    scalar = value if value is None or isinstance(value, str | int | float | bool) else str(value)
    return Leaf(value=scalar, line=line, column=column, file=file)


def sequence(items: tuple[Node, ...], line: int, column: int, file: str = "") -> Sequence:
    """Make a list; raises SyntaxFault where it holds too much."""
    values, levels = _measure(items, line, column, file)
    return Sequence(items=items, line=line, column=column, values=values, levels=levels, file=file)


def table(entries: Mapping[str, Entry], line: int, column: int, file: str = "") -> Table:
    """Make a mapping; raises SyntaxFault where it holds too much."""
    values, levels = _measure([entry.value for entry in entries.values()], line, column, file)
    return Table(entries=entries, line=line, column=column, values=values, levels=levels, file=file)


def included(node: Node, file: str) -> Node:
    """Give a tree that was read from another file as a part of a document."""
    if isinstance(node, Leaf):
        return msgspec.structs.replace(node, file=file)
    if isinstance(node, Sequence):
        items = tuple(included(item, file) for item in node.items)
        return msgspec.structs.replace(node, items=items, file=file)
    entries = {
        key: Entry(line=entry.line, column=entry.column, value=included(entry.value, file), file=file)
        for key, entry in node.entries.items()
    }
    return msgspec.structs.replace(node, entries=entries, file=file)


def too_deep(line: int, column: int, file: str = "") -> SyntaxFault:
    """Give the fault of a container that nests too deep."""
    return SyntaxFault("too-deep", f"more than {DEPTH} levels of nesting", line, column, file)


def _measure(nodes: Collection[Node], line: int, column: int, file: str) -> tuple[int, int]:
    values, levels = 1 + len(nodes), 0
    for node in nodes:
        if not isinstance(node, Leaf):
            values += node.values - 1
            levels = max(levels, node.levels)
    if values > MOST_VALUES:
        text = f"more than {MOST_VALUES:,} values, aliases written out"
        raise SyntaxFault("too-many-values", text, line, column, file)
    if levels >= DEPTH:
        raise too_deep(line, column, file)
    return values, levels + 1


class NodePlaces:
    """Places found by walking a tree: of a key for a mapping's value that is no leaf, else of the value."""

    def __init__(self, file: str, root: Node) -> None:
        self._file = file
        self._root = root

    def find(self, *path: str | int) -> Place:
        """Give the place of the value at a path, of its nearest parent where it is absent."""
        place, _ = self._walk(path)
        return place

    def inside(self, line: int, column: int, *path: str | int) -> Place:
        """Give the place of a 1-based line and column within the text at a path.

        Exact in a YAML block text; elsewhere, where escapes and folding hide the lines, the place of the text.
        """
        place, leaf = self._walk(path)
        if leaf is None or not leaf.block or line < 1:
            return place
        return Place(file=place.file, line=place.line + line - 1, column=place.column + max(column, 1) - 1)

    def node(self, *path: str | int) -> Node | None:
        """Give the node at a path; None where there is none."""
        node = self._root
        for step in path:
            if isinstance(node, Table) and isinstance(step, str) and step in node.entries:
                node = node.entries[step].value
            elif isinstance(node, Sequence) and isinstance(step, int) and 0 <= step < len(node.items):
                node = node.items[step]
            else:
                return None
        return node

    def _walk(self, path: tuple[str | int, ...]) -> tuple[Place, Leaf | None]:
        node = self._root
        at: Node | Entry = node
        for step in path:
            if isinstance(node, Table) and isinstance(step, str) and step in node.entries:
                at = node.entries[step]
                node = at.value
            elif isinstance(node, Sequence) and isinstance(step, int) and 0 <= step < len(node.items):
                at = node = node.items[step]
            else:
                return self._place(at), None
            at = node if isinstance(node, Leaf) else at
        return self._place(at), node if isinstance(node, Leaf) else None

    def _place(self, at: Node | Entry) -> Place:
        return Place(file=at.file or self._file, line=at.line, column=at.column)
