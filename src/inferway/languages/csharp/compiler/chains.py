"""Chains: names, members, calls, indexers, and `?.` which skips the rest of its chain when it meets null."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, NoReturn

from tree_sitter import Node

from inferway.languages.csharp.budget import made
from inferway.languages.csharp.compiler.compiler import Compiler, mark
from inferway.languages.csharp.compiler.lambdas import delegate_signature
from inferway.languages.csharp.compiler.overloads import (
    Argument,
    Candidate,
    Chosen,
    out_writers,
    read_arguments,
    resolve,
)
from inferway.languages.csharp.compiler.scope import Expr, FrameData, Run, TypeName, constant, reader
from inferway.languages.csharp.compiler.source import named, need, text
from inferway.languages.csharp.json.convert import default_of
from inferway.languages.csharp.types import (
    NULL,
    NUMERIC,
    STRING,
    VOID,
    Type,
    is_value_type,
    nullable,
    parse_type,
    substitute,
    underlying,
)
from inferway.languages.csharp.values import null_reference

_CHAIN: Final = frozenset(
    {
        *("member_access_expression", "invocation_expression", "element_access_expression"),
        *("conditional_access_expression", "postfix_unary_expression", "member_binding_expression"),
        "element_binding_expression",
    }
)
_OPERATORS: Final = frozenset(
    {"binary_expression", "prefix_unary_expression", "conditional_expression", "cast_expression", "as_expression"}
)
"""What no link follows without brackets: where one does, the grammar took the source otherwise than C#."""


@dataclass(slots=True)
class Step:
    """One link: "member", "call", "index" or "?"."""

    kind: str
    node: Node
    name: str = ""
    types: tuple[Type, ...] = ()


def flatten(c: Compiler, node: Node) -> tuple[Node | None, list[Step]]:
    """A chain's first node, and the links behind it."""
    kind = node.type
    if kind == "member_access_expression":
        base, steps = flatten(c, need(node, "expression"))
        return base, [*steps, _member(c, need(node, "name"))]
    if kind == "invocation_expression":
        base, steps = flatten(c, need(node, "function"))
        return base, [*steps, Step("call", need(node, "arguments"))]
    if kind == "element_access_expression":
        base, steps = flatten(c, need(node, "expression"))
        return base, [*steps, Step("index", need(node, "subscript"))]
    if kind == "conditional_access_expression":
        base, steps = flatten(c, need(node, "condition"))
        inner, more = flatten(c, named(node)[-1])
        if inner is not None:
            raise c.error(node, "Syntax error near '?.'")
        return base, [*steps, Step("?", node), *more]
    if kind == "member_binding_expression":
        return None, [_member(c, need(node, "name"))]
    if kind == "element_binding_expression":
        return None, [Step("index", node)]
    if kind == "postfix_unary_expression" and text(node.children[-1]) == "!":
        return flatten(c, node.children[0])
    return node, []


def _member(c: Compiler, node: Node) -> Step:
    if node.type != "generic_name":
        return _named_member(c, node)
    lists = [each for each in named(node) if each.type == "type_argument_list"]
    types = tuple(c.type_of_node(each) for each in named(lists[0])) if lists else ()
    return Step("member", node, text(named(node)[0]), types)


def _named_member(c: Compiler, node: Node) -> Step:
    """A member by its name, or by the name that stands for a generic call's name and types (see grouping.py)."""
    name, listed = c.generics.get(text(node), (text(node), ""))
    if not listed:
        return Step("member", node, name)
    try:
        types = parse_type(f"Types<{listed}>").arguments
    except ValueError:
        raise c.error(node, f"The types '{listed}' are not known") from None
    for each in types:
        if not c.universe.knows(each):
            raise c.error(node, f"The type '{each}' is not known or not allowed")
    return Step("member", node, name, types)


def chain(c: Compiler, node: Node) -> Expr:
    """Compiles a chain. Raises CompileError."""
    base, steps = flatten(c, node)
    if base is None:
        raise c.error(node, "Syntax error near '?.'")
    if base.type == "identifier" and text(base) == "nameof" and steps and steps[0].kind == "call":
        return _nameof(steps[0])
    return _chain(c, node, base, steps)


def _chain(c: Compiler, node: Node, base: Node, steps: list[Step]) -> Expr:
    """A chain from its first node."""
    if steps and base.type in _OPERATORS:
        raise c.error(base, "Not supported without brackets: the operand of '?.' or '?[' here")
    value, at = _start(c, base, steps)
    return _finish(c, node, _links(c, value, steps[at:]))


