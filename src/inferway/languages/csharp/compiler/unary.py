"""Operators before their operand, and brackets."""

from __future__ import annotations

from typing import Any

from tree_sitter import Node

from inferway.languages.csharp import arithmetic
from inferway.languages.csharp.compiler.compiler import Compiler
from inferway.languages.csharp.compiler.scope import Expr, FrameData, constant
from inferway.languages.csharp.compiler.source import text
from inferway.languages.csharp.dates import TimeSpan
from inferway.languages.csharp.types import BOOL, INTEGRAL, NUMERIC, Type, nullable, underlying


def prefix(c: Compiler, node: Node) -> Expr:
    """`-a`, `+a`, `!a`, `~a`; `++a` is an assignment's matter."""
    operator = text(node.children[0])
    expr = c.expression(node.children[1])
    run, name = expr.run, underlying(expr.type).name
    lifted = expr.type.name == "?"
    if operator == "!" and expr.type == BOOL:
        return Expr(BOOL, lambda f: not run(f))
    if operator == "!" and underlying(expr.type) == BOOL:
        return Expr(expr.type, lambda f: None if (found := run(f)) is None else not found)
    if operator == "-" and expr.type.name == "uint" and expr.is_constant and expr.constant == 2**31:
        return constant(Type("int"), -(2**31))
    if operator == "-" and expr.type.name == "ulong" and expr.is_constant and expr.constant == 2**63:
        return constant(Type("long"), -(2**63))
    if operator in "+-~" and (name in NUMERIC or name == "char") and not (operator == "~" and name not in INTEGRAL):
        target = Type(name if name in ("long", "double", "decimal", "float", "ulong") else "int")
        if name == "uint":
            target = Type("long")
        number = c.convert(expr, nullable(target) if lifted else target, node)
        return _unary(operator, number, target)
    if operator == "-" and name == "TimeSpan":
        return Expr(expr.type, lambda f: TimeSpan(-run(f).ticks))
    raise c.error(node, f"Operator '{operator}' cannot be applied to an operand of type '{expr.type}'")


def _unary(operator: str, number: Expr, target: Type) -> Expr:
    run, name = number.run, target.name
    if operator == "+":
        return number

    def apply(value: Any) -> Any:
        found = -value if operator == "-" else ~value
        return arithmetic.wrap(found, name) if name in INTEGRAL else found

    if number.is_constant:
        return constant(number.type, apply(number.constant))

    def lifted(f: FrameData) -> Any:
        value = run(f)
        return None if value is None else apply(value)

    return Expr(number.type, lifted)


def parenthesized(c: Compiler, node: Node) -> Expr:
    """`(a)`."""
    found = c.expression(next(each for each in node.named_children if each.type != "comment"))
    return Expr(found.type, found.run, found.constant, found.parts)
