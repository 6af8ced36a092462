"""Calls of methods, extension methods and delegates, and indexers."""

from __future__ import annotations

from typing import Any

from inferway.languages.csharp.compiler.arguments import Argument, read_arguments
from inferway.languages.csharp.compiler.compiler import Compiler
from inferway.languages.csharp.compiler.invocations import invocation, located, slot_reader
from inferway.languages.csharp.compiler.lambdas import delegate_signature
from inferway.languages.csharp.compiler.links import Step
from inferway.languages.csharp.compiler.members import member, unknown
from inferway.languages.csharp.compiler.method_groups import method_group
from inferway.languages.csharp.compiler.overloads import Candidate, resolve
from inferway.languages.csharp.compiler.scope import Expr, FrameData, TypeName
from inferway.languages.csharp.compiler.source import named, text
from inferway.languages.csharp.errors import Missing
from inferway.languages.csharp.json.convert import default_of
from inferway.languages.csharp.types import NULL, STRING, underlying
from inferway.languages.csharp.values import null_reference


def call_or_delegate(c: Compiler, value: Expr | TypeName, step: Step, call: Step) -> Expr:
    """`a.B(…)`: a method, an extension method, or a property that holds a delegate. Raises CompileError."""
    candidates = [
        each
        for each in c.universe.members(value.type, step.name)
        if each[0].kind == "method" and each[0].static == isinstance(value, TypeName) and not _extends(each[0])
    ]
    if isinstance(value, TypeName):
        own = [
            each for each in c.universe.members(value.type, step.name) if each[0].kind == "method" and each[0].static
        ]
        candidates = own
    if isinstance(value, Expr) and value.type.name == "?":
        inherited = _nullable_call(c, value, step, call)
        if inherited is not None:
            return inherited
    arguments = read_arguments(c, call.node, method_group)
    chosen = resolve(c, step.node, candidates, arguments, step.types) if candidates else None
    if chosen is not None:
        receiver = None if isinstance(value, TypeName) else value
        return invocation(c, chosen, receiver, step.node.start_byte)
    if isinstance(value, Expr):
        extended = _extension(c, value, step, arguments)
        if extended is not None:
            return extended
        if not candidates and value.type.name not in ("object", "null"):
            held = [each for each in c.universe.members(value.type, step.name) if each[0].kind == "property"]
            if held:
                found = member(c, value, step)
                if isinstance(found, Expr):
                    return invoke(c, found, call)
    if candidates or (isinstance(value, Expr) and c.universe.extensions(step.name)):
        shown = ", ".join(str(each.expr.type) if each.expr else text(each.node)[:30] for each in arguments)
        missing = Missing(type=value.type.name, member=step.name, overload=True)
        raise c.error(step.node, f"No overload of '{value.type}.{step.name}' takes ({shown})", missing)
    raise unknown(c, value.type, step)


def _extends(found: Any) -> bool:
    return bool(found.parameters) and found.parameters[0].mode == "this"


def _nullable_call(c: Compiler, value: Expr, step: Step, call: Step) -> Expr | None:
    """`GetValueOrDefault()` and `ToString()` of a `T?`."""
    run, inner = value.run, underlying(value.type)
    arguments = named(call.node)
    if step.name == "GetValueOrDefault":
        if arguments:
            other = c.convert(c.expression(named(arguments[0])[-1]), inner, call.node).run
        else:
            default = default_of(inner)
            other = lambda _: default  # noqa: E731 - one of two runs

        def run_default(f: FrameData) -> Any:
            found = run(f)
            return other(f) if found is None else found

        return Expr(inner, run_default)
    if step.name == "ToString" and not arguments:
        slot = c.scope.frame.slot()
        shown = call_or_delegate(c, Expr(inner, slot_reader(slot)), step, call).run

        def run_text(f: FrameData) -> Any:
            found = run(f)
            if found is None:
                return ""
            f[slot] = found
            return shown(f)

        return Expr(STRING, run_text)
    return None


def _extension(c: Compiler, value: Expr, step: Step, arguments: list[Argument]) -> Expr | None:
    candidates: list[Candidate] = [(each, {}) for each in c.universe.extensions(step.name)]
    if not candidates or value.type == NULL:
        return None
    chosen = resolve(c, step.node, candidates, [Argument(node=step.node, expr=value), *arguments], step.types)
    return None if chosen is None else invocation(c, chosen, None, step.node.start_byte)


def invoke(c: Compiler, value: Expr, step: Step) -> Expr:
    """Calls a delegate that a variable holds."""
    signature = delegate_signature(value.type)
    arguments = read_arguments(c, step.node, method_group)
    if signature is None or len(arguments) != len(signature[0]):
        raise c.error(step.node, f"A value of type '{value.type}' cannot be called like this")
    runs = []
    for argument, type_ in zip(arguments, signature[0], strict=True):
        if argument.expr is None:
            raise c.error(argument.node, "Not supported as an argument of a delegate")
        runs.append(c.convert(argument.expr, type_, argument.node).run)
    function = value.run

    def run(f: FrameData) -> Any:
        found = function(f)
        if found is None:
            raise null_reference()
        return found(*[each(f) for each in runs])

    return Expr(signature[1], located(run, step.node.start_byte))


def index(c: Compiler, value: Expr, step: Step) -> Expr:
    """`a[i]`."""
    arguments = read_arguments(c, step.node, method_group)
    candidates = [each for each in c.universe.members(value.type, "this") if each[0].kind == "indexer"]
    chosen = resolve(c, step.node, candidates, arguments) if candidates else None
    if chosen is None:
        shown = ", ".join(str(each.expr.type) if each.expr else "?" for each in arguments)
        raise c.error(step.node, f"Cannot apply indexing with [{shown}] to an expression of type '{value.type}'")
    return invocation(c, chosen, value, step.node.start_byte)
