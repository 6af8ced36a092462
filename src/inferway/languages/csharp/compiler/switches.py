"""`switch` as a statement."""

from __future__ import annotations

from typing import Any

from tree_sitter import Node

from inferway.languages.csharp.compiler.blocks import BREAK, sequence
from inferway.languages.csharp.compiler.compiler import Compiler
from inferway.languages.csharp.compiler.patterns import pattern
from inferway.languages.csharp.compiler.scope import FrameData, Run
from inferway.languages.csharp.compiler.source import named, need
from inferway.languages.csharp.types import BOOL, Type


def switch_statement(c: Compiler, node: Node) -> Run:
    """`switch (a) { case …: … }`."""
    value = c.expression(need(node, "value"))
    with c.block():
        sections = [_section(c, section, value.type) for section in named(need(node, "body"))]
    run = value.run

    def choose(f: FrameData) -> Any:
        found = run(f)
        chosen = None
        for tests, body in sections:
            if any(test is not None and test(f, found) for test in tests):
                chosen = body
                break
        else:
            chosen = next((body for tests, body in sections if None in tests), None)
        signal = chosen(f) if chosen is not None else None
        return None if signal is BREAK else signal

    return choose


def _section(c: Compiler, node: Node, type_: Type) -> tuple[list[Any], Run]:
    tests: list[Any] = []
    body: list[Node] = []
    is_label = False
    with c.block():
        for child in node.children:
            if child.type in ("case", "default"):
                is_label = True
                tests.extend([None] if child.type == "default" else [])
            elif child.type == ":":
                is_label = False
            elif child.type == "when_clause":
                test, guard = tests[-1], c.convert(c.expression(named(child)[0]), BOOL, child).run
                tests[-1] = _guarded(test, guard)
            elif is_label and child.is_named and child.type != "comment":
                tests.append(pattern(c, child, type_))
            elif child.is_named and child.type != "comment":
                body.append(child)
        return tests, sequence(c, body) if body else (lambda _: None)


def _guarded(test: Any, guard: Run) -> Any:
    return lambda f, value: test(f, value) and guard(f)
