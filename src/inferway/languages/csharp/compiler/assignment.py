"""Assignments: `=`, `+=` and their like, `??=`, `++`, `--`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from tree_sitter import Node

from inferway.languages.csharp.compiler.arguments import Argument, read_arguments
from inferway.languages.csharp.compiler.casts import cast_to
from inferway.languages.csharp.compiler.chains import chain
from inferway.languages.csharp.compiler.compiler import Compiler, mark
from inferway.languages.csharp.compiler.invocations import invocation, slot_reader
from inferway.languages.csharp.compiler.links import Step
from inferway.languages.csharp.compiler.members import member
from inferway.languages.csharp.compiler.method_groups import method_group
from inferway.languages.csharp.compiler.operators import combine
from inferway.languages.csharp.compiler.overloads import resolve
from inferway.languages.csharp.compiler.scope import Expr, FrameData, Run, reader, writer
from inferway.languages.csharp.compiler.source import need, text
from inferway.languages.csharp.json.convert import default_of
from inferway.languages.csharp.types import INT, NULL, VOID, Type, substitute
from inferway.languages.csharp.values import null_reference


@dataclass(slots=True)
class Place:
    """Something that can be assigned to: `prepare` computes receiver and indices once, `get` and `put` use them."""

    type: Type
    put: Callable[[FrameData, Any], None]
    get: Expr | None
    prepare: Run | None = None


def place(c: Compiler, node: Node, *, read: bool) -> Place:
    """What a node on the left of `=` means. Raises CompileError."""
    if node.type == "identifier":
        variable = c.scope.find(text(node))
        if variable is None:
            raise c.error(node, f"The name '{text(node)}' does not exist in the current context")
        if variable.level == 0 and variable.slot < 2 + len(c.roots):
            raise c.error(node, f"'{text(node)}' cannot be assigned to")
        return Place(variable.type, writer(variable, c.level), Expr(variable.type, reader(variable, c.level)))
    if node.type == "member_access_expression":
        receiver = c.expression(need(node, "expression"))
        step = Step("member", need(node, "name"), text(need(node, "name")))
        return member_place(c, receiver, step, read=read)
    if node.type == "element_access_expression":
        receiver = c.expression(need(node, "expression"))
        return element_place(c, receiver, Step("index", need(node, "subscript")), read=read)
    raise c.unsupported(node, f"Not supported on the left of an assignment: {node.type.replace('_', ' ')}")


def member_place(c: Compiler, receiver: Expr, step: Step, *, read: bool) -> Place:
    """`a.B = …`."""
    slot, run, offset = c.scope.frame.slot(), receiver.run, step.node.start_byte
    for found, bound in c.universe.members(receiver.type, step.name):
        if found.kind == "setter":
            put, held = _putter(found.apply, slot, (), offset), Expr(receiver.type, lambda f: f[slot])
            current = member(c, held, step) if read else None
            return Place(
                substitute(found.type, bound), put, current if isinstance(current, Expr) else None, _keep(slot, run)
            )
    raise c.error(step.node, f"'{receiver.type}.{step.name}' cannot be assigned to")


def element_place(c: Compiler, receiver: Expr, step: Step, *, read: bool) -> Place:
    """`a[i] = …`."""
    arguments = read_arguments(c, step.node, method_group)
    frame = c.scope.frame
    slot, slots = frame.slot(), [frame.slot() for _ in arguments]
    candidates = [each for each in c.universe.members(receiver.type, "this") if each[0].kind == "index setter"]
    chosen = resolve(c, step.node, candidates, arguments) if candidates else None
    if chosen is None:
        raise c.error(step.node, f"An element of '{receiver.type}' cannot be assigned to like this")
    pairs = tuple(zip(slots, chosen.runs, strict=True))
    run = receiver.run

    def prepare(f: FrameData) -> None:
        f[slot] = run(f)
        for at, index in pairs:
            f[at] = index(f)

    current = None
    if read:
        held = [
            Argument(node=each.node, expr=Expr(each.expr.type, slot_reader(at)))
            for each, at in zip(arguments, slots, strict=True)
            if each.expr is not None
        ]
        getters = [each for each in c.universe.members(receiver.type, "this") if each[0].kind == "indexer"]
        getter = resolve(c, step.node, getters, held)
        if getter is not None:
            current = invocation(c, getter, Expr(receiver.type, slot_reader(slot)), step.node.start_byte)
    return Place(
        chosen.result, _putter(chosen.member.apply, slot, tuple(slots), step.node.start_byte), current, prepare
    )


def _keep(slot: int, run: Run) -> Run:
    def prepare(f: FrameData) -> None:
        f[slot] = run(f)

    return prepare


def _putter(
    apply: Callable[..., Any], slot: int, slots: tuple[int, ...], offset: int
) -> Callable[[FrameData, Any], None]:
    def put(f: FrameData, value: Any) -> None:
        receiver = f[slot]
        if receiver is None:
            error = null_reference()
            error.offset = offset
            raise error
        try:
            apply(receiver, *[f[at] for at in slots], value)
        except Exception as error:
            mark(error, offset)
            raise

    return put


def assignment(c: Compiler, node: Node) -> Expr:
    """`a = b`, `a += b`, `a ??= b`."""
    operator = text(need(node, "operator"))
    target = place(c, need(node, "left"), read=operator != "=")
    right = c.expression(need(node, "right"))
    if right.type == VOID:
        raise c.error(node, "An expression without a value cannot be assigned")
    if operator == "??=":
        return _assign_missing(c, node, target, right)
    if operator != "=":
        if target.get is None:
            raise c.error(node, f"Operator '{operator}' cannot be applied here")
        right = _combined(c, node, operator[:-1], target.get, right)
    return _store(target, c.convert(right, target.type, node))


def _combined(c: Compiler, node: Node, operator: str, left: Expr, right: Expr) -> Expr:
    found = combine(c, node, operator, left, right)
    if found.type != left.type and c.try_convert(found, left.type) is None:
        return cast_to(c, node, found, left.type)
    return found


def _store(target: Place, value: Expr) -> Expr:
    run, put, prepare = value.run, target.put, target.prepare

    def store(f: FrameData) -> Any:
        if prepare is not None:
            prepare(f)
        found = run(f)
        put(f, found)
        return found

    return Expr(target.type, store)


def _assign_missing(c: Compiler, node: Node, target: Place, right: Expr) -> Expr:
    if target.get is None:
        raise c.error(node, "Operator '??=' cannot be applied here")
    value, current = c.convert(right, target.type, node).run, target.get.run
    put, prepare = target.put, target.prepare

    def store(f: FrameData) -> Any:
        if prepare is not None:
            prepare(f)
        found = current(f)
        if found is None:
            found = value(f)
            put(f, found)
        return found

    return Expr(target.type, store)


def increment(c: Compiler, node: Node) -> Expr:
    """`a++`, `--a`."""
    is_prefix = not node.children[0].is_named
    operator = text(node.children[0] if is_prefix else node.children[-1])
    target = place(c, node.children[1] if is_prefix else node.children[0], read=True)
    if target.get is None:
        raise c.error(node, f"Operator '{operator}' cannot be applied here")
    one = Expr(INT, lambda _: 1, 1)
    changed = c.convert(_combined(c, node, operator[0], target.get, one), target.type, node)
    current, run, put, prepare = target.get.run, changed.run, target.put, target.prepare

    def store(f: FrameData) -> Any:
        if prepare is not None:
            prepare(f)
        before = current(f)
        after = run(f)
        put(f, after)
        return after if is_prefix else before

    return Expr(target.type, store)


def postfix(c: Compiler, node: Node) -> Expr:
    """`a++`, `a--` and `a!`."""
    return chain(c, node) if text(node.children[-1]) == "!" else increment(c, node)


def default(c: Compiler, node: Node) -> Expr:
    """`default(T)`; `default` alone fits any reference or nullable type."""
    named = node.child_by_field_name("type")
    if named is None:
        return Expr(NULL, lambda _: None, None)
    type_ = c.type_of_node(named)
    value = default_of(type_)
    return Expr(type_, lambda _: value)


RULES: Final = {
    "assignment_expression": assignment,
    "postfix_unary_expression": postfix,
    "default_expression": default,
}
__all__ = ["RULES", "element_place", "increment", "member_place"]
