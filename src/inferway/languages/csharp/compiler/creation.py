"""`new`: objects, collections, anonymous types, arrays, with their initialisers."""

from __future__ import annotations

from typing import Any, Final

from tree_sitter import Node

from inferway.languages.csharp.budget import room
from inferway.languages.csharp.compiler.arguments import Argument, read_arguments
from inferway.languages.csharp.compiler.assignment import element_place, member_place
from inferway.languages.csharp.compiler.choices import common_type
from inferway.languages.csharp.compiler.compiler import Compiler, mark
from inferway.languages.csharp.compiler.invocations import invocation, slot_reader
from inferway.languages.csharp.compiler.links import Step
from inferway.languages.csharp.compiler.method_groups import method_group
from inferway.languages.csharp.compiler.overloads import resolve
from inferway.languages.csharp.compiler.scope import Expr, FrameData, Run
from inferway.languages.csharp.compiler.source import named, need, text
from inferway.languages.csharp.conversions import box
from inferway.languages.csharp.errors import Missing
from inferway.languages.csharp.json.convert import default_of
from inferway.languages.csharp.types import INT, NULL, VOID, Type
from inferway.languages.csharp.values import Anonymous, Array, overflow


def object_creation(c: Compiler, node: Node) -> Expr:
    """`new T(…) { … }`."""
    type_ = c.type_of_node(need(node, "type"))
    arguments = node.child_by_field_name("arguments")
    read = read_arguments(c, arguments, method_group) if arguments is not None else []
    made = construct(c, node, type_, read)
    initializer = node.child_by_field_name("initializer")
    return made if initializer is None else _initialised(c, made, initializer)


def construct(c: Compiler, node: Node, type_: Type, arguments: list[Argument]) -> Expr:
    """A constructor's call. Raises CompileError."""
    table = c.universe.table(type_.name)
    members = table.get("new") if table is not None else ()
    bound = dict(zip(table.class_.parameters, type_.arguments, strict=False)) if table is not None else {}
    chosen = resolve(c, node, [(each, bound) for each in members], arguments) if members else None
    if chosen is None:
        if not members:
            raise c.error(node, f"'new {type_}' is not allowed", Missing(type=type_.name, member="new"))
        shown = ", ".join(str(each.expr.type) if each.expr else "?" for each in arguments)
        missing = Missing(type=type_.name, member="new", overload=True)
        raise c.error(node, f"No constructor of '{type_}' takes ({shown})", missing)
    apply, runs, offset = chosen.member.apply, chosen.runs, node.start_byte
    if type_.arguments:
        types = type_.arguments
        runs = (lambda _: types, *runs)

    def run(f: FrameData) -> Any:
        try:
            return apply(*[each(f) for each in runs])
        except Exception as error:
            mark(error, offset)
            raise

    return Expr(type_, run)


def _initialised(c: Compiler, made: Expr, node: Node) -> Expr:
    """An object with `{ A = 1, ["b"] = 2, { "c", 3 }, d }` behind it."""
    slot = c.scope.frame.slot()
    target = Expr(made.type, slot_reader(slot))
    steps = tuple(_initialise(c, target, each) for each in named(node))
    create = made.run

    def run(f: FrameData) -> Any:
        built = create(f)
        for step in steps:
            f[slot] = built
            step(f)
        return built

    return Expr(made.type, run)


def _initialise(c: Compiler, target: Expr, node: Node) -> Run:
    if node.type == "assignment_expression":
        left, right = need(node, "left"), need(node, "right")
        if left.type == "element_binding_expression":
            place = element_place(c, target, Step("index", left), read=False)
        else:
            place = member_place(c, target, Step("member", left, text(left)), read=False)
        value = c.convert(c.expression(right), place.type, right).run
        put, prepare = place.put, place.prepare

        def assign(f: FrameData) -> None:
            if prepare is not None:
                prepare(f)
            put(f, value(f))

        return assign
    parts = named(node) if node.type == "initializer_expression" else [node]
    return _add(c, target, parts, node)


