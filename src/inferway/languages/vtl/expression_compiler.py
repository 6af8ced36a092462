"""Expressions, references and output → Python source."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, ClassVar, Final

from inferway.languages.vtl import nodes
from inferway.languages.vtl.analysis import Analysis, settled_loop
from inferway.languages.vtl.emission import Emission, formatted_text
from inferway.languages.vtl.limits import Limits
from inferway.languages.vtl.members.dispatch import call_site
from inferway.languages.vtl.profiles import Profile
from inferway.languages.vtl.purity import is_arithmetic, is_pure, is_simple, is_text, only_text

_CHUNK: Final = 16
"""References in one f-string: between two of them the characters left are looked at."""
# Calls that give back no more than what was there, so that their result costs nothing.
_CHEAP: Final = frozenset(
    {
        *("get", "size", "length", "isEmpty", "isBlank", "contains", "containsKey", "containsValue", "equals"),
        *("equalsIgnoreCase", "add", "put", "addAll", "putAll", "indexOf", "lastIndexOf", "startsWith", "endsWith"),
        *("matches", "hasNext", "next", "getKey", "getValue", "iterator", "intValue", "longValue", "doubleValue"),
        *("charAt", "hashCode", "compareTo", "set", "remove", "clear", "getOrDefault", "putIfAbsent", "split"),
    }
)


_COMPARISONS: Final[dict[str, tuple[str, bool]]] = {
    "<": ("LT", False),
    ">": ("LT", True),
    "<=": ("LE", False),
    ">=": ("LE", True),
}


@dataclass(slots=True)
class Loop:
    """An open loop: the variables that hold its count and how many elements there are."""

    count: str
    total: str


@dataclass(slots=True)
class Function:
    """The Python function being written: its writer and the loops open in it."""

    kind: str
    parts: str = "o"
    result: str = "o"
    loops: list[Loop] = field(default_factory=list)
    assigned: set[str] = field(default_factory=set)
    own: set[str] = field(default_factory=set)


class ExpressionCompiler:
    """Writes what a template prints and computes; statements are the subclass's."""

    def __init__(self, profile: Profile, limits: Limits, analysis: Analysis) -> None:
        self._profile = profile
        self._limits = limits
        self._analysis = analysis
        self._out = Emission()
        self._variables: dict[str, str] = {}
        self._function = Function(kind="main")
        self._unread: set[str] = set()
        self._held: dict[str, str] = {}
        self._pending: list[str] = []
        self._pending_references = 0
        self._pending_place: nodes.Place | None = None

    def _statements(self, block: nodes.Block) -> None:
        raise NotImplementedError

    def _begin_parts(self) -> None:
        self._out.emit(f"{self._function.parts} = []")
        self._out.emit(f"{self._function.parts}w = {self._function.parts}.append")

    # Output

    def _text(self, text: str) -> None:
        if text:
            self._pending.append(formatted_text(text))

    def _piece(self, expression: str, place: nodes.Place) -> None:
        self._pending.append(f"{{{expression}}}")
        self._pending_references += 1
        self._pending_place = place
        if self._pending_references >= _CHUNK or self._analysis.blocks:
            self._flush()

    def _flush(self) -> None:
        if not self._pending:
            return
        text = "".join(self._pending)
        writer = f"{self._function.parts}w"
        if self._pending_references:
            self._out.emit(f"s = f'{text}'", self._pending_place)
            self._spend("len(s)", self._pending_place)
            self._out.emit(f"{writer}(s)")
        else:
            text = text.replace("{{", "{").replace("}}", "}")
            self._out.emit(f"{writer}('{text}')")
            if self._function.loops or self._function.kind != "main":
                self._spend(str(len(text)))
        self._pending.clear()
        self._pending_references = 0

    def _spend(self, amount: str, place: nodes.Place | None = None) -> None:
        budget = "B.z" if self._analysis.dynamic else "z"
        self._out.emit(f"{budget} -= {amount}")
        self._out.emit(f"if {budget} < 0: EXHAUSTED()", place)
        self._function.assigned.add("z")

    def _print(self, node: nodes.Reference) -> None:
        if node.runt:
            self._text(node.root)
            return
        if not is_pure(node) or self._analysis.blocks or self._analysis.dynamic:
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
            self._piece(f"{hidden} if {value} is None else {shown}", node.place)
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
        self._piece(shown if prefix else f"{value} if {value}.__class__ is str else {shown}", node.place)

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
        return is_pure(condition) and only_text(body) and only_text(node.otherwise)

    def _print_choice(self, node: nodes.If) -> None:
        (condition, body), *_ = node.branches
        texts = (
            "".join(each.text for each in block.statements if isinstance(each, nodes.Text))
            for block in (body, node.otherwise)
        )
        yes, no = (self._out.constant(text) for text in texts)
        chosen = self._condition(condition)
        if "'" in chosen or '"' in chosen:
            name = self._out.temporary()
            self._out.emit(f"{name} = {chosen}")
            chosen = name
        self._piece(f"{yes} if {chosen} else {no}", node.place)

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
        guarded = not all(is_simple(each) for each in arguments)
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
        if step.name == "get" and len(values) == 1 and is_text(step.arguments[0]):
            call = f"{name}.get({values[0]}) if {name}.__class__ is dict else {call}"
        if step.name == "split":
            # The parts are together no longer than the text.
            out.emit(f"if {name}.__class__ is str:")
            out.depth += 1
            self._spend(f"len({name})", step.place)
            out.depth -= 1
        out.emit(f"{name} = {call}", step.place)
        if step.name not in _CHEAP:
            self._spend(f"COST({name})", step.place)

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
        return self._EXPRESSIONS[type(node)](self, node)

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
            self._spend(f"len({name})", node.place)
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
        if not isinstance(node, nodes.Reference | nodes.Binary) or is_arithmetic(node):
            # In 1.7 only references, comparisons and booleans count as true: any other node is false, unevaluated.
            return "False"
        if isinstance(node, nodes.Binary) and (
            node.operator in ("&&", "||", "==", "!=") or node.operator in _COMPARISONS
        ):
            return self._binary(node)
        if isinstance(node, nodes.Reference) and self._settled(node) is not None:
            value = self._settled(node)
            boolean = node.steps and isinstance(node.steps[-1], nodes.Property)
            counts = boolean and node.steps[-1].name in ("hasNext", "first", "last")  # type: ignore[union-attr]
            return str(value) if counts or node.root == "velocityHasNext" else "True"
        plain = self._profile.empty_references and not self._analysis.blocks
        if plain and isinstance(node, nodes.Reference) and node.computable:
            return f"({self._raw_reference(node)} is not False)"
        value = self._named(self._value(node))
        if self._analysis.blocks or self._analysis.dynamic:
            return f"TRUE({value})"
        return f"({value} is not None and {value} is not False)"

    _EXPRESSIONS: ClassVar[dict[type, Callable[[Any, Any], str]]] = {
        nodes.Constant: _constant,
        nodes.Word: _word,
        nodes.Reference: _reference,
        nodes.Interpolation: _interpolation,
        nodes.ListLiteral: _list,
        nodes.MapLiteral: _map,
        nodes.Range: _range,
        nodes.Binary: _binary,
        nodes.Not: _not,
    }
