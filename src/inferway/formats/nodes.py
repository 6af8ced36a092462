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

    `block` marks a YAML block text, whose lines are lines of the file, each indented up to `column`.
    """

    value: Scalar
    line: int
    column: int
    block: bool = False


class Sequence(msgspec.Struct, frozen=True, kw_only=True):
    """A list of nodes; `values` counts it and all in it, a shared part wherever it is used, `levels` its nesting."""

    items: tuple["Node", ...]
    line: int
    column: int
    values: int
    levels: int


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """A value of a mapping with the place of its key."""

    line: int
    column: int
    value: "Node"


class Table(msgspec.Struct, frozen=True, kw_only=True):
    """A mapping from texts to nodes, measured as a Sequence is."""

    entries: Mapping[str, Entry]
    line: int
    column: int
    values: int
    levels: int


Node = Leaf | Sequence | Table


class SyntaxFault(Exception):  # noqa: N818 - it becomes a Finding
    """The text is no document; line and column are 1-based, 0 where unknown."""

    def __init__(self, code: str, text: str, line: int = 0, column: int = 0) -> None:
        super().__init__(text)
        self.code = code
        self.text = text
        self.line = line
        self.column = column

    def finding(self, file: str) -> Finding:
        """Give the finding that refuses the document."""
        place = Place(file=file, line=self.line, column=self.column)
        return Finding(severity=Severity.ERROR, code=self.code, text=self.text, place=place)


def plain(node: Node) -> object:
    """Give the node as plain JSON data."""
    if isinstance(node, Leaf):
        return node.value
    if isinstance(node, Sequence):
        return [plain(item) for item in node.items]
    return {key: plain(entry.value) for key, entry in node.entries.items()}


def node_of(value: object, line: int, column: int) -> Node:
    """Give plain JSON data as a tree, all of it at one place; raises SyntaxFault where it holds too much."""
    if isinstance(value, Mapping):
        parts = {str(key): Entry(line=line, column=column, value=node_of(value[key], line, column)) for key in value}
        return table(parts, line, column)
    if isinstance(value, list | tuple):
        return sequence(tuple(node_of(item, line, column) for item in value), line, column)
    scalar = value if value is None or isinstance(value, str | int | float | bool) else str(value)
    return Leaf(value=scalar, line=line, column=column)


def sequence(items: tuple[Node, ...], line: int, column: int) -> Sequence:
    """Make a list; raises SyntaxFault where it holds too much."""
    values, levels = _measure(items, line, column)
    return Sequence(items=items, line=line, column=column, values=values, levels=levels)


def table(entries: Mapping[str, Entry], line: int, column: int) -> Table:
    """Make a mapping; raises SyntaxFault where it holds too much."""
    values, levels = _measure([entry.value for entry in entries.values()], line, column)
    return Table(entries=entries, line=line, column=column, values=values, levels=levels)


def too_deep(line: int, column: int) -> SyntaxFault:
    """Give the fault of a container that nests too deep."""
    return SyntaxFault("too-deep", f"more than {DEPTH} levels of nesting", line, column)


def _measure(nodes: Collection[Node], line: int, column: int) -> tuple[int, int]:
    values, levels = 1 + len(nodes), 0
    for node in nodes:
        if not isinstance(node, Leaf):
            values += node.values - 1
            levels = max(levels, node.levels)
    if values > MOST_VALUES:
        raise SyntaxFault("too-many-values", f"more than {MOST_VALUES:,} values, aliases written out", line, column)
    if levels >= DEPTH:
        raise too_deep(line, column)
    return values, levels + 1


class NodePlaces:
    """Places found by walking a tree: of a key for a mapping's value that is no leaf, else of the value."""

    def __init__(self, file: str, root: Node) -> None:
        self._file = file
        self._root = root

    def find(self, *path: str | int) -> Place:
        """Give the place of the value at a path, of its nearest parent where it is absent."""
        line, column, _ = self._walk(path)
        return Place(file=self._file, line=line, column=column)

    def inside(self, line: int, column: int, *path: str | int) -> Place:
        """Give the place of a 1-based line and column within the text at a path.

        Exact in a YAML block text; elsewhere, where escapes and folding hide the lines, the place of the text.
        """
        start, indent, leaf = self._walk(path)
        if leaf is None or not leaf.block or line < 1:
            return Place(file=self._file, line=start, column=indent)
        return Place(file=self._file, line=start + line - 1, column=indent + max(column, 1) - 1)

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

    def _walk(self, path: tuple[str | int, ...]) -> tuple[int, int, Leaf | None]:
        node = self._root
        line, column = node.line, node.column
        for step in path:
            if isinstance(node, Table) and isinstance(step, str) and step in node.entries:
                entry = node.entries[step]
                node = entry.value
                line, column = entry.line, entry.column
            elif isinstance(node, Sequence) and isinstance(step, int) and 0 <= step < len(node.items):
                node = node.items[step]
                line, column = node.line, node.column
            else:
                return line, column, None
            if isinstance(node, Leaf):
                line, column = node.line, node.column
        return line, column, node if isinstance(node, Leaf) else None
