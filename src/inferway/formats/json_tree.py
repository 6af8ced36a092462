"""JSON text to a tree with places (RFC 8259)."""

import math
import re
from typing import Final

import msgspec

from inferway.formats.nodes import DEPTH, Entry, Leaf, Node, Scalar, SyntaxFault, sequence, table, too_deep

_SPACE: Final = re.compile(r"[ \t\r\n]*")
_TOKEN: Final = re.compile(
    r'[{}\[\],:]|"(?:[^"\\\x00-\x1f]|\\.)*"|-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?|true|false|null'
)
_WORDS: Final[dict[str, Scalar]] = {"true": True, "false": False, "null": None}
_LONGEST_INTEGER: Final = 18
"""Digits that a 64-bit integer surely holds; longer numbers are read as floats, as JavaScript reads all."""


def parse_json(text: str) -> Node:
    """Parse one JSON text; raises SyntaxFault."""
    scanner = _Scanner(text)
    root = _parse(scanner)
    if (rest := scanner.next()) is not None:
        raise scanner.fault(f"{rest!r} after the end of the document")
    return root


class _Scanner:
    """Cuts the text into tokens and knows where the last one started."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._line = 1
        self._line_start = 0
        self.line = self.column = 1

    def next(self) -> str | None:
        """Give the next token; None at the end; raises SyntaxFault."""
        space = _SPACE.match(self._text, self._at)
        end = space.end() if space else self._at
        breaks = self._text.count("\n", self._at, end)
        if breaks:
            self._line += breaks
            self._line_start = self._text.rfind("\n", self._at, end) + 1
        self.line, self.column = self._line, end - self._line_start + 1
        self._at = end
        if end == len(self._text):
            return None
        lexeme = _TOKEN.match(self._text, end)
        if lexeme is None:
            found = "a text that does not end" if self._text[end] == '"' else repr(self._text[end])
            raise self.fault(f"{found} where JSON has none")
        self._at = lexeme.end()
        return lexeme.group()

    def expect(self, lexeme: str | None, wanted: str) -> None:
        if lexeme != wanted:
            raise self.fault(f"{wanted!r} expected, {'the end' if lexeme is None else lexeme[:40]} found")

    def fault(self, text: str) -> SyntaxFault:
        return SyntaxFault("json-syntax", text, self.line, self.column)


class _Frame:
    """A container that is still open."""

    __slots__ = ("column", "entries", "items", "key", "line", "mapping")

    def __init__(self, mapping: bool, line: int, column: int) -> None:
        self.mapping = mapping
        self.line = line
        self.column = column
        self.entries: dict[str, Entry] = {}
        self.items: list[Node] = []
        self.key = ("", 0, 0)

    def add(self, node: Node) -> None:
        if not self.mapping:
            self.items.append(node)
            return
        name, line, column = self.key
        self.entries[name] = Entry(line=line, column=column, value=node)

    def close(self) -> Node:
        if self.mapping:
            return table(self.entries, self.line, self.column)
        return sequence(tuple(self.items), self.line, self.column)


def _parse(scanner: _Scanner) -> Node:
    stack: list[_Frame] = []
    lexeme = scanner.next()
    while True:
        if lexeme in {"{", "["}:
            if len(stack) >= DEPTH:
                raise too_deep(scanner.line, scanner.column)
            frame = _Frame(lexeme == "{", scanner.line, scanner.column)
            stack.append(frame)
            lexeme = scanner.next()
            if lexeme != ("}" if frame.mapping else "]"):
                lexeme = _key(scanner, lexeme, frame) if frame.mapping else lexeme
                continue
            node = stack.pop().close()
        else:
            node = _leaf(scanner, lexeme)
        while stack:
            frame = stack[-1]
            frame.add(node)
            lexeme = scanner.next()
            if lexeme == ",":
                lexeme = scanner.next()
                lexeme = _key(scanner, lexeme, frame) if frame.mapping else lexeme
                break
            scanner.expect(lexeme, "}" if frame.mapping else "]")
            node = stack.pop().close()
        else:
            return node


def _key(scanner: _Scanner, lexeme: str | None, frame: _Frame) -> str | None:
    """Read a key and its colon into the frame; give the first lexeme of its value."""
    if lexeme is None or not lexeme.startswith('"'):
        raise scanner.fault(f"a key expected, {'the end' if lexeme is None else lexeme[:40]} found")
    name = _text(scanner, lexeme)
    if name in frame.entries:
        text = f"the key {name!r} is there already, in line {frame.entries[name].line}"
        raise SyntaxFault("duplicate-key", text, scanner.line, scanner.column)
    frame.key = (name, scanner.line, scanner.column)
    scanner.expect(scanner.next(), ":")
    return scanner.next()


def _leaf(scanner: _Scanner, lexeme: str | None) -> Leaf:
    if lexeme is None or lexeme in "{}[],:":
        raise scanner.fault(f"a value expected, {'the end' if lexeme is None else repr(lexeme)} found")
    value: Scalar
    if lexeme.startswith('"'):
        value = _text(scanner, lexeme)
    elif lexeme in _WORDS:
        value = _WORDS[lexeme]
    else:
        value = _number(scanner, lexeme)
    return Leaf(value=value, line=scanner.line, column=scanner.column)


def _number(scanner: _Scanner, lexeme: str) -> int | float:
    if lexeme.lstrip("-").isdigit() and len(lexeme.lstrip("-")) <= _LONGEST_INTEGER:
        return int(lexeme)
    number = float(lexeme)
    if not math.isfinite(number):
        raise scanner.fault(f"the number {lexeme[:40]} is too large")
    return number


def _text(scanner: _Scanner, lexeme: str) -> str:
    if "\\" not in lexeme:
        return lexeme[1:-1]
    try:
        return msgspec.json.decode(lexeme, type=str)
    except msgspec.DecodeError as error:
        raise scanner.fault(f"a malformed text: {error}") from None
