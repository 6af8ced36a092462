"""Expressions to values: texts with references, lists, mappings, and calls of functions."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

import msgspec

from inferway.formats.nodes import Entry, Leaf, Node, Sequence, Table, sequence, table
from inferway.formats.pulumi.invokes import Surroundings
from inferway.formats.pulumi.yaml.interpolation import Access, BadAccess, parts
from inferway.formats.pulumi.yaml.scope import Scope, spot
from inferway.formats.pulumi.yaml.values import Value, bounded, failed, scalar, spelt
from inferway.formats.report import Report

FUNCTION: Final = "fn::"

Call = Callable[["Evaluation", str, Entry], Value]
"""Calls the function of a name, `fn::` left out; the entry holds its argument, and stands where its name does."""


LookUp = Callable[[str, Mapping[str, object], Surroundings], Mapping[str, object] | None]
"""Gives the result of a function that looks up what exists, by its token; None for another function."""


class Evaluation(msgspec.Struct, frozen=True, kw_only=True):
    """Evaluates expressions of one program; `folder` is the working folder, `files` collects those that are read.

    `defaults` are the names of default providers by package.
    """

    scope: Scope
    report: Report
    call: Call
    look_up: LookUp
    folder: Path
    surroundings: Surroundings
    stacks: "Stacks"
    files: dict[Path, None]
    defaults: Mapping[str, str]

    def value(self, node: Node) -> Value:
        """Give what an expression evaluates to; raises SyntaxFault where that grows too large."""
        if isinstance(node, Leaf):
            return self.text(node, node.value) if isinstance(node.value, str) else Value(node=node)
        if isinstance(node, Sequence):
            values = [self.value(item) for item in node.items]
            made = sequence(tuple(value.node for value in values), node.line, node.column)
            return _together(made, values)
        name = next((key for key in node.entries if key.lower().startswith(FUNCTION)), None)
        if name is None:
            return self.mapping(node)
        if len(node.entries) > 1:
            self.report.error(node.entries[name], "function-not-alone", f"{name} stands in a mapping of its own")
            return failed(node)
        return self.call(self, name[len(FUNCTION) :], node.entries[name])

    def mapping(self, node: Table) -> Value:
        """Give a mapping whose values, and keys, are expressions."""
        values: list[Value] = []
        made: dict[str, Entry] = {}
        for key, entry in node.entries.items():
            named = self.text(entry, key) if "$" in key else None
            name = spelt(named.node) if named else key
            if named and name is None:
                self.report.error(entry, "not-a-text", f"the key {key} is a text")
            values += [*([named] if named else []), self.value(entry.value)]
            made[name or ""] = Entry(line=entry.line, column=entry.column, value=values[-1].node)
        return _together(table(made, node.line, node.column), values)

    def text(self, at: Leaf | Entry, text: str) -> Value:
        """Give a text with what it refers to; a reference alone gives its value as it is."""
        block = isinstance(at, Leaf) and at.block
        leaf = at if isinstance(at, Leaf) else Leaf(value=text, line=at.line, column=at.column)
        if "$" not in text:
            return scalar(text, leaf, block=block)
        try:
            pieces = parts(text)
        except BadAccess as bad:
            self.report.error(spot(leaf, text, bad.at), "bad-reference", bad.text)
            return failed(leaf)
        if len(pieces) == 1 and isinstance(pieces[0], Access):
            return self.scope.read(pieces[0], leaf)
        return self._joined(pieces, leaf, text)

    def _joined(self, pieces: tuple[str | Access, ...], leaf: Leaf, text: str) -> Value:
        made: list[str] = []
        size, good, secret, block = 0, True, False, leaf.block
        for piece in pieces:
            if isinstance(piece, str):
                written: str | None = piece
            else:
                at = spot(leaf, text, piece.at)
                value = self.scope.read(piece, at)
                good, secret = good and not value.failed, secret or value.secret
                written = spelt(value.node)
                if written is None:
                    kind = "list" if isinstance(value.node, Sequence) else "mapping"
                    text_of = f"{piece} is a {kind}, which cannot stand within a text; fn::toJSON makes it one"
                    self.report.error(at, "not-a-text", text_of)
                    return failed(leaf)
                # Lines below an inserted line break would be told wrongly.
                block = block and "\n" not in written
            made.append(written or "")
            size = bounded(size + len(made[-1]), leaf)
        return scalar("".join(made), leaf, secret=secret, block=block) if good else failed(leaf)


class Stacks(msgspec.Struct, frozen=True, kw_only=True):
    """The outputs of other stacks, by name."""

    outputs: dict[str, dict[str, object]]

    def find(self, name: str) -> dict[str, object] | None:
        """Give a stack's outputs; its name may stand without its organization and project."""
        return self.outputs.get(name, self.outputs.get(name.rpartition("/")[2]))

    def unknown(self, name: str) -> str:
        """Say that a stack is not known."""
        known = f"bound are {', '.join(sorted(self.outputs))}" if self.outputs else "none is bound"
        return f"the stack {name} is unknown; give its outputs in [stack_references] ({known})"


def _together(node: Node, values: list[Value]) -> Value:
    return Value(
        node=node,
        size=bounded(sum(value.size for value in values), node),
        secret=any(value.secret for value in values),
        failed=any(value.failed for value in values),
    )
