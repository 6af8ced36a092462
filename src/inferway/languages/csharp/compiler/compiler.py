"""The compiler's centre: dispatches nodes to the functions of the other files, converts, and keeps the scope."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final, NoReturn

from tree_sitter import Node

from inferway.languages.csharp.compiler.scope import Expr, Frame, Run, Scope, constant
from inferway.languages.csharp.compiler.source import named, text
from inferway.languages.csharp.conversions import Conversions, identity
from inferway.languages.csharp.errors import CompileError, LimitError, Missing, ThrownError
from inferway.languages.csharp.limits import Limits
from inferway.languages.csharp.types import ENUMS, INT, INTEGRAL, NULL, Type, nullable, simple_name
from inferway.languages.csharp.universe import Universe

ExpressionRule = Callable[["Compiler", Node], Expr]
StatementRule = Callable[["Compiler", Node], Run]
_NAMES: Final = re.compile(r"[A-Za-z_][\w.]*")


class Compiler:
    """One expression's compilation."""

    def __init__(
        self,
        universe: Universe,
        limits: Limits,
        expressions: Mapping[str, ExpressionRule],
        statements: Mapping[str, StatementRule],
    ) -> None:
        self.universe = universe
        self.conversions = Conversions(universe)
        self.limits = limits
        self._expressions = expressions
        self._statements = statements
        self._depth = 0
        self.scope = Scope(Frame(0))
        self.returns: list[Expr] = []
        self.lambdas: dict[Any, Any] = {}
        self.roots: tuple[str, ...] = ()
        self.generics: Mapping[str, tuple[str, str]] = {}

    @property
    def level(self) -> int:
        """The level of the frame that code being compiled runs in."""
        return self.scope.frame.level

    def error(self, node: Node, message: str, missing: Missing | None = None) -> CompileError:
        """The error for a node; `missing` is what there is none of here."""
        return CompileError(message, node.start_byte, missing)

    def unsupported(self, node: Node, message: str) -> CompileError:
        """The error for a node that is C#, but of a kind that is not compiled here, or too much of it."""
        return CompileError(message, node.start_byte, Missing())

    def expression(self, node: Node) -> Expr:
        """Compiles an expression. Raises CompileError."""
        rule = self._expressions.get(node.type)
        if rule is None:
            raise self.unsupported(node, f"Not supported: {node.type.replace('_', ' ')} {text(node)[:40]!r}")
        with self._nested(node):
            return rule(self, node)

    def statement(self, node: Node) -> Run:
        """Compiles a statement. Raises CompileError."""
        rule = self._statements.get(node.type)
        if rule is None:
            raise self.unsupported(node, f"Not supported: {node.type.replace('_', ' ')} {text(node)[:40]!r}")
        with self._nested(node):
            return rule(self, node)

    @contextmanager
    def _nested(self, node: Node) -> Iterator[None]:
        self._depth += 1
        if self._depth > self.limits.nesting:
            raise self.unsupported(node, f"The expression is nested more than {self.limits.nesting} deep")
        try:
            yield
        finally:
            self._depth -= 1

    @contextmanager
    def block(self) -> Iterator[Scope]:
        """A block's own names."""
        outer = self.scope
        self.scope = Scope(outer.frame, outer)
        try:
            yield self.scope
        finally:
            self.scope = outer

    @contextmanager
    def frame(self) -> Iterator[Frame]:
        """A frame of its own."""
        outer = self.scope
        self.scope = Scope(Frame(outer.frame.level + 1), outer)
        try:
            yield self.scope.frame
        finally:
            self.scope = outer

    def convert(self, expr: Expr, target: Type, node: Node) -> Expr:
        """An expression as one of another type, by an implicit conversion. Raises CompileError."""
        found = self.try_convert(expr, target)
        if found is None:
            raise self.error(node, f"Cannot implicitly convert type '{expr.type}' to '{target}'")
        return found[0]

    def try_convert(self, expr: Expr, target: Type) -> tuple[Expr, int] | None:
        """As `convert`, with how far apart the types are; None where there is no such conversion."""
        if expr.type == target:
            return expr, 0
        small = self._constant_fits(expr, target)
        if small is not None:
            return small, 3
        found = self.conversions.implicit(expr.type, target)
        if found is None:
            return None
        convert, distance = found
        if convert is identity:
            return Expr(target, expr.run, expr.constant, expr.parts), distance
        if expr.is_constant and expr.type != NULL:
            return constant(target, convert(expr.constant)), distance
        run = expr.run
        return Expr(target, lambda f: convert(run(f))), distance

    def _constant_fits(self, expr: Expr, target: Type) -> Expr | None:
        if expr.type != INT or not expr.is_constant:
            return None
        if target.name in INTEGRAL and target.name != "long":
            low, high = INTEGRAL[target.name]
            return constant(target, expr.constant) if low <= expr.constant <= high else None
        if target.name in ENUMS and expr.constant == 0:
            convert = self.conversions.explicit(INT, target)
            return constant(target, convert(0)) if convert else None
        return None

    def type_of_node(self, node: Node) -> Type:
        """The type that a type's node names. Raises CompileError for one that is not known."""
        found = self.find_type(node)
        if found is None:
            raise self.unknown_type(node, text(node))
        return found

    def unknown_type(self, node: Node, written: str) -> CompileError:
        """The error for a type, as it is written, that there is none of, or none of what stands within its `< >`."""
        names = [simple_name(each) for each in _NAMES.findall(written)]
        missing = next((each for each in names if self.universe.table(each) is None), written)
        return self.error(node, f"The type '{written}' is not known or not allowed", Missing(type=missing))

    def find_type(self, node: Node) -> Type | None:
        """The type that a node names, None when it names none."""
        kind = node.type
        if kind in (
            "identifier",
            "predefined_type",
            "qualified_name",
            "alias_qualified_name",
            "member_access_expression",
        ):
            return self._simple_type(text(node))
        if kind == "generic_name":
            arguments = [each for child in named(node) if child.type == "type_argument_list" for each in named(child)]
            found = tuple(self.find_type(each) for each in arguments)
            known = tuple(each for each in found if each is not None)
            made = Type(simple_name(text(named(node)[0])), known)
            made = nullable(known[0]) if made.name == "Nullable" and len(known) == 1 else made
            return made if len(known) == len(found) and self.universe.knows(made) else None
        if kind == "nullable_type":
            inner = self.find_type(named(node)[0])
            return None if inner is None else nullable(inner)
        if kind == "array_type":
            inner = self.find_type(named(node)[0])
            return None if inner is None else Type("[]", (inner,))
        return None

    def _simple_type(self, name: str) -> Type | None:
        found = Type(simple_name("".join(name.split())))
        if found.name in ("var", "dynamic", "void"):
            return None
        table = self.universe.table(found.name)
        return found if table is not None and not table.class_.parameters else None


def mark(error: BaseException, offset: int) -> None:
    """Notes where an exception came up, unless that is known already."""
    if isinstance(error, ThrownError | LimitError):
        if error.offset < 0:
            error.offset = offset
    elif not hasattr(error, "csharp_offset"):
        error.csharp_offset = offset  # type: ignore[attr-defined]  # on an exception of another library


def fail(error: ThrownError, offset: int) -> NoReturn:
    """Throws at a place."""
    error.offset = offset
    raise error
