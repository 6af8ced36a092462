"""`Fn::ForEach::Name`: a fragment written once for each item of a collection.

Source: CloudFormation, "Fn::ForEach" (https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/
intrinsic-function-reference-foreach.html): `${Identifier}`, and `Ref` of it, stand for the item, `&{Identifier}` for
its letters and digits.
"""

import re
from collections.abc import Callable, Iterator
from typing import Final

import msgspec

from inferway.formats.cloudformation.arguments import Resolver, items_in, only_entry
from inferway.formats.cloudformation.budget import Budget
from inferway.formats.cloudformation.template import text_of
from inferway.formats.cloudformation.unresolved import Unresolved
from inferway.formats.nodes import Entry, Leaf, Node, Sequence, Table, sequence, table

PREFIX: Final = "Fn::ForEach::"

_NAME: Final = re.compile(r"[A-Za-z0-9]+")
_ELSE: Final = re.compile(r"[^A-Za-z0-9]")


class Loop(msgspec.Struct, frozen=True, kw_only=True):
    """A loop whose collection is known."""

    identifier: str
    values: tuple[str, ...]
    fragment: Table

    def fragments(self, budget: Budget) -> Iterator[Table]:
        """Write the fragment for each item in turn."""
        for value in self.values:
            made = _Writer(self.identifier, value, budget).node(self.fragment)
            if isinstance(made, Table):
                yield made


def read_loop(resolver: Resolver, name: str, argument: Node) -> Loop:
    """Read a loop and resolve its collection; raises Unresolved."""
    if not isinstance(argument, Sequence) or len(argument.items) != 3:
        raise Unresolved("bad-loop", f"{name} takes an identifier, a collection and a mapping", argument)
    identifier, collection, fragment = text_of(argument.items[0]), argument.items[1], argument.items[2]
    if identifier is None or not _NAME.fullmatch(identifier):
        raise Unresolved("bad-loop", f"the identifier of {name} is made of letters and digits", argument.items[0])
    if not isinstance(fragment, Table):
        raise Unresolved("bad-loop", f"{name} repeats a mapping", fragment)
    for key, entry in fragment.entries.items():
        if f"${{{identifier}}}" not in key and f"&{{{identifier}}}" not in key and not key.startswith("Fn::"):
            raise Unresolved("bad-loop", f"the key {key!r} in {name} needs ${{{identifier}}} in it", entry.value)
    values = []
    for item in items_in(resolver, collection, name):
        text = text_of(item)
        if text is None:
            raise Unresolved("bad-loop", f"the collection of {name} is a list of texts", item)
        values.append(text)
    return Loop(identifier=identifier, values=tuple(values), fragment=fragment)


class _Writer:
    """Writes a part of a fragment with one item in place of the identifier."""

    def __init__(self, identifier: str, value: str, budget: Budget) -> None:
        self._identifier = identifier
        self._value = value
        self._budget = budget
        words = {f"${{{identifier}}}": value, f"&{{{identifier}}}": _ELSE.sub("", value)}
        self._place: Callable[[re.Match[str]], str] = lambda found: words[found[0]]
        self._pattern = re.compile(rf"[$&]\{{{identifier}\}}")

    def node(self, node: Node) -> Node:
        self._budget.write(node)
        if isinstance(node, Leaf):
            if not isinstance(node.value, str):
                return node
            text = self._text(node.value, node)
            return node if text == node.value else msgspec.structs.replace(node, value=text)
        if isinstance(node, Sequence):
            items = tuple(map(self.node, node.items))
            return sequence(items, node.line, node.column, node.file)
        function, argument = only_entry(node)
        if function == "Ref" and text_of(argument) == self._identifier:
            return Leaf(value=self._value, line=node.line, column=node.column, file=node.file)
        if function == "Fn::Sub" and isinstance(argument, Leaf) and isinstance(argument.value, str):
            made = self.node(argument)
            # The language extensions give a text where nothing else stands in it; SAM takes no function for a path.
            if made is not argument and "${" not in str(text_of(made)):
                return made
        entries: dict[str, Entry] = {}
        for key, entry in node.entries.items():
            name = self._text(key, entry.value)
            if name in entries:
                raise Unresolved("duplicate-key", f"the loop makes the key {name!r} twice", entry.value)
            value = self.node(entry.value)
            entries[name] = Entry(line=entry.line, column=entry.column, value=value, file=entry.file)
        return table(entries, node.line, node.column, node.file)

    def _text(self, text: str, at: Node) -> str:
        made = self._pattern.sub(self._place, text)
        self._budget.spend(len(made), at)
        return made
