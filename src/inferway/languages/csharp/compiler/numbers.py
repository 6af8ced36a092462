"""Operators on numbers: promotion, arithmetic, comparison, shifts."""

from __future__ import annotations

from typing import Any, Final

from tree_sitter import Node

from inferway.languages.csharp import arithmetic
from inferway.languages.csharp.compiler.compiler import Compiler, mark
from inferway.languages.csharp.compiler.scope import Expr, FrameData, Run
from inferway.languages.csharp.errors import ThrownError
from inferway.languages.csharp.types import BOOL, INTEGRAL, NULL, NUMERIC, Type, nullable, underlying

_OPERATIONS: Final = {"decimal": arithmetic.DECIMAL_OPERATIONS, "double": arithmetic.DOUBLE_OPERATIONS}


EQUALITY: Final = frozenset({"==", "!="})


def promoted(c: Compiler, left: Expr, right: Expr) -> tuple[Expr, Expr, Type] | None:
    """Both sides as one numeric type (binary numeric promotion), or None."""
    one, two = underlying(left.type).name, underlying(right.type).name
    both = {one, two}
    if not both <= {*NUMERIC, "char"}:
        if NULL in (left.type, right.type) and both & NUMERIC and "?" in (left.type.name, right.type.name):
            return None
        return None
    target = _common(both)
    if target is None:
        return None
    if target in ("uint", "ulong"):
        for expr in (left, right):
            if expr.is_constant and expr.type.name == "int" and expr.constant < 0:
                return None
    is_null = "?" in (left.type.name, right.type.name)
    wanted = [nullable(Type(target)) if each.type.name == "?" else Type(target) for each in (left, right)]
    found = [c.try_convert(each, type_) for each, type_ in zip((left, right), wanted, strict=True)]
    if found[0] is None or found[1] is None:
        return None
    return found[0][0], found[1][0], nullable(Type(target)) if is_null else Type(target)


def _common(names: set[str]) -> str | None:
    if "decimal" in names:
        return None if names & {"double", "float"} else "decimal"
    for name in ("double", "float", "ulong", "long"):
        if name in names:
            return name
    if "uint" in names:
        return "long" if names & {"int", "short", "sbyte"} else "uint"
    return "int"


def numeric(operator: str, node: Node, left: Expr, right: Expr, type_: Type) -> Expr | None:
    """An operator on two sides of one numeric type; None where there is none such."""
    name = underlying(type_).name
    if operator in EQUALITY or operator in arithmetic.COMPARISONS:
        return compared(operator, left, right, lifted=type_.name == "?")
    if operator in ("<<", ">>") and name in INTEGRAL:
        return _shift(operator, left, right, type_)
    table = _OPERATIONS.get("double" if name == "float" else name, arithmetic.INTEGER_OPERATIONS)
    apply = table.get(operator)
    if apply is None:
        return None
    if type_.name == "?":
        inner = _checked(apply, name, node.start_byte)
        one, two = left.run, right.run

        def lifted(f: FrameData) -> Any:
            a, b = one(f), two(f)
            return None if a is None or b is None else inner(a, b)

        return Expr(type_, lifted)
    return Expr(type_, _plain(operator, apply, name, (left.run, right.run), node.start_byte))


def _plain(operator: str, apply: arithmetic.Binary, name: str, runs: tuple[Run, Run], offset: int) -> Run:
    one, two = runs
    if name == "int" and operator in "+-*":
        return _fast_int(operator, one, two)
    inner = _checked(apply, name, offset)
    return lambda f: inner(one(f), two(f))


def _fast_int(operator: str, one: Run, two: Run) -> Run:
    def add(f: FrameData) -> Any:
        found = one(f) + two(f)
        return found if -2147483648 <= found <= 2147483647 else arithmetic.wrap(found, "int")

    def subtract(f: FrameData) -> Any:
        found = one(f) - two(f)
        return found if -2147483648 <= found <= 2147483647 else arithmetic.wrap(found, "int")

    def multiply(f: FrameData) -> Any:
        found = one(f) * two(f)
        return found if -2147483648 <= found <= 2147483647 else arithmetic.wrap(found, "int")

    return {"+": add, "-": subtract, "*": multiply}[operator]


def _checked(apply: arithmetic.Binary, name: str, offset: int) -> arithmetic.Binary:
    if name == "double":
        return apply
    if name == "float":
        return lambda a, b: arithmetic.as_single(apply(a, b))

    def run(a: Any, b: Any) -> Any:
        try:
            found = apply(a, b)
        except ThrownError as error:
            mark(error, offset)
            raise
        return arithmetic.wrap(found, name) if name in INTEGRAL else found

    return run


def compared(operator: str, left: Expr, right: Expr, *, lifted: bool) -> Expr:
    """A comparison of two sides of one type."""
    one, two = left.run, right.run
    if operator == "==":
        return Expr(BOOL, lambda f: one(f) == two(f))
    if operator == "!=":
        return Expr(BOOL, lambda f: one(f) != two(f))
    apply = arithmetic.COMPARISONS[operator]
    if not lifted:
        return Expr(BOOL, lambda f: apply(one(f), two(f)))

    def run(f: FrameData) -> bool:
        a, b = one(f), two(f)
        return a is not None and b is not None and apply(a, b)

    return Expr(BOOL, run)


def _shift(operator: str, left: Expr, right: Expr, type_: Type) -> Expr:
    one, two, name = left.run, right.run, type_.name
    mask = 63 if name in ("long", "ulong") else 31
    if operator == "<<":
        return Expr(type_, lambda f: arithmetic.wrap(one(f) << (two(f) & mask), name))
    return Expr(type_, lambda f: one(f) >> (two(f) & mask))
