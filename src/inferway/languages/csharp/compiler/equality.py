"""`==` and `!=` of what is no number, and `&`, `|`, `^` of booleans and flags."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from inferway.languages.csharp import arithmetic
from inferway.languages.csharp.compiler.compiler import Compiler
from inferway.languages.csharp.compiler.date_operators import DATES
from inferway.languages.csharp.compiler.scope import Expr
from inferway.languages.csharp.types import BOOL, ENUMS, NULL, STRING, Type, is_value_type, underlying


def equality(c: Compiler, operator: str, left: Expr, right: Expr) -> Expr | None:
    """`==` and `!=` of what is no number."""
    equal = operator == "=="
    one, two = left.run, right.run
    if NULL in (left.type, right.type):
        other = right if left.type == NULL else left
        if is_value_type(other.type) and other.type.name != "?":
            return None
        run = other.run
        return Expr(BOOL, (lambda f: run(f) is None) if equal else (lambda f: run(f) is not None))
    by_value = left.type == right.type == STRING or (
        underlying(left.type) == underlying(right.type) and is_value_type(left.type)
    )
    if not by_value and {left.type.name, right.type.name} & DATES:
        by_value = c.try_convert(left, right.type) is not None or c.try_convert(right, left.type) is not None
    if by_value or (left.type == right.type and left.type.name in ("Uri", "Version")):
        return Expr(BOOL, (lambda f: one(f) == two(f)) if equal else (lambda f: one(f) != two(f)))
    if is_value_type(left.type) or is_value_type(right.type):
        return None
    explicit = c.conversions.explicit
    related = c.universe.derives(left.type, right.type) or c.universe.derives(right.type, left.type)
    interfaces = any(each.name[:1] == "I" and each.name[1:2].isupper() for each in (left.type, right.type))
    if not related and not (interfaces and explicit(left.type, right.type)):
        return None
    return Expr(BOOL, (lambda f: _same(one(f), two(f))) if equal else (lambda f: not _same(one(f), two(f))))


def _same(left: Any, right: Any) -> bool:
    """Whether two references are one: boxed numbers never are."""
    return left is right and not isinstance(left, int | float | Decimal)


def logical_bits(operator: str, left: Expr, right: Expr) -> Expr | None:
    """`&`, `|`, `^` of booleans or flags; None where there is none such."""
    one, two = left.run, right.run
    if underlying(left.type).name in ENUMS:
        return Expr(left.type, lambda f: _flags(operator, one(f), two(f), left.type))
    if "?" in (left.type.name, right.type.name):
        return None
    apply = arithmetic.INTEGER_OPERATIONS[operator]
    return Expr(BOOL, lambda f: apply(one(f), two(f)))


def _flags(operator: str, left: Any, right: Any, type_: Type) -> Any:
    number = {"&": left & right, "|": left | right, "^": left ^ right}[operator]
    return type(left)(number, type_.name, f"{left.label}, {right.label}" if operator == "|" else str(number))
