"""Walks a part of a template and replaces every intrinsic function by its value."""

from typing import Final

from inferway.formats.cloudformation import conditions
from inferway.formats.cloudformation.functions import FUNCTIONS, UNSERVED
from inferway.formats.cloudformation.report import Unresolved, nearest
from inferway.formats.cloudformation.scope import UNRESOLVED, Scope
from inferway.formats.nodes import Entry, Leaf, Node, Sequence, Table, sequence, table

_DYNAMIC: Final = "{{resolve:"


class TreeResolver:
    """Resolves with the names of one scope; a value that cannot be resolved is reported, and a placeholder put."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope

    def resolve(self, node: Node) -> Node | None:
        """Give a part with all functions in it replaced; None where it is AWS::NoValue."""
        if isinstance(node, Leaf):
            return self._leaf(node)
        self.scope.spend(0, node)
        if isinstance(node, Sequence):
            items = tuple(made for made in map(self.resolve, node.items) if made is not None)
            return sequence(items, node.line, node.column)
        if any(key == "Ref" or key.startswith("Fn::") for key in node.entries):
            try:
                return self._call(node)
            except Unresolved as unresolved:
                if unresolved.code:
                    self.scope.report.error(unresolved.at, unresolved.code, unresolved.text)
                return Leaf(value=UNRESOLVED, line=node.line, column=node.column)
        entries = {}
        for key, entry in node.entries.items():
            made = self.resolve(entry.value)
            if made is not None:
                entries[key] = Entry(line=entry.line, column=entry.column, value=made)
        return table(entries, node.line, node.column)

    def _leaf(self, leaf: Leaf) -> Leaf:
        if isinstance(leaf.value, str):
            self.scope.spend(len(leaf.value), leaf)
            if _DYNAMIC in leaf.value:
                text = "dynamic references are not served yet; the text stays as it is"
                self.scope.report.warning(leaf, "unserved-dynamic-reference", text)
        return leaf

    def _call(self, node: Table) -> Node | None:
        if len(node.entries) != 1:
            functions = [key for key in node.entries if key == "Ref" or key.startswith("Fn::")]
            raise Unresolved("beside-intrinsic", f"nothing may stand beside {functions[0]}", node)
        ((name, entry),) = node.entries.items()
        function = FUNCTIONS.get(name)
        if function is not None:
            return function(self, entry.value)
        if name in conditions.FUNCTIONS:
            raise Unresolved("bad-intrinsic", f"{name} stands in conditions only", node)
        if name in UNSERVED or name.startswith("Fn::ForEach::"):
            raise Unresolved("unserved-intrinsic", f"{name} is not served yet", node)
        known = nearest(name, [*FUNCTIONS, *conditions.FUNCTIONS])
        raise Unresolved("unknown-intrinsic", f"there is no function {name}{known}", node)