def _nameof(step: Step) -> Expr:
    names = text(named(step.node)[0]).rpartition(".")[2]
    return Expr(STRING, lambda _: names, names)


def identifier(c: Compiler, node: Node) -> Expr:
    """A name by itself: a variable."""
    return _finish(c, node, _start(c, node, [])[0])


def _finish(c: Compiler, node: Node, value: Expr | TypeName) -> Expr:
    if isinstance(value, TypeName):
        raise c.error(node, f"'{value.type}' is a type, which is not valid here")
    return value


def _start(c: Compiler, base: Node, steps: list[Step]) -> tuple[Expr | TypeName, int]:
    """What a chain begins with, and how many of its links (of a namespace) belong to that."""
    if base.type in ("predefined_type", "generic_name", "nullable_type", "array_type", "alias_qualified_name"):
        return TypeName(c.type_of_node(base)), 0
    if base.type != "identifier":
        return c.expression(base), 0
    name = text(base)
    variable = c.scope.find(name)
    if variable is not None:
        return Expr(variable.type, reader(variable, c.level)), 0
    type_ = c.find_type(base)
    if type_ is not None:
        return TypeName(type_), 0
    if name in ("System", "Newtonsoft", "Microsoft"):
        for at, step in enumerate(steps):
            found = c.find_type(step.node) if step.kind == "member" else None
            if found is not None:
                return TypeName(found), at + 1
    raise c.error(base, f"The name '{name}' does not exist in the current context")


def _links(c: Compiler, value: Expr | TypeName, steps: list[Step]) -> Expr | TypeName:
    at = 0
    while at < len(steps):
        step = steps[at]
        if step.kind == "?":
            return _conditional(c, value, steps[at + 1 :], step.node)
        if step.kind == "member" and at + 1 < len(steps) and steps[at + 1].kind == "call":
            called = _call_or_delegate(c, value, step, steps[at + 1])
            value, at = called, at + 2
        elif step.kind == "member":
            value, at = member(c, value, step), at + 1
        elif isinstance(value, TypeName):
            raise c.error(step.node, f"'{value.type}' is a type, which is not valid here")
        else:
            value, at = index(c, value, step) if step.kind == "index" else _invoke(c, value, step), at + 1
    return value


def _conditional(c: Compiler, value: Expr | TypeName, steps: list[Step], node: Node) -> Expr:
    if isinstance(value, TypeName):
        raise c.error(node, f"'{value.type}' is a type, which is not valid here")
    if is_value_type(value.type) and value.type.name != "?":
        raise c.error(node, f"Operator '?' cannot be applied to an operand of type '{value.type}'")
    slot, receiver = c.scope.frame.slot(), value.run
    inner = _finish(c, node, _links(c, Expr(underlying(value.type), lambda f: f[slot]), steps))
    rest = inner.run

    def run(f: FrameData) -> Any:
        found = receiver(f)
        if found is None:
            return None
        f[slot] = found
        return rest(f)

    return Expr(VOID if inner.type == VOID else nullable(inner.type), run)


def _nullable_member(c: Compiler, value: Expr, step: Step) -> Expr | None:
    """`HasValue` and `Value` of a `T?`."""
    run = value.run
    if step.name == "HasValue":
        return Expr(Type("bool"), lambda f: run(f) is not None)
    if step.name == "Value":
        convert = c.conversions.explicit(value.type, underlying(value.type))
        if convert is not None:
            return Expr(underlying(value.type), _at(lambda f: convert(run(f)), step.node.start_byte))
    return None


def _at(run: Run, offset: int) -> Run:
    def located(f: FrameData) -> Any:
        try:
            return run(f)
        except Exception as error:
            mark(error, offset)
            raise

    return located


def member(c: Compiler, value: Expr | TypeName, step: Step) -> Expr | TypeName:
    """A property. Raises CompileError naming it when there is none."""
    type_ = value.type
    if isinstance(value, Expr) and type_.name == "?":
        found = _nullable_member(c, value, step)
        if found is not None:
            return found
    if type_.name.startswith("{") and isinstance(value, Expr):
        return _anonymous_member(c, value, step)
    static = isinstance(value, TypeName)
    for found_member, bound in c.universe.members(type_, step.name):
        if found_member.kind == "property" and found_member.static == static:
            result = substitute(found_member.type, bound)
            if isinstance(value, TypeName):
                if type_.name in NUMERIC:
                    return constant(result, found_member.apply())
                return Expr(result, _static_property(found_member.apply, step.node.start_byte))
            return Expr(result, _property(value.run, found_member.apply, step.node.start_byte))
    kinds = {each.kind for each, _ in c.universe.members(type_, step.name)}
    if "method" in kinds or (not static and c.universe.extensions(step.name)):
        raise c.error(step.node, f"'{type_}.{step.name}' is a method, which is not valid here without a call")
    raise unknown(c, type_, step)


