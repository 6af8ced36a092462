"""Local variables, and `using`."""

from __future__ import annotations

from typing import Any

from tree_sitter import Node

from inferway.languages.csharp.compiler.compiler import Compiler
from inferway.languages.csharp.compiler.creation import array_of
from inferway.languages.csharp.compiler.lambdas import delegate_signature, lambda_arity, lambda_expression
from inferway.languages.csharp.compiler.scope import Expr, FrameData, Run, constant, writer
from inferway.languages.csharp.compiler.source import named, need, text
from inferway.languages.csharp.json.convert import default_of
from inferway.languages.csharp.types import NULL, VOID, Type


def declaration(c: Compiler, node: Node) -> Run:
    """`var a = 1, b = 2;`."""
    inner = next((each for each in named(node) if each.type == "variable_declaration"), None)
    if inner is None:
        raise c.unsupported(node, "Not supported: this declaration")
    return declare(c, inner)


def declare(c: Compiler, node: Node) -> Run:
    """`var a = 1, b = 2`."""
    type_node = need(node, "type")
    type_ = None if type_node.type == "implicit_type" else c.type_of_node(type_node)
    runs = tuple(_declarator(c, each, type_) for each in named(node) if each.type == "variable_declarator")
    if len(runs) == 1:
        return runs[0]

    def run(f: FrameData) -> None:
        for each in runs:
            each(f)

    return run


def _declarator(c: Compiler, node: Node, type_: Type | None) -> Run:
    name = text(need(node, "name"))
    if c.scope.find(name) is not None:
        raise c.error(node, f"A variable named '{name}' is already defined in this scope")
    values = [each for each in named(node) if each.start_byte != need(node, "name").start_byte]
    if not values:
        if type_ is None:
            raise c.error(node, "Implicitly-typed variables must be initialized")
        value = constant(type_, default_of(type_))
    else:
        value = _initial(c, values[-1], type_)
    put = writer(c.scope.declare(name, value.type), c.level)
    run = value.run

    def statement(f: FrameData) -> None:
        put(f, run(f))

    return statement


def _initial(c: Compiler, node: Node, type_: Type | None) -> Expr:
    if node.type == "initializer_expression" and type_ is not None and type_.name == "[]":
        return array_of(c, node, type_.arguments[0])
    if node.type == "lambda_expression" and type_ is not None:
        return _held_lambda(c, node, type_)
    value = c.expression(node)
    if type_ is None:
        if value.type in (NULL, VOID):
            raise c.error(node, f"Cannot assign {value.type} to an implicitly-typed variable")
        return Expr(value.type, value.run)
    return Expr(type_, c.convert(value, type_, node).run)


def _held_lambda(c: Compiler, node: Node, type_: Type) -> Expr:
    signature = delegate_signature(type_)
    if signature is None or lambda_arity(node) != len(signature[0]):
        raise c.error(node, f"Cannot convert a lambda to '{type_}'")
    made = lambda_expression(c, node, signature[0])
    if signature[1] in (VOID, made.result):
        return Expr(type_, made.make)
    found = c.conversions.implicit(made.result, signature[1])
    if found is None:
        raise c.error(node, f"The lambda returns '{made.result}', not '{signature[1]}'")
    convert, make = found[0], made.make

    def run(f: FrameData) -> Any:
        inner = make(f)
        return lambda *arguments: convert(inner(*arguments))

    return Expr(type_, run)


def using_statement(c: Compiler, node: Node) -> Run:
    """`using (var a = …) …`."""
    with c.block():
        declared = next((each for each in named(node) if each.type == "variable_declaration"), None)
        start = declare(c, declared) if declared is not None else c.expression(named(node)[0]).run
        body = c.statement(need(node, "body"))

    def run(f: FrameData) -> Any:
        start(f)
        return body(f)

    return run
