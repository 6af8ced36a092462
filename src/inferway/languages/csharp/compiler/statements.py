"""Statements. A compiled statement returns None, BREAK, CONTINUE, or a tuple that holds the value returned."""

from __future__ import annotations

from typing import Any, Final

from tree_sitter import Node

from inferway.languages.csharp.compiler.compiler import Compiler, mark
from inferway.languages.csharp.compiler.creation import array_of
from inferway.languages.csharp.compiler.lambdas import delegate_signature, lambda_arity, lambda_expression
from inferway.languages.csharp.compiler.operators import thrower
from inferway.languages.csharp.compiler.patterns import pattern
from inferway.languages.csharp.compiler.scope import Expr, Frame, FrameData, Run, constant, reader, writer
from inferway.languages.csharp.compiler.source import named, need, text
from inferway.languages.csharp.errors import LimitError, ThrownError
from inferway.languages.csharp.json.convert import default_of
from inferway.languages.csharp.types import BOOL, CHAR, NULL, VOID, Type
from inferway.languages.csharp.values import ExceptionValue, invalid_operation, iterate, null_reference

BREAK: Final = "break"
CONTINUE: Final = "continue"
_EFFECTS: Final = frozenset(
    {
        *("assignment_expression", "postfix_unary_expression", "prefix_unary_expression", "invocation_expression"),
        *("object_creation_expression", "conditional_access_expression", "await_expression"),
    }
)


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


def expression_statement(c: Compiler, node: Node) -> Run:
    """`a.B();`."""
    inner = named(node)[0]
    if inner.type not in _EFFECTS:
        raise c.error(node, "Only assignment, call, increment, decrement and new can be used as a statement")
    run = c.expression(inner).run

    def statement(f: FrameData) -> None:
        run(f)

    return statement


def declaration(c: Compiler, node: Node) -> Run:
    """`var a = 1, b = 2;`."""
    inner = next((each for each in named(node) if each.type == "variable_declaration"), None)
    if inner is None:
        raise c.error(node, "Not supported: this declaration")
    return declare(c, inner)


def declare(c: Compiler, node: Node) -> Run:
    """`var a = 1, b = 2`."""
    type_node = need(node, "type")
    type_ = None if type_node.type == "implicit_type" else c.type_of_node(type_node)
    runs = tuple(_declarator(c, each, type_) for each in named(node) if each.type == "variable_declarator")
    if len(runs) == 1:
        return runs[0]

    def run(f: FrameData) -> None:
        for each in runs:
            each(f)

    return run


def _declarator(c: Compiler, node: Node, type_: Type | None) -> Run:
    name = text(need(node, "name"))
    if c.scope.find(name) is not None:
        raise c.error(node, f"A variable named '{name}' is already defined in this scope")
    values = [each for each in named(node) if each.start_byte != need(node, "name").start_byte]
    if not values:
        if type_ is None:
            raise c.error(node, "Implicitly-typed variables must be initialized")
        value = constant(type_, default_of(type_))
    else:
        value = _initial(c, values[-1], type_)
    put = writer(c.scope.declare(name, value.type), c.level)
    run = value.run

    def statement(f: FrameData) -> None:
        put(f, run(f))

    return statement


def _initial(c: Compiler, node: Node, type_: Type | None) -> Expr:
    if node.type == "initializer_expression" and type_ is not None and type_.name == "[]":
        return array_of(c, node, type_.arguments[0])
    if node.type == "lambda_expression" and type_ is not None:
        return _held_lambda(c, node, type_)
    value = c.expression(node)
    if type_ is None:
        if value.type in (NULL, VOID):
            raise c.error(node, f"Cannot assign {value.type} to an implicitly-typed variable")
        return Expr(value.type, value.run)
    return Expr(type_, c.convert(value, type_, node).run)


def _held_lambda(c: Compiler, node: Node, type_: Type) -> Expr:
    signature = delegate_signature(type_)
    if signature is None or lambda_arity(node) != len(signature[0]):
        raise c.error(node, f"Cannot convert a lambda to '{type_}'")
    made = lambda_expression(c, node, signature[0])
    if signature[1] in (VOID, made.result):
        return Expr(type_, made.make)
    found = c.conversions.implicit(made.result, signature[1])
    if found is None:
        raise c.error(node, f"The lambda returns '{made.result}', not '{signature[1]}'")
    convert, make = found[0], made.make

    def run(f: FrameData) -> Any:
        inner = make(f)
        return lambda *arguments: convert(inner(*arguments))

    return Expr(type_, run)


