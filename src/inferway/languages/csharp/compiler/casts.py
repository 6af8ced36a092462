"""`(T)a` and `a as T`."""

from __future__ import annotations

from typing import Any

from tree_sitter import Node

from inferway.languages.csharp.compiler.compiler import Compiler, mark
from inferway.languages.csharp.compiler.scope import Expr, FrameData, constant
from inferway.languages.csharp.compiler.source import need
from inferway.languages.csharp.conversions import identity
from inferway.languages.csharp.types import NUMERIC, Type, is_value_type


def cast(c: Compiler, node: Node) -> Expr:
    """`(T)a`."""
    target = c.type_of_node(need(node, "type"))
    return cast_to(c, node, c.expression(need(node, "value")), target)


def cast_to(c: Compiler, node: Node, expr: Expr, target: Type) -> Expr:
    """An expression by an explicit conversion. Raises CompileError."""
    if expr.type == target:
        return Expr(target, expr.run, expr.constant)
    convert = c.conversions.explicit(expr.type, target)
    if convert is None and expr.is_constant:
        small = c.try_convert(expr, target)
        if small is not None:
            return small[0]
    if convert is None:
        raise c.error(node, f"Cannot convert type '{expr.type}' to '{target}'")
    if convert is identity:
        return Expr(target, expr.run, expr.constant)
    run, apply, offset = expr.run, convert, node.start_byte

    def casting(f: FrameData) -> Any:
        try:
            return apply(run(f))
        except Exception as error:
            mark(error, offset)
            raise

    if expr.is_constant and target.name in NUMERIC:
        return constant(target, apply(expr.constant))
    return Expr(target, casting)


def as_expression(c: Compiler, node: Node) -> Expr:
    """`a as T`."""
    expr, target = c.expression(need(node, "left")), c.type_of_node(need(node, "right"))
    if is_value_type(target) and target.name != "?":
        raise c.error(node, f"The as operator needs a reference or nullable type, not '{target}'")
    if c.conversions.explicit(expr.type, target) is None:
        raise c.error(node, f"Cannot convert type '{expr.type}' to '{target}'")
    run, check = expr.run, c.universe.is_instance

    def testing(f: FrameData) -> Any:
        value = run(f)
        return value if check(value, target) else None

    return Expr(target, testing)
