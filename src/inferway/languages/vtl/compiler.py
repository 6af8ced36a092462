"""Syntax tree → one Python function, as source with a line map.

A template without macros becomes straight code over local variables. Where macros or `#evaluate` may see variables by
name, they live in a context object instead (`dynamic`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar, Final

from inferway.languages.vtl import nodes, runtime
from inferway.languages.vtl.analysis import LOOP_NAMES, assigns, mentions
from inferway.languages.vtl.arithmetic import add, calculate, equal, less, less_or_equal
from inferway.languages.vtl.expression_compiler import ExpressionCompiler, Function, Loop
from inferway.languages.vtl.macros import Argument, call_macro, evaluate
from inferway.languages.vtl.members.dispatch import (
    get_index,
    get_property,
    iterate,
    set_index,
    set_property,
)
from inferway.languages.vtl.purity import may_change, never_null
from inferway.languages.vtl.values import ForeachScope, JavaArray, JavaFailure, JsonList

GLOBALS: Final[dict[str, Any]] = {
    "ADD": add,
    "ARGUMENT": Argument,
    "BLOCK": runtime.DefinedBlock,
    "BREAK": runtime.scope_argument,
    "BreakScope": runtime.BreakScope,
    "CALC": calculate,
    "CALL": call_macro,
    "CHANGED": runtime.changed,
    "COST": runtime.cost,
    "EQ": equal,
    "EVALUATE": evaluate,
    "EXHAUSTED": runtime.exhausted,
    "INDEX": get_index,
    "ITER": iterate,
    "JavaArray": JavaArray,
    "JavaFailure": JavaFailure,
    "LE": less_or_equal,
    "LISTS": frozenset({list, JavaArray, JsonList}),
    "LT": less,
    "MAP": runtime.new_map,
    "NOTHING": runtime.no_resource,
    "P": get_property,
    "RANGE": runtime.integer_range,
    "RETURN": runtime.ReturnValue,
    "S": runtime.show,
    "SCOPE": ForeachScope,
    "SETI": set_index,
    "SETP": set_property,
    "SIZE": runtime.source_size,
    "SP": runtime.show_prefixed,
    "STOP": runtime.StopRender,
    "StopRender": runtime.StopRender,
    "TICK": runtime.tick,
    "TRUE": runtime.truth,
}

_LOOPS: Final = 16
"""Loops within one another in one function: Python allows twenty blocks."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Compiled:
    """A template's Python source, the place of each line, and the constants that it refers to."""

    source: str
    places: tuple[nodes.Place | None, ...]
    constants: dict[str, Any]
    dynamic: bool


