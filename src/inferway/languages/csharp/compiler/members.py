"""Properties."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from inferway.languages.csharp.compiler.compiler import Compiler, mark
from inferway.languages.csharp.compiler.invocations import located, throw_null
from inferway.languages.csharp.compiler.links import Step
from inferway.languages.csharp.compiler.scope import Expr, FrameData, Run, TypeName, constant
from inferway.languages.csharp.errors import Missing
from inferway.languages.csharp.types import NUMERIC, Type, substitute, underlying


def _nullable_member(c: Compiler, value: Expr, step: Step) -> Expr | None:
    """`HasValue` and `Value` of a `T?`."""
    run = value.run
    if step.name == "HasValue":
        return Expr(Type("bool"), lambda f: run(f) is not None)
    if step.name == "Value":
        convert = c.conversions.explicit(value.type, underlying(value.type))
        if convert is not None:
            return Expr(underlying(value.type), located(lambda f: convert(run(f)), step.node.start_byte))
    return None


def member(c: Compiler, value: Expr | TypeName, step: Step) -> Expr | TypeName:
    """A property. Raises CompileError naming it when there is none."""
    type_ = value.type
    if isinstance(value, Expr) and type_.name == "?":
        found = _nullable_member(c, value, step)
        if found is not None:
            return found
    if type_.name.startswith("{") and isinstance(value, Expr):
        return _anonymous_member(c, value, step)
    static = isinstance(value, TypeName)
    for found_member, bound in c.universe.members(type_, step.name):
        if found_member.kind == "property" and found_member.static == static:
            result = substitute(found_member.type, bound)
            if isinstance(value, TypeName):
                if type_.name in NUMERIC:
                    return constant(result, found_member.apply())
                return Expr(result, _static_property(found_member.apply, step.node.start_byte))
            return Expr(result, _property(value.run, found_member.apply, step.node.start_byte))
    kinds = {each.kind for each, _ in c.universe.members(type_, step.name)}
    if "method" in kinds or (not static and c.universe.extensions(step.name)):
        raise c.error(step.node, f"'{type_}.{step.name}' is a method, which is not valid here without a call")
    raise unknown(c, type_, step)


def unknown(c: Compiler, type_: Type, step: Step) -> Exception:
    """The error for a member that is not there."""
    text = f"'{type_}' does not contain a definition for '{step.name}', or it is not allowed"
    return c.error(step.node, text, Missing(type=type_.name, member=step.name))


def _static_property(apply: Callable[[], Any], offset: int) -> Run:
    return located(lambda _: apply(), offset)


def _property(receiver: Run, apply: Callable[[Any], Any], offset: int) -> Run:
    def run(f: FrameData) -> Any:
        found = receiver(f)
        try:
            if found is None:
                throw_null()
            return apply(found)
        except Exception as error:
            mark(error, offset)
            raise

    return run


def _anonymous_member(c: Compiler, value: Expr, step: Step) -> Expr:
    names = value.type.name[1:-1].split(",")
    if step.name not in names:
        raise unknown(c, value.type, step)
    at = names.index(step.name)
    return Expr(value.type.arguments[at], _property(value.run, lambda each: each.values[at], step.node.start_byte))