def unknown(c: Compiler, type_: Type, step: Step) -> Exception:
    """The error for a member that is not there."""
    return c.error(step.node, f"'{type_}' does not contain a definition for '{step.name}', or it is not allowed")


def throw_null() -> NoReturn:
    """Throws what using null throws."""
    raise null_reference()


def _static_property(apply: Callable[[], Any], offset: int) -> Run:
    return _at(lambda _: apply(), offset)


def _property(receiver: Run, apply: Callable[[Any], Any], offset: int) -> Run:
    def run(f: FrameData) -> Any:
        found = receiver(f)
        try:
            if found is None:
                throw_null()
            return apply(found)
        except Exception as error:
            mark(error, offset)
            raise

    return run


def _anonymous_member(c: Compiler, value: Expr, step: Step) -> Expr:
    names = value.type.name[1:-1].split(",")
    if step.name not in names:
        raise unknown(c, value.type, step)
    at = names.index(step.name)
    return Expr(value.type.arguments[at], _property(value.run, lambda each: each.values[at], step.node.start_byte))


def _call_or_delegate(c: Compiler, value: Expr | TypeName, step: Step, call: Step) -> Expr:
    candidates = [
        each
        for each in c.universe.members(value.type, step.name)
        if each[0].kind == "method" and each[0].static == isinstance(value, TypeName) and not _extends(each[0])
    ]
    if isinstance(value, TypeName):
        own = [
            each for each in c.universe.members(value.type, step.name) if each[0].kind == "method" and each[0].static
        ]
        candidates = own
    if isinstance(value, Expr) and value.type.name == "?":
        inherited = _nullable_call(c, value, step, call)
        if inherited is not None:
            return inherited
    arguments = read_arguments(c, call.node, method_group)
    chosen = resolve(c, step.node, candidates, arguments, step.types) if candidates else None
    if chosen is not None:
        receiver = None if isinstance(value, TypeName) else value
        return invocation(c, chosen, receiver, step.node.start_byte)
    if isinstance(value, Expr):
        extended = _extension(c, value, step, arguments)
        if extended is not None:
            return extended
        if not candidates and value.type.name not in ("object", "null"):
            held = [each for each in c.universe.members(value.type, step.name) if each[0].kind == "property"]
            if held:
                found = member(c, value, step)
                if isinstance(found, Expr):
                    return _invoke(c, found, call)
    if candidates or (isinstance(value, Expr) and c.universe.extensions(step.name)):
        shown = ", ".join(str(each.expr.type) if each.expr else text(each.node)[:30] for each in arguments)
        raise c.error(step.node, f"No overload of '{value.type}.{step.name}' takes ({shown})")
    raise unknown(c, value.type, step)


def _extends(found: Any) -> bool:
    return bool(found.parameters) and found.parameters[0].mode == "this"


def _nullable_call(c: Compiler, value: Expr, step: Step, call: Step) -> Expr | None:
    """`GetValueOrDefault()` and `ToString()` of a `T?`."""
    run, inner = value.run, underlying(value.type)
    arguments = named(call.node)
    if step.name == "GetValueOrDefault":
        if arguments:
            other = c.convert(c.expression(named(arguments[0])[-1]), inner, call.node).run
        else:
            default = default_of(inner)
            other = lambda _: default  # noqa: E731 - one of two runs

        def run_default(f: FrameData) -> Any:
            found = run(f)
            return other(f) if found is None else found

        return Expr(inner, run_default)
    if step.name == "ToString" and not arguments:
        slot = c.scope.frame.slot()
        shown = _finish(c, step.node, _links(c, Expr(inner, lambda f: f[slot]), [step, call])).run

        def run_text(f: FrameData) -> Any:
            found = run(f)
            if found is None:
                return ""
            f[slot] = found
            return shown(f)

        return Expr(STRING, run_text)
    return None


