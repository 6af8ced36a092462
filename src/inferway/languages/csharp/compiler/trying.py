"""`try`, `catch`, `finally` and `throw;`."""

from __future__ import annotations

from typing import Any

from tree_sitter import Node

from inferway.languages.csharp.compiler.blocks import embedded
from inferway.languages.csharp.compiler.compiler import Compiler
from inferway.languages.csharp.compiler.scope import Expr, FrameData, Run, reader, writer
from inferway.languages.csharp.compiler.source import named, need, text
from inferway.languages.csharp.compiler.throws import thrower
from inferway.languages.csharp.errors import LimitError, ThrownError
from inferway.languages.csharp.types import BOOL, Type
from inferway.languages.csharp.values import ExceptionValue


def throw_statement(c: Compiler, node: Node) -> Run:
    """`throw e;` and `throw;`."""
    inner = named(node)
    if inner:
        return thrower(c, node, c.expression(inner[0]))
    variable = c.scope.find("catch")
    if variable is None:
        raise c.error(node, "A throw statement with no arguments is not allowed outside of a catch clause")
    return thrower(c, node, Expr(variable.type, reader(variable, c.level)))


def try_statement(c: Compiler, node: Node) -> Run:
    """`try … catch … finally …`."""
    body = embedded(c, need(node, "body"))
    clauses = tuple(_catch(c, each) for each in named(node) if each.type == "catch_clause")
    last = next((each for each in named(node) if each.type == "finally_clause"), None)
    final = embedded(c, named(last)[-1]) if last is not None else None

    def run(f: FrameData) -> Any:
        try:
            return body(f)
        except (LimitError, RecursionError, MemoryError):
            raise
        except Exception as error:
            value = exception_value(error)
            for matches, handle in clauses:
                if matches(f, value):
                    return handle(f)
            raise

    if final is None:
        return run

    def run_finally(f: FrameData) -> Any:
        try:
            signal = run(f)
        except (LimitError, RecursionError, MemoryError):
            raise
        except Exception:
            final(f)
            raise
        return final(f) or signal

    return run_finally


def exception_value(error: Exception) -> ExceptionValue:
    """The C# exception that an exception is to the expression."""
    if isinstance(error, ThrownError):
        if not isinstance(error.value, ExceptionValue):
            error.value = ExceptionValue(error.kind, error.message)
        return error.value
    return ExceptionValue("System.Exception", str(error) or error.__class__.__name__)


def _catch(c: Compiler, node: Node) -> tuple[Any, Run]:
    parts = {each.type: each for each in named(node)}
    with c.block():
        caught = Type("Exception")
        declared = parts.get("catch_declaration")
        if declared is not None:
            caught = c.type_of_node(need(declared, "type"))
        puts = [writer(c.scope.declare("catch", caught), c.level)]
        name = declared.child_by_field_name("name") if declared is not None else None
        if name is not None:
            puts.append(writer(c.scope.declare(text(name), caught), c.level))
        clause = parts.get("catch_filter_clause")
        when = c.convert(c.expression(named(clause)[0]), BOOL, clause).run if clause is not None else None
        handle = c.statement(need(node, "body"))
    check = c.universe.is_instance

    def matches(f: FrameData, value: ExceptionValue) -> bool:
        if caught.name != "Exception" and not check(value, caught):
            return False
        for put in puts:
            put(f, value)
        return when is None or bool(when(f))

    return matches, handle
