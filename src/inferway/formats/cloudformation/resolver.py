"""Walks a part of a template and replaces every intrinsic function by its value."""

from typing import Final

from inferway.formats.cloudformation import conditions
from inferway.formats.cloudformation.functions import FUNCTIONS
from inferway.formats.cloudformation.loops import PREFIX
from inferway.formats.cloudformation.scope import UNRESOLVED, Scope
from inferway.formats.cloudformation.unresolved import Unresolved
from inferway.formats.nodes import Entry, Leaf, Node, Sequence, Table, sequence, table
from inferway.formats.report import nearest

_ONLY_ELSEWHERE: Final = frozenset({*conditions.FUNCTIONS, *conditions.RULE_FUNCTIONS, *conditions.ACCOUNT_FUNCTIONS})


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
            return sequence(items, node.line, node.column, node.file)
        if any(key == "Ref" or key.startswith("Fn::") for key in node.entries):
            try:
                return self._call(node)
            except Unresolved as unresolved:
                unresolved.tell(self.scope.report)
                return Leaf(value=UNRESOLVED, line=node.line, column=node.column, file=node.file)
        entries = {}
        for key, entry in node.entries.items():
            made = self.resolve(entry.value)
            if made is not None:
                entries[key] = Entry(line=entry.line, column=entry.column, value=made, file=entry.file)
        return table(entries, node.line, node.column, node.file)

    def _leaf(self, leaf: Leaf) -> Leaf:
        if isinstance(leaf.value, str):
            self.scope.spend(len(leaf.value), leaf)
        return leaf

    def _call(self, node: Table) -> Node | None:
        if len(node.entries) != 1:
            functions = [key for key in node.entries if key == "Ref" or key.startswith("Fn::")]
            raise Unresolved("beside-intrinsic", f"nothing may stand beside {functions[0]}", node)
        ((name, entry),) = node.entries.items()
        function = FUNCTIONS.get(name)
        if function is not None:
            return function(self, entry.value)
        if name in _ONLY_ELSEWHERE:
            raise Unresolved("bad-intrinsic", f"{name} stands in conditions and rules only", node)
        if name.startswith(PREFIX):
            raise Unresolved("bad-loop", f"{name} stands in no such place", node)
        raise Unresolved("unknown-intrinsic", f"there is no function {name}{nearest(name, FUNCTIONS)}", node)
