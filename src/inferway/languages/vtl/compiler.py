"""Syntax tree → one Python function, as source with a line map.

A template without macros becomes straight code over local variables. Where macros or `#evaluate` may see variables by
name, they live in a context object instead (`dynamic`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

from inferway.languages.vtl import nodes, runtime
from inferway.languages.vtl.analysis import LOOP_NAMES, Analysis, assigns, mentions, settled_loop
from inferway.languages.vtl.arithmetic import add, calculate, equal, less, less_or_equal
from inferway.languages.vtl.emission import Emission, formatted_text
from inferway.languages.vtl.limits import Limits
from inferway.languages.vtl.macros import Argument, call_macro, evaluate
from inferway.languages.vtl.members.dispatch import (
    call_site,
    get_index,
    get_property,
    iterate,
    set_index,
    set_property,
)
from inferway.languages.vtl.profiles import Profile
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

_CHUNK: Final = 16
"""References in one f-string: between two of them the characters left are looked at."""
_LOOPS: Final = 16
"""Loops within one another in one function: Python allows twenty blocks."""
# Calls that give back no more than what was there, so that their result costs nothing.
_CHEAP: Final = frozenset(
    {
        *("get", "size", "length", "isEmpty", "isBlank", "contains", "containsKey", "containsValue", "equals"),
        *("equalsIgnoreCase", "add", "put", "addAll", "putAll", "indexOf", "lastIndexOf", "startsWith", "endsWith"),
        *("matches", "hasNext", "next", "getKey", "getValue", "iterator", "intValue", "longValue", "doubleValue"),
        *("charAt", "hashCode", "compareTo", "set", "remove", "clear", "getOrDefault", "putIfAbsent", "split"),
    }
)


@dataclass(slots=True)
class _Loop:
    count: str
    total: str


@dataclass(slots=True)
class _Function:
    """The Python function being written: its writer and the loops open in it."""

    kind: str
    parts: str = "o"
    result: str = "o"
    loops: list[_Loop] = field(default_factory=list)
    assigned: set[str] = field(default_factory=set)
    own: set[str] = field(default_factory=set)


@dataclass(frozen=True, kw_only=True, slots=True)
class Compiled:
    """A template's Python source, the place of each line, and the constants that it refers to."""

    source: str
    places: tuple[nodes.Place | None, ...]
    constants: dict[str, Any]
    dynamic: bool


