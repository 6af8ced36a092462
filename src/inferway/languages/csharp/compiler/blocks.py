"""Blocks, and what a statement signals to the one around it."""

from __future__ import annotations

from typing import Any, Final

from tree_sitter import Node

from inferway.languages.csharp.compiler.compiler import Compiler
from inferway.languages.csharp.compiler.scope import FrameData, Run
from inferway.languages.csharp.compiler.source import named

BREAK: Final = "break"


CONTINUE: Final = "continue"


def block(c: Compiler, node: Node) -> Run:
    """`{ … }`."""
    with c.block():
        return sequence(c, [each for each in named(node) if each.type != "empty_statement"])


def sequence(c: Compiler, nodes: list[Node]) -> Run:
    """Statements one after the other."""
    runs = tuple(c.statement(each) for each in nodes)
    if len(runs) == 1:
        return runs[0]

    def run(f: FrameData) -> Any:
        for each in runs:
            signal = each(f)
            if signal is not None:
                return signal
        return None

    return run


def embedded(c: Compiler, node: Node) -> Run:
    """The statement of an `if` or a loop, with its own names."""
    with c.block():
        return c.statement(node)
