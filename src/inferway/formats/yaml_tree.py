"""YAML text to a tree with places, by the core schema of YAML 1.2."""

import math
import re
from collections.abc import Callable, Iterator
from typing import Final, NamedTuple, TypeGuard

import yaml

from inferway.formats.nodes import (
    DEPTH,
    Entry,
    Leaf,
    Node,
    Scalar,
    Sequence,
    SyntaxFault,
    Table,
    sequence,
    table,
    too_deep,
)

_NULLS: Final = frozenset({"", "~", "null", "Null", "NULL"})
_TRUTHS: Final = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
# A number with a leading zero stays text, unlike in the core schema: it is an account number or a postcode.
_INTEGER: Final = re.compile(r"[-+]?(?:0|[1-9][0-9]{0,17})")
_FLOAT: Final = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_LINE_BREAK: Final = re.compile("\r\n|[\r\n\x85\u2028\u2029]")
_LEADING_ZERO: Final = re.compile(r"[-+]?0[0-9]")
_CORE_TAG: Final = "tag:yaml.org,2002:"
_TYPES: Final[dict[str, type]] = {"null": type(None), "bool": bool, "int": int, "float": float}
_PLAIN_TAGS: Final = frozenset({"!", f"{_CORE_TAG}map", f"{_CORE_TAG}seq"})

Tagged = Callable[[str, Node], Node | None]
"""Gives what a local tag (`Sub` for `!Sub`) makes of its value, a text where it is no container; None: no such tag."""


def parse_yaml(text: str, tagged: Tagged | None = None) -> Node:
    """Parse one YAML document; raises SyntaxFault, also for a local tag that `tagged` does not know."""
    try:
        return _Builder(text, tagged).build(yaml.parse(text, Loader=yaml.CSafeLoader))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (0, 0)
        raise SyntaxFault("yaml-syntax", error.problem or error.context or "not YAML", line, column) from None
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        column = error.position - text.rfind("\n", 0, error.position)
        raise SyntaxFault("yaml-syntax", f"{error.reason}", line, column) from None


def resolve(text: str) -> Scalar:
    """Give the value of an unquoted text (https://yaml.org/spec/1.2.2/#103-core-schema); no `yes`, no timestamps."""
    if text in _NULLS:
        return None
    if text in _TRUTHS:
        return _TRUTHS[text]
    if _INTEGER.fullmatch(text):
        return int(text)
    if _FLOAT.fullmatch(text) and not _LEADING_ZERO.match(text):
        number = float(text)
        return number if math.isfinite(number) else text
    return text


def _start(event: yaml.Event) -> tuple[int, int]:
    mark = event.start_mark
    return (mark.line + 1, mark.column + 1) if mark else (0, 0)


class _Child(NamedTuple):
    """A part of an open container; `key` is the text as written where the part can be a key."""

    node: Node
    line: int
    column: int
    key: str | None = None
    merge: bool = False


class _Frame:
    """A container that is still open: the places of its start, its children, its anchor."""

    __slots__ = ("anchor", "children", "column", "line", "mapping", "tag")

    def __init__(self, event: yaml.CollectionStartEvent) -> None:
        self.tag: str | None = None if event.tag in _PLAIN_TAGS else event.tag
        self.mapping = isinstance(event, yaml.MappingStartEvent)
        self.anchor: str | None = event.anchor
        self.line, self.column = _start(event)
        self.children: list[_Child] = []