def if_statement(c: Compiler, node: Node) -> Run:
    """`if (a) … else …`."""
    test = c.convert(c.expression(need(node, "condition")), BOOL, need(node, "condition")).run
    yes = _embedded(c, need(node, "consequence"))
    other = node.child_by_field_name("alternative")
    if other is None:
        return lambda f: yes(f) if test(f) else None
    no = _embedded(c, other)
    return lambda f: yes(f) if test(f) else no(f)


def _embedded(c: Compiler, node: Node) -> Run:
    with c.block():
        return c.statement(node)


def empty(_c: Compiler, _node: Node) -> Run:
    """`;`."""
    return lambda _: None


def return_statement(c: Compiler, node: Node) -> Run:
    """`return a;`."""
    inner = named(node)
    if not inner:
        return lambda _: (None,)
    value = c.expression(inner[0])
    if value.type == VOID:
        raise c.error(node, "A call without a value cannot be returned")
    c.returns.append(value)
    return lambda f: (value.run(f),)


def throw_statement(c: Compiler, node: Node) -> Run:
    """`throw e;` and `throw;`."""
    inner = named(node)
    if inner:
        return thrower(c, node, c.expression(inner[0]))
    variable = c.scope.find("catch")
    if variable is None:
        raise c.error(node, "A throw statement with no arguments is not allowed outside of a catch clause")
    return thrower(c, node, Expr(variable.type, reader(variable, c.level)))


def break_statement(_c: Compiler, _node: Node) -> Run:
    """`break;`."""
    return lambda _: BREAK


def continue_statement(_c: Compiler, _node: Node) -> Run:
    """`continue;`."""
    return lambda _: CONTINUE


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
        return _embedded(c, node)
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


def try_statement(c: Compiler, node: Node) -> Run:
    """`try … catch … finally …`."""
    body = _embedded(c, need(node, "body"))
    clauses = tuple(_catch(c, each) for each in named(node) if each.type == "catch_clause")
    last = next((each for each in named(node) if each.type == "finally_clause"), None)
    final = _embedded(c, named(last)[-1]) if last is not None else None

    def run(f: FrameData) -> Any:
        try:
            return body(f)
        except (LimitError, RecursionError, MemoryError):
            raise
        except Exception as error:
            value = exception_value(error)
            for matches, handle in clauses:
                if matches(f, value):
                    return handle(f)
            raise

    if final is None:
        return run

    def run_finally(f: FrameData) -> Any:
        try:
            signal = run(f)
        except (LimitError, RecursionError, MemoryError):
            raise
        except Exception:
            final(f)
            raise
        return final(f) or signal

    return run_finally


def exception_value(error: Exception) -> ExceptionValue:
    """The C# exception that an exception is to the expression."""
    if isinstance(error, ThrownError):
        if not isinstance(error.value, ExceptionValue):
            error.value = ExceptionValue(error.kind, error.message)
        return error.value
    return ExceptionValue("System.Exception", str(error) or error.__class__.__name__)


def _catch(c: Compiler, node: Node) -> tuple[Any, Run]:
    parts = {each.type: each for each in named(node)}
    with c.block():
        caught = Type("Exception")
        declared = parts.get("catch_declaration")
        if declared is not None:
            caught = c.type_of_node(need(declared, "type"))
        puts = [writer(c.scope.declare("catch", caught), c.level)]
        name = declared.child_by_field_name("name") if declared is not None else None
        if name is not None:
            puts.append(writer(c.scope.declare(text(name), caught), c.level))
        clause = parts.get("catch_filter_clause")
        when = c.convert(c.expression(named(clause)[0]), BOOL, clause).run if clause is not None else None
        handle = c.statement(need(node, "body"))
    check = c.universe.is_instance

    def matches(f: FrameData, value: ExceptionValue) -> bool:
        if caught.name != "Exception" and not check(value, caught):
            return False
        for put in puts:
            put(f, value)
        return when is None or bool(when(f))

    return matches, handle


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


def using_statement(c: Compiler, node: Node) -> Run:
    """`using (var a = …) …`."""
    with c.block():
        declared = next((each for each in named(node) if each.type == "variable_declaration"), None)
        start = declare(c, declared) if declared is not None else c.expression(named(node)[0]).run
        body = c.statement(need(node, "body"))

    def run(f: FrameData) -> Any:
        start(f)
        return body(f)

    return run


RULES: Final = {
    "block": block,
    "expression_statement": expression_statement,
    "local_declaration_statement": declaration,
    "if_statement": if_statement,
    "empty_statement": empty,
    "return_statement": return_statement,
    "throw_statement": throw_statement,
    "break_statement": break_statement,
    "continue_statement": continue_statement,
    "foreach_statement": foreach,
    "while_statement": while_statement,
    "do_statement": do_statement,
    "for_statement": for_statement,
    "try_statement": try_statement,
    "switch_statement": switch_statement,
    "using_statement": using_statement,
}
