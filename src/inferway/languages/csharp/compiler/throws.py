"""`throw` as an expression, and what throws."""

from __future__ import annotations

from typing import Any

from tree_sitter import Node

from inferway.languages.csharp.compiler.compiler import Compiler
from inferway.languages.csharp.compiler.scope import MISSING, Expr, FrameData, Run
from inferway.languages.csharp.errors import ThrownError
from inferway.languages.csharp.types import NULL, Type


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
