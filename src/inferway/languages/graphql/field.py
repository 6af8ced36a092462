"""A field of a document as its resolver sees it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from typing import Any

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLResolveInfo,
    InlineFragmentNode,
    SelectionSetNode,
    get_named_type,
    print_ast,
)

MOST_SELECTED = 20_000
"""Paths that one field's selection may come to; the rest is left out."""


class FieldCall:
    """One field's value, asked for: its arguments, the object that has the field, and the field's place in the query.

    `errors` takes errors that go out beside the value.
    """

    __slots__ = ("_info", "arguments", "context", "errors", "source")

    def __init__(self, source: Any, info: GraphQLResolveInfo[Any], arguments: dict[str, Any], context: Any) -> None:
        self._info = info
        self.source = source
        self.arguments = arguments
        self.context = context
        self.errors: list[Exception] = []

    @property
    def name(self) -> str:
        """The field's name in the schema."""
        return self._info.field_name

    @property
    def parent(self) -> str:
        """The name of the type that has the field."""
        return self._info.parent_type.name

    @property
    def type(self) -> str:
        """The name of the field's own type, without its wrappers."""
        return get_named_type(self._info.return_type).name

    @property
    def variables(self) -> dict[str, Any]:
        """The operation's variables, coerced."""
        return self._info.variable_values.coerced

    def selected(self) -> tuple[str, ...]:
        """What is selected below the field, as paths of names with slashes between, each once."""
        found: dict[str, None] = {}
        for node in self._info.field_nodes:
            for path in self._paths(node.selection_set, "", ()):
                found[path] = None
                if len(found) >= MOST_SELECTED:
                    return tuple(found)
        return tuple(found)

    def selection_text(self) -> str:
        """The field's selection set as GraphQL, fragments by their names; "" for a leaf."""
        return "\n".join(print_ast(node.selection_set) for node in self._info.field_nodes if node.selection_set)

    def filtered(self, value: Any) -> Any:
        """The value with only what the query selects of it."""
        selections = [node.selection_set for node in self._info.field_nodes if node.selection_set is not None]
        return self._filter(value, selections) if selections else value

    def _filter(self, value: Any, selections: list[SelectionSetNode]) -> Any:
        if isinstance(value, list):
            return [self._filter(item, selections) for item in value]
        if not isinstance(value, dict):
            return value
        made: dict[str, Any] = {}
        for node in self._fields(selections, ()):
            name = node.name.value
            if name in value:
                inner = [node.selection_set] if node.selection_set is not None else []
                made[name] = self._filter(value[name], inner) if inner else value[name]
        return made

    def _fields(self, selections: list[SelectionSetNode], seen: tuple[str, ...]) -> Iterator[FieldNode]:
        for selection in selections:
            for node in selection.selections:
                if isinstance(node, FieldNode):
                    yield node
                    continue
                inner, names = self._inside(node, seen)
                if inner is not None:
                    yield from self._fields([inner], names)

    def _inside(self, node: Any, seen: tuple[str, ...]) -> tuple[SelectionSetNode | None, tuple[str, ...]]:
        if isinstance(node, InlineFragmentNode):
            return node.selection_set, seen
        if isinstance(node, FragmentSpreadNode) and node.name.value not in seen:
            fragment: FragmentDefinitionNode | None = self._info.fragments.get(node.name.value)
            if fragment is not None:
                return fragment.selection_set, (*seen, node.name.value)
        return None, seen

    def _paths(self, selection: SelectionSetNode | None, prefix: str, seen: tuple[str, ...]) -> Iterator[str]:
        for node in selection.selections if selection is not None else ():
            if isinstance(node, FieldNode):
                path = prefix + (node.alias or node.name).value
                yield path
                yield from self._paths(node.selection_set, f"{path}/", seen)
            else:
                inner, names = self._inside(node, seen)
                yield from self._paths(inner, prefix, names)


Resolver = Callable[[FieldCall], Awaitable[Any]]
"""Makes a field's value. What it raises is a Problem of kind `Resolver` with the exception as its cause."""
