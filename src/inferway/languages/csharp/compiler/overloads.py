"""Overload resolution: which member a call means.

Source: C# language specification, "Overload resolution" and "Type inference"
(https://learn.microsoft.com/dotnet/csharp/language-reference/language-specification/expressions#1264-overload-resolution),
with the better candidate found by a sum of distances instead of a comparison argument by argument.
"""

from __future__ import annotations

from collections.abc import Sequence

from tree_sitter import Node

from inferway.languages.csharp.compiler.arguments import Argument
from inferway.languages.csharp.compiler.compiler import Compiler
from inferway.languages.csharp.compiler.inference import Attempt, Placed, infer
from inferway.languages.csharp.compiler.outs import Chosen, declare_outs
from inferway.languages.csharp.compiler.passing import OUT, pass_argument
from inferway.languages.csharp.compiler.scope import Run
from inferway.languages.csharp.errors import CompileError
from inferway.languages.csharp.signature import Member
from inferway.languages.csharp.types import NULL, Type, is_value_type, substitute
from inferway.languages.csharp.values import Array

Candidate = tuple[Member, dict[str, Type]]


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
        declare_outs(c, node, best)
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
    attempt = Attempt(dict(bound), frozenset(member.type_parameters) if not types else frozenset())
    attempt.bound.update(zip(member.type_parameters, types, strict=False))
    if not infer(c, attempt, [pair for pair in pairs if pair[1] is not None]):
        return None
    if any(each not in attempt.bound for each in member.type_parameters):
        return None
    runs = []
    for parameter, argument, as_type in pairs:
        run = pass_argument(c, attempt, parameter, argument, substitute(as_type, attempt.bound))
        if run is None:
            return None
        runs.append(run)
    fixed = [each for each in runs if each is not OUT]
    if rest is not None:
        fixed = [*fixed[: len(fixed) - rest[1]], _packed(fixed[len(fixed) - rest[1] :], rest[0], attempt)]
        attempt.cost += 0.5
    attempt.cost += 0.25 * bool(member.type_parameters) + 0.1 * sum(1 for each in pairs if each[1] is None)
    result = substitute(member.type, attempt.bound)
    generic = tuple(attempt.bound[each] for each in member.type_parameters)
    return Chosen(member, generic, result, tuple(fixed), attempt.cost, tuple(attempt.outs))


def _place(member: Member, arguments: list[Argument]) -> tuple[list[Placed], tuple[Type, int] | None] | None:
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
    pairs: list[Placed] = []
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


def _packed(runs: list[Run], element: Type, attempt: Attempt) -> Run:
    type_ = substitute(element, attempt.bound)
    return lambda f: Array([run(f) for run in runs], type_)