class Compiler(ExpressionCompiler):
    """Writes one template."""

    def compile(self, root: nodes.Block, macros: tuple[nodes.Macro, ...] = ()) -> Compiled:
        """The whole template: a function of the context's `get`, or of a context object."""
        out = self._out
        dynamic = self._analysis.dynamic
        out.emit("def render(X, B):" if dynamic else "def render(C):")
        out.depth += 1
        head = len(out.lines)
        if dynamic:
            self._define_macros(macros)
        self._begin_parts()
        self._body(root)
        self._end_function()
        if not dynamic:
            steps = self._limits.steps
            names = [
                f"{variable} = C({name!r})" for name, variable in self._variables.items() if name not in self._unread
            ]
            out.insert(head, [*names, f"b, c, z, q = {steps}, {steps - 32}, {self._limits.characters}, 0.0"])
        return Compiled(
            source="\n".join(out.lines) + "\n", places=tuple(out.places), constants=out.constants, dynamic=dynamic
        )

    # Functions and blocks

    def _end_function(self) -> None:
        self._flush()
        self._leave()

    def _body(self, block: nodes.Block) -> None:
        if self._function.kind == "main" and not self._analysis.stops:
            self._statements(block)
            return
        self._out.emit("try:")
        self._out.depth += 1
        self._statements(block)
        self._flush()
        self._out.emit("pass")
        self._out.depth -= 1
        self._out.emit("except StopRender as e:")
        if self._function.kind == "main" and not self._analysis.dynamic:
            self._out.emit(f" return ''.join({self._function.result}) + e.text")
        else:
            self._out.emit(f" e.text = ''.join({self._function.result}) + e.text")
            self._out.emit(" raise")

    def _statements(self, block: nodes.Block) -> None:
        for statement in block.statements:
            self._statement(statement)

    def _nested(self, block: nodes.Block) -> None:
        """Statements one deeper."""
        self._out.depth += 1
        self._statements(block)
        self._flush()
        self._out.emit("pass")
        self._out.depth -= 1

    def _statement(self, node: nodes.Statement) -> None:
        if isinstance(node, nodes.Text):
            self._text(node.text)
        elif isinstance(node, nodes.Reference):
            self._print(node)
        elif isinstance(node, nodes.MacroCall) and not self._analysis.dynamic:
            self._text(node.literal)
        elif isinstance(node, nodes.If) and self._is_inline(node):
            self._print_choice(node)
        else:
            self._flush()
            self._STATEMENTS[type(node)](self, node)

    # Directives

    def _set(self, node: nodes.Set) -> None:
        out = self._out
        value = self._value(node.value)
        target = node.target
        if not value.isidentifier() and (target.steps or not never_null(node.value)):
            kept = out.temporary()
            out.emit(f"{kept} = {value}")
            value = kept
        valued = never_null(node.value) or (
            self._profile.empty_references and isinstance(node.value, nodes.Reference) and node.value.computable
        )
        guarded = not self._profile.set_null and not valued
        if guarded:
            out.emit(f"if {value} is not None:")
            out.depth += 1
        if target.steps:
            self._set_step(target, value)
        else:
            self._assign(target.assigned, value)
        if guarded:
            out.depth -= 1

    def _set_step(self, target: nodes.Reference, value: str) -> None:
        out = self._out
        name = out.temporary()
        out.emit(f"{name} = {self._variable(target.root)}")
        for step in target.steps[:-1]:
            self._step(name, step)
        last = target.steps[-1]
        out.emit(f"if {name} is not None:")
        out.depth += 1
        if isinstance(last, nodes.Index):
            index = self._value(last.argument)
            out.emit(f"SETI({name}, {index}, {value})", last.place)
        elif isinstance(last, nodes.Property):
            out.emit(f"SETP({name}, {last.name!r}, {value})", target.place)
        else:
            out.emit(f"SETP({name}, {last.name!r}, {value})", target.place)
        out.depth -= 1

    def _if(self, node: nodes.If) -> None:
        out = self._out
        (first, body), *rest = node.branches
        condition = self._condition(first)
        if not rest:
            out.emit(f"if {condition}:")
            self._nested(body)
            if node.otherwise.statements:
                out.emit("else:")
                self._nested(node.otherwise)
            return
        taken = out.temporary()
        out.emit(f"{taken} = {condition}")
        out.emit(f"if {taken}:")
        self._nested(body)
        for each, block in rest:
            out.emit(f"if not {taken}:")
            out.depth += 1
            condition = self._condition(each)
            out.emit(f"if {condition}:")
            out.emit(f" {taken} = True")
            self._nested(block)
            out.depth -= 1
        if node.otherwise.statements:
            out.emit(f"if not {taken}:")
            self._nested(node.otherwise)

    def _foreach(self, node: nodes.Foreach) -> None:
        out, function = self._out, self._function
        if len(function.loops) >= _LOOPS // (2 if self._analysis.breaks_scope else 1):
            raise TooDeepError(node.place)
        source = self._value(node.source)
        items, count, total = out.temporary("q"), out.temporary("i"), out.temporary("n")
        kept_source = out.temporary()
        out.emit(f"{kept_source} = {source}")
        out.emit(f"{items} = {kept_source} if {kept_source}.__class__ in LISTS else ITER({kept_source})", node.place)
        out.emit(f"if {items} is not None:")
        out.depth += 1
        out.emit(f"{count} = 0")
        out.emit(f"{total} = len({items})")
        watched = may_change(node.body)
        size = out.temporary()
        if watched:
            out.emit(f"{size} = SIZE({kept_source})")
        run = items
        if self._profile.foreach_limit:
            run = out.temporary("q")
            limit = self._limits.foreach
            out.emit(f"{run} = {items} if {total} <= {limit} else {items}[:{limit}]")
        taken = out.temporary("n")
        out.emit(f"{taken} = len({run})")
        self._use_steps(taken, node.place)
        restore = self._open_loop(node)
        named = self._analysis.dynamic or node.variable in LOOP_NAMES
        element = out.temporary("e") if named else self._variable(node.variable)
        function.assigned.add(element)
        out.emit(f"for {count}, {element} in enumerate({run}, 1):")
        out.depth += 1
        self._tick(f"if not {count} & 31", node.place)
        self._loop_variables(node, element, count, total)
        function.loops.append(Loop(count, total))
        held = self._hold_null(node, element)
        if self._analysis.breaks_scope:
            self._guarded_loop(node, restore)
        else:
            self._statements(node.body)
            self._flush()
        function.loops.pop()
        self._held = held
        if watched:
            out.emit(
                f"if SIZE({kept_source}) != {size} and CHANGED({kept_source}, {count}, {total}): break", node.place
            )
        out.depth -= 1
        out.emit(f"{'B.b' if self._analysis.dynamic else 'b'} += {taken} - {count}")
        self._close_loop(restore)
        out.depth -= 1

    def _hold_null(self, node: nodes.Foreach, element: str) -> dict[str, str]:
        """While a loop is at a null element, its variable stays null whatever is assigned to it."""
        before = self._held
        self._held = {name: held for name, held in before.items() if name != node.variable}
        if assigns(node.body, node.variable) and not self._analysis.dynamic:
            held = self._out.temporary("h")
            self._out.emit(f"{held} = {element} is None")
            self._held[node.variable] = held
        if node.variable in before:
            self._held[node.variable] = before[node.variable]
        return before

    def _use_steps(self, count: str, place: nodes.Place | None) -> None:
        """Take steps off the budget; every 32 of them the time is looked at."""
        left, mark = ("B.b", "B.c") if self._analysis.dynamic else ("b", "c")
        self._out.emit(f"{left} -= {count}")
        self._tick(f"if {left} < {mark}", place)
        self._function.assigned.add("b")

    def _tick(self, condition: str, place: nodes.Place | None) -> None:
        names = ("B.c", "B.q", "B.b") if self._analysis.dynamic else ("c", "q", "b")
        mark, started, left = names
        call = f"TICK({left}, {started}, {self._limits.seconds!r})"
        self._out.emit(f"{condition}: {mark}, {started} = {call}", place)
        self._function.assigned.update(("c", "q"))

    def _guarded_loop(self, node: nodes.Foreach, restore: list[tuple[str, str]]) -> None:
        out = self._out
        scope = self._variable("foreach")
        out.emit("try:")
        self._nested(node.body)
        out.emit("except BreakScope as x:")
        out.depth += 1
        out.emit(f"if x.scope is {scope}: break")
        self._close_loop(restore)
        out.emit("raise")
        out.depth -= 1

    def _open_loop(self, node: nodes.Foreach) -> list[tuple[str, str]]:
        """Keep the variables that the loop hides: pairs of a name and the Python variable that holds its old value."""
        names = [] if self._is_private(node) else [node.variable]
        if self._analysis.counters:
            names += ["velocityCount", "velocityHasNext"]
        kept = []
        for name in names:
            old = self._out.temporary("p")
            self._out.emit(f"{old} = {self._variable(name)}")
            kept.append((name, old))
        if self._analysis.scopes:
            old = self._out.temporary("p")
            self._out.emit(f"{old} = SCOPE({self._variable('foreach')})")
            self._assign("foreach", old)
            kept.append(("foreach", f"{old}.replaced"))
        return kept

    def _is_private(self, node: nodes.Foreach) -> bool:
        """Whether the loop's variable is mentioned nowhere else, so that nobody can see it before or after."""
        if node.variable in LOOP_NAMES or self._analysis.dynamic:
            return False
        if self._analysis.mentions[node.variable] != mentions(node.body)[node.variable] + 1:
            return False
        self._unread.add(node.variable)
        self._function.own.add(self._variable(node.variable))
        return True

    def _loop_variables(self, node: nodes.Foreach, element: str, count: str, total: str) -> None:
        if self._analysis.counters:
            self._assign("velocityCount", count)
            self._assign("velocityHasNext", f"{count} < {total}")
        if self._analysis.dynamic or node.variable in LOOP_NAMES:
            self._assign(node.variable, element)
        if self._analysis.scopes:
            name = self._out.temporary()
            self._out.emit(f"{name} = {self._variable('foreach')}")
            self._out.emit(f"if {name}.__class__ is SCOPE:")
            self._out.emit(f" {name}.index = {count} - 1")
            self._out.emit(f" {name}.has_next = {count} < {total}")

    def _close_loop(self, kept: list[tuple[str, str]]) -> None:
        for name, old in kept:
            if name == "foreach":
                self._restore_scope(old)
            elif self._analysis.dynamic:
                self._out.emit(f"X.restore({name!r}, {old})")
            else:
                self._assign(name, old)

    def _restore_scope(self, old: str) -> None:
        """Give `$foreach` back, unless the template put something else there."""
        value = self._variable("foreach")
        self._out.emit(f"if {value}.__class__ is SCOPE:")
        self._out.depth += 1
        if self._analysis.dynamic:
            self._out.emit(f"X.restore('foreach', {old})")
        else:
            self._assign("foreach", old)
        self._out.depth -= 1

    def _define(self, node: nodes.Define) -> None:
        self._assign(node.name, self._block(node.body))

    def _block(self, body: nodes.Block) -> str:
        """A block that is rendered where its variable is used; then it sees the variables of that place."""
        if self._analysis.dynamic:
            return f"BLOCK({self._inner_function(body, 'block', 'X')}, X)"
        return f"BLOCK({self._inner_function(body, 'block', '')})"

    def _inner_function(self, body: nodes.Block, kind: str, parameters: str) -> str:
        """A nested function that renders a block to a string."""
        out = self._out
        outer, self._function = self._function, Function(kind=kind)
        name = out.temporary("f")
        out.emit(f"def {name}({parameters}):")
        out.depth += 1
        head = len(out.lines)
        self._use_steps("1", None)
        self._begin_parts()
        self._body(body)
        self._end_function()
        if not self._analysis.dynamic:
            shared = (self._function.assigned & {*self._variables.values(), "b", "c", "z", "q"}) - self._function.own
            out.insert(head, [f"nonlocal {', '.join(sorted(shared))}"])
        out.depth -= 1
        self._function = outer
        self._function.assigned.update(("b", "c", "z", "q"))
        return name

    def _macro(self, _: nodes.Macro) -> None:
        """A definition prints nothing; it is registered before the template begins."""
        self._out.emit("pass")

    def _define_macros(self, macros: tuple[nodes.Macro, ...]) -> None:
        """Write the bodies of the template's macros as functions of a context."""
        for macro in macros:
            name = self._inner_function(macro.body, "macro", "X")
            self._out.emit(f"B.define({macro.name!r}, {macro.parameters!r}, {name})")

    def _macro_call(self, node: nodes.MacroCall) -> None:
        body = "None"
        if node.body is not None:
            body = self._block(node.body)
        arguments = [self._macro_argument(each) for each in node.arguments]
        listed = "".join(f"{each}, " for each in arguments)
        writer = f"{self._function.parts}w"
        literal = self._out.constant(node.literal)
        self._out.emit(f"CALL(X, B, {writer}, ({node.name!r}, {literal}), ({listed}), {body})", node.place)

    def _macro_argument(self, node: nodes.Expression) -> str:
        """An argument is passed by name: how to get it, and how to set it where it is a reference."""
        out = self._out
        if isinstance(node, nodes.Constant) and not isinstance(node.value, str):
            return f"ARGUMENT(constant={self._value(node)})"
        if isinstance(node, nodes.Word):
            return f"ARGUMENT(word={node.text!r})"
        getter = out.temporary("g")
        out.emit(f"def {getter}(X):")
        out.depth += 1
        out.emit("pass")
        value = self._value(node)
        out.emit(f"return {value}")
        out.depth -= 1
        return f"ARGUMENT(get={getter}, literal={self._out.constant(node.literal)})"

    def _break(self, node: nodes.Break) -> None:
        if node.scope is not None:
            value = self._value(node.scope)
            self._out.emit(f"raise BREAK({value})", node.place)
        elif self._function.loops:
            self._out.emit("break")
        else:
            self._leave()

    def _leave(self) -> None:
        self._out.emit(f"return ''.join({self._function.result})")

    def _stop(self, _: nodes.Stop) -> None:
        self._out.emit("raise StopRender()")

    def _evaluate(self, node: nodes.Evaluate) -> None:
        value = self._value(node.source)
        self._out.emit(f"EVALUATE(X, B, {self._function.parts}w, {value})", node.place)

    def _include(self, node: nodes.Include) -> None:
        if node.arguments or node.name == "parse":
            self._out.emit(f"NOTHING({node.name!r})", node.place)

    def _return(self, node: nodes.Return) -> None:
        value = "None" if node.value is None else self._value(node.value)
        self._out.emit(f"raise RETURN({value})", node.place)

    _STATEMENTS: ClassVar[dict[type, Callable[[Any, Any], None]]] = {
        nodes.Set: _set,
        nodes.If: _if,
        nodes.Foreach: _foreach,
        nodes.Define: _define,
        nodes.Macro: _macro,
        nodes.MacroCall: _macro_call,
        nodes.Break: _break,
        nodes.Stop: _stop,
        nodes.Evaluate: _evaluate,
        nodes.Include: _include,
        nodes.Return: _return,
    }


class TooDeepError(Exception):
    """Loops are nested deeper than Python can run them."""

    def __init__(self, place: nodes.Place) -> None:
        super().__init__("Nested too deeply")
        self.place = place
