"""How large and how deep a document is with its fragments written out, without writing them out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
)

from inferway.languages.graphql.limits import Limits
from inferway.languages.graphql.problems import Location, Problem


@dataclass(frozen=True, slots=True)
class _Size:
    """Fields in all; levels of fields; levels of fields and fragments."""

    fields: int = 0
    depth: int = 0
    nesting: int = 0


_NOTHING = _Size()


class _Measure:
    def __init__(self, document: DocumentNode) -> None:
        self._fragments = {
            node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)
        }
        self._sizes: dict[str, _Size] = {}
        self._names: dict[str, Counter[str]] = {}
        self._open: set[str] = set()
        self.pairs = 0

    def size(self, selection: SelectionSetNode | None) -> _Size:
        """Measure a selection set; a fragment that leads back to itself counts once (the rules refuse it)."""
        fields = depth = nesting = 0
        for node in selection.selections if selection is not None else ():
            if isinstance(node, FieldNode):
                inner = self.size(node.selection_set)
                fields += 1 + inner.fields
                depth = max(depth, 1 + inner.depth)
            elif isinstance(node, InlineFragmentNode):
                inner = self.size(node.selection_set)
                fields += inner.fields
                depth = max(depth, inner.depth)
            elif isinstance(node, FragmentSpreadNode):
                inner = self._spread(node.name.value)
                fields += inner.fields
                depth = max(depth, inner.depth)
            else:
                continue
            nesting = max(nesting, 1 + inner.nesting)
        if selection is not None:
            self.pairs += sum(count * (count - 1) // 2 for count in self._flat(selection).values())
        return _Size(fields, depth, nesting)

    def _spread(self, name: str) -> _Size:
        known = self._sizes.get(name)
        if known is not None:
            return known
        fragment = self._fragments.get(name)
        if fragment is None or name in self._open:
            return _NOTHING
        self._open.add(name)
        made = self._sizes[name] = self.size(fragment.selection_set)
        self._open.discard(name)
        return made

    def _flat(self, selection: SelectionSetNode) -> Counter[str]:
        """Count the response names of one selection set, each fragment in it once."""
        names: Counter[str] = Counter()
        seen: set[str] = set()
        waiting: list[SelectionSetNode] = [selection]
        while waiting:
            for node in waiting.pop().selections:
                if isinstance(node, FieldNode):
                    names[(node.alias or node.name).value] += 1
                elif isinstance(node, InlineFragmentNode):
                    waiting.append(node.selection_set)
                elif isinstance(node, FragmentSpreadNode) and node.name.value not in seen:
                    seen.add(node.name.value)
                    fragment = self._fragments.get(node.name.value)
                    if fragment is not None:
                        waiting.append(fragment.selection_set)
        return names


def measure(document: DocumentNode, limits: Limits) -> Iterable[Problem]:
    """Give what of a document is beyond the limits: `TooMany` or `TooDeep`, at the operation."""
    counted = _Measure(document)
    for node in document.definitions:
        if isinstance(node, FragmentDefinitionNode):
            size = counted._spread(node.name.value)  # noqa: SLF001 - the same module
        elif isinstance(node, OperationDefinitionNode):
            size = counted.size(node.selection_set)
        else:
            continue
        place = _location(node)
        if size.nesting > limits.nesting:
            yield _beyond("TooDeep", f"{size.nesting} levels, more than {limits.nesting}", limits.nesting, place)
        elif limits.depth and size.depth > limits.depth:
            yield _beyond("TooDeep", f"{size.depth} levels, more than {limits.depth}", limits.depth, place)
        if size.fields > limits.selections:
            yield _beyond("TooMany", f"more than {limits.selections} fields", limits.selections, place)
    if counted.pairs > limits.pairs:
        yield _beyond("TooMany", f"more than {limits.pairs} pairs of fields to compare", limits.pairs, None)


def _beyond(kind: str, text: str, limit: int, place: Location | None) -> Problem:
    return Problem(
        kind=kind,
        message=f"The document has {text}",
        locations=(place,) if place is not None else (),
        detail={"limit": str(limit)},
    )


def _location(node: OperationDefinitionNode | FragmentDefinitionNode) -> Location | None:
    token = node.loc.start_token if node.loc is not None else None
    return Location(line=token.line, column=token.column) if token is not None else None
