"""What gives a parameter its value."""

from __future__ import annotations

from typing import Any

from tree_sitter import Node

from inferway.languages.csharp.compiler.arguments import Argument
from inferway.languages.csharp.compiler.compiler import Compiler
from inferway.languages.csharp.compiler.inference import Attempt
from inferway.languages.csharp.compiler.lambdas import delegate_signature, lambda_arity, lambda_expression
from inferway.languages.csharp.compiler.scope import FrameData, Run, constant
from inferway.languages.csharp.compiler.source import text
from inferway.languages.csharp.signature import Parameter
from inferway.languages.csharp.types import VOID, Type

OUT: Run = lambda _: None  # noqa: E731 - a marker that is compared by identity


def pass_argument(
    c: Compiler, attempt: Attempt, parameter: Parameter, argument: Argument | None, type_: Type
) -> Run | None:
    """What computes the value of a parameter; None where the argument does not fit."""
    if argument is None:
        return constant(type_, parameter.default).run
    if argument.out is not None:
        declared = _out_type(c, argument.out)
        if declared is not None and declared != type_:
            return None
        attempt.outs.append((argument, type_))
        return OUT
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


def _pass_lambda(c: Compiler, attempt: Attempt, node: Node, signature: tuple[tuple[Type, ...], Type]) -> Run | None:
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