class Compiler:
    """Writes one template."""

    def __init__(self, profile: Profile, limits: Limits, analysis: Analysis) -> None:
        self._profile = profile
        self._limits = limits
        self._analysis = analysis
        self._out = Emission()
        self._variables: dict[str, str] = {}
        self._function = _Function(kind="main")
        self._unread: set[str] = set()
        self._held: dict[str, str] = {}
        self._pending: list[str] = []
        self._pending_references = 0

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
            out.insert(head, [*names, f"b, c, z, q = {steps}, {steps - 128}, {self._limits.characters}, 0.0"])
        return Compiled(
            source="\n".join(out.lines) + "\n", places=tuple(out.places), constants=out.constants, dynamic=dynamic
        )

    # Functions and blocks

    def _begin_parts(self) -> None:
        self._out.emit(f"{self._function.parts} = []")
        self._out.emit(f"{self._function.parts}w = {self._function.parts}.append")

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
            _STATEMENTS[type(node)](self, node)

    # Output

    def _text(self, text: str) -> None:
        if text:
            self._pending.append(formatted_text(text))

    def _piece(self, expression: str) -> None:
        self._pending.append(f"{{{expression}}}")
        self._pending_references += 1
        if self._pending_references >= _CHUNK or self._analysis.blocks:
            self._flush()

    def _flush(self) -> None:
        if not self._pending:
            return
        text = "".join(self._pending)
        writer = f"{self._function.parts}w"
        if self._pending_references:
            self._out.emit(f"s = f'{text}'")
            self._spend("len(s)")
            self._out.emit(f"{writer}(s)")
        else:
            text = text.replace("{{", "{").replace("}}", "}")
            self._out.emit(f"{writer}('{text}')")
            if self._function.loops or self._function.kind != "main":
                self._spend(str(len(text)))
        self._pending.clear()
        self._pending_references = 0

    def _spend(self, amount: str) -> None:
        budget = "B.z" if self._analysis.dynamic else "z"
        self._out.emit(f"{budget} -= {amount}")
        self._out.emit(f"if {budget} < 0: EXHAUSTED()")
        self._function.assigned.add("z")

    def _print(self, node: nodes.Reference) -> None:
        if node.runt:
            self._text(node.root)
            return
        if not _is_pure(node) or self._analysis.blocks or self._analysis.dynamic:
            self._flush()
        value = self._raw_reference(node)
        prefix = node.escapes + node.prefix
        constant = self._out.constant
        if node.escaped:
            shown = constant(node.escapes + node.null_text)
            if self._profile.empty_references:
                self._text(node.escapes + node.null_text)
                return
            hidden = constant(node.escapes + "\\" + node.null_text)
            value = self._named(value)
            self._piece(f"{hidden} if {value} is None else {shown}")
            return
        null_text = node.escapes + node.escapes + node.prefix + node.null_text
        null = constant(null_text)
        if self._analysis.dynamic and node.null_text:
            null = f"X.null_text({null}, {constant(node.null_text)})"
        value = self._named(value)
        arguments = [value, constant(prefix), null] if prefix else [value, null]
        if self._profile.empty_references:
            arguments[-1] = constant(prefix)
            if self._analysis.blocks:
                arguments.append(null)
        if self._analysis.dynamic:
            arguments.append("context=X")
        shown = f"{'SP' if prefix else 'S'}({', '.join(arguments)})"
        self._piece(shown if prefix else f"{value} if {value}.__class__ is str else {shown}")

    def _named(self, value: str) -> str:
        """The value as a variable."""
        if value.isidentifier():
            return value
        name = self._out.temporary()
        self._out.emit(f"{name} = {value}")
        return name

    def _is_inline(self, node: nodes.If) -> bool:
        """Whether `#if` only chooses between two texts."""
        if len(node.branches) != 1 or self._analysis.blocks or self._analysis.dynamic:
            return False
        condition, body = node.branches[0]
        return _is_pure(condition) and _only_text(body) and _only_text(node.otherwise)

    def _print_choice(self, node: nodes.If) -> None:
        (condition, body), *_ = node.branches
        texts = ("".join(each.text for each in block.statements if isinstance(each, nodes.Text)) for block in (body, node.otherwise))
        yes, no = (self._out.constant(text) for text in texts)
        chosen = self._condition(condition)
        if "'" in chosen or '"' in chosen:
            name = self._out.temporary()
            self._out.emit(f"{name} = {chosen}")
            chosen = name
        self._piece(f"{yes} if {chosen} else {no}")

    # Variables

    def _variable(self, name: str) -> str:
        """An expression for a variable's value."""
        if self._analysis.dynamic:
            return f"X.get({name!r})"
        if name not in self._variables:
            self._variables[name] = f"v{len(self._variables)}"
        return self._variables[name]

    def _assign(self, name: str, value: str) -> None:
        if self._analysis.dynamic:
            self._out.emit(f"X.put({name!r}, {value})")
            return
        if name not in self._variables and self._out.depth == 1 and self._function.kind == "main":
            self._unread.add(name)
        variable = self._variable(name)
        self._function.assigned.add(variable)
        self._out.emit(f"{variable} = {value}")

    # References

    def _settled(self, node: nodes.Reference) -> str | None:
        """`$foreach.hasNext` and its like as an expression over the loop's own counter."""
        loops = self._function.loops
        if not loops:
            return None
        if node.root == "foreach" and not self._analysis.scopes:
            found = settled_loop(node, len(loops), whole=self._function.kind == "main")
            if found is None:
                return None
            loop = loops[found[0]]
            return {
                "index": f"({loop.count} - 1)",
                "count": loop.count,
                "hasNext": f"({loop.count} < {loop.total})",
                "first": f"({loop.count} == 1)",
                "last": f"({loop.count} >= {loop.total})",
            }[found[1]]
        if not self._analysis.counters and not node.steps:
            if node.root == "velocityCount":
                return loops[-1].count
            if node.root == "velocityHasNext":
                return f"({loops[-1].count} < {loops[-1].total})"
        return None

    def _raw_reference(self, node: nodes.Reference) -> str:
        """An expression for a reference's value, null as None; its steps are written as statements."""
        if not node.computable or node.runt:
            return "None"
        settled = self._settled(node)
        if settled is not None:
            return settled
        root = self._variable(node.root)
        if node.root in self._held:
            root = f"(None if {self._held[node.root]} else {root})"
        if not node.steps:
            return root
        name = self._out.temporary()
        self._out.emit(f"{name} = {root}")
        for step in node.steps:
            self._step(name, step)
        return name

    def _step(self, name: str, step: nodes.Step) -> None:
        out = self._out
        if isinstance(step, nodes.Property):
            key = repr(step.name)
            plain = f"P({name}, {key})"
            quick = f"{name}.get({key}) if {name}.__class__ is dict else {plain}"
            out.emit(f"{name} = {plain if step.name == 'class' else quick}", step.place)
            return
        arguments = (step.argument,) if isinstance(step, nodes.Index) else step.arguments
        # Null has no members, but its arguments must not be evaluated either.
        guarded = not all(_is_simple(each) for each in arguments)
        if guarded:
            out.emit(f"if {name} is not None:")
            out.depth += 1
        values = self._values(arguments)
        if isinstance(step, nodes.Index):
            out.emit(f"{name} = INDEX({name}, {values[0]})", step.place)
        else:
            self._call(name, step, values)
        if guarded:
            out.depth -= 1

    def _call(self, name: str, step: nodes.Call, values: list[str]) -> None:
        out = self._out
        site = out.constant(call_site(step.name, len(values)), "m")
        call = f"{site}[{name}.__class__]({', '.join([name, *values])})"
        if step.name == "get" and len(values) == 1 and _is_text(step.arguments[0]):
            call = f"{name}.get({values[0]}) if {name}.__class__ is dict else {call}"
        if step.name == "split":
            # The parts are together no longer than the text.
            out.emit(f"if {name}.__class__ is str:")
            out.depth += 1
            self._spend(f"len({name})")
            out.depth -= 1
        out.emit(f"{name} = {call}", step.place)
        if step.name not in _CHEAP:
            self._spend(f"COST({name})")

    def _values(self, expressions: tuple[nodes.Expression, ...]) -> list[str]:
        """Several values in order: one that is followed by statements is kept in a variable first."""
        found: list[str] = []
        for expression in expressions:
            before = len(self._out.lines)
            value = self._value(expression)
            if len(self._out.lines) > before and self._analysis.dynamic:
                kept = self._out.temporary()
                self._out.emit(f"{kept} = {value}")
                value = kept
            found.append(value)
        return found

    # Expressions

    def _value(self, node: nodes.Expression) -> str:
        """An expression for a value. References that are "" rather than null in this profile are so here."""
        return _EXPRESSIONS[type(node)](self, node)

    def _constant(self, node: nodes.Constant) -> str:
        if isinstance(node.value, float):
            return self._out.constant(node.value) if node.value in (float("inf"), float("-inf")) else repr(node.value)
        return f"({node.value!r})" if isinstance(node.value, int) else repr(node.value)

    def _word(self, node: nodes.Word) -> str:
        return repr(node.text)

    def _reference(self, node: nodes.Reference) -> str:
        value = self._raw_reference(node)
        if not self._profile.empty_references or self._settled(node) is not None or not node.computable:
            return value
        if not node.steps:
            return f"('' if {value} is None else {value})"
        self._out.emit(f"if {value} is None: {value} = ''")
        return value

    def _interpolation(self, node: nodes.Interpolation) -> str:
        out = self._out
        outer = self._function.parts
        self._flush()
        self._function.parts = out.temporary("o")
        self._begin_parts()
        self._statements(node.body)
        self._flush()
        name = out.temporary()
        cut = f"[:-{node.trim}]" if node.trim else ""
        out.emit(f"{name} = ''.join({self._function.parts}){cut}")
        self._function.parts = outer
        return name

    def _list(self, node: nodes.ListLiteral) -> str:
        return f"[{', '.join(self._values(node.items))}]"

    def _map(self, node: nodes.MapLiteral) -> str:
        parts = self._values(tuple(each for entry in node.entries for each in entry))
        if all(isinstance(key, nodes.Constant) and isinstance(key.value, str) for key, _ in node.entries):
            pairs = (f"{parts[at]}: {parts[at + 1]}" for at in range(0, len(parts), 2))
            return f"{{{', '.join(pairs)}}}"
        return f"MAP({', '.join(parts)})"

    def _range(self, node: nodes.Range) -> str:
        first, last = self._values((node.first, node.last))
        name = self._out.temporary()
        self._out.emit(f"{name} = RANGE({first}, {last}, {self._limits.range_size})", node.place)
        return name

    def _binary(self, node: nodes.Binary) -> str:
        if node.operator in ("&&", "||"):
            return self._logical(node)
        left, right = self._values((node.left, node.right))
        if node.operator in ("==", "!="):
            return self._equality(node, left, right)
        if node.operator in _COMPARISONS:
            function, swapped = _COMPARISONS[node.operator]
            return f"{function}({right}, {left})" if swapped else f"{function}({left}, {right})"
        name = self._out.temporary()
        if node.operator == "+":
            literals = f"{node.left.literal!r}, {node.right.literal!r}"
            self._out.emit(f"{name} = ADD({left}, {right}, {literals})", node.place)
            self._out.emit(f"if {name}.__class__ is str:")
            self._out.depth += 1
            self._spend(f"len({name})")
            self._out.depth -= 1
        else:
            self._out.emit(f"{name} = CALC({node.operator!r}, {left}, {right})", node.place)
        return name

    def _equality(self, node: nodes.Binary, left: str, right: str) -> str:
        name = self._out.temporary()
        self._out.emit(f"{name} = EQ({left}, {right})", node.place)
        return name if node.operator == "==" else f"(not {name})"

    def _logical(self, node: nodes.Binary) -> str:
        out = self._out
        left = self._condition(node.left)
        before = len(out.lines)
        kept = out.temporary()
        conjunction = node.operator == "&&"
        out.emit(f"{kept} = {left}")
        out.emit(f"if {kept}:" if conjunction else f"if not {kept}:")
        out.depth += 1
        start = len(out.lines)
        right = self._condition(node.right)
        out.depth -= 1
        if len(out.lines) == start:
            del out.lines[before:], out.places[before:]
            return f"({left} {'and' if conjunction else 'or'} {right})"
        out.emit(f" {kept} = {right}")
        return kept

    def _not(self, node: nodes.Not) -> str:
        return f"(not {self._condition(node.operand)})"

    def _condition(self, node: nodes.Expression) -> str:
        """An expression that is true in Python where the node counts as true."""
        if isinstance(node, nodes.Constant):
            return "True" if node.value is True else "False"
        if isinstance(node, nodes.Not):
            return self._not(node)
        if not isinstance(node, nodes.Reference | nodes.Binary) or _is_arithmetic(node):
            # In 1.7 only references, comparisons and booleans count as true: any other node is false, unevaluated.
            return "False"
        if isinstance(node, nodes.Binary) and (node.operator in ("&&", "||", "==", "!=") or node.operator in _COMPARISONS):
            return self._binary(node)
        if isinstance(node, nodes.Reference) and self._settled(node) is not None:
            value = self._settled(node)
            boolean = node.steps and isinstance(node.steps[-1], nodes.Property)
            counts = boolean and node.steps[-1].name in ("hasNext", "first", "last")  # type: ignore[union-attr]
            return str(value) if counts or node.root == "velocityHasNext" else "True"
        empty = self._profile.empty_references and isinstance(node, nodes.Reference) and node.computable
        if empty and not self._analysis.blocks:
            assert isinstance(node, nodes.Reference)
            return f"({self._raw_reference(node)} is not False)"
        value = self._named(self._value(node))
        if self._analysis.blocks or self._analysis.dynamic:
            return f"TRUE({value})"
        return f"({value} is not None and {value} is not False)"

    # Directives

    def _set(self, node: nodes.Set) -> None:
        out = self._out
        value = self._value(node.value)
        target = node.target
        if not value.isidentifier() and (target.steps or not _never_null(node.value)):
            kept = out.temporary()
            out.emit(f"{kept} = {value}")
            value = kept
        never_null = _never_null(node.value) or (
            self._profile.empty_references and isinstance(node.value, nodes.Reference) and node.value.computable
        )
        guarded = not self._profile.set_null and not never_null
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
        watched = _may_change(node.body)
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
        self._tick(f"if not {count} & 127", node.place)
        self._loop_variables(node, element, count, total)
        function.loops.append(_Loop(count, total))
        held = self._hold_null(node, element)
        if self._analysis.breaks_scope:
            self._guarded_loop(node, restore)
        else:
            self._statements(node.body)
            self._flush()
        function.loops.pop()
        self._held = held
        if watched:
            out.emit(f"if SIZE({kept_source}) != {size} and CHANGED({kept_source}, {count}, {total}): break", node.place)
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
        """Take steps off the budget; every 128 of them the time is looked at."""
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
        outer, self._function = self._function, _Function(kind=kind)
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

    def _macro(self, node: nodes.Macro) -> None:
        """A definition prints nothing; it is registered when the template is compiled."""
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


