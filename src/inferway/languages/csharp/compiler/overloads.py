"""Which overload a call means, and its arguments turned into that overload's parameters.

Source: C# language specification, "Overload resolution" and "Type inference"
(https://learn.microsoft.com/dotnet/csharp/language-reference/language-specification/expressions#1264-overload-resolution),
with the better candidate found by a sum of distances instead of a comparison argument by argument.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from tree_sitter import Node

from inferway.languages.csharp.compiler.compiler import Compiler
from inferway.languages.csharp.compiler.lambdas import delegate_signature, lambda_arity, lambda_expression
from inferway.languages.csharp.compiler.scope import Expr, FrameData, Run, constant, reader, writer
from inferway.languages.csharp.compiler.source import named, text
from inferway.languages.csharp.errors import CompileError
from inferway.languages.csharp.signature import Member, Parameter
from inferway.languages.csharp.types import NULL, VOID, Type, is_value_type, mentions, nullable, substitute, underlying
from inferway.languages.csharp.values import Array

Candidate = tuple[Member, dict[str, Type]]


@dataclass(slots=True)
class Argument:
    """One argument as written: an expression, a lambda, an `out` or a method's name."""

    node: Node
    name: str = ""
    expr: Expr | None = None
    is_lambda: bool = False
    out: Node | None = None
    group: Callable[[tuple[Type, ...]], Expr | None] | None = None


@dataclass(slots=True)
class Chosen:
    """The overload that a call means."""

    member: Member
    types: tuple[Type, ...]
    result: Type
    runs: tuple[Run, ...]
    cost: float
    outs: tuple[tuple[Argument, Type], ...] = ()


@dataclass(slots=True)
class _Try:
    bound: dict[str, Type]
    open: frozenset[str]
    cost: float = 0.0
    outs: list[tuple[Argument, Type]] = field(default_factory=list)


def read_arguments(c: Compiler, node: Node, group: Callable[[Compiler, Node], Any]) -> list[Argument]:
    """The arguments of a call or an indexer. Raises CompileError."""
    found = []
    for each in named(node):
        if each.type != "argument":
            raise c.error(each, f"Not supported as an argument: {each.type.replace('_', ' ')}")
        name = each.child_by_field_name("name")
        inner = [child for child in named(each) if name is None or child.start_byte != name.start_byte]
        value = inner[-1]
        made = Argument(node=value, name=text(name) if name is not None else "")
        modifiers = {child.type for child in each.children if not child.is_named}
        if modifiers & {"ref", "in"}:
            raise c.error(each, "Not supported: ref and in arguments")
        if "out" in modifiers or value.type == "declaration_expression":
            made.out = value
        elif value.type in ("lambda_expression", "anonymous_method_expression"):
            made.is_lambda = True
        else:
            made.group = group(c, value)
            if made.group is None:
                made.expr = c.expression(value)
                if made.expr.type == VOID:
                    raise c.error(value, "An argument needs a value")
        found.append(made)
    return found


def resolve(
    c: Compiler,
    node: Node,
    candidates: Sequence[Candidate],
    arguments: list[Argument],
    types: tuple[Type, ...] = (),
) -> Chosen | None:
    """The best overload, None when none fits. Raises CompileError for what a lambda's body has wrong."""
    best: Chosen | None = None
    problem: CompileError | None = None
    for member, bound in candidates:
        try:
            found = _attempt(c, member, bound, arguments, types)
        except CompileError as error:
            problem = problem or error
            continue
        if found is not None and (best is None or found.cost < best.cost):
            best = found
    if best is None and problem is not None:
        raise problem
    if best is not None:
        _declare_outs(c, node, best)
    return best


