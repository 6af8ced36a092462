"""Lambdas, as Python callables over a frame of their own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tree_sitter import Node

from inferway.languages.csharp.compiler.compiler import Compiler
from inferway.languages.csharp.compiler.scope import Expr, FrameData, Run
from inferway.languages.csharp.compiler.source import named, need, text
from inferway.languages.csharp.types import BOOL, INT, NULL, VOID, Type

_FIXED = {"Predicate": (1, BOOL), "Comparison": (2, INT), "Converter": (1, None), "Action": (None, VOID)}


def delegate_signature(type_: Type) -> tuple[tuple[Type, ...], Type] | None:
    """What a delegate's type takes and returns; None for other types."""
    if type_.name == "Func" and type_.arguments:
        return type_.arguments[:-1], type_.arguments[-1]
    if type_.name == "Action":
        return type_.arguments, VOID
    if type_.name == "Predicate":
        return type_.arguments, BOOL
    if type_.name == "Comparison":
        return (type_.arguments[0], type_.arguments[0]), INT
    return None


def _parameters(node: Node) -> list[Node]:
    found = need(node, "parameters")
    if found.type == "implicit_parameter":
        return [found]
    return [each for each in named(found) if each.type in ("parameter", "implicit_parameter", "identifier")]


def lambda_arity(node: Node) -> int:
    """How many parameters a lambda has."""
    return len(_parameters(node))


@dataclass(frozen=True, slots=True)
class Lambda:
    """A compiled lambda: what it returns, and what makes the callable in a frame."""

    result: Type
    make: Run
    constant: Expr | None = None


def lambda_expression(c: Compiler, node: Node, inputs: tuple[Type, ...]) -> Lambda:
    """Compiles a lambda for the types of its parameters; once for each. Raises CompileError."""
    key = (node.start_byte, inputs, id(c.scope.frame))
    found = c.lambdas.get(key)
    if found is None:
        found = c.lambdas[key] = (_compile(c, node, inputs), c.scope.frame)
    made: Lambda = found[0]
    return made


def _compile(c: Compiler, node: Node, inputs: tuple[Type, ...]) -> Lambda:
    body = need(node, "body")
    with c.frame() as frame:
        for parameter, type_ in zip(_parameters(node), inputs, strict=True):
            name = parameter.child_by_field_name("name")
            declared = parameter.child_by_field_name("type")
            if declared is not None and c.type_of_node(declared) != type_:
                raise c.error(parameter, f"The parameter is a {type_}, not a {text(declared)}")
            c.scope.declare(text(name if name is not None else parameter), type_)
        if body.type == "block":
            result, run = _block(c, body)
            return Lambda(result, _maker(run, frame, len(inputs)))
        expr = c.expression(body)
        return Lambda(expr.type, _maker(expr.run, frame, len(inputs)), expr if expr.is_constant else None)


def _block(c: Compiler, body: Node) -> tuple[Type, Run]:
    outer, c.returns = c.returns, []
    try:
        run = c.statement(body)
        found = c.returns
    finally:
        c.returns = outer
    types = list(dict.fromkeys(each.type for each in found))
    if not types:
        return VOID, run
    result = next((each for each in types if all(c.conversions.implicit(other, each) for other in types)), None)
    if result is None or result == NULL:
        raise c.error(body, f"The lambda returns different types: {', '.join(map(str, types))}")
    for each in found:
        each.run = c.convert(Expr(each.type, each.run), result, body).run

    def value(f: FrameData) -> Any:
        signal = run(f)
        return signal[0] if signal.__class__ is tuple else None

    return result, value


def _maker(run: Run, frame: Any, arity: int) -> Run:
    def make(f: FrameData) -> Callable[..., Any]:
        budget = f[1]
        padding = [None] * (frame.size - 2 - arity)

        def call(*arguments: Any) -> Any:
            budget.enter()
            try:
                return run([f, budget, *arguments, *padding])
            finally:
                budget.depth -= 1

        return call

    return make
