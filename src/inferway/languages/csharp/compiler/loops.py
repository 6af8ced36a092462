"""`foreach`, `for`, `while`, `do`."""

from __future__ import annotations

from typing import Any

from tree_sitter import Node

from inferway.languages.csharp.compiler.blocks import BREAK, CONTINUE, embedded
from inferway.languages.csharp.compiler.compiler import Compiler, mark
from inferway.languages.csharp.compiler.declarations import declare
from inferway.languages.csharp.compiler.scope import Frame, FrameData, Run, writer
from inferway.languages.csharp.compiler.source import named, need, text
from inferway.languages.csharp.errors import LimitError
from inferway.languages.csharp.types import BOOL, CHAR, Type
from inferway.languages.csharp.values import invalid_operation, iterate, null_reference


def _has_lambda(node: Node) -> bool:
    stack = [node]
    while stack:
        each = stack.pop()
        if each.type == "lambda_expression":
            return True
        stack.extend(each.named_children)
    return False


def _framed(run: Run, frame: Frame) -> Run:
    """Runs a loop's round in a frame of its own."""
    return lambda f: run([f, f[1], *[None] * (frame.size - 2)])


def _round(c: Compiler, node: Node) -> Run:
    if not _has_lambda(node):
        return embedded(c, node)
    with c.frame() as frame:
        return _framed(c.statement(node), frame)


def foreach(c: Compiler, node: Node) -> Run:
    """`foreach (var a in b) …`."""
    source_node, name_node, type_node = need(node, "right"), need(node, "left"), need(node, "type")
    source = c.expression(source_node)
    element = element_type(c, source.type)
    if element is None:
        raise c.error(source_node, f"foreach cannot walk a value of type '{source.type}'")
    target = element if type_node.type == "implicit_type" else c.type_of_node(type_node)
    convert = c.conversions.explicit(element, target)
    if convert is None:
        raise c.error(type_node, f"Cannot convert type '{element}' to '{target}'")
    body_node = need(node, "body")
    walk = _pairs if source.type.name == "JObject" else iterate
    if _has_lambda(body_node):
        with c.frame() as frame:
            put = writer(c.scope.declare(text(name_node), target), c.level)
            inner = c.statement(body_node)

        def each_round(f: FrameData, item: Any) -> Any:
            own = [f, f[1], *[None] * (frame.size - 2)]
            put(own, convert(item))
            return inner(own)
    else:
        with c.block():
            put = writer(c.scope.declare(text(name_node), target), c.level)
            inner = c.statement(body_node)

        def each_round(f: FrameData, item: Any) -> Any:
            put(f, convert(item))
            return inner(f)

    return _walk(source.run, walk, each_round, source_node.start_byte)


def _pairs(value: Any) -> Any:
    return value.pairs()


def _walk(source: Run, walk: Any, each_round: Any, offset: int) -> Run:
    def run(f: FrameData) -> Any:
        found = source(f)
        budget = f[1]
        try:
            if found is None:
                _null()
            size = len(found) if isinstance(found, list | dict) else -1
            for item in walk(found):
                budget.slice -= 1
                if budget.slice <= 0:
                    budget.refill()
                signal = each_round(f, item)
                if size >= 0 and len(found) != size:
                    _changed()
                if signal is not None:
                    if signal is BREAK:
                        return None
                    if signal is not CONTINUE:
                        return signal
        except Exception as error:
            mark(error, offset)
            raise
        return None

    return run


def _null() -> None:
    raise null_reference()


def _changed() -> None:
    raise invalid_operation("Collection was modified; enumeration operation may not execute.")


def element_type(c: Compiler, type_: Type) -> Type | None:
    """What walking a value of the type gives; None where it cannot be walked."""
    if type_.name == "string":
        return CHAR
    found = c.universe.as_base(type_, "IEnumerable")
    return found.arguments[0] if found is not None and found.arguments else None


def _loop(test: Run | None, update: tuple[Run, ...], body: Run, offset: int, *, first: bool = True) -> Run:
    def run(f: FrameData) -> Any:
        budget = f[1]
        check = first
        while True:
            if check and test is not None and not test(f):
                return None
            check = True
            budget.slice -= 1
            if budget.slice <= 0:
                try:
                    budget.refill()
                except LimitError as error:
                    mark(error, offset)
                    raise
            signal = body(f)
            if signal is not None:
                if signal is BREAK:
                    return None
                if signal is not CONTINUE:
                    return signal
            for step in update:
                step(f)

    return run


def while_statement(c: Compiler, node: Node) -> Run:
    """`while (a) …`."""
    condition = next(each for each in named(node))
    test = c.convert(c.expression(condition), BOOL, node).run
    return _loop(test, (), _round(c, need(node, "body")), node.start_byte)


def do_statement(c: Compiler, node: Node) -> Run:
    """`do … while (a);`."""
    body = _round(c, need(node, "body"))
    test = c.convert(c.expression(need(node, "condition")), BOOL, node).run
    return _loop(test, (), body, node.start_byte, first=False)


def for_statement(c: Compiler, node: Node) -> Run:
    """`for (a; b; c) …`."""
    with c.block():
        starts = [
            declare(c, each) if each.type == "variable_declaration" else c.expression(each).run
            for each in node.children_by_field_name("initializer")
        ]
        condition = node.child_by_field_name("condition")
        test = c.convert(c.expression(condition), BOOL, node).run if condition is not None else None
        steps = tuple(c.expression(each).run for each in node.children_by_field_name("update") if each.is_named)
        loop = _loop(test, steps, _round(c, need(node, "body")), node.start_byte)

    def run(f: FrameData) -> Any:
        for start in starts:
            start(f)
        return loop(f)

    return run