def _add(c: Compiler, target: Expr, parts: list[Node], node: Node) -> Run:
    arguments = [Argument(node=each, expr=c.expression(each)) for each in parts]
    candidates = [each for each in c.universe.members(target.type, "Add") if each[0].kind == "method"]
    chosen = resolve(c, node, candidates, arguments) if candidates else None
    if chosen is None:
        raise c.error(node, f"'{target.type}' has no 'Add' for this element")
    return invocation(c, chosen, target, node.start_byte).run


def anonymous(c: Compiler, node: Node) -> Expr:
    """`new { a = 1, b.c, d }`."""
    names: list[str] = []
    values: list[Expr] = []
    pending: str | None = None
    for child in node.children[1:]:
        if child.type == "comment" or child.type in ("{", "}", ",", "="):
            continue
        following = child.next_sibling
        if pending is None and child.type == "identifier" and following is not None and following.type == "=":
            pending = text(child)
            continue
        expr = c.expression(child)
        if expr.type in (NULL, VOID):
            raise c.error(child, f"A member of an anonymous type cannot be {expr.type}")
        names.append(pending or _implied_name(c, child))
        values.append(expr)
        pending = None
    if len(set(names)) != len(names):
        raise c.error(node, "An anonymous type has two members of the same name")
    type_ = Type("{" + ",".join(names) + "}", tuple(each.type for each in values))
    runs = tuple((each.run, box(each.type)) for each in values)
    labels = tuple(names)
    return Expr(type_, lambda f: Anonymous(type_, labels, tuple([boxed(run(f)) for run, boxed in runs])))


def _implied_name(c: Compiler, node: Node) -> str:
    if node.type == "identifier":
        return text(node)
    if node.type == "member_access_expression":
        return text(need(node, "name"))
    if node.type == "conditional_access_expression":
        return _implied_name(c, named(node)[-1])
    if node.type == "member_binding_expression":
        return text(need(node, "name"))
    raise c.error(node, "A member of an anonymous type needs a name")


def array_creation(c: Compiler, node: Node) -> Expr:
    """`new T[n]` and `new T[] { … }`."""
    type_node = need(node, "type")
    rank = need(type_node, "rank")
    element = c.type_of_node(need(type_node, "type"))
    initializer = next((each for each in named(node) if each.type == "initializer_expression"), None)
    if initializer is not None:
        return array_of(c, initializer, element)
    sizes = named(rank)
    if len(sizes) != 1:
        raise c.unsupported(node, "Not supported: arrays of several dimensions")
    size = c.convert(c.expression(sizes[0]), INT, node).run
    value, offset = default_of(element), node.start_byte

    def run(f: FrameData) -> Any:
        count = size(f)
        try:
            room(count)
            if count < 0:
                _negative()
        except Exception as error:
            mark(error, offset)
            raise
        return Array([value] * count, element)

    return Expr(Type("[]", (element,)), run)


def _negative() -> None:
    raise overflow("a native int")


def array_of(c: Compiler, node: Node, element: Type) -> Expr:
    """`{ a, b }` as an array."""
    runs = [c.convert(c.expression(each), element, each).run for each in named(node)]
    return Expr(Type("[]", (element,)), lambda f: Array([run(f) for run in runs], element))


def implicit_array(c: Compiler, node: Node) -> Expr:
    """`new[] { a, b }`."""
    items = [each for each in named(node) if each.type == "initializer_expression"]
    values = [c.expression(each) for each in named(items[0])]
    if not values:
        raise c.error(node, "No best type found for the array")
    element = common_type(c, node, values)
    runs = [c.convert(each, element, node).run for each in values]
    return Expr(Type("[]", (element,)), lambda f: Array([run(f) for run in runs], element))


RULES: Final = {
    "object_creation_expression": object_creation,
    "anonymous_object_creation_expression": anonymous,
    "array_creation_expression": array_creation,
    "implicit_array_creation_expression": implicit_array,
}
