"""Validation by the specification's rules, each Problem named by its rule and holding the names that it is about."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from graphql import (
    ArgumentNode,
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    GraphQLError,
    Node,
    NoSchemaIntrospectionCustomRule,
    ObjectFieldNode,
    TypeInfo,
    TypeInfoVisitor,
    ValidationContext,
    VariableNode,
    Visitor,
    get_named_type,
    specified_rules,
    visit,
)
from graphql.language.visitor import ParallelVisitor

from inferway.languages.graphql.problems import Location, Problem
from inferway.languages.graphql.schema import Schema

_RULES = tuple(rule for rule in specified_rules if "Stream" not in rule.__name__ and "Defer" not in rule.__name__)


class _TooManyError(Exception):
    """Enough errors were found."""


class _Trail:
    """The names of the fields and fragments around the node that is visited, and the argument that it is in."""

    def __init__(self) -> None:
        self.names: list[str] = []
        self.argument: list[str] = []
        self.value: Node | None = None
        self.variables: dict[int, tuple[str, ...]] = {}


class _Enter(Visitor):
    """Goes before the rules."""

    def __init__(self, trail: _Trail) -> None:
        super().__init__()
        self._trail = trail

    def enter(self, node: Node, *_: Any) -> None:
        if isinstance(node, FieldNode | FragmentDefinitionNode):
            self._trail.names.append(node.name.value)
        elif isinstance(node, ArgumentNode):
            self._trail.argument = [node.name.value]
            self._trail.value = node.value
        elif isinstance(node, ObjectFieldNode):
            self._trail.argument.append(f".{node.name.value}")
        elif isinstance(node, VariableNode):
            self._trail.variables[id(node)] = tuple(self._trail.names)


class _Leave(Visitor):
    """Goes after the rules."""

    def __init__(self, trail: _Trail) -> None:
        super().__init__()
        self._trail = trail

    def leave(self, node: Node, *_: Any) -> None:
        if isinstance(node, FieldNode | FragmentDefinitionNode):
            self._trail.names.pop()
        elif isinstance(node, ArgumentNode):
            self._trail.argument, self._trail.value = [], None
        elif isinstance(node, ObjectFieldNode):
            self._trail.argument.pop()


class _Collector:
    def __init__(self, types: TypeInfo, most: int) -> None:
        self.found: list[Problem] = []
        self.trail = _Trail()
        self._types = types
        self._most = most

    def add(self, rule: str, error: GraphQLError) -> None:
        if len(self.found) >= self._most:
            raise _TooManyError
        nodes = error.nodes or []
        self.found.append(
            Problem(
                kind=rule,
                message=error.message,
                locations=tuple(Location(line=place.line, column=place.column) for place in error.locations or ()),
                trail=self._trail_of(nodes),
                detail=self._detail(nodes[0] if nodes else None),
                nodes=(*nodes, self.trail.value) if self.trail.value is not None else tuple(nodes),
            )
        )

    def _trail_of(self, nodes: Sequence[Node]) -> tuple[str, ...]:
        """Give the names around the error; rules about variables speak only where the operation ends."""
        for node in reversed(nodes):
            if id(node) in self.trail.variables:
                return self.trail.variables[id(node)]
        return tuple(self.trail.names)

    def _detail(self, node: Node | None) -> dict[str, str]:
        """Give the names about a node: its own, the types around it, and its text (at most 1,000 characters)."""
        types, detail = self._types, {}
        parent, own, given = types.get_parent_type(), types.get_type(), types.get_input_type()
        if parent is not None:
            detail["parent"] = parent.name
        if own is not None:
            detail["type"] = get_named_type(own).name
            detail["wrapped"] = str(own)
        if given is not None:
            detail["input"] = str(given)
            detail["named_input"] = get_named_type(given).name
        if self.trail.argument:
            detail["argument"] = "".join(self.trail.argument)
        name = getattr(getattr(node, "name", None), "value", None)
        if name is not None:
            detail["name"] = name
        if node is not None:
            detail["node"] = type(node).__name__
        return detail


def validate(schema: Schema, document: DocumentNode, *, introspection: bool, most: int) -> tuple[Problem, ...]:
    """Give what is wrong with a document, at most `most` problems; none where it may be executed."""
    types = TypeInfo(schema.core)
    collector = _Collector(types, most)
    rules = _RULES if introspection else (*_RULES, NoSchemaIntrospectionCustomRule)
    visitors: list[Visitor] = [_Enter(collector.trail)]
    for rule in rules:
        report: Callable[[GraphQLError], None] = partial(collector.add, rule.__name__.removesuffix("Rule"))
        visitors.append(rule(ValidationContext(schema.core, document, types, report, hide_suggestions=True)))
    visitors.append(_Leave(collector.trail))
    try:
        visit(document, TypeInfoVisitor(types, ParallelVisitor(visitors)))
    except _TooManyError:
        pass
    except RecursionError:
        problem = Problem(kind="TooDeep", message="The document is nested too deeply")
        return (*collector.found, problem)
    return tuple(collector.found)
