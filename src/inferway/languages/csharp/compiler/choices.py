"""`?:`, `??`, and the type that several expressions share."""

from __future__ import annotations

from typing import Any

from tree_sitter import Node

from inferway.languages.csharp.compiler.compiler import Compiler
from inferway.languages.csharp.compiler.scope import Expr, FrameData
from inferway.languages.csharp.compiler.source import need
from inferway.languages.csharp.types import BOOL, NULL, VOID, Type, is_value_type, nullable, underlying


def coalesce(c: Compiler, node: Node, left: Expr, right_side: Node | Expr) -> Expr:
    """`a ?? b`, where `b` may be a `throw`."""
    if is_value_type(left.type) and left.type.name != "?":
        raise c.error(node, f"Operator '??' cannot be applied to an operand of type '{left.type}'")
    right = right_side if isinstance(right_side, Expr) else c.expression(right_side)
    one = left.run
    if left.type == NULL:
        return right
    plain = Expr(underlying(left.type), left.run)
    fitting = c.try_convert(right, plain.type) or c.try_convert(right, left.type)
    if fitting is not None:
        two, type_ = fitting[0].run, plain.type if right.type != left.type else left.type
        type_ = fitting[0].type

        def run(f: FrameData) -> Any:
            found = one(f)
            return two(f) if found is None else found

        return Expr(type_, run)
    upward = c.conversions.implicit(plain.type, right.type)
    if upward is None:
        raise c.error(node, f"Operator '??' cannot be applied to operands of type '{left.type}' and '{right.type}'")
    convert, two = upward[0], right.run

    def run_converted(f: FrameData) -> Any:
        found = one(f)
        return two(f) if found is None else convert(found)

    return Expr(right.type, run_converted)


def common_type(c: Compiler, node: Node, sides: list[Expr]) -> Type:
    """The type that all of some expressions convert to, one of theirs. Raises CompileError."""
    for candidate in [each.type for each in sides if each.type not in (NULL, VOID)]:
        for wanted in (candidate, nullable(candidate)):
            if all(c.try_convert(each, wanted) is not None for each in sides):
                return wanted
    shown = " and ".join(f"'{each}'" for each in dict.fromkeys(str(each.type) for each in sides))
    raise c.error(node, f"There is no common type of {shown}")


def conditional(c: Compiler, node: Node) -> Expr:
    """`a ? b : c`."""
    test = c.convert(c.expression(need(node, "condition")), BOOL, node).run
    yes, no = c.expression(need(node, "consequence")), c.expression(need(node, "alternative"))
    type_ = common_type(c, node, [yes, no])
    one, two = c.convert(yes, type_, node).run, c.convert(no, type_, node).run
    return Expr(type_, lambda f: one(f) if test(f) else two(f))
