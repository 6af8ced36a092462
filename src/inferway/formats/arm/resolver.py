"""Walks a part of a template and replaces every expression by its value, and every copy loop by what it makes."""

from collections.abc import Iterator
from typing import Final

from inferway.formats.arm.evaluator import Evaluator
from inferway.formats.arm.expression import is_expression, literal
from inferway.formats.arm.frame import Budget, Frame
from inferway.formats.arm.values import Unresolved, Value, kind, settled, text, unknown
from inferway.formats.nodes import Entry, Leaf, Node, Sequence, SyntaxFault, Table, node_of, plain, sequence, table
from inferway.formats.report import Report

MOST_COPIES: Final = 1_000
"""Turns of a loop; the service takes 800 ("Template limits")."""

UNRESOLVED: Final = unknown("unresolved")
"""Stands for a value that cannot be resolved, once that is reported."""

_COPY: Final = "copy"


class Resolver:
    """Resolves with one evaluator; what cannot be resolved is reported at its place in the file."""

    def __init__(self, file: str, evaluator: Evaluator, report: Report, budget: Budget) -> None:
        self._file = file
        self._evaluator = evaluator
        self._report = report
        self._budget = budget

    def resolve(self, node: Node, frame: Frame) -> Node:
        """Give a part with all expressions in it replaced."""
        if isinstance(node, Leaf):
            return self._leaf(node, frame)
        self._budget.spend(0, node)
        if isinstance(node, Sequence):
            return sequence(tuple(self.resolve(item, frame) for item in node.items), node.line, node.column)
        entries: dict[str, Entry] = {}
        for key, entry in node.entries.items():
            if key == _COPY and isinstance(entry.value, Sequence):
                entries |= self._loops(entry.value, frame)
                continue
            name = text(self.value(Leaf(value=key, line=entry.line, column=entry.column), frame))
            entries[name] = Entry(line=entry.line, column=entry.column, value=self.resolve(entry.value, frame))
        return table(entries, node.line, node.column)

    def value(self, node: Node, frame: Frame) -> Value:
        """Give the value of a part as plain data."""
        if isinstance(node, Leaf) and isinstance(node.value, str):
            return self._text(node, node.value, frame)
        return plain(self.resolve(node, frame))

    def turns(self, node: Node, name: str, count: Node | None, frame: Frame) -> Iterator[Frame]:
        """Give the frame of each turn of a loop; none, with an error, where its count is none."""
        number = self.value(count, frame) if count is not None else None
        if isinstance(number, bool) or not isinstance(number, int) or not 0 <= number <= MOST_COPIES:
            shown = text(number)[:40] if number is not None else "nothing"
            self.error(node, "bad-copy", f"a loop's count is a number of 0 to {MOST_COPIES:,}, not {shown}")
            return
        for index in range(number):
            yield frame.looping(name, index)

    def error(self, at: Node | Entry, code: str, said: str) -> None:
        """Report an error at a part."""
        self._report.error(at, code, said, self._file)

    def _leaf(self, leaf: Leaf, frame: Frame) -> Node:
        if not isinstance(leaf.value, str):
            return leaf
        if not leaf.value.startswith("["):
            self._budget.spend(len(leaf.value), leaf)
            return leaf
        return node_of(settled(self._text(leaf, leaf.value, frame)), leaf.line, leaf.column)

    def _text(self, leaf: Leaf, written: str, frame: Frame) -> Value:
        if not is_expression(written):
            return literal(written)
        try:
            value = self._evaluator.evaluate(written, frame)
        except Unresolved as unresolved:
            if unresolved.code:
                self.error(leaf, unresolved.code, unresolved.text)
            return UNRESOLVED
        except SyntaxFault as fault:
            raise fault if fault.line else fault.placed(leaf.line, leaf.column, self._file) from None
        finally:
            while self._evaluator.notes:
                self._report.note(leaf, "unmodelled-attribute", self._evaluator.notes.pop(), self._file)
        if kind(value) == "lambda":
            self.error(leaf, "bad-argument", "a lambda stands as an argument of a function only")
            return UNRESOLVED
        return value

    def _loops(self, copies: Sequence, frame: Frame) -> dict[str, Entry]:
        """Make the properties of a `copy` list: each an array of as many inputs as its count says."""
        made: dict[str, Entry] = {}
        for loop in copies.items:
            entries = loop.entries if isinstance(loop, Table) else {}
            name, given = entries.get("name"), entries.get("input")
            if name is None or given is None:
                self.error(loop, "bad-copy", "a loop has a name, a count and an input")
                continue
            called = text(self.value(name.value, frame))
            count = entries.get("count")
            items = tuple(
                self.resolve(given.value, turn)
                for turn in self.turns(loop, called, count.value if count else None, frame)
            )
            array = sequence(items, loop.line, loop.column)
            made[called] = Entry(line=name.line, column=name.column, value=array)
        return made