class TooDeepError(Exception):
    """Loops are nested deeper than Python can run them."""

    def __init__(self, place: nodes.Place) -> None:
        super().__init__("Nested too deeply")
        self.place = place


_COMPARISONS: Final[dict[str, tuple[str, bool]]] = {
    "<": ("LT", False),
    ">": ("LT", True),
    "<=": ("LE", False),
    ">=": ("LE", True),
}


def _is_arithmetic(node: nodes.Expression) -> bool:
    return isinstance(node, nodes.Binary) and node.operator in "+-*/%"


def _never_null(node: nodes.Expression) -> bool:
    literal = (nodes.Constant, nodes.Interpolation, nodes.ListLiteral, nodes.MapLiteral, nodes.Not)
    if isinstance(node, literal):
        return True
    return isinstance(node, nodes.Binary) and node.operator not in "+-*/%"


def _is_text(node: nodes.Expression) -> bool:
    return isinstance(node, nodes.Constant) and isinstance(node.value, str)


def _is_simple(node: nodes.Expression) -> bool:
    """Whether evaluating the node cannot do anything."""
    return isinstance(node, nodes.Constant) or (isinstance(node, nodes.Reference) and not node.steps)


def _only_text(block: nodes.Block) -> bool:
    return all(isinstance(each, nodes.Text) for each in block.statements)


