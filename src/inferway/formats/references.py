"""`$ref` within one document (RFC 6901, https://spec.openapis.org/oas/v3.0.4.html#reference-object)."""

from typing import Final
from urllib.parse import unquote

from inferway.faults import Finding, Findings, Place, Severity
from inferway.formats.nodes import DEPTH, Entry, Leaf, Node, Sequence, Table, sequence, table, too_deep

_KEPT: Final = ("#/components/schemas/", "#/definitions/")
"""References to schemas stay: schemas may be recursive, and a dialect needs their names."""

_DATA: Final = frozenset({"example", "examples", "enum"})
"""Keys whose values are data, in which a `$ref` is not a reference."""

_BESIDE: Final = frozenset({"$ref", "summary", "description"})


def resolve_references(root: Node, file: str) -> tuple[Node, Findings]:
    """Give the tree with each local reference, but those to schemas, replaced by what it names.

    A reference that is external, names nothing, or leads back to itself becomes an empty mapping with an error.
    Raises SyntaxFault where the result would grow past the bounds of a document.
    """
    resolver = _Resolver(root, file)
    return resolver.resolve(root, 0), tuple(resolver.findings)


def pointed(root: Node, pointer: str) -> Node | None:
    """Give the node at `#/a/b`, None where nothing stands there."""
    if not pointer.startswith("#"):
        return None
    node: Node = root
    for part in unquote(pointer[1:]).split("/")[1:]:
        name = part.replace("~1", "/").replace("~0", "~")
        if isinstance(node, Table) and name in node.entries:
            node = node.entries[name].value
        elif isinstance(node, Sequence) and name.isascii() and name.isdigit() and int(name[:9]) < len(node.items):
            node = node.items[int(name[:9])]
        else:
            return None
    return node


class _Resolver:
    """Rewrites the tree, each target once."""

    def __init__(self, root: Node, file: str) -> None:
        self.findings: list[Finding] = []
        self._root = root
        self._file = file
        self._made: dict[str, Node] = {}
        self._active: set[str] = set()

    def resolve(self, node: Node, level: int) -> Node:
        if isinstance(node, Leaf):
            return node
        if level > DEPTH:
            raise too_deep(node.line, node.column, node.file)
        if isinstance(node, Sequence):
            items = tuple(self.resolve(item, level + 1) for item in node.items)
            return sequence(items, node.line, node.column, node.file)
        reference = node.entries.get("$ref")
        if reference is not None and isinstance(reference.value, Leaf) and isinstance(reference.value.value, str):
            return self._replaced(node, reference.value, reference.value.value, level)
        entries = {key: self._entry(key, entry, level) for key, entry in node.entries.items()}
        return table(entries, node.line, node.column, node.file)

    def _entry(self, key: str, entry: Entry, level: int) -> Entry:
        if key in _DATA or isinstance(entry.value, Leaf):
            return entry
        return Entry(line=entry.line, column=entry.column, value=self.resolve(entry.value, level + 1), file=entry.file)

    def _replaced(self, node: Table, at: Leaf, pointer: str, level: int) -> Node:
        nothing = table({}, node.line, node.column, node.file)
        if pointer in self._made:
            return self._made[pointer]
        if not pointer.startswith("#"):
            self._report("external-reference", f"{pointer!r} stands outside of this document; it is not read", at)
            return nothing
        target = pointed(self._root, pointer)
        if target is None:
            self._report("dangling-reference", f"nothing stands at {pointer!r}", at)
            return nothing
        if pointer.startswith(_KEPT):
            return node
        if pointer in self._active:
            self._report("circular-reference", f"{pointer!r} leads back to itself", at)
            return nothing
        if beside := sorted(node.entries.keys() - _BESIDE):
            self._report("beside-reference", f"ignored beside $ref: {', '.join(beside)}", at, Severity.WARNING)
        self._active.add(pointer)
        made = self._made[pointer] = self.resolve(target, level + 1)
        self._active.remove(pointer)
        return made

    def _report(self, code: str, text: str, at: Leaf, severity: Severity = Severity.ERROR) -> None:
        place = Place(file=at.file or self._file, line=at.line, column=at.column)
        self.findings.append(Finding(severity=severity, code=code, text=text, place=place))
