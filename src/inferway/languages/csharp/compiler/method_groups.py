"""A method named without a call, as an argument."""

from __future__ import annotations

from collections.abc import Callable

from tree_sitter import Node

from inferway.languages.csharp.compiler.arguments import Argument
from inferway.languages.csharp.compiler.compiler import Compiler
from inferway.languages.csharp.compiler.invocations import invocation, slot_reader
from inferway.languages.csharp.compiler.links import flatten
from inferway.languages.csharp.compiler.overloads import resolve
from inferway.languages.csharp.compiler.scope import Expr
from inferway.languages.csharp.compiler.source import text
from inferway.languages.csharp.types import Type


def method_group(c: Compiler, node: Node) -> Callable[[tuple[Type, ...]], Expr | None] | None:
    """For an argument that names a method, what makes a delegate of it for parameters of some types."""
    if node.type != "member_access_expression":
        return None
    base, steps = flatten(c, node)
    if base is None or len(steps) != 1 or base.type not in ("identifier", "predefined_type"):
        return None
    if base.type == "identifier" and c.scope.find(text(base)) is not None:
        return None
    type_ = c.find_type(base)
    if type_ is None:
        return None
    candidates = [
        each for each in c.universe.members(type_, steps[0].name) if each[0].kind == "method" and each[0].static
    ]
    if not candidates:
        return None

    def make(inputs: tuple[Type, ...]) -> Expr | None:
        with c.frame() as frame:
            slots = [frame.slot() for _ in inputs]
            arguments = [
                Argument(node=node, expr=Expr(each, slot_reader(slot)))
                for each, slot in zip(inputs, slots, strict=True)
            ]
            chosen = resolve(c, node, candidates, arguments, steps[0].types)
            if chosen is None:
                return None
            body = invocation(c, chosen, None, node.start_byte)
        run = body.run
        return Expr(Type("Func", (*inputs, body.type)), lambda f: lambda *values: run([f, f[1], *values]))

    return make