_PURE: Final = frozenset(
    {
        *("get", "size", "length", "isEmpty", "contains", "containsKey", "equals", "equalsIgnoreCase", "indexOf"),
        *("startsWith", "endsWith", "getKey", "getValue", "getOrDefault", "keySet", "substring", "toString", "trim"),
    }
)


def _is_pure(node: nodes.Expression) -> bool:
    """Whether evaluating the node changes nothing, so that it may be done before the text in front of it is written."""
    if isinstance(node, nodes.Constant):
        return True
    if isinstance(node, nodes.Not):
        return _is_pure(node.operand)
    if isinstance(node, nodes.Binary):
        return _is_pure(node.left) and _is_pure(node.right)
    if not isinstance(node, nodes.Reference):
        return False
    for step in node.steps:
        if isinstance(step, nodes.Index) and not _is_simple(step.argument):
            return False
        if isinstance(step, nodes.Call) and not (step.name in _PURE and all(map(_is_simple, step.arguments))):
            return False
    return True


_CHANGING: Final = frozenset(
    {"add", "addAll", "remove", "removeAll", "retainAll", "clear", "put", "putAll", "putIfAbsent", "appendElement"}
)


def _may_change(body: Any) -> bool:
    """Whether a loop's body has anything that can add to or remove from a collection."""
    pending = [body]
    while pending:
        node = pending.pop()
        if isinstance(node, tuple):
            pending.extend(node)
        elif isinstance(node, nodes.MacroCall | nodes.Evaluate | nodes.Define):
            return True
        elif (isinstance(node, nodes.Set) and node.target.steps) or (
            isinstance(node, nodes.Call) and node.name in _CHANGING
        ):
            return True
        elif hasattr(node, "__dataclass_fields__") and not isinstance(node, nodes.Place):
            pending.extend(getattr(node, name) for name in node.__dataclass_fields__)
    return False


_STATEMENTS: Final[dict[type, Any]] = {
    nodes.Set: Compiler._set,
    nodes.If: Compiler._if,
    nodes.Foreach: Compiler._foreach,
    nodes.Define: Compiler._define,
    nodes.Macro: Compiler._macro,
    nodes.MacroCall: Compiler._macro_call,
    nodes.Break: Compiler._break,
    nodes.Stop: Compiler._stop,
    nodes.Evaluate: Compiler._evaluate,
    nodes.Include: Compiler._include,
    nodes.Return: Compiler._return,
}

_EXPRESSIONS: Final[dict[type, Any]] = {
    nodes.Constant: Compiler._constant,
    nodes.Word: Compiler._word,
    nodes.Reference: Compiler._reference,
    nodes.Interpolation: Compiler._interpolation,
    nodes.ListLiteral: Compiler._list,
    nodes.MapLiteral: Compiler._map,
    nodes.Range: Compiler._range,
    nodes.Binary: Compiler._binary,
    nodes.Not: Compiler._not,
}
