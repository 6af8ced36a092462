"""The overload that a call means, and its `out` variables."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tree_sitter import Node

from inferway.languages.csharp.compiler.arguments import Argument
from inferway.languages.csharp.compiler.compiler import Compiler
from inferway.languages.csharp.compiler.scope import FrameData, Run, writer
from inferway.languages.csharp.compiler.source import text
from inferway.languages.csharp.signature import Member
from inferway.languages.csharp.types import Type


@dataclass(slots=True)
class Chosen:
    """The overload that a call means."""

    member: Member
    types: tuple[Type, ...]
    result: Type
    runs: tuple[Run, ...]
    cost: float
    outs: tuple[tuple[Argument, Type], ...] = ()


def declare_outs(c: Compiler, node: Node, chosen: Chosen) -> None:
    """Declares the variables of `out var x`; the call fills them."""
    for argument, type_ in chosen.outs:
        out = argument.out
        if out is not None and out.type == "declaration_expression":
            name = out.child_by_field_name("name")
            if name is None:
                raise c.unsupported(node, "Not supported: this out argument")
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