class _Builder:
    """Builds the tree from events with a stack of its own, so that no input can exhaust Python's."""

    def __init__(self, text: str, tagged: Tagged | None) -> None:
        self._tagged = tagged
        self._lines = _LINE_BREAK.split(text)
        self._open: list[_Frame] = []
        self._anchors: dict[str, Node | None] = {}
        self._root: Node | None = None

    def build(self, events: Iterator[yaml.Event]) -> Node:
        for event in events:
            line, column = _start(event)
            if isinstance(event, yaml.DocumentStartEvent) and self._root is not None:
                raise SyntaxFault("several-documents", "the file holds more than one document", line, column)
            if isinstance(event, yaml.ScalarEvent):
                unquoted = event.style in {None, ""}
                if _is_local(event.tag):
                    part = self._local(event.tag, self._scalar(event, event.value))
                    self._add(_Child(part, line, column), event.anchor)
                    continue
                leaf = self._leaf(event, unquoted)
                self._add(_Child(leaf, line, column, event.value, unquoted and event.value == "<<"), event.anchor)
            elif isinstance(event, yaml.AliasEvent):
                node = self._anchored(event)
                key = node.value if isinstance(node, Leaf) and isinstance(node.value, str) else None
                self._add(_Child(node, line, column, key), None)
            elif isinstance(event, yaml.CollectionStartEvent):
                self._start(event)
            elif isinstance(event, yaml.CollectionEndEvent):
                frame = self._open.pop()
                made: Node = _table(frame) if frame.mapping else _sequence(frame)
                made = self._local(frame.tag, made) if frame.tag is not None else made
                self._add(_Child(made, frame.line, frame.column), frame.anchor)
        if self._root is None:
            raise SyntaxFault("empty-document", "the file holds no document")
        return self._root

    def _start(self, event: yaml.CollectionStartEvent) -> None:
        frame = _Frame(event)
        if frame.tag is not None and not (self._tagged and _is_local(frame.tag)):
            raise _unknown_tag(frame.tag, frame.line, frame.column)
        if len(self._open) >= DEPTH:
            raise too_deep(frame.line, frame.column)
        if frame.anchor is not None:
            self._anchors[frame.anchor] = None
        self._open.append(frame)

    def _anchored(self, event: yaml.AliasEvent) -> Node:
        node = self._anchors.get(str(event.anchor))
        if node is None:
            line, column = _start(event)
            cause = "contains itself" if event.anchor in self._anchors else "is not defined before"
            raise SyntaxFault("bad-alias", f"the alias *{event.anchor} {cause}", line, column)
        return node

    def _add(self, child: _Child, anchor: str | None) -> None:
        if anchor is not None:
            self._anchors[anchor] = child.node
        if self._open:
            self._open[-1].children.append(child)
        else:
            self._root = child.node

    def _local(self, tag: str, node: Node) -> Node:
        made = self._tagged(tag[1:], node) if self._tagged else None
        if made is None:
            raise _unknown_tag(tag, node.line, node.column)
        return made

    def _leaf(self, event: yaml.ScalarEvent, unquoted: bool) -> Leaf:
        line, column = _start(event)
        text: str = event.value
        value = _tagged(event.tag, text, line, column) if event.tag else (resolve(text) if unquoted else text)
        return self._scalar(event, value)

    def _scalar(self, event: yaml.ScalarEvent, value: Scalar) -> Leaf:
        line, column = _start(event)
        text: str = event.value
        if event.style not in {"|", ">"}:
            return Leaf(value=value, line=line, column=column)
        return Leaf(value=value, line=line + 1, column=self._indent(line, text), block=True)

    def _indent(self, header: int, text: str) -> int:
        """Give the 1-based column where the lines of a block text start; its header stands in line `header`."""
        for number in range(header, len(self._lines)):
            source = self._lines[number]
            if source.strip(" "):
                own = next((line for line in text.split("\n") if line.strip(" ")), "")
                return max(len(source) - len(source.lstrip(" ")) - (len(own) - len(own.lstrip(" "))), 0) + 1
        return 1


def _tagged(tag: str, text: str, line: int, column: int) -> Scalar:
    if tag in {"!", f"{_CORE_TAG}str"}:
        return text
    value = resolve(text)
    name = tag.removeprefix(_CORE_TAG)
    if not tag.startswith(_CORE_TAG) or name not in _TYPES:
        raise _unknown_tag(tag, line, column)
    if name == "float" and type(value) is int:
        return float(value)
    if name == "int" and type(value) is float and text.lstrip("+-").isdigit():
        return value
    if type(value) is not _TYPES[name]:
        raise SyntaxFault("yaml-syntax", f"{text!r} is no {name}", line, column)
    return value


def _is_local(tag: str | None) -> TypeGuard[str]:
    return tag is not None and len(tag) > 1 and tag.startswith("!")


def _unknown_tag(tag: str, line: int, column: int) -> SyntaxFault:
    return SyntaxFault("unknown-tag", f"the tag {tag} means nothing in this format", line, column)


def _sequence(frame: _Frame) -> Sequence:
    return sequence(tuple(child.node for child in frame.children), frame.line, frame.column)


def _table(frame: _Frame) -> Table:
    entries: dict[str, Entry] = {}
    merged: dict[str, Entry] = {}
    for child, value in zip(frame.children[::2], frame.children[1::2], strict=True):
        if child.merge:
            for inherited, entry in _merged(value.node, child.line, child.column):
                merged.setdefault(inherited, entry)
            continue
        name = child.key
        if name is None:
            raise SyntaxFault("bad-key", "a key must be a text", child.line, child.column)
        if name in entries:
            text = f"the key {name!r} is there already, in line {entries[name].line}"
            raise SyntaxFault("duplicate-key", text, child.line, child.column)
        entries[name] = Entry(line=child.line, column=child.column, value=value.node)
    return table({**merged, **entries}, frame.line, frame.column)


def _merged(value: Node, line: int, column: int) -> Iterator[tuple[str, Entry]]:
    """Give the entries of a merge key's value (https://yaml.org/type/merge.html), nearest first."""
    for part in value.items if isinstance(value, Sequence) else (value,):
        if not isinstance(part, Table):
            raise SyntaxFault("bad-merge", "a merge key takes a mapping or a list of mappings", line, column)
        yield from part.entries.items()
