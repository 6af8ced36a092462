"""Operators with two sides: which one a pair of types has."""

from __future__ import annotations

from typing import Any, Final

from tree_sitter import Node

from inferway.languages.csharp import arithmetic
from inferway.languages.csharp.compiler.casts import as_expression, cast
from inferway.languages.csharp.compiler.choices import coalesce, conditional
from inferway.languages.csharp.compiler.compiler import Compiler
from inferway.languages.csharp.compiler.date_operators import DATES, date_operator
from inferway.languages.csharp.compiler.equality import equality, logical_bits
from inferway.languages.csharp.compiler.literals import as_text, joined
from inferway.languages.csharp.compiler.numbers import EQUALITY, numeric, promoted
from inferway.languages.csharp.compiler.scope import Expr, Run, constant
from inferway.languages.csharp.compiler.source import need, text
from inferway.languages.csharp.compiler.throws import throw_expression
from inferway.languages.csharp.compiler.unary import parenthesized, prefix
from inferway.languages.csharp.errors import ThrownError
from inferway.languages.csharp.types import BOOL, ENUMS, INTEGRAL, NUMERIC, STRING, VOID, Type, underlying

_BITS: Final = frozenset({"&", "|", "^"})


def binary_expression(c: Compiler, node: Node) -> Expr:
    """`a op b`; a chain to the left is taken in one go, so that long concatenations do not nest."""
    chain = [node]
    left = need(node, "left")
    while left.type == "binary_expression":
        chain.append(left)
        left = need(left, "left")
    if len(chain) > 150 and any(text(need(each, "operator")) != "+" for each in chain):
        raise c.unsupported(node, "More than 150 operators in a row")
    found = c.expression(left)
    for each in reversed(chain):
        found = binary(c, each, found, text(need(each, "operator")))
    return found


def binary(c: Compiler, node: Node, left: Expr, operator: str) -> Expr:
    """One operator with its left side compiled."""
    right_node = need(node, "right")
    if operator == "??":
        return coalesce(c, node, left, right_node)
    return combine(c, node, operator, left, c.expression(right_node))


def combine(c: Compiler, node: Node, operator: str, left: Expr, right: Expr) -> Expr:
    """An operator on two compiled sides. Raises CompileError where C# has none such."""
    found = _combine(c, node, operator, left, right)
    if found is None:
        raise c.error(
            node, f"Operator '{operator}' cannot be applied to operands of type '{left.type}' and '{right.type}'"
        )
    if left.is_constant and right.is_constant and found.type.name in (*NUMERIC, "bool", "string"):
        _check_constants(c, node, operator, found.type, (left.constant, right.constant))
        try:
            return constant(found.type, found.run([]))
        except (ThrownError, ArithmeticError):
            return found
    return found


def _check_constants(c: Compiler, node: Node, operator: str, type_: Type, values: tuple[Any, Any]) -> None:
    """Constants are computed checked, unlike what is computed at run time."""
    if type_.name in INTEGRAL and operator in ("+", "-", "*"):
        exact = arithmetic.INTEGER_OPERATIONS[operator](*[ord(v) if isinstance(v, str) else v for v in values])
        if not INTEGRAL[type_.name][0] <= exact <= INTEGRAL[type_.name][1]:
            raise c.error(node, "The operation overflows at compile time in checked mode")


def _combine(c: Compiler, node: Node, operator: str, left: Expr, right: Expr) -> Expr | None:
    if VOID in (left.type, right.type):
        return None
    if operator == "+" and STRING in (left.type, right.type):
        return joined((*(_parts(left)), *(_parts(right))))
    if operator in ("&&", "||"):
        return _logic(operator, left, right) if left.type == right.type == BOOL else None
    numbers = promoted(c, left, right)
    if numbers is not None:
        return numeric(operator, node, *numbers)
    if operator in EQUALITY:
        return equality(c, operator, left, right)
    one, two = underlying(left.type), underlying(right.type)
    if operator in _BITS and one == two and (one == BOOL or one.name in ENUMS):
        return logical_bits(operator, left, right)
    if one.name in DATES and two.name in DATES:
        return date_operator(operator, left, right, node)
    return None


def _parts(expr: Expr) -> tuple[Run, ...]:
    return expr.parts if expr.parts and expr.type == STRING else (as_text(expr),)


def _logic(operator: str, left: Expr, right: Expr) -> Expr:
    one, two = left.run, right.run
    if operator == "&&":
        return Expr(BOOL, lambda f: one(f) and two(f))
    return Expr(BOOL, lambda f: one(f) or two(f))


RULES: Final = {
    "binary_expression": binary_expression,
    "conditional_expression": conditional,
    "prefix_unary_expression": prefix,
    "cast_expression": cast,
    "as_expression": as_expression,
    "parenthesized_expression": parenthesized,
    "throw_expression": throw_expression,
}
