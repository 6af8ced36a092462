"""Type arguments that a call leaves to its arguments."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from inferway.languages.csharp.compiler.arguments import Argument
from inferway.languages.csharp.compiler.compiler import Compiler
from inferway.languages.csharp.compiler.lambdas import delegate_signature, lambda_arity, lambda_expression
from inferway.languages.csharp.signature import Parameter
from inferway.languages.csharp.types import NULL, VOID, Type, mentions, nullable, substitute


@dataclass(slots=True)
class Attempt:
    """One overload being tried: what its type parameters stand for, and how far it is from the arguments."""

    bound: dict[str, Type]
    open: frozenset[str]
    cost: float = 0.0
    outs: list[tuple[Argument, Type]] = field(default_factory=list)


Placed = tuple[Parameter, Argument | None, Type]


def infer(c: Compiler, attempt: Attempt, pairs: Sequence[Placed]) -> bool:
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


def unify(c: Compiler, attempt: Attempt, parameter: Type, argument: Type) -> None:
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
