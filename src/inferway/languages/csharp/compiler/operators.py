"""Operators: arithmetic, comparison, logic, `?:`, `??`, casts, `as`."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any, Final

from tree_sitter import Node

from inferway.languages.csharp import arithmetic
from inferway.languages.csharp.compiler.compiler import Compiler, mark
from inferway.languages.csharp.compiler.literals import as_text, joined
from inferway.languages.csharp.compiler.scope import MISSING, Expr, FrameData, Run, constant
from inferway.languages.csharp.compiler.source import need, text
from inferway.languages.csharp.conversions import identity
from inferway.languages.csharp.dates import DateTime, DateTimeOffset, TimeSpan
from inferway.languages.csharp.errors import ThrownError
from inferway.languages.csharp.types import (
    BOOL,
    ENUMS,
    INTEGRAL,
    NULL,
    NUMERIC,
    STRING,
    VOID,
    Type,
    is_value_type,
    nullable,
    underlying,
)

_OPERATIONS: Final = {"decimal": arithmetic.DECIMAL_OPERATIONS, "double": arithmetic.DOUBLE_OPERATIONS}
_BITS: Final = frozenset({"&", "|", "^"})
_EQUALITY: Final = frozenset({"==", "!="})
_DATES: Final = frozenset({"DateTime", "DateTimeOffset", "TimeSpan"})


def binary_expression(c: Compiler, node: Node) -> Expr:
    """`a op b`; a chain to the left is taken in one go, so that long concatenations do not nest."""
    chain = [node]
    left = need(node, "left")
    while left.type == "binary_expression":
        chain.append(left)
        left = need(left, "left")
    if len(chain) > 150 and any(text(need(each, "operator")) != "+" for each in chain):
        raise c.error(node, "More than 150 operators in a row")
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
    numbers = _promote(c, left, right)
    if numbers is not None:
        return _numeric(operator, node, *numbers)
    if operator in _EQUALITY:
        return _equality(c, operator, left, right)
    one, two = underlying(left.type), underlying(right.type)
    if operator in _BITS and one == two and (one == BOOL or one.name in ENUMS):
        return _logical_bits(operator, left, right)
    if one.name in _DATES and two.name in _DATES:
        return _dates(operator, left, right, node)
    return None


def _parts(expr: Expr) -> tuple[Run, ...]:
    return expr.parts if expr.parts and expr.type == STRING else (as_text(expr),)


def _logic(operator: str, left: Expr, right: Expr) -> Expr:
    one, two = left.run, right.run
    if operator == "&&":
        return Expr(BOOL, lambda f: one(f) and two(f))
    return Expr(BOOL, lambda f: one(f) or two(f))


def _promote(c: Compiler, left: Expr, right: Expr) -> tuple[Expr, Expr, Type] | None:
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


def _numeric(operator: str, node: Node, left: Expr, right: Expr, type_: Type) -> Expr | None:
    name = underlying(type_).name
    if operator in _EQUALITY or operator in arithmetic.COMPARISONS:
        return _compare(operator, left, right, lifted=type_.name == "?")
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


def _compare(operator: str, left: Expr, right: Expr, *, lifted: bool) -> Expr:
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


def _equality(c: Compiler, operator: str, left: Expr, right: Expr) -> Expr | None:
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
    if not by_value and {left.type.name, right.type.name} & _DATES:
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


def _logical_bits(operator: str, left: Expr, right: Expr) -> Expr | None:
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


def _dates(operator: str, left: Expr, right: Expr, node: Node) -> Expr | None:
    one, two = underlying(left.type).name, underlying(right.type).name
    if operator in arithmetic.COMPARISONS and (one == two or {one, two} == {"DateTime", "DateTimeOffset"}):
        return _compare(operator, left, right, lifted="?" in (left.type.name, right.type.name))
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


def parenthesized(c: Compiler, node: Node) -> Expr:
    """`(a)`."""
    found = c.expression(next(each for each in node.named_children if each.type != "comment"))
    return Expr(found.type, found.run, found.constant, found.parts)


def throw_expression(c: Compiler, node: Node) -> Expr:
    """`throw e` where a value is expected: it fits any type."""
    inner = c.expression(next(each for each in node.named_children if each.type != "comment"))
    return Expr(NULL, thrower(c, node, inner), MISSING)


def thrower(c: Compiler, node: Node, inner: Expr) -> Run:
    """What throws the value of an expression. Raises CompileError when that is no exception."""
    if not c.universe.derives(inner.type, Type("Exception")):
        raise c.error(node, "The type caught or thrown must be derived from System.Exception")
    run, offset = inner.run, node.start_byte

    def throwing(f: FrameData) -> Any:
        value = run(f)
        if value is None:
            error = ThrownError(
                "System.NullReferenceException", "Object reference not set to an instance of an object."
            )
        else:
            error = ThrownError(value.kind, value.message, value)
        error.offset = offset
        raise error

    return throwing


RULES: Final = {
    "binary_expression": binary_expression,
    "conditional_expression": conditional,
    "prefix_unary_expression": prefix,
    "cast_expression": cast,
    "as_expression": as_expression,
    "parenthesized_expression": parenthesized,
    "throw_expression": throw_expression,
}
