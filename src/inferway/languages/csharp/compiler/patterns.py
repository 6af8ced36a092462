"""`is` and `switch`: patterns."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from tree_sitter import Node

from inferway.languages.csharp import arithmetic
from inferway.languages.csharp.compiler.choices import common_type
from inferway.languages.csharp.compiler.compiler import Compiler
from inferway.languages.csharp.compiler.scope import Expr, FrameData, Run, writer
from inferway.languages.csharp.compiler.source import named, need, text
from inferway.languages.csharp.conversions import box
from inferway.languages.csharp.errors import ThrownError
from inferway.languages.csharp.types import BOOL, NULL, OBJECT, Type, is_value_type, underlying

Test = Callable[[FrameData, Any], bool]


def pattern(c: Compiler, node: Node, type_: Type) -> Test:
    """What tests a value of a static type. Raises CompileError."""
    kind = node.type
    if kind in ("discard", "var_pattern"):
        return _var(c, node, type_)
    if kind in ("parenthesized_pattern", "constant_pattern") and named(node)[0].type.endswith("_pattern"):
        return pattern(c, named(node)[0], type_)
    if kind == "negated_pattern":
        inner = pattern(c, named(node)[0], type_)
        return lambda f, value: not inner(f, value)
    if kind in ("and_pattern", "or_pattern"):
        one, two = (pattern(c, each, type_) for each in named(node)[:2])
        if kind == "and_pattern":
            return lambda f, value: one(f, value) and two(f, value)
        return lambda f, value: one(f, value) or two(f, value)
    if kind == "declaration_pattern":
        target = c.type_of_node(need(node, "type"))
        name = node.child_by_field_name("name")
        return _typed(c, node, (type_, target), text(name) if name is not None and name.type == "identifier" else None)
    if kind == "type_pattern":
        return _typed(c, node, (type_, c.type_of_node(named(node)[0])), None)
    if kind == "relational_pattern":
        return _relational(c, node, type_)
    return _constant(c, named(node)[0] if kind == "constant_pattern" else node, type_)


def _var(c: Compiler, node: Node, type_: Type) -> Test:
    name = node.child_by_field_name("name") or (named(node)[-1] if named(node) else None)
    if node.type == "discard" or name is None or text(name) == "_":
        return lambda _f, _value: True
    put = writer(c.scope.declare(text(name), type_), c.level)

    def test(f: FrameData, value: Any) -> bool:
        put(f, value)
        return True

    return test


def _typed(c: Compiler, node: Node, types: tuple[Type, Type], name: str | None) -> Test:
    type_, target = types
    if c.conversions.explicit(type_, target) is None:
        raise c.error(node, f"An expression of type '{type_}' cannot be a '{target}'")
    boxed, check = box(type_), c.universe.is_instance
    if name is None:
        return lambda _f, value: check(boxed(value), target)
    put = writer(c.scope.declare(name, target), c.level)

    def test(f: FrameData, value: Any) -> bool:
        if not check(boxed(value), target):
            return False
        put(f, value)
        return True

    return test


def _relational(c: Compiler, node: Node, type_: Type) -> Test:
    operator = text(node.children[0])
    bound = c.convert(c.expression(named(node)[0]), underlying(type_), node).run([])
    apply = arithmetic.COMPARISONS[operator]
    return lambda _f, value: value is not None and apply(value, bound)


def _constant(c: Compiler, node: Node, type_: Type) -> Test:
    as_type = (
        c.find_type(node) if node.type in ("identifier", "predefined_type", "generic_name", "qualified_name") else None
    )
    if as_type is not None and c.scope.find(text(node)) is None:
        return _typed(c, node, (type_, as_type), None)
    expr = c.expression(node)
    if expr.type == NULL:
        return lambda _f, value: value is None
    found = c.try_convert(expr, underlying(type_))
    if found is None:
        raise c.error(node, f"A value of type '{type_}' is never a '{expr.type}'")
    run, exact = expr.run, expr.type
    if type_ == OBJECT or not is_value_type(type_):
        check = c.universe.is_instance
        return lambda f, value: check(value, exact) and value == run(f)
    converted = found[0].run
    return lambda f, value: bool(value == converted(f))


def is_pattern(c: Compiler, node: Node) -> Expr:
    """`a is pattern`."""
    expr = c.expression(need(node, "expression"))
    test, run = pattern(c, need(node, "pattern"), expr.type), expr.run
    return Expr(BOOL, lambda f: test(f, run(f)))


def is_type(c: Compiler, node: Node) -> Expr:
    """`a is T`, which may also be a constant."""
    expr = c.expression(need(node, "left"))
    test, run = pattern(c, need(node, "right"), expr.type), expr.run
    return Expr(BOOL, lambda f: test(f, run(f)))


def switch_expression(c: Compiler, node: Node) -> Expr:
    """`a switch { p => b, … }`."""
    parts = named(node)
    value = c.expression(parts[0])
    arms: list[tuple[Test, Run | None, Expr]] = []
    for arm in parts[1:]:
        if arm.type != "switch_expression_arm":
            continue
        with c.block():
            pieces = named(arm)
            test = pattern(c, pieces[0], value.type)
            guard = next((each for each in pieces if each.type == "when_clause"), None)
            when = c.convert(c.expression(named(guard)[0]), BOOL, guard).run if guard is not None else None
            arms.append((test, when, c.expression(pieces[-1])))
    type_ = common_type(c, node, [each[2] for each in arms])
    rules = tuple((test, when, c.convert(expr, type_, node).run) for test, when, expr in arms)
    run, offset = value.run, node.start_byte

    def choose(f: FrameData) -> Any:
        found = run(f)
        for test, when, result in rules:
            if test(f, found) and (when is None or when(f)):
                return result(f)
        error = ThrownError(
            "System.Runtime.CompilerServices.SwitchExpressionException",
            "Non-exhaustive switch expression failed to match its input.",
        )
        error.offset = offset
        raise error

    return Expr(type_, choose)


RULES: Final = {
    "is_pattern_expression": is_pattern,
    "is_expression": is_type,
    "switch_expression": switch_expression,
}