def _extension(c: Compiler, value: Expr, step: Step, arguments: list[Argument]) -> Expr | None:
    candidates: list[Candidate] = [(each, {}) for each in c.universe.extensions(step.name)]
    if not candidates or value.type == NULL:
        return None
    chosen = resolve(c, step.node, candidates, [Argument(node=step.node, expr=value), *arguments], step.types)
    return None if chosen is None else invocation(c, chosen, None, step.node.start_byte)


def _invoke(c: Compiler, value: Expr, step: Step) -> Expr:
    """Calls a delegate that a variable holds."""
    signature = delegate_signature(value.type)
    arguments = read_arguments(c, step.node, method_group)
    if signature is None or len(arguments) != len(signature[0]):
        raise c.error(step.node, f"A value of type '{value.type}' cannot be called like this")
    runs = []
    for argument, type_ in zip(arguments, signature[0], strict=True):
        if argument.expr is None:
            raise c.error(argument.node, "Not supported as an argument of a delegate")
        runs.append(c.convert(argument.expr, type_, argument.node).run)
    function = value.run

    def run(f: FrameData) -> Any:
        found = function(f)
        if found is None:
            raise null_reference()
        return found(*[each(f) for each in runs])

    return Expr(signature[1], _at(run, step.node.start_byte))


def index(c: Compiler, value: Expr, step: Step) -> Expr:
    """`a[i]`."""
    arguments = read_arguments(c, step.node, method_group)
    candidates = [each for each in c.universe.members(value.type, "this") if each[0].kind == "indexer"]
    chosen = resolve(c, step.node, candidates, arguments) if candidates else None
    if chosen is None:
        shown = ", ".join(str(each.expr.type) if each.expr else "?" for each in arguments)
        raise c.error(step.node, f"Cannot apply indexing with [{shown}] to an expression of type '{value.type}'")
    return invocation(c, chosen, value, step.node.start_byte)


def invocation(c: Compiler, chosen: Chosen, receiver: Expr | None, offset: int) -> Expr:
    """The call of an overload that is settled."""
    apply, runs = chosen.member.apply, chosen.runs
    if chosen.member.type_parameters:
        types = chosen.types
        runs = (lambda _: types, *runs)
    run = _static_call(apply, runs, offset) if receiver is None else _instance_call(apply, receiver.run, runs, offset)
    if chosen.outs:
        run = _with_outs(run, out_writers(c, chosen))
    if chosen.result == STRING:
        return Expr(STRING, _charged(run, offset))
    return Expr(chosen.result, run)


def _static_call(apply: Callable[..., Any], runs: tuple[Run, ...], offset: int) -> Run:
    def call(f: FrameData) -> Any:
        try:
            return apply(*[run(f) for run in runs])
        except Exception as error:
            mark(error, offset)
            raise

    return call


def _instance_call(apply: Callable[..., Any], receiver: Run, runs: tuple[Run, ...], offset: int) -> Run:
    first = runs[0] if runs else receiver
    second = runs[1] if len(runs) > 1 else receiver

    def call_0(f: FrameData) -> Any:
        found = receiver(f)
        try:
            if found is None:
                throw_null()
            return apply(found)
        except Exception as error:
            mark(error, offset)
            raise

    def call_1(f: FrameData) -> Any:
        found = receiver(f)
        try:
            if found is None:
                throw_null()
            return apply(found, first(f))
        except Exception as error:
            mark(error, offset)
            raise

    def call_2(f: FrameData) -> Any:
        found = receiver(f)
        try:
            if found is None:
                throw_null()
            return apply(found, first(f), second(f))
        except Exception as error:
            mark(error, offset)
            raise

    def call_many(f: FrameData) -> Any:
        found = receiver(f)
        try:
            if found is None:
                throw_null()
            return apply(found, *[run(f) for run in runs])
        except Exception as error:
            mark(error, offset)
            raise

    return (call_0, call_1, call_2)[len(runs)] if len(runs) < 3 else call_many


def _with_outs(run: Run, writers: tuple[Callable[[FrameData, Any], None], ...]) -> Run:
    def call(f: FrameData) -> Any:
        result, *outs = run(f)
        for write, value in zip(writers, outs, strict=True):
            write(f, value)
        return result

    return call


def _charged(run: Run, offset: int) -> Run:
    def call(f: FrameData) -> Any:
        found = run(f)
        if found is not None and len(found) > 256:
            try:
                made(found)
            except Exception as error:
                mark(error, offset)
                raise
        return found

    return call


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


def slot_reader(at: int) -> Run:
    """What reads a slot of the present frame."""
    return lambda f: f[at]


RULES: Final = {**dict.fromkeys(_CHAIN, chain), "identifier": identifier}