def _attempt(
    c: Compiler, member: Member, bound: dict[str, Type], arguments: list[Argument], types: tuple[Type, ...]
) -> Chosen | None:
    if types and len(types) != len(member.type_parameters):
        return None
    placed = _place(member, arguments)
    if placed is None:
        return None
    pairs, rest = placed
    attempt = _Try(dict(bound), frozenset(member.type_parameters) if not types else frozenset())
    attempt.bound.update(zip(member.type_parameters, types, strict=False))
    if not _infer(c, attempt, [pair for pair in pairs if pair[1] is not None]):
        return None
    if any(each not in attempt.bound for each in member.type_parameters):
        return None
    runs = []
    for parameter, argument, as_type in pairs:
        run = _pass(c, attempt, parameter, argument, substitute(as_type, attempt.bound))
        if run is None:
            return None
        runs.append(run)
    fixed = [each for each in runs if each is not _OUT]
    if rest is not None:
        fixed = [*fixed[: len(fixed) - rest[1]], _packed(fixed[len(fixed) - rest[1] :], rest[0], attempt)]
        attempt.cost += 0.5
    attempt.cost += 0.25 * bool(member.type_parameters) + 0.1 * sum(1 for each in pairs if each[1] is None)
    result = substitute(member.type, attempt.bound)
    generic = tuple(attempt.bound[each] for each in member.type_parameters)
    return Chosen(member, generic, result, tuple(fixed), attempt.cost, tuple(attempt.outs))


_Placed = tuple[Parameter, Argument | None, Type]


def _place(member: Member, arguments: list[Argument]) -> tuple[list[_Placed], tuple[Type, int] | None] | None:
    """Arguments beside their parameters; for an expanded `params` its element type and how many there are."""
    parameters = member.parameters
    last = parameters[-1] if parameters and parameters[-1].mode == "params" else None
    plain = [each for each in arguments if not each.name]
    direct = last is not None and len(plain) == len(parameters) and _is_whole(arguments[-1], last.type)
    expanded = last is not None and not direct
    fixed = parameters[:-1] if expanded else parameters
    if len(plain) > len(fixed) and not expanded:
        return None
    by_name = {each.name: each for each in arguments if each.name}
    pairs: list[_Placed] = []
    for index, parameter in enumerate(fixed):
        argument = plain[index] if index < len(plain) else by_name.pop(parameter.name, None)
        if argument is None and not parameter.optional:
            return None
        if (argument is not None and argument.out is not None) != (parameter.mode == "out"):
            return None
        pairs.append((parameter, argument, parameter.type))
    if by_name:
        return None
    if last is None or not expanded:
        return pairs, None
    element = last.type.arguments[0]
    extra = plain[len(fixed) :]
    if any(each.out is not None for each in extra):
        return None
    pairs.extend((last, each, element) for each in extra)
    return pairs, (element, len(extra))


def _is_whole(argument: Argument, type_: Type) -> bool:
    """Whether the last argument is the `params` array itself."""
    if argument.expr is None:
        return False
    found = argument.expr.type
    if found == NULL:
        return True
    return found.name == "[]" and (found == type_ or not is_value_type(found.arguments[0]))


def _packed(runs: list[Run], element: Type, attempt: _Try) -> Run:
    type_ = substitute(element, attempt.bound)
    return lambda f: Array([run(f) for run in runs], type_)


def _infer(c: Compiler, attempt: _Try, pairs: Sequence[_Placed]) -> bool:
    """Finds the type parameters: first from values, then from what lambdas return."""
    if not attempt.open:
        return True
    for _, argument, type_ in pairs:
        if argument is not None and argument.expr is not None and mentions(type_, attempt.open):
            unify(c, attempt, type_, argument.expr.type)
    for _, argument, type_ in pairs:
        if argument is None or argument.expr is not None or not mentions(type_, attempt.open):
            continue
        signature = delegate_signature(type_)
        if signature is None:
            continue
        inputs = tuple(substitute(each, attempt.bound) for each in signature[0])
        if any(mentions(each, attempt.open) for each in inputs):
            return False
        if argument.is_lambda:
            if lambda_arity(argument.node) != len(inputs):
                return False
            unify(c, attempt, signature[1], lambda_expression(c, argument.node, inputs).result)
        elif argument.group is not None:
            made = argument.group(inputs)
            if made is None:
                return False
            unify(c, attempt, signature[1], made.type.arguments[-1])
    return True


