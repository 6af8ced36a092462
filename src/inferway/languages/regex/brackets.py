"""Character classes in brackets."""

from typing import Protocol

from inferway.languages.regex import charset
from inferway.languages.regex.escapes import Cursor, class_escape, code_point
from inferway.languages.regex.nodes import RegexError

MAX_DEPTH = 100


class BracketCursor(Cursor, Protocol):
    """What reading a class needs of the parser."""

    depth: int

    def peek(self, width: int = 1) -> str:
        """The next characters, fewer at the end."""

    def take(self, expected: str) -> bool:
        """Steps over the text when it comes next."""

    def skip_comments(self) -> None:
        """Steps over white space and comments when the flag `x` is on."""


def bracket(parser: BracketCursor) -> charset.CharSet:
    """A character class with its ranges, unions and intersections; `^` negates all of it, as since JDK 9."""
    start = parser.position
    parser.position += 1
    parser.depth += 1
    if parser.depth > MAX_DEPTH:
        raise parser.fail("classes are nested too deeply")
    negated = parser.take("^")
    operands: list[charset.CharSet] = []
    current: charset.CharSet | None = None
    while True:
        parser.skip_comments()
        if parser.position >= len(parser.text):
            raise RegexError("Unclosed character class", start)
        if parser.peek() == "]" and (current is not None or operands):
            break
        if parser.take("&&"):
            if current is not None:
                operands.append(current)
                current = None
            continue
        current = charset.union(current or (), _member(parser))
    parser.position += 1
    parser.depth -= 1
    held = current
    for operand in operands:
        held = operand if held is None else charset.intersection(held, operand)
    return charset.negation(held or ()) if negated else held or ()


def _member(parser: BracketCursor) -> charset.CharSet:
    """A nested class, a quotation, a predefined class, a character or a range."""
    if parser.peek() == "[":
        return bracket(parser)
    if parser.take("\\Q"):
        end = parser.text.find("\\E", parser.position)
        quoted = parser.text[parser.position :] if end < 0 else parser.text[parser.position : end]
        parser.position = len(parser.text) if end < 0 else end + 2
        return parser.chars(charset.of(quoted))
    held = class_escape(parser) if parser.peek() == "\\" else None
    if held is not None:
        return held
    low = code_point(parser)
    parser.skip_comments()
    if parser.peek() == "-" and parser.peek(2) not in {"-]", "-[", "-"}:
        parser.position += 1
        parser.skip_comments()
        high = code_point(parser)
        if high < low:
            raise parser.fail("Illegal character range")
        return parser.chars(((low, high),))
    return parser.chars(((low, low),))
