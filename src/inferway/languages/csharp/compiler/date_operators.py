"""Operators on dates and lengths of time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from tree_sitter import Node

from inferway.languages.csharp import arithmetic
from inferway.languages.csharp.compiler.compiler import mark
from inferway.languages.csharp.compiler.numbers import compared
from inferway.languages.csharp.compiler.scope import Expr, FrameData, Run
from inferway.languages.csharp.dates import DateTime, DateTimeOffset, TimeSpan
from inferway.languages.csharp.errors import ThrownError
from inferway.languages.csharp.types import Type, nullable, underlying

DATES: Final = frozenset({"DateTime", "DateTimeOffset", "TimeSpan"})


def date_operator(operator: str, left: Expr, right: Expr, node: Node) -> Expr | None:
    """An operator on dates and lengths of time; None where there is none such."""
    one, two = underlying(left.type).name, underlying(right.type).name
    if operator in arithmetic.COMPARISONS and (one == two or {one, two} == {"DateTime", "DateTimeOffset"}):
        return compared(operator, left, right, lifted="?" in (left.type.name, right.type.name))
    apply: Callable[[Any, Any], Any] | None = None
    type_ = left.type
    if two == "TimeSpan" and operator in ("+", "-"):
        apply = shift_date if operator == "+" else lambda a, b: shift_date(a, TimeSpan(-b.ticks))
    elif operator == "-" and one == two:
        apply, type_ = _between, Type("TimeSpan")
    if apply is None:
        return None
    lifted = "?" in (left.type.name, right.type.name)
    return Expr(nullable(type_) if lifted else type_, _dated(apply, left.run, right.run, node.start_byte))


def _dated(apply: Callable[[Any, Any], Any], one: Run, two: Run, offset: int) -> Run:
    def run(f: FrameData) -> Any:
        a, b = one(f), two(f)
        if a is None or b is None:
            return None
        try:
            return apply(a, b)
        except ThrownError as error:
            mark(error, offset)
            raise

    return run


def shift_date(value: Any, span: TimeSpan) -> Any:
    """A date or a time span some time on. Raises ThrownError."""
    if isinstance(value, DateTime):
        return DateTime(value.ticks + span.ticks, value.kind)
    if isinstance(value, DateTimeOffset):
        return DateTimeOffset(value.ticks + span.ticks, value.offset)
    return TimeSpan(value.ticks + span.ticks)


def _between(left: Any, right: Any) -> TimeSpan:
    if isinstance(left, DateTimeOffset):
        return TimeSpan(left.utc - right.utc)
    return TimeSpan(left.ticks - right.ticks)