def unify(c: Compiler, attempt: _Try, parameter: Type, argument: Type) -> None:
    """Binds the type parameters in a parameter's type so that an argument's type fits."""
    if parameter.name in attempt.open:
        known = attempt.bound.get(parameter.name)
        if argument in (NULL, VOID):
            return
        if known is None or (known != argument and c.conversions.implicit(known, argument) is not None):
            attempt.bound[parameter.name] = argument
        return
    if not parameter.arguments:
        return
    found = c.universe.as_base(argument, parameter.name)
    if parameter.name == "?":
        found = nullable(argument)
    if found is not None:
        for one, two in zip(parameter.arguments, found.arguments, strict=False):
            unify(c, attempt, one, two)


_OUT: Run = lambda _: None  # noqa: E731 - a marker that is compared by identity


def _pass(c: Compiler, attempt: _Try, parameter: Parameter, argument: Argument | None, type_: Type) -> Run | None:
    if argument is None:
        return constant(type_, parameter.default).run
    if argument.out is not None:
        declared = _out_type(c, argument.out)
        if declared is not None and declared != type_:
            return None
        attempt.outs.append((argument, type_))
        return _OUT
    if argument.expr is not None:
        found = c.try_convert(argument.expr, type_)
        if found is None:
            return None
        attempt.cost += found[1]
        return found[0].run
    signature = delegate_signature(type_)
    if signature is None:
        return None
    if argument.group is not None:
        made = argument.group(signature[0])
        fits = made is not None and (signature[1] in (VOID, made.type.arguments[-1]))
        return made.run if fits and made is not None else None
    if lambda_arity(argument.node) != len(signature[0]):
        return None
    return _pass_lambda(c, attempt, argument.node, signature)


def _pass_lambda(c: Compiler, attempt: _Try, node: Node, signature: tuple[tuple[Type, ...], Type]) -> Run | None:
    compiled = lambda_expression(c, node, signature[0])
    make, wanted = compiled.make, signature[1]
    if wanted in (VOID, compiled.result):
        return make
    if compiled.result == VOID:
        return None
    if compiled.constant is not None:
        small = c.try_convert(compiled.constant, wanted)
        found = (small[0].run, small[1]) if small else None
        if found is not None:
            attempt.cost += found[1]
            value = found[0]([]) if small is not None and small[0].is_constant else None
            return lambda _: lambda *__: value
    conversion = c.conversions.implicit(compiled.result, wanted)
    if conversion is None:
        return None
    attempt.cost += conversion[1]
    convert = conversion[0]

    def run(f: FrameData) -> Any:
        inner = make(f)
        return lambda *arguments: convert(inner(*arguments))

    return run


def _out_type(c: Compiler, node: Node) -> Type | None:
    if node.type == "declaration_expression":
        declared = node.child_by_field_name("type")
        if declared is None or declared.type == "implicit_type":
            return None
        return c.type_of_node(declared)
    if node.type == "identifier":
        found = c.scope.find(text(node))
        return found.type if found is not None else None
    return None


def _declare_outs(c: Compiler, node: Node, chosen: Chosen) -> None:
    """Declares the variables of `out var x`; the call fills them."""
    for argument, type_ in chosen.outs:
        out = argument.out
        if out is not None and out.type == "declaration_expression":
            name = out.child_by_field_name("name")
            if name is None:
                raise c.error(node, "Not supported: this out argument")
            c.scope.declare(text(name), type_)
        elif out is not None and out.type not in ("identifier", "discard"):
            raise c.error(out, "An out argument must be a variable")


def out_writers(c: Compiler, chosen: Chosen) -> tuple[Callable[[FrameData, Any], None], ...]:
    """What puts the out values of a call into their variables."""
    found = []
    for argument, _ in chosen.outs:
        out = argument.out
        name = out.child_by_field_name("name") if out is not None and out.type == "declaration_expression" else out
        variable = c.scope.find(text(name)) if name is not None else None
        if variable is not None:
            found.append(writer(variable, c.level))
        else:
            found.append(lambda _f, _v: None)
    return tuple(found)


__all__ = ["Argument", "Candidate", "Chosen", "out_writers", "read_arguments", "reader", "resolve", "underlying"]
