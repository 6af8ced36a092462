"""Writes out the loops and includes of a template's sections, before anything in them is resolved.

Sources: CloudFormation, "Fn::ForEach", "Fn::Transform" and "AWS::LanguageExtensions transform"
(https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/transform-reference.html).
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from inferway.formats.cloudformation.arguments import Resolver, only_entry, text_in
from inferway.formats.cloudformation.includes import INCLUDE, Includes
from inferway.formats.cloudformation.loops import PREFIX, read_loop
from inferway.formats.cloudformation.scope import UNRESOLVED
from inferway.formats.cloudformation.template import part, text_of
from inferway.formats.cloudformation.unresolved import Unresolved
from inferway.formats.nodes import Entry, Leaf, Node, Sequence, Table, sequence, table

TRANSFORM: Final = "Fn::Transform"

_LOOPED: Final = frozenset({"Conditions", "Outputs", "Resources"})
"""Sections in which there may be loops, and names that are made by functions."""

_LOGICAL: Final = re.compile(r"[A-Za-z0-9]+")


class Expander:
    """Writes out sections; what cannot be written out is reported and left out."""

    def __init__(self, resolver: Resolver, includes: Includes) -> None:
        self._resolver = resolver
        self._report = resolver.scope.report
        self._includes = includes
        self._inside = False
        """Whether what is written out is an included snippet, which may include none."""
        self._looped = False
        """Whether there may be loops in what is written out."""

    def section(self, name: str, entries: Mapping[str, Entry]) -> dict[str, Entry]:
        """Give the entries of a section, written out."""
        self._looped = name in _LOOPED
        return self._entries(entries, logical=self._looped)

    def included(self, argument: Node) -> Iterator[Mapping[str, Entry]]:
        """Give what `Fn::Transform`, or the `Transform` of a template, puts in its place; reports what it cannot."""
        for item in argument.items if isinstance(argument, Sequence) else (argument,):
            try:
                yield self._snippet(item)
            except Unresolved as unresolved:
                unresolved.tell(self._report)

    def _snippet(self, argument: Node) -> Mapping[str, Entry]:
        name = text_of(part(argument, "Name"))
        if name != INCLUDE:
            text = f"the macro {name or 'without a name'} is not served; only {INCLUDE} is, here"
            raise Unresolved("unserved-transform", text, argument)
        if self._inside:
            raise Unresolved("nested-include", "an included snippet may include no other", argument)
        location = part(part(argument, "Parameters") or argument, "Location")
        if location is None:
            raise Unresolved("bad-include", f"{INCLUDE} needs a Location among its Parameters", argument)
        snippet = self._includes.load(text_in(self._resolver, location, INCLUDE), location)
        self._resolver.scope.budget.write(argument, snippet.values)
        self._inside = True
        try:
            return self._entries(snippet.entries)
        finally:
            self._inside = False

    def _entries(self, entries: Mapping[str, Entry], *, logical: bool = False) -> dict[str, Entry]:
        made: dict[str, Entry] = {}
        for key, entry in entries.items():
            if key == TRANSFORM:
                for snippet in self.included(entry.value):
                    self._merge(made, snippet)
            elif key.startswith(PREFIX) and self._looped:
                self._merge(made, self._loop(key, entry, logical=logical))
            else:
                self._merge(made, {key: self._entry(entry)})
        return made

    def _merge(self, made: dict[str, Entry], more: Mapping[str, Entry]) -> None:
        for key, entry in more.items():
            if key in made:
                first = self._report.place(made[key])
                text = f"{key!r} is there already, from {first.file}, line {first.line}"
                self._report.error(entry, "duplicate-key", text)
            else:
                made[key] = entry

    def _loop(self, name: str, entry: Entry, *, logical: bool) -> dict[str, Entry]:
        scope = self._resolver.scope
        scope.need_extensions("Fn::ForEach", entry.value)
        made: dict[str, Entry] = {}
        try:
            for fragment in read_loop(self._resolver, name, entry.value).fragments(scope.budget):
                written = self._entries(fragment.entries, logical=logical)
                if logical:
                    _check_names(name, written, entry.value)
                self._merge(made, written)
        except Unresolved as unresolved:
            unresolved.tell(self._report)
        return made

    def _entry(self, entry: Entry) -> Entry:
        value = self._node(entry.value)
        if value is entry.value:
            return entry
        return Entry(line=entry.line, column=entry.column, value=value, file=entry.file)

    def _node(self, node: Node) -> Node:
        if isinstance(node, Leaf):
            return node
        if isinstance(node, Sequence):
            items = tuple(map(self._node, node.items))
            if all(one is other for one, other in zip(items, node.items, strict=True)):
                return node
            return sequence(items, node.line, node.column, node.file)
        entries = self._entries(node.entries)
        if all(entries.get(key) is entry for key, entry in node.entries.items()):
            made = node
        else:
            made = table(entries, node.line, node.column, node.file)
        return self._named(made) if self._looped else made

    def _named(self, node: Table) -> Table | Leaf:
        """Settle the name in a reference that a function makes, so that what refers to what is known."""
        function, argument = only_entry(node)
        name = argument
        if function == "Fn::GetAtt" and isinstance(argument, Sequence) and argument.items:
            name = argument.items[0]
        if function not in {"Ref", "Fn::GetAtt"} or not isinstance(name, Table):
            return node
        try:
            text = text_in(self._resolver, name, function)
        except Unresolved as unresolved:
            unresolved.tell(self._report)
            text = UNRESOLVED
        if text == UNRESOLVED:
            return Leaf(value=UNRESOLVED, line=node.line, column=node.column, file=node.file)
        leaf = Leaf(value=text, line=name.line, column=name.column, file=name.file)
        made: Node = leaf
        if isinstance(argument, Sequence):
            made = sequence((leaf, *argument.items[1:]), argument.line, argument.column, argument.file)
        entry = node.entries[function]
        entry = Entry(line=entry.line, column=entry.column, value=made, file=entry.file)
        return table({function: entry}, node.line, node.column, node.file)


def _check_names(loop: str, made: Iterable[str], at: Node) -> None:
    bad = next((name for name in made if not _LOGICAL.fullmatch(name)), None)
    if bad is not None:
        text = f"{loop} makes the name {bad[:80]!r}, and names are made of letters and digits: use &{{…}}"
        raise Unresolved("bad-loop", text, at)
