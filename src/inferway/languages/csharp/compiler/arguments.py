"""The arguments of a call as written."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tree_sitter import Node

from inferway.languages.csharp.compiler.compiler import Compiler
from inferway.languages.csharp.compiler.scope import Expr
from inferway.languages.csharp.compiler.source import named, text
from inferway.languages.csharp.types import VOID, Type


@dataclass(slots=True)
class Argument:
    """One argument as written: an expression, a lambda, an `out` or a method's name."""

    node: Node
    name: str = ""
    expr: Expr | None = None
    is_lambda: bool = False
    out: Node | None = None
    group: Callable[[tuple[Type, ...]], Expr | None] | None = None


def read_arguments(c: Compiler, node: Node, group: Callable[[Compiler, Node], Any]) -> list[Argument]:
    """The arguments of a call or an indexer. Raises CompileError."""
    found = []
    for each in named(node):
        if each.type != "argument":
            raise c.unsupported(each, f"Not supported as an argument: {each.type.replace('_', ' ')}")
        name = each.child_by_field_name("name")
        inner = [child for child in named(each) if name is None or child.start_byte != name.start_byte]
        value = inner[-1]
        made = Argument(node=value, name=text(name) if name is not None else "")
        modifiers = {child.type for child in each.children if not child.is_named}
        if modifiers & {"ref", "in"}:
            raise c.unsupported(each, "Not supported: ref and in arguments")
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
